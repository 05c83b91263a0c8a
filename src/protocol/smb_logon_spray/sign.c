/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. Session setups that fail with STATUS_LOGON_FAILURE: many on one host, or on several hosts.
 */
#include <stdio.h>

#include "protocol/module.h"

/* A person mistypes a few times, on one host; a list of passwords fails more often, or elsewhere too. */
enum { MANY_FAILURES = 5, MANY_HOSTS = 3, FAILURES_OVER_HOSTS = 6, ANY_FAILURES = 2 };
#define FORGET (1800 * EKI_SECOND)

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
    uint32_t failures;
};

struct source {
    struct eki_pair_key key;
    uint32_t failures, hosts;
    eki_time last;
};

struct state {
    struct eki_pairs pairs, sources;
};

/* Pairs with a failed login: 2.3 MB, and their sources. */
static const struct eki_pairs_shape pair_shape = {sizeof(struct pair), 1 << 13},
                                    source_shape = {sizeof(struct source), 1 << 12};

static const struct eki_sign like = {.name = "smb-logon-spray",
                                     .family = "",
                                     .technique = "T1110",
                                     .grade = EKI_GRADE_ATTEMPT,
                                     .vector = true};

static void tell(struct eki_sign_context *context, struct pair *p, const struct source *source,
                 const struct eki_smb_message *m)
{
    struct eki_sign *s = &p->sign;
    eki_sign_witness_smb(context, s, &like, m);
    s->automated = source->hosts >= MANY_HOSTS;
    bool in = m->status == EKI_STATUS_OK;
    if (in) s->grade = EKI_GRADE_ACCESS;
    snprintf(s->detail, sizeof s->detail, "%u failed logins here, %u on %u hosts in all%s", p->failures,
             source->failures, source->hosts, s->grade == EKI_GRADE_ACCESS ? "; then one was accepted" : "");
    eki_sign_emit(context, s);
}

static void on_failure(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct state *state = eki_sign_state(context);
    eki_time now = m->segment->packet->time;
    struct source *source =
        eki_sign_recall(context, &state->sources, source_shape, &(struct eki_pair_key){.a = m->client});
    struct pair *p =
        eki_sign_recall(context, &state->pairs, pair_shape, &(struct eki_pair_key){m->client, m->server, 0});
    if (!source || !p) return;
    if (now - source->last > FORGET) source->failures = source->hosts = 0;
    source->last = now;
    source->failures++;
    source->hosts += p->failures++ == 0;
    bool many = p->failures >= MANY_FAILURES;
    bool spray =
        source->hosts >= MANY_HOSTS && source->failures >= FAILURES_OVER_HOSTS && p->failures >= ANY_FAILURES;
    if (many || spray) tell(context, p, source, m);
}

static void on_success(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct state *state = eki_sign_state(context);
    struct source *source =
        eki_pairs_find(&state->sources, source_shape, &(struct eki_pair_key){.a = m->client});
    struct pair *p =
        eki_pairs_find(&state->pairs, pair_shape, &(struct eki_pair_key){m->client, m->server, 0});
    bool recent = source && p && m->segment->packet->time - source->last <= FORGET;
    if (recent && p->sign.id && p->sign.grade < EKI_GRADE_ACCESS) tell(context, p, source, m);
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    if (!m->reply || m->command != (m->version == 2 ? EKI_SMB2_SESSION_SETUP : EKI_SMB1_SESSION_SETUP))
        return;
    if (m->status == EKI_STATUS_LOGON_FAILURE)
        on_failure(context, m);
    else if (m->status == EKI_STATUS_OK)
        on_success(context, m);
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->pairs);
    eki_pairs_done(&state->sources);
}

static const char *const signs[] = {"smb-logon-spray", NULL}, *const techniques[] = {"T1110", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, pairs), &pair_shape, {offsetof(struct pair, sign)}},
    {offsetof(struct state, sources), &source_shape, {0}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_smb_logon_spray;
const struct eki_sign_module eki_sign_module_smb_logon_spray = {.signs = signs,
                                                                .techniques = techniques,
                                                                .state_size = sizeof(struct state),
                                                                .tables = tables,
                                                                .done = done,
                                                                .smb = on_smb};
