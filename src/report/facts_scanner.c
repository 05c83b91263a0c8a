/* SPDX-License-Identifier: Apache-2.0 */
/* Scanners and signs become arrays of the facts. */
#include <stdlib.h>

#include "base/memory.h"
#include "report/facts.h"
#include "report/figure.h"

/* Signs written with their scanner: 124 hosts that attack each other have 500 each, which stand in the list
 * of signs as well. */
enum { SIGNS_OF_ONE = 64 };

/* The signs in order of their source, so that each scanner finds its own without a walk over all. */
struct sign_index {
    const struct eki_sign **signs;
    size_t count;
};

static int by_source(const void *a, const void *b)
{
    const struct eki_sign *x = *(const struct eki_sign *const *)a, *y = *(const struct eki_sign *const *)b;
    int order = eki_address_compare(x->source, y->source);
    if (order) return order;
    return x < y ? -1 : x > y; /* both in one array: keeps the order of time */
}

static enum eki_error index_signs(const struct eki_result *result, struct sign_index *ret_index)
{
    struct sign_index index = {.count = result->sign_count};
    index.signs = eki_allocate(index.count + 1, sizeof *index.signs);
    if (!index.signs) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < index.count; i++) index.signs[i] = &result->signs[i];
    if (index.count) qsort(index.signs, index.count, sizeof *index.signs, by_source);
    *ret_index = index;
    return EKI_OK;
}

