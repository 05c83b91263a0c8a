/* SPDX-License-Identifier: Apache-2.0 */
/* The printable report of a case. */
#include "ekigaku/case_report.h"

#include <stdio.h>

#include "web/desk.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/web.h"

/* It holds its own styles and nothing else: no script, nothing fetched. */
static const char POLICY[] =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

static enum eki_error write(struct eki_store_work *work, const struct eki_case_report *report,
                            struct eki_buffer *body)
{
    struct eki_fault fault = {0};
    FILE *out = eki_buffer_open(body);
    if (!out) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_case_report_write(work, report, out, &fault);
    fclose(out);
    return error ? error : body->failed ? EKI_ERROR_MEMORY : EKI_OK;
}

static void reply(struct eki_request *request, struct eki_store_work *work, const struct eki_desk_view *view)
{
    char what[40];
    struct eki_store_case row;
    struct eki_buffer body = {0};
    const struct eki_case_report report = {.of_case = eki_request_id(request, 0),
                                           .directory = view->directory,
                                           .catalogue = request->web->catalogue,
                                           .language =
                                               eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH,
                                           .now = eki_request_now(request)};
    enum eki_error error = eki_store_get(work, &row, report.of_case);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    struct eki_tlp_request asked = {.label = eki_case_label(&row), .carries = EKI_TLP_ALL};
    if (!eki_leave_audience(request, &asked.audience)) {
        eki_store_end(work);
        return;
    }
    snprintf(what, sizeof what, "report of case %lld", (long long)row.id);
    if (!eki_leave(request, work, EKI_TLP_EXIT_CASE_REPORT, &asked, what)) return;
    error = write(work, &report, &body);
    if (error) {
        eki_problem_store(request, error, work, NULL);
    } else {
        eki_store_end(work);
        eki_reply_buffer(request, "text/html; charset=utf-8", &body);
        request->reply.policy = POLICY;
    }
    eki_buffer_done(&body);
}

void eki_case_report_get(struct eki_request *request)
{
    if (!eki_request_id(request, 0)) return;
    struct eki_desk_view *view = eki_desk_take(request);
    if (!view) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (work) reply(request, work, view);
    eki_desk_release(request, view);
}
