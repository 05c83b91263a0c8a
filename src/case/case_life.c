/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to a case after it was opened: notes, its end, its return. */
#include <string.h>

#include "case/case_kin.h"
#include "case/saying.h"

static enum eki_error add_entry(struct eki_store_work *work, const struct eki_store_act *act,
                                struct eki_store_case_entry entry)
{
    entry.at = entry.created = act->at;
    entry.account = act->account;
    return eki_store_add(work, &entry);
}

static enum eki_error say(struct eki_store_work *work, const struct eki_store_act *act, int64_t of_case,
                          enum eki_saying saying)
{
    return eki_case_say(work, act,
                        &(struct eki_case_saying){.of_case = of_case, .kind = "decision", .saying = saying});
}

enum eki_error eki_case_note(struct eki_store_work *work, const struct eki_store_act *act,
                             const struct eki_case_noting *noting, struct eki_fault *ret_fault)
{
    if (!noting->text || !*noting->text)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the note is empty");
    enum eki_error error = eki_case_takes(work, noting->of_case, NULL, ret_fault);
    if (error) return error;
    return add_entry(
        work, act,
        (struct eki_store_case_entry){
            .of_case = noting->of_case, .kind = "note", .host = noting->host, .text = noting->text});
}

/* What is queued or on its way would be sent for a case that is over. */
static enum eki_error check_notices(struct eki_store_work *work, int64_t of_case, struct eki_fault *fault)
{
    static const char *const moving[] = {"queued", "sending"};
    uint64_t all = 0;
    for (size_t i = 0; i < sizeof moving / sizeof *moving; i++) {
        uint64_t count;
        const struct eki_store_query query = {
            .where = {{.column = "of_case", .number = of_case}, {.column = "state", .text = moving[i]}}};
        enum eki_error error = eki_store_count(work, EKI_STORE_NOTICE, &query, &count);
        if (error) return error;
        all += count;
    }
    return all ? eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "%llu of its notices are still being sent",
                               (unsigned long long)all)
               : EKI_OK;
}

enum eki_error eki_case_close(struct eki_store_work *work, const struct eki_store_act *act, int64_t of_case,
                              const char *lesson, struct eki_fault *ret_fault)
{
    struct eki_store_case row;
    bool learnt = lesson && *lesson;
    enum eki_error error = eki_case_takes(work, of_case, &row, ret_fault);
    if (error) return error;
    if (!strcmp(row.state, "closed"))
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "it is closed already");
    error = check_notices(work, of_case, ret_fault);
    if (error) return error;
    row.state = "closed";
    row.closed = act->at;
    error = eki_store_change(work, &row);
    if (error) return error;
    if (!learnt) return say(work, act, of_case, EKI_SAYING_NO_LESSON);
    return add_entry(work, act,
                     (struct eki_store_case_entry){.of_case = of_case, .kind = "lesson", .text = lesson});
}

enum eki_error eki_case_reopen(struct eki_store_work *work, const struct eki_store_act *act, int64_t of_case,
                               struct eki_fault *ret_fault)
{
    struct eki_store_case row;
    enum eki_error error = eki_case_takes(work, of_case, &row, ret_fault);
    if (error) return error;
    if (strcmp(row.state, "closed") != 0)
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "it is %s, not closed", row.state);
    row.state = "open";
    row.closed = 0;
    error = eki_store_change(work, &row);
    if (error) return error;
    return say(work, act, of_case, EKI_SAYING_REOPENED);
}
