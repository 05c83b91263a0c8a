/* SPDX-License-Identifier: Apache-2.0 */
/* Which entries of the audit log are about a case. */
#include "ekigaku/case_history.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/entry_label.h"

enum { PAGE = 1000 };

/* Tables whose rows belong to a case, or to a row of a table before them. */
static const struct kind {
    const char *table, *of; /* the column that says to what */
    int owner;              /* position of the table that it names; -1: the case */
} kinds[] = {{"case_host", "of_case", -1},   {"case_entry", "of_case", -1}, {"task", "of_case", -1},
             {"evidence", "of_case", -1},    {"custody", "evidence", 3},    {"indicator", "of_case", -1},
             {"notice", "of_case", -1},      {"notice_host", "notice", 6},  {"enquiry", "of_case", -1},
             {"enquiry_entry", "enquiry", 8}};
enum { KINDS = sizeof kinds / sizeof *kinds };

enum { ENTRY = 1, INDICATOR = 5, NOTICE = 6, ENQUIRY = 8 }; /* the places of those above that have labels */

/* A row, and the strictest label that it ever bore. */
struct labelled {
    int64_t id;
    enum eki_tlp label;
};

/* Rows, sorted by id; they come nearly in order. */
struct ids {
    struct labelled *at;
    size_t count, room;
};

struct history {
    int64_t of_case;
    struct eki_store_work *work; /* of the page that is being told */
    struct ids mine[KINDS];
    eki_case_event *tell;
    void *user;
};

static size_t place(const struct ids *ids, int64_t id)
{
    size_t low = 0, high = ids->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ids->at[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct labelled *find(const struct ids *ids, int64_t id)
{
    size_t at = place(ids, id);
    return at < ids->count && ids->at[at].id == id ? &ids->at[at] : NULL;
}

/* CLEAR when it is none of these. */
static enum eki_tlp label_in(const struct ids *ids, int64_t id)
{
    const struct labelled *row = find(ids, id);
    return row ? row->label : EKI_TLP_CLEAR;
}

static enum eki_error put(struct ids *ids, int64_t id, enum eki_tlp label)
{
    size_t at = place(ids, id);
    struct labelled *known = find(ids, id);
    if (known) {
        known->label = eki_tlp_stricter(known->label, label);
        return EKI_OK;
    }
    if (ids->count == ids->room) {
        size_t room = ids->room ? ids->room * 2 : 256;
        struct labelled *more = eki_allocate(room, sizeof *more);
        if (!more) return EKI_ERROR_MEMORY;
        if (ids->count) memcpy(more, ids->at, ids->count * sizeof *more);
        eki_free(ids->at);
        ids->at = more;
        ids->room = room;
    }
    memmove(ids->at + at + 1, ids->at + at, (ids->count - at) * sizeof *ids->at);
    ids->at[at] = (struct labelled){id, label};
    ids->count++;
    return EKI_OK;
}

static void drop(struct ids *ids, int64_t id)
{
    size_t at = place(ids, id);
    if (!find(ids, id)) return;
    memmove(ids->at + at, ids->at + at + 1, (--ids->count - at) * sizeof *ids->at);
}

/* What a column of the entry's JSON says; 0 when it says nothing. */
static int64_t said(const char *text, const char *column)
{
    if (!strstr(text, column)) return 0; /* most changes leave it alone */
    json_t *object = json_loads(text, 0, NULL);
    int64_t value = json_integer_value(json_object_get(object, column));
    json_decref(object);
    return value;
}

static bool is_ours(const struct history *h, const struct kind *kind, int64_t owner)
{
    return owner && (kind->owner < 0 ? owner == h->of_case : find(&h->mine[kind->owner], owner) != NULL);
}

/* What an entry says of a column, now or before. */
static int64_t said_ever(const struct eki_store_audit *entry, const char *column)
{
    int64_t value = said(entry->after, column);
    return value ? value : said(entry->before, column);
}

/* The label that one side of an entry names; CLEAR for none. */
static enum eki_tlp label_said(const char *text)
{
    enum eki_tlp label = EKI_TLP_CLEAR;
    if (!strstr(text, "\"tlp\"")) return label;
    json_t *object = json_loads(text, 0, NULL);
    const char *word = json_string_value(json_object_get(object, "tlp"));
    if (word && *word && eki_tlp_parse(word, &label)) label = EKI_TLP_RED;
    json_decref(object);
    return label;
}

/* The strictest label that a row of its own ever bore: a change names it only where it changed. */
static enum eki_error read_label(struct history *h, const char *table, int64_t id, enum eki_tlp *label)
{
    char row[24];
    struct eki_store_audit *rows;
    struct eki_store_page page = {0};
    struct eki_store_query query = {
        .where = {{.column = "table_name", .text = table}, {.column = "row", .text = row}}, .limit = PAGE};
    snprintf(row, sizeof row, "%lld", (long long)id);
    do {
        enum eki_error error = eki_store_list(h->work, &query, &rows, &page);
        if (error) return error;
        for (size_t i = 0; i < page.count; i++)
            *label = eki_tlp_stricter(
                *label, eki_tlp_stricter(label_said(rows[i].before), label_said(rows[i].after)));
        query.cursor = page.next;
    } while (query.cursor);
    return EKI_OK;
}

/* The label of what an entry of the timeline is about. */
static enum eki_error entry_label(struct history *h, int64_t id, enum eki_tlp *label)
{
    int64_t notice, indicator;
    struct eki_store_case_entry row;
    enum eki_error error = eki_store_get(h->work, &row, id);
    if (!error) error = eki_case_entry_notice(h->work, &row, &notice);
    if (error) return error == EKI_ERROR_MISSING ? EKI_OK : error;
    indicator = eki_case_entry_indicator(&row);
    if (indicator) return read_label(h, kinds[INDICATOR].table, indicator, label);
    const struct labelled *known = notice ? find(&h->mine[NOTICE], notice) : NULL;
    if (known) *label = known->label;
    return notice && !known ? read_label(h, kinds[NOTICE].table, notice, label) : EKI_OK;
}

/* The label of a row that is new here: its own, that of the row it belongs to, that of the notice it answers.
 */
static enum eki_error find_label(struct history *h, size_t kind, int64_t id,
                                 const struct eki_store_audit *entry, enum eki_tlp *label)
{
    const struct kind *k = &kinds[kind];
    int64_t notice = kind == ENQUIRY ? said_ever(entry, "notice") : 0;
    if (k->owner >= 0) *label = label_in(&h->mine[k->owner], said_ever(entry, k->of));
    if (kind == ENTRY) return entry_label(h, id, label);
    if (kind == INDICATOR || kind == NOTICE) return read_label(h, k->table, id, label);
    return notice ? read_label(h, kinds[NOTICE].table, notice, label) : EKI_OK;
}

/* Does the entry concern the case, and under which label? Keeps account of the row. */
static enum eki_error concerns(struct history *h, const struct eki_store_audit *entry, bool *ret_ours,
                               enum eki_tlp *ret_label)
{
    size_t i = 0;
    int64_t id = strtoll(entry->row, NULL, 10);
    while (i < KINDS && strcmp(kinds[i].table, entry->table_name) != 0) i++;
    *ret_ours = !strcmp(entry->table_name, "case") && id == h->of_case;
    *ret_label = EKI_TLP_CLEAR;
    if (i == KINDS) return EKI_OK;
    int64_t now = said(entry->after, kinds[i].of);
    const struct labelled *known = find(&h->mine[i], id);
    bool was = known != NULL, is = now ? is_ours(h, &kinds[i], now) : was;
    *ret_ours = was || is;
    if (was) *ret_label = known->label;
    enum eki_error error = is && !was ? find_label(h, i, id, entry, ret_label) : EKI_OK;
    if (!error && is && !was) error = put(&h->mine[i], id, *ret_label);
    if (was && !is) drop(&h->mine[i], id);
    return error;
}

static enum eki_error tell_page(struct history *h, const struct eki_store_audit *rows, size_t count)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; !error && i < count; i++) {
        bool ours;
        enum eki_tlp label;
        error = concerns(h, &rows[i], &ours, &label);
        if (!error && ours) error = h->tell(h->user, &rows[i], label);
    }
    return error;
}

