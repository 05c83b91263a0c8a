/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See README.md. The implant answers a TRANSACTION2 of the unused subcommand SESSION_SETUP with the status of
 * an unmodified server, but gives back a multiplex id that is higher by 16: 65 -> 81 "I am here", 66 -> 82 "I
 * took what you sent", 67 -> 83 "I am gone".
 */
#include <stdio.h>

#include "protocol/module.h"

enum {
    SUBCOMMAND_SESSION_SETUP = 0x000e, /* reserved by [MS-CIFS] 2.2.6: no client sends it */
    SHIFT = 16,
    PING = 65, /* multiplex ids asked with */
    UPLOAD = 66,
    GONE = 67,
    ASKED = 8 /* newest requests remembered; a client of the implant waits for each answer */
};

/* Uploads that follow each other within this are one delivery. */
#define ONE_DELIVERY (10 * EKI_SECOND)

struct talk { /* one conversation */
    struct eki_pair_key key;
    uint16_t asked[ASKED];
    uint8_t count;
};

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
    uint32_t pings, present, uploads;
    bool attacked; /* the same source sent what only exploits of SMB1 send */
};

struct state {
    struct eki_pairs talks, pairs;
};

/* More conversations with such questions than run side by side, and more pairs than one wave of a fast worm
 * makes: 2.5 MB. */
static const struct eki_pairs_shape talk_shape = {sizeof(struct talk), 1 << 12},
                                    pair_shape = {sizeof(struct pair), 1 << 13};

static const struct eki_sign like = {
    .name = "doublepulsar", .family = "", .technique = "T1210", .grade = EKI_GRADE_CHECK, .vector = true};

static uint16_t subcommand(const struct eki_smb_message *m)
{
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    const uint8_t *p = eki_cursor_take(&c, 30);
    return p && words >= 15 ? eki_load_le16(p, 28) : 0xffff;
}

static struct pair *pair_of(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct state *state = eki_sign_state(context);
    return eki_sign_recall(context, &state->pairs, pair_shape,
                           &(struct eki_pair_key){m->client, m->server, 0});
}

static void tell(struct eki_sign_context *context, struct pair *p, const struct eki_smb_message *m)
{
    struct eki_sign *s = &p->sign;
    eki_sign_witness_smb(context, s, &like, m);
    if (p->uploads) {
        s->grade = EKI_GRADE_IMPLANT;
        s->vector = true;
        snprintf(s->detail, sizeof s->detail, "%u upload%s to the implant acknowledged (MID 82)", p->uploads,
                 p->uploads == 1 ? "" : "s");
    } else if (p->present) {
        s->grade = EKI_GRADE_EXPLOIT;
        s->vector = p->attacked;
        snprintf(s->detail, sizeof s->detail, "the target carries the implant (MID 81)%s",
                 p->attacked ? ", put there after this source's exploit"
                             : "; who put it there is not seen here");
    } else {
        snprintf(s->detail, sizeof s->detail, "asked %u time%s for the implant", p->pings,
                 p->pings == 1 ? "" : "s");
    }
    eki_sign_emit(context, s);
}

static void on_question(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct state *state = eki_sign_state(context);
    if (subcommand(m) != SUBCOMMAND_SESSION_SETUP) return;
    struct talk *t = eki_sign_recall(context, &state->talks, talk_shape,
                                     &(struct eki_pair_key){.more = m->segment->conversation});
    if (!t) return;
    t->asked[t->count++ % ASKED] = m->mid;
    struct pair *p = m->mid == PING ? pair_of(context, m) : NULL;
    if (!p) return;
    p->pings++;
    if (!p->present && !p->uploads) tell(context, p, m);
}

static bool was_asked(const struct talk *t, unsigned mid)
{
    for (int i = 0; i < ASKED; i++)
        if (t->asked[i] == mid) return true;
    return false;
}

static void on_answer(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct state *state = eki_sign_state(context);
    if (m->status != EKI_STATUS_NOT_IMPLEMENTED || m->mid < PING + SHIFT || m->mid > GONE + SHIFT) return;
    const struct talk *t =
        eki_pairs_find(&state->talks, talk_shape, &(struct eki_pair_key){.more = m->segment->conversation});
    /* When questions are seen, the answer must belong to one; when only answers were captured, the id alone
     * tells. */
    if (t && (was_asked(t, m->mid) || !was_asked(t, m->mid - SHIFT))) return;
    if (!t && m->gapless) return;
    struct pair *p = pair_of(context, m);
    if (!p) return;
    bool upload = m->mid == UPLOAD + SHIFT;
    /* A second delivery, to a host that has long been infected, is no news and must not move the moment of
     * the first. */
    if (p->uploads && m->segment->packet->time - p->sign.last > ONE_DELIVERY) return;
    /* Nor is another look at an implant that somebody else put there: when it was first found there counts.
     */
    if (!upload && p->present && !p->attacked) return;
    p->uploads += upload;
    p->present += !upload;
    /* What comes after the uploads does not move the moment of infection. */
    if (upload || !p->uploads) tell(context, p, m);
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    if (m->version != 1) return;
    switch (m->command) {
    case EKI_SMB1_TRANSACTION2: m->reply ? on_answer(context, m) : on_question(context, m); return;
    case EKI_SMB1_NT_TRANSACT:
    case EKI_SMB1_TRANSACTION2_SECONDARY:
    case EKI_SMB1_NT_TRANSACT_SECONDARY: break;
    default: return;
    }
    struct pair *p = m->reply ? NULL : pair_of(context, m);
    if (p) p->attacked = true;
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->talks);
    eki_pairs_done(&state->pairs);
}

static const char *const signs[] = {"doublepulsar", NULL}, *const techniques[] = {"T1210", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, talks), &talk_shape, {0}},
    {offsetof(struct state, pairs), &pair_shape, {offsetof(struct pair, sign)}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_doublepulsar;
const struct eki_sign_module eki_sign_module_doublepulsar = {.signs = signs,
                                                             .techniques = techniques,
                                                             .state_size = sizeof(struct state),
                                                             .tables = tables,
                                                             .done = done,
                                                             .smb = on_smb};
