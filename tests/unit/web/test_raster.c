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

static struct eki_address v6(uint64_t network, uint64_t host)
{
    return (struct eki_address){0x20010db800000000u | network, host};
}

/* Source 6 tries the ports of host 77 from 1,000 down to 1, of which 80 answers, and two of another host. */
static void take_ports(struct eki_probes *probes)
{
    for (uint16_t i = 0; i < 1002; i++) {
        struct eki_contact one = contact(6, i < 1000 ? 77 : 78, 12000 + i, i == 920);
        one.service = i < 1000 ? (uint16_t)(1000 - i) : 22;
        eki_probes_take(probes, &one, 1);
    }
}

/* Source 2001:db8::1 tries hosts 255 down to 0 of the /64 networks 2, 0 and 1, each address twice; those of
 * network 1 answer. */
static void take_v6(struct eki_probes *probes)
{
    static const uint64_t networks[] = {2, 0, 1};
    for (uint32_t i = 0; i < 3 * 512; i++) {
        uint64_t network = networks[i / 512];
        struct eki_contact one = contact(0, 0, 14000 + i, network == 1);
        one.client = v6(0, 1);
        one.server = v6(network, 255 - i % 256);
        eki_probes_take(probes, &one, 1);
    }
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
        {.host = eki_address_v4(4), .service = 80, .protocol = EKI_PROTOCOL_TCP},
        {.host = eki_address_v4(6),
         .victim = eki_address_v4(77),
         .protocol = EKI_PROTOCOL_TCP,
         .shape = EKI_SHAPE_VERTICAL},
        {.host = v6(0, 1), .service = 445, .protocol = EKI_PROTOCOL_TCP}};
    struct eki_result result = {.origin = EKI_SECOND * 1000, .scanners = scanners, .scanner_count = 6};
    struct eki_probes *probes;
    assert_int_equal(eki_probes_open(&web, &probes), EKI_OK);
    for (uint32_t i = 0; i < 10000; i++) {
        struct eki_contact two[] = {contact(1, i, i, i % 100 == 0), contact(5, i, i, false)};
        two[1].flags = i == 7 ? EKI_CONTACT_UNASKED : 0;
        eki_probes_take(probes, two, 2);
    }
    take_ports(probes);
    take_v6(probes);
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
        assert_int_equal(columns.places[i], i);
        assert_int_equal(columns.times[i], (uint64_t)i * 1000 << 1 | (i % 100 == 0));
    }
    eki_probes_unmap(&columns);
    assert_int_equal(eki_probes_map(path, 0, &columns), EKI_OK);
    assert_int_equal(columns.count, 1);
    assert_int_equal(columns.places[0], UINT32_MAX);
    eki_probes_unmap(&columns);
    for (unsigned i = 2; i < 4; i++) {
        assert_int_equal(eki_probes_map(path, i, &columns), EKI_OK);
        assert_int_equal(columns.count, 0);
        eki_probes_unmap(&columns);
    }
    assert_int_equal(eki_probes_map(path, 6, &columns), EKI_ERROR_MISSING);
}

static void ports_are_an_axis(void **state)
{
    struct eki_probe_columns columns;
    struct eki_raster_part parts[EKI_RASTER_PARTS];
    struct eki_raster whole = {.t0 = 0, .t1 = 100, .a0 = 0, .a1 = UINT16_MAX};
    (void)state;
    keep();
    assert_int_equal(eki_probes_map(path, 4, &columns), EKI_OK);
    assert_int_equal(columns.axis, EKI_AXIS_PORTS);
    assert_int_equal(eki_probes_places(&columns), 65536);
    assert_int_equal(columns.count, 1000);
    for (uint32_t i = 0; i < 1000; i++) assert_int_equal(columns.places[i], 1000 - i);
    assert_int_equal(eki_raster_divide(&whole, &columns, 16, parts), 1);
    assert_int_equal(parts[0].a1, 4095);
    assert_int_equal(parts[0].answered, 1);
    whole.a1 = 1023;
    assert_int_equal(eki_raster_divide(&whole, &columns, 16, parts), 16);
    assert_int_equal(parts[1].a0, 64);
    assert_int_equal(parts[1].probes, 64);
    assert_int_equal(parts[1].answered, 1);
    assert_float_equal(parts[0].last_t, 12.999, 1e-9);
    eki_probes_unmap(&columns);
}

static void addresses_of_ipv6_are_numbered(void **state)
{
    struct eki_probe_columns columns;
    struct eki_raster_part parts[EKI_RASTER_PARTS];
    (void)state;
    keep();
    assert_int_equal(eki_probes_map(path, 5, &columns), EKI_OK);
    assert_int_equal(columns.axis, EKI_AXIS_IPV6);
    assert_int_equal(eki_probes_places(&columns), 768);
    assert_int_equal(columns.count, 1536);
    for (uint32_t i = 1; i < 768; i++)
        assert_true(eki_address_compare(columns.names[i - 1], columns.names[i]) < 0);
    for (uint32_t i = 0; i < 1536; i++) { /* each number names what was tried */
        static const uint64_t networks[] = {2, 0, 1};
        struct eki_address tried = v6(networks[i / 512], 255 - i % 256);
        assert_true(eki_address_equal(columns.names[columns.places[i]], tried));
    }
    struct eki_raster whole = {.t0 = 0, .t1 = 100, .a0 = 0, .a1 = 767};
    assert_int_equal(eki_raster_divide(&whole, &columns, 16, parts), 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(parts[i].a0, i * 256);
        assert_int_equal(parts[i].a1, i * 256 + 255);
        assert_int_equal(parts[i].probes, 512);
        assert_int_equal(parts[i].answered, i == 1 ? 512 : 0);
        assert_true(parts[i].bits >= 64);
    }
    struct eki_raster few = {.t0 = 0, .t1 = 100, .a0 = 250, .a1 = 261};
    assert_int_equal(eki_raster_divide(&few, &columns, 16, parts), 12);
    few.t0 = 14.512, few.t1 = 15.0235; /* only network 0 */
    assert_int_equal(eki_raster_divide(&few, &columns, 16, parts), 6);
    few.a1 = 768; /* beyond the axis */
    assert_int_equal(eki_raster_divide(&few, &columns, 16, parts), 0);
    eki_probes_unmap(&columns);
}

