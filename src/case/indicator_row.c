/* SPDX-License-Identifier: Apache-2.0 */
#include "case/indicator_row.h"

#include "case/case_move.h"
#include "ekigaku/case_exchange.h"

/* The strictest of some rows' labels, which may be "". */
static const char *stricter(const char *a, const char *b)
{
    const struct eki_store_case one = {.tlp = a}, two = {.tlp = b};
    if (!*a || !*b) return *a ? a : b;
    return eki_tlp_word(eki_tlp_stricter(eki_case_label(&one), eki_case_label(&two)));
}

static struct eki_store_query twin_of(int64_t of_case, const char *kind, const char *value)
{
    return (struct eki_store_query){.where = {{.column = "of_case", .number = of_case},
                                              {.column = "kind", .text = kind},
                                              {.column = "value", .text = value}},
                                    .limit = 1};
}

/* The label that is kept; its id is 0 when none is. */
static enum eki_error find_kept(struct eki_store_work *work, int64_t of_case, const char *kind,
                                const char *value, struct eki_store_indicator_label *ret_kept)
{
    const struct eki_store_query query = twin_of(of_case, kind, value);
    struct eki_store_indicator_label *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) *ret_kept = page.count ? rows[0] : (struct eki_store_indicator_label){0};
    return error;
}

enum eki_error eki_indicator_label_take(struct eki_store_work *work, struct eki_store_indicator *row)
{
    struct eki_store_indicator_label kept;
    enum eki_error error = find_kept(work, row->of_case, row->kind, row->value, &kept);
    if (error || !kept.id) return error;
    row->tlp = stricter(row->tlp ? row->tlp : "", kept.tlp);
    return eki_store_remove(work, &kept);
}

enum eki_error eki_indicator_label_keep(struct eki_store_work *work, const struct eki_store_act *act,
                                        const struct eki_store_indicator *row)
{
    struct eki_store_indicator_label kept = {
        .of_case = row->of_case, .kind = row->kind, .value = row->value, .tlp = row->tlp, .created = act->at};
    return eki_store_add(work, &kept);
}

enum eki_error eki_indicator_was_taken_out(struct eki_store_work *work, int64_t of_case, const char *kind,
                                           const char *value, bool *ret_was)
{
    struct eki_store_indicator_label kept;
    enum eki_error error = find_kept(work, of_case, kind, value, &kept);
    if (!error) *ret_was = kept.id != 0;
    return error;
}

enum eki_error eki_indicator_enter(struct eki_store_work *work, struct eki_store_indicator *row)
{
    enum eki_error error = eki_indicator_label_take(work, row);
    return error ? error : eki_store_add(work, row);
}

enum eki_error eki_indicator_take_out(struct eki_store_work *work, const struct eki_store_act *act,
                                      struct eki_store_indicator *row)
{
    enum eki_error error = eki_store_remove(work, row);
    return error ? error : eki_indicator_label_keep(work, act, row);
}

/* One label goes over: to the indicator, to the label that is kept there, or as it is. */
static enum eki_error move_one(struct eki_store_work *work, int64_t into,
                               struct eki_store_indicator_label *kept)
{
    const struct eki_store_query query = twin_of(into, kept->kind, kept->value);
    struct eki_store_indicator_label there;
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) error = find_kept(work, into, kept->kind, kept->value, &there);
    if (error || (!page.count && there.id == kept->id)) return error;
    if (page.count) {
        rows[0].tlp = stricter(rows[0].tlp, kept->tlp);
        error = eki_store_change(work, &rows[0]);
    } else if (there.id) {
        there.tlp = stricter(there.tlp, kept->tlp);
        error = eki_store_change(work, &there);
    } else {
        kept->of_case = into;
        return eki_store_change(work, kept);
    }
    return error ? error : eki_store_remove(work, kept);
}

static enum eki_error move_all(struct eki_store_work *work, int64_t from, int64_t into)
{
    struct eki_store_indicator_label *rows;
    size_t count;
    enum eki_error error = eki_case_rows(work, from, &rows, &count);
    for (size_t i = 0; !error && i < count; i++) error = move_one(work, into, &rows[i]);
    return error;
}

enum eki_error eki_indicator_labels_move(struct eki_store_work *work, int64_t from, int64_t into)
{
    enum eki_error error = move_all(work, from, into);
    return error ? error : move_all(work, into, into); /* of indicators that came from the other */
}
