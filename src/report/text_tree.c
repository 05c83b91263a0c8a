/* SPDX-License-Identifier: Apache-2.0 */
/* An outbreak becomes its infection tree and its epidemic curve on the terminal. */
#include <stdio.h>

#include "report/family_tree.h"
#include "report/figure.h"
#include "report/letter.h"
#include "report/strategy.h"
#include "report/text.h"

/* Deeper generations are not indented further, so that the address always has room; the number of the
 * generation is said then. */
enum { DEEPEST = 8, HOST_COLUMNS = 34, DAY_S = 86400 };

/* "|  `- ": for every ancestor whether a sibling still follows. Written from the node up, so the parts are
 * gathered first. */
static void put_branches(struct eki_line *line, const struct eki_family_tree *tree, uint32_t node)
{
    const char *parts[DEEPEST];
    bool unicode = line->unicode;
    uint32_t at = node;
    size_t count = 0;
    while (tree->nodes[at].depth > DEEPEST) at = tree->nodes[at].parent;
    for (; at != EKI_NO_NODE && tree->nodes[at].depth > 0 && count < DEEPEST; at = tree->nodes[at].parent) {
        bool last = tree->nodes[at].next_sibling == EKI_NO_NODE;
        if (count == 0)
            parts[count++] = unicode ? (last ? "\xe2\x94\x94\xe2\x94\x80" : "\xe2\x94\x9c\xe2\x94\x80")
                                     : (last ? "`-" : "|-");
        else
            parts[count++] = last ? "  " : (unicode ? "\xe2\x94\x82 " : "| ");
    }
    while (count > 0) eki_line_put(line, EKI_STYLE_QUIET, parts[--count]);
}

static void put_mark(struct eki_line *line, const struct eki_outbreak *outbreak,
                     const struct eki_infection *infection)
{
    bool zero = outbreak->has_patient_zero && eki_address_equal(outbreak->patient_zero, infection->host);
    char text[EKI_ADDRESS_TEXT * 2];
    const char *mark = zero ? (line->unicode ? "\xe2\x97\x8e" : "@") : (line->unicode ? "\xe2\x97\x8f" : "*");
    snprintf(text, sizeof text, "%s %s", mark, eki_report_host(infection->host).text);
    eki_line_field(line, zero ? EKI_STYLE_ZERO : EKI_STYLE_INFECTED, text, HOST_COLUMNS - line->columns,
                   false);
}

static void put_error(struct eki_line *line, const struct eki_infection *infection)
{
    char text[96] = "";
    if (infection->error_s > 0)
        snprintf(text, sizeof text, "%s%s", line->unicode ? "\xc2\xb1" : "+-",
                 eki_report_rounded(infection->error_s).text);
    eki_line_field(line, EKI_STYLE_QUIET, text, 8, false);
}

/* Over more than a day the clock alone says little: the day stands in the place of the seconds. */
static struct eki_figure since_or_day(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                      eki_time time)
{
    size_t last = outbreak->curve_count - 1;
    bool days = outbreak->curve_count && outbreak->curve[last].t >= DAY_S;
    return days ? eki_report_day(time) : eki_report_relative(time, result->origin);
}

static struct eki_line infection_line(const struct eki_sheet *sheet, const struct eki_result *result,
                                      const struct eki_outbreak *outbreak, const struct eki_family_tree *tree,
                                      uint32_t node)
{
    const struct eki_infection *infection = &outbreak->infections[node];
    struct eki_line line = eki_sheet_line(sheet);
    eki_line_put(&line, EKI_STYLE_PLAIN, "  ");
    put_branches(&line, tree, node);
    put_mark(&line, outbreak, infection);
    eki_line_field(&line, EKI_STYLE_PLAIN, eki_report_clock(infection->time).text, 10, false);
    eki_line_field(&line, EKI_STYLE_PLAIN, since_or_day(result, outbreak, infection->time).text, 12, true);
    eki_line_put(&line, EKI_STYLE_PLAIN, " ");
    put_error(&line, infection);
    if (infection->has_parent)
        eki_line_field(&line, EKI_STYLE_PLAIN, eki_report_percent(infection->parent_posterior).text, 6, true);
    eki_line_put(&line, EKI_STYLE_PLAIN, infection->has_parent ? " " : "       ");
    if (tree->nodes[node].depth > DEEPEST) {
        struct eki_sentence deep = eki_report_count(sheet->language, tree->nodes[node].depth,
                                                    EKI_TEXT("gen. {1}"), EKI_TEXT("gen. {1}"));
        eki_line_put(&line, EKI_STYLE_QUIET, deep.text);
    } else {
        eki_line_put(&line, EKI_STYLE_QUIET, eki_report_evidence_words(sheet->language, infection));
    }
    return line;
}

