/* SPDX-License-Identifier: Apache-2.0 */
#include "case/report_page.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ekigaku/case_words.h"

const char *eki_case_word(const struct eki_case_page *page, const char *group, const char *name)
{
    return eki_case_word_in(page->report->language, group, name);
}

/* U+202A to U+202E, U+2066 to U+2069: they turn the writing. */
static bool turns(const char *bytes, size_t length)
{
    const unsigned char *b = (const unsigned char *)bytes;
    if (length != 3 || b[0] != 0xe2) return false;
    return (b[1] == 0x80 && b[2] >= 0xaa && b[2] <= 0xae) || (b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9);
}

static void put_letter(FILE *out, const char *bytes, size_t length)
{
    switch (*bytes) {
    case '&': fputs("&amp;", out); return;
    case '<': fputs("&lt;", out); return;
    case '>': fputs("&gt;", out); return;
    case '"': fputs("&quot;", out); return;
    case '\'': fputs("&#39;", out); return;
    default: break;
    }
    bool control = length == 1 && ((unsigned char)*bytes < 0x20 || *bytes == 0x7f) && *bytes != '\n';
    bool c1 = length == 2 && (unsigned char)bytes[0] == 0xc2 && (unsigned char)bytes[1] < 0xa0;
    if (!control && !c1 && !turns(bytes, length)) fwrite(bytes, 1, length, out);
}

void eki_case_put(struct eki_case_page *page, const char *text)
{
    while (text && *text) {
        size_t length = eki_utf8_length((const unsigned char *)text);
        if (length) put_letter(page->out, text, length);
        text += length ? length : 1;
    }
}

void eki_case_say_text(struct eki_case_page *page, const char *english)
{
    eki_case_put(page, eki_report_text_in(page->report->language, english));
}

void eki_case_say_with(struct eki_case_page *page, const char *english, const char *const values[3])
{
    char plain[400];
    for (const char *at = eki_report_text_in(page->report->language, english); *at;) {
        size_t length = strcspn(at, "{");
        snprintf(plain, sizeof plain, "%.*s", (int)length, at);
        eki_case_put(page, plain);
        at += length;
        if (!*at) break;
        eki_case_put(page, values[at[1] - '1']); /* the source holds {1} to {3} only */
        at += 3;
    }
}

void eki_case_put_time(struct eki_case_page *page, int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    if (!microseconds) {
        fputs("–", page->out);
        return;
    }
    eki_time_format(microseconds * 1000, text);
    text[10] = ' ';
    fprintf(page->out, "%.19sZ", text);
}

void eki_case_put_owner(struct eki_case_page *page, const char *team, const char *department)
{
    const struct eki_directory *d = page->report->directory;
    uint32_t at = d && *team ? eki_directory_team(d, team) : EKI_NOWHERE;
    size_t count;
    const char *name = team;
    if (at != EKI_NOWHERE) {
        const struct eki_team *t = &eki_directory_teams(d, &count)[at];
        bool japanese = page->report->language == EKI_JAPANESE && t->name_ja && *t->name_ja;
        name = japanese ? t->name_ja : t->name && *t->name ? t->name : team;
    }
    if (*team)
        eki_case_put(page, name);
    else
        eki_case_say_text(page, EKI_TEXT("nobody known"));
    if (*department) fputs(" / ", page->out);
    eki_case_put(page, department);
}

void eki_case_heading(struct eki_case_page *page, const char *english)
{
    fputs("<h2>", page->out);
    eki_case_say_text(page, english);
    fputs("</h2>\n", page->out);
}

void eki_case_table(struct eki_case_page *page, const char *const *headings)
{
    fputs("<table><thead><tr>", page->out);
    for (size_t i = 0; headings[i]; i++) {
        fputs("<th scope=\"col\">", page->out);
        eki_case_say_text(page, headings[i]);
        fputs("</th>", page->out);
    }
    fputs("</tr></thead>\n<tbody>\n", page->out);
    page->rows = 0;
}

bool eki_case_row(struct eki_case_page *page)
{
    bool shown = page->rows++ < EKI_CASE_REPORT_ROWS;
    if (shown) fputs("<tr>", page->out);
    return shown;
}

void eki_case_cell(struct eki_case_page *page, const char *text)
{
    fputs("<td>", page->out);
    eki_case_put(page, text && *text ? text : "–");
    fputs("</td>", page->out);
}

void eki_case_cell_time(struct eki_case_page *page, int64_t microseconds)
{
    fputs("<td class=\"time\">", page->out);
    eki_case_put_time(page, microseconds);
    fputs("</td>", page->out);
}

void eki_case_row_end(struct eki_case_page *page)
{
    fputs("</tr>\n", page->out);
}

void eki_case_table_end(struct eki_case_page *page)
{
    char shown[24], all[24];
    fputs("</tbody></table>\n", page->out);
    if (page->rows <= EKI_CASE_REPORT_ROWS) return;
    snprintf(shown, sizeof shown, "%d", EKI_CASE_REPORT_ROWS);
    snprintf(all, sizeof all, "%zu", page->rows);
    fputs("<p class=\"note\">", page->out);
    eki_case_say_with(page, EKI_TEXT("{1} of {2} rows are shown; the case holds all."),
                      (const char *const[3]){shown, all, NULL});
    fputs("</p>\n", page->out);
}
