/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bundle_case.h"

#include <stdio.h>
#include <string.h>

#include "cli/store_place.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/desk_directory.h"
#include "ekigaku/federation.h"

static int open_store(const char *url, const struct eki_store_act *act, eki_time now,
                      struct eki_store **ret_store, struct eki_store_work **ret_work)
{
    const struct eki_store_opening opening = {.command = "bundle", .url = url, .now = now};
    return eki_store_place_begin(&opening, act, ret_store, ret_work);
}

/* The tier of a team; 0 when it or its tier is not known. */
static unsigned tier_of(const struct eki_directory *directory, const char *team)
{
    size_t count;
    uint32_t at = team && *team ? eki_directory_team(directory, team) : EKI_NOWHERE;
    return at == EKI_NOWHERE ? 0 : eki_directory_teams(directory, &count)[at].tier;
}

static enum eki_error is_own(struct eki_store_work *work, int64_t of_case, bool *ret_own)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}}};
    uint64_t count;
    enum eki_error error = eki_store_count(work, EKI_STORE_RECEIVED, &query, &count);
    if (!error) *ret_own = !count;
    return error;
}

static enum eki_error find_audience(struct eki_store_work *work, const struct eki_bundle_case *wanted,
                                    enum eki_tlp_audience *ret_audience, struct eki_fault *fault)
{
    struct eki_directory *directory;
    const char *us;
    bool own = false;
    enum eki_error error = is_own(work, wanted->of_case, &own);
    if (!error) error = eki_store_chosen(work, EKI_FEDERATION_OWN, "", &us);
    if (!error) error = eki_desk_directory(work, wanted->now, &directory, fault);
    if (error) return error;
    if (wanted->to && eki_directory_team(directory, wanted->to) == EKI_NOWHERE)
        error =
            eki_fault_set(fault, EKI_ERROR_MISSING, 0, "the directory knows no team \"%.80s\"", wanted->to);
    else
        *ret_audience = eki_federation_audience(tier_of(directory, us), tier_of(directory, wanted->to), own);
    eki_directory_free(directory);
    return error;
}

/* The case, and the owners of its hosts whose records are for no fewer than the case. */
static enum eki_error read_case(struct eki_store_work *work, const struct eki_bundle_case *wanted,
                                struct eki_incident **ret_incident, struct eki_fault *fault)
{
    struct eki_directory *directory = NULL;
    struct eki_incident *incident = NULL;
    enum eki_error error = eki_case_incident(work, wanted->of_case, wanted->by, &incident, fault);
    if (!error) error = eki_desk_directory(work, wanted->now, &directory, fault);
    if (!error) error = eki_case_owners(work, wanted->of_case, directory, incident, NULL);
    eki_directory_free(directory);
    if (error)
        eki_incident_free(incident);
    else
        *ret_incident = incident;
    return error;
}

int eki_bundle_case_read(const struct eki_bundle_case *wanted, struct eki_incident **ret_incident,
                         enum eki_tlp_audience *ret_audience)
{
    struct eki_store *store;
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    int status = open_store(wanted->store, NULL, wanted->now, &store, &work);
    if (status) return status;
    enum eki_error error = find_audience(work, wanted, ret_audience, &fault);
    if (!error) error = read_case(work, wanted, ret_incident, &fault);
    if (error)
        status = eki_store_place_fail("bundle", error, *fault.what ? fault.what : "there is no such case");
    eki_store_end(work);
    eki_store_close(store);
    return status;
}

int eki_bundle_case_own(const char *url, const char *team, eki_time now)
{
    struct eki_store *store;
    struct eki_store_work *work;
    struct eki_directory *directory = NULL;
    struct eki_fault fault = {0};
    const struct eki_store_act act = {.at = now / 1000, .who = "ekigaku bundle"};
    int status = open_store(url, &act, now, &store, &work);
    if (status) return status;
    enum eki_error error = eki_desk_directory(work, now, &directory, &fault);
    if (!error && eki_directory_team(directory, team) == EKI_NOWHERE)
        error = eki_fault_set(&fault, EKI_ERROR_MISSING, 0, "the directory knows no team \"%.80s\"", team);
    if (!error) error = eki_store_choose(work, EKI_FEDERATION_OWN, team);
    if (!error) error = eki_store_commit(work);
    if (error)
        status = eki_store_place_fail("bundle", error, *fault.what ? fault.what : eki_store_why(work)->what);
    eki_directory_free(directory);
    eki_store_end(work);
    eki_store_close(store);
    return status;
}
