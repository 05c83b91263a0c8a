/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inputs.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct dated {
    char *path;
    eki_time first;
    size_t given;
};

static eki_time first_entry(const char *path)
{
    struct eki_log *log;
    struct eki_log_batch batch;
    eki_time first = INT64_MAX;
    if (eki_log_open(path, NULL, &log, NULL)) return first;
    if (!eki_log_read(log, &batch))
        for (size_t i = 0; i < batch.count; i++)
            if (batch.entries[i].contact.attempts && batch.entries[i].contact.time < first)
                first = batch.entries[i].contact.time;
    eki_log_close(log);
    return first;
}

static eki_time first_packet(const char *path)
{
    struct eki_capture *capture;
    struct eki_packet packet;
    struct stat status;
    size_t count = 0;
    /* A pipe or device would lose what is read from it here. */
    if (stat(path, &status) || !S_ISREG(status.st_mode)) return INT64_MAX;
    if (eki_capture_open(path, NULL, &capture, NULL)) return first_entry(path);
    enum eki_error error = eki_capture_read(capture, &packet, 1, &count, NULL);
    eki_capture_close(capture);
    return count && error != EKI_ERROR_ARGUMENT ? packet.time : INT64_MAX;
}

static int by_first(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return (x->given > y->given) - (x->given < y->given);
}

size_t eki_inputs_once(char **paths, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat one, other;
        bool again = false;
        for (size_t k = 0; k < kept && !again; k++)
            again = !stat(paths[i], &one) && S_ISREG(one.st_mode) && !stat(paths[k], &other) &&
                    one.st_dev == other.st_dev && one.st_ino == other.st_ino;
        if (again)
            fprintf(stderr, "ekigaku: %s: named before, read once\n", paths[i]);
        else
            paths[kept++] = paths[i];
    }
    return kept;
}

void eki_inputs_sort(char **paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(paths[i], "-")) return;
    struct dated *dated = count > 1 ? calloc(count, sizeof *dated) : NULL;
    if (!dated) return;
    for (size_t i = 0; i < count; i++) dated[i] = (struct dated){paths[i], first_packet(paths[i]), i};
    qsort(dated, count, sizeof *dated, by_first);
    for (size_t i = 0; i < count; i++) paths[i] = dated[i].path;
    free(dated);
}

uint64_t eki_inputs_bytes(char **paths, size_t count)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        if (!strcmp(paths[i], "-") || stat(paths[i], &status) || !S_ISREG(status.st_mode)) return 0;
        bytes += (uint64_t)status.st_size;
    }
    return bytes;
}

void eki_inputs_complain(const char *path, enum eki_error error, const struct eki_fault *fault)
{
    const char *name = strcmp(path, "-") ? path : "standard input";
    fprintf(stderr, "ekigaku: %s: ", name);
    if (fault && fault->offset) fprintf(stderr, "offset %" PRIu64 ": ", fault->offset);
    fputs(eki_error_text(error), stderr);
    if (fault && fault->what[0]) fprintf(stderr, ": %s", fault->what);
    fputc('\n', stderr);
}
