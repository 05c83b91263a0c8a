/* SPDX-License-Identifier: Apache-2.0 */
/* A team's description of itself, by the numbered headings of RFC 2350, appendix D. */
#include <ctype.h>
#include <string.h>

#include "exchange/format.h"
#include "exchange/paragraph.h"

enum section {
    NONE = 0,
    UPDATED,
    NAME,
    ZONE,
    PHONE,
    MAIL,
    KEYS,
    WEB,
    HOURS,
    CONSTITUENCY,
    POLICY,
    SECTION_COUNT
};

/* By words of the heading, since teams number them differently. */
static const struct {
    const char *words;
    enum section section;
} headings[] = {
    {"date of last update", UPDATED},
    {"name of the team", NAME},
    {"time zone", ZONE},
    {"telephone number", PHONE},
    {"electronic mail address", MAIL},
    {"public keys", KEYS},
    {"other information", WEB},
    {"points of customer contact", HOURS},
    {"constituency", CONSTITUENCY},
    {"communication and authentication", POLICY},
};

struct reading {
    struct eki_builder *b;
    enum section section;
    char text[1024]; /* of the section, in one line */
    size_t length;
    const char *texts[SECTION_COUNT];
};

/* "2.7 Electronic Mail Address", "2.7. ...": the words after the number; NULL when the line is no heading. */
static const char *heading_of(const char *line, size_t length, size_t *ret_length)
{
    size_t at = 0, digits = 0;
    while (at < length && (isdigit((unsigned char)line[at]) || line[at] == '.')) digits += line[at++] != '.';
    if (!digits || digits > 4 || at >= length || line[at] != ' ') return NULL;
    while (at < length && line[at] == ' ') at++;
    *ret_length = length - at;
    return length - at && isalpha((unsigned char)line[at]) ? line + at : NULL;
}

static void end_section(struct reading *r)
{
    if (r->section && r->length && !r->texts[r->section])
        r->texts[r->section] = eki_build_bytes(r->b, r->text, r->length);
    r->length = 0;
    r->section = NONE;
}

static void take_line(struct reading *r, const char *line, size_t length)
{
    size_t words;
    const char *heading = heading_of(line, length, &words);
    if (heading) {
        end_section(r);
        for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
            if (eki_line_begins(heading, words, headings[i].words)) r->section = headings[i].section;
        return;
    }
    if (!r->section || !length || r->length + length + 2 > sizeof r->text) return;
    if (r->length) r->text[r->length++] = ' ';
    memcpy(r->text + r->length, line, length);
    r->length += length;
}

/* The first word with an @ in it, without what encloses it. */
static const char *mail_in(struct eki_builder *b, const char *text)
{
    const char *at = text ? strchr(text, '@') : NULL;
    if (!at) return NULL;
    const char *begin = at, *end = at + 1;
    while (begin > text && !strchr(" <>()[],;:\"'", begin[-1])) begin--;
    while (*end && !strchr(" <>()[],;:\"'", *end)) end++;
    while (end > at && end[-1] == '.') end--;
    return eki_build_bytes(b, begin, (size_t)(end - begin));
}

static const char *url_in(struct eki_builder *b, const char *text)
{
    const char *at = text ? strstr(text, "http") : NULL;
    return at ? eki_build_bytes(b, at, strcspn(at, " <>\"")) : NULL;
}

/* "1997/03/31", "2024-01-02": the first date in a text. */
static eki_time date_in(const char *text)
{
    for (; text && *text; text++) {
        char day[11];
        if (!isdigit((unsigned char)*text) || strlen(text) < 10) continue;
        memcpy(day, text, 10);
        day[10] = '\0';
        for (int i = 4; i <= 7; i += 3)
            if (day[i] == '/') day[i] = '-';
        eki_time time = eki_build_time(day);
        if (time != EKI_TIME_NONE) return time;
    }
    return EKI_TIME_NONE;
}

/* Key ids and fingerprints are kept with their words: there is no one way to write them. */
static void fill(const struct reading *r, struct eki_incident_team *team)
{
    team->mail = mail_in(r->b, r->texts[MAIL]);
    team->url = url_in(r->b, r->texts[WEB]);
    team->phone = r->texts[PHONE];
    team->constituency = r->texts[CONSTITUENCY];
    team->key = r->texts[KEYS];
    team->hours = r->texts[HOURS] ? r->texts[HOURS] : r->texts[ZONE];
    team->policy = r->texts[POLICY];
    team->updated = date_in(r->texts[UPDATED]);
    const char *domain = team->mail ? strchr(team->mail, '@') : NULL;
    team->domain = domain ? domain + 1 : NULL;
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    struct reading r = {.b = b};
    const char *at = input->bytes, *end = at + input->length, *line;
    size_t length;
    while (!b->error && eki_next_line(&at, end, &line, &length)) take_line(&r, line, length);
    end_section(&r);
    if (!r.texts[NAME]) return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no \"Name of the Team\"");
    struct eki_incident_team *team = eki_build_team(b, r.texts[NAME]);
    if (team) fill(&r, team);
    if (!r.texts[MAIL]) eki_build_note(b, "it names no electronic mail address (2.7)");
    eki_build_mark(b, EKI_TLP_CLEAR); /* published for all */
    return EKI_OK;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    const char *at = input->bytes, *end = at + (input->length < 262144 ? input->length : 262144), *line;
    size_t length, words;
    unsigned found = 0;
    if (strchr("{[<", *at)) return 0;
    while (eki_next_line(&at, end, &line, &length)) {
        const char *heading = heading_of(line, length, &words);
        for (size_t i = 0; heading && i < sizeof headings / sizeof *headings; i++)
            found += eki_line_begins(heading, words, headings[i].words);
    }
    return found >= 4 ? 75 : 0;
}

const struct eki_exchange_format eki_exchange_format_rfc2350 = {
    .name = "rfc2350",
    .title = "RFC 2350 description of a team, plain text",
    .detect = detect,
    .read = read,
};
