/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON lines that are not contacts, flows or signs: what an input was, and what a limit did before the
 * contacts. */
#include "analysis/record.h"

#include <string.h>

#include "base/json_pick.h"
#include "base/json_write.h"

enum { LONGEST_PATH = 3072 };

static const char *const formats[] = {"unknown",   "pcap",        "pcapng",   "pcap+gzip", "pcapng+gzip",
                                      "pcap+zstd", "pcapng+zstd", "contacts", NULL};

/* The format outlives the line. */
static const char *kept_format(struct eki_analysis *a, const char *format)
{
    for (int i = 0; formats[i]; i++)
        if (!strcmp(formats[i], format)) return formats[i];
    const char *kept = eki_arena_copy(&a->arena, format, strlen(format) + 1, 1);
    return kept ? kept : formats[0];
}

static enum eki_error error_of(const char *text)
{
    for (int i = 0; i < EKI_ERROR_COUNT; i++)
        if (!strcmp(eki_error_text((enum eki_error)i), text)) return (enum eki_error)i;
    return EKI_ERROR_READ;
}

static void end_line(struct eki_analysis *a, struct eki_json *j, char *line)
{
    eki_json_end(j);
    if (j->failed) return;
    line[j->length] = '\n';
    eki_analysis_emit(a, line, j->length + 1);
}

void eki_analysis_emit_input(struct eki_analysis *a, const struct eki_input *input)
{
    char line[EKI_RECORD_LINE];
    if (!a->options.lines) return;
    struct eki_json j = eki_json_to_buffer(line, sizeof line - 1);
    eki_json_object(&j);
    eki_json_key(&j, "type"), eki_json_text(&j, "input");
    eki_json_key(&j, "path"),
        eki_json_text(&j, strlen(input->path) < LONGEST_PATH / 6 ? input->path : "(a long path)");
    eki_json_key(&j, "format"), eki_json_text(&j, input->format);
    eki_json_key(&j, "packets"), eki_json_unsigned(&j, input->packets);
    eki_json_key(&j, "flows"), eki_json_unsigned(&j, input->flows);
    eki_json_key(&j, "bytes"), eki_json_unsigned(&j, input->bytes);
    eki_json_key(&j, "malformed"), eki_json_unsigned(&j, input->malformed);
    eki_json_key(&j, "cut"), eki_json_unsigned(&j, input->cut);
    eki_json_key(&j, "first"), eki_json_time_exact(&j, input->first);
    eki_json_key(&j, "last"), eki_json_time_exact(&j, input->last);
    eki_json_key(&j, "truncated"), eki_json_bool(&j, input->truncated);
    if (input->error) {
        eki_json_key(&j, "error"), eki_json_text(&j, eki_error_text(input->error));
        eki_json_key(&j, "offset"), eki_json_unsigned(&j, input->fault.offset);
        eki_json_key(&j, "what"), eki_json_text(&j, input->fault.what);
    }
    end_line(a, &j, line);
}

static void pick_error(struct eki_json_pick *pick, struct eki_input *input)
{
    char text[64];
    eki_json_pick_text(pick, "error", text, sizeof text);
    input->error = error_of(text);
    input->fault.offset = eki_json_pick_unsigned(pick, "offset", UINT64_MAX);
    eki_json_pick_text(pick, "what", input->fault.what, sizeof input->fault.what);
}

enum eki_error eki_record_read_input(struct eki_analysis *a, const char *line, size_t length,
                                     struct eki_fault *ret_fault)
{
    struct eki_json_pick pick;
    struct eki_input input = {.path = NULL};
    char path[LONGEST_PATH], format[48];
    eki_json_pick_read(&pick, line, length);
    eki_json_pick_text(&pick, "path", path, sizeof path);
    eki_json_pick_text(&pick, "format", format, sizeof format);
    input.packets = eki_json_pick_unsigned(&pick, "packets", UINT64_MAX);
    input.flows = eki_json_pick_unsigned(&pick, "flows", UINT64_MAX);
    input.bytes = eki_json_pick_unsigned(&pick, "bytes", UINT64_MAX);
    input.malformed = eki_json_pick_unsigned(&pick, "malformed", UINT64_MAX);
    input.cut = eki_json_pick_unsigned(&pick, "cut", UINT64_MAX);
    input.first = eki_json_pick_time(&pick, "first");
    input.last = eki_json_pick_time(&pick, "last");
    input.truncated = eki_json_pick_bool(&pick, "truncated");
    if (eki_json_pick_has(&pick, "error")) pick_error(&pick, &input);
    if (!pick.error && (input.first == EKI_TIME_NONE) != (input.last == EKI_TIME_NONE))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "first and last: one without the other");
    if (pick.error) return eki_json_pick_fault(&pick, ret_fault);
    if (a->input_count > UINT16_MAX)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than 65,536 inputs");
    struct eki_input *kept = eki_analysis_add_input(a, path);
    if (!kept) return EKI_ERROR_MEMORY;
    input.path = kept->path;
    input.format = kept_format(a, format);
    *kept = input;
    return EKI_OK;
}

static void emit_limits(struct eki_analysis *a)
{
    uint64_t reached[EKI_LIMIT_EARLY_COUNT];
    eki_analysis_early_limits(a, reached);
    for (int i = 0; i < EKI_LIMIT_EARLY_COUNT; i++) {
        if (!reached[i]) continue;
        char line[EKI_RECORD_LINE];
        struct eki_json j = eki_json_to_buffer(line, sizeof line - 1);
        eki_json_object(&j);
        eki_json_key(&j, "type"), eki_json_text(&j, "limit");
        eki_json_key(&j, "name"), eki_json_text(&j, eki_analysis_early_limit_name((enum eki_early_limit)i));
        eki_json_key(&j, "reached"), eki_json_unsigned(&j, reached[i]);
        end_line(a, &j, line);
    }
}

enum eki_error eki_record_read_limit(struct eki_analysis *a, const char *line, size_t length,
                                     struct eki_fault *ret_fault)
{
    struct eki_json_pick pick;
    const char *names[EKI_LIMIT_EARLY_COUNT + 1] = {NULL};
    for (int i = 0; i < EKI_LIMIT_EARLY_COUNT; i++)
        names[i] = eki_analysis_early_limit_name((enum eki_early_limit)i);
    eki_json_pick_read(&pick, line, length);
    unsigned limit = eki_json_pick_choice(&pick, "name", names);
    uint64_t reached = eki_json_pick_unsigned(&pick, "reached", UINT64_MAX);
    if (pick.error) return eki_json_pick_fault(&pick, ret_fault);
    a->read_limits[limit] += reached;
    return EKI_OK;
}

void eki_analysis_emit_end(struct eki_analysis *a)
{
    if (!a->options.lines) return;
    size_t count;
    const struct eki_sign *signs = eki_tracer_signs(a->tracer, &count);
    for (size_t i = 0; i < count; i++) {
        char line[EKI_SIGN_LINE];
        eki_analysis_emit(a, line, eki_sign_write(&signs[i], line));
    }
    emit_limits(a);
}
