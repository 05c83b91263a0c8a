/* SPDX-License-Identifier: Apache-2.0 */
/* What one of those concerned gets to see of an incident: their own hosts, and not a word of anybody else's.
 */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/exchange.h"
#include "exchange/build.h"

enum { WORD = 300 /* a name has at most 253 letters (RFC 1035); a port may follow it */ };
static const char withheld[] = "(another host)";

struct slicing {
    const struct eki_incident *whole;
    struct eki_builder b;
    json_t *others; /* names of hosts that are not theirs */
    char *text;     /* room for a text with words replaced */
};

/* What names of hosts are made of: a word, as far as this is about. */
static size_t word_length(const char *text)
{
    return strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:_-");
}

static bool is_other(const struct slicing *s, const char *name, size_t length)
{
    char text[EKI_ADDRESS_TEXT], canonical[EKI_ADDRESS_TEXT];
    struct eki_address address;
    if (json_object_getn(s->others, name, length)) return true;
    if (length >= sizeof text) return false;
    memcpy(text, name, length);
    text[length] = '\0';
    return !eki_address_parse(text, &address) &&
           json_object_get(s->others, eki_address_format(address, canonical));
}

static bool is_joint(char letter)
{
    return letter == '.' || letter == ':' || letter == '-' || letter == '_';
}

/* Where in a word the name of another's host stands: the whole of it, or between joints, as in
 * "192.0.2.1:445", "192.0.2.1-192.0.2.9" and at the end of a sentence. A word too long for a name of a host
 * and its joints counts as one altogether. */
static bool find_other(const struct slicing *s, const char *word, size_t length, size_t *ret_at,
                       size_t *ret_length)
{
    *ret_at = 0;
    *ret_length = length;
    if (length > WORD) return true;
    for (size_t at = 0; at < length; at++) {
        if (at && !is_joint(word[at - 1])) continue;
        for (size_t end = length; end > at; end--) {
            if ((end < length && !is_joint(word[end])) || !is_other(s, word + at, end - at)) continue;
            *ret_at = at;
            *ret_length = end - at;
            return true;
        }
    }
    return false;
}

static bool mentions_other(const struct slicing *s, const char *text)
{
    size_t at, part;
    while (*text) {
        size_t length = word_length(text);
        if (length && find_other(s, text, length, &at, &part)) return true;
        text += length ? length : 1;
    }
    return false;
}

static size_t put(char *place, size_t room, const char *text, size_t length)
{
    if (length > room) length = room;
    memcpy(place, text, length);
    return length;
}

/* The text without the names of others' hosts. */
static const char *censor(struct slicing *s, const char *text)
{
    size_t used = 0, at, part;
    while (text && *text && used < EKI_EXCHANGE_TEXT) {
        size_t length = word_length(text);
        bool other = length && find_other(s, text, length, &at, &part);
        size_t plain = !length ? 1 : other ? at : length;
        used += put(s->text + used, EKI_EXCHANGE_TEXT - used, text, plain);
        text += plain;
        if (!other) continue;
        used += put(s->text + used, EKI_EXCHANGE_TEXT - used, withheld, sizeof withheld - 1);
        text += part;
    }
    return text ? eki_build_bytes(&s->b, s->text, used) : NULL;
}

static enum eki_error note_others(struct slicing *s, eki_incident_keep *keep, void *user)
{
    for (size_t i = 0; i < s->whole->host_count; i++) {
        const struct eki_incident_host *h = &s->whole->hosts[i];
        if (!keep(user, h) && json_object_set_new_nocheck(s->others, h->name, json_true()))
            return EKI_ERROR_MEMORY;
    }
    return EKI_OK;
}

