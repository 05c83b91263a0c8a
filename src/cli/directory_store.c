/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/directory_store.h"

#include <stdio.h>
#include <string.h>

#include "ekigaku/case_receive.h"

/* A URL may hold a password; what a person is told does not. */
static const char *shown(const char *url)
{
    return strstr(url, "://") ? "the database" : url;
}

static int complain(const char *url, enum eki_error error, const struct eki_fault *fault)
{
    fprintf(stderr, "ekigaku directory: %s: %s%s%s\n", shown(url), eki_error_text(error),
            *fault->what ? ": " : "", fault->what);
    bool unwritten = error == EKI_ERROR_WRITE || error == EKI_ERROR_MEMORY;
    return unwritten ? EKI_EXIT_FAILED : EKI_EXIT_UNREADABLE;
}

static void because(struct eki_store_work *work, struct eki_fault *fault)
{
    if (!*fault->what && work) *fault = *eki_store_why(work);
}

int eki_directory_load_store(const char *url, eki_time now, struct eki_directory **ret_directory)
{
    const struct eki_store_options options = {.existing = true, .keep_schema = true, .now = now / 1000};
    struct eki_fault fault = {0};
    struct eki_store *store = NULL;
    struct eki_store_work *work = NULL;
    enum eki_error error = eki_store_open(url, &options, &store, &fault);
    if (!error) error = eki_store_begin(store, NULL, &work, &fault);
    if (!error) error = eki_desk_directory(work, now, ret_directory, &fault);
    if (error) because(work, &fault);
    eki_store_end(work);
    eki_store_close(store);
    return error ? complain(url, error, &fault) : EKI_EXIT_NOTHING;
}

int eki_directory_shared(const char *url, eki_time now, const char *team,
                         struct eki_report_shared *ret_shared)
{
    const struct eki_store_options options = {.existing = true, .keep_schema = true, .now = now / 1000};
    struct eki_receive_trust trust = {0};
    struct eki_fault fault = {0};
    struct eki_store *store = NULL;
    struct eki_store_work *work = NULL;
    enum eki_error error = eki_store_open(url, &options, &store, &fault);
    if (!error) error = eki_store_begin(store, NULL, &work, &fault);
    if (!error) error = eki_receive_trust(work, team, &trust);
    if (error) because(work, &fault);
    eki_store_end(work);
    eki_store_close(store);
    if (error) return complain(url, error, &fault);
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

int eki_directory_import_store(const char *url, eki_time now, const struct eki_desk_import *import,
                               const char *import_shown)
{
    const struct eki_store_options options = {.now = now / 1000};
    struct eki_fault fault = {0};
    struct eki_store *store = NULL;
    struct eki_merge_counts counts;
    enum eki_error error = eki_store_open(url, &options, &store, &fault);
    if (!error) error = import_into(store, now, import, &counts, &fault);
    eki_store_close(store);
    if (error == EKI_ERROR_CORRUPT) {
        fprintf(stderr, "ekigaku directory: %s: %s: %s\n", import_shown, eki_error_text(error), fault.what);
        return EKI_EXIT_UNREADABLE;
    }
    if (error) return complain(url, error, &fault);
    fprintf(
        stderr,
        "ekigaku directory: %zu new, %zu renewed, %zu gone, %zu kept though gone, %zu beaten by hand, %zu differ\n",
        counts.added, counts.replaced, counts.gone, counts.kept, counts.beaten, counts.drift);
    return EKI_EXIT_NOTHING;
}
