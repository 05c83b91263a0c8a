/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See README.md. The attacker opens a shell on the victim's port 4444, tells it to fetch a file by TFTP from
 * the attacker, and to start it. That the victim asks the attacker is the reverse edge that proves success.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "protocol/module.h"

enum { SHELL_PORT = 4444, TFTP_PORT = 69, RPC_PORT = 135, READ_REQUEST = 1 };

/* Shell, fetch and start follow each other within seconds; a slow line or a failed first try may take longer.
 */
#define WINDOW (300 * EKI_SECOND)

struct pair { /* attacker, victim */
    struct eki_pair_key key;
    struct eki_sign sign;
    eki_time asked, shell, fetched; /* newest call to 135, word in the shell, read request */
    bool called, shelled, fetching;
    bool answered; /* the shell */
    bool started;  /* told to start what it fetched */
};

struct state {
    struct eki_pairs pairs;
};

/* Pairs of an attacker and a host with 135/tcp open; twenty side by side for each attacker: 4 MB. */
static const struct eki_pairs_shape shape = {sizeof(struct pair), 1 << 14};

static const struct eki_sign like = {.name = "blaster",
                                     .family = "blaster",
                                     .technique = "T1210",
                                     .grade = EKI_GRADE_ATTEMPT,
                                     .vector = true,
                                     .automated = true};

static bool within(bool seen, eki_time then, eki_time now)
{
    return seen && now - then <= WINDOW && then - now <= WINDOW;
}

/* Does the text say `word`? Case does not matter to the shell. */
static bool says(const struct eki_packet *p, const char *word)
{
    struct eki_cursor c = eki_cursor_over(p->payload, p->payload_captured);
    size_t n = strlen(word);
    for (; c.left >= n; eki_cursor_skip(&c, 1))
        if (!strncasecmp((const char *)c.at, word, n)) return true;
    return false;
}

static void tell(struct eki_sign_context *context, struct pair *p, const struct eki_packet *packet)
{
    struct eki_sign *s = &p->sign;
    eki_sign_witness(context, s, &like, packet);
    s->source = p->key.a;
    s->target = p->key.b;
    s->service = RPC_PORT; /* the way in */
    s->protocol = EKI_PROTOCOL_TCP;
    if (p->started || p->fetching)
        s->grade = EKI_GRADE_IMPLANT;
    else if (p->answered)
        s->grade = EKI_GRADE_EXPLOIT;
    const char *what =
        p->started ? "a program was started through the shell on 4444/tcp"
        : s->grade == EKI_GRADE_IMPLANT
            ? "the target fetched a program by TFTP from the host that called its 135/tcp or shell"
        : p->answered ? "a shell answers on 4444/tcp after a call to 135/tcp"
                      : "words to a shell on 4444/tcp";
    snprintf(s->detail, sizeof s->detail, "%s", what);
    eki_sign_emit(context, s);
}

/* "tftp -i ... GET NAME", then "start NAME" and "NAME.exe". */
static void on_shell(struct eki_sign_context *context, struct pair *p, const struct eki_segment *s)
{
    bool to_shell = s->packet->target_port == SHELL_PORT;
    bool fetch = to_shell && says(s->packet, "tftp");
    bool start = to_shell && !fetch && (says(s->packet, "start ") || says(s->packet, ".exe"));
    p->shelled = true;
    if (!to_shell) p->answered = true;
    p->shell = s->packet->time;
    bool fetched = within(p->fetching, p->fetched, p->shell);
    if (start) p->started = true;
    /* Any other program may listen on 4444: what is said, what came before or what the target then does must
     * fit too. */
    if (start || fetch || (to_shell && fetched) || within(p->called, p->asked, p->shell))
        tell(context, p, s->packet);
}

static void on_fetch(struct eki_sign_context *context, struct pair *p, const struct eki_packet *packet)
{
    struct eki_cursor c = eki_cursor_over(packet->payload, packet->payload_captured);
    uint16_t code = eki_cursor_be16(&c);
    if (code == READ_REQUEST && says(packet, ".exe")) p->fetching = true;
    if (!p->fetching || c.failed || code == 0) return;
    p->fetched = packet->time;
    if (within(p->shelled, p->shell, packet->time) || within(p->called, p->asked, packet->time))
        tell(context, p, packet);
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    struct state *state = eki_sign_state(context);
    bool fetch = s->packet->protocol == EKI_PROTOCOL_UDP;
    if (!fetch && s->service == RPC_PORT && !s->from_client) return;
    /* The victim serves the shell and asks for the file. */
    struct eki_pair_key key = {fetch ? s->server : s->client, fetch ? s->client : s->server, 0};
    struct pair *p = eki_sign_recall(context, &state->pairs, shape, &key);
    if (!p) return;
    if (fetch)
        on_fetch(context, p, s->packet);
    else if (s->service == SHELL_PORT)
        on_shell(context, p, s);
    else {
        p->called = true;
        p->asked = s->packet->time;
    }
}

static void done(void *user)
{
    eki_pairs_done(&((struct state *)user)->pairs);
}

static const char *const signs[] = {"blaster", NULL}, *const families[] = {"blaster", NULL},
                         *const techniques[] = {"T1210", NULL};
static const struct eki_sign_service segments[] = {{EKI_PROTOCOL_TCP, RPC_PORT, RPC_PORT},
                                                   {EKI_PROTOCOL_TCP, SHELL_PORT, SHELL_PORT},
                                                   {EKI_PROTOCOL_UDP, TFTP_PORT, TFTP_PORT},
                                                   {0, 0, 0}};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, pairs), &shape, {offsetof(struct pair, sign)}}, {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_blaster;
const struct eki_sign_module eki_sign_module_blaster = {.signs = signs,
                                                        .families = families,
                                                        .techniques = techniques,
                                                        .segments = segments,
                                                        .state_size = sizeof(struct state),
                                                        .tables = tables,
                                                        .done = done,
                                                        .segment = on_segment};
