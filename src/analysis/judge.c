/* SPDX-License-Identifier: Apache-2.0 */
/* The judging side of the analysis: contacts, flows and signs to the evidence bank and the tracer. Runs on
 * the relay's thread; of the analysis touches only its two counters besides. */
#include "analysis/state.h"

/* Only what can have carried something can have infected. */
static bool may_infect(const struct eki_contact *c)
{
    return c->outcome >= EKI_OUTCOME_ESTABLISHED || c->protocol == EKI_PROTOCOL_UDP;
}

/* What the sources' judgement leads to: who is searching cannot be infected any more. */
static enum eki_error trace(struct eki_analysis *a, const struct eki_contact *c, bool decided)
{
    enum eki_error error = may_infect(c) ? eki_tracer_contact(a->tracer, c) : EKI_OK;
    if (!decided || error) return error;
    eki_tracer_decided(a->tracer, c);
    a->changes++;
    return EKI_OK;
}

static enum eki_error judge_contacts(void *user, const struct eki_contact *contacts, size_t count)
{
    struct eki_analysis *a = user;
    bool decided[EKI_BANK_GROUP];
    eki_tracer_fetch(a->tracer, contacts, count);
    enum eki_error error = eki_bank_contacts(a->bank, contacts, count, decided);
    for (size_t i = 0; i < count && !error; i++) error = trace(a, &contacts[i], decided[i]);
    a->judged += count;
    return error;
}

/* The same in steps: see scan/bank.h. */
static void ask(void *user, const struct eki_contact *contacts, size_t count, struct eki_weighing *ret_items)
{
    const struct eki_analysis *a = user;
    eki_bank_ask(a->bank, contacts, count, ret_items);
}

static enum eki_error weigh(void *user, struct eki_weighing *const *items, size_t count)
{
    const struct eki_analysis *a = user;
    return eki_bank_weigh(a->bank, items, count);
}

static enum eki_error note(void *user, const struct eki_weighing *items, size_t count)
{
    struct eki_analysis *a = user;
    enum eki_error error = EKI_OK;
    eki_tracer_fetch(a->tracer, items[0].contact, count);
    eki_bank_note(a->bank, items, count);
    for (size_t i = 0; i < count && !error; i++)
        error = trace(a, items[i].contact, items[i].outcome & EKI_WEIGHED_DECIDED);
    a->judged += count;
    return error;
}

/* Unless most of what came since it was asked last are contacts of sources that are long known to be
 * searching. */
static bool pays(void *user)
{
    struct eki_analysis *a = user;
    uint64_t contacts = a->judged - a->weighed_up_to, settled = eki_bank_settled(a->bank) - a->settled_up_to;
    a->weighed_up_to += contacts;
    a->settled_up_to += settled;
    return settled * 2 < contacts;
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
    return (struct eki_judge){.contacts = judge_contacts,
                              .flow = judge_flow,
                              .sign = judge_sign,
                              .user = analysis,
                              .ask = ask,
                              .weigh = weigh,
                              .note = note,
                              .pays = pays};
}
