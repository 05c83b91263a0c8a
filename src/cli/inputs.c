/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/say.h"

/* Folders deeper than this are links in circles more likely than logs. */
enum { DEEPEST = 8 };

static bool out_of_memory(void)
{
    fputs("ekigaku: no memory for the list of inputs\n", stderr);
    return false;
}

static bool append(struct eki_inputs *inputs, const char *path, const char *sensor)
{
    if (inputs->count == inputs->capacity) {
        size_t capacity = inputs->capacity ? inputs->capacity * 2 : 16;
        struct eki_analysis_source *sources = reallocarray(inputs->sources, capacity, sizeof *sources);
        if (!sources) return out_of_memory();
        inputs->sources = sources;
        inputs->capacity = capacity;
    }
    inputs->sources[inputs->count++] =
        (struct eki_analysis_source){.path = path, .format = inputs->format, .sensor = sensor};
    return true;
}

/* A text that lives as long as the list; NULL without memory. */
static char *keep(struct eki_inputs *inputs, char *text)
{
    if (text && inputs->text_count == inputs->text_capacity) {
        size_t capacity = inputs->text_capacity ? inputs->text_capacity * 2 : 16;
        char **texts = reallocarray(inputs->texts, capacity, sizeof *texts);
        if (!texts) {
            free(text);
            return NULL;
        }
        inputs->texts = texts;
        inputs->text_capacity = capacity;
    }
    if (text) inputs->texts[inputs->text_count++] = text;
    return text;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* All files of a folder in the order of their names. */
static bool add_folder(struct eki_inputs *inputs, const char *folder, const char *sensor, int depth)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, visible, alphasort);
    bool good = true;
    if (count < 0) {
        fprintf(stderr, "ekigaku: %s: cannot be read: %s\n", folder, strerror(errno));
        return true;
    }
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        struct stat status;
        if (good && asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0) path = NULL;
        path = keep(inputs, path);
        if (good && !path) good = out_of_memory();
        if (good && !stat(path, &status)) {
            if (S_ISREG(status.st_mode)) good = append(inputs, path, sensor);
            if (S_ISDIR(status.st_mode) && depth < DEEPEST)
                good = add_folder(inputs, path, sensor, depth + 1);
        }
        free(entries[i]);
    }
    free(entries);
    return good;
}

bool eki_inputs_add(struct eki_inputs *inputs, const char *argument, bool sensor)
{
    const char *path = argument, *name = NULL;
    struct stat status;
    if (sensor) {
        const char *equals = strchr(argument, '=');
        if (!equals || equals == argument || !equals[1]) {
            fprintf(stderr, "ekigaku: --sensor is NAME=FILE, not \"%s\"\n", argument);
            return false;
        }
        name = keep(inputs, strndup(argument, (size_t)(equals - argument)));
        if (!name) return out_of_memory();
        path = equals + 1;
    }
    if (strcmp(path, "-") && !stat(path, &status) && S_ISDIR(status.st_mode)) {
        size_t before = inputs->count;
        if (!add_folder(inputs, path, name, 0)) return false;
        if (inputs->count > before) return true;
    }
    return append(inputs, path, name);
}

bool eki_inputs_offset(struct eki_inputs *inputs, const char *argument)
{
    static const double most_s = 1e9;
    const char *equals = strchr(argument, '=');
    char *end;
    double seconds = equals ? strtod(equals + 1, &end) : 0;
    if (!equals || end == equals + 1 || *end || !(seconds >= -most_s && seconds <= most_s)) {
        fprintf(stderr, "ekigaku: --clock-offset is NAME=SECONDS, not \"%s\"\n", argument);
        return false;
    }
    bool any = false;
    for (size_t i = 0; i < inputs->count; i++) {
        struct eki_analysis_source *s = &inputs->sources[i];
        size_t length = (size_t)(equals - argument);
        if (!s->sensor || strlen(s->sensor) != length || strncmp(s->sensor, argument, length)) continue;
        s->offset = (eki_time)(seconds * (double)EKI_SECOND);
        s->offset_given = any = true;
    }
    if (!any) fprintf(stderr, "ekigaku: --clock-offset %s: no --sensor has this name\n", argument);
    return any;
}

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    return !stat(a, &one) && S_ISREG(one.st_mode) && !stat(b, &other) && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

