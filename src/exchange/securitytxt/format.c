/* SPDX-License-Identifier: Apache-2.0 */
/* security.txt: how a site wants to be told of weaknesses. */
#include <string.h>

#include "exchange/format.h"
#include "exchange/paragraph.h"

struct reading {
    struct eki_builder *b;
    struct eki_incident_team *team;
    unsigned contacts, expiries;
};

static const char *value_of(struct eki_builder *b, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (!colon) return NULL;
    size_t at = (size_t)(colon - line) + 1;
    while (at < length && line[at] == ' ') at++;
    return eki_build_bytes(b, line + at, length - at);
}

static void read_contact(struct reading *r, const char *value)
{
    r->contacts++;
    if (!strncmp(value, "mailto:", 7) && !r->team->mail)
        r->team->mail = value + 7;
    else if (!strncmp(value, "tel:", 4) && !r->team->phone)
        r->team->phone = value + 4;
    else if (!strncmp(value, "https://", 8) && !r->team->url)
        r->team->url = value;
    else if (!strncmp(value, "http://", 7))
        eki_build_note(r->b, "a contact is not https (RFC 9116, 2.5.3): %.100s", value);
}

static void read_field(struct reading *r, const char *line, size_t length)
{
    const char *value = value_of(r->b, line, length);
    if (!value) return;
    if (eki_line_begins(line, length, "Contact:")) {
        read_contact(r, value);
    } else if (eki_line_begins(line, length, "Expires:")) {
        r->team->expires = eki_build_time(value);
        r->expiries++;
    } else if (eki_line_begins(line, length, "Encryption:")) {
        r->team->key = value;
    } else if (eki_line_begins(line, length, "Preferred-Languages:")) {
        r->team->languages = value;
    } else if (eki_line_begins(line, length, "Policy:")) {
        r->team->policy = value;
    } else if (eki_line_begins(line, length, "Canonical:")) {
        const char *host = strstr(value, "://");
        r->team->domain = host ? eki_build_bytes(r->b, host + 3, strcspn(host + 3, "/")) : NULL;
    }
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    struct reading r = {.b = b, .team = eki_build_team(b, NULL)};
    const char *at = input->bytes, *end = at + input->length, *line;
    size_t length;
    while (r.team && !b->error && eki_next_line(&at, end, &line, &length))
        if (length && *line != '#' && *line != '-') read_field(&r, line, length);
    if (!r.contacts) return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no Contact (RFC 9116, 2.5.3)");
    r.team->name = r.team->domain ? r.team->domain : r.team->mail ? r.team->mail : r.team->url;
    if (r.expiries != 1)
        eki_build_note(b, "Expires must stand exactly once (RFC 9116, 2.5.5); it stands %u times",
                       r.expiries);
    if (r.expiries == 1 && r.team->expires == EKI_TIME_NONE) eki_build_note(b, "Expires is no date");
    eki_build_mark(b, EKI_TLP_CLEAR); /* published for all */
    return EKI_OK;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    const char *at = input->bytes, *end = at + (input->length < 32768 ? input->length : 32768), *line;
    size_t length;
    bool contact = false, other = false;
    if (strchr("{[<", *at)) return 0;
    while (eki_next_line(&at, end, &line, &length)) {
        contact |= eki_line_begins(line, length, "Contact:");
        other |= eki_line_begins(line, length, "Expires:") || eki_line_begins(line, length, "Canonical:") ||
                 eki_line_begins(line, length, "Preferred-Languages:");
    }
    return contact && other ? 85 : contact ? 30 : 0;
}

const struct eki_exchange_format eki_exchange_format_securitytxt = {
    .name = "securitytxt",
    .title = "security.txt (RFC 9116)",
    .detect = detect,
    .read = read,
};
