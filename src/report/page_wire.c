/* SPDX-License-Identifier: Apache-2.0 */
/* One infection on the wire: two hosts as two upright lines, each message as an arrow between them, time
 * downward in order. */
#include <inttypes.h>

#include "report/chart.h"
#include "report/page_parts.h"

enum { STEP = 30, MOST_STEPS = 60, SOURCE_X = 330, TARGET_X = 850, HEAD = 46, HEIGHT_AROUND = 110 };

static const struct eki_infection *shown_infection(const struct eki_outbreak *outbreak)
{
    size_t number = outbreak->wire_infection;
    if (!outbreak->wires || number >= outbreak->infection_count || !outbreak->wires[number].count)
        return NULL;
    return &outbreak->infections[number];
}

static struct eki_sentence words_of(enum eki_language language, const struct eki_wire_step *step)
{
    struct eki_sentence words;
    eki_report_fill(&words, language, step->what, EKI_VALUES(step->value));
    return words;
}

static void draw_arrow(struct eki_chart *chart, const struct eki_wire_step *step, double y)
{
    const char *line = step->from_source ? "arrow in" : "arrow";
    double from = step->from_source ? SOURCE_X : TARGET_X,
           to = step->from_source ? TARGET_X - 8 : SOURCE_X + 8;
    double tip = step->from_source ? TARGET_X : SOURCE_X, back = step->from_source ? -9 : 9;
    eki_chart_line(chart, line, (struct eki_stroke){from, y, to, y});
    fprintf(chart->page->out, "<path class=\"%s\" d=\"M%s %s l%s -4.5 v9 z\"/>\n",
            step->from_source ? "head in" : "head", eki_chart_number(tip).text, eki_chart_number(y).text,
            eki_chart_number(back).text);
    eki_chart_label(chart, "middle", (SOURCE_X + TARGET_X) / 2.0, y - 5,
                    words_of(chart->page->language, step).text);
}

static void draw_step(struct eki_chart *chart, const struct eki_wire_step *step, double y)
{
    char packet[40] = "";
    eki_chart_label(chart, "tick", 4, y + 4, eki_report_clock(step->time).text);
    eki_chart_label(chart, "tick quiet", 84, y + 4,
                    eki_report_relative(step->time, chart->page->result->origin).text);
    if (step->packet) {
        snprintf(packet, sizeof packet, "#%" PRIu64, step->packet);
        eki_chart_label(chart, "tick quiet end", SOURCE_X - 14, y + 4, packet);
    }
    draw_arrow(chart, step, y);
}

static void write_row(struct eki_page *page, const struct eki_infection *infection,
                      const struct eki_wire_step *step)
{
    eki_page_row(page);
    eki_page_cell(page, eki_page_when(page, step->time).text);
    eki_page_cell(page, eki_report_host(step->from_source ? infection->parent : infection->host).text);
    eki_page_cell(page, eki_report_host(step->from_source ? infection->host : infection->parent).text);
    eki_page_cell(page, words_of(page->language, step).text);
    eki_page_packets(page, step->input, step->packet, step->packet);
}

static const char *const headings[] = {EKI_TEXT("Time"), EKI_TEXT("From"),    EKI_TEXT("To"),
                                       EKI_TEXT("What"), EKI_TEXT("Packets"), NULL};

static void write_table(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    const struct eki_wire *wire = &outbreak->wires[outbreak->wire_infection];
    const struct eki_infection *infection = &outbreak->infections[outbreak->wire_infection];
    eki_page_table(page, EKI_TEXT("The sequence as a table"), headings, false);
    for (size_t i = 0; i < wire->count; i++) write_row(page, infection, &outbreak->steps[wire->first + i]);
    eki_page_table_end(page, wire->count, wire->count);
}

/* The others, one after another, as far as a table goes. */
static void write_others(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    size_t shown = 0, all = outbreak->step_count - outbreak->wires[outbreak->wire_infection].count;
    if (!all) return;
    eki_page_table(page, EKI_TEXT("The other infections on the wire"), headings, false);
    for (size_t i = 0; i < outbreak->infection_count && shown < EKI_TABLE_ROWS; i++) {
        const struct eki_wire *wire = &outbreak->wires[i];
        if (i == outbreak->wire_infection) continue;
        for (size_t k = 0; k < wire->count && shown < EKI_TABLE_ROWS; k++, shown++)
            write_row(page, &outbreak->infections[i], &outbreak->steps[wire->first + k]);
    }
    eki_page_table_end(page, shown, all);
}

void eki_page_wire(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    const struct eki_infection *infection = shown_infection(outbreak);
    if (!infection) return;
    const struct eki_wire *wire = &outbreak->wires[outbreak->wire_infection];
    size_t count = wire->count < MOST_STEPS ? wire->count : MOST_STEPS;
    struct eki_sentence title, description;
    struct eki_figure source = eki_report_host(infection->parent), target = eki_report_host(infection->host);
    eki_report_fill(&title, page->language, EKI_TEXT("One infection on the wire: {1} infects {2}"),
                    EKI_VALUES(source.text, target.text));
    eki_report_fill(&description, page->language,
                    EKI_TEXT("{1} steps between {2} and {3}; the table below has them in words."),
                    EKI_VALUES(eki_report_grouped(count).text, source.text, target.text));
    struct eki_chart chart =
        eki_chart_open(page, title.text, description.text, (double)(count * STEP + HEIGHT_AROUND), 0);
    eki_chart_label(&chart, "strong middle", SOURCE_X, 24, source.text);
    eki_chart_label(&chart, "strong middle", TARGET_X, 24, target.text);
    eki_chart_line(&chart, "axis",
                   (struct eki_stroke){SOURCE_X, 34, SOURCE_X, (double)(HEAD + count * STEP + 10)});
    eki_chart_line(&chart, "axis",
                   (struct eki_stroke){TARGET_X, 34, TARGET_X, (double)(HEAD + count * STEP + 10)});
    for (size_t i = 0; i < count; i++)
        draw_step(&chart, &outbreak->steps[wire->first + i], (double)(HEAD + (i + 1) * STEP - 6));
    eki_chart_close(&chart);
    write_table(page, outbreak);
    write_others(page, outbreak);
}
