/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/telnet_login/dialog.h"

#include <string.h>

#include "base/cursor.h"

/* RFC 854. */
enum {
    IAC = 255,
    SUB_BEGIN = 250,
    SUB_END = 240,
    WILL = 251,
    IN_SUBNEGOTIATION = 255,
    AFTER_IAC = 1,
    OPTION = 2,
    SUB_IAC = 254
};

static bool any_in(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strstr(text, *words)) return true;
    return false;
}

static bool ends_in(const char *text, size_t length, const char *end)
{
    size_t n = strlen(end);
    return length >= n && !memcmp(text + length - n, end, n);
}

/* Strips Telnet's commands; true when the byte is text. */
static bool is_text(uint8_t *escape, uint8_t byte)
{
    switch (*escape) {
    case 0:
        if (byte == IAC) *escape = AFTER_IAC;
        return byte != IAC;
    case AFTER_IAC:
        *escape = byte == SUB_BEGIN ? IN_SUBNEGOTIATION : byte >= WILL && byte < IAC ? OPTION : 0;
        return false;
    case OPTION: *escape = 0; return false;
    case IN_SUBNEGOTIATION:
        if (byte == IAC) *escape = SUB_IAC;
        return false;
    default: *escape = byte == SUB_END ? 0 : IN_SUBNEGOTIATION; return false;
    }
}

static char lower(uint8_t byte)
{
    return (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

static void push(struct eki_dialog *d, char c)
{
    if (d->tail_length == EKI_DIALOG_TAIL - 1) memmove(d->tail, d->tail + 1, --d->tail_length);
    d->tail[d->tail_length++] = c;
    d->tail[d->tail_length] = 0;
}

static void forget_tail(struct eki_dialog *d)
{
    d->tail_length = 0;
    d->tail[0] = 0;
}

/* A shell's prompt stands at the end of what the server said. */
static bool is_prompt(const struct eki_dialog *d)
{
    size_t n = d->tail_length;
    while (n && d->tail[n - 1] == ' ') n--;
    return n && strchr("#$>%", d->tail[n - 1]);
}

static unsigned fail(struct eki_dialog *d)
{
    bool asked = d->asked;
    d->asked = false;
    forget_tail(d);
    return asked ? EKI_DIALOG_FAILED : 0;
}

static unsigned accept(struct eki_dialog *d)
{
    d->asked = false;
    d->inside = true;
    return EKI_DIALOG_ACCEPTED;
}

/* After each byte of the server: does what it said so far mean something? */
static unsigned weigh_server(struct eki_dialog *d)
{
    static const char *const refusals[] = {"incorrect",    "login failed", "denied", "invalid",
                                           "bad password", "fail",         NULL};
    if (d->checking && strstr(d->tail, "applet not found")) {
        unsigned also = d->inside ? 0 : accept(d);
        d->checking = false;
        forget_tail(d);
        return EKI_DIALOG_CHECKED | also;
    }
    if (d->inside) return 0;
    if (ends_in(d->tail, d->tail_length, "password:") || ends_in(d->tail, d->tail_length, "passwd:")) {
        unsigned failed = d->asked ? EKI_DIALOG_FAILED : 0; /* asked again */
        forget_tail(d);
        d->telnet = d->asked = true;
        return failed;
    }
    if (ends_in(d->tail, d->tail_length, "last login:")) return accept(d);
    if (ends_in(d->tail, d->tail_length, "login:") || ends_in(d->tail, d->tail_length, "username:")) {
        d->telnet = true;
        return fail(d);
    }
    return d->asked && any_in(d->tail, refusals) ? fail(d) : 0;
}

/* A complete line of the client. */
static unsigned weigh_line(struct eki_dialog *d)
{
    static const char *const deliveries[] = {"wget ",    "tftp ",    "ftpget ",     "curl ",
                                             "echo -ne", "echo -en", "cp -f /bin/", NULL};
    static const char *const starts[] = {"chmod ", ";./", "; ./", "&& ./", " ;./", NULL};
    unsigned events = 0;
    const char *line = d->line;
    if (strstr(line, "/bin/busybox ")) d->checking = true;
    if (!d->inside) return 0;
    if (any_in(line, deliveries)) events |= EKI_DIALOG_DELIVERY;
    if (any_in(line, starts) || !strncmp(line, "./", 2)) events |= EKI_DIALOG_STARTED;
    return events;
}

static unsigned read_client(struct eki_dialog *d, uint8_t byte)
{
    if (byte != '\r' && byte != '\n') {
        if (byte >= ' ' && d->line_length < EKI_DIALOG_LINE - 1) d->line[d->line_length++] = lower(byte);
        d->line[d->line_length] = 0;
        return 0;
    }
    unsigned events = d->line_length ? weigh_line(d) : 0;
    d->line_length = 0;
    d->line[0] = 0;
    /* The echo of a line is no prompt, so what the server said before does not count any more. */
    if (d->inside || d->asked) forget_tail(d);
    return events;
}

unsigned eki_dialog_read(struct eki_dialog *d, const struct eki_segment *s)
{
    const struct eki_packet *p = s->packet;
    bool client = s->from_client;
    uint32_t sequence = p->sequence;
    if (d->seen[client] && (int32_t)(sequence + p->payload_wire - d->next[client]) <= 0)
        return 0; /* sent again */
    struct eki_cursor c = eki_cursor_over(p->payload, p->payload_captured);
    int32_t known = d->seen[client] ? (int32_t)(d->next[client] - sequence) : 0;
    if (known > 0) eki_cursor_skip(&c, (size_t)known < c.left ? (size_t)known : c.left);
    d->seen[client] = true;
    d->next[client] = sequence + p->payload_wire;
    unsigned events = client && d->inside ? EKI_DIALOG_WENT_ON : 0;
    while (c.left) {
        uint8_t byte = eki_cursor_u8(&c);
        if (!is_text(&d->escape[client], byte)) continue;
        if (client) {
            events |= read_client(d, byte);
            continue;
        }
        push(d, lower(byte));
        events |= weigh_server(d);
    }
    if (!client && d->asked && is_prompt(d)) events |= accept(d);
    return events;
}