/* The entry by which the case was opened. */
static enum eki_error find_start(struct eki_store *store, int64_t of_case, int64_t *ret_start,
                                 struct eki_fault *fault)
{
    char id[24];
    struct eki_store_work *work;
    struct eki_store_case row;
    struct eki_store_audit *rows;
    struct eki_store_page page;
    snprintf(id, sizeof id, "%lld", (long long)of_case);
    const struct eki_store_query query = {
        .where = {{.column = "table_name", .text = "case"}, {.column = "row", .text = id}}, .limit = 1};
    enum eki_error error = eki_store_begin(store, NULL, &work, fault);
    if (error) return error;
    error = eki_store_get(work, &row, of_case);
    if (!error) error = eki_store_list(work, &query, &rows, &page);
    if (error) *fault = *eki_store_why(work);
    if (!error) *ret_start = page.count ? rows[0].id : 1;
    eki_store_end(work);
    return error;
}

enum eki_error eki_case_history(struct eki_store *store, int64_t of_case, eki_case_event *tell, void *user,
                                struct eki_fault *ret_fault)
{
    struct history h = {.of_case = of_case, .tell = tell, .user = user};
    int64_t from = 1;
    size_t count = PAGE;
    enum eki_error error = find_start(store, of_case, &from, ret_fault);
    while (!error && count == PAGE) {
        struct eki_store_audit *rows;
        struct eki_store_page page = {0};
        const struct eki_store_query query = {.where = {{.column = "id", .is = '>', .number = from - 1}},
                                              .limit = PAGE};
        error = eki_store_begin(store, NULL, &h.work, ret_fault);
        if (error) break;
        error = eki_store_list(h.work, &query, &rows, &page);
        if (error) *ret_fault = *eki_store_why(h.work);
        if (!error) error = tell_page(&h, rows, page.count);
        count = page.count;
        if (count) from = rows[count - 1].id + 1;
        eki_store_end(h.work);
    }
    for (size_t i = 0; i < KINDS; i++) eki_free(h.mine[i].at);
    return error;
}
