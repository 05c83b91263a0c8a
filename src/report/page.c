/* SPDX-License-Identifier: Apache-2.0 */
/* A result becomes one self-contained page, in the order in which somebody in a hurry reads it. */
#include "report/page.h"

#include "report/page_parts.h"
#include "report/style.h"
#include "report/verdict.h"

/* Outbreaks drawn in full; the rest is in the facts. More would make a page that nobody reads to its end. */
enum { OUTBREAKS_DRAWN = 12 };

/* Room left at both ends of the time axis, as a share of it, so that the first and last mark are not cut. */
static const double AXIS_MARGIN = 0.02;

static void widen(struct eki_page *page, eki_time first, eki_time last)
{
    if (first == EKI_TIME_NONE || last == EKI_TIME_NONE || last < first) return;
    if (page->start == EKI_TIME_NONE || first < page->start) page->start = first;
    if (page->finish == EKI_TIME_NONE || last > page->finish) page->finish = last;
}

/* One axis for all charts: from the first thing worth showing to the last, not the hours of calm around it.
 */
static void set_axis(struct eki_page *page)
{
    const struct eki_result *result = page->result;
    page->start = page->finish = EKI_TIME_NONE;
    for (size_t i = 0; i < result->scanner_count; i++)
        if (eki_page_searches(&result->scanners[i]))
            widen(page, result->scanners[i].since, result->scanners[i].last);
    for (size_t i = 0; i < result->outbreak_count; i++) {
        const struct eki_outbreak *outbreak = &result->outbreaks[i];
        if (!outbreak->infection_count) continue;
        widen(page, outbreak->infections[0].time, outbreak->infections[outbreak->infection_count - 1].time);
    }
    if (page->start == EKI_TIME_NONE) widen(page, result->origin, result->end);
    if (page->start == EKI_TIME_NONE) page->start = page->finish = 0;
    eki_time margin = (eki_time)(eki_time_since(page->finish, page->start) * 1e9 * AXIS_MARGIN) + 1000000;
    page->start -= margin;
    page->finish += margin;
}

static void write_head(struct eki_page *page)
{
    struct eki_sentence verdict = eki_report_verdict(page->language, page->result);
    fprintf(
        page->out,
        "<!DOCTYPE html>\n<html lang=\"%s\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
        page->language == EKI_JAPANESE ? "ja" : "en");
    eki_page_text(page, verdict.text);
    eki_page_raw(page, "</title>\n<style>\n");
    for (size_t i = 0; eki_report_style[i]; i++) eki_page_raw(page, eki_report_style[i]);
    eki_page_raw(page, "</style>\n</head>\n<body>\n<header>\n<p class=\"kicker\">");
    eki_page_fill(
        page, EKI_TEXT("ekigaku outbreak report: {1} to {2} (UTC)"),
        EKI_VALUES(eki_report_moment(page->result->origin).text, eki_report_moment(page->result->end).text));
    eki_page_raw(page, "</p>\n");
    int status = eki_report_exit_status(page->result);
    eki_page_element(page, "h1",
                     status == 20   ? "spreading"
                     : status == 10 ? "scanning"
                                    : "calm",
                     verdict.text);
    eki_page_raw(page, "</header>\n<main>\n");
}

static void write_advice(struct eki_page *page)
{
    struct eki_advice advice;
    eki_report_advise(page->language, page->result, &advice);
    eki_page_heading(page, 2, EKI_TEXT("What to do now"));
    eki_page_raw(page, "<ol class=\"now\">\n");
    for (size_t i = 0; i < advice.count; i++) eki_page_element(page, "li", NULL, advice.lines[i].text);
    eki_page_raw(page, "</ol>\n");
}

static void term(struct eki_page *page, const char *name, const char *text)
{
    if (!text || !text[0]) return;
    eki_page_raw(page, "<div>");
    eki_page_element(page, "dt", NULL, eki_report_say(page->language, name));
    eki_page_element(page, "dd", NULL, text);
    eki_page_raw(page, "</div>\n");
}

static void write_family(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    struct eki_sentence words;
    if (!outbreak->family.name) {
        term(page, EKI_TEXT("Behaves like"), eki_report_say(page->language, EKI_TEXT("no known family")));
        return;
    }
    eki_report_fill(&words, page->language, EKI_TEXT("{1} ({2})"),
                    EKI_VALUES(eki_report_family(outbreak->family.name).text,
                               eki_report_percent(outbreak->family.score).text));
    term(page, EKI_TEXT("Behaves like"), words.text);
}

