/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory file: one JSON object a line, the first {"schema":"ekigaku.directory/1"}. A line's `kind`
 * says which table of fields it follows; a key that the table has not is an error, because a mistyped one
 * would silently lose a contact.
 */
#include <jansson.h>
#include <string.h>

#include "base/source.h"
#include "directory/lines.h"
#include "directory/schema.h"

struct reading {
    struct eki_directory *directory;
    struct eki_fault *fault;
    uint32_t line;
    bool begun; /* the schema line was seen */
};

static enum eki_error wrong(const struct reading *r, const char *key, const char *what)
{
    if (!strcmp(what, "memory")) return EKI_ERROR_MEMORY;
    return eki_directory_wrong(r->fault, r->line, key, "%s", what);
}

static const char *set_array(const struct reading *r, const struct eki_schema_field *field, void *record,
                             const json_t *value)
{
    const char *items[EKI_DIRECTORY_LIST];
    size_t count = json_array_size(value);
    if (field->form != EKI_FORM_LIST) return "must not be an array";
    if (count > EKI_DIRECTORY_LIST) return "has more than 64 entries";
    for (size_t i = 0; i < count; i++) {
        items[i] = json_string_value(json_array_get(value, i));
        if (!items[i]) return "has an entry that is no text";
    }
    return eki_schema_list(r->directory, field, record, items, count);
}

static const char *set_member(const struct reading *r, const struct eki_schema_field *field, void *record,
                              const json_t *value)
{
    char number[32];
    bool counts =
        field->form == EKI_FORM_COUNT || field->form == EKI_FORM_ASN || field->form == EKI_FORM_TIER;
    switch (json_typeof(value)) {
    case JSON_NULL: return NULL;
    case JSON_ARRAY: return set_array(r, field, record, value);
    case JSON_TRUE:
    case JSON_FALSE:
        if (field->form != EKI_FORM_FLAG) return "must not be true or false";
        return eki_schema_set(r->directory, field, record, json_is_true(value) ? "1" : "0", 1);
    case JSON_INTEGER:
        if (!counts) return "must not be a number";
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return json_integer_value(value) ? eki_schema_set(r->directory, field, record, number, strlen(number))
                                         : NULL;
    case JSON_STRING:
        if (counts || field->form == EKI_FORM_FLAG) return "must not be a text";
        if (field->form == EKI_FORM_LIST) return "must be an array";
        return eki_schema_set(r->directory, field, record, json_string_value(value),
                              json_string_length(value));
    default: return "must not be an object or a number with a fraction";
    }
}

static enum eki_error fill(const struct reading *r, const struct eki_schema *schema, void *record,
                           json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        const struct eki_schema_field *field = eki_schema_field(schema, key);
        if (!strcmp(key, "kind")) continue;
        if (!field) return wrong(r, key, "is not known here");
        const char *what = set_member(r, field, record, value);
        if (what) return wrong(r, key, what);
    }
    return EKI_OK;
}

static enum eki_error read_record(const struct reading *r, json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "kind"));
    void *record;
    unsigned kind = 0;
    if (!name) return wrong(r, "kind", "is missing");
    while (kind < EKI_RECORD_KINDS && strcmp(eki_record_kind_name(kind), name) != 0) kind++;
    if (kind == EKI_RECORD_KINDS) return wrong(r, "kind", "is no kind of record");
    enum eki_error error = eki_records_append(r->directory, kind, &record, r->fault);
    if (error) return error;
    ((struct eki_record *)record)->line = r->line;
    error = fill(r, eki_schema_of(kind), record, object);
    if (!error) error = eki_schema_validate(kind, record, r->line, r->fault);
    if (error) r->directory->of[kind].count--;
    return error;
}

static enum eki_error read_object(struct reading *r, json_t *object)
{
    if (!json_is_object(object)) return eki_directory_wrong(r->fault, r->line, NULL, "is no JSON object");
    if (r->begun) return read_record(r, object);
    const char *schema = json_string_value(json_object_get(object, "schema"));
    if (!schema)
        return eki_fault_set(r->fault, EKI_ERROR_FORMAT, 0,
                             "the first line is not {\"schema\":\"ekigaku.directory/1\"}");
    if (strcmp(schema, "ekigaku.directory/1"))
        return eki_fault_set(r->fault, EKI_ERROR_UNSUPPORTED, 0, "schema \"%.60s\"", schema);
    r->begun = true;
    return EKI_OK;
}

static enum eki_error read_line(struct reading *r, const char *line, size_t length)
{
    json_error_t reason;
    size_t blank = 0;
    r->line++;
    while (blank < length && strchr(" \t\r\n", line[blank])) blank++;
    if (blank == length) return EKI_OK;
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &reason);
    if (!object) {
        if (!r->begun)
            return eki_fault_set(r->fault, EKI_ERROR_FORMAT, 0, "the first line is no JSON: %.80s",
                                 reason.text);
        return eki_directory_wrong(r->fault, r->line, NULL, "column %d: %.80s", reason.column, reason.text);
    }
    enum eki_error error = read_object(r, object);
    json_decref(object);
    return error;
}

static enum eki_error read_source(struct reading *r, struct eki_source *source)
{
    for (;;) {
        size_t length;
        enum eki_error error = eki_lines_next(source, false, &length);
        if (error == EKI_ERROR_LIMIT && !source->error)
            return eki_directory_wrong(r->fault, r->line + 1, NULL, "is longer than 65536 bytes");
        if (error) return error;
        if (!length) return r->begun ? EKI_OK : EKI_ERROR_EMPTY;
        error = read_line(r, (const char *)source->at, length);
        if (error) return error;
        eki_source_pass(source, length);
    }
}

static enum eki_error read_opened(struct eki_directory *d, enum eki_error error, struct eki_source *source,
                                  struct eki_fault *ret_fault)
{
    struct reading reading = {.directory = d, .fault = ret_fault};
    eki_directory_unsettle(d);
    if (!error) {
        error = read_source(&reading, source);
        if (error && source->error && ret_fault) *ret_fault = source->fault;
    }
    eki_source_done(source);
    return error;
}

enum eki_error eki_directory_read(struct eki_directory *d, const char *path, struct eki_fault *ret_fault)
{
    struct eki_source source = {0};
    return read_opened(d, eki_source_open(path, NULL, &source, ret_fault), &source, ret_fault);
}

enum eki_error eki_directory_read_memory(struct eki_directory *d, const void *bytes, size_t length,
                                         struct eki_fault *ret_fault)
{
    struct eki_source source = {0};
    return read_opened(d, eki_source_open_memory(bytes, length, &source, ret_fault), &source, ret_fault);
}
