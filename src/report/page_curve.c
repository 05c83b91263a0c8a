/* SPDX-License-Identifier: Apache-2.0 */
/* The epidemic curve as steps, and the new infections in equal parts of time as bars. */
#include <math.h>

#include "report/chart.h"
#include "report/page_parts.h"

enum { CURVE_HEIGHT = 300, BARS_HEIGHT = 220, LABEL_ROOM = 70, MOST_BARS = 90, MOST_STEPS = 1500 };

static eki_time time_of(const struct eki_page *page, double t)
{
    eki_time origin = page->result->origin == EKI_TIME_NONE ? 0 : page->result->origin;
    return origin + (eki_time)llround(t * 1e9);
}

static void draw_steps(struct eki_chart *chart, const struct eki_outbreak *outbreak)
{
    FILE *out = chart->page->out;
    size_t count = outbreak->curve_count, stride = count / MOST_STEPS + 1;
    double last_y = eki_chart_y(chart, 0), x = chart->left;
    fprintf(out, "<path class=\"step\" d=\"M%s %s", eki_chart_number(x).text, eki_chart_number(last_y).text);
    for (size_t i = 0; i < count; i = i + 1 == count ? count : i + stride < count ? i + stride : count - 1) {
        x = eki_chart_x(chart, time_of(chart->page, outbreak->curve[i].t));
        double y = eki_chart_y(chart, (double)outbreak->curve[i].infected);
        fprintf(out, " H%s V%s", eki_chart_number(x).text, eki_chart_number(y).text);
        last_y = y;
    }
    fprintf(out, " H%s\"/>\n", eki_chart_number(chart->right).text);
}

static void write_curve(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    const struct eki_curve_point *last = &outbreak->curve[outbreak->curve_count - 1];
    struct eki_sentence description;
    eki_report_fill(&description, page->language, EKI_TEXT("{1} hosts infected {2} after the first."),
                    EKI_VALUES(eki_report_grouped(last->infected).text,
                               eki_report_duration(page->language, last->t - outbreak->curve[0].t).text));
    struct eki_chart chart = eki_chart_open(
        page, eki_report_say(page->language, EKI_TEXT("Epidemic curve: infected hosts over time")),
        description.text, CURVE_HEIGHT, LABEL_ROOM);
    eki_chart_values(&chart, (double)last->infected);
    eki_chart_times(&chart);
    draw_steps(&chart, outbreak);
    eki_chart_close(&chart);
}

/* The shortest usual length of a bar that gives no more than MOST_BARS: the lecture counts by the minute, and
 * so do we while that fits. */
static double bar_seconds(double span)
{
    static const double usual[] = {1, 5, 15, 60, 300, 900, 3600, 14400, 43200, 86400};
    if (span <= 60 * MOST_BARS && span >= 60 * 3) return 60;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (span / usual[i] <= (span < 60 * 3 ? 30 : MOST_BARS)) return usual[i];
    return ceil(span / MOST_BARS / 86400) * 86400;
}

struct bars {
    uint64_t count[MOST_BARS + 2];
    size_t used;
    double seconds, first; /* length of a bar; t at which the first begins */
    uint64_t most;
};

static struct bars count_bars(const struct eki_outbreak *outbreak, eki_time origin)
{
    struct bars bars = {.seconds = 1};
    size_t n = outbreak->infection_count;
    double first = eki_time_since(outbreak->infections[0].time, origin);
    double last = eki_time_since(outbreak->infections[n - 1].time, origin);
    bars.seconds = bar_seconds(last - first);
    bars.first = floor(first / bars.seconds) * bars.seconds;
    for (size_t i = 0; i < n; i++) {
        double place =
            floor((eki_time_since(outbreak->infections[i].time, origin) - bars.first) / bars.seconds);
        size_t at = place > 0 ? (size_t)fmin(place, MOST_BARS + 1) : 0;
        if (++bars.count[at] > bars.most) bars.most = bars.count[at];
        if (at + 1 > bars.used) bars.used = at + 1;
    }
    return bars;
}

static void draw_bars(struct eki_page *page, const struct bars *bars)
{
    struct eki_sentence title, description;
    struct eki_figure length = eki_report_duration(page->language, bars->seconds);
    eki_report_fill(&title, page->language, EKI_TEXT("New infections per {1}"), EKI_VALUES(length.text));
    eki_report_fill(&description, page->language, EKI_TEXT("At most {1} in one part of {2}."),
                    EKI_VALUES(eki_report_grouped(bars->most).text, length.text));
    struct eki_chart chart = eki_chart_open(page, title.text, description.text, BARS_HEIGHT, LABEL_ROOM);
    eki_chart_values(&chart, (double)bars->most);
    eki_chart_times(&chart);
    for (size_t i = 0; i < bars->used; i++) {
        if (!bars->count[i]) continue;
        double left = eki_chart_x(&chart, time_of(page, bars->first + (double)i * bars->seconds));
        double right = eki_chart_x(&chart, time_of(page, bars->first + (double)(i + 1) * bars->seconds));
        double y = eki_chart_y(&chart, (double)bars->count[i]);
        eki_chart_box(&chart, "bar",
                      (struct eki_box){left + 0.5, y, fmax(right - left - 1, 1.5), chart.bottom - y});
    }
    eki_chart_close(&chart);
}

static void write_bar_table(struct eki_page *page, const struct bars *bars)
{
    static const char *const headings[] = {EKI_TEXT("From"), EKI_TEXT("#New"), EKI_TEXT("#In total"), NULL};
    uint64_t total = 0;
    eki_page_table(page, EKI_TEXT("The curve as a table"), headings, false);
    for (size_t i = 0; i < bars->used; i++) {
        total += bars->count[i];
        eki_page_row(page);
        eki_page_cell(page, eki_page_when(page, time_of(page, bars->first + (double)i * bars->seconds)).text);
        eki_page_figure(page, eki_report_grouped(bars->count[i]).text);
        eki_page_figure(page, eki_report_grouped(total).text);
    }
    eki_page_table_end(page, bars->used, bars->used);
}

void eki_page_curve(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    if (outbreak->infection_count < 2 || !outbreak->curve_count) return;
    struct bars bars = count_bars(outbreak, page->result->origin);
    eki_page_heading(page, 3, EKI_TEXT("How fast it spreads"));
    if (outbreak->growth.known) {
        const struct eki_growth *growth = &outbreak->growth;
        eki_page_raw(page, "<p>");
        eki_page_fill(
            page,
            EKI_TEXT("Growth {1} per s (95 %: {2} to {3}): the number of infected hosts doubles every {4}."),
            EKI_VALUES(eki_report_rounded(growth->rate_per_s).text, eki_report_rounded(growth->rate_low).text,
                       eki_report_rounded(growth->rate_high).text,
                       eki_report_duration(page->language, growth->doubling_s).text));
        eki_page_raw(page, "</p>\n");
    }
    write_curve(page, outbreak);
    draw_bars(page, &bars);
    write_bar_table(page, &bars);
}

void eki_page_curve_charts(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    if (outbreak->infection_count < 2 || !outbreak->curve_count) return;
    struct bars bars = count_bars(outbreak, page->result->origin);
    write_curve(page, outbreak);
    draw_bars(page, &bars);
}