/* The figures of an outbreak that fit on one line each. */
static void write_figures(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    enum eki_language language = page->language;
    struct eki_sentence words;
    eki_page_raw(page, "<dl>\n");
    term(page, EKI_TEXT("Infected"), eki_report_grouped(outbreak->infection_count).text);
    if (outbreak->has_patient_zero) {
        eki_report_fill(&words, language, EKI_TEXT("{1} ({2})"),
                        EKI_VALUES(eki_report_host(outbreak->patient_zero).text,
                                   eki_report_percent(outbreak->patient_zero_posterior).text));
        term(page, EKI_TEXT("Patient zero"), words.text);
    }
    if (outbreak->growth.known) {
        term(page, EKI_TEXT("Doubles every"),
             eki_report_duration(language, outbreak->growth.doubling_s).text);
        eki_report_fill(&words, language, EKI_TEXT("{1} ({2} to {3}) over {4}"),
                        EKI_VALUES(eki_report_rounded(outbreak->growth.r).text,
                                   eki_report_rounded(outbreak->growth.r_low).text,
                                   eki_report_rounded(outbreak->growth.r_high).text,
                                   eki_report_duration(language, outbreak->growth.r_period_s).text));
        term(page, EKI_TEXT("Reproduction number"), words.text);
    }
    write_family(page, outbreak);
    words = (struct eki_sentence){{0}};
    for (size_t i = 0; i < outbreak->vector_count; i++)
        eki_report_list(&words, language, eki_report_say(language, outbreak->vectors[i]));
    term(page, EKI_TEXT("Way in"), words.text);
    term(page, EKI_TEXT("Route of infection"), eki_report_say(language, outbreak->route));
    term(page, EKI_TEXT("Countermeasure class"), eki_report_say(language, outbreak->countermeasure_class));
    eki_page_raw(page, "</dl>\n");
}

static void write_outbreak(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    char number[16];
    snprintf(number, sizeof number, "%u", outbreak->id);
    eki_page_raw(page, "<section>\n<h2>");
    eki_page_fill(page, EKI_TEXT("Outbreak {1} on {2}"),
                  EKI_VALUES(number, eki_report_service(outbreak->protocol, outbreak->service).text));
    eki_page_raw(page, "</h2>\n");
    write_figures(page, outbreak);
    eki_page_tree(page, outbreak);
    eki_page_hosts(page, outbreak);
    eki_page_curve(page, outbreak);
    eki_page_wire(page, outbreak);
    eki_page_failed(page, outbreak);
    eki_page_raw(page, "</section>\n");
}

static void write_outbreaks(struct eki_page *page)
{
    const struct eki_result *result = page->result;
    const struct eki_outbreak *largest = eki_report_largest(result);
    size_t drawn = 0;
    if (largest) write_outbreak(page, largest);
    for (size_t i = 0; i < result->outbreak_count && drawn + 1 < OUTBREAKS_DRAWN; i++) {
        if (&result->outbreaks[i] == largest) continue;
        write_outbreak(page, &result->outbreaks[i]);
        drawn++;
    }
    if (result->outbreak_count <= OUTBREAKS_DRAWN) return;
    eki_page_raw(page, "<p class=\"note\">");
    eki_page_fill(page, EKI_TEXT("{1} further outbreaks are not drawn here; the facts (--json) hold all."),
                  EKI_VALUES(eki_report_grouped(result->outbreak_count - OUTBREAKS_DRAWN).text));
    eki_page_raw(page, "</p>\n");
}

static void write_foot(struct eki_page *page)
{
    eki_page_raw(page, "</main>\n<footer><p>");
    eki_page_say(page,
                 EKI_TEXT("Posteriors are what the traffic supports, not proof: confirm on the host before "
                          "you accuse. Nothing was sent to any host to make this report."));
    eki_page_raw(page, "</p></footer>\n<script>\n");
    eki_page_raw(page, eki_report_script);
    eki_page_raw(page, "</script>\n</body>\n</html>\n");
}

enum eki_error eki_report_html(const struct eki_result *result, enum eki_language language, FILE *out)
{
    struct eki_page page = {.out = out, .result = result, .language = language};
    set_axis(&page);
    write_head(&page);
    write_advice(&page);
    write_outbreaks(&page);
    eki_page_search(&page);
    eki_page_signs(&page);
    eki_page_inputs(&page);
    eki_page_limits(&page);
    write_foot(&page);
    if (page.error) return page.error;
    return ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
