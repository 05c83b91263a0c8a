/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "protocol/pairs.h"

/* Shorter runs stand in ordinary requests. */
enum { SHORTEST_RUN = 16 };

/* The filler of a request for default.ida: 'N', 'X', or 0 when it is none. */
static char filler_of(const struct eki_packet *p)
{
    static const char start[] = "GET /default.ida?";
    struct eki_cursor c = eki_cursor_over(p->payload, p->payload_captured);
    const uint8_t *head = eki_cursor_take(&c, sizeof start - 1);
    if (!head || memcmp(head, start, sizeof start - 1)) return 0;
    const uint8_t *run = eki_cursor_take(&c, SHORTEST_RUN);
    if (!run || (run[0] != 'N' && run[0] != 'X')) return 0;
    for (int i = 1; i < SHORTEST_RUN; i++)
        if (run[i] != run[0]) return 0;
    return (char)run[0];
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    static const struct eki_sign like = {.technique = "T1190", .service = 80, .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    char filler = s->packet->payload_captured ? filler_of(s->packet) : 0;
    if (!filler) return;
    /* Who sends a request is the client, whatever the ports suggested. */
    struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), s->packet->source, s->packet->target);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, s->packet);
    sign->name = filler == 'N' ? "codered1" : "codered2";
    sign->family = sign->name;
    snprintf(sign->detail, sizeof sign->detail, "GET /default.ida? with a run of %c, %u times", filler, sign->count);
    eki_sign_emit(context, sign);
}

static const char *const names[] = {"codered1", "codered2", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 80, 80}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_codered;
const struct eki_sign_module eki_sign_module_codered = {
    .name = "codered",
    .signs = names,
    .families = names,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .segment = on_segment,
};
