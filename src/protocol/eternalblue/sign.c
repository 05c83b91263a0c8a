/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "protocol/pairs.h"

/* Words of a pair: the identifiers of the NT_TRANSACT that is open, and how many secondaries of the wrong kind followed. */
enum { OPEN = 0, SECONDARIES };

static uint64_t identity(const struct eki_smb_message *m)
{
    return UINT64_C(1) << 63 ^ ((uint64_t)m->tid << 48 | (uint64_t)m->pid << 32 | (uint64_t)m->uid << 16 | m->mid);
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    static const struct eki_sign like = {.name = "eternalblue", .family = "", .technique = "T1210", .service = 445,
                                         .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    if (m->version != 1 || m->reply) return;
    if (m->command != EKI_SMB1_NT_TRANSACT && m->command != EKI_SMB1_TRANSACTION2_SECONDARY) return;
    struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), m->client, m->server);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    if (m->command == EKI_SMB1_NT_TRANSACT) {
        pair->word[OPEN] = identity(m);
        return;
    }
    if (pair->word[OPEN] != identity(m)) return;
    pair->word[SECONDARIES]++;
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, m->segment->packet);
    snprintf(sign->detail, sizeof sign->detail, "NT_TRANSACT continued by %llu TRANSACTION2_SECONDARY",
             (unsigned long long)pair->word[SECONDARIES]);
    eki_sign_emit(context, sign);
}

static const char *const names[] = {"eternalblue", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 445, 445}, {EKI_PROTOCOL_TCP, 139, 139}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_eternalblue;
const struct eki_sign_module eki_sign_module_eternalblue = {
    .name = "eternalblue",
    .signs = names,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .smb = on_smb,
};
