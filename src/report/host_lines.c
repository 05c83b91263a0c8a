/* SPDX-License-Identifier: Apache-2.0 */
/* What concerns each infected host of an outbreak, a line a host: whom it infected, the signs and the failed
 * attacks it had a part in. A page of one host of 100,000 then reads one line and not all signs of the
 * analysis. */
#include <stdlib.h>

#include "base/memory.h"
#include "report/facts.h"

/* Who had a part in what: a sign and an attack stand in it twice, for either side; an infection for the
 * parent. */
struct part {
    struct eki_address host;
    size_t number; /* position among the signs, attacks or infections */
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
    struct parts children, signs, attempts;
};

static void write_child(struct eki_json *j, const struct listing *listing, size_t number)
{
    eki_json_address(j, listing->outbreak->infections[number].host);
}

static void write_sign(struct eki_json *j, const struct listing *listing, size_t number)
{
    eki_report_write_sign(j, &listing->result->signs[number], listing->result->origin);
}

static void write_attempt(struct eki_json *j, const struct listing *listing, size_t number)
{
    eki_report_write_attempt(j, &listing->outbreak->failed[number], listing->result->origin);
}

/* How a list of a line is written. */
struct kind {
    const char *key;
    size_t most;
    void (*write)(struct eki_json *j, const struct listing *listing, size_t number);
};

static const struct kind child = {"children", EKI_REPORT_CHILDREN, write_child},
                         sign = {"signs", EKI_REPORT_OF_HOST, write_sign},
                         attempt = {"attempts", EKI_REPORT_OF_HOST, write_attempt};

static void write_parts(struct eki_json *j, const struct listing *listing, const struct parts *parts,
                        const struct kind *kind, struct eki_address host)
{
    size_t first = find(parts, host);
    eki_json_key(j, kind->key);
    eki_json_array(j);
    for (size_t i = first; i < parts->count && i < first + kind->most; i++) {
        if (eki_address_compare(parts->parts[i].host, host)) break;
        kind->write(j, listing, parts->parts[i].number);
    }
    eki_json_end(j);
}

static enum eki_error write_line(const struct listing *listing, struct eki_address host, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, false);
    eki_json_object(&j);
    write_parts(&j, listing, &listing->children, &child, host);
    write_parts(&j, listing, &listing->signs, &sign, host);
    write_parts(&j, listing, &listing->attempts, &attempt, host);
    eki_json_end(&j);
    return j.failed || fputc('\n', out) == EOF ? EKI_ERROR_WRITE : EKI_OK;
}

static bool make_room(struct parts *parts, size_t most)
{
    parts->parts = eki_allocate(most + 1, sizeof *parts->parts);
    return parts->parts != NULL;
}

static void gather(struct listing *listing)
{
    const struct eki_outbreak *outbreak = listing->outbreak;
    const struct eki_sign *signs = listing->result->signs;
    for (size_t i = 0; i < listing->result->sign_count; i++)
        add_pair(&listing->signs, signs[i].source, signs[i].target, i);
    for (size_t i = 0; i < outbreak->failed_count; i++)
        add_pair(&listing->attempts, outbreak->failed[i].source, outbreak->failed[i].target, i);
    for (size_t i = 0; i < outbreak->infection_count; i++)
        if (outbreak->infections[i].has_parent) add(&listing->children, outbreak->infections[i].parent, i);
    sort(&listing->signs);
    sort(&listing->attempts);
    sort(&listing->children);
}

enum eki_error eki_report_host_lines(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                     FILE *out)
{
    struct listing listing = {.result = result, .outbreak = outbreak};
    enum eki_error error = EKI_ERROR_MEMORY;
    if (make_room(&listing.signs, 2 * result->sign_count) &&
        make_room(&listing.attempts, 2 * outbreak->failed_count) &&
        make_room(&listing.children, outbreak->infection_count)) {
        error = EKI_OK;
        gather(&listing);
    }
    for (size_t i = 0; !error && i < outbreak->infection_count; i++)
        error = write_line(&listing, outbreak->infections[i].host, out);
    eki_free(listing.signs.parts);
    eki_free(listing.attempts.parts);
    eki_free(listing.children.parts);
    return error;
}
