/* SPDX-License-Identifier: Apache-2.0 */
#include "case/desk_offer.h"

#include <string.h>

#include "base/memory.h"
#include "case/desk_rows.h"
#include "ekigaku/bundle.h"

/* A record that is to be proposed. */
struct offered {
    char *line; /* owned */
    int64_t record;
};

struct offering {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    struct eki_desk_offer *offer;
    struct offered *offered;
    size_t count;
};

static void refuse(struct offering *o, const struct eki_fault *fault)
{
    if (!o->offer->refused++) snprintf(o->offer->told, sizeof o->offer->told, "%.150s", fault->what);
}

/* Was this change proposed before? What a person decided stays decided. */
static enum eki_error is_proposed(struct offering *o, const char *line, bool *ret_proposed)
{
    const struct eki_store_query query = {.where = {{.column = "line", .text = line}}, .limit = 1};
    uint64_t count;
    enum eki_error error = eki_store_count(o->work, EKI_STORE_PROPOSAL, &query, &count);
    if (!error) *ret_proposed = count > 0;
    return error;
}

/* The record without when and from where it was entered, which are for those who approve to say; a new text,
 * NULL when it is no object. */
static char *strip(const char *line)
{
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    json_object_del(object, "entered");
    json_object_del(object, "source");
    char *text = json_is_object(object) ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}

/* Does the row say the same? */
static bool is_same(const struct eki_store_directory_record *row, const char *line)
{
    char *own = strip(row->line), *other = strip(line);
    json_t *a = own ? json_loads(own, 0, NULL) : NULL, *b = other ? json_loads(other, 0, NULL) : NULL;
    bool same = a && b && json_equal(a, b);
    json_decref(a);
    json_decref(b);
    eki_free(own);
    eki_free(other);
    return same;
}

/* What no other team may ask for: what this desk noted itself, and whom it believes. Its own new key a team
 * may tell. */
static const char *find_objection(const struct offering *o, const struct eki_desk_formed *formed)
{
    size_t count;
    const char *kind = formed->row.kind;
    if (!strcmp(kind, "check") || !strcmp(kind, "annotation"))
        return "checks and annotations are this desk's own";
    const struct eki_key *key = eki_directory_records(formed->directory, EKI_RECORD_KEY, &count);
    if (count && key->type == EKI_KEY_BUNDLE && strcmp(key->team, o->offer->team) != 0)
        return "a key of bundles is told by its own team only";
    return NULL;
}

static enum eki_error keep(struct offering *o, const char *line, int64_t record)
{
    size_t size = strlen(line) + 1;
    char *copy = eki_allocate(size, 1);
    if (!copy) return EKI_ERROR_MEMORY;
    memcpy(copy, line, size);
    o->offered[o->count++] = (struct offered){copy, record};
    return EKI_OK;
}

static bool is_offered(const struct offering *o, const char *line)
{
    for (size_t i = 0; i < o->count; i++)
        if (!strcmp(o->offered[i].line, line)) return true;
    return false;
}

/* A record of its form: is it new, or does it differ from the newest of its kind and name? */
static enum eki_error compare(struct offering *o, const struct eki_store_directory_record *formed)
{
    const struct eki_store_query named = {
        .where = {{.column = "kind", .text = formed->kind}, {.column = "name", .text = formed->name}},
        .descending = true,
        .limit = 1};
    struct eki_store_directory_record *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(o->work, &named, &rows, &page);
    if (error) return error;
    bool known = (page.count && is_same(&rows[0], formed->line)) || is_offered(o, formed->line);
    if (!known) error = is_proposed(o, formed->line, &known);
    if (error) return error;
    o->offer->known += known;
    return known ? EKI_OK : keep(o, formed->line, page.count ? rows[0].id : 0);
}

static enum eki_error look_at(struct offering *o, const char *line)
{
    struct eki_desk_formed formed = {0};
    struct eki_fault fault = {0};
    char *bare = strip(line);
    enum eki_error error = bare ? eki_desk_form(o->act, bare, true, &formed, &fault)
                                : eki_fault_set(&fault, EKI_ERROR_CORRUPT, 0, "a record is no JSON object");
    eki_free(bare);
    const char *why = error ? NULL : find_objection(o, &formed);
    if (why) error = eki_fault_set(&fault, EKI_ERROR_CORRUPT, 0, "%s", why);
    bool wrong = error && error != EKI_ERROR_MEMORY;
    if (wrong) refuse(o, &fault);
    if (!error) error = compare(o, &formed.row);
    eki_desk_formed_done(&formed);
    return wrong ? EKI_OK : error;
}

static enum eki_error look_at_all(struct offering *o)
{
    const char *at = o->offer->lines;
    enum eki_error error = EKI_OK;
    while (*at && !error && o->count < EKI_BUNDLE_RECORDS) {
        size_t length = strcspn(at, "\n");
        char *line = eki_allocate(length + 1, 1);
        if (!line) return EKI_ERROR_MEMORY;
        memcpy(line, at, length);
        error = look_at(o, line);
        eki_free(line);
        at += length + (at[length] == '\n');
    }
    return error;
}

/* Would the directory hold together with all of them? */
static enum eki_error try_all(struct offering *o, bool *ret_good)
{
    struct eki_desk_change changes[EKI_BUNDLE_RECORDS];
    struct eki_directory *directory;
    struct eki_fault fault = {0};
    for (size_t i = 0; i < o->count; i++)
        changes[i] = (struct eki_desk_change){o->offered[i].record, o->offered[i].line};
    const struct eki_desk_changes all = {changes, o->count};
    enum eki_error error = eki_desk_try_all(o->work, eki_desk_time(o->act->at), &all, &directory, &fault);
    *ret_good = !error;
    if (!error) eki_directory_free(directory);
    if (error != EKI_ERROR_CORRUPT && error != EKI_ERROR_FORMAT) return error;
    for (size_t i = 0; i < o->count; i++) refuse(o, &fault);
    return EKI_OK;
}

static enum eki_error propose(struct offering *o)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < o->count && !error; i++) {
        struct eki_store_proposal proposal = {.record = o->offered[i].record,
                                              .line = o->offered[i].line,
                                              .why = o->offer->why,
                                              .state = "open",
                                              .created = o->act->at};
        error = eki_store_add(o->work, &proposal);
        o->offer->proposed += !error;
    }
    return error;
}

enum eki_error eki_desk_offer(struct eki_store_work *work, const struct eki_store_act *act,
                              struct eki_desk_offer *offer)
{
    struct offering o = {.work = work, .act = act, .offer = offer};
    bool good = false;
    o.offered = eki_allocate(EKI_BUNDLE_RECORDS, sizeof *o.offered);
    if (!o.offered) return EKI_ERROR_MEMORY;
    enum eki_error error = look_at_all(&o);
    if (!error && o.count) error = try_all(&o, &good);
    if (!error && good) error = propose(&o);
    for (size_t i = 0; i < o.count; i++) eki_free(o.offered[i].line);
    eki_free(o.offered);
    return error;
}
