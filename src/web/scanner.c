/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of an analysis: how each searches, and the curve of what it searched. */
#include "web/handlers.h"
#include "web/lines.h"
#include "web/outbreak.h"
#include "web/raster.h"

static void reply_strategies(struct eki_request *request, const struct eki_seen_outbreak *seen)
{
    struct eki_buffer out = {0};
    eki_buffer_text(&out, "{\"items\":");
    eki_outbreak_strategies(request, seen, &out);
    eki_buffer_text(&out, ",\"next\":null}");
    eki_reply_buffer(request, "application/json", &out);
}

/* The sources on the service of one outbreak. */
static void reply_of_outbreak(struct eki_request *request, struct eki_seen_outbreak *seen, int64_t outbreak)
{
    enum eki_error error = eki_store_get(seen->work, &seen->row, outbreak);
    if (!error && seen->row.analysis != seen->analysis.id) error = EKI_ERROR_MISSING;
    if (error)
        eki_problem_store(request, error, NULL, eki_store_why(seen->work));
    else
        reply_strategies(request, seen);
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

enum { REACH_POINTS = 200 };

/* Of IPv6, all probes: what a source remembers of its own is of one /64. NULL when it is not that. */
static json_t *reach_of_probes(const struct eki_request *request, const char *facts_path, uint64_t number)
{
    char path[4096];
    double t[REACH_POINTS];
    uint64_t distinct[REACH_POINTS];
    struct eki_probe_columns columns;
    struct eki_results_part part = {.facts_path = facts_path, .name = "probes"};
    if (!eki_results_path(request->web, &part, path) || eki_probes_map(path, number, &columns)) return NULL;
    size_t count = columns.axis == EKI_AXIS_IPV6 ? eki_raster_reach(&columns, REACH_POINTS, t, distinct) : 0;
    json_t *points = count ? json_array() : NULL;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(points,
                              json_pack("{s:f, s:I}", "t", t[i], "distinct", (json_int_t)distinct[i]));
    eki_probes_unmap(&columns);
    return points;
}

/* What a watch kept are samples, so the curve that got further is the better one. */
static json_int_t last_of(const json_t *points)
{
    const json_t *last = json_array_get(points, json_array_size(points) - 1);
    return json_integer_value(json_object_get(last, "distinct"));
}

void eki_scanner_reach_get(struct eki_request *request)
{
    struct eki_seen_outbreak seen;
    enum eki_error error;
    int64_t number = eki_request_position(request, 1);
    if (number < 0 || !eki_outbreak_find_analysis(request, &seen)) return;
    struct eki_results_part part = {.facts_path = seen.analysis.facts_path, .name = "reach"};
    json_t *points = eki_results_json(request->web, &part, (uint64_t)number, &error);
    json_t *whole = error ? NULL : reach_of_probes(request, seen.analysis.facts_path, (uint64_t)number);
    if (last_of(whole) > last_of(points)) {
        json_decref(points);
        points = json_incref(whole);
    }
    json_decref(whole);
    if (error == EKI_ERROR_MISSING)
        eki_problem(request, 404, "There is no source of this number.");
    else if (error)
        eki_outbreak_unreadable(request, error);
    else
        eki_reply_json(request, 200, points);
    eki_store_end(seen.work);
}