static void copy_hosts(struct slicing *s)
{
    for (size_t i = 0; i < s->whole->host_count; i++) {
        const struct eki_incident_host *h = &s->whole->hosts[i];
        if (json_object_get(s->others, h->name)) continue;
        struct eki_incident_host *copy = eki_build_at(&s->b, eki_build_host(&s->b, h->name, h->role));
        if (!copy) return;
        copy->first = h->first;
        copy->last = h->last;
        copy->port = h->port;
        copy->protocol = h->protocol;
        copy->confidence = h->confidence;
        copy->evidence = censor(s, h->evidence);
        copy->detail = censor(s, h->detail);
    }
}

static void copy_edges(struct slicing *s)
{
    size_t from_others = 0, to_others = 0;
    for (size_t i = 0; i < s->whole->edge_count; i++) {
        const struct eki_incident_edge *e = &s->whole->edges[i];
        const char *from = s->whole->hosts[e->from].name, *to = s->whole->hosts[e->to].name;
        bool from_other = json_object_get(s->others, from), to_other = json_object_get(s->others, to);
        from_others += from_other && !to_other;
        to_others += to_other && !from_other;
        if (from_other || to_other) continue;
        eki_build_edge(&s->b, eki_build_host(&s->b, from, EKI_ROLE_OTHER),
                       eki_build_host(&s->b, to, EKI_ROLE_OTHER), e->at, e->confidence);
    }
    if (from_others) eki_build_note(&s->b, "infections that came from elsewhere: %zu", from_others);
    if (to_others) eki_build_note(&s->b, "infections that went elsewhere: %zu", to_others);
}

static void copy_indicators(struct slicing *s)
{
    for (size_t i = 0; i < s->whole->indicator_count; i++) {
        const struct eki_indicator *n = &s->whole->indicators[i];
        if (mentions_other(s, n->value)) continue;
        struct eki_indicator *copy = eki_build_indicator(&s->b, n->kind, n->value);
        if (!copy) return;
        copy->comment = censor(s, n->comment);
        copy->first = n->first;
        copy->last = n->last;
        copy->detect = n->detect;
    }
    for (size_t i = 0; i < s->whole->technique_count; i++)
        eki_build_technique(&s->b, s->whole->techniques[i].id, s->whole->techniques[i].name);
    for (size_t i = 0; i < s->whole->vulnerability_count; i++)
        eki_build_vulnerability(&s->b, s->whole->vulnerabilities[i].id);
}

/* The summary speaks of all hosts, the notes of the whole file: neither is copied. */
static void copy_head(struct slicing *s)
{
    const struct eki_incident *whole = s->whole;
    struct eki_incident *incident = s->b.incident;
    incident->title = censor(s, whole->title);
    incident->family = eki_build_text(&s->b, whole->family);
    incident->vector = eki_build_text(&s->b, whole->vector);
    incident->route = eki_build_text(&s->b, whole->route);
    incident->tlp = whole->tlp;
    incident->marked = whole->marked;
    incident->created = whole->created;
    incident->modified = whole->modified;
    incident->port = whole->port;
    incident->protocol = whole->protocol;
    if (whole->id) eki_build_reference(&s->b, "ekigaku", whole->id, NULL);
    if (!s->b.error)
        s->b.error = eki_incident_report_by(incident, whole->reporter.name, whole->reporter.mail,
                                            whole->reporter.domain);
}

enum eki_error eki_incident_slice(const struct eki_incident *incident, eki_incident_keep *keep, void *user,
                                  struct eki_incident **ret_slice)
{
    struct slicing s = {.whole = incident, .others = json_object()};
    s.text = eki_allocate(EKI_EXCHANGE_TEXT, 1);
    enum eki_error error = s.others && s.text ? eki_build_begin(&s.b, NULL) : EKI_ERROR_MEMORY;
    if (!error) {
        error = note_others(&s, keep, user);
        if (!error) {
            copy_head(&s);
            copy_hosts(&s);
            copy_edges(&s);
            copy_indicators(&s);
            error = s.b.error;
        }
        eki_build_done(&s.b);
        if (error)
            eki_incident_free(s.b.incident);
        else
            *ret_slice = s.b.incident;
    }
    json_decref(s.others);
    eki_free(s.text);
    return error;
}
