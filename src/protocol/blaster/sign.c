/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <string.h>

#include "protocol/pairs.h"

enum { SHELL_PORT = 4444, TFTP_PORT = 69, RPC_PORT = 135 };

/* A file is fetched by TFTP soon after the shell was opened, and started soon after that. */
#define WITHIN (600 * EKI_SECOND)

/* Words of a pair (attacker, victim): when the attacker last sent to the shell, when the victim last asked the attacker for a file; 0 never. */
enum { SHELL = 0, FETCH };

static const struct eki_sign like = {.name = "blaster", .family = "blaster", .technique = "T1210", .service = RPC_PORT,
                                     .grade = EKI_GRADE_EXPLOIT, .vector = true, .automated = true};

static bool is_recent(uint64_t word, eki_time now)
{
    return word && now - (eki_time)word <= WITHIN;
}

/* "start NAME.exe" or "NAME.exe", as the worm types it. */
static bool starts_program(const struct eki_packet *p)
{
    struct eki_cursor c = eki_cursor_over(p->payload, p->payload_captured);
    const uint8_t *text = eki_cursor_take(&c, c.left);
    if (!text) return false;
    if (memmem(text, p->payload_captured, "tftp", 4)) return false; /* still fetching */
    return memmem(text, p->payload_captured, ".exe", 4) != NULL;
}

static void tell(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_packet *p, bool started)
{
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, p);
    sign->service = RPC_PORT;
    sign->protocol = EKI_PROTOCOL_TCP;
    if (started) sign->grade = EKI_GRADE_IMPLANT;
    snprintf(sign->detail, sizeof sign->detail, "%s", started ? "a program was started through a shell on 4444/tcp"
                                                              : "the target fetched a file by TFTP from the host that opened its shell");
    eki_sign_emit(context, sign);
}

static void on_shell(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_packet *p)
{
    bool fetched = is_recent(pair->word[FETCH], p->time);
    pair->word[SHELL] = (uint64_t)p->time;
    if (fetched || starts_program(p)) tell(context, pair, p, true);
}

static void on_fetch(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_packet *p)
{
    pair->word[FETCH] = (uint64_t)p->time;
    if (is_recent(pair->word[SHELL], p->time) && pair->sign.grade != EKI_GRADE_IMPLANT) tell(context, pair, p, false);
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    struct eki_pairs *pairs = eki_sign_state(context);
    bool fetch = s->packet->protocol == EKI_PROTOCOL_UDP;
    if (!s->from_client) return;
    /* The victim is the server of the shell and the client of the file. */
    struct eki_pair *pair = fetch ? eki_pairs_get(pairs, s->server, s->client) : eki_pairs_get(pairs, s->client, s->server);
    if (!pair)
        eki_sign_out_of_memory(context);
    else if (fetch)
        on_fetch(context, pair, s->packet);
    else
        on_shell(context, pair, s->packet);
}

static const char *const names[] = {"blaster", NULL}, *const families[] = {"blaster", NULL};
static const struct eki_sign_service services[] = {
    {EKI_PROTOCOL_TCP, SHELL_PORT, SHELL_PORT}, {EKI_PROTOCOL_UDP, TFTP_PORT, TFTP_PORT}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_blaster;
const struct eki_sign_module eki_sign_module_blaster = {
    .name = "blaster",
    .signs = names,
    .families = families,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .segment = on_segment,
};
