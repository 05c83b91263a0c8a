/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture of ours as points, for documents and mail that take no SVG. librsvg (LGPL, linked dynamically)
 * draws it with cairo; it is given no address to start from, so that it reads no file and asks for nothing.
 */
#include <cairo.h>
#include <librsvg/rsvg.h>
#include <math.h>

#include "ekigaku/report.h"

/* 16 million points are 64 MiB while they are drawn, and more than any screen or page shows. A side of 32,767
 * is the most that cairo draws. */
enum { MOST_POINTS = 1 << 24, MOST_SIDE = 32767, MOST_TEXT = 1 << 26 };

static cairo_status_t take(void *user, const unsigned char *bytes, unsigned length)
{
    return fwrite(bytes, 1, length, user) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* Points a unit: as many as asked for, fewer where the picture would be too large. 0 when it is no size. */
static double fit(double width, double height, double scale)
{
    if (!(width >= 1 && height >= 1 && scale > 0)) return 0;
    if (width * height * scale * scale > MOST_POINTS) scale = sqrt(MOST_POINTS / (width * height));
    double side = width > height ? width : height;
    if (side * scale > MOST_SIDE) scale = MOST_SIDE / side;
    return width * scale >= 1 && height * scale >= 1 ? scale : 0;
}

static enum eki_error draw(RsvgHandle *handle, double scale, FILE *out)
{
    double width = 0, height = 0;
    if (!rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height)) return EKI_ERROR_FORMAT;
    scale = fit(width, height, scale);
    if (scale <= 0) return EKI_ERROR_LIMIT;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)floor(width * scale), (int)floor(height * scale));
    cairo_t *pen = cairo_create(surface);
    RsvgRectangle whole = {0, 0, floor(width * scale), floor(height * scale)};
    enum eki_error error = EKI_OK;
    cairo_set_source_rgb(pen, 1, 1, 1);
    cairo_paint(pen);
    if (!rsvg_handle_render_document(handle, pen, &whole, NULL)) error = EKI_ERROR_FORMAT;
    if (cairo_status(pen)) error = EKI_ERROR_MEMORY;
    if (!error && cairo_surface_write_to_png_stream(surface, take, out)) error = EKI_ERROR_WRITE;
    cairo_destroy(pen);
    cairo_surface_destroy(surface);
    return error;
}

enum eki_error eki_report_png(const char *svg, size_t length, double scale, FILE *out)
{
    if (length > MOST_TEXT) return EKI_ERROR_LIMIT;
    RsvgHandle *handle = rsvg_handle_new_from_data((const guint8 *)svg, length, NULL);
    if (!handle) return EKI_ERROR_FORMAT;
    enum eki_error error = draw(handle, scale, out);
    g_object_unref(handle);
    return error;
}
