/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_match.h"

#include <string.h>

#include "case/case_kin.h"
#include "ekigaku/case_rule.h"

#define DAY INT64_C(86400000000) /* microseconds */

static bool is_over(const struct eki_store_case *row)
{
    return !strcmp(row->state, "closed") || !strcmp(row->state, "merged");
}

enum eki_error eki_case_objection(struct eki_store_work *work, const struct eki_store_case *row,
                                  const struct eki_store_outbreak *outbreak, const char **ret_why)
{
    struct eki_store_outbreak first;
    *ret_why = is_over(row) ? "the case is over" : NULL;
    if (*ret_why || !row->outbreak || row->outbreak == outbreak->id) return EKI_OK;
    enum eki_error error = eki_store_get(work, &first, row->outbreak);
    if (error) return error == EKI_ERROR_MISSING ? EKI_OK : error;
    if (first.port != outbreak->port || strcmp(first.proto, outbreak->proto) != 0)
        *ret_why = "the outbreak spreads by another service: open a case of its own";
    else if (first.family[0] && outbreak->family[0] && strcmp(first.family, outbreak->family) != 0)
        *ret_why = "the outbreak is of another family: open a case of its own";
    return EKI_OK;
}

/* It lies not long before or after the hosts of the case, and is no other outbreak. */
static enum eki_error fits(struct eki_store_work *work, const struct eki_store_sharing *sharing,
                           const struct eki_store_outbreak *outbreak, bool *ret_fits)
{
    const char *why = NULL;
    struct eki_store_case row;
    *ret_fits = false;
    if (outbreak->started > sharing->last + EKI_CASE_RULE_DAYS * DAY ||
        outbreak->ended < sharing->first - EKI_CASE_RULE_DAYS * DAY)
        return EKI_OK;
    enum eki_error error = eki_store_get(work, &row, sharing->of_case);
    /* What was received from others or split off got its hosts from a person. */
    if (error || !row.outbreak || row.split_from) return error;
    error = eki_case_objection(work, &row, outbreak, &why);
    if (!error) *ret_fits = !why;
    return error;
}

static enum eki_error match_alike(struct eki_store_work *work, const struct eki_store_outbreak *outbreak,
                                  struct eki_case_match *match)
{
    const struct eki_store_sharing *rows;
    size_t count;
    enum eki_error error = eki_store_share(work, outbreak->id, &rows, &count);
    for (size_t i = 0; !error && i < count; i++) {
        bool is;
        error = fits(work, &rows[i], outbreak, &is);
        if (error || !is) continue;
        match->of_case = rows[i].of_case;
        match->fits++;
    }
    return error;
}

enum eki_error eki_case_match(struct eki_store_work *work, const struct eki_store_outbreak *outbreak,
                              struct eki_case_match *ret_match)
{
    struct eki_store_case *rows;
    struct eki_store_page page;
    const struct eki_store_query made = {.where = {{.column = "outbreak", .number = outbreak->id}},
                                         .limit = EKI_STORE_MOST_ROWS};
    *ret_match = (struct eki_case_match){0};
    enum eki_error error = eki_store_list(work, &made, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        struct eki_store_case now;
        ret_match->had = true;
        error = eki_case_follow(work, rows[i].id, &now);
        if (error || is_over(&now) || rows[i].split_from || ret_match->of_case == now.id) continue;
        ret_match->of_case = now.id;
        ret_match->fits++;
    }
    if (error || ret_match->had) return error;
    return match_alike(work, outbreak, ret_match);
}

static enum eki_error infections_of(struct eki_store_work *work, int64_t outbreak,
                                    struct eki_store_infection **ret_rows, size_t *ret_count)
{
    struct eki_store_page page;
    const struct eki_store_query of = {.where = {{.column = "outbreak", .number = outbreak}},
                                       .limit = EKI_STORE_MOST_ROWS};
    enum eki_error error = eki_store_list(work, &of, ret_rows, &page);
    if (!error && page.next) error = EKI_ERROR_LIMIT;
    if (!error) *ret_count = page.count;
    return error;
}

enum eki_error eki_case_lacks(struct eki_store_work *work, int64_t of_case,
                              const struct eki_store_outbreak *outbreak, bool *ret_lacks)
{
    struct eki_store_infection *rows;
    struct eki_kin_hosts kin = {0};
    size_t count = 0;
    *ret_lacks = false;
    enum eki_error error = infections_of(work, outbreak->id, &rows, &count);
    if (!error) error = eki_case_kin_hosts(work, of_case, &kin);
    for (size_t i = 0; !error && !*ret_lacks && i < count; i++) *ret_lacks = !eki_kin_has(&kin, rows[i].host);
    eki_kin_done(&kin);
    return error;
}
