/* SPDX-License-Identifier: Apache-2.0 */
/* ekigaku directory import: files of others into the directory file. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/directory_command.h"
#include "cli/directory_store.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/say.h"

enum { SHOWN = 20 };

struct telling {
    size_t problems, drifts;
};

static void tell_more(size_t count)
{
    eki_warn("directory", EKI_TEXT("and {1} more"), EKI_VALUES(eki_say_number((int64_t)count).text));
}

static void tell_problem(void *user, uint32_t line, const char *what)
{
    struct telling *telling = user;
    if (telling->problems++ < SHOWN)
        eki_warn("directory", EKI_TEXT("entry {1}: {2}"),
                 EKI_VALUES(eki_say_number(line).text, eki_say_fault(what).text));
}

static void tell_drift(void *user, const struct eki_drift *drift)
{
    struct telling *telling = user;
    if (telling->drifts++ < SHOWN)
        eki_warn(
            "directory", EKI_TEXT("{1} {2}: {3} is \"{4}\" by hand, \"{5}\" in the import"),
            EKI_VALUES(eki_record_kind_name(drift->kind), drift->id, drift->key, drift->ours, drift->theirs));
}

/* The directory that is kept: what is in the file, or an empty one when there is none yet. Of a store it is
 * wanted only for the team that an import names. */
static int open_kept(const struct eki_directory_request *request, struct eki_directory **ret_directory)
{
    if (request->store && request->team)
        return eki_directory_load_store(request->store, request->now, ret_directory);
    if (!request->store && !access(request->file, F_OK))
        return eki_directory_load(request->file, request->now, ret_directory);
    return eki_directory_new(ret_directory) ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

static int complain(const char *path, enum eki_error error, const struct eki_fault *fault)
{
    eki_inputs_complain_of(path, error, fault);
    if (error == EKI_ERROR_ARGUMENT) return EKI_EXIT_USAGE;
    return error == EKI_ERROR_MEMORY ? EKI_EXIT_FAILED : EKI_EXIT_UNREADABLE;
}

static int read_files(const struct eki_directory_request *request, const struct eki_roster_request *roster,
                      struct eki_directory *found)
{
    struct eki_roster_counts counts;
    struct eki_fault fault = {0};
    const struct telling *telling = roster->user;
    enum eki_error error = eki_roster_import(found, roster, &counts, &fault);
    if (error) return complain(roster->paths[counts.path], error, &fault);
    if (telling->problems > SHOWN) tell_more(telling->problems - SHOWN);
    eki_warn("directory", EKI_TEXT("read: {1}, passed over: {2}, of no use: {3}"),
             EKI_VALUES(eki_say_number((int64_t)counts.entries).text,
                        eki_say_number((int64_t)counts.passed_over).text,
                        eki_say_number((int64_t)counts.without_use).text));
    return request->strict && telling->problems ? EKI_EXIT_UNREADABLE : EKI_EXIT_NOTHING;
}

static enum eki_error write_all(const struct eki_directory *directory,
                                const struct eki_directory_request *request, FILE *out)
{
    (void)request;
    return eki_directory_write(directory, out);
}

static int merge_store(const struct eki_directory_request *request, struct eki_directory *found,
                       const char *source, const char *shown)
{
    struct telling telling = {0};
    const struct eki_desk_import import = {found, source, tell_drift, &telling};
    int status = eki_directory_import_store(request->store, request->now, &import, shown);
    if (telling.drifts > SHOWN) tell_more(telling.drifts - SHOWN);
    return status;
}

static int merge(const struct eki_directory_request *request, struct eki_directory *kept,
                 struct eki_directory *found, const char *source, const char *shown)
{
    struct telling telling = {0};
    struct eki_merge_counts counts;
    struct eki_fault fault = {0};
    struct eki_merge merge = {kept, found, source, tell_drift, &telling};
    enum eki_error error = eki_directory_merge(&merge, &counts, &fault);
    if (!error) error = eki_directory_settle(kept, request->now, &fault);
    if (error) return complain(shown, error, &fault);
    if (telling.drifts > SHOWN) tell_more(telling.drifts - SHOWN);
    eki_directory_tell_merge(&counts);
    struct eki_directory_request whole = *request;
    whole.out = request->file;
    return eki_directory_output(kept, &whole, write_all);
}

int eki_directory_import_files(const struct eki_directory_request *request, int count, char **words)
{
    struct telling telling = {0};
    struct eki_directory *kept = NULL, *found = NULL;
    const char *source = request->source ? request->source : eki_roster_format_name(request->format);
    struct eki_roster_request roster = {.paths = (const char *const *)words,
                                        .path_count = (size_t)count,
                                        .format = request->format,
                                        .source = request->by_hand ? NULL : source,
                                        .team = request->team,
                                        .now = request->now,
                                        .problem = tell_problem,
                                        .user = &telling};
    int status = open_kept(request, &kept);
    if (!status && eki_directory_new(&found)) status = EKI_EXIT_FAILED;
    if (!status && request->team && request->format != EKI_ROSTER_OWN) {
        /* The import refers to a team that is in the kept directory only. */
        uint32_t at = eki_directory_team(kept, request->team);
        size_t teams;
        struct eki_team team =
            at == EKI_NOWHERE ? (struct eki_team){0} : eki_directory_teams(kept, &teams)[at];
        if (at == EKI_NOWHERE) {
            eki_warn("directory", EKI_TEXT("there is no team \"{1}\""), EKI_VALUES(request->team));
            status = EKI_EXIT_USAGE;
        } else {
            team.groups = (struct eki_text_list){0};
            if (eki_directory_add(found, EKI_RECORD_TEAM, &team, NULL)) status = EKI_EXIT_FAILED;
        }
    }
    if (!status) status = read_files(request, &roster, found);
    if (!status && request->store)
        status = merge_store(request, found, source, count == 1 ? words[0] : "the import");
    if (!status && !request->store)
        status = merge(request, kept, found, source, count == 1 ? words[0] : "the import");
    eki_directory_free(kept);
    eki_directory_free(found);
    return status;
}
