/* SPDX-License-Identifier: Apache-2.0 */
#include "directory/entry.h"

#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "directory/texts.h"

enum { RANGE_PREFIXES = 64 }; /* a range of IPv4 needs at most 62 */

void eki_entry_begin(struct eki_import *import, uint32_t line)
{
    import->line = line;
    import->wrong = false;
    import->counts->entries++;
    for (int kind = 0; kind < EKI_RECORD_KINDS; kind++)
        import->before[kind] = import->directory->of[kind].count;
}

void eki_entry_wrong(struct eki_import *import, const char *format, ...)
{
    char text[160];
    va_list arguments;
    if (import->wrong) return;
    import->wrong = true;
    import->counts->passed_over++;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (import->request->problem) import->request->problem(import->request->user, import->line, text);
    if (import->counts->passed_over > EKI_ROSTER_WRONG)
        import->error = eki_fault_set(import->fault, EKI_ERROR_FORMAT, 0,
                                      "more than %d entries are wrong, the last: %s", EKI_ROSTER_WRONG, text);
}

void *eki_entry_record(struct eki_import *import, enum eki_record_kind kind)
{
    void *record = NULL;
    if (import->error) return NULL;
    import->error = eki_records_append(import->directory, kind, &record, import->fault);
    if (import->error) return NULL;
    struct eki_record *head = record;
    head->line = import->line;
    head->entered = import->request->now;
    if (!import->request->source) return record;
    head->source = eki_directory_keep_source(import->directory, import->request->source);
    if (!head->source) import->error = EKI_ERROR_MEMORY;
    return record;
}

void eki_entry_set(struct eki_import *import, enum eki_record_kind kind, void *record, const char *key,
                   const char *text)
{
    if (!record || !text || import->error || import->wrong) return;
    const struct eki_schema_field *field = eki_schema_field(eki_schema_of(kind), key);
    const char *wrong =
        field ? eki_schema_set(import->directory, field, record, text, strlen(text)) : "is not known";
    if (!wrong) return;
    if (!strcmp(wrong, "memory"))
        import->error = EKI_ERROR_MEMORY;
    else
        eki_entry_wrong(import, "%s \"%.60s\" %s", key, text, wrong);
}

enum eki_error eki_entry_end(struct eki_import *import)
{
    struct eki_directory *d = import->directory;
    struct eki_fault fault = {0};
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS && !import->wrong; kind++)
        for (size_t i = import->before[kind]; i < d->of[kind].count && !import->wrong; i++) {
            const void *record = (const char *)d->of[kind].items + i * eki_schema_of(kind)->size;
            if (eki_schema_validate(kind, record, 0, &fault)) eki_entry_wrong(import, "%s", fault.what);
        }
    if (import->wrong || import->error)
        for (int kind = 0; kind < EKI_RECORD_KINDS; kind++) d->of[kind].count = import->before[kind];
    return import->error;
}

void eki_entry_contact(struct eki_import *import, const struct eki_entry_contact *from)
{
    struct eki_contact_point *c = eki_entry_record(import, EKI_RECORD_CONTACT);
    if (!c) return;
    eki_entry_set(import, EKI_RECORD_CONTACT, c, "id", from->id);
    eki_entry_set(import, EKI_RECORD_CONTACT, c, "team", from->team);
    eki_entry_set(import, EKI_RECORD_CONTACT, c, "address", from->address);
    eki_entry_set(import, EKI_RECORD_CONTACT, c, "name", from->name);
    c->role = (uint8_t)from->role;
    c->medium = (uint8_t)from->medium;
}

static struct eki_network *add_network(struct eki_import *import, const char *team, const char *department)
{
    struct eki_network *n = eki_entry_record(import, EKI_RECORD_NETWORK);
    eki_entry_set(import, EKI_RECORD_NETWORK, n, "team", team);
    eki_entry_set(import, EKI_RECORD_NETWORK, n, "department", department);
    return n;
}

/* "192.0.2.0 - 192.0.2.255" without blanks; false when it is no range. */
static bool add_range(struct eki_import *import, const char *team, const char *department, const char *word)
{
    char first_text[EKI_ADDRESS_TEXT];
    struct eki_address first, last;
    struct eki_prefix prefixes[RANGE_PREFIXES];
    const char *dash = strchr(word, '-');
    size_t length = dash ? (size_t)(dash - word) : 0;
    if (!length || length >= sizeof first_text) return false;
    memcpy(first_text, word, length);
    first_text[length] = '\0';
    if (eki_address_parse(first_text, &first) || eki_address_parse(dash + 1, &last)) return false;
    size_t count = eki_range_prefixes(first, last, prefixes, RANGE_PREFIXES);
    if (!count) eki_entry_wrong(import, "range \"%.60s\" runs backwards", word);
    for (size_t i = 0; i < count; i++) {
        struct eki_network *n = add_network(import, team, department);
        if (!n) return true;
        n->prefix = prefixes[i];
        n->has_prefix = true;
    }
    return true;
}

void eki_entry_resource(struct eki_import *import, const char *team, const char *department, const char *word)
{
    struct eki_prefix prefix;
    uint32_t asn;
    if (add_range(import, team, department, word)) return;
    struct eki_network *n = add_network(import, team, department);
    bool address = strchr(word, '/') || !eki_prefix_read(word, &prefix);
    if (address)
        eki_entry_set(import, EKI_RECORD_NETWORK, n, "prefix", word);
    else if (eki_asn_read(word, &asn))
        eki_entry_set(import, EKI_RECORD_NETWORK, n, "asn", word);
    else
        eki_entry_set(import, EKI_RECORD_NETWORK, n, "domain", word);
}

/* The id of a team, department or contact, which stands right behind the record in all three. */
static const char *id_of(const void *record)
{
    return ((const struct eki_team *)record)->id;
}

_Static_assert(offsetof(struct eki_team, id) == offsetof(struct eki_department, id) &&
                   offsetof(struct eki_team, id) == offsetof(struct eki_contact_point, id),
               "ids stand at the same place");

enum eki_error eki_import_unique(struct eki_directory *d, enum eki_record_kind kind)
{
    struct eki_records *r = &d->of[kind];
    size_t size = eki_schema_of(kind)->size, kept = 0;
    struct eki_names names = {0};
    enum eki_error error = EKI_OK;
    for (uint32_t i = 0; i < r->count && !error; i++)
        error = eki_names_add(&names, id_of((char *)r->items + i * size), i);
    if (!error) {
        eki_names_sort(&names);
        for (uint32_t i = 0; i < r->count; i++) {
            char *record = (char *)r->items + i * size;
            /* Records before `kept` have moved down, the texts that names point to have not. */
            if (eki_names_find(&names, id_of(record)) != i) continue;
            if (kept != i) memcpy((char *)r->items + kept * size, record, size);
            kept++;
        }
        r->count = kept;
    }
    eki_names_done(&names);
    return error;
}