static size_t first_of_source(const struct sign_index *index, struct eki_address source)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (eki_address_compare(index->signs[middle]->source, source) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void write_times(struct eki_json *j, const struct eki_sign *sign, eki_time origin)
{
    eki_json_key(j, "first");
    eki_json_time(j, sign->first);
    eki_json_key(j, "last");
    eki_json_time(j, sign->last);
    eki_report_write_since(j, "t", sign->first, origin);
}

static void write_packets(struct eki_json *j, uint64_t first, uint64_t last)
{
    eki_json_key(j, "packets");
    if (!first) {
        eki_json_null(j);
        return;
    }
    eki_json_array(j);
    eki_json_unsigned(j, first);
    eki_json_unsigned(j, last);
    eki_json_end(j);
}

void eki_report_write_sign(struct eki_json *j, const struct eki_sign *sign, eki_time origin)
{
    char protocol[4];
    eki_json_object(j);
    eki_report_write_text(j, "name", sign->name);
    eki_report_write_text(j, "family", sign->family && sign->family[0] ? sign->family : NULL);
    eki_report_write_text(j, "technique", sign->technique && sign->technique[0] ? sign->technique : NULL);
    eki_report_write_text(j, "grade", eki_grade_name(sign->grade));
    eki_report_write_host(j, "source", sign->source);
    eki_report_write_host(j, "target", sign->target);
    eki_report_write_text(j, "proto", eki_protocol_name(sign->protocol, protocol));
    eki_report_write_count(j, "port", sign->service);
    write_times(j, sign, origin);
    write_packets(j, sign->packet_first, sign->packet_last);
    eki_report_write_count(j, "input", sign->input);
    eki_report_write_count(j, "count", sign->count);
    eki_report_write_bool(j, "vector", sign->vector);
    eki_report_write_bool(j, "automated", sign->automated);
    eki_report_write_text(j, "detail", sign->detail);
    eki_json_end(j);
}

void eki_report_write_signs(struct eki_json *j, const struct eki_result *result)
{
    eki_json_key(j, "signs");
    eki_json_array(j);
    for (size_t i = 0; i < result->sign_count; i++)
        eki_report_write_sign(j, &result->signs[i], result->origin);
    eki_json_end(j);
}

static void write_strategy(struct eki_json *j, enum eki_scope scope,
                           const struct eki_strategy_finding *finding)
{
    eki_json_object(j);
    eki_report_write_text(j, "scope", eki_scope_name(scope));
    eki_report_write_text(j, "name", eki_strategy_name(finding->name));
    eki_report_write_number(j, "posterior", finding->posterior[finding->name]);
    eki_json_key(j, "pass_seconds");
    if (finding->pass_seconds > 0)
        eki_json_number(j, finding->pass_seconds);
    else
        eki_json_null(j);
    eki_report_write_count(j, "probes", finding->probes);
    eki_report_write_text(j, "order", finding->order ? finding->order : "");
    eki_json_key(j, "posteriors");
    eki_json_object(j);
    for (int k = 0; k < EKI_STRATEGY_COUNT; k++)
        eki_report_write_number(j, eki_strategy_name((enum eki_strategy)k), finding->posterior[k]);
    eki_json_end(j);
    eki_json_end(j);
}

static void write_strategies(struct eki_json *j, const struct eki_scanner *scanner)
{
    eki_json_key(j, "strategies");
    eki_json_array(j);
    for (int scope = 0; scope < EKI_SCOPE_COUNT; scope++)
        if (scanner->strategies[scope].probes)
            write_strategy(j, (enum eki_scope)scope, &scanner->strategies[scope]);
    eki_json_end(j);
}

static void write_decision(struct eki_json *j, const struct eki_scanner *scanner, eki_time origin)
{
    bool decided = scanner->decided_at != EKI_TIME_NONE && scanner->decided_after;
    eki_report_write_text(j, "verdict", eki_verdict_name(scanner->verdict));
    eki_report_write_text(j, "reason", scanner->reason);
    eki_json_key(j, "decided_after");
    if (decided)
        eki_json_unsigned(j, scanner->decided_after);
    else
        eki_json_null(j);
    eki_report_write_since(j, "decided_t", decided ? scanner->decided_at : EKI_TIME_NONE, origin);
    eki_report_write_number(j, "evidence", scanner->evidence);
    eki_json_key(j, "threshold");
    if (scanner->threshold > 0)
        eki_json_number(j, scanner->threshold);
    else
        eki_json_null(j);
}

static void write_reach(struct eki_json *j, const struct eki_scanner *scanner, eki_time origin)
{
    char protocol[4];
    eki_report_write_host(j, "host", scanner->host);
    eki_report_write_text(j, "proto", eki_protocol_name(scanner->protocol, protocol));
    eki_report_write_count(j, "port", scanner->service);
    eki_report_write_text(j, "shape", eki_shape_name(scanner->shape));
    eki_json_key(j, "first");
    eki_json_time(j, scanner->first);
    eki_json_key(j, "last");
    eki_json_time(j, scanner->last);
    eki_report_write_since(j, "t", scanner->first, origin);
    eki_report_write_since(j, "since_t", scanner->since, origin);
    eki_report_write_count(j, "since_packet", scanner->packet);
    eki_report_write_count(j, "input", scanner->input);
    eki_report_write_count(j, "targets", scanner->targets);
    eki_report_write_bool(j, "targets_estimated", scanner->targets_estimated);
    eki_report_write_count(j, "answered", scanner->answered);
    eki_report_write_count(j, "refused", scanner->refused);
    eki_report_write_number(j, "rate_per_s", scanner->rate_per_s);
}

/* The lowest grade of which, with all above it, there are no more than SIGNS_OF_ONE. */
static unsigned lowest_grade(const struct sign_index *index, size_t first, size_t end)
{
    size_t count[EKI_GRADE_IMPLANT + 1] = {0}, sum = 0;
    for (size_t i = first; i < end; i++)
        if (index->signs[i]->grade <= EKI_GRADE_IMPLANT) count[index->signs[i]->grade]++;
    unsigned grade = EKI_GRADE_IMPLANT + 1;
    while (grade > 0 && sum + count[grade - 1] <= SIGNS_OF_ONE) sum += count[--grade];
    return grade <= EKI_GRADE_IMPLANT ? grade : EKI_GRADE_IMPLANT;
}

/* The signs of a source, the gravest when there are many: all of them stand in the list of signs. */
static void write_own_signs(struct eki_json *j, const struct eki_scanner *scanner,
                            const struct sign_index *index, eki_time origin)
{
    size_t first = first_of_source(index, scanner->host), end = first, written = 0;
    while (end < index->count && eki_address_equal(index->signs[end]->source, scanner->host)) end++;
    unsigned lowest = lowest_grade(index, first, end);
    eki_report_write_count(j, "signs_total", end - first);
    eki_json_key(j, "signs");
    eki_json_array(j);
    for (size_t i = first; i < end && written < SIGNS_OF_ONE; i++) {
        if (index->signs[i]->grade < lowest) continue;
        eki_report_write_sign(j, index->signs[i], origin);
        written++;
    }
    eki_json_end(j);
}

static void write_scanner(struct eki_json *j, const struct eki_result *result, size_t number,
                          const struct sign_index *index)
{
    const struct eki_scanner *scanner = &result->scanners[number];
    eki_json_object(j);
    eki_report_write_count(j, "number", number);
    write_reach(j, scanner, result->origin);
    eki_json_key(j, "victim");
    if (scanner->shape == EKI_SHAPE_VERTICAL || scanner->verdict == EKI_VERDICT_FLOOD)
        eki_json_address(j, scanner->victim);
    else
        eki_json_null(j);
    write_decision(j, scanner, result->origin);
    write_strategies(j, scanner);
    write_own_signs(j, scanner, index, result->origin);
    eki_json_end(j);
}

enum eki_error eki_report_write_scanners(struct eki_json *j, const struct eki_result *result)
{
    struct sign_index index;
    enum eki_error error = index_signs(result, &index);
    if (error) return error;
    eki_json_key(j, "scanners");
    eki_json_array(j);
    for (size_t i = 0; i < result->scanner_count; i++) write_scanner(j, result, i, &index);
    eki_json_end(j);
    eki_free(index.signs);
    return EKI_OK;
}

enum eki_error eki_report_scanner_lines(const struct eki_result *result, FILE *out)
{
    struct sign_index index;
    enum eki_error error = index_signs(result, &index);
    if (error) return error;
    for (size_t i = 0; i < result->scanner_count && !error; i++) {
        struct eki_json j = eki_json_to_file(out, false);
        write_scanner(&j, result, i, &index);
        if (j.failed || fputc('\n', out) == EOF) error = EKI_ERROR_WRITE;
    }
    eki_free(index.signs);
    return error;
}
