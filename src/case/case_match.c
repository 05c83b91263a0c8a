/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_match.h"

#include <string.h>

#include "case/case_kin.h"
#include "case/case_move.h"
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

/* What an outbreak is held against the cases with. */
struct matching {
    struct eki_store_work *work;
    const struct eki_store_outbreak *outbreak;
    struct eki_store_infection *infections;
    size_t infection_count;
};

static bool is_near(const struct matching *m, const struct eki_store_case_host *rows, size_t count)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].at < first) first = rows[i].at;
        if (rows[i].at > last) last = rows[i].at;
    }
    return count && m->outbreak->started <= last + EKI_CASE_RULE_DAYS * DAY &&
           m->outbreak->ended >= first - EKI_CASE_RULE_DAYS * DAY;
}

/* A host of the case is infected in the outbreak, and it is not long before or after. */
static enum eki_error shares(const struct matching *m, int64_t of_case, bool *ret_shares)
{
    struct eki_store_case_host *rows;
    struct eki_kin_hosts kin = {0};
    size_t count;
    *ret_shares = false;
    enum eki_error error = eki_case_rows(m->work, of_case, &rows, &count);
    if (error || !is_near(m, rows, count)) return error;
    error = eki_case_kin_hosts(m->work, of_case, &kin);
    for (size_t i = 0; !error && !*ret_shares && i < m->infection_count; i++)
        *ret_shares = eki_kin_has(&kin, m->infections[i].host);
    eki_kin_done(&kin);
    return error;
}

static enum eki_error fits(const struct matching *m, const struct eki_store_case *row, bool *ret_fits)
{
    const char *why = NULL;
    *ret_fits = false;
    /* What was received from others or split off got its hosts from a person. */
    if (!row->outbreak || row->split_from) return EKI_OK;
    enum eki_error error = eki_case_objection(m->work, row, m->outbreak, &why);
    return error || why ? error : shares(m, row->id, ret_fits);
}

static enum eki_error match_alike(struct matching *m, struct eki_case_match *match)
{
    struct eki_store_case *rows;
    struct eki_store_page page;
    const struct eki_store_query open = {.where = {{.column = "state", .is = '!', .text = "closed"},
                                                   {.column = "state", .is = '!', .text = "merged"}},
                                         .limit = EKI_STORE_MOST_ROWS};
    enum eki_error error = infections_of(m->work, m->outbreak->id, &m->infections, &m->infection_count);
    if (!error) error = eki_store_list(m->work, &open, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        bool is;
        error = fits(m, &rows[i], &is);
        if (error || !is) continue;
        match->of_case = rows[i].id;
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
    struct matching m = {.work = work, .outbreak = outbreak};
    return match_alike(&m, ret_match);
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
