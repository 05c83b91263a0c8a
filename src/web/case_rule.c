/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of cases by itself: the setting, and its use when a result is kept. */
#include "web/handlers.h"
#include "web/rule.h"
#include "web/show.h"

const struct eki_field eki_case_rule_fields[] = {
    {.name = "follows", .kind = EKI_FIELD_BOOL, .required = true},
    {.name = "open_from",
     .kind = EKI_FIELD_INTEGER,
     .required = true,
     .least = 0,
     .most = EKI_CASE_RULE_MOST},
    {.name = NULL}};

static void reply(struct eki_request *request, const struct eki_case_rule *rule)
{
    eki_reply_json(request, 200,
                   json_pack("{s:b,s:I,s:i}", "follows", rule->follows, "open_from",
                             (json_int_t)rule->open_from, "days", EKI_CASE_RULE_DAYS));
}

void eki_case_rule_get(struct eki_request *request)
{
    struct eki_case_rule rule;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_case_rule_read(work, &rule);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    reply(request, &rule);
}

void eki_case_rule_put(struct eki_request *request)
{
    struct eki_fault fault = {0};
    const struct eki_case_rule rule = {.follows = json_is_true(json_object_get(request->json, "follows")),
                                       .open_from = eki_body_integer(request->json, "open_from", 0)};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_case_rule_choose(work, &rule, &fault);
    if (eki_request_settled(request, work, error, &fault)) reply(request, &rule);
}

bool eki_web_may_pass(enum eki_error error)
{
    return error == EKI_ERROR_OPEN || error == EKI_ERROR_READ || error == EKI_ERROR_WRITE;
}

enum eki_error eki_web_rule_apply(struct eki_web *web, struct eki_store_work *work,
                                  const struct eki_store_act *act, int64_t analysis,
                                  struct eki_case_rule_outcome *ret_outcome)
{
    const struct eki_case_applying applying = {.analysis = analysis, .catalogue = web->catalogue};
    enum eki_error error = eki_case_rule_apply(work, act, &applying, ret_outcome);
    if (error && !eki_web_may_pass(error))
        eki_web_note(web, "error", "analysis %lld is kept, but no case takes what is new in it: %s: %.150s",
                     (long long)analysis, eki_error_text(error), eki_store_why(work)->what);
    return error;
}

void eki_web_rule_tell(struct eki_web *web, const struct eki_case_rule_outcome *outcome)
{
    for (size_t i = 0; i < outcome->count; i++) {
        const struct eki_case_applied *a = &outcome->items[i];
        eki_web_note(web, "info", "case %lld %s: outbreak %lld, %zu hosts, %u notices drafted",
                     (long long)a->of_case, a->opened ? "opened by the rule" : "follows",
                     (long long)a->outbreak, a->hosts, (unsigned)a->notices);
        eki_web_tell(web, "case", json_pack("{s:I}", "id", (json_int_t)a->of_case));
        if (a->notices) eki_web_tell(web, "notice", json_pack("{s:I}", "case", (json_int_t)a->of_case));
    }
    if (outcome->unsure)
        eki_web_note(web, "warning", "%zu outbreaks fit several open cases: add them to one by hand",
                     outcome->unsure);
}
