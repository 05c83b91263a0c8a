/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The charts of an outbreak as one picture to take along. The colours of the page in light (style.c), but
 * written out, because most programs that draw SVG know no variables; always on white, so that it prints and
 * fits into any document.
 */
#include "base/memory.h"
#include "report/chart.h"
#include "report/page_parts.h"

enum { AROUND = 8, HEADING = 34 };

/* Room left at both ends of the time axis, as a share of it. */
static const double AXIS_MARGIN = 0.02;

static const char style[] =
    "text{font:12.5px system-ui,'Noto Sans','Noto Sans CJK JP','Noto Sans JP',sans-serif;fill:#1b1f24}"
    ".tick{font-size:12px}.quiet{fill:#59616c}.middle{text-anchor:middle}.end{text-anchor:end}"
    ".strong{font-weight:600;font-size:15px}.heading{font-weight:600;font-size:18px}\n"
    ".grid,.row{stroke:#d4d8de;stroke-width:1}.axis{stroke:#59616c;stroke-width:1}"
    ".life{stroke:#c8460a;stroke-width:2;opacity:.45}.edge{stroke:#c8460a;fill:none}"
    "circle.infected{fill:#c8460a;stroke:#fff;stroke-width:1.5}circle.zero{fill:#8f1414}"
    "circle.ring{fill:none;stroke:#8f1414;stroke-width:2}text.zero{fill:#8f1414;font-weight:650}"
    ".step{fill:none;stroke:#c8460a;stroke-width:2.5}.bar{fill:#c8460a}";

/* From the first infection to the last, and a little room. */
static void set_axis(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    size_t count = outbreak->infection_count;
    page->start = count ? outbreak->infections[0].time : page->result->origin;
    page->finish = count ? outbreak->infections[count - 1].time : page->result->end;
    if (page->start == EKI_TIME_NONE || page->finish == EKI_TIME_NONE || page->finish < page->start)
        page->start = page->finish = 0;
    eki_time margin = (eki_time)(eki_time_since(page->finish, page->start) * 1e9 * AXIS_MARGIN) + 1000000;
    page->start -= margin;
    page->finish += margin;
}

static void write_frame(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    char number[16];
    struct eki_sentence title, when;
    snprintf(number, sizeof number, "%u", outbreak->id);
    eki_report_fill(&title, page->language, EKI_TEXT("Outbreak {1} on {2}"),
                    EKI_VALUES(number, eki_report_service(outbreak->protocol, outbreak->service).text));
    eki_report_fill(
        &when, page->language, EKI_TEXT("ekigaku outbreak report: {1} to {2} (UTC)"),
        EKI_VALUES(eki_report_moment(page->result->origin).text, eki_report_moment(page->result->end).text));
    struct eki_figure height = eki_chart_number(page->below + AROUND);
    fprintf(page->out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" ");
    fprintf(page->out, "xml:lang=\"%s\" width=\"%d\" ", page->language == EKI_JAPANESE ? "ja" : "en",
            EKI_CHART_WIDTH);
    fprintf(page->out, "height=\"%s\" viewBox=\"0 0 %d %s\" ", height.text, EKI_CHART_WIDTH, height.text);
    eki_page_raw(page, "aria-labelledby=\"title about\">\n");
    eki_page_raw(page, "<title id=\"title\">");
    eki_page_text(page, title.text);
    eki_page_raw(page, "</title>\n<desc id=\"about\">");
    eki_page_text(page, when.text);
    fprintf(page->out, "</desc>\n<style>%s</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            style);
    eki_page_raw(page, "<text class=\"heading\" x=\"8\" y=\"26\" aria-hidden=\"true\">");
    eki_page_text(page, title.text);
    eki_page_raw(page, "</text>\n");
}

enum eki_error eki_report_picture(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                  enum eki_language language, FILE *out)
{
    char *charts = NULL; /* first, since the frame tells how high they are */
    size_t length = 0;
    struct eki_page page = {.result = result, .language = language, .picture = true, .below = HEADING};
    page.out = open_memstream(&charts, &length);
    if (!page.out) return EKI_ERROR_MEMORY;
    set_axis(&page, outbreak);
    eki_page_tree_chart(&page, outbreak);
    eki_page_curve_charts(&page, outbreak);
    bool failed = ferror(page.out);
    if (fclose(page.out) || failed) page.error = EKI_ERROR_MEMORY;
    page.out = out;
    if (!page.error) {
        write_frame(&page, outbreak);
        fwrite(charts, 1, length, out);
        eki_page_raw(&page, "</svg>\n");
    }
    eki_free(charts);
    if (page.error) return page.error;
    return ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
