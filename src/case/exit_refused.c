/* SPDX-License-Identifier: Apache-2.0 */
/* The label of an outbreak; what is noted when something was not let out. */
#include <jansson.h>

#include "base/buffer.h"
#include "case/case_kin.h"
#include "ekigaku/case_exchange.h"

/* The label that the facts of an analysis bore; CLEAR for none. */
static enum eki_error facts_label(struct eki_store_work *work, int64_t id, enum eki_tlp *ret_label)
{
    struct eki_store_analysis row;
    enum eki_error error = eki_store_get(work, &row, id);
    if (error) return error;
    *ret_label = EKI_TLP_CLEAR;
    if (*row.tlp && eki_tlp_parse(row.tlp, ret_label)) *ret_label = EKI_TLP_RED;
    return EKI_OK;
}

enum eki_error eki_outbreak_bears(struct eki_store_work *work, const struct eki_store_outbreak *outbreak,
                                  int64_t but, enum eki_tlp *ret_label)
{
    struct eki_store_case *rows;
    struct eki_store_page page = {0};
    const struct eki_store_query made = {.where = {{.column = "outbreak", .number = outbreak->id}},
                                         .limit = EKI_STORE_MOST_ROWS};
    enum eki_tlp label = EKI_TLP_RED;
    enum eki_error error = facts_label(work, outbreak->analysis, &label);
    if (!error) error = eki_store_list(work, &made, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        struct eki_store_case now;
        if (rows[i].split_from) continue; /* its label is that of a part */
        error = eki_case_follow(work, rows[i].id, &now);
        if (!error && now.id != but && *now.tlp) label = eki_tlp_stricter(label, eki_case_label(&now));
    }
    if (!error) *ret_label = label;
    return error;
}

enum eki_error eki_outbreak_label(struct eki_store_work *work, int64_t outbreak, enum eki_tlp *ret_label)
{
    struct eki_store_query query = {.where = {{.column = "outbreak", .number = outbreak}},
                                    .limit = EKI_STORE_MOST_ROWS};
    enum eki_tlp label = EKI_TLP_CLEAR;
    size_t cases = 0;
    do {
        struct eki_store_case *rows;
        struct eki_store_page page;
        enum eki_error error = eki_store_list(work, &query, &rows, &page);
        if (error) return error;
        for (size_t i = 0; i < page.count; i++) label = eki_tlp_stricter(label, eki_case_label(&rows[i]));
        cases += page.count;
        query.cursor = page.next;
    } while (query.cursor);
    struct eki_store_outbreak row;
    enum eki_tlp bears = EKI_TLP_CLEAR;
    enum eki_error error = eki_store_get(work, &row, outbreak);
    if (!error) error = facts_label(work, row.analysis, &bears);
    if (!error) *ret_label = eki_tlp_stricter(cases ? label : EKI_TLP_UNMARKED, bears);
    return error;
}

static int put(const char *bytes, size_t length, void *buffer)
{
    eki_buffer_add(buffer, bytes, length);
    return 0;
}

enum eki_error eki_exit_refused(struct eki_store_work *work, enum eki_tlp_exit exit,
                                const struct eki_tlp_request *request,
                                const struct eki_tlp_decision *decision, const char *what)
{
    const struct eki_tlp_exit_row *row = eki_tlp_exit_row(exit);
    enum eki_tlp_audience audience = row->asked ? request->audience : row->audience;
    struct eki_buffer text = {0};
    json_t *detail =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "exit", row->name, "way", eki_tlp_way_name(row->way),
                  "what", what, "label", eki_tlp_text(request->label), "audience",
                  eki_tlp_audience_name(audience), "why", eki_tlp_reason_text(decision->reason));
    bool failed = !detail || json_dump_callback(detail, put, &text, JSON_COMPACT);
    enum eki_error error =
        failed || text.failed ? EKI_ERROR_MEMORY : eki_store_note(work, "tlp refused", text.bytes);
    json_decref(detail);
    eki_buffer_done(&text);
    return error;
}
