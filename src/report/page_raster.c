/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan raster of one source: elapsed time to the right, address upward, one dot a probe. In order shows
 * as a line, random as snow, local preference as a band (the shapes of the lecture, row B1). The axis is
 * linear; the source's own network and everything else have a picture each, because on one axis from 0.0.0.0
 * to 255.255.255.255 a /24 is a line without a shape.
 */
#include <math.h>
#include <string.h>

#include "report/chart.h"
#include "report/page_parts.h"

enum { HEIGHT = 300, LABELS = 150, OWN_BITS_V4 = 112, OWN_BITS_V6 = 48, LABELS_UP = 5 };

struct raster {
    struct eki_chart chart;
    const struct eki_scanner *scanner;
    bool own;                     /* the source's own network, else everything */
    struct eki_address low, high; /* of the addresses drawn */
    size_t probes;
    double seconds;
};

static bool is_drawn(const struct raster *r, const struct eki_probe *probe)
{
    unsigned bits = eki_address_is_v4(r->scanner->host) ? OWN_BITS_V4 : OWN_BITS_V6;
    return (unsigned)eki_address_common_bits(probe->target, r->scanner->host) >= bits ? r->own : !r->own;
}

/* high - low as a number; exact for IPv4, to 53 bits for IPv6, which is far finer than a picture. */
static double distance(struct eki_address low, struct eki_address high)
{
    return ldexp((double)high.hi - (double)low.hi, 64) + ((double)high.lo - (double)low.lo);
}

static void measure(struct raster *r)
{
    for (size_t i = 0; i < r->scanner->probe_count; i++) {
        const struct eki_probe *probe = &r->scanner->probes[i];
        if (!is_drawn(r, probe)) continue;
        if (!r->probes || eki_address_compare(probe->target, r->low) < 0) r->low = probe->target;
        if (!r->probes || eki_address_compare(probe->target, r->high) > 0) r->high = probe->target;
        r->seconds = fmax(r->seconds, eki_time_since(probe->time, r->scanner->since));
        r->probes++;
    }
}

/* The axis begins and ends at borders of a power of two, so that a /24 or a /16 fills its picture and the
 * labels are round. */
static void round_borders(struct raster *r)
{
    if (!eki_address_is_v4(r->low) || !eki_address_is_v4(r->high)) return;
    uint64_t step = 8;
    while (distance(r->low, r->high) > (double)step * 4 && step < UINT64_C(1) << 30) step *= 2;
    uint64_t low = (r->low.lo & UINT32_MAX) / step * step,
             high = ((r->high.lo & UINT32_MAX) / step + 1) * step - 1;
    r->low = eki_address_v4((uint32_t)low);
    r->high = eki_address_v4(high > UINT32_MAX ? UINT32_MAX : (uint32_t)high);
}

static void draw_addresses(struct raster *r)
{
    for (unsigned i = 0; i < LABELS_UP; i++) {
        double y = eki_chart_y(&r->chart, r->chart.y_high * i / (LABELS_UP - 1));
        eki_chart_line(&r->chart, "grid", (struct eki_stroke){r->chart.left, y, r->chart.right, y});
        struct eki_address at = i == 0 ? r->low : r->high;
        if (i > 0 && i + 1 < LABELS_UP) {
            if (!eki_address_is_v4(r->low)) continue;
            uint64_t span = r->high.lo - r->low.lo + 1;
            at = eki_address_v4((uint32_t)((r->low.lo & UINT32_MAX) + span * i / (LABELS_UP - 1)));
        }
        eki_chart_label(&r->chart, "tick end", r->chart.left - 8, y + 4, eki_report_host(at).text);
    }
}

/* All dots of a kind are one path: a hundredth of the bytes that as many elements would take. */
static void draw_probes(struct raster *r, bool answered)
{
    FILE *out = r->chart.page->out;
    fprintf(out, "<path class=\"%s\" d=\"", answered ? "probe hit" : "probe");
    for (size_t i = 0; i < r->scanner->probe_count; i++) {
        const struct eki_probe *probe = &r->scanner->probes[i];
        if (probe->answered != answered || !is_drawn(r, probe)) continue;
        double x = eki_chart_x_seconds(&r->chart, eki_time_since(probe->time, r->scanner->since), r->seconds);
        double y = eki_chart_y(&r->chart, distance(r->low, probe->target));
        fprintf(out, "M%s %sh0", eki_chart_number(x).text, eki_chart_number(y).text);
    }
    eki_page_raw(r->chart.page, "\"/>\n");
}

static void write_raster(struct eki_page *page, struct raster *r)
{
    struct eki_sentence title, description;
    struct eki_figure host = eki_report_host(r->scanner->host);
    eki_report_fill(
        &title, page->language,
        r->own ? EKI_TEXT("Scan raster of {1} on {2}: its own network")
               : EKI_TEXT("Scan raster of {1} on {2}: elsewhere"),
        EKI_VALUES(host.text, eki_report_service(r->scanner->protocol, r->scanner->service).text));
    eki_report_fill(&description, page->language, EKI_TEXT("{1} probes over {2}, addresses {3} to {4}."),
                    EKI_VALUES(eki_report_grouped(r->probes).text,
                               eki_report_duration(page->language, r->seconds).text,
                               eki_report_host(r->low).text, eki_report_host(r->high).text));
    r->chart = eki_chart_open(page, title.text, description.text, HEIGHT, LABELS);
    r->chart.y_high = fmax(distance(r->low, r->high), 1);
    draw_addresses(r);
    eki_chart_durations(&r->chart, r->seconds);
    draw_probes(r, false);
    draw_probes(r, true);
    eki_chart_close(&r->chart);
}

static void write_table(struct eki_page *page, const struct eki_scanner *scanner)
{
    static const char *const headings[] = {EKI_TEXT("Time"), EKI_TEXT("Address"), EKI_TEXT("Answered"),
                                           EKI_TEXT("#Stands for"), NULL};
    enum { ROWS = 300 };
    size_t shown = scanner->probe_count < ROWS ? scanner->probe_count : ROWS;
    eki_page_table(page, EKI_TEXT("The probes as a table"), headings, false);
    for (size_t i = 0; i < shown; i++) {
        const struct eki_probe *probe = &scanner->probes[i];
        eki_page_row(page);
        eki_page_cell(page, eki_page_when(page, probe->time).text);
        eki_page_cell(page, eki_report_host(probe->target).text);
        eki_page_cell(page,
                      eki_report_say(page->language, probe->answered ? EKI_TEXT("yes") : EKI_TEXT("no")));
        eki_page_figure(page, eki_report_grouped(probe->weight).text);
    }
    eki_page_table_end(page, shown, scanner->probe_count);
}

void eki_page_raster(struct eki_page *page, const struct eki_scanner *scanner)
{
    if (scanner->shape != EKI_SHAPE_HORIZONTAL) return;
    for (int own = 1; own >= 0; own--) {
        struct raster raster = {.scanner = scanner, .own = own};
        measure(&raster);
        if (raster.probes < 2) continue;
        round_borders(&raster);
        write_raster(page, &raster);
    }
    eki_page_raw(page, "<p class=\"note\">");
    eki_page_say(
        page, EKI_TEXT("Seconds since it began to search. Small grey dot: no answer. Large dot: answered."));
    eki_page_raw(page, "</p>\n");
    write_table(page, scanner);
}
