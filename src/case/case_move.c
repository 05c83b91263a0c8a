/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_move.h"

enum eki_error eki_case_rows_of(struct eki_store_work *work, enum eki_store_table table, int64_t of_case,
                                void *ret_rows, size_t *ret_count)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_page page;
    enum eki_error error = eki_store_list_rows(work, table, &query, ret_rows, &page);
    if (error) return error;
    *ret_count = page.count;
    return page.next ? EKI_ERROR_LIMIT : EKI_OK;
}

enum eki_error eki_notice_names(struct eki_store_work *work, int64_t notice,
                                struct eki_store_notice_host **ret_rows, size_t *ret_count)
{
    const struct eki_store_query query = {.where = {{.column = "notice", .number = notice}},
                                          .limit = EKI_NOTICE_HOSTS};
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, ret_rows, &page);
    if (!error) *ret_count = page.count;
    return error;
}

bool eki_notice_unsent(const struct eki_store_notice *notice)
{
    enum eki_notice_state state = eki_notice_state_parse(notice->state);
    bool early = state == EKI_NOTICE_DRAFT || state == EKI_NOTICE_RELEASED || state == EKI_NOTICE_QUEUED;
    /* A queued one may be on a further step: then it was sent before. One that the relay refused for now was
     * not; its text is composed when it is tried again. */
    return early && !notice->sent;
}

bool eki_notice_lives(const struct eki_store_notice *notice)
{
    enum eki_notice_state state = eki_notice_state_parse(notice->state);
    return state != EKI_NOTICE_WITHDRAWN && state != EKI_NOTICE_DISPUTED;
}

enum eki_error eki_notice_forget(struct eki_store_work *work, struct eki_store_notice *notice,
                                 struct eki_store_notice_host *name)
{
    enum eki_error error = eki_store_remove(work, name);
    if (error) return error;
    notice->hosts--;
    if (!notice->hosts) {
        notice->state = eki_notice_state_name(EKI_NOTICE_WITHDRAWN);
        notice->due = 0;
    }
    return eki_store_change(work, notice);
}

enum eki_error eki_case_still(struct eki_store_work *work, int64_t of_case, struct eki_fault *ret_fault)
{
    uint64_t count;
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "state", .text = "sending"}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_NOTICE, &query, &count);
    if (error || !count) return error;
    return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "%llu of the notices of case %lld are being sent",
                         (unsigned long long)count, (long long)of_case);
}
