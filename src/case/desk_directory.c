/* SPDX-License-Identifier: Apache-2.0 */
/* The directory out of the store's rows, and into them. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "case/desk_rows.h"

enum eki_error eki_desk_directory(struct eki_store_work *work, eki_time now,
                                  struct eki_directory **ret_directory, struct eki_fault *ret_fault)
{
    return eki_desk_try(work, now, NULL, ret_directory, ret_fault);
}

/* A record as it should be, or a row as it is. */
struct entry {
    const char *kind, *name, *source, *line;
    size_t order; /* of the record; or of the row in the list */
    bool settled; /* of a row: it stays. Of a record: nothing is left to do */
};

struct keeping {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    const struct eki_directory *directory;
    struct eki_store_directory_record *rows;
    struct entry *olds, *news;
    size_t old_count, new_count;
    char *bytes; /* the directory as a file; cut into lines */
    struct eki_arena names;
    struct eki_desk_kept kept;
};

static int compare_named(const struct entry *a, const struct entry *b)
{
    int order = strcmp(a->kind, b->kind);
    return order ? order : strcmp(a->name, b->name);
}

static int compare(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_named(a, b);
    if (!order) order = strcmp(a->line, b->line);
    return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

static enum eki_error list_rows(struct keeping *k)
{
    struct eki_store_query query = {.sort = "position", .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_page page = {0};
    do {
        struct eki_store_directory_record *rows;
        enum eki_error error = eki_store_list(k->work, &query, &rows, &page);
        if (error) return error;
        size_t before = k->old_count;
        struct eki_store_directory_record *all =
            eki_reallocate(k->rows, before, before + page.count, sizeof *all);
        if (!all && page.count) return EKI_ERROR_MEMORY;
        if (all) k->rows = all;
        if (page.count) memcpy(k->rows + before, rows, page.count * sizeof *rows);
        k->old_count += page.count;
        query.cursor = page.next;
    } while (page.next);
    k->olds = eki_allocate(k->old_count + 1, sizeof *k->olds);
    if (!k->olds) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < k->old_count; i++)
        k->olds[i] =
            (struct entry){k->rows[i].kind, k->rows[i].name, k->rows[i].source, k->rows[i].line, i, false};
    return EKI_OK;
}

static const size_t sizes[EKI_RECORD_KINDS] = {
    sizeof(struct eki_group),         sizeof(struct eki_team), sizeof(struct eki_department),
    sizeof(struct eki_contact_point), sizeof(struct eki_key),  sizeof(struct eki_network),
    sizeof(struct eki_annotation),    sizeof(struct eki_check)};

static enum eki_error name_records(struct keeping *k)
{
    size_t n = 0;
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
        size_t count;
        const char *records = eki_directory_records(k->directory, kind, &count);
        for (uint32_t i = 0; i < count; i++, n++) {
            const struct eki_record *record = (const void *)(records + i * sizes[kind]);
            char text[EKI_DESK_NAME];
            k->news[n].kind = eki_record_kind_name(kind);
            eki_desk_name(k->directory, kind, i, text);
            k->news[n].name = eki_arena_copy(&k->names, text, strlen(text) + 1, 1);
            k->news[n].source = record->source ? record->source : "";
            k->news[n].order = n;
            if (!k->news[n].name) return EKI_ERROR_MEMORY;
        }
    }
    return EKI_OK;
}

/* The lines of the file after its first, one a record in the same order. */
static enum eki_error cut_lines(struct keeping *k)
{
    char *at = strchr(k->bytes, '\n');
    for (size_t n = 0; n < k->new_count; n++) {
        char *end = at ? strchr(at + 1, '\n') : NULL;
        if (!end) return EKI_ERROR_CORRUPT;
        k->news[n].line = at + 1;
        *end = '\0';
        at = end;
    }
    return EKI_OK;
}

