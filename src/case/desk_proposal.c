/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of the directory that one person asks for and another approves. */
#include <string.h>

#include "base/memory.h"
#include "case/desk_rows.h"
#include "ekigaku/owner.h"

/* Does the directory still hold together with this change? */
static enum eki_error try_change(struct eki_store_work *work, const struct eki_store_act *act, int64_t record,
                                 const char *line, struct eki_fault *ret_fault)
{
    const struct eki_desk_change change = {.record = record, .line = line && *line ? line : NULL};
    struct eki_directory *directory;
    enum eki_error error = eki_desk_try(work, eki_desk_time(act->at), &change, &directory, ret_fault);
    if (!error) eki_directory_free(directory);
    return error;
}

/* A record as the proposal of a row may have it: of the same kind. */
static enum eki_error form(const struct eki_store_act *act, const char *line,
                           const struct eki_store_directory_record *old, struct eki_desk_formed *ret_new,
                           struct eki_fault *ret_fault)
{
    *ret_new = (struct eki_desk_formed){.row = *old};
    enum eki_error error = eki_desk_form(act, line, false, ret_new, ret_fault);
    if (error || !old->id || !strcmp(old->kind, ret_new->row.kind)) return error;
    eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "a %.20s cannot become a %.20s", old->kind,
                  ret_new->row.kind);
    eki_desk_formed_done(ret_new);
    return EKI_ERROR_CORRUPT;
}

static enum eki_error add_proposal(struct eki_store_work *work, const struct eki_store_act *act,
                                   const struct eki_proposal_request *request, const char *line,
                                   int64_t *ret_proposal)
{
    struct eki_store_proposal proposal = {.record = request->record,
                                          .line = line,
                                          .why = request->why,
                                          .state = "open",
                                          .notice = request->notice,
                                          .account = act->account,
                                          .created = act->at};
    enum eki_error error = eki_store_add(work, &proposal);
    if (!error) *ret_proposal = proposal.id;
    return error;
}

enum eki_error eki_proposal_make(struct eki_store_work *work, const struct eki_store_act *act,
                                 const struct eki_proposal_request *request, int64_t *ret_proposal,
                                 struct eki_fault *ret_fault)
{
    struct eki_store_directory_record old = {0};
    struct eki_desk_formed new;
    enum eki_error error = request->record ? eki_store_get(work, &old, request->record) : EKI_OK;
    if (error) return error;
    if (!request->line || !*request->line) {
        if (!request->record) return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "nothing is proposed");
        error = try_change(work, act, request->record, NULL, ret_fault);
        return error ? error : add_proposal(work, act, request, "", ret_proposal);
    }
    error = form(act, request->line, &old, &new, ret_fault);
    if (error) return error;
    error = try_change(work, act, request->record, new.row.line, ret_fault);
    if (!error) error = add_proposal(work, act, request, new.row.line, ret_proposal);
    eki_desk_formed_done(&new);
    return error;
}

/* One address for the team that is named. */
static enum eki_error propose_team(struct eki_store_work *work, const struct eki_store_act *act,
                                   const struct eki_proposal_not_ours *dispute, int64_t *ret_proposal,
                                   struct eki_fault *ret_fault)
{
    struct eki_prefix one = eki_prefix_around(dispute->host, 128);
    char prefix[EKI_ADDRESS_TEXT];
    json_t *object = json_pack("{s:s,s:s,s:s,s:b}", "kind", "network", "prefix",
                               eki_prefix_format(one, prefix), "team", dispute->team, "whole", 1);
    char *line = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!line) return EKI_ERROR_MEMORY;
    const struct eki_proposal_request request = {
        .line = line, .why = dispute->why, .notice = dispute->notice};
    enum eki_error error = eki_proposal_make(work, act, &request, ret_proposal, ret_fault);
    eki_free(line);
    return error;
}

