/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "protocol/pairs.h"

enum { LONGEST_NAME = 255 };

/* Names that variants of WannaCry asked for before they went on; public since May 2017. */
static const char *const kill_switches[] = {
    "iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com",
    "ifferfsodp9ifjaposdfjhgosurijfaewrwergwea.com",
    "iuqssfsodp9ifjaposdfjhgosurijfaewrwergwea.com",
    "ayylmaotjhsstasdfasdfasdfasdfasdfasdfasdf.com",
    "lazarusse.suiche.sdfjhgosurijfaqwqwqrgwea.com",
    "iuqerfsodp9ifjaposdfjhgosurijfaewrwergweb.com",
};

/* The first question of a DNS query as text; false when it is no query or was cut away. */
static bool read_question(struct eki_cursor c, char ret_name[LONGEST_NAME + 1])
{
    size_t length = 0;
    eki_cursor_skip(&c, 2);
    uint16_t flags = eki_cursor_be16(&c), questions = eki_cursor_be16(&c);
    eki_cursor_skip(&c, 6);
    if (c.failed || flags & 0x8000 || !questions) return false;
    for (;;) {
        uint8_t label = eki_cursor_u8(&c);
        if (c.failed || label > 63) return false; /* compression has no place in a question */
        if (!label) break;
        const uint8_t *text = eki_cursor_take(&c, label);
        if (!text || length + label + 1 > LONGEST_NAME) return false;
        if (length) ret_name[length++] = '.';
        memcpy(ret_name + length, text, label);
        length += label;
    }
    ret_name[length] = 0;
    return length > 0;
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n >= m && !strcasecmp(name + n - m, end) && (n == m || name[n - m - 1] == '.');
}

/* The host of an HTTP request: its line "Host: NAME". */
static bool read_host(const struct eki_packet *p, char ret_name[LONGEST_NAME + 1])
{
    static const char mark[] = "\r\nHost: ";
    const uint8_t *at = memmem(p->payload, p->payload_captured, mark, sizeof mark - 1);
    if (!at) return false;
    struct eki_cursor c = eki_cursor_over(p->payload, p->payload_captured);
    eki_cursor_skip(&c, (size_t)(at - p->payload) + sizeof mark - 1);
    size_t length = 0;
    while (c.left && length < LONGEST_NAME) {
        char letter = (char)eki_cursor_u8(&c);
        if (letter == '\r' || letter == '\n' || letter == ':' || !letter) break;
        ret_name[length++] = letter;
    }
    ret_name[length] = 0;
    return length > 0;
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    static const struct eki_sign like = {.name = "killswitch-dns", .family = "wannacry", .technique = "", .grade = EKI_GRADE_NOTE,
                                         .automated = true};
    char name[LONGEST_NAME + 1];
    const struct eki_packet *p = s->packet;
    if (!p->payload_captured || !s->from_client) return;
    bool dns = s->service == 53;
    if (!(dns ? read_question(eki_cursor_over(p->payload, p->payload_captured), name) : read_host(p, name))) return;
    for (size_t i = 0; i < sizeof kill_switches / sizeof *kill_switches; i++) {
        if (!ends_with(name, kill_switches[i])) continue;
        struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), s->client, s->server);
        if (!pair) {
            eki_sign_out_of_memory(context);
            return;
        }
        struct eki_sign *sign = eki_pair_sign(context, pair, &like, p);
        sign->service = s->service;
        snprintf(sign->detail, sizeof sign->detail, "asked for %.60s, %u times", kill_switches[i], sign->count);
        eki_sign_emit(context, sign);
        return;
    }
}

static const char *const names[] = {"killswitch-dns", NULL}, *const families[] = {"wannacry", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_UDP, 53, 53}, {EKI_PROTOCOL_TCP, 80, 80}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_killswitch_dns;
const struct eki_sign_module eki_sign_module_killswitch_dns = {
    .name = "killswitch-dns",
    .signs = names,
    .families = families,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .segment = on_segment,
};
