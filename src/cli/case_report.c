/* SPDX-License-Identifier: Apache-2.0 */
/* The printable report of a case, to a file or standard output. */
#include "ekigaku/case_report.h"

#include <stdio.h>

#include "cli/case_desk.h"
#include "cli/command.h"
#include "cli/output.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/tlp_exit.h"

static bool may_leave(const struct eki_case_desk *desk, const struct eki_store_case *row)
{
    const struct eki_tlp_request asked = {
        .label = eki_case_label(row), .audience = EKI_AUDIENCE_NAMED, .carries = EKI_TLP_ALL};
    struct eki_tlp_decision decision = eki_tlp_leave(EKI_TLP_EXIT_CASE_REPORT, &asked);
    if (!decision.allowed)
        eki_warn(
            "case", EKI_TEXT("case {1} is {2}: {3}"),
            EKI_VALUES(eki_say_number(row->id).text, eki_tlp_text(asked.label),
                       eki_report_text_in(desk->request->language, eki_tlp_reason_text(decision.reason))));
    return decision.allowed;
}

int eki_case_write_report(const struct eki_case_desk *desk)
{
    const struct eki_case_request *r = desk->request;
    struct eki_store_case row;
    struct eki_output output;
    struct eki_fault fault = {0};
    const struct eki_case_report report = {.of_case = r->of_case,
                                           .directory = desk->directory,
                                           .catalogue = desk->catalogue,
                                           .language = r->language,
                                           .now = desk->act.at};
    struct eki_store_work *work = eki_case_begin(desk);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, r->of_case);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)r->of_case);
    if (error) return eki_case_end(desk, work, error, &fault);
    bool may = may_leave(desk, &row), opened = may && (!r->output || eki_output_open(r->output, &output));
    if (!opened) {
        eki_store_end(work);
        return may ? EKI_EXIT_FAILED : EKI_EXIT_USAGE;
    }
    error = eki_case_report_write(work, &report, r->output ? output.file : stdout, &fault);
    if (error == EKI_ERROR_WRITE && !fault.what[0])
        eki_fault_set(&fault, error, 0, "%.200s", r->output ? r->output : "standard output");
    bool kept = !r->output || eki_output_close(&output, !error);
    int status = eki_case_end(desk, work, error, &fault);
    return status || kept ? status : EKI_EXIT_FAILED;
}
