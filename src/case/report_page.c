/* SPDX-License-Identifier: Apache-2.0 */
#include "case/report_page.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

static const struct {
    const char *group, *name, *english;
} words[] = {
    {"case", "open", EKI_TEXT("Open.")},
    {"case", "contained", EKI_TEXT("Contained.")},
    {"case", "closed", EKI_TEXT("Closed.")},
    {"case", "merged", EKI_TEXT("Merged into another.")},
    {"host", "affected", EKI_TEXT("affected")},
    {"host", "isolated", EKI_TEXT("isolated")},
    {"host", "cleaned", EKI_TEXT("cleaned")},
    {"host", "disputed", EKI_TEXT("not theirs")},
    {"evidence", "implant", EKI_TEXT("implant")},
    {"evidence", "exploit", EKI_TEXT("exploit")},
    {"evidence", "session", EKI_TEXT("session, then scans")},
    {"evidence", "contact", EKI_TEXT("contact, then scans")},
    {"evidence", "scan", EKI_TEXT("scans")},
    {"notice", "draft", EKI_TEXT("draft")},
    {"notice", "released", EKI_TEXT("released")},
    {"notice", "queued", EKI_TEXT("queued for mail")},
    {"notice", "sending", EKI_TEXT("being sent")},
    {"notice", "sent", EKI_TEXT("sent")},
    {"notice", "delivered", EKI_TEXT("delivered")},
    {"notice", "bounced", EKI_TEXT("came back")},
    {"notice", "opened", EKI_TEXT("opened")},
    {"notice", "received", EKI_TEXT("received")},
    {"notice", "handling", EKI_TEXT("being handled")},
    {"notice", "done", EKI_TEXT("dealt with")},
    {"notice", "disputed", EKI_TEXT("not theirs")},
    {"notice", "unknown", EKI_TEXT("not known whether sent")},
    {"notice", "withdrawn", EKI_TEXT("withdrawn")},
    {"task", "open", EKI_TEXT("not begun")},
    {"task", "doing", EKI_TEXT("in work")},
    {"task", "done", EKI_TEXT("finished")},
    {"task", "dropped", EKI_TEXT("dropped")},
    {"department", "", EKI_TEXT("nobody yet")},
    {"department", "desk", EKI_TEXT("CSIRT desk")},
    {"department", "network", EKI_TEXT("network operations")},
    {"department", "systems", EKI_TEXT("system administration")},
    {"department", "helpdesk", EKI_TEXT("help desk")},
    {"department", "management", EKI_TEXT("management")},
    {"department", "communications", EKI_TEXT("public relations")},
    {"department", "legal", EKI_TEXT("legal department")},
    {"deadline", "own-owners", EKI_TEXT("All owners are told")},
    {"deadline", "nis2-warning", EKI_TEXT("NIS2: early warning to the CSIRT or authority")},
    {"deadline", "nis2-notification", EKI_TEXT("NIS2: incident notification")},
    {"deadline", "nis2-final", EKI_TEXT("NIS2: final report")},
    {"deadline", "appi-preliminary",
     EKI_TEXT("Japan, if personal data are concerned: preliminary report (3 to 5 days)")},
    {"deadline", "appi-final", EKI_TEXT("Japan, if personal data are concerned: final report (60 days)")},
    {"route", "airborne", EKI_TEXT("airborne")},
    {"route", "droplet", EKI_TEXT("droplet")},
    {"route", "contact", EKI_TEXT("physical contact")},
    {"known", "known", EKI_TEXT("known")},
    {"known", "unknown", EKI_TEXT("unknown")},
    {"known", "re-emerging", EKI_TEXT("re-emerging")},
    {"entry", "note", EKI_TEXT("remark")},
    {"entry", "lesson", EKI_TEXT("lesson")},
    {"entry", "finding", EKI_TEXT("finding")},
    {"entry", "task", EKI_TEXT("task")},
    {"entry", "notice", EKI_TEXT("notice")},
    {"entry", "evidence", EKI_TEXT("evidence")},
    {"entry", "decision", EKI_TEXT("decision")}};

const char *eki_case_word(const struct eki_case_page *page, const char *group, const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].group, group) && !strcmp(words[i].name, name))
            return eki_report_text_in(page->report->language, words[i].english);
    return name;
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
