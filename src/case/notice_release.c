/* SPDX-License-Identifier: Apache-2.0 */
/* Persons let notices go. */
#include <string.h>

#include "case/notice_row.h"

static bool is_red(const struct eki_store_notice *notice)
{
    enum eki_tlp label;
    return notice->tlp[0] && (eki_tlp_parse(notice->tlp, &label) || label == EKI_TLP_RED);
}

/* Were there so many at once, and was nothing of the case sent before them? */
static enum eki_error is_first_mass(struct eki_store_work *work, const struct eki_store_notice *notice,
                                    int64_t mass, bool *ret_is)
{
    uint64_t together = 0, before = 0;
    struct eki_store_query query = {.where = {{.column = "of_case", .number = notice->of_case},
                                              {.column = "created", .number = notice->created}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_NOTICE, &query, &together);
    query.where[1].is = '<';
    query.where[2] = (struct eki_store_where){.column = "sent", .is = '>'};
    if (!error) error = eki_store_count(work, EKI_STORE_NOTICE, &query, &before);
    if (!error) *ret_is = together >= (uint64_t)mass && !before;
    return error;
}

enum eki_error eki_notice_needs(struct eki_store_work *work, const struct eki_store_notice *notice,
                                int64_t mass, unsigned *ret_persons)
{
    bool first = false;
    enum eki_error error = is_red(notice) ? EKI_OK : is_first_mass(work, notice, mass, &first);
    if (!error) *ret_persons = is_red(notice) || first ? EKI_TLP_RELEASES : 1;
    return error;
}

/* One more person; `needs` is how many there must be. */
static enum eki_error release(struct eki_store_work *work, const struct eki_store_act *act,
                              struct eki_store_notice *notice, unsigned needs, unsigned *ret_waits)
{
    bool own = notice->releaser == act->account;
    if (eki_notice_state_parse(notice->state) != EKI_NOTICE_DRAFT) return EKI_ERROR_CONFLICT;
    if (own && needs > 1) return EKI_ERROR_CONFLICT;
    if (notice->releaser && !own)
        notice->second_releaser = act->account;
    else
        notice->releaser = act->account;
    unsigned have = 1 + (notice->second_releaser != 0);
    *ret_waits = have < needs ? needs - have : 0;
    if (!*ret_waits) {
        notice->state = eki_notice_state_name(EKI_NOTICE_RELEASED);
        notice->released = act->at;
    }
    enum eki_error error = eki_store_change(work, notice);
    if (error || *ret_waits) return error;
    return eki_notice_log(work, act, notice,
                          needs > 1 ? EKI_SAYING_NOTICE_RELEASED_TWO : EKI_SAYING_NOTICE_RELEASED, NULL);
}

enum eki_error eki_notice_release(struct eki_store_work *work, const struct eki_store_act *act, int64_t id,
                                  int64_t mass, unsigned *ret_waits)
{
    struct eki_store_notice notice;
    unsigned needs;
    if (!act->account) return EKI_ERROR_ARGUMENT;
    enum eki_error error = eki_store_get(work, &notice, id);
    if (!error) error = eki_notice_needs(work, &notice, mass, &needs);
    return error ? error : release(work, act, &notice, needs, ret_waits);
}

enum eki_error eki_notice_release_case(struct eki_store_work *work, const struct eki_store_act *act,
                                       int64_t of_case, int64_t mass,
                                       struct eki_notice_released *ret_released)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_notice_released counts = {0};
    unsigned needs = 0, waits;
    int64_t batch = -1; /* they come in order: what holds for the first of a batch holds for it all */
    struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "state", .text = "draft"}},
        .limit = EKI_NOTICE_HOSTS};
    if (!act->account) return EKI_ERROR_ARGUMENT;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        if (rows[i].created != batch || is_red(&rows[i]) || (i && is_red(&rows[i - 1])))
            error = eki_notice_needs(work, &rows[i], mass, &needs);
        if (error) break;
        batch = rows[i].created;
        error = release(work, act, &rows[i], needs, &waits);
        if (error == EKI_ERROR_CONFLICT) {
            counts.refused++;
            error = EKI_OK;
        } else if (!error) {
            counts.released += !waits;
            counts.waiting += waits != 0;
        }
    }
    if (!error) *ret_released = counts;
    return error;
}
