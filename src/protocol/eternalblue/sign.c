/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. One transaction that begins as NT_TRANSACT and goes on as TRANSACTION2_SECONDARY: no client
 * mixes the two. */
#include <stdio.h>

#include "protocol/module.h"

enum { OPEN = 4, UNSEEN_START = 3 };

/* What makes messages one transaction. */
struct ids {
    uint16_t tid, pid, uid, mid;
};

struct talk { /* one conversation */
    struct eki_pair_key key;
    struct {
        struct ids ids;
        uint8_t command; /* that opened it; 0 free */
    } open[OPEN];
    uint8_t next;
    uint32_t orphans; /* secondaries whose start was not seen */
};

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
};

struct state {
    struct eki_pairs talks, pairs;
};

/* More conversations with transactions in several parts, and more pairs, than one wave of a fast worm
 * makes: 2.5 MB. */
static const struct eki_pairs_shape talk_shape = {sizeof(struct talk), 1 << 12},
                                    pair_shape = {sizeof(struct pair), 1 << 13};

static const struct eki_sign like = {
    .name = "eternalblue", .family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true};

static bool same(const struct ids *x, const struct ids *y)
{
    return x->tid == y->tid && x->pid == y->pid && x->uid == y->uid && x->mid == y->mid;
}

static void begin(struct talk *t, const struct ids *ids, uint8_t command)
{
    int slot = -1;
    for (int i = 0; i < OPEN; i++)
        if (t->open[i].command && same(&t->open[i].ids, ids)) slot = i;
    if (slot < 0) slot = t->next++ % OPEN;
    t->open[slot].ids = *ids;
    t->open[slot].command = command;
}

/* True when a secondary goes on with what another command began. */
static bool mixes(struct talk *t, const struct ids *ids, bool gapless)
{
    for (int i = 0; i < OPEN; i++)
        if (t->open[i].command && same(&t->open[i].ids, ids))
            return t->open[i].command == EKI_SMB1_NT_TRANSACT;
    /* Its start may have been lost; ordinary clients do not send secondaries at all, so a few of them tell
     * enough. */
    return !gapless && ++t->orphans >= UNSEEN_START;
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    bool starts = m->command == EKI_SMB1_NT_TRANSACT || m->command == EKI_SMB1_TRANSACTION2;
    if (m->version != 1 || m->reply || !(starts || m->command == EKI_SMB1_TRANSACTION2_SECONDARY)) return;
    struct state *state = eki_sign_state(context);
    struct ids ids = {m->tid, m->pid, m->uid, m->mid};
    struct talk *t = eki_sign_recall(context, &state->talks, talk_shape,
                                     &(struct eki_pair_key){.more = m->segment->conversation});
    if (!t) return;
    if (starts) begin(t, &ids, (uint8_t)m->command);
    if (starts || !mixes(t, &ids, m->gapless)) return;
    struct pair *p =
        eki_sign_recall(context, &state->pairs, pair_shape, &(struct eki_pair_key){m->client, m->server, 0});
    if (!p) return;
    eki_sign_witness_smb(context, &p->sign, &like, m);
    snprintf(p->sign.detail, sizeof p->sign.detail, "NT_TRANSACT continued by %u TRANSACTION2_SECONDARY",
             p->sign.count);
    eki_sign_emit(context, &p->sign);
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->talks);
    eki_pairs_done(&state->pairs);
}

static const char *const signs[] = {"eternalblue", NULL}, *const techniques[] = {"T1210", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, talks), &talk_shape, {0}},
    {offsetof(struct state, pairs), &pair_shape, {offsetof(struct pair, sign)}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_eternalblue;
const struct eki_sign_module eki_sign_module_eternalblue = {.signs = signs,
                                                            .techniques = techniques,
                                                            .state_size = sizeof(struct state),
                                                            .tables = tables,
                                                            .done = done,
                                                            .smb = on_smb};
