/* SPDX-License-Identifier: Apache-2.0 */
/* Indicators of a case: listed, changed, taken out. */
#include <string.h>

#include "ekigaku/case_indicator.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

static const char *const labels[] = {"", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED", NULL};

const struct eki_field eki_indicator_fields[] = {
    {.name = "comment", .kind = EKI_FIELD_TEXT, .most = 300},
    {.name = "kind", .kind = EKI_FIELD_LINE, .most = 40},
    {.name = "tlp", .kind = EKI_FIELD_LINE, .nullable = true, .most = 12, .choices = labels},
    {.name = "detect", .kind = EKI_FIELD_BOOL},
    {.name = NULL}};

struct asking {
    struct eki_request *request;
    struct eki_store_case of;
};

static json_t *show(const struct eki_store_indicator *i)
{
    return json_pack("{s:I,s:s,s:s,s:o,s:o,s:o,s:I,s:b,s:o,s:o}", "id", (json_int_t)i->id, "kind", i->kind,
                     "value", i->value, "comment", eki_show_text(i->comment), "first",
                     eki_show_time(i->first), "last", eki_show_time(i->last), "sightings",
                     (json_int_t)i->sightings, "detect", i->detect, "tlp", eki_show_text(i->tlp), "account",
                     eki_show_id(i->account));
}

/* Of what may not be told to whoever asks, a list says only that it is there. */
static json_t *item(void *user, const void *row)
{
    const struct asking *asking = user;
    struct eki_store_indicator i = *(const struct eki_store_indicator *)row;
    if (!eki_leave_may(asking->request, eki_indicator_label(&i, eki_case_label(&asking->of))))
        i.value = "TLP:RED", i.comment = "";
    return show(&i);
}

void eki_case_indicators_get(struct eki_request *request)
{
    static const char *const sorts[] = {"id", "kind", "value", "last", NULL};
    struct asking asking = {.request = request};
    struct eki_store_query query = {0};
    const struct eki_list list = {EKI_STORE_INDICATOR, sizeof(struct eki_store_indicator), item, &asking,
                                  NULL};
    int64_t of_case = eki_request_id(request, 0);
    if (!of_case || !eki_list_query(request, sorts, &query)) return;
    query.where[0] = (struct eki_store_where){.column = "of_case", .number = of_case};
    struct eki_store_work *work = eki_leave_case_reads(request, of_case, &asking.of);
    if (work) eki_list_reply(request, work, &query, &list);
}

/* The indicator of the path, which must be of the case of the path; 0 after answering. Whoever may not read
 * the case may not change it blindly either: the reply would tell. */
static int64_t find(struct eki_request *request, struct eki_store_case *ret_of)
{
    struct eki_store_indicator row;
    int64_t of_case = eki_request_id(request, 0), id = of_case ? eki_request_id(request, 1) : 0;
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return 0;
    enum eki_error error = eki_store_get(work, &row, id);
    if (!error && row.of_case != of_case) error = EKI_ERROR_MISSING;
    if (!error) error = eki_store_get(work, ret_of, of_case);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return 0;
    }
    if (!eki_leave_case(request, work, ret_of)) return 0;
    eki_store_end(work);
    return id;
}

static void tell(struct eki_request *request)
{
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)eki_request_id(request, 0)));
}

/* To let more people know is for coordinators, as it is for cases. False after answering. */
static bool may_change(struct eki_request *request, struct eki_store_work *work, int64_t id,
                       const struct eki_indicator_change *change)
{
    bool widens;
    enum eki_error error = eki_indicator_widens(work, id, change, &widens);
    if (error)
        eki_problem_store(request, error, work, NULL);
    else if (request->who.role >= EKI_ROLE_COORDINATOR || !widens)
        return true;
    else
        eki_problem(request, 403, "To widen a label is for coordinators.");
    if (!error) eki_store_end(work);
    return false;
}

void eki_indicator_patch(struct eki_request *request)
{
    struct asking asking = {.request = request};
    struct eki_store_indicator row;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const json_t *detect = json_object_get(request->json, "detect"),
                 *tlp = json_object_get(request->json, "tlp");
    const struct eki_indicator_change change = {.comment = eki_body_text(request->json, "comment", NULL),
                                                .kind = eki_body_text(request->json, "kind", NULL),
                                                .tlp = tlp ? eki_body_text(request->json, "tlp", "") : NULL,
                                                .detect = detect ? json_is_true(detect) : -1};
    int64_t id = find(request, &asking.of);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work || !may_change(request, work, id, &change)) return;
    enum eki_error error = eki_indicator_change(work, &act, id, &change, &fault);
    if (!error) error = eki_store_get(work, &row, id);
    if (!error) error = eki_store_get(work, &asking.of, row.of_case);
    json_t *shown = error ? NULL : item(&asking, &row);
    if (!eki_request_settled(request, work, error, &fault)) {
        json_decref(shown);
        return;
    }
    tell(request);
    eki_reply_json(request, 200, shown);
}

void eki_indicator_delete(struct eki_request *request)
{
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    struct eki_store_case of;
    int64_t id = find(request, &of);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    if (!eki_request_settled(request, work, eki_indicator_remove(work, &act, id), &fault)) return;
    tell(request);
    eki_reply_nothing(request);
}
