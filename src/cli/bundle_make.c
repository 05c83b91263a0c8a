/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bundle_make.h"

#include "cli/bundle_case.h"
#include "cli/bundle_key.h"
#include "cli/command.h"
#include "cli/exchange_file.h"
#include "cli/output.h"
#include "ekigaku/bundle.h"
#include "ekigaku/tlp_exit.h"

static enum eki_error describe(struct eki_incident *incident, const struct eki_bundle_request *request,
                               eki_time now)
{
    enum eki_tlp label = incident->tlp;
    if (request->labelled)
        label = incident->marked ? eki_tlp_stricter(label, request->label) : request->label;
    eki_incident_mark(incident, label);
    enum eki_error error = eki_incident_report_by(incident, request->by, NULL, NULL);
    return error ? error : eki_incident_complete(incident, now);
}

static int sign(struct eki_incident *incident, const struct eki_bundle_request *request,
                struct eki_bundle_making *making)
{
    struct eki_output output = {.file = stdout};
    making->incident = incident;
    making->audience = request->audience;
    making->decision =
        eki_tlp_leave(EKI_TLP_EXIT_BUNDLE, &(struct eki_tlp_request){.label = incident->tlp,
                                                                     .audience = request->audience,
                                                                     .carries = EKI_TLP_ALL});
    if (!making->decision.allowed) {
        fprintf(stderr, "ekigaku bundle: refused: %s to audience \"%s\": %s\n", eki_tlp_text(incident->tlp),
                eki_tlp_audience_name(request->audience), eki_tlp_reason_text(making->decision.reason));
        return EKI_EXIT_REFUSED;
    }
    if (request->output && !eki_output_open(request->output, &output)) return EKI_EXIT_FAILED;
    enum eki_error error = eki_bundle_write(making, output.file);
    if (error)
        fprintf(stderr, "ekigaku bundle: %s: %s\n", request->output ? request->output : "standard output",
                eki_error_text(error));
    bool kept = !request->output || eki_output_close(&output, !error);
    return error || !kept ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

/* Out of the store, or out of a file; what a recipient is for a case may widen the audience. */
static int read_content(const char *path, struct eki_bundle_request *request, eki_time now,
                        struct eki_incident **ret_incident)
{
    const struct eki_bundle_case wanted = {request->store, request->by, request->to, request->of_case, now};
    enum eki_tlp_audience audience = EKI_AUDIENCE_NAMED;
    if (!request->of_case)
        return eki_exchange_file_analyze(path, ret_incident) ? EKI_EXIT_NOTHING : EKI_EXIT_UNREADABLE;
    int status = eki_bundle_case_read(&wanted, ret_incident, &audience);
    if (!status && audience > request->audience) request->audience = audience;
    return status;
}

/* Records of the directory go along as they stand in the file. False after a message. */
static bool read_records(const struct eki_bundle_request *request, char **ret_records)
{
    size_t length;
    *ret_records = NULL;
    if (!request->records) return true;
    char *bytes = eki_exchange_file_slurp(request->records, &length);
    if (!bytes) return false;
    bool text = !memchr(bytes, 0, length) && length < EKI_EXCHANGE_BYTES;
    char *lines = text ? realloc(bytes, length + 1) : NULL;
    if (!lines) {
        free(bytes);
        fprintf(stderr, "ekigaku bundle: %s: no file of records\n", request->records);
        return false;
    }
    lines[length] = '\0';
    /* The line that says that it is a directory is none of its records. */
    size_t first = strncmp(lines, "{\"schema\"", 9) ? 0 : strcspn(lines, "\n") + 1;
    memmove(lines, lines + (first < length ? first : length), length - (first < length ? first : length) + 1);
    *ret_records = lines;
    return true;
}

int eki_bundle_make(const char *path, struct eki_bundle_request *request)
{
    char *records;
    uint8_t seed[EKI_BUNDLE_SEED];
    struct eki_bundle_making making = {.seed = seed};
    struct eki_incident *incident;
    if (!request->key) return eki_command_misused(&eki_command_bundle, "--key is needed to sign%s", "");
    if (!eki_exchange_file_time(request->time, &making.made))
        return eki_command_misused(&eki_command_bundle, "--time is like 2017-05-12T07:44:00Z, not \"%s\"",
                                   request->time);
    if (!eki_bundle_key_read(request->key, "secret", seed)) return EKI_EXIT_UNREADABLE;
    if (!read_records(request, &records)) return EKI_EXIT_UNREADABLE;
    making.to = request->to;
    making.records = records;
    int status = read_content(path, request, making.made, &incident);
    if (!status) {
        enum eki_error error = describe(incident, request, making.made);
        if (error) fprintf(stderr, "ekigaku bundle: %s\n", eki_error_text(error));
        status = error ? EKI_EXIT_FAILED : sign(incident, request, &making);
        eki_incident_free(incident);
    }
    free(records);
    explicit_bzero(seed, sizeof seed);
    return status;
}
