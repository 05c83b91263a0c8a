/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field picker alone, and jansson on the same lines: `loop_fields tsv|json|jansson FILE` reads the
 * file into memory and goes over its lines until a second of CPU time has passed; prints MB/s. The wanted
 * fields of each line are picked, and three of them are made values, as a reader does.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fields.h"

static const char *const names[] = {"timestamp",
                                    "event_type",
                                    "src_ip",
                                    "src_port",
                                    "dest_ip",
                                    "dest_port",
                                    "proto",
                                    "flow.pkts_toserver",
                                    "flow.pkts_toclient",
                                    "flow.bytes_toserver",
                                    "flow.bytes_toclient",
                                    "flow.start",
                                    "flow.end",
                                    "flow.state",
                                    "tcp.tcp_flags_ts",
                                    NULL};
enum { NAMES = 15, COLUMNS = 32 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* what others do on the machine is not counted */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t pick_tsv(const char *line, size_t length)
{
    struct eki_field fields[COLUMNS];
    struct eki_field_reader r = {0};
    size_t count = eki_fields_split(line, length, '\t', fields, COLUMNS);
    if (*line == '#' || count < 7) return 0;
    return (uint64_t)eki_field_seconds(&r, fields[0]) + eki_field_address(&r, fields[2]).lo +
           eki_field_address(&r, fields[4]).lo;
}

static uint64_t pick_json(const struct eki_field_names *wanted, const char *line, size_t length)
{
    struct eki_field fields[NAMES];
    struct eki_field_fault fault;
    struct eki_field_reader r = {0};
    if (!eki_fields_json(wanted, line, length, fields, &fault)) return 0;
    return (uint64_t)eki_field_date(&r, fields[0]) + eki_field_address(&r, fields[2]).lo +
           eki_field_address(&r, fields[4]).lo;
}

static uint64_t parse_jansson(const char *line, size_t length)
{
    json_t *tree = json_loadb(line, length, 0, NULL);
    uint64_t sum = json_object_size(tree);
    json_decref(tree);
    return sum;
}

static uint64_t pass(const char *how, const char *text, size_t length)
{
    struct eki_field_names wanted = eki_field_names(names);
    uint64_t sum = 0;
    for (const char *line = text, *end = text + length; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t n = stop ? (size_t)(stop - line) : (size_t)(end - line);
        sum += !strcmp(how, "tsv")    ? pick_tsv(line, n)
               : !strcmp(how, "json") ? pick_json(&wanted, line, n)
                                      : parse_jansson(line, n);
        line += n + 1;
    }
    return sum;
}

int main(int count, char **arguments)
{
    FILE *file = count == 3 ? fopen(arguments[2], "rb") : NULL;
    if (!file) return 2;
    fseek(file, 0, SEEK_END);
    size_t length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(length);
    if (!text || fread(text, 1, length, file) != length) return 1;
    double start = now(), seconds = 0, bytes = 0;
    uint64_t sum = 0;
    while (seconds < 1) {
        sum += pass(arguments[1], text, length);
        bytes += (double)length;
        seconds = now() - start;
    }
    printf("%.1f MB/s (%u)\n", bytes / seconds * 1e-6, (unsigned)(sum & 1));
    free(text);
    fclose(file);
    return 0;
}