void eki_inputs_settle(struct eki_inputs *inputs)
{
    size_t kept = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        bool again = false;
        for (size_t k = 0; k < kept && !again; k++)
            again = same_file(inputs->sources[i].path, inputs->sources[k].path);
        if (again)
            fprintf(stderr, "ekigaku: %s: named before, read once\n", inputs->sources[i].path);
        else
            inputs->sources[kept++] = inputs->sources[i];
    }
    inputs->count = kept;
}

uint64_t eki_inputs_bytes(const struct eki_inputs *inputs)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        struct stat status;
        const char *path = inputs->sources[i].path;
        if (!strcmp(path, "-") || stat(path, &status) || !S_ISREG(status.st_mode)) return 0;
        bytes += (uint64_t)status.st_size;
    }
    return bytes;
}

void eki_inputs_complain_of(const char *path, enum eki_error error, const struct eki_fault *fault)
{
    const char *name =
        strcmp(path, "-") ? path : eki_report_text_in(eki_output_language(), EKI_TEXT("standard input"));
    enum eki_language language = eki_output_language();
    struct stat status;
    bool folder = error == EKI_ERROR_OPEN && !stat(path, &status) && S_ISDIR(status.st_mode);
    fputs("ekigaku: ", stderr);
    if (folder) {
        eki_say_line(stderr, language, EKI_TEXT("{1} is a folder: name a file in it"), EKI_VALUES(path));
        return;
    }
    fprintf(stderr, "%s: ", name);
    if (fault && fault->offset)
        eki_say(stderr, language, EKI_TEXT("offset {1}: "),
                EKI_VALUES(eki_say_number((int64_t)fault->offset).text));
    fputs(eki_say_error(error), stderr);
    if (fault && fault->what[0]) fprintf(stderr, ": %s", eki_say_fault(fault->what).text);
    fputc('\n', stderr);
}

/* Found in a folder: its name was made here. */
static bool was_found(const struct eki_inputs *inputs, const char *path)
{
    for (size_t i = 0; i < inputs->text_count; i++)
        if (!strcmp(inputs->texts[i], path)) return true;
    return false;
}

int eki_inputs_complain(const struct eki_inputs *inputs, const struct eki_result *result)
{
    size_t unknown = 0;
    const char *first = "";
    int status = 0;
    for (size_t i = 0; i < result->input_count; i++) {
        const struct eki_input *input = &result->inputs[i];
        if (!input->error || input->error == EKI_ERROR_STOPPED) continue;
        bool other_kind = input->error == EKI_ERROR_FORMAT || input->error == EKI_ERROR_EMPTY;
        if (other_kind && was_found(inputs, input->path)) {
            if (!unknown++) first = input->path;
            continue;
        }
        eki_inputs_complain_of(input->path, input->error, &input->fault);
        status = EKI_EXIT_UNREADABLE;
    }
    if (unknown)
        eki_say_line(
            stderr, eki_output_language(),
            unknown == 1
                ? EKI_TEXT("{1} file in folders passed over: of no form that is read; it is {2}")
                : EKI_TEXT("{1} files in folders passed over: of no form that is read; the first is {2}"),
            EKI_VALUES(eki_say_number((int64_t)unknown).text, first));
    return status;
}

void eki_inputs_done(struct eki_inputs *inputs)
{
    for (size_t i = 0; i < inputs->text_count; i++) free(inputs->texts[i]);
    free(inputs->texts);
    free(inputs->sources);
    *inputs = (struct eki_inputs){0};
}
