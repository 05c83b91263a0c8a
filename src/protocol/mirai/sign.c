/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <string.h>

#include "protocol/pairs.h"

/* The words of the dialog that matter. The check: a shell is asked to run an applet that does not exist, and says so. */
static const char check[] = "/bin/busybox ", answer[] = "applet not found";
static const char *const deliveries[] = {"busybox wget", "busybox tftp", "busybox echo -ne", "busybox cp -f /bin/sh", "busybox chmod",
                                         "wget http", "tftp -g"};

/* Words of a pair (who logs in, where): the checks asked, password prompts seen, and whether something was delivered. */
enum { CHECKS = 0, PROMPTS, DELIVERED, LAST_PROMPT };

/* Password prompts from which on a source is guessing, not mistyping. */
enum { MANY_PROMPTS = 4 };

struct state {
    struct eki_pairs pairs;    /* dialogs */
    struct eki_pairs guesses;  /* their failed logins */
    struct eki_pairs probes;   /* sources with the telling sequence number; begins with what eki_pairs_done frees */
};

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->pairs);
    eki_pairs_done(&state->guesses);
    eki_pairs_done(&state->probes);
}

static bool holds(const struct eki_packet *p, const char *text)
{
    return p->payload_captured && memmem(p->payload, p->payload_captured, text, strlen(text));
}

static bool delivers(const struct eki_packet *p)
{
    for (size_t i = 0; i < sizeof deliveries / sizeof *deliveries; i++)
        if (holds(p, deliveries[i])) return true;
    return false;
}

static void tell_access(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_segment *s)
{
    static const struct eki_sign like = {.name = "mirai-login", .family = "mirai", .technique = "T1110.001", .service = 23,
                                         .grade = EKI_GRADE_ACCESS, .vector = true, .automated = true};
    if (pair->word[DELIVERED]) return; /* what follows belongs to the delivery */
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, s->packet);
    sign->service = s->service;
    snprintf(sign->detail, sizeof sign->detail, "logged in; %u shells answered the busybox check", sign->count);
    eki_sign_emit(context, sign);
}

static void tell_delivery(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_segment *s)
{
    static const struct eki_sign like = {.name = "mirai-loader", .family = "mirai", .technique = "T1105", .service = 23,
                                         .vector = true, .automated = true};
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, s->packet);
    sign->name = like.name;
    sign->technique = like.technique;
    sign->grade = EKI_GRADE_IMPLANT;
    sign->service = s->service;
    pair->word[DELIVERED]++;
    snprintf(sign->detail, sizeof sign->detail, "after the busybox check a program was delivered and run, %llu commands",
             (unsigned long long)pair->word[DELIVERED]);
    eki_sign_emit(context, sign);
}

/* Password prompts after a first one are failed logins. */
static void count_prompt(struct eki_sign_context *context, struct state *state, const struct eki_segment *s)
{
    static const struct eki_sign like = {.name = "telnet-dictionary", .family = "", .technique = "T1110.001", .service = 23,
                                         .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    struct eki_pair *pair = eki_pairs_get(&state->guesses, s->client, s->server);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    if (++pair->word[PROMPTS] < MANY_PROMPTS) return;
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, s->packet);
    sign->service = s->service;
    snprintf(sign->detail, sizeof sign->detail, "%llu password prompts", (unsigned long long)pair->word[PROMPTS]);
    eki_sign_emit(context, sign);
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    struct state *state = eki_sign_state(context);
    const struct eki_packet *p = s->packet;
    if (!p->payload_captured) return;
    bool prompt = !s->from_client && (holds(p, "assword:") || holds(p, "ASSWORD:"));
    if (prompt) count_prompt(context, state, s);
    bool asks = s->from_client && holds(p, check), answers = !s->from_client && holds(p, answer);
    struct eki_pair *pair = asks || answers ? eki_pairs_get(&state->pairs, s->client, s->server)
                                            : eki_pairs_find(&state->pairs, s->client, s->server);
    if (!pair) return;
    if (asks) pair->word[CHECKS]++;
    bool went_on = s->from_client && pair->word[CHECKS] && (delivers(p) || pair->word[DELIVERED]);
    if (went_on)
        tell_delivery(context, pair, s);
    else if (answers && pair->word[CHECKS])
        tell_access(context, pair, s);
}

/* The probe that names itself: the sequence number is the target's address. Told once a source, with its first target. */
static void on_contact(struct eki_sign_context *context, const struct eki_contact *c)
{
    static const struct eki_sign like = {.name = "mirai-probe", .family = "mirai", .technique = "T1046", .grade = EKI_GRADE_NOTE,
                                         .vector = true, .automated = true};
    static const struct eki_address any = {0, 0};
    if (!(c->flags & EKI_CONTACT_SEQ_IS_TARGET)) return;
    struct state *state = eki_sign_state(context);
    struct eki_pair *pair = eki_pairs_get(&state->probes, c->client, any);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    struct eki_packet packet = {.time = c->time, .number = c->packet, .input = c->input, .protocol = c->protocol};
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, &packet);
    if (sign->count == 1) {
        sign->target = c->server;
        sign->service = c->service;
    }
    if (sign->count & (sign->count - 1)) return; /* it grows at powers of two */
    snprintf(sign->detail, sizeof sign->detail, "%u or more SYNs whose sequence number is the target's address", sign->count);
    eki_sign_emit(context, sign);
}

static const char *const names[] = {"mirai-login", "mirai-loader", "mirai-probe", "telnet-dictionary", NULL};
static const char *const families[] = {"mirai", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 23, 23}, {EKI_PROTOCOL_TCP, 2323, 2323}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_mirai;
const struct eki_sign_module eki_sign_module_mirai = {
    .name = "mirai",
    .signs = names,
    .families = families,
    .services = services,
    .contact_services = services,
    .state_size = sizeof(struct state),
    .end = done,
    .segment = on_segment,
    .contact = on_contact,
};
