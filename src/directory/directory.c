/* SPDX-License-Identifier: Apache-2.0 */
/* The arrays of records, and what holds them. */
#include "ekigaku/directory.h"

#include <string.h>

#include "base/memory.h"
#include "directory/records.h"
#include "directory/schema.h"

enum eki_error eki_directory_new(struct eki_directory **ret_directory)
{
    struct eki_directory *d = eki_allocate(1, sizeof *d);
    if (!d) return EKI_ERROR_MEMORY;
    d->now = EKI_TIME_NONE;
    *ret_directory = d;
    return EKI_OK;
}

void eki_directory_unsettle(struct eki_directory *d)
{
    for (int kind = 0; kind < EKI_RECORD_KINDS; kind++) eki_names_done(&d->names[kind]);
    eki_prefixes_done(&d->prefixes);
    eki_domains_done(&d->domains);
    void **made[] = {(void **)&d->by_asn, (void **)&d->by_country, (void **)&d->contact_order,
                     (void **)&d->contact_starts, (void **)&d->states};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        eki_free(*made[i]);
        *made[i] = NULL;
    }
    d->asn_count = d->country_count = 0;
    d->settled = false;
    d->now = EKI_TIME_NONE;
}

void eki_directory_free(struct eki_directory *d)
{
    if (!d) return;
    eki_directory_unsettle(d);
    for (int kind = 0; kind < EKI_RECORD_KINDS; kind++) eki_free(d->of[kind].items);
    eki_arena_done(&d->texts);
    eki_free(d);
}

const char *eki_directory_keep(struct eki_directory *d, const char *text, size_t length)
{
    char *kept = eki_arena_take(&d->texts, length + 1, 1);
    if (kept) memcpy(kept, text, length);
    return kept;
}

const char *eki_directory_keep_source(struct eki_directory *d, const char *source)
{
    if (!d->last_source || strcmp(d->last_source, source))
        d->last_source = eki_directory_keep(d, source, strlen(source));
    return d->last_source;
}

void eki_directory_blank(enum eki_record_kind kind, void *ret_record)
{
    const struct eki_schema *schema = eki_schema_of(kind);
    memset(ret_record, 0, schema->size);
    for (size_t i = 0; i < schema->count; i++) {
        char *at = (char *)ret_record + schema->fields[i].place;
        if (schema->fields[i].form == EKI_FORM_TIME) *(eki_time *)at = EKI_TIME_NONE;
        if (schema->fields[i].form == EKI_FORM_CHOICE) *(uint8_t *)at = EKI_NO_CHOICE;
    }
}

enum eki_error eki_records_append(struct eki_directory *d, enum eki_record_kind kind, void **ret_record,
                                  struct eki_fault *ret_fault)
{
    struct eki_records *r = &d->of[kind];
    size_t size = eki_schema_of(kind)->size;
    if (r->count >= EKI_DIRECTORY_RECORDS)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than %d records of the kind %s",
                             EKI_DIRECTORY_RECORDS, eki_record_kind_name(kind));
    void *items = eki_array_reserve(r->items, r->count, &r->capacity, size);
    if (!items) return EKI_ERROR_MEMORY;
    r->items = items;
    *ret_record = (char *)items + r->count++ * size;
    eki_directory_blank(kind, *ret_record);
    return EKI_OK;
}

/* One field of a caller's record, by way of its text. */
static const char *copy_field(struct eki_directory *d, const struct eki_schema_field *field, const void *from,
                              void *to)
{
    char text[EKI_VALUE_TEXT];
    if (!eki_schema_has(field, from)) return NULL;
    if (field->form == EKI_FORM_LIST) {
        const struct eki_text_list *list = (const void *)((const char *)from + field->place);
        return eki_schema_list(d, field, to, list->items, list->count);
    }
    const char *value = eki_schema_get(field, from, text);
    return eki_schema_set(d, field, to, value, strlen(value));
}

