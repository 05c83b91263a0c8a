/* SPDX-License-Identifier: Apache-2.0 */
/* The judging side of the analysis: contacts, flows and signs to the evidence bank and the tracer. Runs on
 * the relay's thread; of the analysis touches only its two counters besides. */
#include "analysis/state.h"

/* Only what can have carried something can have infected. */
static bool may_infect(const struct eki_contact *c)
{
    return c->outcome >= EKI_OUTCOME_ESTABLISHED || c->protocol == EKI_PROTOCOL_UDP;
}

static enum eki_error judge_contacts(void *user, const struct eki_contact *contacts, size_t count)
{
    struct eki_analysis *a = user;
    bool decided[EKI_BANK_GROUP];
    eki_tracer_fetch(a->tracer, contacts, count);
    enum eki_error error = eki_bank_contacts(a->bank, contacts, count, decided);
    for (size_t i = 0; i < count && !error; i++) {
        if (may_infect(&contacts[i])) error = eki_tracer_contact(a->tracer, &contacts[i]);
        if (!decided[i]) continue;
        eki_tracer_decided(a->tracer, &contacts[i]);
        a->changes++;
    }
    a->judged += count;
    return error;
}

static enum eki_error judge_flow(void *user, const struct eki_flow *flow)
{
    const struct eki_analysis *a = user;
    return eki_tracer_flow(a->tracer, flow);
}

static enum eki_error judge_sign(void *user, const struct eki_sign *sign)
{
    struct eki_analysis *a = user;
    a->changes += sign->grade >= EKI_GRADE_ATTEMPT;
    return eki_tracer_sign(a->tracer, sign);
}

struct eki_judge eki_analysis_judge(struct eki_analysis *analysis)
{
    return (struct eki_judge){judge_contacts, judge_flow, judge_sign, analysis};
}
