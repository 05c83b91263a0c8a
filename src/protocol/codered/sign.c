/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. GET /default.ida? and a long run of one letter: N is Code Red, X is Code Red II. */
#include <stdio.h>
#include <string.h>

#include "protocol/module.h"

/* The worms send a run of 224; a capture cut short still shows this much. */
enum { RUN = 24 };

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
};

struct state {
    struct eki_pairs pairs;
};

/* Pairs of an infected host and a web server that answered its SYN: 4 MB. */
static const struct eki_pairs_shape shape = {sizeof(struct pair), 1 << 14};

static const struct eki_sign like = {
    .name = "codered", .technique = "T1190", .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};

/* 'N' or 'X', or 0 when it is no such request. */
static char run_of(const struct eki_packet *p)
{
    static const char request[] = "GET /default.ida?";
    struct eki_cursor c = eki_cursor_over(p->payload, p->payload_captured);
    const uint8_t *start = eki_cursor_take(&c, sizeof request - 1);
    const uint8_t *run = eki_cursor_take(&c, RUN);
    if (!run || memcmp(start, request, sizeof request - 1) || (run[0] != 'N' && run[0] != 'X')) return 0;
    for (int i = 1; i < RUN; i++)
        if (run[i] != run[0]) return 0;
    return (char)run[0];
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    char letter = run_of(s->packet);
    if (!letter) return;
    struct state *state = eki_sign_state(context);
    /* Whoever sends the request is the client, also when the start of the conversation was missed. */
    struct eki_pair_key key = {s->packet->source, s->packet->target, 0};
    struct pair *p = eki_sign_recall(context, &state->pairs, shape, &key);
    if (!p) return;
    eki_sign_witness(context, &p->sign, &like, s->packet);
    p->sign.family = letter == 'N' ? "codered1" : "codered2";
    p->sign.source = s->packet->source;
    p->sign.target = s->packet->target;
    p->sign.service = s->packet->target_port;
    snprintf(p->sign.detail, sizeof p->sign.detail, "%u requests for /default.ida? and a run of %c",
             p->sign.count, letter);
    eki_sign_emit(context, &p->sign);
}

static void done(void *user)
{
    eki_pairs_done(&((struct state *)user)->pairs);
}

static const char *const signs[] = {"codered", NULL}, *const families[] = {"codered1", "codered2", NULL};
static const char *const techniques[] = {"T1190", NULL};
static const struct eki_sign_service segments[] = {{EKI_PROTOCOL_TCP, 80, 80}, {0, 0, 0}};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, pairs), &shape, {offsetof(struct pair, sign)}}, {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_codered;
const struct eki_sign_module eki_sign_module_codered = {.signs = signs,
                                                        .families = families,
                                                        .techniques = techniques,
                                                        .segments = segments,
                                                        .state_size = sizeof(struct state),
                                                        .tables = tables,
                                                        .done = done,
                                                        .segment = on_segment};
