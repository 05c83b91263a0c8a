/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_CHART_H
#define EKI_REPORT_CHART_H
/*
 * One chart of the page: an SVG picture with its title and description for those who do not see it. Times run
 * to the right on the axis that all charts of the page share; the caller gives the other direction its
 * meaning.
 *
 *     struct eki_chart chart = eki_chart_open(page, title, description, 300, 120);
 *     eki_chart_times(&chart);                               time axis with its grid
 *     eki_chart_mark(&chart, "infected", eki_chart_x(&chart, t), y, 5);
 *     eki_chart_close(&chart);
 */
#include "report/page.h"

enum { EKI_CHART_WIDTH = 960, EKI_TICKS = 12 };

struct eki_chart {
    struct eki_page *page;
    double left, right, top, bottom; /* of the area drawn on, in units of the picture */
    double height;
    eki_time start, finish; /* of the time axis; finish > start */
    double y_low, y_high;   /* of the value axis, when there is one */
};

struct eki_stroke {
    double x1, y1, x2, y2;
};

struct eki_box {
    double x, y, width, height; /* a negative width or height is drawn as 0 */
};

/* Opens a figure: the title above, the description for screen readers; `left` is the room for labels.
 * `height` is that of the whole picture. */
struct eki_chart eki_chart_open(struct eki_page *page, const char *title, const char *description,
                                double height, double left);
void eki_chart_close(struct eki_chart *chart);

/* A line of text below what a picture holds so far. */
void eki_chart_caption(struct eki_page *page, const char *text);

/* Where a time lies, kept within the area. */
double eki_chart_x(const struct eki_chart *chart, eki_time time);

/* Where a value lies on the value axis set by eki_chart_values, kept within the area. */
double eki_chart_y(const struct eki_chart *chart, double value);

/* Draws the time axis below the area: ticks at round times, each absolute and relative to the origin. */
void eki_chart_times(struct eki_chart *chart);

/* The same for times that count from each one's own start: 0 to `seconds`; eki_chart_x_seconds places them.
 */
void eki_chart_durations(struct eki_chart *chart, double seconds);
double eki_chart_x_seconds(const struct eki_chart *chart, double t, double seconds);

/* Sets and draws a value axis from 0 to at least `top` with round ticks. */
void eki_chart_values(struct eki_chart *chart, double top);

/* A number of the picture with one decimal, for attributes. */
struct eki_figure eki_chart_number(double value);

/* A line, a dot and a text; `classes` carry the meaning (see style.c). */
void eki_chart_line(struct eki_chart *chart, const char *classes, struct eki_stroke at);
void eki_chart_dot(struct eki_chart *chart, const char *classes, double x, double y, double radius);
void eki_chart_box(struct eki_chart *chart, const char *classes, struct eki_box at);
void eki_chart_label(struct eki_chart *chart, const char *classes, double x, double y, const char *text);

/* A step of 1, 2 or 5 times a power of ten that divides `span` into at most `most` parts; 1 for a span of 0.
 */
double eki_chart_round_step(double span, unsigned most);

#endif
