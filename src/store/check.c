/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for damage. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/schema.h"
#include "store/work.h"

enum { PAGE = 1000 };

struct looker {
    struct eki_store *store;
    struct eki_store_examination *to;
    bool held; /* the noted hash was seen */
};

static void complain(void *user, const char *text)
{
    struct looker *l = user;
    l->to->complaints++;
    if (l->to->complain) l->to->complain(l->to->user, text);
}

static void complain_of(struct looker *l, const struct eki_store_audit *entry, const char *what)
{
    char text[160];
    snprintf(text, sizeof text, "entry %" PRId64 " of the audit log %s", entry->id, what);
    complain(l, text);
}

/* One entry after the one before. */
static void follow(struct looker *l, const struct eki_store_audit *entry)
{
    char hash[EKI_HASH_TEXT];
    eki_audit_hash(entry, hash);
    if (strcmp(hash, entry->hash) != 0) complain_of(l, entry, "was changed: its hash is another");
    if (strcmp(entry->previous, l->to->head) != 0)
        complain_of(l, entry, "does not follow the one before");
    else if (entry->id != (int64_t)l->to->entries + 1)
        complain_of(l, entry, "is not the next: entries are missing");
    if (l->to->holds && !strcmp(l->to->holds, entry->hash)) l->held = true;
    l->to->entries++;
    snprintf(l->to->head, sizeof l->to->head, "%s", entry->hash);
}

/* One page in a work of its own, so that its memory comes back. */
static enum eki_error follow_page(struct looker *l, int64_t after, int64_t *ret_last,
                                  struct eki_fault *ret_fault)
{
    struct eki_store_query query = {.where = {{"id", '>', .number = after}}, .limit = PAGE};
    struct eki_store_work *work;
    struct eki_store_audit *entries;
    struct eki_store_page page;
    enum eki_error error = eki_store_begin(l->store, NULL, &work, ret_fault);
    if (error) return error;
    error = eki_store_list(work, &query, &entries, &page);
    if (error && ret_fault) *ret_fault = *eki_store_why(work);
    for (size_t i = 0; i < page.count && !error; i++) follow(l, &entries[i]);
    if (!error) *ret_last = page.count ? entries[page.count - 1].id : after;
    eki_store_end(work);
    return error;
}

static enum eki_error check_chain(struct looker *l, struct eki_fault *ret_fault)
{
    int64_t last = 0, before;
    memset(l->to->head, '0', EKI_HASH_TEXT - 1);
    l->to->head[EKI_HASH_TEXT - 1] = '\0';
    do {
        before = last;
        enum eki_error error = follow_page(l, before, &last, ret_fault);
        if (error) return error;
    } while (last != before);
    if (l->to->holds && !l->held)
        complain(l, "the audit log does not hold the noted hash: it was cut or made anew");
    return EKI_OK;
}

static enum eki_error take_difference(void *user, const struct eki_value *values, size_t count)
{
    char text[160];
    if (count < 3) return EKI_OK;
    snprintf(text, sizeof text, "outbreak %" PRId64 " says %" PRId64 " infected and has %" PRId64,
             values[0].integer, values[1].integer, values[2].integer);
    complain(user, text);
    return EKI_OK;
}

static enum eki_error check_counts(struct looker *l, struct eki_store_work *work)
{
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(
        &sql,
        "SELECT outbreak.id, outbreak.infected, count(infection.host) FROM outbreak LEFT JOIN infection "
        "ON infection.outbreak = outbreak.id GROUP BY outbreak.id, outbreak.infected "
        "HAVING count(infection.host) <> outbreak.infected");
    return eki_work_run(work, &sql, take_difference, l, NULL);
}

static enum eki_error take_count(void *user, const struct eki_value *values, size_t count)
{
    char text[120];
    if (!count || !values[0].integer) return EKI_OK;
    snprintf(text, sizeof text, "%" PRId64 " rows are wrong in the index of texts", values[0].integer);
    complain(user, text);
    return EKI_OK;
}

/* PostgreSQL keeps such an index by itself. */
static enum eki_error check_texts(struct looker *l, struct eki_store_work *work)
{
    struct eki_sql sql = eki_work_sql(work);
    if (work->store->driver->index != EKI_INDEX_MATCH) return EKI_OK;
    eki_sql_put(
        &sql,
        "SELECT (SELECT count(*) FROM (SELECT id FROM search_text EXCEPT SELECT id FROM search_docsize)) + "
        "(SELECT count(*) FROM (SELECT id FROM search_docsize EXCEPT SELECT id FROM search_text))");
    return eki_work_run(work, &sql, take_count, l, NULL);
}

enum eki_error eki_store_check(struct eki_store *store, struct eki_store_examination *examination,
                               struct eki_fault *ret_fault)
{
    struct looker l = {.store = store, .to = examination};
    struct eki_store_work *work;
    examination->entries = examination->complaints = 0;
    enum eki_error error = eki_store_begin(store, NULL, &work, ret_fault);
    if (error) return error;
    error = eki_schema_look(store->driver, work->slot->connection, &examination->schema, ret_fault);
    if (!error) error = store->driver->check(work->slot->connection, complain, &l, ret_fault);
    if (!error) {
        error = check_counts(&l, work);
        if (!error) error = check_texts(&l, work);
        if (error && ret_fault) *ret_fault = *eki_store_why(work);
    }
    eki_store_end(work);
    return error ? error : check_chain(&l, ret_fault);
}

enum eki_error eki_store_backup(struct eki_store *store, const char *path, struct eki_fault *ret_fault)
{
    struct eki_store_work *work;
    enum eki_error error = eki_store_begin(store, NULL, &work, ret_fault);
    if (error) return error;
    error = store->driver->backup(work->slot->connection, path, ret_fault);
    eki_store_end(work);
    return error;
}
