/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. A SYN whose sequence number is the address it goes to. */
#include <stdio.h>

#include "protocol/module.h"

struct source {
    struct eki_pair_key key;
    struct eki_sign sign;
};

struct state {
    struct eki_pairs sources;
};

/* More bots than a sensor of one organisation sees at once: 4 MB. */
static const struct eki_pairs_shape shape = {sizeof(struct source), 1 << 14};

static const struct eki_sign like = {.name = "mirai-probe",
                                     .family = "mirai",
                                     .technique = "T1046",
                                     .grade = EKI_GRADE_NOTE,
                                     .automated = true};

/* Told once a source, with its first target. */
static void on_contact(struct eki_sign_context *context, const struct eki_contact *c)
{
    if (!(c->flags & EKI_CONTACT_SEQ_IS_TARGET)) return;
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
    snprintf(s->sign.detail, sizeof s->sign.detail,
             "%u or more SYNs whose sequence number is the target's address", s->sign.count);
    eki_sign_emit(context, &s->sign);
}

static void done(void *user)
{
    eki_pairs_done(&((struct state *)user)->sources);
}

static const char *const signs[] = {"mirai-probe", NULL}, *const families[] = {"mirai", NULL},
                         *const techniques[] = {"T1046", NULL};
/* Ports of Mirai and of its variants (Antonakakis 2017, section 4.3). */
static const struct eki_sign_service contacts[] = {
    {EKI_PROTOCOL_TCP, 22, 23},       {EKI_PROTOCOL_TCP, 80, 81},       {EKI_PROTOCOL_TCP, 443, 443},
    {EKI_PROTOCOL_TCP, 2222, 2222},   {EKI_PROTOCOL_TCP, 2323, 2323},   {EKI_PROTOCOL_TCP, 5358, 5358},
    {EKI_PROTOCOL_TCP, 5555, 5555},   {EKI_PROTOCOL_TCP, 6789, 6789},   {EKI_PROTOCOL_TCP, 7547, 7547},
    {EKI_PROTOCOL_TCP, 8080, 8080},   {EKI_PROTOCOL_TCP, 23231, 23231}, {EKI_PROTOCOL_TCP, 37215, 37215},
    {EKI_PROTOCOL_TCP, 37777, 37777}, {EKI_PROTOCOL_TCP, 52869, 52869}, {0, 0, 0}};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, sources), &shape, {offsetof(struct source, sign)}}, {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_mirai_probe;
const struct eki_sign_module eki_sign_module_mirai_probe = {.signs = signs,
                                                            .families = families,
                                                            .techniques = techniques,
                                                            .contacts = contacts,
                                                            .state_size = sizeof(struct state),
                                                            .tables = tables,
                                                            .done = done,
                                                            .contact = on_contact};
