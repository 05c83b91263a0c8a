/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Split files of the RIPE database (RPSL, RFC 2622: objects of "key: value" lines, empty lines between them,
 * a line that begins with a blank or '+' goes on with the value before it). Organisations become teams, their
 * abuse-c a contact with role abuse; inetnum, inet6num and aut-num become networks of the organisation; route
 * and route6 say which AS announces a prefix. Objects may stand in any order and in any of the files, so
 * contacts are made when all were read.
 */
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "directory/entry.h"
#include "directory/lines.h"
#include "directory/texts.h"

enum { ATTRIBUTE = 512 };

/* The attributes that are of use. */
enum attribute { NAME = 0, COUNTRY, ORG, ABUSE_C, ABUSE_MAILBOX, EMAIL, ORIGIN, NIC_HDL, ADDRESS, KNOWN };
static const struct {
    const char *key;
    enum attribute attribute;
} known[] = {{"netname", NAME},
             {"as-name", NAME},
             {"org-name", NAME},
             {"country", COUNTRY},
             {"org", ORG},
             {"abuse-c", ABUSE_C},
             {"abuse-mailbox", ABUSE_MAILBOX},
             {"e-mail", EMAIL},
             {"origin", ORIGIN},
             {"nic-hdl", NIC_HDL},
             {"address", ADDRESS}};

struct object {
    char class_name[24], key[ATTRIBUTE];
    char values[KNOWN][ATTRIBUTE];
    uint32_t line;
    bool any;
};

/* An organisation that waits for the mailbox of its abuse-c. */
struct waiting {
    const char *team, *handle;
    uint32_t line;
};

struct eki_rpsl {
    struct object object;
    struct eki_names roles; /* nic-hdl, position in mailboxes */
    const char **mailboxes;
    size_t mailbox_count, mailbox_capacity;
    struct waiting *waiting;
    size_t waiting_count, waiting_capacity;
    uint32_t line;
    char *last; /* the value that a continuation goes on with; NULL: not wanted */
};

