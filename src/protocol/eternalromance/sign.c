/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See README.md. A WRITE_ANDX under the ids of a TRANSACTION that is still open makes the server take file
 * data for transaction data. It worked when TRANSACTION2 SESSION_SETUP, which no server implements, is then
 * answered with success.
 */
#include <stdio.h>

#include "protocol/module.h"

enum { OPEN = 64 /* the exploit opens dozens to shape memory */, SUBCOMMAND_SESSION_SETUP = 0x000e };

struct ids {
    uint16_t tid, pid, uid, mid;
};

struct talk { /* one conversation */
    struct eki_pair_key key;
    struct ids open[OPEN]; /* transactions that announced more than they brought */
    uint8_t used, next;
    bool asked; /* TRANSACTION2 SESSION_SETUP, with asked_mid */
    uint16_t asked_mid;
};

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
};

struct state {
    struct eki_pairs talks, pairs;
};

/* More conversations with transactions in several parts than run side by side: 3 MB. */
static const struct eki_pairs_shape talk_shape = {sizeof(struct talk), 1 << 12},
                                    pair_shape = {sizeof(struct pair), 1 << 12};

static const struct eki_sign like = {
    .name = "eternalromance", .family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true};

/* The words of a transaction request: 14 and its setup words. */
static const uint8_t *words_of(const struct eki_smb_message *m)
{
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    const uint8_t *p = eki_cursor_take(&c, 30);
    return words >= 14 ? p : NULL;
}

/* More parameters or data to come than this message brings ([MS-CIFS] 2.2.4.33.1). */
static bool stays_open(const struct eki_smb_message *m)
{
    const uint8_t *p = words_of(m);
    return p && (eki_load_le16(p, 0) > eki_load_le16(p, 18) || eki_load_le16(p, 2) > eki_load_le16(p, 22));
}

static bool is_session_setup(const struct eki_smb_message *m)
{
    const uint8_t *p = words_of(m);
    return p && eki_load_le16(p, 28) == SUBCOMMAND_SESSION_SETUP;
}

static bool is_open(const struct talk *t, const struct eki_smb_message *m)
{
    for (int i = 0; i < t->used; i++) {
        const struct ids *o = &t->open[i];
        if (o->tid == m->tid && o->pid == m->pid && o->uid == m->uid && o->mid == m->mid) return true;
    }
    return false;
}

static void tell(struct eki_sign_context *context, const struct eki_smb_message *m, bool answered)
{
    struct state *state = eki_sign_state(context);
    struct eki_pair_key key = {m->client, m->server, 0};
    struct pair *p = answered ? eki_pairs_find(&state->pairs, pair_shape, &key)
                              : eki_sign_recall(context, &state->pairs, pair_shape, &key);
    if (!p) return;
    eki_sign_witness_smb(context, &p->sign, &like, m);
    if (answered) p->sign.grade = EKI_GRADE_EXPLOIT;
    bool worked = p->sign.grade == EKI_GRADE_EXPLOIT;
    snprintf(p->sign.detail, sizeof p->sign.detail, "WRITE_ANDX inside an open TRANSACTION%s",
             worked ? "; TRANSACTION2 SESSION_SETUP then succeeded" : "");
    eki_sign_emit(context, &p->sign);
}

static void on_request(struct eki_sign_context *context, struct talk *t, const struct eki_smb_message *m)
{
    if (m->command == EKI_SMB1_WRITE_ANDX && is_open(t, m)) tell(context, m, false);
    if (m->command == EKI_SMB1_TRANSACTION && stays_open(m)) {
        t->open[t->next++ % OPEN] = (struct ids){m->tid, m->pid, m->uid, m->mid};
        if (t->used < OPEN) t->used++;
    }
    if (m->command == EKI_SMB1_TRANSACTION2 && is_session_setup(m)) {
        t->asked = true;
        t->asked_mid = m->mid;
    }
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    bool concerns = m->command == EKI_SMB1_TRANSACTION || m->command == EKI_SMB1_WRITE_ANDX ||
                    m->command == EKI_SMB1_TRANSACTION2;
    if (m->version != 1 || !concerns) return;
    struct state *state = eki_sign_state(context);
    struct eki_pair_key key = {.more = m->segment->conversation};
    bool opens = !m->reply && m->command != EKI_SMB1_WRITE_ANDX;
    struct talk *t = opens ? eki_sign_recall(context, &state->talks, talk_shape, &key)
                           : eki_pairs_find(&state->talks, talk_shape, &key);
    if (!t) return;
    if (!m->reply)
        on_request(context, t, m);
    else if (m->command == EKI_SMB1_TRANSACTION2 && m->status == EKI_STATUS_OK && t->asked &&
             t->asked_mid == m->mid)
        tell(context, m, true);
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->talks);
    eki_pairs_done(&state->pairs);
}

static const char *const signs[] = {"eternalromance", NULL}, *const techniques[] = {"T1210", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, talks), &talk_shape, {0}},
    {offsetof(struct state, pairs), &pair_shape, {offsetof(struct pair, sign)}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_eternalromance;
const struct eki_sign_module eki_sign_module_eternalromance = {.signs = signs,
                                                               .techniques = techniques,
                                                               .state_size = sizeof(struct state),
                                                               .tables = tables,
                                                               .done = done,
                                                               .smb = on_smb};
