/* SPDX-License-Identifier: Apache-2.0 */
/* When each host was infected, with the error of that time, and when it began to search itself. */
#include "report/chart.h"
#include "report/page_parts.h"

/* As the lecture showed 6 computers: a picture for a few hosts. With more of them the tree says the same and
 * the table has them all. */
enum { MOST_HOSTS = 60, ROW = 24, LABELS = 200, AROUND = 60 };

/* What was seen on the host's own screen: a square for the first, a larger hollow one for the dialog. */
static void draw_screens(struct eki_chart *chart, struct eki_address host, double y)
{
    const struct eki_result *result = chart->page->result;
    eki_time onset = eki_result_screen(result, host, EKI_SCREEN_ONSET);
    eki_time dialog = eki_result_screen(result, host, EKI_SCREEN_DIALOG);
    if (onset != EKI_TIME_NONE)
        eki_chart_box(chart, "onset", (struct eki_box){eki_chart_x(chart, onset) - 4, y - 4, 8, 8});
    if (dialog != EKI_TIME_NONE)
        eki_chart_box(chart, "dialog", (struct eki_box){eki_chart_x(chart, dialog) - 6, y - 6, 12, 12});
}

static void draw_host(struct eki_chart *chart, const struct eki_infection *infection, double y)
{
    double x = eki_chart_x(chart, infection->time);
    eki_time error = (eki_time)(infection->error_s < 1e9 ? infection->error_s * 1e9 : 1e18);
    eki_chart_line(chart, "row", (struct eki_stroke){chart->left, y, chart->right, y});
    eki_chart_label(chart, "end", chart->left - 10, y + 4, eki_report_host(infection->host).text);
    if (infection->scans && infection->scan_start != EKI_TIME_NONE) {
        double start = eki_chart_x(chart, infection->scan_start);
        eki_chart_line(chart, "life", (struct eki_stroke){x, y, start, y});
        eki_chart_line(chart, "attempt", (struct eki_stroke){start, y - 7, start, y + 7});
    }
    eki_chart_line(chart, "error",
                   (struct eki_stroke){eki_chart_x(chart, infection->time - error), y,
                                       eki_chart_x(chart, infection->time + error), y});
    eki_chart_dot(chart, "infected", x, y, 5);
    draw_screens(chart, infection->host, y);
}

void eki_page_hosts(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    size_t count = outbreak->infection_count < MOST_HOSTS ? outbreak->infection_count : MOST_HOSTS;
    if (outbreak->infection_count < 2) return;
    struct eki_chart chart =
        eki_chart_open(page, eki_report_say(page->language, EKI_TEXT("Infection times per host")),
                       eki_report_say(page->language, EKI_TEXT("Dot: infected, with the error of that time. "
                                                               "Upright line: the host begins to search.")),
                       (double)(count * ROW + AROUND), LABELS);
    eki_chart_times(&chart);
    for (size_t i = 0; i < count; i++)
        draw_host(&chart, &outbreak->infections[i], chart.top + ((double)i + 0.5) * ROW);
    eki_chart_close(&chart);
    eki_page_raw(page, "<p class=\"note\">");
    eki_page_say(
        page,
        EKI_TEXT("Dot: infected, with the error of that time. Upright line: the host begins to search."));
    if (page->result->screen_count) {
        eki_page_raw(page, " ");
        eki_page_say(page,
                     EKI_TEXT("Small square: first seen on its screen. Large square: the ransom dialog."));
    }
    if (count < outbreak->infection_count) {
        eki_page_raw(page, " ");
        eki_page_fill(
            page, EKI_TEXT("The first {1} of {2} hosts."),
            EKI_VALUES(eki_report_grouped(count).text, eki_report_grouped(outbreak->infection_count).text));
    }
    eki_page_raw(page, "</p>\n");
}
