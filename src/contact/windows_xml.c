/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows events as XML: what wevtutil and the Event Viewer write (UTF-8), with or without <Events> around
 * them. Each <Event> is cut out by its tags and handed to expat alone, so that no declaration can stand
 * before it: a document type, and with it every entity but the five of XML itself, is refused.
 */
#define _GNU_SOURCE
#include <expat.h>
#include <string.h>

#include "contact/windows.h"
#include "contact/lacks.h"

enum { VALUE = 512 /* bytes of one value; names of shares and files are at most 260 */, DEPTH = 16 };

struct windows_xml {
    struct eki_windows windows;
};

/* One event while it is parsed. */
struct event {
    XML_Parser parser;
    char texts[EKI_WINDOWS_VALUES][VALUE];
    size_t lengths[EKI_WINDOWS_VALUES];
    bool there[EKI_WINDOWS_VALUES];
    int current; /* the value whose text comes, or -1 */
    unsigned depth;
    bool refused;
};

static bool fits(const char *head, size_t length)
{
    while (length && ((unsigned char)*head == 0xef || (unsigned char)*head == 0xbb ||
                      (unsigned char)*head == 0xbf || *head == ' ' || *head == '\r' || *head == '\n'))
        head++, length--;
    return length && *head == '<' && eki_log_has(head, length, "<Event") &&
           eki_log_has(head, length, "<System") &&
           eki_log_has(head, length, "schemas.microsoft.com/win/2004/08/events");
}

static void begin_value(struct event *e, int value)
{
    e->current = value;
    e->lengths[value] = 0;
    e->there[value] = true;
}

static void put_text(struct event *e, const char *text, size_t length)
{
    if (e->current < 0) return;
    size_t room = VALUE - e->lengths[e->current];
    if (length > room) length = room; /* cut: such a name is no address and no number */
    memcpy(e->texts[e->current] + e->lengths[e->current], text, length);
    e->lengths[e->current] += length;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (!strcmp(attributes[0], name)) return attributes[1];
    return NULL;
}

static void on_start(void *user, const char *name, const char **attributes)
{
    struct event *e = user;
    e->current = -1;
    if (++e->depth > DEPTH) {
        e->refused = true;
        XML_StopParser(e->parser, XML_FALSE);
        return;
    }
    if (!strcmp(name, "EventID")) begin_value(e, EKI_WINDOWS_ID);
    if (!strcmp(name, "Computer")) begin_value(e, EKI_WINDOWS_COMPUTER);
    const char *time = !strcmp(name, "TimeCreated") ? attribute(attributes, "SystemTime") : NULL;
    if (time) {
        begin_value(e, EKI_WINDOWS_TIME);
        put_text(e, time, strlen(time));
        e->current = -1;
    }
    const char *data = !strcmp(name, "Data") ? attribute(attributes, "Name") : NULL;
    for (int i = EKI_WINDOWS_ADDRESS; i < EKI_WINDOWS_VALUES && data; i++)
        if (!strcmp(data, eki_windows_data[i])) begin_value(e, i);
}

static void on_end(void *user, const char *name)
{
    struct event *e = user;
    (void)name;
    e->current = -1;
    e->depth--;
}

static void on_text(void *user, const char *text, int length)
{
    put_text(user, text, (size_t)length);
}

static void on_doctype(void *user, const char *name, const char *system, const char *public, int internal)
{
    struct event *e = user;
    (void)name, (void)system, (void)public, (void)internal;
    e->refused = true;
    XML_StopParser(e->parser, XML_FALSE);
}

static void take_event(struct eki_log_reading *r, const char *text, size_t length, size_t at)
{
    struct windows_xml *w = r->state;
    struct event e = {.parser = XML_ParserCreate("UTF-8"), .current = -1};
    struct eki_field values[EKI_WINDOWS_VALUES];
    r->record++;
    if (!e.parser) {
        eki_log_fail(r, EKI_ERROR_MEMORY, at, "XML");
        return;
    }
    XML_SetUserData(e.parser, &e);
    XML_SetElementHandler(e.parser, on_start, on_end);
    XML_SetCharacterDataHandler(e.parser, on_text);
    XML_SetStartDoctypeDeclHandler(e.parser, on_doctype);
    bool good = XML_Parse(e.parser, text, (int)length, 1) == XML_STATUS_OK && !e.refused;
    XML_ParserFree(e.parser);
    if (!good) {
        eki_log_reject(r, at, "no well-formed XML");
        return;
    }
    for (int i = 0; i < EKI_WINDOWS_VALUES; i++)
        values[i] = (struct eki_field){e.texts[i], (uint32_t)e.lengths[i],
                                       e.there[i] ? EKI_FIELD_TEXT : EKI_FIELD_ABSENT, false};
    eki_windows_event(r, &w->windows, values, at);
}

/* Where an event begins; not <Events> or <EventData>. */
static const char *find_event(const char *at, const char *end)
{
    for (;; at++) {
        at = memmem(at, (size_t)(end - at), "<Event", 6);
        if (!at || end - at < 7) return NULL;
        if (at[6] == '>' || at[6] == ' ' || at[6] == '\r' || at[6] == '\n' || at[6] == '\t') return at;
    }
}

static size_t take(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended)
{
    static const char closing[] = "</Event>";
    const char *text = (const char *)bytes, *end = text + length, *at = text;
    while (at < end && at - text < EKI_LOG_WINDOW && !r->error) {
        const char *event = find_event(at, end);
        if (!event) {
            /* The beginning of a tag may be cut off here. */
            size_t rest = (size_t)(end - at), kept = ended || rest < 7 ? 0 : 7;
            if (!ended && rest < 7) break;
            return (size_t)(end - text) - kept;
        }
        const char *stop = memmem(event, (size_t)(end - event), closing, sizeof closing - 1);
        if (!stop) return (size_t)(event - text);
        stop += sizeof closing - 1;
        take_event(r, event, (size_t)(stop - event), (size_t)(event - text));
        at = stop;
    }
    return (size_t)(at - text);
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct windows_xml *w = r->state;
    return eki_windows_start(r, &w->windows);
}

static void stop(struct eki_log_reading *r)
{
    struct windows_xml *w = r->state;
    if (w) eki_windows_stop(&w->windows);
}

const struct eki_log_format eki_log_windows_xml = {
    .kind = {"windows-xml",
             "Windows events 4624, 4625, 5140, 5145, 7045 as XML (wevtutil, Event Viewer; UTF-8)",
             EKI_LACKS_WRITER "; " EKI_LACKS_LOGONS},
    .fits = fits,
    .state_size = sizeof(struct windows_xml),
    .start = start,
    .take = take,
    .stop = stop,
};
