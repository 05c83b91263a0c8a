/* SPDX-License-Identifier: Apache-2.0 */
/* ekigaku case rule: what becomes of cases by itself. */
#include "ekigaku/case_rule.h"

#include <stdio.h>
#include <string.h>

#include "cli/case_desk.h"
#include "cli/desk_call.h"

static void say(const struct eki_case_desk *desk, const struct eki_case_rule *rule)
{
    char words[EKI_CASE_RULE_WORDS];
    if (desk->request->json)
        eki_desk_put_json(json_pack("{s:b,s:I,s:i}", "follows", rule->follows, "open_from",
                                    (json_int_t)rule->open_from, "days", EKI_CASE_RULE_DAYS));
    else
        puts(eki_case_rule_words(rule, desk->request->language, words));
}

int eki_case_rule_say(const struct eki_case_desk *desk)
{
    const struct eki_case_request *request = desk->request;
    struct eki_fault fault = {0};
    struct eki_case_rule rule;
    bool chosen = request->follow || request->open_from >= 0;
    struct eki_store_work *work = eki_case_begin(desk);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_case_rule_read(work, &rule);
    if (request->follow) rule.follows = !strcmp(request->follow, "on");
    if (request->open_from >= 0) rule.open_from = request->open_from;
    if (!error && chosen && !desk->coordinates)
        error = eki_fault_set(&fault, EKI_ERROR_CONFLICT, 0, "to change the rule is for coordinators");
    if (!error && chosen) error = eki_case_rule_choose(work, &rule, &fault);
    int status = eki_case_end(desk, work, error, &fault);
    if (!status) say(desk, &rule);
    return status;
}
