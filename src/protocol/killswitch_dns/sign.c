/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. A question for a name that WannaCry asks for before it does anything: in DNS, or as the host
 * of an HTTP request. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "protocol/module.h"

enum { LONGEST = 255 /* RFC 1035, 3.1 */, LABEL = 63, RESPONSE = 0x8000 };

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
};

struct state {
    struct eki_pairs pairs;
};

/* Hosts that asked, by server: 1 MB. */
static const struct eki_pairs_shape shape = {sizeof(struct pair), 1 << 12};

static const struct eki_sign like = {.name = "killswitch-dns",
                                     .family = "wannacry",
                                     .technique = "",
                                     .grade = EKI_GRADE_NOTE,
                                     .automated = true};

/* Names that variants asked for; public since May 2017. */
static const char *const switches[] = {
    "iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com", "ifferfsodp9ifjaposdfjhgosurijfaewrwergwea.com",
    "iuqssfsodp9ifjaposdfjhgosurijfaewrwergwea.com", "iuqerfsodp9ifjaposdfjhgosurijfaewrwergweb.com",
    "ayylmaotjhsstasdfasdfasdfasdfasdfasdfasdf.com", "lazarusse.suiche.sdfjhgosurijfaqwqwqrgwea.com",
};

/* The first question of a query as text; false when it is no query, or cut away. */
static bool read_question(struct eki_cursor c, char ret_name[LONGEST + 1])
{
    size_t length = 0;
    eki_cursor_skip(&c, 2);
    uint16_t flags = eki_cursor_be16(&c), questions = eki_cursor_be16(&c);
    eki_cursor_skip(&c, 6);
    if (c.failed || flags & RESPONSE || !questions) return false;
    for (uint8_t label; (label = eki_cursor_u8(&c)) != 0;) {
        const uint8_t *text = eki_cursor_take(&c, label);
        /* A pointer has no place in the first name. */
        if (!text || label > LABEL || length + label + 1 > LONGEST) return false;
        if (length) ret_name[length++] = '.';
        memcpy(ret_name + length, text, label);
        length += label;
    }
    ret_name[length] = 0;
    return !c.failed && length;
}

/* The value of the line "Host:" of a request. */
static bool read_host(struct eki_cursor c, char ret_name[LONGEST + 1])
{
    static const char method[] = "GET ", field[] = "\nhost:";
    size_t length = 0, matched = 0;
    const uint8_t *start = eki_cursor_take(&c, sizeof method - 1);
    if (!start || memcmp(start, method, sizeof method - 1)) return false;
    while (c.left && matched < sizeof field - 1) {
        uint8_t letter = eki_cursor_u8(&c);
        if (letter >= 'A' && letter <= 'Z') letter = (uint8_t)(letter + 32);
        matched = letter == (uint8_t)field[matched] ? matched + 1 : letter == '\n';
    }
    while (c.left && length < LONGEST) {
        char letter = (char)eki_cursor_u8(&c);
        if (letter == ' ' && !length) continue;
        if (letter <= ' ' || letter == ':') break;
        ret_name[length++] = letter;
    }
    ret_name[length] = 0;
    return length;
}

const char *eki_sign_killswitch(const char *name)
{
    size_t length = strlen(name);
    if (length && name[length - 1] == '.') length--;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        size_t n = strlen(switches[i]);
        if (length < n || strncasecmp(name + length - n, switches[i], n)) continue;
        if (length == n || name[length - n - 1] == '.') return switches[i];
    }
    return NULL;
}

static void on_segment(struct eki_sign_context *context, const struct eki_segment *s)
{
    char name[LONGEST + 1];
    struct eki_cursor c = eki_cursor_over(s->packet->payload, s->packet->payload_captured);
    if (s->packet->target_port != s->service) return; /* answers repeat the question */
    if (!(s->service == 53 ? read_question(c, name) : read_host(c, name))) return;
    const char *found = eki_sign_killswitch(name);
    if (!found) return;
    struct state *state = eki_sign_state(context);
    struct pair *p = eki_sign_recall(context, &state->pairs, shape,
                                     &(struct eki_pair_key){s->client, s->server, s->service});
    if (!p) return;
    eki_sign_witness_segment(context, &p->sign, &like, s);
    snprintf(p->sign.detail, sizeof p->sign.detail, "asked %u time%s for %s", p->sign.count,
             p->sign.count == 1 ? "" : "s", found);
    eki_sign_emit(context, &p->sign);
}

static void done(void *user)
{
    eki_pairs_done(&((struct state *)user)->pairs);
}

static const char *const signs[] = {"killswitch-dns", NULL}, *const families[] = {"wannacry", NULL};
static const struct eki_sign_service segments[] = {
    {EKI_PROTOCOL_UDP, 53, 53}, {EKI_PROTOCOL_TCP, 80, 80}, {0, 0, 0}};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, pairs), &shape, {offsetof(struct pair, sign)}}, {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_killswitch_dns;
const struct eki_sign_module eki_sign_module_killswitch_dns = {.signs = signs,
                                                               .families = families,
                                                               .segments = segments,
                                                               .state_size = sizeof(struct state),
                                                               .tables = tables,
                                                               .done = done,
                                                               .segment = on_segment};
