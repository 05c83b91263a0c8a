/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_RASTER_H
#define EKI_WEB_RASTER_H
/* The raster: probes of one source counted into cells of time and place; the same told in words. */
#include "web/probes.h"
#include "web/request.h"

enum { EKI_RASTER_MOST = 4096 /* cells a side: more than any screen has */ };

struct eki_raster {
    uint32_t width, height; /* cells */
    double t0, t1;          /* seconds since the origin, t1 > t0 */
    uint32_t a0, a1;        /* places on the axis (addresses, ports), both within */
};

/* Counts into width * height cells, zeroed by the caller: 1 to 127 probes, plus 128 when one was answered;
 * the first row is that of the lowest places. Times rise, so that only those within are touched. O(probes
 * within). */
void eki_raster_count(const struct eki_raster *raster, const struct eki_probe_columns *columns,
                      uint8_t *ret_cells);

/* Maps the probes of the source that the path names; pair with eki_probes_unmap. False after answering. */
bool eki_raster_map(struct eki_request *request, struct eki_probe_columns *ret_columns);

/* The frame out of the parameters t0, t1, a0, a1; all there is where they are not given. Sizes are left
 * alone. False after answering. */
bool eki_raster_take_frame(struct eki_request *request, const struct eki_probe_columns *columns,
                           struct eki_raster *ret_raster);

/* The first probe of time-ordered columns at or after a time in microseconds. O(log probes). */
uint64_t eki_raster_first_at(const struct eki_probe_columns *columns, uint64_t micros);

/* A stretch of the axis with what was tried in it. */
struct eki_raster_part {
    uint32_t a0, a1;
    uint64_t probes, answered;
    double first_t, last_t; /* seconds since the origin */
    unsigned bits;          /* of the prefix it is, 0 to 128 as eki_prefix counts; ports: unused */
};

/* The curve of distinct places: how many of them had been tried `ret_t` seconds after the first probe, at
 * most `most` points (2 at least), the last one included. Returns how many; 0 without memory, without probes,
 * and of IPv4, whose places are too many. O(probes). */
size_t eki_raster_reach(const struct eki_probe_columns *columns, size_t most, double *ret_t,
                        uint64_t *ret_distinct);

enum { EKI_RASTER_PARTS = 64 /* as many rows as a person reads of a table */ };

/* Parts of the frame, at most `most` (16 to EKI_RASTER_PARTS): networks or blocks of ports as wide as that
 * takes, in order, without those that nothing was tried in. Returns how many. O(probes within). */
size_t eki_raster_divide(const struct eki_raster *frame, const struct eki_probe_columns *columns, size_t most,
                         struct eki_raster_part ret_parts[EKI_RASTER_PARTS]);

#endif
