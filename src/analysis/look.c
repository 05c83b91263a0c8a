/* SPDX-License-Identifier: Apache-2.0 */
/* The findings in the middle of the data. */
#include "analysis/state.h"
#include "ekigaku/watch.h"

uint64_t eki_analysis_changes(struct eki_analysis *a, uint64_t *ret_contacts)
{
    eki_analysis_note(a, eki_relay_settle(a->relay));
    if (ret_contacts) *ret_contacts = a->judged;
    return a->changes;
}

static enum eki_error look(struct eki_analysis *a, struct eki_result *r)
{
    enum eki_error error = eki_bank_look(a->bank, r->origin, &a->look, &r->scanners, &r->scanner_count);
    if (error) return error;
    struct eki_tracer_view view = {r->scanners, r->scanner_count, r->origin, r->end};
    struct eki_tracer_look traced;
    error = eki_tracer_look(a->tracer, &view, &a->look, &traced);
    if (error) return error;
    r->outbreaks = traced.outbreaks;
    r->outbreak_count = traced.outbreak_count;
    r->signs = traced.signs;
    r->sign_count = traced.sign_count;
    r->hosts = eki_bank_hosts(a->bank, &r->hosts_estimated);
    return eki_analysis_list_limits(a, &a->look, r);
}

enum eki_error eki_analysis_look(struct eki_analysis *a, const struct eki_result **ret_result)
{
    enum eki_error error = eki_relay_settle(a->relay);
    if (error) return error;
    eki_arena_done(&a->look);
    a->look_result = (struct eki_result){.origin = EKI_TIME_NONE, .end = EKI_TIME_NONE};
    eki_analysis_sum_inputs(a, &a->look_result);
    error = look(a, &a->look_result);
    if (!error) *ret_result = &a->look_result;
    return error;
}
