/* SPDX-License-Identifier: Apache-2.0 */
#include "case/desk_rows.h"

#include <string.h>

#include "base/memory.h"

static const char schema_line[] = "{\"schema\":\"ekigaku.directory/1\"}\n";

static const char *annotated(const struct eki_annotation *a)
{
    return a->team ? a->team : a->contact ? a->contact : a->network;
}

const char *eki_desk_name(const struct eki_directory *directory, enum eki_record_kind kind, uint32_t position,
                          char ret_text[EKI_DESK_NAME])
{
    size_t count;
    const void *records = eki_directory_records(directory, kind, &count);
    const char *name = NULL;
    char resource[EKI_RESOURCE_TEXT];
    switch (kind) {
    case EKI_RECORD_GROUP: name = ((const struct eki_group *)records)[position].id; break;
    case EKI_RECORD_TEAM: name = ((const struct eki_team *)records)[position].id; break;
    case EKI_RECORD_DEPARTMENT: name = ((const struct eki_department *)records)[position].id; break;
    case EKI_RECORD_CONTACT: name = ((const struct eki_contact_point *)records)[position].id; break;
    case EKI_RECORD_KEY: name = ((const struct eki_key *)records)[position].fingerprint; break;
    case EKI_RECORD_NETWORK:
        name = eki_network_format((const struct eki_network *)records + position, resource);
        break;
    case EKI_RECORD_ANNOTATION: name = annotated((const struct eki_annotation *)records + position); break;
    case EKI_RECORD_CHECK: name = ((const struct eki_check *)records)[position].contact; break;
    default: break;
    }
    /* Ids, names of hosts and fingerprints are ASCII. */
    snprintf(ret_text, EKI_DESK_NAME, "%s", name ? name : "");
    return ret_text;
}

/* The only record of a directory: its kind. */
static enum eki_record_kind only_kind(const struct eki_directory *directory)
{
    size_t count = 0;
    unsigned kind = 0;
    while (kind < EKI_RECORD_KINDS && (eki_directory_records(directory, kind, &count), !count)) kind++;
    return kind;
}

/* The record as an object, entered by hand at this moment unless `as_is`; NULL when it is none. */
static json_t *by_hand(const struct eki_store_act *act, const char *line, bool as_is,
                       struct eki_fault *ret_fault)
{
    json_error_t reason;
    char text[EKI_TIME_TEXT];
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &reason);
    if (!json_is_object(object)) {
        eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "is no JSON object: %.80s", object ? "" : reason.text);
        json_decref(object);
        return NULL;
    }
    if (as_is) return object;
    json_object_del(object, "source");
    if (!json_object_set_new(object, "entered", json_string(eki_time_format(eki_desk_time(act->at), text))))
        return object;
    json_decref(object);
    return NULL;
}

static enum eki_error read_one(struct eki_directory *directory, json_t *object, struct eki_fault *ret_fault)
{
    char *dump = json_dumps(object, JSON_COMPACT), *whole = NULL;
    size_t length = dump ? sizeof schema_line - 1 + strlen(dump) : 0;
    enum eki_error error = EKI_ERROR_MEMORY;
    if (dump && (whole = eki_allocate(length + 1, 1)) != NULL) {
        memcpy(whole, schema_line, sizeof schema_line - 1);
        memcpy(whole + sizeof schema_line - 1, dump, strlen(dump) + 1);
        error = eki_directory_read_memory(directory, whole, length, ret_fault);
    }
    eki_free(whole);
    eki_free(dump);
    return error;
}

static enum eki_error write_one(const struct eki_directory *directory, enum eki_record_kind kind,
                                char **ret_line)
{
    size_t length;
    FILE *out = open_memstream(ret_line, &length);
    if (!out) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_directory_write_record(directory, kind, 0, out);
    if (fclose(out) && !error) error = EKI_ERROR_MEMORY;
    if (error) {
        eki_free(*ret_line);
        *ret_line = NULL;
        return error;
    }
    if (length) (*ret_line)[length - 1] = '\0';
    return EKI_OK;
}

static const char *source_of(const struct eki_directory *directory, enum eki_record_kind kind)
{
    size_t count;
    const struct eki_record *record = eki_directory_records(directory, kind, &count);
    return record->source ? record->source : "";
}

/* The line, and behind it the name. */
static enum eki_error fill_row(struct eki_desk_formed *formed)
{
    char name[EKI_DESK_NAME], *written;
    enum eki_record_kind kind = only_kind(formed->directory);
    enum eki_error error = write_one(formed->directory, kind, &written);
    if (error) return error;
    size_t length = strlen(written) + 1;
    eki_desk_name(formed->directory, kind, 0, name);
    formed->line = eki_reallocate(written, length, length + strlen(name) + 1, 1);
    if (!formed->line) {
        eki_free(written);
        return EKI_ERROR_MEMORY;
    }
    memcpy(formed->line + length, name, strlen(name) + 1);
    formed->row.kind = eki_record_kind_name(kind);
    formed->row.name = formed->line + length;
    formed->row.line = formed->line;
    formed->row.source = source_of(formed->directory, kind);
    return EKI_OK;
}

