/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "protocol/pairs.h"

/* A person mistypes; a program goes on. */
enum { MANY_FAILURES = 5 };

/* A success counts as the guess that hit when failures came shortly before. */
#define AFTER_FAILURES (300 * EKI_SECOND)

/* Words of a pair: failures, time of the last. */
enum { FAILURES = 0, LAST_FAILURE };

static const struct eki_sign like = {.name = "smb-logon-spray", .family = "", .technique = "T1110", .service = 445,
                                     .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};

static bool is_logon(const struct eki_smb_message *m)
{
    return m->reply && m->command == (m->version == 1 ? (int)EKI_SMB1_SESSION_SETUP : (int)EKI_SMB2_SESSION_SETUP);
}

static void tell(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_packet *p, bool succeeded)
{
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, p);
    if (succeeded) sign->grade = EKI_GRADE_ACCESS;
    snprintf(sign->detail, sizeof sign->detail, "%llu logons refused%s", (unsigned long long)pair->word[FAILURES],
             sign->grade == EKI_GRADE_ACCESS ? ", then one accepted" : "");
    eki_sign_emit(context, sign);
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    if (!is_logon(m)) return;
    bool failed = m->status == EKI_STATUS_LOGON_FAILURE, succeeded = m->status == EKI_STATUS_OK;
    struct eki_pairs *pairs = eki_sign_state(context);
    struct eki_pair *pair = failed ? eki_pairs_get(pairs, m->client, m->server) : eki_pairs_find(pairs, m->client, m->server);
    const struct eki_packet *p = m->segment->packet;
    if (!pair) {
        if (failed) eki_sign_out_of_memory(context);
        return;
    }
    if (failed) {
        pair->word[FAILURES]++;
        pair->word[LAST_FAILURE] = (uint64_t)p->time;
        if (pair->word[FAILURES] >= MANY_FAILURES) tell(context, pair, p, false);
    } else if (succeeded && pair->word[FAILURES] >= MANY_FAILURES && pair->sign.grade != EKI_GRADE_ACCESS &&
               p->time - (eki_time)pair->word[LAST_FAILURE] <= AFTER_FAILURES) {
        tell(context, pair, p, true);
    }
}

static const char *const names[] = {"smb-logon-spray", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 445, 445}, {EKI_PROTOCOL_TCP, 139, 139}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_smb_logon_spray;
const struct eki_sign_module eki_sign_module_smb_logon_spray = {
    .name = "smb-logon-spray",
    .signs = names,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .smb = on_smb,
};
