/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_RASTER_H
#define EKI_WEB_RASTER_H
/* The raster: probes of one source counted into cells of time and address. */
#include "web/probes.h"

enum { EKI_RASTER_MOST = 4096 /* cells a side: more than any screen has */ };

struct eki_raster {
    uint32_t width, height; /* cells */
    double t0, t1;          /* seconds since the origin, t1 > t0 */
    uint32_t a0, a1;        /* addresses, both within */
};

/* Counts into width * height cells, zeroed by the caller: 1 to 127 probes, plus 128 when one was answered;
 * the first row is that of the lowest addresses. Times rise, so that only those within are touched. O(probes
 * within). */
void eki_raster_count(const struct eki_raster *raster, const struct eki_probe_columns *columns,
                      uint8_t *ret_cells);

#endif
