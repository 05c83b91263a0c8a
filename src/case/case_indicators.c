/* SPDX-License-Identifier: Apache-2.0 */
/* Indicators out of a pasted text become rows of a case, each once. */
#include "case/case_kin.h"
#include "case/indicator_row.h"
#include "ekigaku/case.h"

/* The row of the case that has this kind and value; EKI_ERROR_MISSING when there is none. */
static enum eki_error find(struct eki_store_work *work, int64_t of_case, const char *kind, const char *value,
                           struct eki_store_indicator *ret_row)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case},
                                                    {.column = "value", .text = value},
                                                    {.column = "kind", .text = kind}},
                                          .limit = 1};
    struct eki_store_indicator *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error && !page.count) return EKI_ERROR_MISSING;
    if (!error) *ret_row = rows[0];
    return error;
}

static enum eki_error keep(struct eki_store_work *work, const struct eki_store_act *act, int64_t of_case,
                           const struct eki_indicator_entry *entry, bool *ret_known)
{
    const char *kind = eki_indicator_kind_name(entry->kind);
    struct eki_store_indicator row;
    enum eki_error error = find(work, of_case, kind, entry->value, &row);
    *ret_known = !error;
    if (error && error != EKI_ERROR_MISSING) return error;
    if (!error) {
        row.sightings += (int64_t)entry->times;
        row.last = act->at;
        return eki_store_change(work, &row);
    }
    row = (struct eki_store_indicator){.of_case = of_case,
                                       .kind = kind,
                                       .value = entry->value,
                                       .first = act->at,
                                       .last = act->at,
                                       .sightings = (int64_t)entry->times,
                                       .detect = true,
                                       .account = act->account,
                                       .created = act->at};
    return eki_indicator_enter(work, &row);
}

enum eki_error eki_case_indicators(struct eki_store_work *work, const struct eki_store_act *act,
                                   const struct eki_case_paste *paste,
                                   struct eki_case_sightings *ret_sightings, struct eki_fault *ret_fault)
{
    struct eki_case_sightings sightings = {0};
    enum eki_error error = eki_case_takes(work, paste->of_case, NULL, ret_fault);
    for (size_t i = 0; !error && i < paste->list->count; i++) {
        bool known;
        error = keep(work, act, paste->of_case, &paste->list->entries[i], &known);
        *(known ? &sightings.again : &sightings.added) += !error;
    }
    if (!error) *ret_sightings = sightings;
    return error;
}
