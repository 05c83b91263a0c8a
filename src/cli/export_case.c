/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export_case.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/store_place.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/desk_directory.h"

static int open_store(const struct eki_export_request *request, const struct eki_store_act *act, eki_time now,
                      struct eki_store **ret_store, struct eki_store_work **ret_work)
{
    const struct eki_store_opening opening = {
        .command = "export", .url = request->store ? request->store : eki_store_place(), .now = now};
    return eki_store_place_begin(&opening, act, ret_store, ret_work);
}

/* The label that it leaves under decides which owners go along, so it is set before they are asked for. */
static enum eki_error add_owners(const struct eki_export_request *request, struct eki_store_work *work,
                                 eki_time now, struct eki_incident *incident, struct eki_fault *fault)
{
    struct eki_directory *directory = NULL;
    size_t withheld = 0;
    if (request->labelled && request->label > incident->tlp) eki_incident_mark(incident, request->label);
    enum eki_error error = eki_desk_directory(work, now, &directory, fault);
    if (!error) error = eki_case_owners(work, request->of_case, directory, incident, &withheld);
    eki_directory_free(directory);
    if (!error && withheld)
        fprintf(stderr,
                "ekigaku export: %zu owners are not told: their records are for fewer than %s, or gone\n",
                withheld, eki_tlp_text(incident->tlp));
    incident->created = now; /* owners change without the case: each time is a version of its own */
    return error;
}

int eki_export_case(const struct eki_export_request *request, eki_time now,
                    struct eki_incident **ret_incident)
{
    struct eki_incident *incident = NULL;
    struct eki_store *store;
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    int status = open_store(request, NULL, now, &store, &work);
    if (status) return status;
    enum eki_error error = eki_case_incident(work, request->of_case, request->name, &incident, &fault);
    if (!error) error = add_owners(request, work, now, incident, &fault);
    if (error) {
        status = eki_store_place_fail("export", error, *fault.what ? fault.what : "there is no such case");
        eki_incident_free(incident);
    } else {
        *ret_incident = incident;
    }
    eki_store_end(work);
    eki_store_close(store);
    return status;
}

void eki_export_case_refused(const struct eki_export_request *request, eki_time now)
{
    const struct eki_store_act act = {.at = now / 1000, .who = "ekigaku export"};
    const struct eki_tlp_decision decision = eki_tlp_leave(EKI_TLP_EXIT_EXPORT, &request->tlp);
    struct eki_store *store;
    struct eki_store_work *work;
    char what[64];
    if (open_store(request, &act, now, &store, &work)) return;
    snprintf(what, sizeof what, "case %" PRId64, request->of_case);
    enum eki_error error = eki_exit_refused(work, EKI_TLP_EXIT_EXPORT, &request->tlp, &decision, what);
    if (!error) error = eki_store_commit(work);
    if (error) eki_store_place_fail("export", error, eki_store_why(work)->what);
    eki_store_end(work);
    eki_store_close(store);
}
