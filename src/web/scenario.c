/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios: those that came with the program, and those people write. */
#include "web/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/simulation.h"
#include "web/handlers.h"
#include "web/list.h"
#include "web/show.h"

enum { YAML_LETTERS = 100000, NAME_LETTERS = 100 };

const struct eki_field eki_scenario_fields[] = {
    {.name = "name", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = NAME_LETTERS},
    {.name = "yaml", .kind = EKI_FIELD_TEXT, .required = true, .least = 1, .most = YAML_LETTERS},
    {.name = NULL}};

const struct eki_field eki_scenario_validate_fields[] = {
    {.name = "yaml", .kind = EKI_FIELD_TEXT, .required = true, .most = YAML_LETTERS}, {.name = NULL}};

int eki_scenario_line(const struct eki_fault *fault)
{
    char text[sizeof fault->what + 1];
    snprintf(text, sizeof text, "%.*s", (int)sizeof fault->what, fault->what);
    const char *line = strstr(text, "line: ");
    return line ? (int)strtol(line + 6, NULL, 10) : 0;
}

static json_t *show_file(size_t number)
{
    const struct eki_embedded *file = &eki_scenario_files[number];
    const char *dot = strrchr(file->name, '.');
    size_t length = dot ? (size_t)(dot - file->name) : strlen(file->name);
    return json_pack("{s:I, s:s%, s:s%, s:b, s:n, s:n}", "id", -(json_int_t)number - 1, "name", file->name,
                     length, "yaml", (const char *)file->bytes, file->length, "builtin", 1, "created",
                     "changed");
}

static json_t *show_row(const struct eki_store_scenario *row)
{
    return json_pack("{s:I, s:s, s:s, s:b, s:o, s:o}", "id", (json_int_t)row->id, "name", row->name, "yaml",
                     row->yaml, "builtin", 0, "created", eki_show_time(row->created), "changed",
                     eki_show_time(row->changed));
}

void eki_scenarios_get(struct eki_request *request)
{
    struct eki_store_scenario *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.sort = "name", .limit = EKI_LIST_MOST};
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    json_t *items = json_array();
    for (size_t i = 0; i < page.count; i++) json_array_append_new(items, show_row(&rows[i]));
    for (size_t i = 0; eki_scenario_files[i].name; i++) json_array_append_new(items, show_file(i));
    eki_reply_json(
        request, 200,
        json_pack("{s:o, s:n, s:I}", "items", items, "next", "total", (json_int_t)json_array_size(items)));
    eki_store_end(work);
}

/* A text that is no scenario is refused with its first fault. */
static bool check_yaml(struct eki_request *request)
{
    struct eki_scenario *scenario;
    struct eki_fault fault = {0};
    const char *yaml = eki_body_text(request->json, "yaml", "");
    enum eki_error error = eki_scenario_parse(yaml, strlen(yaml), &scenario, &fault);
    if (!error) eki_scenario_free(scenario);
    if (error) eki_problem(request, 422, "yaml: %.160s", fault.what[0] ? fault.what : eki_error_text(error));
    return !error;
}

void eki_scenario_validate_post(struct eki_request *request)
{
    struct eki_scenario *scenario;
    struct eki_fault fault = {0};
    const char *yaml = eki_body_text(request->json, "yaml", "");
    enum eki_error error = eki_scenario_parse(yaml, strlen(yaml), &scenario, &fault);
    json_t *errors = json_array();
    if (!error) eki_scenario_free(scenario);
    if (error)
        json_array_append_new(errors, json_pack("{s:i, s:s%, s:s}", "line", eki_scenario_line(&fault), "key",
                                                fault.what, strcspn(fault.what, ": ("), "message",
                                                fault.what[0] ? fault.what : eki_error_text(error)));
    eki_reply_json(request, 200, json_pack("{s:b, s:o}", "valid", (int)!error, "errors", errors));
}

/* Writes a row and answers with it. */
static void keep(struct eki_request *request, struct eki_store_work *work, struct eki_store_scenario *row)
{
    row->name = eki_body_text(request->json, "name", "");
    row->yaml = eki_body_text(request->json, "yaml", "");
    row->changed = eki_request_now(request);
    bool fresh = !row->id;
    enum eki_error error = fresh ? eki_store_add(work, row) : eki_store_change(work, row);
    if (!error) error = eki_store_commit(work);
    if (error == EKI_ERROR_CONFLICT) {
        eki_problem(request, 409, "There is a scenario of this name already.");
        eki_store_end(work);
    } else if (error) {
        eki_problem_store(request, error, work, NULL);
    } else {
        eki_reply_json(request, fresh ? 201 : 200, show_row(row));
        eki_store_end(work);
    }
}

void eki_scenarios_post(struct eki_request *request)
{
    if (!check_yaml(request)) return;
    struct eki_store_scenario row = {.account = request->who.account, .created = eki_request_now(request)};
    struct eki_store_work *work = eki_request_writes(request);
    if (work) keep(request, work, &row);
}

/* A scenario that came with the program. */
static bool reply_file(struct eki_request *request)
{
    if (request->values[0][0] != '-') return false;
    size_t number = (size_t)strtoul(request->values[0] + 1, NULL, 10), count = 0;
    while (eki_scenario_files[count].name) count++;
    if (number < 1 || number > count) return false;
    eki_reply_json(request, 200, show_file(number - 1));
    return true;
}

void eki_scenario_get(struct eki_request *request)
{
    struct eki_store_scenario row;
    if (reply_file(request)) return;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &row, id);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200, show_row(&row));
    eki_store_end(work);
}

void eki_scenario_put(struct eki_request *request)
{
    struct eki_store_scenario row;
    int64_t id = eki_request_id(request, 0);
    if (!id || !check_yaml(request)) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_get(work, &row, id);
    if (error)
        eki_problem_store(request, error, work, NULL);
    else
        keep(request, work, &row);
}

void eki_scenario_delete(struct eki_request *request)
{
    struct eki_store_scenario row;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &row, id);
    if (!error) error = eki_store_remove(work, &row);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    eki_reply_nothing(request);
}