static enum eki_error list_records(struct keeping *k)
{
    size_t length;
    FILE *out = open_memstream(&k->bytes, &length);
    if (!out) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_directory_write(k->directory, out);
    if (fclose(out) || error) return EKI_ERROR_MEMORY;
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
        size_t count;
        eki_directory_records(k->directory, kind, &count);
        k->new_count += count;
    }
    k->news = eki_allocate(k->new_count + 1, sizeof *k->news);
    if (!k->news) return EKI_ERROR_MEMORY;
    error = name_records(k);
    return error ? error : cut_lines(k);
}

static enum eki_error put(struct keeping *k, const struct entry *record, const struct entry *old)
{
    struct eki_store_directory_record row =
        old ? k->rows[old->order] : (struct eki_store_directory_record){0};
    row.kind = record->kind;
    row.name = record->name;
    row.source = record->source;
    row.line = record->line;
    row.account = k->act->account;
    row.changed = k->act->at;
    return eki_store_change(k->work, &row);
}

/* Rows and records of one kind and name: those with the same line stay as they are, the others of the same
 * source change in order. */
static enum eki_error settle_group(struct keeping *k, struct entry *olds, size_t old_count,
                                   struct entry *news, size_t new_count)
{
    for (size_t o = 0, n = 0; o < old_count && n < new_count;) {
        int order = strcmp(olds[o].line, news[n].line);
        if (!order) {
            olds[o].settled = news[n].settled = true;
            k->kept.same++;
        }
        o += order <= 0;
        n += order >= 0;
    }
    for (size_t o = 0, n = 0; o < old_count; o++) {
        if (olds[o].settled || !*olds[o].name) continue;
        while (n < new_count && (news[n].settled || strcmp(news[n].source, olds[o].source) != 0)) n++;
        if (n == new_count) break;
        enum eki_error error = put(k, &news[n], &olds[o]);
        if (error) return error;
        olds[o].settled = news[n].settled = true;
        k->kept.changed++;
    }
    return EKI_OK;
}

static size_t group_end(const struct entry *entries, size_t at, size_t count)
{
    size_t end = at + 1;
    while (end < count && !compare_named(&entries[at], &entries[end])) end++;
    return end;
}

static enum eki_error settle_groups(struct keeping *k)
{
    enum eki_error error = EKI_OK;
    for (size_t o = 0, n = 0; o < k->old_count && n < k->new_count && !error;) {
        int order = compare_named(&k->olds[o], &k->news[n]);
        size_t old_end = group_end(k->olds, o, k->old_count), new_end = group_end(k->news, n, k->new_count);
        if (!order) error = settle_group(k, k->olds + o, old_end - o, k->news + n, new_end - n);
        if (order <= 0) o = old_end;
        if (order >= 0) n = new_end;
    }
    return error;
}

static int compare_order(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return a->order < b->order ? -1 : a->order > b->order;
}

static enum eki_error remove_rows(struct keeping *k)
{
    for (size_t i = 0; i < k->old_count; i++) {
        if (k->olds[i].settled) continue;
        enum eki_error error = eki_store_remove(k->work, &k->rows[k->olds[i].order]);
        if (error) return error;
        k->kept.removed++;
    }
    return EKI_OK;
}

static enum eki_error add_rows(struct keeping *k)
{
    int64_t position = k->old_count ? k->rows[k->old_count - 1].position : 0;
    qsort(k->news, k->new_count, sizeof *k->news, compare_order);
    for (size_t i = 0; i < k->new_count; i++) {
        const struct entry *new = &k->news[i];
        if (new->settled) continue;
        struct eki_store_directory_record row = {.kind = new->kind,
                                                 .name = new->name,
                                                 .line = new->line,
                                                 .source = new->source,
                                                 .position = ++position,
                                                 .account = k->act->account,
                                                 .changed = k->act->at};
        enum eki_error error = eki_store_add(k->work, &row);
        if (error) return error;
        k->kept.added++;
    }
    return EKI_OK;
}

