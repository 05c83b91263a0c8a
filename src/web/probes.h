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
 * The part: "EKIPROB2", u64 how many sources, for each {u64 place, u64 kept, u64 all, u64 axis, u64 names};
 * at each place `kept` u64 (microseconds since the origin times two, plus one when answered), then `kept` u32
 * (the place on the axis), then, at the next multiple of 8, `names` addresses of two u64, the upper half
 * first. Little-endian. The form before it, "EKIPROB1", is read too: {place, kept, all}, all IPv4.
 */
#include "ekigaku/analysis.h"
#include "web/web.h"

/* Of one source: what a page pans without a stutter; of IPv6, whose addresses are sorted in memory, 160 MB.
 * Of all contacts: 2 GiB on the disk while a job runs. */
enum { EKI_PROBES_OF_SOURCE = 10000000, EKI_PROBES_CONTACTS = 1 << 26, EKI_PROBES_SOURCES = 1 << 22 };

/* What the places of a source's probes are. */
enum eki_probe_axis {
    EKI_AXIS_IPV4 = 0, /* the address itself */
    EKI_AXIS_IPV6,     /* the number of the address among all that the source tried, in their order: what was
                          tried of 2^128 would be a line without a shape on any linear axis */
    EKI_AXIS_PORTS,    /* the port, of a source that tries those of one host */
    EKI_AXIS_COUNT
};

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
    const uint32_t *places;
    enum eki_probe_axis axis;
    const struct eki_address *names; /* EKI_AXIS_IPV6: the addresses, ascending, each once */
    uint64_t name_count;
    uint64_t count, all; /* kept; seen */
    void *map;
    size_t map_length;
};

/* Maps the columns of source `number`. EKI_ERROR_OPEN, _CORRUPT, _MISSING (no such source). Pair with
 * eki_probes_unmap. */
EKI_MUST_USE enum eki_error eki_probes_map(const char *path, uint64_t number,
                                           struct eki_probe_columns *ret_columns);
/* How many places the axis has: 2^32, 65,536, or as many as there are names. */
uint64_t eki_probes_places(const struct eki_probe_columns *columns);

/* Ends a mapping. */
void eki_probes_unmap(struct eki_probe_columns *columns);

#endif
