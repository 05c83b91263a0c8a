/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles of deadlines: shown, made, removed; which of them run, for the desk and for one case. */
#include "ekigaku/deadline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/handlers.h"
#include "web/leave.h"
#include "web/show.h"
#include "web/web.h"

enum { WORDS = 600 };

const struct eki_field eki_deadline_profile_fields[] = {
    {.name = "steps", .kind = EKI_FIELD_LINES, .required = true, .least = 1, .most = EKI_DEADLINE_STEPS},
    {.name = NULL}};

const struct eki_field eki_deadline_choice_fields[] = {
    {.name = "on", .kind = EKI_FIELD_LINES, .required = true, .nullable = true, .least = 0, .most = 20},
    {.name = NULL}};

static json_t *show_rule(const struct eki_deadline_rule *r)
{
    const char *name = strchr(r->id, r->shipped ? '-' : '.');
    json_int_t hours = (json_int_t)(r->after / INT64_C(3600000000));
    return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "id", r->id, "name", name ? name + 1 : r->id, "title",
                     r->title, "source", r->source, "hours", r->months ? json_null() : json_integer(hours),
                     "months", r->months ? json_integer(r->months) : json_null());
}

/* The rules of a profile come one after another. */
static json_t *show_profiles(const struct eki_deadline_rule *rules, size_t count)
{
    json_t *items = json_array(), *steps = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!i || strcmp(rules[i].profile, rules[i - 1].profile) != 0) {
            steps = json_array();
            json_array_append_new(items, json_pack("{s:s,s:b,s:b,s:o}", "name", rules[i].profile, "shipped",
                                                   rules[i].shipped, "on", rules[i].on, "steps", steps));
        }
        json_array_append_new(steps, show_rule(&rules[i]));
    }
    return items;
}

static void reply_profiles(struct eki_request *request)
{
    struct eki_deadline_rule rules[EKI_DEADLINES];
    size_t count;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_deadline_rules(work, rules, &count);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200, json_pack("{s:o}", "items", show_profiles(rules, count)));
    eki_store_end(work);
}

void eki_deadline_profiles_get(struct eki_request *request)
{
    reply_profiles(request);
}

/* "owners 24 All owners are told": name, hours, what for. The name is cut off in `room`. */
static struct eki_deadline_step read_step(const char *line, char room[EKI_DEADLINE_NAME + 1])
{
    char *rest = NULL;
    size_t length = strcspn(line, " ");
    snprintf(room, EKI_DEADLINE_NAME + 1, "%.*s", (int)length, line);
    long long hours = strtoll(line + length, &rest, 10);
    return (struct eki_deadline_step){
        .name = room, .title = rest + strspn(rest, " "), .hours = *rest == ' ' || !*rest ? hours : 0};
}

static void settle(struct eki_request *request, struct eki_store_work *work, enum eki_error error,
                   const struct eki_fault *fault)
{
    if (eki_request_settled(request, work, error, fault)) reply_profiles(request);
}

void eki_deadline_profile_put(struct eki_request *request)
{
    char rooms[EKI_DEADLINE_STEPS][EKI_DEADLINE_NAME + 1];
    struct eki_deadline_step steps[EKI_DEADLINE_STEPS];
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const json_t *lines = json_object_get(request->json, "steps");
    struct eki_deadline_profile profile = {request->values[0], steps, json_array_size(lines)};
    for (size_t i = 0; i < profile.count; i++)
        steps[i] = read_step(json_string_value(json_array_get(lines, i)), rooms[i]);
    struct eki_store_work *work = eki_request_writes(request);
    if (work) settle(request, work, eki_deadline_keep(work, &act, &profile, &fault), &fault);
}

void eki_deadline_profile_delete(struct eki_request *request)
{
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_deadline_drop(work, request->values[0], &fault);
    if (eki_request_settled(request, work, error, &fault)) eki_reply_nothing(request);
}

/* The chosen names with blanks between: "" for null, "-" for none. */
static void join(const json_t *names, char ret_words[WORDS])
{
    size_t at = 0;
    snprintf(ret_words, WORDS, "%s", json_is_array(names) && !json_array_size(names) ? "-" : "");
    for (size_t i = 0; i < json_array_size(names) && at < WORDS - 1; i++)
        at += (size_t)snprintf(ret_words + at, WORDS - at, "%s%.40s", i ? " " : "",
                               json_string_value(json_array_get(names, i)));
}

static bool choose(struct eki_request *request, int64_t of_case)
{
    char words[WORDS];
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    join(json_object_get(request->json, "on"), words);
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return false;
    enum eki_error error = eki_deadline_choose(work, &act, of_case, words, &fault);
    return eki_request_settled(request, work, error, &fault);
}

void eki_deadline_profiles_put(struct eki_request *request)
{
    if (choose(request, 0)) reply_profiles(request);
}

void eki_case_deadline_profiles_put(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0);
    if (!id || !choose(request, id)) return;
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)id));
    eki_case_deadlines_get(request);
}