enum eki_error eki_rpsl_new(struct eki_rpsl **ret_rpsl)
{
    *ret_rpsl = eki_allocate(1, sizeof **ret_rpsl);
    return *ret_rpsl ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_rpsl_free(struct eki_rpsl *rpsl)
{
    if (!rpsl) return;
    eki_names_done(&rpsl->roles);
    eki_free(rpsl->mailboxes);
    eki_free(rpsl->waiting);
    eki_free(rpsl);
}

static const char *team_of(const char *org, char ret_id[160])
{
    snprintf(ret_id, 160, "ripe:%.120s", org);
    return ret_id;
}

/* An e-mail or handle goes to the arena, since the object is soon another one. */
static const char *keep(struct eki_import *import, const char *text)
{
    const char *kept = eki_directory_keep(import->directory, text, strlen(text));
    if (!kept) import->error = EKI_ERROR_MEMORY;
    return kept;
}

static void add_role(struct eki_rpsl *r, struct eki_import *import)
{
    const struct object *o = &r->object;
    const char *mailbox = o->values[ABUSE_MAILBOX][0] ? o->values[ABUSE_MAILBOX] : o->values[EMAIL];
    if (!o->values[NIC_HDL][0] || !mailbox[0]) {
        import->counts->without_use++;
        return;
    }
    const char **mailboxes =
        eki_array_reserve((void *)r->mailboxes, r->mailbox_count, &r->mailbox_capacity, sizeof *mailboxes);
    if (mailboxes) r->mailboxes = mailboxes;
    const char *handle = keep(import, o->values[NIC_HDL]), *kept = keep(import, mailbox);
    if (!mailboxes || !handle || !kept || eki_names_add(&r->roles, handle, (uint32_t)r->mailbox_count))
        import->error = EKI_ERROR_MEMORY;
    else
        mailboxes[r->mailbox_count++] = kept;
}

static void add_organisation(struct eki_rpsl *r, struct eki_import *import)
{
    const struct object *o = &r->object;
    char id[160];
    struct eki_team *team = eki_entry_record(import, EKI_RECORD_TEAM);
    eki_entry_set(import, EKI_RECORD_TEAM, team, "id", team_of(o->key, id));
    eki_entry_set(import, EKI_RECORD_TEAM, team, "name", o->values[NAME][0] ? o->values[NAME] : o->key);
    eki_entry_set(import, EKI_RECORD_TEAM, team, "country", o->values[COUNTRY]);
    eki_entry_set(import, EKI_RECORD_TEAM, team, "postal", o->values[ADDRESS]);
    if (import->wrong || import->error || !o->values[ABUSE_C][0]) return;
    struct waiting *waiting =
        eki_array_reserve(r->waiting, r->waiting_count, &r->waiting_capacity, sizeof *waiting);
    if (waiting) r->waiting = waiting;
    const char *handle = keep(import, o->values[ABUSE_C]);
    if (!waiting || !handle)
        import->error = EKI_ERROR_MEMORY;
    else
        waiting[r->waiting_count++] = (struct waiting){team->id, handle, o->line};
}

/* Blanks in "192.0.2.0 - 192.0.2.255" are dropped. */
static void drop_blanks(char *text)
{
    char *to = text;
    for (; *text; text++)
        if (*text != ' ' && *text != '\t') *to++ = *text;
    *to = '\0';
}

static void add_block(struct eki_rpsl *r, struct eki_import *import)
{
    struct object *o = &r->object;
    char id[160], country[4] = "";
    bool owned = o->values[ORG][0], placed = eki_country_read(o->values[COUNTRY], country);
    if (!owned && !placed) {
        import->counts->without_use++;
        return;
    }
    drop_blanks(o->key);
    size_t first = import->directory->of[EKI_RECORD_NETWORK].count;
    eki_entry_resource(import, owned ? team_of(o->values[ORG], id) : NULL, NULL, o->key);
    struct eki_network *networks = import->directory->of[EKI_RECORD_NETWORK].items;
    for (size_t i = first; i < import->directory->of[EKI_RECORD_NETWORK].count; i++) {
        if (!networks[i].has_prefix) eki_entry_wrong(import, "\"%.60s\" is no address block", o->key);
        eki_entry_set(import, EKI_RECORD_NETWORK, &networks[i], "name", o->values[NAME]);
        if (placed) eki_entry_set(import, EKI_RECORD_NETWORK, &networks[i], "in_country", country);
    }
}

static void add_route(struct eki_rpsl *r, struct eki_import *import)
{
    struct eki_network *n = eki_entry_record(import, EKI_RECORD_NETWORK);
    eki_entry_set(import, EKI_RECORD_NETWORK, n, "prefix", r->object.key);
    eki_entry_set(import, EKI_RECORD_NETWORK, n, "origin", r->object.values[ORIGIN]);
}

static void add_as(struct eki_rpsl *r, struct eki_import *import)
{
    char id[160];
    if (!r->object.values[ORG][0]) {
        import->counts->without_use++;
        return;
    }
    struct eki_network *n = eki_entry_record(import, EKI_RECORD_NETWORK);
    eki_entry_set(import, EKI_RECORD_NETWORK, n, "asn", r->object.key);
    eki_entry_set(import, EKI_RECORD_NETWORK, n, "name", r->object.values[NAME]);
    eki_entry_set(import, EKI_RECORD_NETWORK, n, "team", team_of(r->object.values[ORG], id));
}

static const struct {
    const char *class_name;
    void (*add)(struct eki_rpsl *r, struct eki_import *import);
} classes[] = {{"organisation", add_organisation},
               {"role", add_role},
               {"person", add_role},
               {"inetnum", add_block},
               {"inet6num", add_block},
               {"route", add_route},
               {"route6", add_route},
               {"aut-num", add_as}};

static enum eki_error end_object(struct eki_rpsl *r, struct eki_import *import)
{
    struct object *o = &r->object;
    enum eki_error error = EKI_OK;
    if (o->any) {
        size_t i = 0, count = sizeof classes / sizeof *classes;
        while (i < count && strcmp(classes[i].class_name, o->class_name) != 0) i++;
        eki_entry_begin(import, o->line);
        if (i < count)
            classes[i].add(r, import);
        else
            import->counts->without_use++;
        error = eki_entry_end(import);
    }
    o->any = false;
    o->class_name[0] = o->key[0] = '\0';
    for (int i = 0; i < KNOWN; i++) o->values[i][0] = '\0';
    r->last = NULL;
    return error;
}

/* Appends to a value, cut at its room: such long addresses are read by nobody. */
static void append(char *value, const char *text, size_t length)
{
    size_t used = strlen(value), room = ATTRIBUTE - 1 - used;
    if (used && room > 1) value[used++] = '\n', room--;
    if (length > room) length = room;
    memcpy(value + used, text, length);
    value[used + length] = '\0';
    for (char *c = value + used; *c; c++)
        if ((unsigned char)*c < 0x20) *c = ' ';
}

/* What stands before a comment, without blanks at the ends. */
static void trim(const char **text, size_t *length)
{
    const char *comment = memchr(*text, '#', *length);
    if (comment) *length = (size_t)(comment - *text);
    while (*length && strchr(" \t\r\n", **text)) ++*text, --*length;
    while (*length && strchr(" \t\r\n", (*text)[*length - 1])) --*length;
}

/* Letters, digits and hyphens (RFC 2622, 2). */
static bool is_key(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = line[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        if (!good) return false;
    }
    return length;
}

static void read_attribute(struct eki_rpsl *r, const char *line, size_t length)
{
    struct object *o = &r->object;
    const char *colon = memchr(line, ':', length);
    size_t key = colon ? (size_t)(colon - line) : 0;
    r->last = NULL;
    if (key >= sizeof o->class_name || !is_key(line, key)) return;
    const char *value = colon + 1;
    size_t value_length = length - key - 1;
    trim(&value, &value_length);
    if (!o->any) {
        o->any = true;
        o->line = r->line;
        for (size_t i = 0; i < key; i++)
            o->class_name[i] = line[i] >= 'A' && line[i] <= 'Z' ? (char)(line[i] + 32) : line[i];
        o->class_name[key] = '\0';
        append(o->key, value, value_length);
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].key) != key || strncasecmp(known[i].key, line, key)) continue;
        char *place = o->values[known[i].attribute];
        if (*place && known[i].attribute != ADDRESS) return; /* the first counts */
        append(place, value, value_length);
        r->last = place;
        return;
    }
}

