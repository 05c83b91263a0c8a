/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/exchange_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/say.h"

char *eki_exchange_file_slurp(const char *path, size_t *ret_length)
{
    bool standard = !strcmp(path, "-");
    struct stat about;
    FILE *in = standard ? stdin : fopen(path, "rb");
    if (in && !standard && !fstat(fileno(in), &about) && S_ISDIR(about.st_mode)) {
        eki_complain(EKI_TEXT("{1} is a folder: name a file in it"), EKI_VALUES(path));
        fclose(in);
        return NULL;
    }
    size_t length = 0, capacity = 1 << 16;
    char *bytes = in ? malloc(capacity) : NULL;
    while (bytes && length <= EKI_EXCHANGE_BYTES) {
        size_t got = fread(bytes + length, 1, capacity - length, in);
        length += got;
        if (!got) break;
        if (length < capacity) continue;
        char *more = realloc(bytes, capacity * 2);
        if (!more) break;
        bytes = more;
        capacity *= 2;
    }
    bool good = bytes && in && !ferror(in);
    if (!good)
        eki_complain("{1}: {2}", EKI_VALUES(path, in ? eki_say_error(EKI_ERROR_READ)
                                                     : eki_say_fault(strerror(errno)).text));
    if (in && !standard) fclose(in);
    if (good) {
        *ret_length = length;
        return bytes;
    }
    free(bytes);
    return NULL;
}

/* What is missing of a file is told at once; other notes stand in what is printed. */
static void tell_cuts(const char *path, const struct eki_incident *incident)
{
    for (size_t i = 0; i < incident->note_count; i++)
        if (!strncmp(incident->notes[i], "line ", 5))
            fprintf(stderr, "ekigaku: %s: %s\n", path, incident->notes[i]);
}

bool eki_exchange_file_read(const char *path, const struct eki_exchange_format *format,
                            struct eki_incident **ret_incident)
{
    size_t length;
    struct eki_fault fault = {0};
    char *bytes = eki_exchange_file_slurp(path, &length);
    if (!bytes) return false;
    enum eki_error error = eki_exchange_read(bytes, length, format, ret_incident, &fault);
    free(bytes);
    if (error)
        eki_inputs_complain_of(path, error, &fault);
    else
        tell_cuts(path, *ret_incident);
    return !error;
}

/* The facts of a capture, as `analyze --json` prints them. NULL after a message. */
static char *analyze(const char *path, size_t *ret_length)
{
    struct eki_analysis_options options = {0};
    struct eki_analysis_source source = {.path = path};
    struct eki_analysis *analysis;
    struct eki_fault fault = {0};
    char *facts = NULL;
    enum eki_error error = eki_analysis_new(&options, &analysis);
    if (error) {
        eki_inputs_complain_of(path, error, &fault);
        return NULL;
    }
    error = eki_analysis_inputs(analysis, &source, 1, &fault);
    const struct eki_result *result = eki_analysis_result(analysis);
    struct eki_inputs inputs = {.sources = &source, .count = 1};
    bool read = !error && !eki_inputs_complain(&inputs, result);
    if (error) eki_inputs_complain_of(path, error, &fault);
    FILE *out = read && !eki_analysis_finish(analysis) ? open_memstream(&facts, ret_length) : NULL;
    if (out) {
        error = eki_report_json(eki_analysis_result(analysis), out);
        if (fclose(out) || error) {
            free(facts);
            facts = NULL;
        }
    }
    eki_analysis_free(analysis);
    return facts;
}

bool eki_exchange_file_analyze(const char *path, struct eki_incident **ret_incident)
{
    size_t length;
    struct eki_fault fault = {0};
    char *bytes = eki_exchange_file_slurp(path, &length);
    if (!bytes) return false;
    enum eki_error error = eki_exchange_read(bytes, length, NULL, ret_incident, &fault);
    free(bytes);
    bool capture = (error == EKI_ERROR_FORMAT || error == EKI_ERROR_LIMIT) && strcmp(path, "-") != 0;
    if (error && !capture) eki_inputs_complain_of(path, error, &fault);
    if (!error) tell_cuts(path, *ret_incident);
    if (!error || !capture) return !error;
    char *facts = analyze(path, &length);
    if (!facts) return false;
    error = eki_exchange_read(facts, length, eki_exchange_find("facts"), ret_incident, &fault);
    free(facts);
    if (error) eki_inputs_complain_of(path, error, &fault);
    return !error;
}

