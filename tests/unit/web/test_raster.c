/* SPDX-License-Identifier: Apache-2.0 */
/* Probes through the file without a name into columns, and into cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/raster.h"

static char folder[] = "/tmp/ekigaku-raster-XXXXXX";
static char results[64], path[80];

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(results, sizeof results, "%s/results", folder);
    snprintf(path, sizeof path, "%s/probes", results);
    return mkdir(results, 0700);
}

static int teardown(void **state)
{
    (void)state;
    unlink(path), rmdir(results);
    return rmdir(folder);
}

static struct eki_contact contact(uint32_t source, uint32_t target, eki_time ms, bool answered)
{
    return (struct eki_contact){.client = eki_address_v4(source),
                                .server = eki_address_v4(target),
                                .time = EKI_SECOND * 1000 + ms * 1000000,
                                .service = 445,
                                .protocol = EKI_PROTOCOL_TCP,
                                .attempts = 1,
                                .outcome = answered ? EKI_OUTCOME_ANSWERED : EKI_OUTCOME_NONE};
}

/* Source 1 probes addresses 0 to 9,999 in order, one a millisecond, each 100th answers; source 2 does once.
 */
static void keep(void)
{
    struct eki_web web = {.options = {.data = folder}};
    struct eki_scanner scanners[] = {
        {.host = eki_address_v4(2), .service = 445, .protocol = EKI_PROTOCOL_TCP},
        {.host = eki_address_v4(1), .service = 445, .protocol = EKI_PROTOCOL_TCP},
        {.host = eki_address_v4(3), .service = 0, .shape = EKI_SHAPE_VERTICAL},
        {.host = eki_address_v4(4), .service = 80, .protocol = EKI_PROTOCOL_TCP}};
    struct eki_result result = {.origin = EKI_SECOND * 1000, .scanners = scanners, .scanner_count = 4};
    struct eki_probes *probes;
    assert_int_equal(eki_probes_open(&web, &probes), EKI_OK);
    for (uint32_t i = 0; i < 10000; i++) {
        struct eki_contact two[] = {contact(1, i, i, i % 100 == 0), contact(5, i, i, false)};
        two[1].flags = i == 7 ? EKI_CONTACT_UNASKED : 0;
        eki_probes_take(probes, two, 2);
    }
    struct eki_contact last = contact(2, UINT32_MAX, 11000, true);
    eki_probes_take(probes, &last, 1);
    unlink(path);
    assert_int_equal(eki_probes_write(probes, &result, path), EKI_OK);
    eki_probes_close(probes);
}

static void each_source_has_its_own(void **state)
{
    (void)state;
    struct eki_probe_columns columns;
    keep();
    assert_int_equal(eki_probes_map(path, 1, &columns), EKI_OK);
    assert_int_equal(columns.count, 10000);
    assert_int_equal(columns.all, 10000);
    for (uint32_t i = 0; i < 10000; i++) {
        assert_int_equal(columns.addresses[i], i);
        assert_int_equal(columns.times[i], (uint64_t)i * 1000 << 1 | (i % 100 == 0));
    }
    eki_probes_unmap(&columns);
    assert_int_equal(eki_probes_map(path, 0, &columns), EKI_OK);
    assert_int_equal(columns.count, 1);
    assert_int_equal(columns.addresses[0], UINT32_MAX);
    eki_probes_unmap(&columns);
    for (unsigned i = 2; i < 4; i++) {
        assert_int_equal(eki_probes_map(path, i, &columns), EKI_OK);
        assert_int_equal(columns.count, 0);
        eki_probes_unmap(&columns);
    }
    assert_int_equal(eki_probes_map(path, 4, &columns), EKI_ERROR_MISSING);
}

/* Against a count that does not know of columns or of time order. */
static void cells_hold_what_a_plain_count_finds(void **state)
{
    static const struct eki_raster rasters[] = {{10, 10, 0, 9.999, 0, 9999},
                                                {7, 13, 1.5, 3.25, 100, 7000},
                                                {300, 200, -5, 50, 0, UINT32_MAX},
                                                {1, 1, 20, 30, 0, 9},
                                                {64, 64, 0.1, 0.2, 100, 200}};
    struct eki_probe_columns columns;
    (void)state;
    keep();
    assert_int_equal(eki_probes_map(path, 1, &columns), EKI_OK);
    for (size_t k = 0; k < sizeof rasters / sizeof *rasters; k++) {
        const struct eki_raster *r = &rasters[k];
        size_t cells = (size_t)r->width * r->height;
        uint8_t *found = eki_allocate(cells, 1);
        unsigned sum = 0, wanted = 0, answered = 0, full = 0;
        eki_raster_count(r, &columns, found);
        for (uint32_t i = 0; i < 10000; i++) {
            double t = i * 1e-3;
            if (t < r->t0 || t > r->t1 + 1e-9 || i < r->a0 || i > r->a1) continue;
            wanted++;
            uint32_t x = (uint32_t)((t - r->t0) / (r->t1 - r->t0) * r->width);
            uint32_t y = (uint32_t)((double)(i - r->a0) / ((double)r->a1 - r->a0 + 1) * r->height);
            if (x >= r->width) x = r->width - 1;
            uint8_t cell = found[y * r->width + x];
            /* Cell borders may fall either way by rounding: then its neighbour holds it. */
            bool near = cell || (x && found[y * r->width + x - 1]) ||
                        (x + 1 < r->width && found[y * r->width + x + 1]);
            assert_true(near);
        }
        for (size_t i = 0; i < cells; i++) {
            sum += found[i] & 127, answered += found[i] >> 7;
            full += (found[i] & 127) == 127;
        }
        assert_true(full ? sum <= wanted : sum == wanted);
        assert_true(!wanted || answered);
        eki_free(found);
    }
    eki_probes_unmap(&columns);
}

static void a_damaged_part_is_refused(void **state)
{
    struct eki_probe_columns columns;
    (void)state;
    keep();
    for (off_t length = 0; length < 130; length++) {
        keep();
        assert_int_equal(truncate(path, length), 0);
        enum eki_error error = eki_probes_map(path, 1, &columns);
        assert_int_equal(error, EKI_ERROR_CORRUPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_source_has_its_own),
        cmocka_unit_test(cells_hold_what_a_plain_count_finds),
        cmocka_unit_test(a_damaged_part_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
