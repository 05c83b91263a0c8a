/* SPDX-License-Identifier: Apache-2.0 */
/* Charts of the membership as SVG files of their own, with the scales and shapes of the report's charts. */
#include <math.h>
#include <string.h>

#include "ekigaku/directory_report.h"
#include "report/chart.h"

enum { LEFT = 64, HEIGHT = 380, BAR_ROW = 26, HEAD = 40, BARS = 20, YEAR_MONTHS = 12 };

struct picture {
    struct eki_page page; /* only the file and the language of it are used */
    struct eki_chart chart;
};

static const char *const style =
    "<style>svg{background:#fff;color-scheme:light dark}text{font:13px system-ui,'Noto Sans CJK JP',sans-serif;fill:#1b1f24}"
    ".head{font-size:16px;font-weight:650}.tick,.quiet{fill:#59616c;font-size:12px}.middle{text-anchor:middle}.end{text-anchor:end}"
    ".grid{stroke:#d4d8de}.axis{stroke:#59616c}.bar{fill:#0b62a8}.step{fill:none;stroke:#0b62a8;stroke-width:2.5}"
    ".fan{fill:#0b62a8;opacity:.18}.ahead{fill:none;stroke:#0b62a8;stroke-width:2;stroke-dasharray:6 4}"
    ".dot{fill:#0b62a8;opacity:.45}.alive{fill:#0b62a8}.stale{fill:#a86a00}.unknown{fill:#7b838e}.dead{fill:#c8460a}"
    "@media(prefers-color-scheme:dark){svg{background:#14171b}text{fill:#e7e9ec}.tick,.quiet{fill:#a3abb6}.grid{stroke:#383e46}"
    ".axis{stroke:#a3abb6}.bar,.fan,.dot,.alive{fill:#6db5f5}.step,.ahead{stroke:#6db5f5}.stale{fill:#edb13c}.unknown{fill:#858e9a}"
    ".dead{fill:#ff8448}}</style>\n";

static void open_picture(struct picture *p, const char *title, const char *description, double height)
{
    FILE *out = p->page.out;
    fprintf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %s\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">",
        EKI_CHART_WIDTH, eki_chart_number(height).text);
    eki_page_text(&p->page, title);
    fputs("</title>\n<desc id=\"d\">", out);
    eki_page_text(&p->page, description);
    fputs("</desc>\n", out);
    fputs(style, out);
    p->chart = (struct eki_chart){.page = &p->page,
                                  .left = LEFT,
                                  .right = EKI_CHART_WIDTH - 24,
                                  .top = HEAD,
                                  .bottom = height - 44,
                                  .height = height};
    eki_chart_label(&p->chart, "head", 12, 24, title);
}

static enum eki_error close_picture(struct picture *p)
{
    fputs("</svg>\n", p->page.out);
    return fflush(p->page.out) || ferror(p->page.out) ? EKI_ERROR_WRITE : EKI_OK;
}

/* The months shown: known ones, then projected ones. */
static double month_x(const struct picture *p, const struct eki_members *m, double at)
{
    double count = (double)(m->month_count + m->projected_count);
    return eki_chart_x_seconds(&p->chart, at, count > 1 ? count : 1);
}

static void put_point(struct picture *p, const char *lead, double x, double y)
{
    fprintf(p->page.out, "%s%s ", lead, eki_chart_number(x).text);
    fprintf(p->page.out, "%s", eki_chart_number(y).text);
}

static void year_axis(struct picture *p, const struct eki_members *m)
{
    struct eki_chart *c = &p->chart;
    size_t count = m->month_count + m->projected_count, every = count > 20 * YEAR_MONTHS ? 5 : 1;
    for (size_t i = 0; i < count; i++) {
        bool known = i < m->month_count;
        int year = known ? m->months[i].year : m->projected[i - m->month_count].year,
            month = known ? m->months[i].month : m->projected[i - m->month_count].month;
        char text[8];
        if (month != 1 || (size_t)year % every) continue;
        double x = month_x(p, m, (double)i);
        snprintf(text, sizeof text, "%d", year);
        eki_chart_line(c, "grid", (struct eki_stroke){x, c->top, x, c->bottom});
        eki_chart_label(c, "tick middle", x, c->bottom + 17, text);
    }
    eki_chart_line(c, "axis", (struct eki_stroke){c->left, c->bottom, c->right, c->bottom});
}