bool eki_exchange_only_add(struct eki_exchange_only *only, const char *text)
{
    struct eki_address address;
    if (only->count == sizeof only->prefixes / sizeof *only->prefixes) return false;
    struct eki_prefix *prefix = &only->prefixes[only->count];
    if (!eki_address_parse(text, &address))
        *prefix = eki_prefix_around(address, 128);
    else if (eki_prefix_parse(text, prefix))
        return false;
    only->count++;
    return true;
}

static bool is_in(void *user, const struct eki_incident_host *host)
{
    const struct eki_exchange_only *only = user;
    struct eki_address address;
    if (eki_address_parse(host->name, &address)) return false;
    for (size_t i = 0; i < only->count; i++)
        if (eki_prefix_contains(only->prefixes[i], address)) return true;
    return false;
}

bool eki_exchange_only_keep(const struct eki_exchange_only *only, struct eki_incident **incident)
{
    struct eki_incident *slice;
    struct eki_exchange_only copy = *only;
    if (!only->count) return true;
    enum eki_error error = eki_incident_slice(*incident, is_in, &copy, &slice);
    if (error) {
        eki_complain("{1}", EKI_VALUES(eki_say_error(error)));
        return false;
    }
    eki_incident_free(*incident);
    *incident = slice;
    return true;
}

int eki_exchange_file_write(enum eki_tlp_exit exit, const struct eki_exchange_format *format,
                            struct eki_incident *incident, struct eki_tlp_request *request, FILE *out)
{
    request->label = incident->tlp;
    request->carries = eki_exchange_labels(format);
    if (eki_exchange_needs_contact(format) && (!incident->reporter.mail || !incident->reporter.domain)) {
        eki_complain(EKI_TEXT("{1} needs --by, --mail and --domain of who reports"),
                     EKI_VALUES(eki_exchange_name(format)));
        return EKI_EXIT_USAGE;
    }
    struct eki_tlp_decision decision = eki_tlp_leave(exit, request);
    if (!decision.allowed) {
        eki_complain(
            EKI_TEXT("refused: {1} to audience \"{2}\" as {3}: {4}"),
            EKI_VALUES(eki_tlp_text(incident->tlp), eki_tlp_audience_name(request->audience),
                       eki_exchange_name(format),
                       eki_report_text_in(eki_output_language(), eki_tlp_reason_text(decision.reason))));
        return EKI_EXIT_REFUSED;
    }
    if (decision.reason == EKI_TLP_TIGHTENED)
        eki_complain(EKI_TEXT("{1} is written as {2}"),
                     EKI_VALUES(eki_tlp_text(incident->tlp), eki_tlp_text(decision.label)));
    enum eki_error error = eki_exchange_write(format, incident, &decision, out);
    if (error) eki_complain("{1}: {2}", EKI_VALUES(eki_exchange_name(format), eki_say_error(error)));
    return error ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

bool eki_exchange_file_time(const char *text, eki_time *ret_time)
{
    if (text) return !eki_time_parse(text, ret_time);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *ret_time = (eki_time)now.tv_sec * EKI_SECOND + now.tv_nsec / 1000 * 1000;
    return true;
}

void eki_exchange_file_list(FILE *out)
{
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    for (size_t i = 0; formats[i]; i++) {
        unsigned labels = eki_exchange_labels(formats[i]);
        fprintf(out, "  %-13s %-6s %-6s %-9s %s\n", eki_exchange_name(formats[i]),
                eki_exchange_is_read(formats[i]) ? "import" : "",
                eki_exchange_is_written(formats[i]) ? "export" : "",
                labels == EKI_TLP_ALL    ? "TLP 2.0"
                : labels == EKI_TLP_FOUR ? "TLP 1.0"
                                         : "no label",
                eki_exchange_title(formats[i]));
    }
}
