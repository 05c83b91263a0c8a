/* SPDX-License-Identifier: Apache-2.0 */
#include "web/leave.h"

#include <inttypes.h>
#include <stdio.h>

#include "web/web.h"

enum eki_tlp_exit eki_leave_exit(const struct eki_request *request)
{
    return request->who.token ? EKI_TLP_EXIT_API : EKI_TLP_EXIT_PAGE;
}

bool eki_leave_may(const struct eki_request *request, enum eki_tlp label)
{
    return eki_tlp_leave(eki_leave_exit(request),
                         &(struct eki_tlp_request){.label = label, .carries = EKI_TLP_ALL})
        .allowed;
}

void eki_leave_note(struct eki_request *request, enum eki_tlp_exit exit, const struct eki_tlp_request *asked,
                    const char *what)
{
    struct eki_tlp_decision decision = eki_tlp_leave(exit, asked);
    struct eki_store_work *noting = eki_request_writes(request);
    if (!noting) return;
    enum eki_error error = eki_exit_refused(noting, exit, asked, &decision, what);
    if (!error) error = eki_store_commit(noting);
    if (error) eki_web_note(request->web, "warning", "a refusal could not be noted");
    eki_store_end(noting);
}

bool eki_leave(struct eki_request *request, struct eki_store_work *work, enum eki_tlp_exit exit,
               const struct eki_tlp_request *asked, const char *what)
{
    struct eki_tlp_decision decision = eki_tlp_leave(exit, asked);
    if (decision.allowed) return true;
    if (work) eki_store_end(work);
    eki_leave_note(request, exit, asked, what);
    eki_problem(request, 403, "%s: %s", eki_tlp_text(asked->label), eki_tlp_reason_text(decision.reason));
    return false;
}

/* The first label that may not leave: a directory has records under several. */
static struct eki_tlp_request first_refused(const struct eki_directory_asked *asked)
{
    struct eki_tlp_request request = asked->request;
    for (unsigned label = 0; label < EKI_TLP_COUNT; label++) {
        request.label = (enum eki_tlp)label;
        if (!eki_tlp_leave(asked->exit, &request).allowed) break;
    }
    return request;
}

struct eki_directory *eki_leave_directory(struct eki_request *request, const struct eki_directory *directory,
                                          const struct eki_directory_asked *asked)
{
    struct eki_directory *permitted = NULL;
    size_t withheld = 0, all = 0, count;
    char what[60];
    const struct eki_tlp_request refused = first_refused(asked);
    enum eki_error error = eki_directory_permitted(directory, asked, &permitted, &withheld);
    if (error) {
        eki_problem(request, 503, "%s", eki_error_text(error));
        return NULL;
    }
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
        eki_directory_records(directory, (enum eki_record_kind)kind, &count);
        all += count;
    }
    snprintf(what, sizeof what, "%zu of %zu records of the directory", withheld, all);
    if (withheld) eki_leave_note(request, asked->exit, &refused, what);
    snprintf(request->label, sizeof request->label, "%s; withheld=%zu",
             eki_tlp_text(eki_directory_strictest(permitted)), withheld);
    if (!withheld || withheld < all) return permitted;
    eki_problem(request, 403, "%s: %s", eki_tlp_text(refused.label),
                eki_tlp_reason_text(eki_tlp_leave(asked->exit, &refused).reason));
    eki_directory_free(permitted);
    return NULL;
}

bool eki_leave_case(struct eki_request *request, struct eki_store_work *work,
                    const struct eki_store_case *row)
{
    char what[40];
    const struct eki_tlp_request asked = {.label = eki_case_label(row), .carries = EKI_TLP_ALL};
    snprintf(what, sizeof what, "case %" PRId64, row->id);
    return eki_leave(request, work, eki_leave_exit(request), &asked, what);
}

struct eki_store_work *eki_leave_case_reads(struct eki_request *request, int64_t id,
                                            struct eki_store_case *ret_case)
{
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return NULL;
    enum eki_error error = eki_store_get(work, ret_case, id);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return NULL;
    }
    return eki_leave_case(request, work, ret_case) ? work : NULL;
}

/* The strictest label of an outbreak, or of those of an analysis. */
static enum eki_error label_of(struct eki_store_work *work, enum eki_store_table table, int64_t id,
                               enum eki_tlp *ret_label)
{
    struct eki_store_outbreak *rows;
    struct eki_store_page page = {0};
    struct eki_store_query query = {.where = {{.column = "analysis", .number = id}},
                                    .limit = EKI_STORE_MOST_ROWS};
    if (table == EKI_STORE_OUTBREAK) return eki_outbreak_label(work, id, ret_label);
    *ret_label = EKI_TLP_CLEAR;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        enum eki_tlp label = EKI_TLP_CLEAR;
        error = eki_outbreak_label(work, rows[i].id, &label);
        *ret_label = eki_tlp_stricter(*ret_label, label);
    }
    if (page.next) *ret_label = EKI_TLP_RED; /* more than can be asked for */
    return error;
}

bool eki_leave_shows(const struct eki_request *request, struct eki_store_work *work,
                     enum eki_store_table table, int64_t id)
{
    enum eki_tlp label;
    if (eki_leave_may(request, EKI_TLP_RED)) return true; /* then all may */
    return !label_of(work, table, id, &label) && eki_leave_may(request, label);
}

bool eki_leave_found(struct eki_request *request, struct eki_store_work *work, enum eki_store_table table,
                     int64_t id)
{
    char what[40];
    struct eki_tlp_request asked = {.carries = EKI_TLP_ALL};
    if (eki_leave_may(request, EKI_TLP_RED)) return true;
    enum eki_error error = label_of(work, table, id, &asked.label);
    snprintf(what, sizeof what, "%s %" PRId64, table == EKI_STORE_OUTBREAK ? "outbreak" : "analysis", id);
    if (!error) return eki_leave(request, work, eki_leave_exit(request), &asked, what);
    eki_problem_store(request, error, work, NULL);
    return false;
}

bool eki_leave_notice(struct eki_request *request, struct eki_store_work *work,
                      const struct eki_store_notice *row)
{
    char what[40];
    const struct eki_tlp_request asked = {.label = eki_notice_label(row), .carries = EKI_TLP_ALL};
    snprintf(what, sizeof what, "notice %" PRId64, row->id);
    return eki_leave(request, work, eki_leave_exit(request), &asked, what);
}

bool eki_leave_audience(struct eki_request *request, enum eki_tlp_audience *ret_audience)
{
    const char *name = eki_target_parameter(&request->target, "audience");
    /* A program is no named person, whatever it says. */
    enum eki_tlp_audience fewest = request->who.token ? EKI_AUDIENCE_ORGANISATION : EKI_AUDIENCE_NAMED,
                          audience = fewest;
    if (name && eki_tlp_audience_parse(name, &audience)) {
        eki_problem(request, 400, "audience: named, organisation, clients, community or world");
        return false;
    }
    *ret_audience = audience < fewest ? fewest : audience;
    return true;
}
