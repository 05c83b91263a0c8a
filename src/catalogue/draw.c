/* SPDX-License-Identifier: Apache-2.0 */
/* Lineage and timeline as SVG: one row a family, time to the right. Readable in light and dark. */
#include <stdlib.h>
#include <string.h>

#include "ekigaku/catalogue.h"

enum { LEFT = 150, ROW = 26, TOP = 60, YEAR = 30, BOTTOM = 40, RIGHT = 170 };

static double year_of(const char *first)
{
    double year = strtod(first, NULL);
    return strlen(first) >= 7 ? year + (strtod(first + 5, NULL) - 1) / 12 : year;
}

static void put_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        const char *entity = *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '&' ? "&amp;" : NULL;
        if (entity)
            fputs(entity, out);
        else
            fputc(*text, out);
    }
}

struct picture {
    FILE *out;
    double from; /* year at the left edge */
    double width, height;
};

static double x_of(const struct picture *p, double year)
{
    return LEFT + (year - p->from) * YEAR;
}

static double y_of(size_t row)
{
    return TOP + (double)row * ROW;
}

static void label(const struct picture *p, double x, double y, const char *style, const char *text)
{
    fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, style);
    put_text(p->out, text);
    fputs("</text>\n", p->out);
}

static struct picture begin(const struct eki_catalogue *c, const char *title, const char *description,
                            FILE *out)
{
    double last = year_of(c->families[c->family_count - 1].first);
    struct picture p = {.out = out, .from = (int)year_of(c->families[0].first)};
    p.width = LEFT + (last - p.from + 1) * YEAR + RIGHT;
    p.height = TOP + (double)c->family_count * ROW + BOTTOM;
    fprintf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\" "
        "aria-labelledby=\"t d\">\n<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n",
        p.width, p.height, p.width, p.height, title, description);
    fputs(
        "<style>svg{background:#fff;color-scheme:light dark}text{font:12px sans-serif;fill:#1b1f24}"
        ".year{fill:#57606a;text-anchor:middle}.name{text-anchor:end}.head{font-weight:bold;font-size:15px}"
        ".grid{stroke:#d0d7de}.line{stroke:#c2410c;fill:none;stroke-width:1.5}.dot{fill:#c2410c}.quiet{fill:#57606a}"
        ".era{fill:#eaeef2;stroke:#d0d7de}"
        "@media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.year,.quiet{fill:#9198a1}"
        ".grid{stroke:#30363d}.line{stroke:#f0883e}.dot{fill:#f0883e}.era{fill:#161b22;stroke:#30363d}}</style>\n",
        out);
    label(&p, 8, 20, "head", title);
    for (int year = (int)p.from; year <= (int)last + 1; year += 2) {
        char text[16];
        snprintf(text, sizeof text, "%d", year);
        fprintf(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%.1f\" class=\"grid\"/>\n", x_of(&p, year),
                x_of(&p, year), TOP - 14, p.height - BOTTOM + 4);
        label(&p, x_of(&p, year), p.height - BOTTOM + 20, "year", text);
    }
    return p;
}

static enum eki_error end(const struct picture *p)
{
    fputs("</svg>\n", p->out);
    return fflush(p->out) || ferror(p->out) ? EKI_ERROR_WRITE : EKI_OK;
}

static size_t row_of(const struct eki_catalogue *c, const char *id)
{
    size_t row = 0;
    while (row < c->family_count && strcmp(c->families[row].id, id) != 0) row++;
    return row;
}

/* A curve from the earlier family to the later one; its title says what was taken over. */
static void draw_inheritance(const struct picture *p, const struct eki_catalogue *c, size_t row,
                             const struct eki_inheritance *from)
{
    size_t earlier = row_of(c, from->from);
    double x1 = x_of(p, year_of(c->families[earlier].first)), y1 = y_of(earlier),
           x2 = x_of(p, year_of(c->families[row].first)), y2 = y_of(row);
    fprintf(p->out, "<path class=\"line\" d=\"M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f\"><title>", x1, y1,
            x1, y2, x1, y2, x2, y2);
    put_text(p->out, c->families[row].name), put_text(p->out, " from "),
        put_text(p->out, c->families[earlier].name);
    put_text(p->out, ": "), put_text(p->out, eki_catalogue_technique(c, from->technique)->name);
    fputs("</title></path>\n", p->out);
}

static void draw_family(const struct picture *p, const struct eki_family *f, size_t row)
{
    label(p, LEFT - 10, y_of(row) + 4, "name", f->name);
    fprintf(p->out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/>\n", x_of(p, year_of(f->first)),
            y_of(row), f->propagates ? 6 : 4);
}

enum eki_error eki_catalogue_draw_lineage(const struct eki_catalogue *c, FILE *out)
{
    struct picture p = begin(
        c, "Who inherited which technique from whom",
        "Each row is a family at the time it first appeared; a curve leads to it from each family it took a "
        "technique from. Large dots spread by themselves.",
        out);
    for (size_t i = 0; i < c->family_count; i++)
        for (size_t k = 0; k < c->families[i].inherits_count; k++)
            draw_inheritance(&p, c, i, &c->families[i].inherits[k]);
    for (size_t i = 0; i < c->family_count; i++) draw_family(&p, &c->families[i], i);
    return end(&p);
}

enum eki_error eki_catalogue_draw_timeline(const struct eki_catalogue *c, FILE *out)
{
    struct picture p =
        begin(c, "Malware by year, and the generations of attacks",
              "Each row is a family at the time it first appeared; bands are generations of attacks.", out);
    for (size_t i = 0; i < c->era_count; i++) {
        const struct eki_era *era = &c->eras[i];
        double from = year_of(era->from),
               to = era->to[0] ? year_of(era->to) + 1 : p.from + (p.width - LEFT) / YEAR;
        if (to > p.from + (p.width - LEFT) / YEAR) to = p.from + (p.width - LEFT) / YEAR;
        if (from < p.from || from >= to) continue;
        fprintf(out, "<rect class=\"era\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%.1f\"><title>",
                x_of(&p, from), TOP - 14, (to - from) * YEAR, p.height - BOTTOM - TOP + 14);
        put_text(out, era->name);
        fputs("</title></rect>\n", out);
        label(&p, x_of(&p, from) + 3, TOP - 20 + (i % 2 ? -12 : 0), "quiet", era->name);
    }
    for (size_t i = 0; i < c->family_count; i++) {
        draw_family(&p, &c->families[i], i);
    }
    return end(&p);
}
