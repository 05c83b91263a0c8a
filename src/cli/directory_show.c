/* SPDX-License-Identifier: Apache-2.0 */
/* ekigaku directory export, stats, verify, card, due, sample: what only reads. */
#include <math.h>
#include <string.h>

#include "cli/directory_command.h"
#include "cli/directory_permit.h"
#include "cli/directory_store.h"
#include "cli/output.h"
#include "cli/say.h"
#include "ekigaku/directory_report.h"

int eki_directory_output(const struct eki_directory *directory, const struct eki_directory_request *request,
                         eki_directory_writer *writer)
{
    struct eki_output output = {.file = stdout};
    if (request->out && !eki_output_open(request->out, &output)) return EKI_EXIT_FAILED;
    enum eki_error error = writer(directory, request, output.file);
    if (error) eki_warn("directory", "{1}", EKI_VALUES(eki_say_error(error)));
    if (request->out && !eki_output_close(&output, !error)) return EKI_EXIT_FAILED;
    return error ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

int eki_directory_of(const struct eki_directory_request *request, struct eki_directory **ret_directory)
{
    return request->store ? eki_directory_load_store(request->store, request->now, ret_directory)
                          : eki_directory_load(request->file, request->now, ret_directory);
}

static int with_directory(const struct eki_directory_request *request, eki_directory_writer *writer)
{
    struct eki_directory *directory;
    int status = eki_directory_of(request, &directory);
    if (status) return status;
    status = eki_directory_output(directory, request, writer);
    eki_directory_free(directory);
    return status;
}

static enum eki_error write_export(const struct eki_directory *d, const struct eki_directory_request *request,
                                   FILE *out)
{
    return eki_roster_export(d, request->format, request->kind, out);
}

int eki_directory_export_file(const struct eki_directory_request *request)
{
    struct eki_directory *directory;
    bool labels = request->format == EKI_ROSTER_OWN || request->format == EKI_ROSTER_CSV;
    struct eki_directory_permit permit = {
        .asked = {EKI_TLP_EXIT_DIRECTORY_EXPORT, request->tlp}, .store = request->store, .now = request->now};
    permit.asked.request.carries = labels ? EKI_TLP_ALL : 0; /* lists of others have no place for one */
    int status = eki_directory_of(request, &directory);
    if (!status) status = eki_directory_permit(&permit, &directory);
    if (status) return status;
    status = eki_directory_output(directory, request, write_export);
    eki_directory_free(directory);
    return status;
}

static enum eki_error write_members(const struct eki_directory *d,
                                    const struct eki_directory_request *request, FILE *out)
{
    struct eki_members *members;
    struct eki_text_options options = eki_output_terminal(request->language, false);
    unsigned chart = 0;
    enum eki_error error = eki_members_count(d, &members);
    if (error) return error;
    while (request->chart && chart < EKI_MEMBERS_CHARTS &&
           strcmp(eki_members_chart_name(chart), request->chart) != 0)
        chart++;
    if (request->chart)
        error = eki_report_members_chart(members, chart, request->language, out);
    else if (request->json)
        error = eki_members_write_json(members, d, out);
    else
        error = eki_report_members(members, d, &options, out);
    eki_members_free(members);
    return error;
}

int eki_directory_tell(const struct eki_directory_request *request)
{
    return with_directory(request, write_members);
}

struct verifying {
    enum eki_language language;
    size_t counts[3];
    FILE *out;
};

static void tell_finding(void *user, const struct eki_finding *finding)
{
    struct verifying *v = user;
    v->counts[finding->weight]++;
    if (eki_report_finding(finding, v->language, v->out)) return; /* the stream keeps its error */
}

int eki_directory_check(const struct eki_directory_request *request)
{
    struct eki_directory *directory;
    struct verifying v = {.language = request->language, .out = stdout};
    int status = eki_directory_of(request, &directory);
    if (status) return status;
    if (eki_directory_verify(directory, tell_finding, &v)) status = EKI_EXIT_FAILED;
    eki_directory_free(directory);
    eki_warn("directory", EKI_TEXT("wrong: {1}, doubtful: {2}, notes: {3}"),
             EKI_VALUES(eki_say_number((int64_t)v.counts[0]).text, eki_say_number((int64_t)v.counts[1]).text,
                        eki_say_number((int64_t)v.counts[2]).text));
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku directory: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return status ? status : v.counts[0] ? EKI_EXIT_BELOW : EKI_EXIT_NOTHING;
}

/* What is written for others to find is valid for half a year unless somebody says otherwise. */
enum { SECURITY_TXT_DAYS = 180 };

static enum eki_error write_card(const struct eki_directory *d, const struct eki_directory_request *request,
                                 uint32_t team, const struct eki_report_shared *shared)
{
    eki_time expires = request->expires != EKI_TIME_NONE
                           ? request->expires
                           : request->now + SECURITY_TXT_DAYS * INT64_C(86400) * EKI_SECOND;
    return request->card == EKI_CARD_SECURITY_TXT
               ? eki_report_security_txt(d, team, expires, stdout)
               : eki_report_card(d, team, shared, request->language, stdout);
}

static int unwritten(enum eki_error error)
{
    eki_warn("directory", "{1}", EKI_VALUES(eki_say_error(error)));
    return EKI_EXIT_FAILED;
}

static int put_cards(const struct eki_directory *d, const struct eki_directory_request *request, int count,
                     char **words)
{
    for (int i = 0; i < count; i++) {
        uint32_t team = eki_directory_team(d, words[i]);
        if (team == EKI_NOWHERE) {
            eki_warn("directory",
                     request->tlp.audience == EKI_AUDIENCE_NAMED
                         ? EKI_TEXT("there is no team \"{1}\"")
                         : EKI_TEXT("there is no team \"{1}\" that may be told to this audience"),
                     EKI_VALUES(words[i]));
            return EKI_EXIT_USAGE;
        }
        /* What the desk knows of others' sharing is for its own people. */
        struct eki_report_shared shared;
        bool tells = request->store && request->tlp.audience == EKI_AUDIENCE_NAMED;
        int status = tells ? eki_directory_shared(request->store, request->now, words[i], &shared) : 0;
        if (status) return status;
        enum eki_error error = write_card(d, request, team, tells ? &shared : NULL);
        if (error == EKI_ERROR_MISSING || error == EKI_ERROR_ARGUMENT) {
            eki_warn("directory",
                     error == EKI_ERROR_MISSING
                         ? EKI_TEXT("{1}: no living contact with mail, telephone or https is TLP:CLEAR")
                         : EKI_TEXT("{1}: --expires is in the past"),
                     EKI_VALUES(words[i]));
            return error == EKI_ERROR_MISSING ? EKI_EXIT_REFUSED : EKI_EXIT_USAGE;
        }
        if (error) return unwritten(error);
        if (i + 1 < count) putchar('\n');
    }
    return fflush(stdout) || ferror(stdout) ? unwritten(EKI_ERROR_WRITE) : EKI_EXIT_NOTHING;
}

int eki_directory_cards(const struct eki_directory_request *request, int count, char **words)
{
    struct eki_directory *directory;
    struct eki_directory_request asked = *request;
    /* A security.txt lies on a web server for everybody, and has no word for a label. */
    bool published = request->card == EKI_CARD_SECURITY_TXT;
    if (published) asked.tlp.audience = EKI_AUDIENCE_WORLD;
    struct eki_directory_permit permit = {
        .asked = {EKI_TLP_EXIT_CARD, asked.tlp}, .store = request->store, .now = request->now};
    permit.asked.request.carries = published ? 0 : EKI_TLP_ALL;
    int status = eki_directory_of(request, &directory);
    if (!status) status = eki_directory_permit(&permit, &directory);
    if (status) return status;
    status = put_cards(directory, &asked, count, words);
    eki_directory_free(directory);
    return status;
}

static enum eki_error write_due(const struct eki_directory *d, const struct eki_directory_request *request,
                                FILE *out)
{
    struct eki_heartbeat heartbeat = {.interval_days = request->every,
                                      .retry_days = request->every < 7 ? request->every : 7};
    struct eki_due *due;
    size_t count, all;
    const struct eki_contact_point *contacts = eki_directory_contacts(d, &all);
    char text[EKI_TIME_TEXT];
    enum eki_error error = eki_heartbeat_due(d, &heartbeat, &due, &count);
    if (error) return error;
    for (size_t i = 0; i < count; i++) {
        const struct eki_contact_point *c = &contacts[due[i].contact];
        fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", due[i].due ? eki_time_format(due[i].due, text) : "never",
                eki_health_name(eki_directory_contact_state(d, due[i].contact)->health), c->id, c->team,
                c->address, due[i].retry ? "again" : "routine");
    }
    eki_heartbeat_free(due);
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}

int eki_directory_list_due(const struct eki_directory_request *request)
{
    return with_directory(request, write_due);
}

static enum eki_error write_sample(const struct eki_directory *d, const struct eki_directory_request *request,
                                   FILE *out)
{
    (void)request;
    return eki_directory_write(d, out);
}

int eki_directory_write_sample(const struct eki_directory_request *request)
{
    struct eki_directory *directory;
    if (eki_directory_new(&directory)) return EKI_EXIT_FAILED;
    const struct eki_desk_import import = {.found = directory, .source = "sample"};
    int status = EKI_EXIT_FAILED;
    if (eki_directory_sample(directory))
        fputs("ekigaku directory: no memory for the sample\n", stderr);
    else if (request->store)
        status = eki_directory_import_store(request->store, request->now, &import, "the sample");
    else
        status = eki_directory_output(directory, request, write_sample);
    eki_directory_free(directory);
    return status;
}