enum eki_error eki_proposal_dispute(struct eki_store_work *work, const struct eki_store_act *act,
                                    const struct eki_proposal_not_ours *dispute, int64_t *ret_proposal,
                                    struct eki_fault *ret_fault)
{
    struct eki_directory *directory;
    struct eki_store_directory_record row;
    struct eki_owner owner;
    enum eki_error error = eki_desk_directory(work, eki_desk_time(act->at), &directory, ret_fault);
    if (error) return error;
    bool known =
        dispute->team && *dispute->team && eki_directory_team(directory, dispute->team) != EKI_NOWHERE;
    eki_directory_find(directory, &dispute->host, 1, &owner);
    if (!known && owner.network == EKI_NOWHERE) error = EKI_ERROR_MISSING;
    if (!known && !error) error = eki_desk_row(work, directory, EKI_RECORD_NETWORK, owner.network, &row);
    eki_directory_free(directory);
    if (error) return error;
    if (known) return propose_team(work, act, dispute, ret_proposal, ret_fault);
    const struct eki_proposal_request request = {
        .record = row.id, .line = "", .why = dispute->why, .notice = dispute->notice};
    return eki_proposal_make(work, act, &request, ret_proposal, ret_fault);
}

/* A proposal that is open. */
static enum eki_error get_open(struct eki_store_work *work, int64_t id,
                               struct eki_store_proposal *ret_proposal, struct eki_fault *ret_fault)
{
    enum eki_error error = eki_store_get(work, ret_proposal, id);
    if (error) return error;
    if (strcmp(ret_proposal->state, "open"))
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "the proposal is decided already: %s",
                             ret_proposal->state);
    return EKI_OK;
}

static enum eki_error decide(struct eki_store_work *work, const struct eki_store_act *act,
                             struct eki_store_proposal *proposal, const char *state)
{
    proposal->state = state;
    proposal->decider = act->account;
    proposal->decided = act->at;
    return eki_store_change(work, proposal);
}

static enum eki_error apply(struct eki_store_work *work, const struct eki_store_act *act,
                            const struct eki_store_directory_record *old, const char *line,
                            struct eki_fault *ret_fault)
{
    struct eki_desk_formed new = {.row = *old};
    if (!*line) {
        enum eki_error error = try_change(work, act, old->id, NULL, ret_fault);
        return error ? error : eki_store_remove(work, &new.row);
    }
    enum eki_error error = form(act, line, old, &new, ret_fault);
    if (error) return error;
    error = try_change(work, act, old->id, new.row.line, ret_fault);
    if (!error) error = eki_desk_put(work, act, &new.row);
    eki_desk_formed_done(&new);
    return error;
}

enum eki_error eki_proposal_approve(struct eki_store_work *work, const struct eki_store_act *act,
                                    int64_t proposal, const char *line, struct eki_fault *ret_fault)
{
    struct eki_store_proposal row;
    struct eki_store_directory_record old = {0};
    enum eki_error error = get_open(work, proposal, &row, ret_fault);
    if (error) return error;
    if (row.account && row.account == act->account)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "nobody approves a proposal of their own");
    if (row.record) error = eki_store_get(work, &old, row.record);
    if (error) return error;
    if (!line && row.record && old.changed > row.created)
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0,
                             "the record was changed since this was proposed");
    if (!line) line = row.line;
    if (!row.record && !*line)
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "the record is gone already");
    error = apply(work, act, &old, line, ret_fault);
    if (error) return error;
    /* What was removed took its reference away; what was corrected is kept as it became. */
    error = eki_store_get(work, &row, proposal);
    if (!error) row.line = line;
    return error ? error : decide(work, act, &row, "approved");
}

enum eki_error eki_proposal_refuse(struct eki_store_work *work, const struct eki_store_act *act,
                                   int64_t proposal, struct eki_fault *ret_fault)
{
    struct eki_store_proposal row;
    enum eki_error error = get_open(work, proposal, &row, ret_fault);
    return error ? error : decide(work, act, &row, "refused");
}
