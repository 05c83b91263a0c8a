/* SPDX-License-Identifier: Apache-2.0 */
/* Texts, tables and packet references are written to the page, escaped. */
#include <inttypes.h>
#include <string.h>

#include "report/letter.h"
#include "report/page.h"

void eki_page_raw(struct eki_page *page, const char *markup)
{
    fputs(markup, page->out);
}

static const char *escape_of(uint32_t letter)
{
    switch (letter) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void eki_page_text(struct eki_page *page, const char *text)
{
    if (!text) return;
    for (uint32_t letter; (letter = eki_report_letter(&text));) {
        const char *escape = escape_of(letter);
        char bytes[4];
        if (escape)
            fputs(escape, page->out);
        else
            fwrite(bytes, 1, eki_report_encode(letter, bytes), page->out);
    }
}

void eki_page_say(struct eki_page *page, const char *english)
{
    eki_page_text(page, eki_report_say(page->language, english));
}

void eki_page_fill(struct eki_page *page, const char *english, const char *const *values)
{
    struct eki_sentence sentence;
    eki_report_fill(&sentence, page->language, english, values);
    eki_page_text(page, sentence.text);
}

void eki_page_element(struct eki_page *page, const char *tag, const char *classes, const char *text)
{
    if (classes)
        fprintf(page->out, "<%s class=\"%s\">", tag, classes);
    else
        fprintf(page->out, "<%s>", tag);
    eki_page_text(page, text);
    fprintf(page->out, "</%s>\n", tag);
}

void eki_page_heading(struct eki_page *page, int level, const char *english)
{
    eki_page_element(page, level == 2 ? "h2" : "h3", NULL, eki_report_say(page->language, english));
}

void eki_page_table(struct eki_page *page, const char *summary, const char *const *headings, bool open)
{
    fprintf(page->out, "<details%s><summary>", open ? " open=\"open\"" : "");
    eki_page_say(page, summary);
    eki_page_raw(page, "</summary>\n<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
    for (size_t i = 0; headings[i]; i++) {
        bool figures = headings[i][0] == '#';
        fprintf(page->out, "<th scope=\"col\"%s>", figures ? " class=\"figure\"" : "");
        eki_page_say(page, headings[i] + (figures ? 1 : 0));
        eki_page_raw(page, "</th>");
    }
    eki_page_raw(page, "</tr></thead>\n<tbody>");
    page->rows = 0;
}

void eki_page_row(struct eki_page *page)
{
    eki_page_raw(page, page->rows++ ? "</tr>\n<tr>" : "\n<tr>");
}

void eki_page_cell(struct eki_page *page, const char *text)
{
    eki_page_raw(page, "<td>");
    eki_page_text(page, text);
    eki_page_raw(page, "</td>");
}

void eki_page_figure(struct eki_page *page, const char *text)
{
    eki_page_raw(page, "<td class=\"figure\">");
    eki_page_text(page, text);
    eki_page_raw(page, "</td>");
}

void eki_page_table_end(struct eki_page *page, size_t shown, size_t total)
{
    eki_page_raw(page, page->rows ? "</tr>\n</tbody></table></div>\n" : "</tbody></table></div>\n");
    if (shown < total) {
        eki_page_raw(page, "<p class=\"note\">");
        eki_page_fill(page, EKI_TEXT("{1} of {2} rows are shown; the facts (--json) hold all."),
                      EKI_VALUES(eki_report_grouped(shown).text, eki_report_grouped(total).text));
        eki_page_raw(page, "</p>");
    }
    eki_page_raw(page, "</details>\n");
}

/* The file name without its folders: the page may be passed on, the folders are nobody's business. */
static const char *input_name(const struct eki_result *result, uint16_t input)
{
    const char *path = input < result->input_count ? result->inputs[input].path : NULL;
    if (!path) return "-";
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

void eki_page_packets(struct eki_page *page, uint16_t input, uint64_t first, uint64_t last)
{
    char from[24], to[24];
    if (!first) {
        eki_page_cell(page, "-");
        return;
    }
    snprintf(from, sizeof from, "%" PRIu64, first);
    snprintf(to, sizeof to, "%" PRIu64, last);
    eki_page_raw(page, "<td class=\"packets\">");
    if (input < page->result->input_count && page->result->inputs[input].lacks) { /* a log */
        eki_page_fill(page,
                      first == last ? EKI_TEXT("record {1} of {3}") : EKI_TEXT("records {1}-{2} of {3}"),
                      EKI_VALUES(from, to, input_name(page->result, input)));
        eki_page_raw(page, "</td>");
        return;
    }
    eki_page_fill(page, first == last ? EKI_TEXT("packet {1} of {3}") : EKI_TEXT("packets {1}-{2} of {3}"),
                  EKI_VALUES(from, to, input_name(page->result, input)));
    if (first == last)
        fprintf(page->out, "<br/><code>frame.number == %s</code></td>", from);
    else
        fprintf(page->out, "<br/><code>frame.number in {%s..%s}</code></td>", from, to);
}

struct eki_figure eki_page_when(const struct eki_page *page, eki_time time)
{
    if (page->relative) return eki_report_relative(time, page->result->origin);
    struct eki_figure figure = {{0}}, moment = eki_report_moment(time),
                      relative = eki_report_relative(time, page->result->origin);
    snprintf(figure.text, sizeof figure.text, "%.28s, %.30s", moment.text, relative.text);
    return time == EKI_TIME_NONE ? moment : figure;
}