static void draw_fan(struct picture *p, const struct eki_members *m)
{
    size_t n = m->projected_count;
    double start = (double)m->month_count - 1, now = m->months[m->month_count - 1].total;
    if (!n) return;
    fputs("<path class=\"fan\" d=\"", p->page.out);
    put_point(p, "M", month_x(p, m, start), eki_chart_y(&p->chart, now));
    for (size_t i = 0; i < n; i++)
        put_point(p, "L", month_x(p, m, start + 1 + (double)i), eki_chart_y(&p->chart, m->projected[i].high));
    for (size_t i = n; i-- > 0;)
        put_point(p, "L", month_x(p, m, start + 1 + (double)i), eki_chart_y(&p->chart, m->projected[i].low));
    fputs("Z\"/>\n<path class=\"ahead\" d=\"", p->page.out);
    put_point(p, "M", month_x(p, m, start), eki_chart_y(&p->chart, now));
    put_point(p, "L", month_x(p, m, start + (double)n), eki_chart_y(&p->chart, m->projected[n - 1].total));
    fputs("\"/>\n", p->page.out);
}

/* Those that joined by month, on a scale of their own: a quarter of the height is the most in a month. */
static void draw_joined(struct picture *p, const struct eki_members *m)
{
    struct eki_chart *c = &p->chart;
    double room = (c->bottom - c->top) / 4, width = month_x(p, m, 1) - month_x(p, m, 0);
    uint32_t most = 1;
    for (size_t i = 0; i < m->month_count; i++)
        if (m->months[i].joined > most) most = m->months[i].joined;
    for (size_t i = 0; i < m->month_count; i++) {
        double height = room * m->months[i].joined / most;
        if (m->months[i].joined)
            eki_chart_box(
                c, "bar",
                (struct eki_box){month_x(p, m, (double)i), c->bottom - height, fmax(width * .8, 1), height});
    }
    struct eki_sentence text;
    eki_report_fill(&text, p->page.language, EKI_TEXT("Bars: joined in a month, at most {1}"),
                    EKI_VALUES(eki_report_grouped(most).text));
    eki_chart_label(c, "quiet", c->left + 8, c->bottom - room - 6, text.text);
}

static enum eki_error draw_growth(struct picture *p, const struct eki_members *m)
{
    struct eki_sentence description;
    enum eki_language language = p->page.language;
    char first[16] = "-";
    if (m->month_count) eki_date_format((struct eki_date){m->months[0].year, m->months[0].month, 0}, first);
    eki_report_fill(
        &description, language,
        EKI_TEXT(
            "{1} members now; steps are the total by month since {2}, bars those that joined in a month, the fan a projection "
            "that holds nine times of ten if members go on joining as in the last two years."),
        EKI_VALUES(eki_report_grouped(m->members).text, first));
    open_picture(p, eki_report_say(language, EKI_TEXT("Members by month, with a projection")),
                 description.text, HEIGHT);
    if (!m->month_count) return close_picture(p);
    double top = m->projected_count ? m->projected[m->projected_count - 1].high : m->members;
    eki_chart_values(&p->chart, fmax(top, m->members));
    year_axis(p, m);
    draw_joined(p, m);
    fputs("<path class=\"step\" d=\"", p->page.out);
    for (size_t i = 0; i < m->month_count; i++) {
        double y = eki_chart_y(&p->chart, m->months[i].total);
        if (i) put_point(p, "L", month_x(p, m, (double)i), eki_chart_y(&p->chart, m->months[i - 1].total));
        put_point(p, i ? "L" : "M", month_x(p, m, (double)i), y);
    }
    fputs("\"/>\n", p->page.out);
    draw_fan(p, m);
    return close_picture(p);
}

struct bar {
    const char *classes, *name;
    uint32_t value;
    double share;
};

/* One row of a bar chart, labelled directly. */
static void draw_bar(struct picture *p, size_t row, struct bar bar)
{
    struct eki_chart *c = &p->chart;
    double y = HEAD + (double)row * BAR_ROW, width = bar.share * (c->right - c->left - 80);
    eki_chart_label(c, "end", c->left - 8, y + 17, bar.name);
    eki_chart_box(c, bar.classes, (struct eki_box){c->left, y + 4, width, BAR_ROW - 8});
    eki_chart_label(c, "", c->left + width + 6, y + 17, eki_report_grouped(bar.value).text);
}

static enum eki_error draw_shares(struct picture *p, const char *title, const struct eki_share *shares,
                                  size_t count)
{
    enum eki_language language = p->page.language;
    struct eki_sentence description;
    size_t shown = count < BARS ? count : BARS;
    eki_report_fill(&description, language, EKI_TEXT("{1} values, most teams first; {2} shown."),
                    EKI_VALUES(eki_report_grouped(count).text, eki_report_grouped(shown).text));
    open_picture(p, eki_report_say(language, title), description.text, HEAD + (double)shown * BAR_ROW + 16);
    p->chart.left = 220;
    for (size_t i = 0; i < shown; i++)
        draw_bar(p, i,
                 (struct bar){
                     "bar", shares[i].name ? shares[i].name : eki_report_say(language, EKI_TEXT("not known")),
                     shares[i].teams, (double)shares[i].teams / shares[0].teams});
    return close_picture(p);
}