static enum eki_error read_line(struct eki_rpsl *r, struct eki_import *import, const char *line,
                                size_t length)
{
    r->line++;
    if (line[0] == '#' || line[0] == '%') return EKI_OK;
    const char *text = line;
    size_t left = length;
    trim(&text, &left);
    if (!left && line[0] != '+' && memchr(line, '#', length) == NULL) return end_object(r, import);
    if (line[0] == ' ' || line[0] == '\t' || line[0] == '+') {
        if (line[0] == '+') line++, length--;
        trim(&line, &length);
        if (r->last && length) append(r->last, line, length);
        return EKI_OK;
    }
    read_attribute(r, line, length);
    return EKI_OK;
}

enum eki_error eki_rpsl_read(struct eki_rpsl *r, struct eki_import *import, struct eki_source *source)
{
    size_t length, before = import->counts->entries;
    r->line = 0;
    for (;;) {
        enum eki_error error = eki_lines_next(source, false, &length);
        if (error) return error;
        if (!length) break;
        error = read_line(r, import, (const char *)source->at, length);
        if (error) return error;
        eki_source_pass(source, length);
    }
    enum eki_error error = end_object(r, import);
    if (!error && import->counts->entries == before)
        return eki_fault_set(import->fault, EKI_ERROR_FORMAT, 0, "no RPSL object in it");
    return error;
}

/* Organisations that networks name but no file holds. */
static enum eki_error add_missing(struct eki_import *import)
{
    struct eki_directory *d = import->directory;
    struct eki_names teams = {0};
    const struct eki_team *t = d->of[EKI_RECORD_TEAM].items;
    for (uint32_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++)
        if (eki_names_add(&teams, t[i].id, i)) import->error = EKI_ERROR_MEMORY;
    eki_names_sort(&teams);
    for (uint32_t i = 0; i < d->of[EKI_RECORD_NETWORK].count && !import->error; i++) {
        const struct eki_network *n = (const struct eki_network *)d->of[EKI_RECORD_NETWORK].items + i;
        if (!n->team || eki_names_find(&teams, n->team) != EKI_NOWHERE) continue;
        import->line = n->record.line;
        struct eki_team *team = eki_entry_record(import, EKI_RECORD_TEAM);
        if (team) team->id = team->name = n->team;
    }
    eki_names_done(&teams);
    return import->error ? import->error : eki_import_unique(d, EKI_RECORD_TEAM);
}

enum eki_error eki_rpsl_finish(struct eki_rpsl *r, struct eki_import *import)
{
    char id[200];
    eki_names_sort(&r->roles);
    for (size_t i = 0; i < r->waiting_count; i++) {
        uint32_t at = eki_names_find(&r->roles, r->waiting[i].handle);
        import->line = r->waiting[i].line;
        import->wrong = false;
        for (int kind = 0; kind < EKI_RECORD_KINDS; kind++)
            import->before[kind] = import->directory->of[kind].count;
        if (at == EKI_NOWHERE) continue;
        snprintf(id, sizeof id, "%.120s-abuse", r->waiting[i].team);
        eki_entry_contact(import, &(struct eki_entry_contact){.id = id,
                                                              .team = r->waiting[i].team,
                                                              .address = r->mailboxes[at],
                                                              .role = EKI_ROLE_ABUSE,
                                                              .medium = EKI_MEDIUM_EMAIL});
        enum eki_error error = eki_entry_end(import);
        if (error) return error;
    }
    enum eki_error error = eki_import_unique(import->directory, EKI_RECORD_TEAM);
    if (!error) error = eki_import_unique(import->directory, EKI_RECORD_CONTACT);
    return error ? error : add_missing(import);
}