static void add_tree(struct eki_sheet *sheet, const struct eki_result *result,
                     const struct eki_outbreak *outbreak, struct eki_section *section)
{
    struct eki_family_tree tree;
    if (eki_report_tree_init(outbreak, &tree)) {
        sheet->failed = true;
        return;
    }
    for (size_t i = 0; i < tree.count && !eki_sheet_is_full(sheet, section); i++) {
        struct eki_line line = infection_line(sheet, result, outbreak, &tree, tree.order[i]);
        eki_sheet_add(sheet, section, &line, i);
    }
    section->items = tree.count;
    eki_report_tree_done(&tree);
}

/* Infected hosts at the end of each of `bins` equal parts of the outbreak, as heights of 0 to 7. */
static void put_sparkline(struct eki_line *line, const struct eki_outbreak *outbreak, unsigned bins)
{
    static const char *const blocks[8] = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
                                          "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88"};
    static const char *const letters[8] = {".", ":", "-", "=", "+", "*", "#", "@"};
    size_t count = outbreak->curve_count, at = 0;
    double start = outbreak->curve[0].t, span = outbreak->curve[count - 1].t - start;
    double top = (double)outbreak->curve[count - 1].infected;
    for (unsigned bin = 0; bin < bins; bin++) {
        double end = start + span * (bin + 1) / bins;
        while (at + 1 < count && (outbreak->curve[at + 1].t <= end || bin + 1 == bins)) at++;
        double share = top > 0 ? (double)outbreak->curve[at].infected / top : 0;
        unsigned height = share >= 1 ? 7 : share > 0 ? (unsigned)(share * 8) : 0;
        eki_line_put(line, EKI_STYLE_INFECTED,
                     line->unicode ? blocks[height > 7 ? 7 : height] : letters[height > 7 ? 7 : height]);
    }
}

static void add_curve(struct eki_sheet *sheet, const struct eki_outbreak *outbreak,
                      struct eki_section *section)
{
    struct eki_line line = eki_sheet_line(sheet);
    const struct eki_curve_point *last = &outbreak->curve[outbreak->curve_count - 1];
    eki_line_put(&line, EKI_STYLE_PLAIN, "  ");
    put_sparkline(&line, outbreak, sheet->width > 64 ? 48 : sheet->width - 20);
    eki_line_put(&line, EKI_STYLE_PLAIN, " ");
    eki_line_put(&line, EKI_STYLE_TITLE, eki_report_grouped(last->infected).text);
    struct eki_sentence span;
    eki_report_fill(&span, sheet->language, EKI_TEXT(" in {1}"),
                    EKI_VALUES(eki_report_duration(sheet->language, last->t - outbreak->curve[0].t).text));
    eki_line_put(&line, EKI_STYLE_PLAIN, span.text);
    eki_sheet_add(sheet, section, &line, 0);
}

void eki_report_text_outbreak(struct eki_sheet *sheet, const struct eki_result *result,
                              const struct eki_outbreak *outbreak)
{
    struct eki_section *section = eki_sheet_section(sheet, NULL, 8);
    struct eki_line title = eki_sheet_line(sheet);
    struct eki_sentence sentence;
    char number[16];
    snprintf(number, sizeof number, "%u", outbreak->id);
    const char *service = eki_report_service(outbreak->protocol, outbreak->service).text;
    if (eki_time_since(result->end, result->origin) < DAY_S)
        eki_report_fill(&sentence, sheet->language, EKI_TEXT("Outbreak {1} on {2}: who infected whom"),
                        EKI_VALUES(number, service));
    else
        eki_report_fill(&sentence, sheet->language, EKI_TEXT("Outbreak {1} on {2}, {3}: who infected whom"),
                        EKI_VALUES(number, service, eki_report_day(outbreak->infections[0].time).text));
    eki_line_put(&title, EKI_STYLE_TITLE, sentence.text);
    eki_sheet_add(sheet, section, &title, 0);
    if (outbreak->curve_count > 1) add_curve(sheet, outbreak, section);
    add_tree(sheet, result, outbreak, section);
}