enum eki_error eki_desk_form(const struct eki_store_act *act, const char *line, bool as_is,
                             struct eki_desk_formed *ret_formed, struct eki_fault *ret_fault)
{
    struct eki_desk_formed formed = {.row = ret_formed->row};
    json_t *object = by_hand(act, line, as_is, ret_fault);
    if (!object) return EKI_ERROR_CORRUPT;
    enum eki_error error = eki_directory_new(&formed.directory);
    if (!error) error = read_one(formed.directory, object, ret_fault);
    json_decref(object);
    if (!error) error = fill_row(&formed);
    if (error)
        eki_desk_formed_done(&formed);
    else
        *ret_formed = formed;
    return error;
}

void eki_desk_formed_done(struct eki_desk_formed *formed)
{
    eki_directory_free(formed->directory);
    eki_free(formed->line);
}

enum eki_error eki_desk_put(struct eki_store_work *work, const struct eki_store_act *act,
                            struct eki_store_directory_record *row)
{
    row->account = act->account;
    row->changed = act->at;
    if (row->id) return eki_store_change(work, row);
    const struct eki_store_query last = {.sort = "position", .descending = true, .limit = 1};
    struct eki_store_directory_record *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &last, &rows, &page);
    if (error) return error;
    row->position = page.count ? rows[0].position + 1 : 1;
    return eki_store_add(work, row);
}

enum eki_error eki_desk_put_object(struct eki_store_work *work, const struct eki_store_act *act,
                                   json_t *object, int64_t record, struct eki_fault *ret_fault)
{
    struct eki_desk_formed formed = {0};
    char *line = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!line) return EKI_ERROR_MEMORY;
    enum eki_error error = record ? eki_store_get(work, &formed.row, record) : EKI_OK;
    if (!error) error = eki_desk_form(act, line, true, &formed, ret_fault);
    eki_free(line);
    if (error) return error;
    error = eki_desk_put(work, act, &formed.row);
    eki_desk_formed_done(&formed);
    return error;
}

/* The line of a row, as a change may have it; NULL: it is left out. */
static const char *line_of(const struct eki_store_directory_record *row,
                           const struct eki_desk_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        if (changes->items[i].record == row->id) return changes->items[i].line;
    return row->line;
}

/* Writes the lines of a page of rows. */
static void write_rows(const struct eki_store_directory_record *rows, size_t count,
                       const struct eki_desk_changes *changes, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        const char *line = line_of(&rows[i], changes);
        if (line) fprintf(out, "%s\n", line);
    }
}

static enum eki_error write_all(struct eki_store_work *work, const struct eki_desk_changes *changes,
                                FILE *out)
{
    struct eki_store_query query = {.sort = "position", .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_directory_record *rows;
    struct eki_store_page page;
    fputs(schema_line, out);
    do {
        enum eki_error error = eki_store_list(work, &query, &rows, &page);
        if (error) return error;
        write_rows(rows, page.count, changes, out);
        query.cursor = page.next;
    } while (page.next);
    for (size_t i = 0; i < changes->count; i++)
        if (!changes->items[i].record) fprintf(out, "%s\n", changes->items[i].line);
    return ferror(out) ? EKI_ERROR_MEMORY : EKI_OK;
}

static enum eki_error read_all(const char *bytes, size_t length, eki_time now,
                               struct eki_directory **ret_directory, struct eki_fault *ret_fault)
{
    struct eki_directory *directory;
    enum eki_error error = eki_directory_new(&directory);
    if (error) return error;
    error = eki_directory_read_memory(directory, bytes, length, ret_fault);
    if (!error) error = eki_directory_settle(directory, now, ret_fault);
    if (error)
        eki_directory_free(directory);
    else
        *ret_directory = directory;
    return error;
}

enum eki_error eki_desk_try(struct eki_store_work *work, eki_time now, const struct eki_desk_change *change,
                            struct eki_directory **ret_directory, struct eki_fault *ret_fault)
{
    const struct eki_desk_changes changes = {change, change ? 1 : 0};
    return eki_desk_try_all(work, now, &changes, ret_directory, ret_fault);
}

enum eki_error eki_desk_try_all(struct eki_store_work *work, eki_time now,
                                const struct eki_desk_changes *changes, struct eki_directory **ret_directory,
                                struct eki_fault *ret_fault)
{
    char *bytes = NULL;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);
    if (!out) return EKI_ERROR_MEMORY;
    enum eki_error error = write_all(work, changes, out);
    if (fclose(out) && !error) error = EKI_ERROR_MEMORY;
    if (!error) error = read_all(bytes, length, now, ret_directory, ret_fault);
    eki_free(bytes);
    return error;
}

enum eki_error eki_desk_named(struct eki_store_work *work, enum eki_record_kind kind, const char *name,
                              struct eki_store_directory_record *ret_row)
{
    char cut[EKI_DESK_NAME];
    snprintf(cut, sizeof cut, "%s", name);
    const struct eki_store_query query = {
        .where = {{.column = "kind", .text = eki_record_kind_name(kind)}, {.column = "name", .text = cut}},
        .descending = true,
        .limit = 1};
    struct eki_store_directory_record *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error && !page.count) error = EKI_ERROR_MISSING;
    if (!error) *ret_row = rows[0];
    return error;
}
