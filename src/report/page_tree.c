/* SPDX-License-Identifier: Apache-2.0 */
/* The infection tree: time to the right, one row a host, an edge from parent to child at the moment of
 * infection, its certainty as weight. */
#include "report/chart.h"
#include "report/page_parts.h"
#include "report/strategy.h"
#include "report/tree_layout.h"

enum { ROW = 22, LABELS = 200, AROUND = 60, MOST_DOTS = 5000 };

struct drawing {
    struct eki_chart chart;
    const struct eki_outbreak *outbreak;
    struct eki_tree_layout layout;
    struct eki_family_tree tree;
    size_t rows; /* drawn */
};

static double row_y(const struct drawing *d, uint32_t row)
{
    return d->chart.top + (row + 0.5) * ROW;
}

static void draw_rows(struct drawing *d)
{
    for (uint32_t row = 0; row < d->rows; row++) {
        const struct eki_infection *first = &d->outbreak->infections[d->layout.first[row]];
        char network[EKI_ADDRESS_TEXT];
        double y = row_y(d, row);
        bool zero =
            d->outbreak->has_patient_zero && eki_address_equal(first->host, d->outbreak->patient_zero);
        eki_chart_line(&d->chart, "row", (struct eki_stroke){d->chart.left, y, d->chart.right, y});
        eki_chart_line(&d->chart, "life",
                       (struct eki_stroke){eki_chart_x(&d->chart, first->time), y, d->chart.right, y});
        eki_chart_label(&d->chart, zero ? "end zero" : "end", d->chart.left - 12, y + 4,
                        d->layout.networks ? eki_prefix_format(eki_report_network(first->host), network)
                                           : eki_report_host(first->host).text);
    }
}

/* From the row of the parent down (or up) to the child, bowed to nothing: the moment is one moment. */
static void draw_edge(struct drawing *d, uint32_t infection)
{
    uint32_t parent = d->tree.nodes[infection].parent;
    if (parent == EKI_NO_NODE) return;
    uint32_t from = d->layout.row[parent], to = d->layout.row[infection];
    if (from == to || from >= d->rows || to >= d->rows) return;
    double x = eki_chart_x(&d->chart, d->outbreak->infections[infection].time);
    double weight = 0.8 + 2.4 * d->outbreak->infections[infection].parent_posterior;
    fprintf(d->chart.page->out, "<path class=\"edge\" stroke-width=\"%s\" d=\"M%s %s V%s\"/>\n",
            eki_chart_number(weight).text, eki_chart_number(x).text, eki_chart_number(row_y(d, from)).text,
            eki_chart_number(row_y(d, to)).text);
}

static void draw_dot(struct drawing *d, uint32_t infection)
{
    const struct eki_infection *it = &d->outbreak->infections[infection];
    if (d->layout.row[infection] >= d->rows) return;
    double x = eki_chart_x(&d->chart, it->time), y = row_y(d, d->layout.row[infection]);
    bool zero = d->outbreak->has_patient_zero && eki_address_equal(it->host, d->outbreak->patient_zero);
    eki_chart_dot(&d->chart, zero ? "infected zero" : "infected", x, y, d->layout.networks ? 3.5 : 5);
    if (zero) eki_chart_dot(&d->chart, "ring", x, y, 9);
}

/* The order of drawing is the order of lying on top: rows, edges, dots. Edges inside one network's row are
 * dots only. */
static void draw(struct drawing *d)
{
    size_t count = d->outbreak->infection_count < MOST_DOTS ? d->outbreak->infection_count : MOST_DOTS;
    eki_chart_times(&d->chart);
    draw_rows(d);
    for (uint32_t i = 0; i < count; i++)
        if (!d->layout.networks || d->layout.first[d->layout.row[i]] == i) draw_edge(d, i);
    for (uint32_t i = 0; i < count; i++) draw_dot(d, i);
}

static void write_chart(struct eki_page *page, struct drawing *d)
{
    struct eki_sentence description;
    size_t count = d->outbreak->infection_count;
    d->rows = d->layout.rows < EKI_TREE_ROWS ? d->layout.rows : EKI_TREE_ROWS;
    eki_report_fill(
        &description, page->language,
        EKI_TEXT(
            "Time runs to the right. Each row is a host or a network, each upright line an infection of {1}; the "
            "table below names parent and time of each."),
        EKI_VALUES(eki_report_grouped(count).text));
    d->chart = eki_chart_open(
        page, eki_report_say(page->language, EKI_TEXT("Infection tree: who infected whom, and when")),
        description.text, (double)(d->rows * ROW + AROUND), LABELS);
    draw(d);
    eki_chart_close(&d->chart);
}