enum eki_error eki_desk_keep(struct eki_store_work *work, const struct eki_store_act *act,
                             const struct eki_directory *directory, struct eki_desk_kept *ret_kept,
                             struct eki_fault *ret_fault)
{
    struct keeping k = {.work = work, .act = act, .directory = directory};
    enum eki_error error = list_rows(&k);
    if (!error) error = list_records(&k);
    if (!error) {
        qsort(k.olds, k.old_count, sizeof *k.olds, compare);
        qsort(k.news, k.new_count, sizeof *k.news, compare);
        for (size_t i = 1; i < k.new_count; i++) /* the same twice is kept once */
            k.news[i].settled = !strcmp(k.news[i - 1].line, k.news[i].line);
        error = settle_groups(&k);
    }
    if (!error) error = remove_rows(&k);
    if (!error) error = add_rows(&k);
    if (error) eki_fault_set(ret_fault, error, 0, "%s", eki_store_why(work)->what);
    if (!error) *ret_kept = k.kept;
    eki_free(k.rows);
    eki_free(k.olds);
    eki_free(k.news);
    eki_arena_done(&k.names);
    eki_free(k.bytes);
    return error;
}

enum eki_error eki_desk_import(struct eki_store_work *work, const struct eki_store_act *act,
                               const struct eki_desk_import *import, struct eki_merge_counts *ret_merged,
                               struct eki_fault *ret_fault)
{
    struct eki_directory *kept;
    struct eki_merge_counts merged = {0};
    struct eki_desk_kept rows;
    eki_time now = eki_desk_time(act->at);
    enum eki_error error = eki_desk_directory(work, now, &kept, ret_fault);
    if (error) return error;
    const struct eki_merge merge = {kept, import->found, import->source, import->told, import->user};
    error = eki_directory_merge(&merge, &merged, ret_fault);
    if (!error) error = eki_directory_settle(kept, now, ret_fault);
    if (!error) error = eki_desk_keep(work, act, kept, &rows, ret_fault);
    eki_directory_free(kept);
    if (!error && ret_merged) *ret_merged = merged;
    return error;
}

enum eki_error eki_desk_row(struct eki_store_work *work, const struct eki_directory *directory,
                            enum eki_record_kind kind, uint32_t position,
                            struct eki_store_directory_record *ret_row)
{
    char text[EKI_DESK_NAME], *line = NULL;
    size_t length, found = 0;
    FILE *out = open_memstream(&line, &length);
    if (!out) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_directory_write_record(directory, kind, position, out);
    if (fclose(out) && !error) error = EKI_ERROR_MEMORY;
    const struct eki_store_query query = {
        .where = {{.column = "kind", .text = eki_record_kind_name(kind)},
                  {.column = "name", .text = eki_desk_name(directory, kind, position, text)}},
        .limit = 1000};
    struct eki_store_directory_record *rows = NULL;
    struct eki_store_page page = {0};
    if (!error) error = eki_store_list(work, &query, &rows, &page);
    if (!error && length) line[length - 1] = '\0';
    while (!error && found < page.count && strcmp(rows[found].line, line) != 0) found++;
    if (!error && found == page.count) error = EKI_ERROR_MISSING;
    if (!error) *ret_row = rows[found];
    eki_free(line);
    return error;
}

enum eki_error eki_desk_contact_noted(struct eki_store_work *work, const struct eki_store_act *act,
                                      const char *contact, enum eki_check_outcome outcome,
                                      struct eki_fault *ret_fault)
{
    struct eki_store_directory_record row;
    char at[EKI_TIME_TEXT];
    if (outcome != EKI_CHECK_ANSWERED && outcome != EKI_CHECK_BOUNCED) return EKI_ERROR_ARGUMENT;
    enum eki_error error = eki_desk_named(work, EKI_RECORD_CONTACT, contact, &row);
    if (error) return error;
    bool answered = outcome == EKI_CHECK_ANSWERED;
    json_t *object = json_loads(row.line, 0, NULL);
    if (!object) return EKI_ERROR_CORRUPT;
    json_int_t bounces = json_integer_value(json_object_get(object, "bounces"));
    eki_time_format(eki_desk_time(act->at), at);
    int failed = json_object_set_new(object, answered ? "answered" : "bounced", json_string(at));
    failed |= json_object_set_new(object, "bounces", json_integer(answered ? 0 : bounces + 1));
    if (!failed) return eki_desk_put_object(work, act, object, row.id, ret_fault);
    json_decref(object);
    return EKI_ERROR_MEMORY;
}
