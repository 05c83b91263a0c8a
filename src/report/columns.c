/* SPDX-License-Identifier: Apache-2.0 */
/* The infections of an outbreak as columns: what a page needs to draw 100,000 of them at once. */
#include <stdlib.h>

#include "base/memory.h"
#include "report/facts.h"

/* Positions of the infections in the order of their hosts, so that parents are found. */
struct host_index {
    const struct eki_infection **by_host;
    const struct eki_infection *first;
    size_t count;
};

static int by_host(const void *a, const void *b)
{
    const struct eki_infection *x = *(const struct eki_infection *const *)a,
                               *y = *(const struct eki_infection *const *)b;
    int order = eki_address_compare(x->host, y->host);
    if (order) return order;
    return x < y ? -1 : x > y; /* both in one array */
}

static int64_t position_of(const struct host_index *index, const struct eki_infection *infection)
{
    size_t low = 0, high = index->count;
    if (!infection->has_parent) return -1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = eki_address_compare(index->by_host[middle]->host, infection->parent);
        if (!order) return index->by_host[middle] - index->first;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

typedef void write_cell(struct eki_json *j, const struct eki_infection *infection, eki_time origin);

static void write_host(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_address(j, infection->host);
}

static void write_since(struct eki_json *j, eki_time time, eki_time origin)
{
    if (time == EKI_TIME_NONE || origin == EKI_TIME_NONE)
        eki_json_null(j);
    else
        eki_json_fixed(j, eki_time_since(time, origin), 6);
}

static void write_t(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    write_since(j, infection->time, origin);
}

static void write_scan_t(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    write_since(j, infection->scan_start, origin);
}

static void write_posterior(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_fixed(j, infection->parent_posterior, 4);
}

static void write_error(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_fixed(j, infection->error_s, 3);
}

static void write_evidence(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_text(j, eki_evidence_name(infection->evidence));
}

static void write_generation(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_unsigned(j, infection->generation);
}

static void write_first(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_unsigned(j, infection->packet_first);
}

static void write_last(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_unsigned(j, infection->packet_last);
}

static void write_input(struct eki_json *j, const struct eki_infection *infection, eki_time origin)
{
    (void)origin;
    eki_json_unsigned(j, infection->input);
}

static const struct {
    const char *name;
    write_cell *write;
} columns[] = {{"host", write_host},           {"t", write_t},
               {"posterior", write_posterior}, {"error_s", write_error},
               {"evidence", write_evidence},   {"generation", write_generation},
               {"scan_t", write_scan_t},       {"first_packet", write_first},
               {"last_packet", write_last},    {"input", write_input}};

static void write_parents(struct eki_json *j, const struct eki_outbreak *outbreak,
                          const struct host_index *index)
{
    eki_json_key(j, "parent");
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->infection_count; i++) {
        int64_t position = position_of(index, &outbreak->infections[i]);
        if (position < 0)
            eki_json_fixed(j, -1, 0);
        else
            eki_json_unsigned(j, (uint64_t)position);
    }
    eki_json_end(j);
}

enum eki_error eki_report_columns_json(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                       FILE *out)
{
    struct eki_json j = eki_json_to_file(out, false);
    struct host_index index = {.first = outbreak->infections, .count = outbreak->infection_count};
    index.by_host = eki_allocate(index.count + 1, sizeof *index.by_host);
    if (!index.by_host) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < index.count; i++) index.by_host[i] = &outbreak->infections[i];
    qsort(index.by_host, index.count, sizeof *index.by_host, by_host);
    eki_json_object(&j);
    eki_report_write_count(&j, "count", outbreak->infection_count);
    write_parents(&j, outbreak, &index);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        eki_json_key(&j, columns[c].name);
        eki_json_array(&j);
        for (size_t i = 0; i < outbreak->infection_count; i++)
            columns[c].write(&j, &outbreak->infections[i], result->origin);
        eki_json_end(&j);
    }
    eki_json_end(&j);
    eki_free(index.by_host);
    return j.failed || fputc('\n', out) == EOF ? EKI_ERROR_WRITE : EKI_OK;
}
