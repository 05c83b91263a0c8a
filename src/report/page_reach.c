/* SPDX-License-Identifier: Apache-2.0 */
/* The curve of distinct addresses searched, each source from its own start, over what the lecture measured
 * for WannaCry. */
#include <math.h>

#include "report/chart.h"
#include "report/page_parts.h"

enum { HEIGHT = 320, ROOM = 80, LABEL_GAP = 15 };

/* WannaCry: about 8,000 random Internet addresses in about 5 minutes (Nippon CSIRT Association, lecture of
 * 2017). */
static const double REFERENCE_SECONDS = 300, REFERENCE_TARGETS = 8000;

struct curves {
    const struct eki_scanner *scanners[EKI_SEARCHERS];
    size_t count;
    double seconds, targets;
};

static double start_of(const struct eki_scanner *scanner, const struct eki_page *page)
{
    return eki_time_since(scanner->since, page->result->origin);
}

static struct curves choose(const struct eki_page *page)
{
    struct curves curves = {.count = 0};
    for (size_t i = 0; i < page->result->scanner_count && curves.count < EKI_SEARCHERS; i++) {
        const struct eki_scanner *scanner = &page->result->scanners[i];
        if (!eki_page_searches(scanner) || scanner->shape != EKI_SHAPE_HORIZONTAL || scanner->reach_count < 2)
            continue;
        const struct eki_reach_point *last = &scanner->reach[scanner->reach_count - 1];
        curves.scanners[curves.count++] = scanner;
        curves.seconds = fmax(curves.seconds, last->t - start_of(scanner, page));
        curves.targets = fmax(curves.targets, (double)last->targets);
    }
    return curves;
}

static void draw_curve(struct eki_chart *chart, const struct eki_scanner *scanner, size_t kind,
                       double seconds)
{
    double start = start_of(scanner, chart->page);
    fprintf(chart->page->out, "<path class=\"reach k%zu\" d=\"", kind % 4);
    for (size_t i = 0; i < scanner->reach_count; i++) {
        double x = eki_chart_x_seconds(chart, scanner->reach[i].t - start, seconds);
        double y = eki_chart_y(chart, (double)scanner->reach[i].targets);
        fprintf(chart->page->out, "%c%s %s", i ? 'L' : 'M', eki_chart_number(x).text,
                eki_chart_number(y).text);
    }
    eki_page_raw(chart->page, "\"/>\n");
}

/* Labels stand at the ends of their curves, from the highest down, pushed apart where they would cover each
 * other. */
static void draw_labels(struct eki_chart *chart, const struct curves *curves)
{
    bool done[EKI_SEARCHERS] = {false};
    double above = -1e9;
    for (size_t n = 0; n < curves->count; n++) {
        size_t best = EKI_SEARCHERS;
        for (size_t i = 0; i < curves->count; i++) {
            const struct eki_scanner *s = curves->scanners[i];
            if (done[i]) continue;
            if (best == EKI_SEARCHERS ||
                s->reach[s->reach_count - 1].targets >
                    curves->scanners[best]->reach[curves->scanners[best]->reach_count - 1].targets)
                best = i;
        }
        const struct eki_scanner *s = curves->scanners[best];
        const struct eki_reach_point *last = &s->reach[s->reach_count - 1];
        double x = eki_chart_x_seconds(chart, last->t - start_of(s, chart->page), curves->seconds);
        double y = fmax(eki_chart_y(chart, (double)last->targets) - 6, above + LABEL_GAP);
        done[best] = true;
        above = y;
        eki_chart_label(chart, x > (chart->left + chart->right) / 2 ? "end" : "", x, fmax(y, chart->top + 10),
                        eki_report_host(s->host).text);
    }
}

static void draw_reference(struct eki_chart *chart, double seconds)
{
    double end = fmin(seconds, chart->y_high / (REFERENCE_TARGETS / REFERENCE_SECONDS));
    double targets = end * REFERENCE_TARGETS / REFERENCE_SECONDS;
    double x = eki_chart_x_seconds(chart, end, seconds), y = eki_chart_y(chart, targets);
    if (targets < chart->y_high * 0.02 || x - chart->left < 20) return;
    eki_chart_line(chart, "hatch", (struct eki_stroke){chart->left, chart->bottom, x, y});
    eki_chart_label(chart, "quiet end", x - 6, y + 14,
                    eki_report_say(chart->page->language, EKI_TEXT("WannaCry as measured in 2017")));
}

static void write_table(struct eki_page *page, const struct curves *curves)
{
    static const char *const headings[] = {EKI_TEXT("Source"), EKI_TEXT("#After"), EKI_TEXT("#Addresses"),
                                           NULL};
    enum { ROWS = 24 };
    size_t shown = 0, total = 0;
    eki_page_table(page, EKI_TEXT("The curves as a table"), headings, false);
    for (size_t k = 0; k < curves->count; k++) {
        const struct eki_scanner *s = curves->scanners[k];
        size_t stride = s->reach_count / ROWS + 1;
        total += s->reach_count;
        for (size_t i = stride - 1; i < s->reach_count; i += stride, shown++) {
            eki_page_row(page);
            eki_page_cell(page, eki_report_host(s->host).text);
            eki_page_figure(page,
                            eki_report_duration(page->language, s->reach[i].t - start_of(s, page)).text);
            eki_page_figure(page, eki_report_grouped(s->reach[i].targets).text);
        }
    }
    eki_page_table_end(page, shown, total);
}

void eki_page_reach(struct eki_page *page)
{
    struct curves curves = choose(page);
    if (!curves.count || !(curves.seconds > 0)) return;
    struct eki_sentence description;
    eki_report_fill(&description, page->language,
                    EKI_TEXT("Up to {1} addresses within {2}, each source from its own start."),
                    EKI_VALUES(eki_report_grouped((uint64_t)curves.targets).text,
                               eki_report_duration(page->language, curves.seconds).text));
    struct eki_chart chart =
        eki_chart_open(page, eki_report_say(page->language, EKI_TEXT("Distinct addresses searched")),
                       description.text, HEIGHT, ROOM);
    eki_chart_values(&chart, curves.targets);
    eki_chart_durations(&chart, curves.seconds);
    draw_reference(&chart, curves.seconds);
    for (size_t i = 0; i < curves.count; i++) draw_curve(&chart, curves.scanners[i], i, curves.seconds);
    draw_labels(&chart, &curves);
    eki_chart_close(&chart);
    write_table(page, &curves);
}
