/* SPDX-License-Identifier: Apache-2.0 */
/* How many addresses or ports a source had tried when, from all its probes. */
#include "base/memory.h"
#include "web/raster.h"

enum { WORD = 64 };
static const double MICROS = 1e6;

/* Where the counts are noted. */
struct curve {
    double *t;
    uint64_t *distinct, every; /* each so many new places; 0: not at all */
    size_t points;
};

/* Counts the places, each once. */
static uint64_t count(const struct eki_probe_columns *columns, uint64_t *seen, struct curve *curve)
{
    uint64_t places = eki_probes_places(columns), distinct = 0;
    for (uint64_t i = 0; i < columns->count; i++) {
        uint32_t place = columns->places[i];
        if (place >= places || seen[place / WORD] >> place % WORD & 1) continue;
        seen[place / WORD] |= UINT64_C(1) << place % WORD;
        distinct++;
        if (!curve->every || (distinct - 1) % curve->every) continue;
        curve->t[curve->points] = (double)((columns->times[i] >> 1) - (columns->times[0] >> 1)) / MICROS;
        curve->distinct[curve->points++] = distinct;
    }
    return distinct;
}

size_t eki_raster_reach(const struct eki_probe_columns *columns, size_t most, double *ret_t,
                        uint64_t *ret_distinct)
{
    struct curve none = {0}, curve = {.t = ret_t, .distinct = ret_distinct};
    size_t words = (size_t)(eki_probes_places(columns) / WORD + 1);
    if (columns->axis == EKI_AXIS_IPV4 || !columns->count) return 0;
    uint64_t *seen = eki_allocate(words, sizeof *seen), *again = eki_allocate(words, sizeof *again);
    if (seen && again) {
        uint64_t all = count(columns, seen, &none);
        curve.every = all / (most - 1) + 1;
        count(columns, again, &curve);
        if (curve.points && curve.points < most) {
            ret_t[curve.points] =
                (double)((columns->times[columns->count - 1] >> 1) - (columns->times[0] >> 1)) / MICROS;
            ret_distinct[curve.points++] = all;
        }
    }
    eki_free(seen);
    eki_free(again);
    return curve.points;
}
