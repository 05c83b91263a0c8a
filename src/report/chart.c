/* SPDX-License-Identifier: Apache-2.0 */
/* Scales, axes and the few shapes that all charts are drawn with. */
#include "report/chart.h"

#include <math.h>

enum { RIGHT_MARGIN = 24, AXIS_HEIGHT = 44, TOP_MARGIN = 10, CAPTION = 24 };

struct eki_figure eki_chart_number(double value)
{
    return eki_report_fixed(value, 1);
}

static void open_in_page(struct eki_page *page, const char *title, double height)
{
    unsigned id = page->charts;
    fprintf(page->out, "<figure>\n<figcaption>");
    eki_page_text(page, title);
    fprintf(
        page->out,
        "</figcaption>\n<div class=\"chart\" tabindex=\"0\"><svg role=\"img\" viewBox=\"0 0 %d %s\" aria-labelledby=\"c%ut c%ud\">\n"
        "<title id=\"c%ut\">",
        EKI_CHART_WIDTH, eki_chart_number(height).text, id, id, id);
}

void eki_chart_caption(struct eki_page *page, const char *text)
{
    fprintf(page->out, "<text class=\"quiet\" x=\"8\" y=\"%s\">", eki_chart_number(page->below + 16).text);
    eki_page_text(page, text);
    eki_page_raw(page, "</text>\n");
    page->below += CAPTION;
}

/* The title as a text above, and the chart as a picture within the picture. */
static void open_in_picture(struct eki_page *page, const char *title, double height)
{
    unsigned id = page->charts;
    fprintf(page->out, "<text class=\"strong\" x=\"8\" y=\"%s\" aria-hidden=\"true\">",
            eki_chart_number(page->below + 16).text);
    eki_page_text(page, title);
    page->below += CAPTION;
    fprintf(page->out, "</text>\n<svg role=\"img\" y=\"%s\" ", eki_chart_number(page->below).text);
    fprintf(page->out, "width=\"%d\" height=\"%s\" ", EKI_CHART_WIDTH, eki_chart_number(height).text);
    fprintf(page->out, "aria-labelledby=\"c%ut c%ud\">\n<title id=\"c%ut\">", id, id, id);
    page->below += height;
}

struct eki_chart eki_chart_open(struct eki_page *page, const char *title, const char *description,
                                double height, double left)
{
    struct eki_chart chart = {.page = page,
                              .left = left,
                              .right = EKI_CHART_WIDTH - RIGHT_MARGIN,
                              .top = TOP_MARGIN,
                              .bottom = height - AXIS_HEIGHT,
                              .height = height,
                              .start = page->start,
                              .finish = page->finish};
    unsigned id = ++page->charts;
    if (page->picture)
        open_in_picture(page, title, height);
    else
        open_in_page(page, title, height);
    eki_page_text(page, title);
    fprintf(page->out, "</title>\n<desc id=\"c%ud\">", id);
    eki_page_text(page, description);
    eki_page_raw(page, "</desc>\n");
    return chart;
}

void eki_chart_close(struct eki_chart *chart)
{
    eki_page_raw(chart->page, chart->page->picture ? "</svg>\n" : "</svg></div>\n</figure>\n");
}

double eki_chart_x(const struct eki_chart *chart, eki_time time)
{
    double span = (double)chart->finish - (double)chart->start;
    double share = span > 0 ? ((double)time - (double)chart->start) / span : 0;
    if (time == EKI_TIME_NONE || !(share > 0)) share = 0;
    if (share > 1) share = 1;
    return chart->left + share * (chart->right - chart->left);
}

double eki_chart_x_seconds(const struct eki_chart *chart, double t, double seconds)
{
    double share = seconds > 0 ? t / seconds : 0;
    if (!(share > 0)) share = 0;
    return chart->left + fmin(share, 1) * (chart->right - chart->left);
}

double eki_chart_y(const struct eki_chart *chart, double value)
{
    double span = chart->y_high - chart->y_low;
    double share = span > 0 ? (value - chart->y_low) / span : 0;
    if (!(share > 0)) share = 0;
    return chart->bottom - fmin(share, 1) * (chart->bottom - chart->top);
}

void eki_chart_line(struct eki_chart *chart, const char *classes, struct eki_stroke at)
{
    FILE *out = chart->page->out;
    fprintf(out, "<line class=\"%s\" x1=\"%s\" ", classes, eki_chart_number(at.x1).text);
    fprintf(out, "y1=\"%s\" x2=\"%s\" ", eki_chart_number(at.y1).text, eki_chart_number(at.x2).text);
    fprintf(out, "y2=\"%s\"/>\n", eki_chart_number(at.y2).text);
}

