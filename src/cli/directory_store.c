/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/directory_store.h"
#include "cli/store_place.h"

#include <stdio.h>
#include <string.h>

#include "ekigaku/case_receive.h"

static int complain(enum eki_error error, const struct eki_fault *fault)
{
    int status =
        eki_store_place_complain(&(struct eki_store_opening){.command = "directory"}, error, fault->what);
    return status == EKI_EXIT_FAILED ? status : EKI_EXIT_UNREADABLE;
}

static void because(struct eki_store_work *work, struct eki_fault *fault)
{
    if (!*fault->what && work) *fault = *eki_store_why(work);
}

int eki_directory_load_store(const char *url, eki_time now, struct eki_directory **ret_directory)
{
    const struct eki_store_opening opening = {
        .command = "directory", .url = url, .keep_schema = true, .now = now};
    struct eki_fault fault = {0};
    struct eki_store *store = NULL;
    struct eki_store_work *work = NULL;
    int status = eki_store_place_open(&opening, &store);
    if (status) return status;
    enum eki_error error = eki_store_begin(store, NULL, &work, &fault);
    if (!error) error = eki_desk_directory(work, now, ret_directory, &fault);
    if (error) because(work, &fault);
    eki_store_end(work);
    eki_store_close(store);
    return error ? complain(error, &fault) : EKI_EXIT_NOTHING;
}

int eki_directory_shared(const char *url, eki_time now, const char *team,
                         struct eki_report_shared *ret_shared)
{
    const struct eki_store_opening opening = {
        .command = "directory", .url = url, .keep_schema = true, .now = now};
    struct eki_receive_trust trust = {0};
    struct eki_fault fault = {0};
    struct eki_store *store = NULL;
    struct eki_store_work *work = NULL;
    int status = eki_store_place_open(&opening, &store);
    if (status) return status;
    enum eki_error error = eki_store_begin(store, NULL, &work, &fault);
    if (!error) error = eki_receive_trust(work, team, &trust);
    if (error) because(work, &fault);
    eki_store_end(work);
    eki_store_close(store);
    if (error) return complain(error, &fault);
    *ret_shared = (struct eki_report_shared){trust.incidents, trust.updates, trust.hosts, trust.indicators,
                                             trust.last ? trust.last * 1000 : EKI_TIME_NONE};
    return EKI_EXIT_NOTHING;
}

static enum eki_error import_into(struct eki_store *store, eki_time now, const struct eki_desk_import *import,
                                  struct eki_merge_counts *ret_counts, struct eki_fault *fault)
{
    const struct eki_store_act act = {.at = now / 1000, .who = "ekigaku directory"};
    struct eki_store_work *work = NULL;
    enum eki_error error = eki_store_begin(store, &act, &work, fault);
    if (!error) error = eki_desk_import(work, &act, import, ret_counts, fault);
    if (!error) error = eki_store_commit(work);
    if (error) because(work, fault);
    eki_store_end(work);
    return error;
}

void eki_directory_tell_merge(const struct eki_merge_counts *counts)
{
    eki_warn("directory",
             EKI_TEXT("{1} new, {2} renewed, {3} gone, {4} kept though gone, {5} beaten by hand, {6} differ"),
             EKI_VALUES(
                 eki_say_number((int64_t)counts->added).text, eki_say_number((int64_t)counts->replaced).text,
                 eki_say_number((int64_t)counts->gone).text, eki_say_number((int64_t)counts->kept).text,
                 eki_say_number((int64_t)counts->beaten).text, eki_say_number((int64_t)counts->drift).text));
}

int eki_directory_import_store(const char *url, eki_time now, const struct eki_desk_import *import,
                               const char *import_shown)
{
    const struct eki_store_opening opening = {.command = "directory", .url = url, .makes = true, .now = now};
    struct eki_fault fault = {0};
    struct eki_store *store = NULL;
    struct eki_merge_counts counts;
    int status = eki_store_place_open(&opening, &store);
    if (status) return status;
    enum eki_error error = import_into(store, now, import, &counts, &fault);
    eki_store_close(store);
    if (error == EKI_ERROR_CORRUPT) {
        eki_warn("directory", "{1}: {2}: {3}",
                 EKI_VALUES(import_shown, eki_say_error(error), eki_say_fault(fault.what).text));
        return EKI_EXIT_UNREADABLE;
    }
    if (error) return complain(error, &fault);
    eki_directory_tell_merge(&counts);
    return EKI_EXIT_NOTHING;
}
