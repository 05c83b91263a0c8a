/* SPDX-License-Identifier: Apache-2.0 */
/* What concerns each infected host of an outbreak, a line a host: the signs and the failed attacks it had a
 * part in. A page of one host of 100,000 then reads one line and not all signs of the analysis. */
#include <stdlib.h>

#include "base/memory.h"
#include "report/facts.h"

/* Who had a part in what: a sign and an attack stand in it twice, for either side. */
struct part {
    struct eki_address host;
    size_t number; /* position among the signs or the attacks */
};

struct parts {
    struct part *parts;
    size_t count;
};

static int compare(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    int order = eki_address_compare(x->host, y->host);
    if (order) return order;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void add(struct parts *parts, struct eki_address host, size_t number)
{
    parts->parts[parts->count++] = (struct part){host, number};
}

static void add_pair(struct parts *parts, struct eki_address source, struct eki_address target, size_t number)
{
    add(parts, source, number);
    if (eki_address_compare(source, target)) add(parts, target, number);
}

static void sort(struct parts *parts)
{
    if (parts->count) qsort(parts->parts, parts->count, sizeof *parts->parts, compare);
}

/* The first part of a host, or where it would stand. */
static size_t find(const struct parts *parts, struct eki_address host)
{
    size_t low = 0, high = parts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (eki_address_compare(parts->parts[middle].host, host) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What lines are made of. */
struct listing {
    const struct eki_result *result;
    const struct eki_outbreak *outbreak;
    struct parts signs, attempts;
};

static void write_sign(struct eki_json *j, const struct listing *listing, size_t number)
{
    eki_report_write_sign(j, &listing->result->signs[number], listing->result->origin);
}

static void write_attempt(struct eki_json *j, const struct listing *listing, size_t number)
{
    eki_report_write_attempt(j, &listing->outbreak->failed[number], listing->result->origin);
}

static void write_parts(struct eki_json *j, const struct listing *listing, const struct parts *parts,
                        struct eki_address host)
{
    size_t first = find(parts, host);
    eki_json_array(j);
    for (size_t i = first; i < parts->count && i < first + EKI_REPORT_OF_HOST; i++) {
        if (eki_address_compare(parts->parts[i].host, host)) break;
        if (parts == &listing->signs)
            write_sign(j, listing, parts->parts[i].number);
        else
            write_attempt(j, listing, parts->parts[i].number);
    }
    eki_json_end(j);
}

static enum eki_error write_line(const struct listing *listing, struct eki_address host, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, false);
    eki_json_object(&j);
    eki_json_key(&j, "signs");
    write_parts(&j, listing, &listing->signs, host);
    eki_json_key(&j, "attempts");
    write_parts(&j, listing, &listing->attempts, host);
    eki_json_end(&j);
    return j.failed || fputc('\n', out) == EOF ? EKI_ERROR_WRITE : EKI_OK;
}

enum eki_error eki_report_host_lines(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                     FILE *out)
{
    struct listing listing = {.result = result, .outbreak = outbreak};
    listing.signs.parts = eki_allocate(2 * result->sign_count + 1, sizeof *listing.signs.parts);
    listing.attempts.parts = eki_allocate(2 * outbreak->failed_count + 1, sizeof *listing.attempts.parts);
    enum eki_error error = listing.signs.parts && listing.attempts.parts ? EKI_OK : EKI_ERROR_MEMORY;
    for (size_t i = 0; !error && i < result->sign_count; i++)
        add_pair(&listing.signs, result->signs[i].source, result->signs[i].target, i);
    for (size_t i = 0; !error && i < outbreak->failed_count; i++)
        add_pair(&listing.attempts, outbreak->failed[i].source, outbreak->failed[i].target, i);
    sort(&listing.signs);
    sort(&listing.attempts);
    for (size_t i = 0; !error && i < outbreak->infection_count; i++)
        error = write_line(&listing, outbreak->infections[i].host, out);
    eki_free(listing.signs.parts);
    eki_free(listing.attempts.parts);
    return error;
}