/* Each address counts once, whichever network it is of and however often it was tried. */
static void distinct_places_are_counted(void **state)
{
    enum { MOST = 20 };
    double t[MOST];
    uint64_t distinct[MOST];
    struct eki_probe_columns columns;
    (void)state;
    keep();
    assert_int_equal(eki_probes_map(path, 5, &columns), EKI_OK);
    size_t count = eki_raster_reach(&columns, MOST, t, distinct);
    assert_in_range(count, MOST / 2, MOST);
    for (size_t i = 0; i + 1 < count; i++) { /* 256 new ones, then 256 known ones, and so on */
        uint64_t before = distinct[i] - 1;
        assert_float_equal(t[i], (double)(before / 256 * 512 + before % 256) * 1e-3, 1e-9);
    }
    assert_int_equal(distinct[count - 1], 768);
    assert_float_equal(t[count - 1], 1.535, 1e-9);
    eki_probes_unmap(&columns);
    assert_int_equal(eki_probes_map(path, 4, &columns), EKI_OK);
    count = eki_raster_reach(&columns, MOST, t, distinct);
    assert_int_equal(distinct[count - 1], 1000);
    eki_probes_unmap(&columns);
    assert_int_equal(eki_probes_map(path, 1, &columns), EKI_OK);
    assert_int_equal(eki_raster_reach(&columns, MOST, t, distinct), 0);
    eki_probes_unmap(&columns);
}

/* A part as the form before wrote it: one source, two probes of IPv4. */
static void the_earlier_form_is_read(void **state)
{
    struct eki_probe_columns columns;
    uint64_t table[] = {1, 16 + 24, 2, 5}, times[] = {2000, 4001};
    uint32_t addresses[] = {7, UINT32_MAX};
    (void)state;
    unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fwrite("EKIPROB1", 1, 8, file);
    fwrite(table, 1, sizeof table, file);
    fwrite(times, 1, sizeof times, file);
    fwrite(addresses, 1, sizeof addresses, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(eki_probes_map(path, 0, &columns), EKI_OK);
    assert_int_equal(columns.axis, EKI_AXIS_IPV4);
    assert_int_equal(eki_probes_places(&columns), INT64_C(1) << 32);
    assert_int_equal(columns.count, 2);
    assert_int_equal(columns.all, 5);
    assert_int_equal(columns.places[1], UINT32_MAX);
    assert_int_equal(columns.times[1], 4001);
    eki_probes_unmap(&columns);
    assert_int_equal(eki_probes_map(path, 1, &columns), EKI_ERROR_MISSING);
}

/* Networks of the frame hold all that it holds, and no more rows than asked for. */
static void parts_add_up(void **state)
{
    static const struct eki_raster frames[] = {{.t1 = 100, .a1 = UINT32_MAX},
                                               {.t1 = 100, .a0 = 7, .a1 = 9990},
                                               {.t0 = 2, .t1 = 4, .a0 = 3000, .a1 = 3001},
                                               {.t0 = 50, .t1 = 60, .a1 = 9}};
    struct eki_probe_columns columns;
    struct eki_raster_part parts[EKI_RASTER_PARTS];
    (void)state;
    keep();
    assert_int_equal(eki_probes_map(path, 1, &columns), EKI_OK);
    for (size_t k = 0; k < sizeof frames / sizeof *frames; k++)
        for (size_t most = 16; most <= EKI_RASTER_PARTS; most += 24) {
            const struct eki_raster *f = &frames[k];
            uint64_t wanted = 0, sum = 0;
            for (uint32_t i = 0; i < 10000; i++)
                wanted += i * 1e-3 >= f->t0 && i * 1e-3 <= f->t1 && i >= f->a0 && i <= f->a1;
            size_t count = eki_raster_divide(f, &columns, most, parts);
            assert_true(count <= most);
            for (size_t i = 0; i < count; i++) {
                sum += parts[i].probes;
                assert_true(parts[i].a0 >= f->a0 && parts[i].a1 <= f->a1 && parts[i].a0 <= parts[i].a1);
                assert_true(!i || parts[i].a0 > parts[i - 1].a1);
            }
            assert_int_equal(sum, wanted);
        }
    eki_probes_unmap(&columns);
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
    for (off_t length = 0; length < 256; length++) {
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
        cmocka_unit_test(ports_are_an_axis),
        cmocka_unit_test(addresses_of_ipv6_are_numbered),
        cmocka_unit_test(distinct_places_are_counted),
        cmocka_unit_test(the_earlier_form_is_read),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(a_damaged_part_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
