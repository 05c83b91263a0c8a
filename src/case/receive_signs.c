/* SPDX-License-Identifier: Apache-2.0 */
/* Indicators that another team tells as rows of a case, each once. */
#include <stdlib.h>
#include <string.h>

#include "case/indicator_row.h"
#include "case/receive_rows.h"
#include "case/receive_text.h"

enum { COMMENT_MOST = 1000 };

static int compare_rows(const void *left, const void *right)
{
    const struct eki_store_indicator *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    return order ? order : strcmp(a->value, b->value);
}

static int64_t micro(eki_time time, int64_t otherwise)
{
    return time != EKI_TIME_NONE && time > 0 ? time / 1000 : otherwise;
}

/* A server of the attacker has no times of its own; nothing was seen after it was told. */
static int64_t last_of(const struct eki_receive_into *into, const struct eki_gathered_sign *sign)
{
    int64_t last = micro(sign->told ? sign->told->last : EKI_TIME_NONE, 0);
    return last > into->act->at ? into->act->at : last;
}

/* Adds it, unless it is to stay out. */
static enum eki_error add_row(const struct eki_receive_into *into, const struct eki_gathered_sign *sign,
                              size_t *added)
{
    bool out = false;
    enum eki_error error =
        into->spares ? eki_indicator_was_taken_out(into->work, into->of_case, sign->kind, sign->value, &out)
                     : EKI_OK;
    if (error || out) return error;
    const char *comment = sign->told ? sign->told->comment : "server of the attacker";
    int64_t first = micro(sign->told ? sign->told->first : EKI_TIME_NONE, into->act->at),
            last = last_of(into, sign);
    struct eki_store_indicator row = {.of_case = into->of_case,
                                      .kind = sign->kind,
                                      .value = sign->value,
                                      .comment = eki_receive_plain(into->arena, comment, COMMENT_MOST, true),
                                      .first = first,
                                      .last = last > first ? last : first,
                                      .sightings = 1,
                                      .detect = !sign->told || sign->told->detect,
                                      .account = into->act->account,
                                      .created = into->act->at};
    if (!row.comment) return EKI_ERROR_MEMORY;
    error = eki_indicator_enter(into->work, &row);
    *added += !error;
    return error;
}

enum eki_error eki_receive_signs(const struct eki_receive_into *into, const struct eki_gathered *gathered,
                                 size_t *ret_added)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = into->of_case}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    size_t added = 0;
    enum eki_error error = eki_store_list(into->work, &query, &rows, &page);
    if (!error && page.next) error = EKI_ERROR_LIMIT;
    if (error) return error;
    if (page.count) qsort(rows, page.count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < gathered->sign_count && !error; i++) {
        const struct eki_gathered_sign *sign = &gathered->signs[i];
        const struct eki_store_indicator wanted = {.kind = sign->kind, .value = sign->value};
        struct eki_store_indicator *row =
            page.count ? bsearch(&wanted, rows, page.count, sizeof wanted, compare_rows) : NULL;
        if (!row) {
            error = add_row(into, sign, &added);
        } else if (last_of(into, sign) > row->last) {
            row->last = last_of(into, sign);
            error = eki_store_change(into->work, row);
        }
    }
    if (!error) *ret_added = added;
    return error;
}
