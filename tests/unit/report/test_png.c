/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as points: decoded again, limited, the same each time, and nothing is fetched for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ekigaku/report.h"
#include "sample.h"

#define ORIGIN (INT64_C(1500000000) * EKI_SECOND)
#define SVG    "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "

struct text {
    char *bytes;
    size_t length;
};

static struct text png_of(const char *svg, size_t length, double scale, enum eki_error wanted)
{
    struct text text = {0};
    FILE *out = open_memstream(&text.bytes, &text.length);
    assert_int_equal(eki_report_png(svg, length, scale, out), wanted);
    assert_int_equal(fclose(out), 0);
    return text;
}

static struct text picture_of(enum eki_language language)
{
    struct text text = {0};
    struct sample sample = sample_outbreak(ORIGIN, 12);
    FILE *out = open_memstream(&text.bytes, &text.length);
    assert_int_equal(eki_report_picture(&sample.result, &sample.result.outbreaks[0], language, out), EKI_OK);
    assert_int_equal(fclose(out), 0);
    sample_done(&sample);
    return text;
}

static cairo_status_t give(void *user, unsigned char *bytes, unsigned length)
{
    return fread(bytes, 1, length, user) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_READ_ERROR;
}

struct seen {
    int width, height;
    size_t red, dark; /* points of the red of infected hosts; nearly black ones */
};

static struct seen look_at(struct text png)
{
    struct seen seen = {0};
    FILE *in = fmemopen(png.bytes, png.length, "r");
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(give, in);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    seen.width = cairo_image_surface_get_width(surface);
    seen.height = cairo_image_surface_get_height(surface);
    for (int y = 0; y < seen.height; y++) {
        const uint32_t *row =
            (const uint32_t *)(const void *)(cairo_image_surface_get_data(surface) +
                                             (ptrdiff_t)y * cairo_image_surface_get_stride(surface));
        for (int x = 0; x < seen.width; x++) {
            seen.red += (row[x] & 0xffffff) == 0xc8460a;
            seen.dark += (row[x] & 0xc0c0c0) == 0;
        }
    }
    cairo_surface_destroy(surface);
    fclose(in);
    return seen;
}

static void a_picture_is_drawn(void **state)
{
    (void)state;
    for (int language = EKI_ENGLISH; language <= EKI_JAPANESE; language++) {
        struct text svg = picture_of((enum eki_language)language);
        struct text once = png_of(svg.bytes, svg.length, 2, EKI_OK);
        struct text twice = png_of(svg.bytes, svg.length, 2, EKI_OK);
        struct seen seen = look_at(once);
        assert_int_equal(seen.width, 1920);
        assert_true(seen.height > 600);
        assert_true(seen.red > 2000);
        assert_true(seen.dark > 2000); /* the texts */
        assert_int_equal(once.length, twice.length);
        assert_memory_equal(once.bytes, twice.bytes, once.length);
        free(svg.bytes), free(once.bytes), free(twice.bytes);
    }
}

/* A glyph of its own for each character, not one box for all: how dark they are differs. */
static void japanese_has_its_letters(void **state)
{
    static const char *const letters[] = {"一", "感", "世"};
    size_t dark[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        char svg[512];
        int length = snprintf(svg, sizeof svg,
                              SVG "width=\"100\" height=\"100\"><text x=\"10\" y=\"80\" "
                                  "font-size=\"70\" xml:lang=\"ja\">%s</text></svg>",
                              letters[i]);
        struct text png = png_of(svg, (size_t)length, 1, EKI_OK);
        dark[i] = look_at(png).dark;
        free(png.bytes);
    }
    assert_true(dark[0] > 50 && dark[1] > 3 * dark[0] && dark[2] > 2 * dark[0]);
}

static void a_large_one_is_drawn_smaller(void **state)
{
    static const char wide[] = SVG "width=\"200000\" height=\"10\"/>",
                      big[] = SVG "width=\"9000\" height=\"9000\"/>";
    (void)state;
    struct text png = png_of(wide, sizeof wide - 1, 2, EKI_OK);
    assert_in_range(look_at(png).width, 32766, 32767);
    free(png.bytes);
    png = png_of(big, sizeof big - 1, 2, EKI_OK);
    assert_in_range(look_at(png).width, 4095, 4096);
    free(png.bytes);
}

