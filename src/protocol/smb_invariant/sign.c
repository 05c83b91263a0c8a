/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. A server that answers with a multiplex id nobody asked with breaks SMB1, whatever made it do
 * so. */
#include <stdio.h>

#include "protocol/module.h"

enum { ASKED = 64, BREAK = 0xffff /* of an oplock break, the one thing a server says unasked */ };

struct talk { /* one conversation */
    struct eki_pair_key key;
    uint32_t
        asked[ASKED]; /* pid << 16 | mid of the newest requests; a server allows about 50 outstanding ones */
    uint32_t count;
};

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
};

struct state {
    struct eki_pairs talks, pairs;
};

/* SMB1 conversations side by side: 0.6 MB; the oldest are no longer judged. */
static const struct eki_pairs_shape talk_shape = {sizeof(struct talk), 1 << 11},
                                    pair_shape = {sizeof(struct pair), 1 << 11};

static const struct eki_sign like = {
    .name = "smb-invariant", .family = "", .technique = "", .grade = EKI_GRADE_CHECK, .vector = true};

static bool was_asked(const struct talk *t, uint32_t ids)
{
    uint32_t kept = t->count < ASKED ? t->count : ASKED;
    for (uint32_t i = 0; i < kept; i++)
        if (t->asked[i] == ids) return true;
    return false;
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct state *state = eki_sign_state(context);
    if (m->version != 1 || !m->gapless) return; /* after a loss nobody knows what was asked */
    uint32_t ids = (uint32_t)m->pid << 16 | m->mid;
    struct eki_pair_key key = {.more = m->segment->conversation};
    struct talk *t = m->reply ? eki_pairs_find(&state->talks, talk_shape, &key)
                              : eki_sign_recall(context, &state->talks, talk_shape, &key);
    if (!t) return;
    if (!m->reply) {
        if (!was_asked(t, ids)) t->asked[t->count++ % ASKED] = ids;
        return;
    }
    if (m->mid == BREAK || was_asked(t, ids)) return;
    struct pair *p =
        eki_sign_recall(context, &state->pairs, pair_shape, &(struct eki_pair_key){m->client, m->server, 0});
    if (!p) return;
    eki_sign_witness_smb(context, &p->sign, &like, m);
    snprintf(p->sign.detail, sizeof p->sign.detail,
             "%u answers nobody asked for, last command 0x%02x, MID %u", p->sign.count, m->command, m->mid);
    eki_sign_emit(context, &p->sign);
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->talks);
    eki_pairs_done(&state->pairs);
}

static const char *const signs[] = {"smb-invariant", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, talks), &talk_shape, {0}},
    {offsetof(struct state, pairs), &pair_shape, {offsetof(struct pair, sign)}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_smb_invariant;
const struct eki_sign_module eki_sign_module_smb_invariant = {
    .signs = signs, .state_size = sizeof(struct state), .tables = tables, .done = done, .smb = on_smb};