static void write_note(struct eki_page *page, const struct drawing *d)
{
    eki_page_raw(page, "<p class=\"note\">");
    eki_page_say(page,
                 EKI_TEXT("Ringed: patient zero. Dot: infected. A heavier upright line is a surer parent."));
    if (d->rows < d->layout.rows) {
        eki_page_raw(page, " ");
        eki_page_fill(page, EKI_TEXT("The first {1} of {2} networks."),
                      EKI_VALUES(eki_report_grouped(d->rows).text, eki_report_grouped(d->layout.rows).text));
    }
    eki_page_raw(page, "</p>\n");
}

/* What the note says, as lines below the chart of a picture. */
static void write_caption(struct eki_page *page, const struct drawing *d)
{
    struct eki_sentence words;
    eki_chart_caption(
        page,
        eki_report_say(
            page->language,
            EKI_TEXT("Ringed: patient zero. Dot: infected. A heavier upright line is a surer parent.")));
    if (d->rows == d->layout.rows) return;
    eki_report_fill(&words, page->language, EKI_TEXT("The first {1} of {2} networks."),
                    EKI_VALUES(eki_report_grouped(d->rows).text, eki_report_grouped(d->layout.rows).text));
    eki_chart_caption(page, words.text);
}

static void write_runners_up(struct eki_page *page, const struct eki_infection *infection)
{
    struct eki_sentence words = {{0}};
    for (size_t i = 0; i < infection->runner_up_count; i++) {
        const struct eki_candidate *other = &infection->runners_up[i];
        struct eki_sentence one;
        eki_report_fill(
            &one, page->language, EKI_TEXT("{1} ({2})"),
            EKI_VALUES(other->outside ? eki_report_say(page->language, EKI_TEXT("from outside what was seen"))
                                      : eki_report_host(other->host).text,
                       eki_report_percent(other->posterior).text));
        eki_report_list(&words, page->language, one.text);
    }
    eki_page_cell(page, words.text[0] ? words.text : "-");
}

static void write_row(struct eki_page *page, const struct eki_infection *infection)
{
    struct eki_figure error = eki_report_rounded(infection->error_s);
    char text[sizeof error.text + 8];
    snprintf(text, sizeof text, "\xc2\xb1%s s", error.text);
    eki_page_row(page);
    eki_page_cell(page, eki_report_host(infection->host).text);
    eki_page_cell(page, eki_page_when(page, infection->time).text);
    eki_page_figure(page, text);
    eki_page_cell(page, infection->has_parent
                            ? eki_report_host(infection->parent).text
                            : eki_report_say(page->language, EKI_TEXT("from outside what was seen")));
    eki_page_figure(page, eki_report_percent(infection->parent_posterior).text);
    write_runners_up(page, infection);
    eki_page_figure(page, eki_report_grouped(infection->generation).text);
    eki_page_cell(page, eki_report_evidence_words(page->language, infection));
    eki_page_packets(page, infection->input, infection->packet_first, infection->packet_last);
    for (int kind = 0; kind < EKI_SCREEN_KINDS && page->result->screen_count; kind++) {
        eki_time time = eki_result_screen(page->result, infection->host, (enum eki_screen_kind)kind);
        eki_page_cell(page, eki_page_when(page, time).text);
    }
}

static void write_table(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    const char *headings[] = {EKI_TEXT("Host"),
                              EKI_TEXT("Infected at"),
                              EKI_TEXT("#Error"),
                              EKI_TEXT("Parent"),
                              EKI_TEXT("#Certainty"),
                              EKI_TEXT("Other parents"),
                              EKI_TEXT("#Generation"),
                              EKI_TEXT("Known from"),
                              EKI_TEXT("Packets"),
                              NULL,
                              NULL,
                              NULL};
    enum { SCREEN_COLUMN = 9 };
    if (page->result->screen_count) {
        headings[SCREEN_COLUMN] = EKI_TEXT("On its screen");
        headings[SCREEN_COLUMN + 1] = EKI_TEXT("Ransom dialog");
    }
    size_t count = outbreak->infection_count < EKI_TABLE_ROWS ? outbreak->infection_count : EKI_TABLE_ROWS;
    eki_page_table(page, EKI_TEXT("The infections as a table"), headings, outbreak->infection_count <= 30);
    for (size_t i = 0; i < count; i++) write_row(page, &outbreak->infections[i]);
    eki_page_table_end(page, count, outbreak->infection_count);
}

static void write_drawing(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    struct drawing drawing = {.outbreak = outbreak};
    enum eki_error error = eki_report_layout_init(outbreak, &drawing.layout);
    if (!error) error = eki_report_tree_init(outbreak, &drawing.tree);
    if (!error) write_chart(page, &drawing);
    if (!error && !page->picture) write_note(page, &drawing);
    if (!error && page->picture) write_caption(page, &drawing);
    if (error && !page->error) page->error = error;
    eki_report_tree_done(&drawing.tree);
    eki_report_layout_done(&drawing.layout);
}

void eki_page_tree_chart(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    if (outbreak->infection_count) write_drawing(page, outbreak);
}

void eki_page_tree(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    if (!outbreak->infection_count) return;
    write_drawing(page, outbreak);
    write_table(page, outbreak);
}