/* The first column, from the left, that is not white in a row; -1 for none. */
static int first_of(cairo_surface_t *surface, int y)
{
    const uint32_t *row =
        (const uint32_t *)(const void *)(cairo_image_surface_get_data(surface) +
                                         (ptrdiff_t)y * cairo_image_surface_get_stride(surface));
    for (int x = 0; x < cairo_image_surface_get_width(surface); x++)
        if ((row[x] & 0xffffff) != 0xffffff) return x;
    return -1;
}

/* The longest label lies within its box: no letter begins left of it. */
static void a_label_lies_in_its_box(void **state)
{
    static const char plain[] =
        SVG "width=\"600\" height=\"60\"><rect width=\"600\" height=\"60\" fill=\"#fff\"/></svg>";
    struct text svg = {0};
    (void)state;
    FILE *out = open_memstream(&svg.bytes, &svg.length);
    assert_int_equal(eki_report_label(EKI_REPORT_PICTURE, plain, sizeof plain - 1, EKI_TLP_AMBER_STRICT, out),
                     EKI_OK);
    assert_int_equal(fclose(out), 0);
    struct text png = png_of(svg.bytes, svg.length, 1, EKI_OK);
    FILE *in = fmemopen(png.bytes, png.length, "r");
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(give, in);
    int box = first_of(surface, 5); /* above the letters */
    assert_true(box > 300 && box < 500);
    for (int y = 6; y < 26; y++) assert_int_equal(first_of(surface, y), box);
    assert_true(look_at(png).dark > 2000);
    cairo_surface_destroy(surface);
    fclose(in);
    free(svg.bytes), free(png.bytes);
}

static void what_is_no_picture_is_refused(void **state)
{
    static const char none[] = "no picture", half[] = SVG "width=\"9\" height=\"9\"><g>",
                      flat[] = SVG "width=\"1000000\" height=\"0\"/>",
                      thin[] = SVG "width=\"9000000\" height=\"1\"/>";
    (void)state;
    free(png_of(none, sizeof none - 1, 1, EKI_ERROR_FORMAT).bytes);
    free(png_of(half, sizeof half - 1, 1, EKI_ERROR_FORMAT).bytes);
    free(png_of("", 0, 1, EKI_ERROR_FORMAT).bytes);
    free(png_of(flat, sizeof flat - 1, 1, EKI_ERROR_LIMIT).bytes);
    free(png_of(thin, sizeof thin - 1, 1, EKI_ERROR_LIMIT).bytes);
    struct text svg = picture_of(EKI_ENGLISH);
    free(png_of(svg.bytes, ((size_t)1 << 26) + 1, 1, EKI_ERROR_LIMIT).bytes);
    FILE *full = fopen("/dev/full", "w");
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(eki_report_png(svg.bytes, svg.length, 2, full), EKI_ERROR_WRITE);
    fclose(full);
    free(svg.bytes);
}

/* A picture that names a file does not get it, whichever way it names it. */
static void nothing_is_fetched(void **state)
{
    static const char *const ways[] = {
        "<image xlink:href=\"file://%s\" width=\"90\" height=\"90\"/>",
        "<image href=\"%s\" width=\"90\" height=\"90\"/>",
        "<use href=\"file://%s#red\"/>",
    };
    char path[] = "/tmp/ekigaku-png-XXXXXX", element[256], svg[512];
    static const char red[] =
        SVG "width=\"90\" height=\"90\"><rect id=\"red\" width=\"90\" height=\"90\" fill=\"#c8460a\"/></svg>";
    (void)state;
    int file = mkstemp(path);
    assert_int_equal(write(file, red, sizeof red - 1), sizeof red - 1);
    close(file);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (i == 0) snprintf(element, sizeof element, ways[0], path);
        if (i == 1) snprintf(element, sizeof element, ways[1], path);
        if (i == 2) snprintf(element, sizeof element, ways[2], path);
        int length = snprintf(svg, sizeof svg, SVG "width=\"90\" height=\"90\">%s</svg>", element);
        struct text png = png_of(svg, (size_t)length, 1, EKI_OK);
        assert_int_equal(look_at(png).red, 0);
        free(png.bytes);
    }
    unlink(path);
    struct text png = png_of(red, sizeof red - 1, 1, EKI_OK);
    assert_int_equal(look_at(png).red, 8100);
    free(png.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_drawn),
        cmocka_unit_test(japanese_has_its_letters),
        cmocka_unit_test(a_large_one_is_drawn_smaller),
        cmocka_unit_test(a_label_lies_in_its_box),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(nothing_is_fetched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
