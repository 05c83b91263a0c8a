/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "protocol/pairs.h"

/* The one datagram: 404 bytes of IP, 376 of them payload. */
enum { PORT = 1434, PAYLOAD = 376 };

/* A source is told of at its first datagrams and then at each power of two: the sign grows without a word for each of thousands. */
static bool is_worth_telling(uint64_t count)
{
    return (count & (count - 1)) == 0;
}

static void on_contact(struct eki_sign_context *context, const struct eki_contact *c)
{
    static const struct eki_sign like = {.name = "slammer", .family = "slammer", .technique = "T1210", .service = PORT,
                                         .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    if (c->payload != PAYLOAD || c->flags & EKI_CONTACT_UNASKED) return;
    /* One sign for each source, with its first target: the contacts themselves tell the others. */
    static const struct eki_address any = {0, 0};
    struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), c->client, any);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    struct eki_packet packet = {.time = c->time, .number = c->packet, .input = c->input, .protocol = c->protocol};
    bool first = !pair->sign.id;
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, &packet);
    if (first) sign->target = c->server;
    if (!is_worth_telling(sign->count)) return;
    snprintf(sign->detail, sizeof sign->detail, "%u or more datagrams of 376 bytes to 1434/udp", sign->count);
    eki_sign_emit(context, sign);
}

static const char *const names[] = {"slammer", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_UDP, PORT, PORT}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_slammer;
const struct eki_sign_module eki_sign_module_slammer = {
    .name = "slammer",
    .signs = names,
    .families = names,
    .contact_services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .contact = on_contact,
};
