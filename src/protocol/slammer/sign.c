/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. One datagram of 376 bytes to UDP 1434. */
#include <stdio.h>

#include "protocol/module.h"

enum { PAYLOAD = 376 };

struct source {
    struct eki_pair_key key;
    struct eki_sign sign;
};

struct state {
    struct eki_pairs sources;
};

/* More infected sources than a sensor of one organisation sees at once: 4 MB. */
static const struct eki_pairs_shape shape = {sizeof(struct source), 1 << 14};

static const struct eki_sign like = {.name = "slammer",
                                     .family = "slammer",
                                     .technique = "T1210",
                                     .grade = EKI_GRADE_ATTEMPT,
                                     .vector = true,
                                     .automated = true};

/* Told once a source, with its first target: it sends thousands a second, and each target is a contact
 * anyway. */
static void on_contact(struct eki_sign_context *context, const struct eki_contact *c)
{
    if (c->payload != PAYLOAD || c->flags & EKI_CONTACT_UNASKED) return;
    struct state *state = eki_sign_state(context);
    struct source *s =
        eki_sign_recall(context, &state->sources, shape, &(struct eki_pair_key){.a = c->client});
    if (!s) return;
    struct eki_packet packet = {
        .time = c->time, .number = c->packet, .input = c->input, .protocol = c->protocol};
    eki_sign_witness(context, &s->sign, &like, &packet);
    if (s->sign.count == 1) {
        s->sign.source = c->client;
        s->sign.target = c->server;
        s->sign.service = c->service;
    }
    if (s->sign.count & (s->sign.count - 1)) return; /* it grows at powers of two */
    snprintf(s->sign.detail, sizeof s->sign.detail, "%u or more datagrams of 376 bytes", s->sign.count);
    eki_sign_emit(context, &s->sign);
}

static void done(void *user)
{
    eki_pairs_done(&((struct state *)user)->sources);
}

static const char *const signs[] = {"slammer", NULL}, *const families[] = {"slammer", NULL},
                         *const techniques[] = {"T1210", NULL};
static const struct eki_sign_service contacts[] = {{EKI_PROTOCOL_UDP, 1434, 1434}, {0, 0, 0}};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, sources), &shape, {offsetof(struct source, sign)}}, {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_slammer;
const struct eki_sign_module eki_sign_module_slammer = {.signs = signs,
                                                        .families = families,
                                                        .techniques = techniques,
                                                        .contacts = contacts,
                                                        .state_size = sizeof(struct state),
                                                        .tables = tables,
                                                        .done = done,
                                                        .contact = on_contact};
