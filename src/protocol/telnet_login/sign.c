/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See README.md. Logins to Telnet by list, the busybox check that Mirai's family makes after a login, and the
 * second login, by a loader, that delivers the program.
 */
#include <stdio.h>

#include "protocol/module.h"
#include "protocol/telnet_login/dialog.h"

/* Failed tries from which on somebody guesses. */
enum { MANY_FAILURES = 3, MANY_HOSTS = 3 };
/* The loader comes within seconds of the report (Antonakakis 2017, section 2); allow for a queue. */
#define LOADER_WINDOW (900 * EKI_SECOND)

struct talk { /* one conversation */
    struct eki_pair_key key;
    struct eki_dialog dialog;
};

struct pair {
    struct eki_pair_key key;
    struct eki_sign guess, login, load;
    uint32_t failures, checks;
    bool checked, delivered, fetched;
};

struct source {
    struct eki_pair_key key;
    uint32_t hosts; /* with a refused login */
};

struct state {
    struct eki_pairs talks, pairs, sources;
};

/* Logins side by side: 0.9 MB; pairs with a refused or checked login, and sources: 7 MB. */
static const struct eki_pairs_shape talk_shape = {sizeof(struct talk), 1 << 12},
                                    pair_shape = {sizeof(struct pair), 1 << 13},
                                    source_shape = {sizeof(struct source), 1 << 13};

static const struct eki_sign like_guess = {.name = "telnet-dictionary",
                                           .family = "",
                                           .technique = "T1110.001",
                                           .grade = EKI_GRADE_ATTEMPT,
                                           .vector = true};
static const struct eki_sign like_login = {.name = "mirai-login",
                                           .family = "mirai",
                                           .technique = "T1110.001",
                                           .grade = EKI_GRADE_ACCESS,
                                           .vector = true,
                                           .automated = true};
static const struct eki_sign like_load = {.name = "mirai-loader",
                                          .family = "mirai",
                                          .technique = "T1105",
                                          .grade = EKI_GRADE_IMPLANT,
                                          .vector = true,
                                          .automated = true};

static struct pair *pair_of(struct eki_sign_context *context, const struct eki_segment *s)
{
    struct state *state = eki_sign_state(context);
    return eki_sign_recall(context, &state->pairs, pair_shape,
                           &(struct eki_pair_key){s->client, s->server, 0});
}

static void on_failure(struct eki_sign_context *context, struct pair *p, const struct eki_segment *s)
{
    struct state *state = eki_sign_state(context);
    struct source *source =
        eki_sign_recall(context, &state->sources, source_shape, &(struct eki_pair_key){.a = s->client});
    if (!source) return;
    source->hosts += p->failures++ == 0;
    eki_sign_witness_segment(context, &p->guess, &like_guess, s);
    p->guess.automated = source->hosts >= MANY_HOSTS;
    if (p->failures < MANY_FAILURES && source->hosts < MANY_HOSTS) return;
    snprintf(p->guess.detail, sizeof p->guess.detail, "%u refused logins here, %u hosts tried in all",
             p->failures, source->hosts);
    eki_sign_emit(context, &p->guess);
}

/* In after several refusals: somebody guessed right. */
static void on_accepted(struct eki_sign_context *context, struct pair *p, const struct eki_segment *s)
{
    if (p->failures < MANY_FAILURES) return;
    eki_sign_witness_segment(context, &p->guess, &like_guess, s);
    p->guess.grade = EKI_GRADE_ACCESS;
    snprintf(p->guess.detail, sizeof p->guess.detail, "%u refused logins, then one accepted", p->failures);
    eki_sign_emit(context, &p->guess);
}

static void tell_load(struct eki_sign_context *context, struct pair *p, const struct eki_segment *s)
{
    if (!p->load.id && p->login.id) { /* the login turns out to have been the loader's */
        p->load = p->login;
        p->load.name = like_load.name;
        p->load.technique = like_load.technique;
        p->load.grade = like_load.grade;
    }
    eki_sign_witness_segment(context, &p->load, &like_load, s);
    p->load.protocol = EKI_PROTOCOL_TCP;
    snprintf(p->load.detail, sizeof p->load.detail, "after the busybox check a program was %s",
             p->delivered ? "written or fetched and started" : "fetched by the target from this host");
    eki_sign_emit(context, &p->load);
}