/* A choice out of its range would be read beyond the names. */
static bool choices_are_known(const struct eki_schema *schema, const void *record)
{
    for (size_t i = 0; i < schema->count; i++) {
        const struct eki_schema_field *field = &schema->fields[i];
        if (field->form != EKI_FORM_CHOICE || !eki_schema_has(field, record)) continue;
        unsigned known = 0, choice = *((const uint8_t *)record + field->place);
        while (field->choices[known]) known++;
        if (choice >= known) return false;
    }
    return true;
}

enum eki_error eki_directory_add(struct eki_directory *d, enum eki_record_kind kind, const void *record,
                                 struct eki_fault *ret_fault)
{
    const struct eki_schema *schema = eki_schema_of(kind);
    void *copy;
    uint32_t line = ((const struct eki_record *)record)->line;
    eki_directory_unsettle(d);
    if (!choices_are_known(schema, record))
        return eki_directory_wrong(ret_fault, line, NULL, "unknown choice");
    enum eki_error error = eki_schema_validate(kind, record, line, ret_fault);
    if (!error) error = eki_records_append(d, kind, &copy, ret_fault);
    if (error) return error;
    ((struct eki_record *)copy)->line = line;
    for (size_t i = 0; i < schema->count; i++) {
        const char *wrong = copy_field(d, &schema->fields[i], record, copy);
        if (!wrong) continue;
        d->of[kind].count--;
        if (!strcmp(wrong, "memory")) return EKI_ERROR_MEMORY;
        return eki_directory_wrong(ret_fault, line, schema->fields[i].key, "%s", wrong);
    }
    return EKI_OK;
}

enum eki_error eki_directory_settle(struct eki_directory *d, eki_time now, struct eki_fault *ret_fault)
{
    eki_directory_unsettle(d);
    d->now = now;
    enum eki_error error = eki_directory_link(d, ret_fault);
    if (!error) error = eki_directory_judge_contacts(d);
    if (!error) error = eki_directory_index(d);
    if (error)
        eki_directory_unsettle(d);
    else
        d->settled = true;
    return error;
}

const void *eki_directory_records(const struct eki_directory *d, enum eki_record_kind kind, size_t *ret_count)
{
    *ret_count = d->of[kind].count;
    return d->of[kind].items;
}

const struct eki_team *eki_directory_teams(const struct eki_directory *d, size_t *ret_count)
{
    return eki_directory_records(d, EKI_RECORD_TEAM, ret_count);
}

const struct eki_department *eki_directory_departments(const struct eki_directory *d, size_t *ret_count)
{
    return eki_directory_records(d, EKI_RECORD_DEPARTMENT, ret_count);
}

const struct eki_contact_point *eki_directory_contacts(const struct eki_directory *d, size_t *ret_count)
{
    return eki_directory_records(d, EKI_RECORD_CONTACT, ret_count);
}

const struct eki_network *eki_directory_networks(const struct eki_directory *d, size_t *ret_count)
{
    return eki_directory_records(d, EKI_RECORD_NETWORK, ret_count);
}

uint32_t eki_directory_team(const struct eki_directory *d, const char *id)
{
    return eki_names_find(&d->names[EKI_RECORD_TEAM], id);
}

eki_time eki_directory_now(const struct eki_directory *d)
{
    return d->settled ? d->now : EKI_TIME_NONE;
}

enum eki_resource eki_network_resource(const struct eki_network *n)
{
    if (n->has_prefix) return EKI_RESOURCE_PREFIX;
    if (n->domain) return EKI_RESOURCE_DOMAIN;
    return n->asn ? EKI_RESOURCE_AS : EKI_RESOURCE_COUNTRY;
}

const char *eki_network_format(const struct eki_network *n, char ret_text[EKI_RESOURCE_TEXT])
{
    switch (eki_network_resource(n)) {
    case EKI_RESOURCE_PREFIX: return eki_prefix_format(n->prefix, ret_text);
    case EKI_RESOURCE_AS: snprintf(ret_text, EKI_RESOURCE_TEXT, "AS%u", n->asn); return ret_text;
    case EKI_RESOURCE_DOMAIN: snprintf(ret_text, EKI_RESOURCE_TEXT, "%s", n->domain); return ret_text;
    default: snprintf(ret_text, EKI_RESOURCE_TEXT, "%s", n->country ? n->country : ""); return ret_text;
    }
}