static enum eki_error draw_health(struct picture *p, const struct eki_members *m)
{
    static const char *const names[] = {EKI_TEXT("alive"), EKI_TEXT("not heard of for a year"),
                                        EKI_TEXT("never verified"), EKI_TEXT("dead")};
    static const char *const classes[] = {"alive", "stale", "unknown", "dead"};
    enum eki_language language = p->page.language;
    struct eki_sentence description;
    eki_report_fill(&description, language, EKI_TEXT("{1} contacts by when they were last heard of."),
                    EKI_VALUES(eki_report_grouped(m->contacts).text));
    open_picture(p, eki_report_say(language, EKI_TEXT("Health of contacts")), description.text,
                 HEAD + EKI_HEALTHS * BAR_ROW + 16);
    p->chart.left = 220;
    for (size_t i = 0; i < EKI_HEALTHS; i++)
        draw_bar(p, i,
                 (struct bar){classes[i], eki_report_say(language, names[i]), m->health[i],
                              m->contacts ? (double)m->health[i] / m->contacts : 0});
    return close_picture(p);
}

static void range_of(const struct eki_members *m, int *ret_first, int *ret_last)
{
    *ret_first = 3000;
    *ret_last = 0;
    for (size_t i = 0; i < m->year_count; i++) {
        int low = m->years[i].founded < m->years[i].joined ? m->years[i].founded : m->years[i].joined,
            high = m->years[i].founded > m->years[i].joined ? m->years[i].founded : m->years[i].joined;
        if (low < *ret_first) *ret_first = low;
        if (high > *ret_last) *ret_last = high;
    }
}

/* Joining to the right, founding upward; a dot's area says how many teams share both years. */
static enum eki_error draw_years(struct picture *p, const struct eki_members *m)
{
    enum eki_language language = p->page.language;
    struct eki_sentence description;
    int first, last;
    range_of(m, &first, &last);
    eki_report_fill(
        &description, language,
        EKI_TEXT(
            "{1} teams: to the right the year they joined, upward the year they were founded. On the diagonal they joined in the year "
            "of their foundation."),
        EKI_VALUES(eki_report_grouped(m->year_count).text));
    open_picture(p, eki_report_say(language, EKI_TEXT("Year of foundation against year of joining")),
                 description.text, HEIGHT + 160);
    if (!m->year_count) return close_picture(p);
    struct eki_chart *c = &p->chart;
    double span = last - first + 1, dx = (c->right - c->left) / span, dy = (c->bottom - c->top) / span;
    int every = span > 25 ? 5 : 1;
    for (int year = first; year <= last; year++) {
        char text[8];
        snprintf(text, sizeof text, "%d", year);
        if (year % every) continue;
        eki_chart_label(c, "tick middle", c->left + (year - first + .5) * dx, c->bottom + 17, text);
        eki_chart_label(c, "tick end", c->left - 8, c->bottom - (year - first + .5) * dy + 4, text);
    }
    eki_chart_line(c, "grid", (struct eki_stroke){c->left, c->bottom, c->right, c->top});
    for (int joined = first; joined <= last; joined++)
        for (int founded = first; founded <= last; founded++) {
            unsigned teams = 0;
            for (size_t i = 0; i < m->year_count; i++)
                teams += m->years[i].joined == joined && m->years[i].founded == founded;
            if (teams)
                eki_chart_dot(c, "dot", c->left + (joined - first + .5) * dx,
                              c->bottom - (founded - first + .5) * dy, 3 + 2.2 * sqrt(teams));
        }
    return close_picture(p);
}

const char *eki_members_chart_name(enum eki_members_chart chart)
{
    static const char *const names[] = {"growth", "sectors", "regions", "years", "health"};
    return (unsigned)chart < EKI_MEMBERS_CHARTS ? names[chart] : "?";
}

enum eki_error eki_report_members_chart(const struct eki_members *m, enum eki_members_chart chart,
                                        enum eki_language language, FILE *out)
{
    struct picture p = {.page = {.out = out, .language = language}};
    switch (chart) {
    case EKI_CHART_GROWTH: return draw_growth(&p, m);
    case EKI_CHART_SECTORS: return draw_shares(&p, EKI_TEXT("Teams by sector"), m->sectors, m->sector_count);
    case EKI_CHART_REGIONS: return draw_shares(&p, EKI_TEXT("Teams by region"), m->regions, m->region_count);
    case EKI_CHART_YEARS: return draw_years(&p, m);
    case EKI_CHART_HEALTH: return draw_health(&p, m);
    default: return EKI_ERROR_ARGUMENT;
    }
}
