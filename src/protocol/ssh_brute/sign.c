/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. One conversation after the other with an SSH server, each too small to have been a session.
 */
#include <stdio.h>

#include "protocol/module.h"

/* What key exchange and a few refused passwords take in each direction; a session with a prompt soon takes
 * more. */
enum { SMALL_CLIENT = 3500, SMALL_SERVER = 4000, LEAST_CLIENT = 900, MANY = 6 };
#define WINDOW (600 * EKI_SECOND)

struct talk { /* one conversation */
    struct eki_pair_key key;
    struct eki_sign one; /* its ends, as far as they were seen */
    uint32_t bytes[2];   /* from the server, from the client */
    uint32_t highest[2]; /* sequence number after the last byte counted */
    bool seen[2];
};

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
    eki_time newest;
    uint32_t guesses;
};

struct state {
    struct eki_pairs talks, pairs;
};

/* Conversations side by side: 3 MB; pairs of a guesser and a server: 1 MB. */
static const struct eki_pairs_shape talk_shape = {sizeof(struct talk), 1 << 13},
                                    pair_shape = {sizeof(struct pair), 1 << 12};

static const struct eki_sign like = {
    .name = "ssh-brute", .family = "", .technique = "T1110", .grade = EKI_GRADE_ATTEMPT, .vector = true};

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    struct state *state = eki_sign_state(context);
    struct talk *t =
        eki_sign_recall(context, &state->talks, talk_shape, &(struct eki_pair_key){.more = s->conversation});
    if (!t) return;
    uint32_t end = s->packet->sequence + s->packet->payload_wire;
    bool again = t->seen[s->from_client] && (int32_t)(end - t->highest[s->from_client]) <= 0;
    if (again) return;
    t->seen[s->from_client] = true;
    t->highest[s->from_client] = end;
    t->bytes[s->from_client] += s->packet->payload_wire;
    struct eki_sign *one = &t->one;
    if (!one->count) *one = (struct eki_sign){.first = s->packet->time, .packet_first = s->packet->number};
    one->source = s->client;
    one->target = s->server;
    one->last = s->packet->time;
    one->packet_last = s->packet->number;
    one->input = s->packet->input;
    one->service = s->service;
    one->count++;
}

static bool is_guess(const struct talk *t)
{
    return t->bytes[1] >= LEAST_CLIENT && t->bytes[1] <= SMALL_CLIENT && t->bytes[0] <= SMALL_SERVER;
}

static void on_end(struct eki_sign_context *context, uint64_t conversation)
{
    struct state *state = eki_sign_state(context);
    const struct talk *t =
        eki_pairs_find(&state->talks, talk_shape, &(struct eki_pair_key){.more = conversation});
    if (!t || !is_guess(t)) return;
    struct eki_pair_key key = {t->one.source, t->one.target, t->one.service};
    struct pair *p = eki_sign_recall(context, &state->pairs, pair_shape, &key);
    if (!p) return;
    if (t->one.first - p->newest > WINDOW) p->guesses = 0;
    p->newest = t->one.last;
    p->guesses++;
    struct eki_packet first = {.time = t->one.first,
                               .number = t->one.packet_first,
                               .input = t->one.input,
                               .protocol = EKI_PROTOCOL_TCP};
    eki_sign_witness(context, &p->sign, &like, &first);
    p->sign.source = t->one.source;
    p->sign.target = t->one.target;
    p->sign.service = t->one.service;
    if (t->one.last > p->sign.last) p->sign.last = t->one.last;
    if (t->one.input == p->sign.input && t->one.packet_last > p->sign.packet_last)
        p->sign.packet_last = t->one.packet_last;
    if (p->guesses < MANY) return;
    snprintf(p->sign.detail, sizeof p->sign.detail, "%u conversations in a row too small for a session",
             p->guesses);
    eki_sign_emit(context, &p->sign);
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->talks);
    eki_pairs_done(&state->pairs);
}

static const char *const signs[] = {"ssh-brute", NULL}, *const techniques[] = {"T1110", NULL};
static const struct eki_sign_service segments[] = {
    {EKI_PROTOCOL_TCP, 22, 22}, {EKI_PROTOCOL_TCP, 2222, 2222}, {0, 0, 0}};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, talks), &talk_shape, {offsetof(struct talk, one)}},
    {offsetof(struct state, pairs), &pair_shape, {offsetof(struct pair, sign)}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_ssh_brute;
const struct eki_sign_module eki_sign_module_ssh_brute = {.signs = signs,
                                                          .techniques = techniques,
                                                          .segments = segments,
                                                          .state_size = sizeof(struct state),
                                                          .tables = tables,
                                                          .done = done,
                                                          .segment = on_segment,
                                                          .flow_end = on_end};
