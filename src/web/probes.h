/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_PROBES_H
#define EKI_WEB_PROBES_H
/*
 * Every probe of every source, for the raster. Who searches is known only at the end, so while a job runs all
 * contacts go to a file without a name; when the sources are known, theirs are sorted out of it into the part
 * "probes" of the result: columns that a handler maps and counts without reading anything else.
 *
 *     eki_probes_open(web, &probes)                    before the analysis
 *     options.contacts = eki_probes_take; options.contacts_user = probes;
 *     eki_probes_write(probes, result, path)           after it
 *     eki_probes_close(probes)
 *
 * The part: "EKIPROB1", u64 how many sources, for each {u64 place, u64 kept, u64 all}; at each place `kept`
 * u64 (microseconds since the origin times two, plus one when answered), then `kept` u32 (IPv4 address).
 * Little-endian.
 */
#include "ekigaku/analysis.h"
#include "web/web.h"

/* Of one source: what a page pans without a stutter. Of all contacts: 2 GiB on the disk while a job runs. */
enum { EKI_PROBES_OF_SOURCE = 10000000, EKI_PROBES_CONTACTS = 1 << 26, EKI_PROBES_SOURCES = 1 << 22 };

struct eki_probes;

/* EKI_ERROR_WRITE, _MEMORY. */
EKI_MUST_USE enum eki_error eki_probes_open(const struct eki_web *web, struct eki_probes **ret_probes);

/* An eki_contact_sink; `user` is the eki_probes. Errors are kept for eki_probes_write. */
void eki_probes_take(void *user, const struct eki_contact *contacts, size_t count);

/* Writes the part and flushes it. EKI_ERROR_WRITE, _READ, _MEMORY. O(contacts). */
EKI_MUST_USE enum eki_error eki_probes_write(struct eki_probes *probes, const struct eki_result *result,
                                             const char *path);

/* Frees all; NULL is allowed. */
void eki_probes_close(struct eki_probes *probes);

/* The probes of one source, mapped. */
struct eki_probe_columns {
    const uint64_t *times; /* see above */
    const uint32_t *addresses;
    uint64_t count, all; /* kept; seen */
    void *map;
    size_t map_length;
};

/* Maps the columns of source `number`. EKI_ERROR_OPEN, _CORRUPT, _MISSING (no such source). Pair with
 * eki_probes_unmap. */
EKI_MUST_USE enum eki_error eki_probes_map(const char *path, uint64_t number,
                                           struct eki_probe_columns *ret_columns);
/* Ends a mapping. */
void eki_probes_unmap(struct eki_probe_columns *columns);

#endif