static void on_check(struct eki_sign_context *context, struct pair *p, const struct eki_segment *s)
{
    p->checks++;
    p->checked = true;
    if (p->load.id) return;
    eki_sign_witness_segment(context, &p->login, &like_login, s);
    snprintf(p->login.detail, sizeof p->login.detail,
             "logged in after %u refusals; %u shells answered the busybox check", p->failures, p->checks);
    eki_sign_emit(context, &p->login);
}

static void read_login(struct eki_sign_context *context, const struct eki_segment *s)
{
    struct state *state = eki_sign_state(context);
    struct talk *t =
        eki_sign_recall(context, &state->talks, talk_shape, &(struct eki_pair_key){.more = s->conversation});
    if (!t) return;
    unsigned events = eki_dialog_read(&t->dialog, s);
    if (!events) return;
    struct pair *p = pair_of(context, s);
    if (!p) return;
    if (events & EKI_DIALOG_FAILED) on_failure(context, p, s);
    if (events & EKI_DIALOG_ACCEPTED) on_accepted(context, p, s);
    if (events & EKI_DIALOG_CHECKED) on_check(context, p, s);
    if (!p->checked || !(events & EKI_DIALOG_WENT_ON)) return;
    if (events & (EKI_DIALOG_DELIVERY | EKI_DIALOG_STARTED)) p->delivered = true;
    if (p->delivered || p->fetched) tell_load(context, p, s);
}

/* The target asks the host that is logged in to it for something to run, as the shell was told to. */
static void on_fetch(struct eki_sign_context *context, const struct eki_segment *s)
{
    struct state *state = eki_sign_state(context);
    if (!state->pairs.count) return;
    struct pair *p =
        eki_pairs_find(&state->pairs, pair_shape, &(struct eki_pair_key){s->server, s->client, 0});
    if (!p || !p->checked || s->packet->time - p->login.last > LOADER_WINDOW) return;
    /* The answer counts once the question was seen: the program is there when its last byte is. */
    bool asks = s->packet->target_port == s->service;
    if (!asks && !p->fetched) return;
    p->fetched = true;
    struct eki_segment turned = *s; /* the loader is the source, Telnet its way in */
    turned.client = s->server;
    turned.server = s->client;
    turned.service = p->login.service;
    tell_load(context, p, &turned);
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    if (s->service == 23 || s->service == 2323)
        read_login(context, s);
    else
        on_fetch(context, s);
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->talks);
    eki_pairs_done(&state->pairs);
    eki_pairs_done(&state->sources);
}

static const char *const signs[] = {"telnet-dictionary", "mirai-login", "mirai-loader", NULL};
static const char *const families[] = {"mirai", NULL}, *const techniques[] = {"T1110.001", "T1105", NULL};
static const struct eki_sign_service segments[] = {{EKI_PROTOCOL_TCP, 23, 23},
                                                   {EKI_PROTOCOL_TCP, 2323, 2323},
                                                   {EKI_PROTOCOL_TCP, 80, 80},
                                                   {EKI_PROTOCOL_UDP, 69, 69},
                                                   {0, 0, 0}};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, talks), &talk_shape, {0}},
    {offsetof(struct state, pairs),
     &pair_shape,
     {offsetof(struct pair, guess), offsetof(struct pair, login), offsetof(struct pair, load)}},
    {offsetof(struct state, sources), &source_shape, {0}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_telnet_login;
const struct eki_sign_module eki_sign_module_telnet_login = {.signs = signs,
                                                             .families = families,
                                                             .techniques = techniques,
                                                             .segments = segments,
                                                             .state_size = sizeof(struct state),
                                                             .tables = tables,
                                                             .done = done,
                                                             .segment = on_segment};
