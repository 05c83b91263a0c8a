/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of an analysis: how each searches, and the curve of what it searched. */
#include "web/handlers.h"
#include "web/lines.h"
#include "web/outbreak.h"

/* The sources on the service of one outbreak. */
static void reply_of_outbreak(struct eki_request *request, struct eki_seen_outbreak *seen, int64_t outbreak)
{
    enum eki_error error = eki_store_get(seen->work, &seen->row, outbreak);
    if (!error && seen->row.analysis != seen->analysis.id) error = EKI_ERROR_MISSING;
    if (error)
        eki_problem_store(request, error, NULL, eki_store_why(seen->work));
    else
        eki_reply_json(request, 200,
                       json_pack("{s:o, s:n}", "items", eki_outbreak_strategies(request, seen), "next"));
}

void eki_scanners_get(struct eki_request *request)
{
    struct eki_seen_outbreak seen;
    int64_t outbreak = 0;
    if (!eki_request_integer(request, "outbreak", (struct eki_field){.least = 1, .most = INT64_MAX},
                             &outbreak))
        return;
    if (!eki_outbreak_find_analysis(request, &seen)) return;
    struct eki_results_part part = {.facts_path = seen.analysis.facts_path, .name = "scanners"};
    if (outbreak)
        reply_of_outbreak(request, &seen, outbreak);
    else
        eki_lines_reply(request, &part);
    eki_store_end(seen.work);
}

void eki_scanner_reach_get(struct eki_request *request)
{
    struct eki_seen_outbreak seen;
    enum eki_error error;
    int64_t number = eki_request_position(request, 1);
    if (number < 0 || !eki_outbreak_find_analysis(request, &seen)) return;
    struct eki_results_part part = {.facts_path = seen.analysis.facts_path, .name = "reach"};
    json_t *points = eki_results_json(request->web, &part, (uint64_t)number, &error);
    if (error == EKI_ERROR_MISSING)
        eki_problem(request, 404, "There is no source of this number.");
    else if (error)
        eki_outbreak_unreadable(request, error);
    else
        eki_reply_json(request, 200, points);
    eki_store_end(seen.work);
}
