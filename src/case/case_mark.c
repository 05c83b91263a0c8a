/* SPDX-License-Identifier: Apache-2.0 */
/* The label of a case, changed after it was opened. */
#include "case/case_mark.h"

#include <string.h>

#include "case/case_kin.h"
#include "case/entry_label.h"
#include "case/saying.h"
#include "ekigaku/case_exchange.h"

/* What was not sent yet is sent under the new label: a stricter one always, a wider one only when `widens`
 * and where no person has released it under the old one. */
static enum eki_error mark_notices(struct eki_store_work *work, int64_t of_case, enum eki_tlp label,
                                   bool widens)
{
    static const char *const waiting[] = {"draft", "released", "queued"};
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++) {
        struct eki_store_notice *rows;
        struct eki_store_page page;
        const struct eki_store_query query = {
            .where = {{.column = "of_case", .number = of_case}, {.column = "state", .text = waiting[i]}},
            .limit = EKI_STORE_MOST_ROWS};
        enum eki_error error = eki_store_list(work, &query, &rows, &page);
        for (size_t k = 0; !error && k < page.count; k++) {
            enum eki_tlp had = eki_notice_label(&rows[k]);
            bool stricter = eki_tlp_stricter(had, label) != had;
            if (!stricter && (!widens || strcmp(rows[k].state, "draft") != 0)) continue;
            rows[k].tlp = eki_tlp_word(label);
            error = eki_store_change(work, &rows[k]);
        }
        if (!error && page.next) error = EKI_ERROR_LIMIT;
        if (error) return error;
    }
    return EKI_OK;
}

enum eki_error eki_case_tighten_notices(struct eki_store_work *work, int64_t of_case, enum eki_tlp label)
{
    return mark_notices(work, of_case, label, false);
}

bool eki_case_widens(const struct eki_store_case *row, enum eki_tlp label)
{
    /* To label what nobody labelled is for who works on it, as far as AMBER goes; the public is not. */
    return label < (row->tlp[0] ? eki_case_label(row) : EKI_TLP_AMBER);
}

enum eki_error eki_case_mark(struct eki_store_work *work, const struct eki_store_act *act,
                             const struct eki_case_marking *marking, struct eki_fault *ret_fault)
{
    struct eki_store_case row;
    bool told = marking->reason && *marking->reason;
    const char *word = eki_tlp_word(marking->label);
    enum eki_error error = eki_case_takes(work, marking->of_case, &row, ret_fault);
    if (error) return error;
    char before[16];
    size_t length = strlen(row.tlp);
    memcpy(before, row.tlp, length < sizeof before ? length + 1 : 1);
    bool widens = eki_case_widens(&row, marking->label);
    bool wider = marking->label < eki_case_label(&row); /* also of one that nobody had labelled */
    if (!strcmp(row.tlp, word))
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "it is TLP:%s already", word);
    if (widens && !told)
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0,
                             "TLP:%s reaches further than %s%s: a reason is needed", word,
                             *before ? "TLP:" : "what nobody labelled", before);
    row.tlp = word;
    error = eki_store_change(work, &row);
    if (!error) error = mark_notices(work, row.id, marking->label, true);
    if (!error && wider) error = eki_case_entries_hide(work, row.id, marking->label);
    if (error) return error;
    struct eki_case_saying saying = {.of_case = row.id, .kind = "decision", .tags = "tlp"};
    saying.saying = told ? EKI_SAYING_MARKED_WHY : EKI_SAYING_MARKED;
    saying.values[0] = eki_tlp_text(marking->label);
    saying.values[1] = *before ? before : "-";
    saying.values[2] = told ? marking->reason : NULL;
    return eki_case_say(work, act, &saying);
}
