/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a list of others; the first byte chooses the format. What is taken must be a directory that
 * settles and that a file of its own holds: nothing half read may come through.
 */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ekigaku/roster.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

/* Imports refer to teams of the directory they are merged into, so a missing one is no fault of theirs. */
static void add_team(struct eki_directory *d)
{
    struct eki_team team;
    eki_directory_blank(EKI_RECORD_TEAM, &team);
    team.id = team.name = "t";
    if (eki_directory_add(d, EKI_RECORD_TEAM, &team, NULL)) abort();
}

static void check(struct eki_directory *d, enum eki_roster_format format)
{
    struct eki_directory *again;
    struct eki_fault fault = {0};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out || eki_directory_write(d, out)) abort();
    fclose(out);
    if (eki_directory_new(&again)) abort();
    if (eki_directory_read_memory(again, text, length, &fault)) {
        fprintf(stderr, "%s\n", fault.what);
        abort();
    }
    eki_directory_free(again);
    free(text);
    enum eki_error error = eki_directory_settle(d, EKI_SECOND, &fault);
    if (error && format != EKI_ROSTER_CSV) { /* a table may name what is elsewhere, or the same id twice */
        fprintf(stderr, "%s\n", fault.what);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct eki_directory *d;
    struct eki_roster_counts counts;
    char path[40];
    const char *const paths[] = {path};
    if (!length || eki_directory_new(&d)) return 0;
    enum eki_roster_format format = EKI_ROSTER_CSV + bytes[0] % (EKI_ROSTER_FORMATS - EKI_ROSTER_CSV);
    int file = memfd_create("roster", 0);
    if (file < 0 || write(file, bytes + 1, length - 1) != (ssize_t)length - 1) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct eki_roster_request request = {
        .paths = paths, .path_count = 1, .format = format, .source = "x", .team = "t", .now = 0};
    add_team(d);
    if (!eki_roster_import(d, &request, &counts, NULL)) check(d, format);
    eki_directory_free(d);
    close(file);
    return 0;
}
