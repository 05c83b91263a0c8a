/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/directory_permit.h"
#include "cli/output.h"
#include "cli/say.h"

#include <stdio.h>

#include "ekigaku/case_exchange.h"

/* The widest label that is withheld: those behind it are withheld as well. */
static struct eki_tlp_decision withheld_from(const struct eki_directory_asked *asked,
                                             struct eki_tlp_request *ret_request)
{
    struct eki_tlp_decision decision = {.allowed = true};
    *ret_request = asked->request;
    for (unsigned label = 0; label < EKI_TLP_COUNT && decision.allowed; label++) {
        ret_request->label = (enum eki_tlp)label;
        decision = eki_tlp_leave(asked->exit, ret_request);
    }
    return decision;
}

static enum eki_error note_in(struct eki_store *store, const struct eki_directory_permit *permit,
                              const struct eki_tlp_request *request, const char *what)
{
    const struct eki_store_act act = {.at = permit->now / 1000, .who = "ekigaku directory"};
    struct eki_store_work *work = NULL;
    struct eki_tlp_decision decision = eki_tlp_leave(permit->asked.exit, request);
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(store, &act, &work, &fault);
    if (!error) error = eki_exit_refused(work, permit->asked.exit, request, &decision, what);
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
    return error;
}

/* What was asked of the directory of a desk is noted there. */
static void note(const struct eki_directory_permit *permit, const struct eki_tlp_request *request,
                 const char *what)
{
    const struct eki_store_options options = {
        .existing = true, .keep_schema = true, .now = permit->now / 1000};
    struct eki_store *store = NULL;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_open(permit->store, &options, &store, &fault);
    if (!error) error = note_in(store, permit, request, what);
    eki_store_close(store);
    if (error)
        eki_complain(EKI_TEXT("the refusal could not be noted in the audit log: {1}"),
                     EKI_VALUES(eki_say_error(error)));
}

int eki_directory_permit(const struct eki_directory_permit *permit, struct eki_directory **directory)
{
    struct eki_tlp_request request;
    struct eki_tlp_decision decision = withheld_from(&permit->asked, &request);
    struct eki_directory *shown;
    size_t withheld, all = 0, count;
    char what[60];
    if (decision.allowed) return EKI_EXIT_NOTHING; /* every label may leave */
    enum eki_error error = eki_directory_permitted(*directory, &permit->asked, &shown, &withheld);
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
        eki_directory_records(*directory, (enum eki_record_kind)kind, &count);
        all += count;
    }
    eki_directory_free(*directory);
    *directory = NULL;
    if (error) {
        eki_complain("{1}", EKI_VALUES(eki_say_error(error)));
        return EKI_EXIT_FAILED;
    }
    *directory = shown;
    if (!withheld) return EKI_EXIT_NOTHING;
    snprintf(what, sizeof what, "%zu of %zu records of the directory", withheld, all);
    eki_say_line(stderr, eki_output_language(),
                 EKI_TEXT("withheld: {1} of {2} records of the directory, to audience \"{3}\", from {4} on: "
                          "{5}"),
                 EKI_VALUES(eki_say_number((int64_t)withheld).text, eki_say_number((int64_t)all).text,
                            eki_tlp_audience_name(request.audience), eki_tlp_text(request.label),
                            eki_report_text_in(eki_output_language(), eki_tlp_reason_text(decision.reason))));
    if (permit->store) note(permit, &request, what);
    if (withheld < all) return EKI_EXIT_NOTHING;
    eki_directory_free(shown);
    *directory = NULL;
    return EKI_EXIT_REFUSED;
}
