/* SPDX-License-Identifier: Apache-2.0 */
#include "web/raster.h"

#include <string.h>

#include "base/memory.h"
#include "web/handlers.h"
#include "web/outbreak.h"

enum { FULL = 127, ANSWERED = 128, HEADER = 32 };
static const double MICROS = 1e6;

uint64_t eki_raster_first_at(const struct eki_probe_columns *columns, uint64_t micros)
{
    uint64_t low = 0, high = columns->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (columns->times[middle] >> 1 < micros)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void eki_raster_count(const struct eki_raster *r, const struct eki_probe_columns *columns, uint8_t *ret_cells)
{
    uint64_t from = r->t0 > 0 ? (uint64_t)(r->t0 * MICROS) : 0;
    double to = r->t1 * MICROS, columns_a_micro = r->width / ((r->t1 - r->t0) * MICROS);
    double rows_a_place = r->height / ((double)r->a1 - r->a0 + 1), start = r->t0 * MICROS;
    for (uint64_t i = eki_raster_first_at(columns, from); i < columns->count; i++) {
        double time = (double)(columns->times[i] >> 1);
        uint32_t place = columns->places[i];
        if (time > to) break;
        if (place < r->a0 || place > r->a1) continue;
        uint32_t x = (uint32_t)((time - start) * columns_a_micro),
                 y = (uint32_t)((place - r->a0) * rows_a_place);
        if (x >= r->width) x = r->width - 1; /* t1 itself, and what rounding does */
        if (y >= r->height) y = r->height - 1;
        uint8_t *cell = &ret_cells[(size_t)y * r->width + x];
        if ((*cell & FULL) < FULL) ++*cell;
        *cell |= columns->times[i] & 1 ? ANSWERED : 0;
    }
}

/* The parameters a0 and a1, within the axis. */
static bool take_places(struct eki_request *request, const struct eki_probe_columns *columns,
                        struct eki_raster *ret_raster)
{
    int64_t last = (int64_t)eki_probes_places(columns) - 1, low = 0, high = last;
    struct eki_field range = {.least = 0, .most = UINT32_MAX};
    if (!eki_request_integer(request, "a0", range, &low) || !eki_request_integer(request, "a1", range, &high))
        return false;
    ret_raster->a0 = (uint32_t)(low < last ? low : last);
    ret_raster->a1 = (uint32_t)(high < last ? high : last);
    return true;
}

bool eki_raster_take_frame(struct eki_request *request, const struct eki_probe_columns *columns,
                           struct eki_raster *ret_raster)
{
    double first = columns->count ? (double)(columns->times[0] >> 1) / MICROS : 0;
    double last = columns->count ? (double)(columns->times[columns->count - 1] >> 1) / MICROS : 1;
    if (last <= first) last = first + 1;
    if (!eki_request_number(request, "t0", first, &ret_raster->t0) ||
        !eki_request_number(request, "t1", last, &ret_raster->t1) ||
        !take_places(request, columns, ret_raster))
        return false;
    if (ret_raster->t1 > ret_raster->t0 && ret_raster->a1 >= ret_raster->a0) return true;
    eki_problem(request, 400, "t1 must be after t0, and a1 not below a0");
    return false;
}

static bool take_size(struct eki_request *request, const char *name, uint32_t *ret_value)
{
    int64_t value = 800;
    bool good =
        eki_request_integer(request, name, (struct eki_field){.least = 1, .most = EKI_RASTER_MOST}, &value);
    *ret_value = (uint32_t)value;
    return good;
}

static void reply_cells(struct eki_request *request, const struct eki_probe_columns *columns)
{
    struct eki_raster raster;
    struct eki_buffer out = {0};
    if (!eki_raster_take_frame(request, columns, &raster) || !take_size(request, "w", &raster.width) ||
        !take_size(request, "h", &raster.height))
        return;
    size_t cells = (size_t)raster.width * raster.height;
    char *room = eki_buffer_room(&out, HEADER + cells);
    if (room) {
        memcpy(room, (uint32_t[]){raster.width, raster.height}, 8);
        memcpy(room + 8, (double[]){raster.t0, raster.t1}, 16);
        memcpy(room + 24, (uint32_t[]){raster.a0, raster.a1}, 8);
        memset(room + HEADER, 0, cells);
        eki_raster_count(&raster, columns, (uint8_t *)room + HEADER);
        out.length = HEADER + cells;
    }
    eki_reply_buffer(request, "application/octet-stream", &out);
}

bool eki_raster_map(struct eki_request *request, struct eki_probe_columns *ret_columns)
{
    char path[4096];
    struct eki_seen_outbreak seen;
    int64_t number = eki_request_position(request, 1);
    if (number < 0 || !eki_outbreak_find_analysis(request, &seen)) return false;
    struct eki_results_part part = {.facts_path = seen.analysis.facts_path, .name = "probes"};
    enum eki_error error = eki_results_path(request->web, &part, path)
                               ? eki_probes_map(path, (uint64_t)number, ret_columns)
                               : EKI_ERROR_OPEN;
    eki_store_end(seen.work);
    if (error == EKI_ERROR_MISSING)
        eki_problem(request, 404, "There is no source of this number.");
    else if (error)
        eki_outbreak_unreadable(request, error);
    return !error;
}

void eki_scanner_raster_get(struct eki_request *request)
{
    struct eki_probe_columns columns;
    if (!eki_raster_map(request, &columns)) return;
    reply_cells(request, &columns);
    eki_probes_unmap(&columns);
}
