/* SPDX-License-Identifier: Apache-2.0 */
/* The membership for a terminal: first a sentence, then growth by year, shares as bars, health. */
#include <math.h>
#include <string.h>

#include "ekigaku/directory_report.h"
#include "report/figure.h"
#include "report/letter.h"
#include "report/sheet.h"

enum { BAR = 30, NAME = 20, FIGURE = 7, SHARES = 10 };

struct telling {
    const struct eki_members *members;
    struct eki_sheet sheet;
};

/* "  name   figure  bar  share". */
static void add_bar(struct telling *t, struct eki_section *section, const char *name, double value,
                    double most)
{
    char bar[BAR * 3 + 1] = "";
    struct eki_line line = eki_sheet_line(&t->sheet);
    long count = most > 0 ? lround(value / most * BAR) : 0;
    for (long i = 0; i < count; i++)
        eki_report_join(bar, sizeof bar, t->sheet.unicode ? "\xe2\x96\x88" : "#");
    eki_line_put(&line, EKI_STYLE_PLAIN, "  ");
    eki_line_field(&line, EKI_STYLE_PLAIN, name, NAME, false);
    eki_line_field(&line, EKI_STYLE_PLAIN, eki_report_grouped((uint64_t)llround(value)).text, FIGURE, true);
    eki_line_put(&line, EKI_STYLE_PLAIN, " ");
    eki_line_put(&line, EKI_STYLE_SAFE, bar);
    eki_sheet_add(&t->sheet, section, &line, section->items);
}

static void tell_first(struct telling *t, const struct eki_directory *d)
{
    const struct eki_members *m = t->members;
    struct eki_section *section = eki_sheet_section(&t->sheet, NULL, 2);
    struct eki_sentence text, ahead;
    eki_report_fill(&text, t->sheet.language, EKI_TEXT("{1} members on {2}, {3} more each month."),
                    EKI_VALUES(eki_report_grouped(m->members).text, eki_report_day(eki_directory_now(d)).text,
                               eki_report_fixed(m->rate, 1).text));
    if (m->projected_count) {
        const struct eki_projected *p = &m->projected[m->projected_count - 1];
        char date[16];
        eki_report_fill(&ahead, t->sheet.language, EKI_TEXT("At this pace {1} ({2} to {3}) in {4}."),
                        EKI_VALUES(eki_report_fixed(p->total, 0).text, eki_report_fixed(p->low, 0).text,
                                   eki_report_fixed(p->high, 0).text,
                                   eki_date_format((struct eki_date){p->year, p->month, 0}, date)));
        eki_report_append(&text, t->sheet.language, ahead.text);
    }
    if (m->unreachable) {
        ahead = eki_report_count(t->sheet.language, m->unreachable, EKI_TEXT("{1} team cannot be reached."),
                                 EKI_TEXT("{1} teams cannot be reached."));
        eki_report_append(&text, t->sheet.language, ahead.text);
    }
    eki_sheet_wrap(&t->sheet, section, EKI_STYLE_TITLE, "", text.text);
}

static void tell_growth(struct telling *t)
{
    const struct eki_members *m = t->members;
    struct eki_section *section =
        eki_sheet_section(&t->sheet, EKI_TEXT("Members at the end of each year"), 3);
    if (!m->month_count) return;
    char year[8];
    double most = m->projected_count ? m->projected[m->projected_count - 1].total : m->members;
    if (most < m->members) most = m->members;
    for (size_t i = 0; i < m->month_count; i++) {
        if (m->months[i].month != 12 && i + 1 != m->month_count) continue;
        snprintf(year, sizeof year, "%d", m->months[i].year);
        add_bar(t, section, year, m->months[i].total, most);
    }
    for (size_t i = 0; i < m->projected_count; i++) {
        if (m->projected[i].month != 12) continue;
        struct eki_sentence name;
        snprintf(year, sizeof year, "%d", m->projected[i].year);
        eki_report_fill(&name, t->sheet.language, EKI_TEXT("{1} (projected)"), EKI_VALUES(year));
        add_bar(t, section, name.text, m->projected[i].total, most);
    }
}

static void tell_shares(struct telling *t, const char *title, const struct eki_share *shares, size_t count)
{
    struct eki_section *section = eki_sheet_section(&t->sheet, title, 3);
    for (size_t i = 0; i < count && i < SHARES; i++)
        add_bar(t, section,
                shares[i].name ? shares[i].name : eki_report_say(t->sheet.language, EKI_TEXT("not known")),
                shares[i].teams, shares[0].teams);
}

static void tell_tiers(struct telling *t)
{
    static const char *const tiers[] = {EKI_TEXT("not known"), EKI_TEXT("basic capability"),
                                        EKI_TEXT("sector capability"), EKI_TEXT("cross-sector capability")};
    struct eki_section *section = eki_sheet_section(&t->sheet, EKI_TEXT("Capability tiers"), 3);
    uint32_t most = 0;
    for (int i = 0; i < 4; i++)
        if (t->members->tiers[i] > most) most = t->members->tiers[i];
    for (int i = 1; i <= 4; i++)
        if (t->members->tiers[i % 4] || i < 4)
            add_bar(t, section, eki_report_say(t->sheet.language, tiers[i % 4]), t->members->tiers[i % 4],
                    most);
}

static void tell_health(struct telling *t)
{
    static const char *const health[] = {EKI_TEXT("alive"), EKI_TEXT("not heard of for a year"),
                                         EKI_TEXT("never verified"), EKI_TEXT("dead")};
    struct eki_section *section = eki_sheet_section(&t->sheet, EKI_TEXT("Health of contacts"), 4);
    for (int i = 0; i < EKI_HEALTHS; i++)
        add_bar(t, section, eki_report_say(t->sheet.language, health[i]), t->members->health[i],
                t->members->contacts);
    if (!isfinite(t->members->answer_s)) return;
    struct eki_line line = eki_sheet_line(&t->sheet);
    struct eki_sentence text;
    eki_report_fill(&text, t->sheet.language, EKI_TEXT("  Checks were answered after {1} (median)."),
                    EKI_VALUES(eki_report_duration(t->sheet.language, t->members->answer_s).text));
    eki_line_put(&line, EKI_STYLE_PLAIN, text.text);
    eki_sheet_add(&t->sheet, section, &line, section->items);
}

enum eki_error eki_report_members(const struct eki_members *members, const struct eki_directory *d,
                                  const struct eki_text_options *options, FILE *out)
{
    struct telling t = {members, eki_sheet_start(options)};
    tell_first(&t, d);
    tell_growth(&t);
    tell_shares(&t, EKI_TEXT("Sectors"), members->sectors, members->sector_count);
    tell_shares(&t, EKI_TEXT("Regions"), members->regions, members->region_count);
    tell_tiers(&t);
    tell_health(&t);
    enum eki_error error = eki_sheet_print(&t.sheet, out);
    eki_sheet_done(&t.sheet);
    return error;
}