void eki_chart_dot(struct eki_chart *chart, const char *classes, double x, double y, double radius)
{
    fprintf(chart->page->out, "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>\n", classes,
            eki_chart_number(x).text, eki_chart_number(y).text, eki_chart_number(radius).text);
}

void eki_chart_box(struct eki_chart *chart, const char *classes, struct eki_box at)
{
    FILE *out = chart->page->out;
    fprintf(out, "<rect class=\"%s\" x=\"%s\" ", classes, eki_chart_number(at.x).text);
    fprintf(out, "y=\"%s\" width=\"%s\" ", eki_chart_number(at.y).text,
            eki_chart_number(fmax(at.width, 0)).text);
    fprintf(out, "height=\"%s\"/>\n", eki_chart_number(fmax(at.height, 0)).text);
}

void eki_chart_label(struct eki_chart *chart, const char *classes, double x, double y, const char *text)
{
    fprintf(chart->page->out, "<text class=\"%s\" x=\"%s\" y=\"%s\">", classes, eki_chart_number(x).text,
            eki_chart_number(y).text);
    eki_page_text(chart->page, text);
    eki_page_raw(chart->page, "</text>\n");
}

double eki_chart_round_step(double span, unsigned most)
{
    if (!(span > 0) || most == 0) return 1;
    double rough = span / most, power = pow(10, floor(log10(rough)));
    static const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (steps[i] * power >= rough * 0.999999) return steps[i] * power;
    return 10 * power;
}

/* Seconds between ticks: round in seconds, minutes, hours and days. */
static double time_step(double span)
{
    static const double steps[] = {10,   15,   30,   60,    120,   300,   600,  900,
                                   1800, 3600, 7200, 10800, 21600, 43200, 86400};
    if (span / 8 <= 5) return eki_chart_round_step(span, 8);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] >= span / 8) return steps[i];
    return 86400 * ceil(eki_chart_round_step(span / 86400, 8));
}

void eki_chart_times(struct eki_chart *chart)
{
    eki_time origin = chart->page->result->origin;
    if (origin == EKI_TIME_NONE) origin = chart->start;
    double from = eki_time_since(chart->start, origin), to = eki_time_since(chart->finish, origin);
    double step = time_step(to - from), first = ceil(from / step - 1e-9);
    for (unsigned i = 0; i < EKI_TICKS && (first + i) * step <= to + step * 1e-6; i++) {
        double t = (first + i) * step;
        eki_time time = origin + (eki_time)llround(t * 1e9);
        double x = eki_chart_x(chart, time);
        eki_chart_line(chart, "grid", (struct eki_stroke){x, chart->top, x, chart->bottom});
        if (!chart->page->relative)
            eki_chart_label(chart, "tick middle", x, chart->bottom + 17, eki_report_clock(time).text);
        eki_chart_label(chart, "tick middle quiet", x, chart->bottom + (chart->page->relative ? 17 : 32),
                        eki_report_offset(t).text);
    }
    eki_chart_line(chart, "axis",
                   (struct eki_stroke){chart->left, chart->bottom, chart->right, chart->bottom});
}

void eki_chart_durations(struct eki_chart *chart, double seconds)
{
    double step = time_step(seconds);
    for (unsigned i = 0; i < EKI_TICKS && i * step <= seconds * 1.000001; i++) {
        double x = eki_chart_x_seconds(chart, i * step, seconds);
        eki_chart_line(chart, "grid", (struct eki_stroke){x, chart->top, x, chart->bottom});
        eki_chart_label(chart, "tick middle", x, chart->bottom + 17, eki_report_offset(i * step).text);
    }
    eki_chart_line(chart, "axis",
                   (struct eki_stroke){chart->left, chart->bottom, chart->right, chart->bottom});
}

void eki_chart_values(struct eki_chart *chart, double top)
{
    double step = fmax(eki_chart_round_step(top, 5), 1);
    chart->y_low = 0;
    chart->y_high = fmax(ceil(top / step - 1e-9), 1) * step;
    for (unsigned i = 0; i < EKI_TICKS && i * step <= chart->y_high * 1.000001; i++) {
        double y = eki_chart_y(chart, i * step);
        eki_chart_line(chart, "grid", (struct eki_stroke){chart->left, y, chart->right, y});
        eki_chart_label(chart, "tick end", chart->left - 8, y + 4,
                        eki_report_grouped((uint64_t)llround(i * step)).text);
    }
}
