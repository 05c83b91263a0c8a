/* SPDX-License-Identifier: Apache-2.0 */
/* A result becomes the terminal summary: verdict, what to do now, sources, trees, signs, what could not be
 * read, limits. */
#include "report/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/figure.h"
#include "report/verdict.h"

/* With more than these the terminal shows no tree: the page does. */
enum { OUTBREAKS_SHOWN = 4 };

static enum eki_style verdict_style(const struct eki_result *result)
{
    int status = eki_report_exit_status(result);
    if (status == 20) return EKI_STYLE_INFECTED;
    return status == 10 ? EKI_STYLE_ATTEMPTED : EKI_STYLE_TITLE;
}

static void add_verdict(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct eki_section *section = eki_sheet_section(sheet, NULL, 4);
    struct eki_sentence words = eki_report_verdict(sheet->language, result);
    eki_sheet_wrap(sheet, section, verdict_style(result), "", words.text);
}

static void add_advice(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct eki_section *section = eki_sheet_section(sheet, EKI_TEXT("What to do now"), 3);
    struct eki_advice advice;
    eki_report_advise(sheet->language, result, &advice);
    for (size_t i = 0; i < advice.count; i++) {
        char lead[32];
        snprintf(lead, sizeof lead, "  %zu. ", i + 1);
        eki_sheet_wrap(sheet, section, EKI_STYLE_PLAIN, lead, advice.lines[i].text);
    }
}

static void add_outbreaks(struct eki_sheet *sheet, const struct eki_result *result)
{
    const struct eki_outbreak *largest = eki_report_largest(result);
    size_t shown = 0;
    if (largest) eki_report_text_outbreak(sheet, result, largest);
    for (size_t i = 0; i < result->outbreak_count && shown + 1 < OUTBREAKS_SHOWN; i++) {
        if (&result->outbreaks[i] == largest) continue;
        eki_report_text_outbreak(sheet, result, &result->outbreaks[i]);
        shown++;
    }
    if (result->outbreak_count <= shown + 1) return;
    struct eki_section *section = eki_sheet_section(sheet, NULL, 1);
    struct eki_sentence more =
        eki_report_count(sheet->language, result->outbreak_count - shown - 1,
                         EKI_TEXT("{1} further outbreak (--json or --html shows all)"),
                         EKI_TEXT("{1} further outbreaks (--json or --html shows all)"));
    eki_sheet_wrap(sheet, section, EKI_STYLE_PLAIN, "", more.text);
}

static void add_fault(struct eki_sheet *sheet, struct eki_section *section, const struct eki_input *input)
{
    struct eki_sentence sentence;
    char offset[24], what[sizeof input->fault.what + 4];
    snprintf(offset, sizeof offset, "%" PRIu64, input->fault.offset);
    int length = (int)strnlen(input->fault.what, sizeof input->fault.what);
    snprintf(what, sizeof what, " (%.*s)", length, input->fault.what);
    eki_report_fill(&sentence, sheet->language, EKI_TEXT("{1}: {2} at byte {3}{4}"),
                    EKI_VALUES(input->path ? input->path : "-",
                               eki_report_say(sheet->language, eki_error_text(input->error)), offset,
                               length ? what : ""));
    eki_sheet_wrap(sheet, section, EKI_STYLE_ATTEMPTED, "  ", sentence.text);
}

static void add_faults(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct eki_section *section = NULL;
    for (size_t i = 0; i < result->input_count; i++) {
        if (!result->inputs[i].error) continue;
        if (!section) section = eki_sheet_section(sheet, EKI_TEXT("Not read to the end"), 2);
        add_fault(sheet, section, &result->inputs[i]);
    }
}

/* What a form of log cannot tell, once a form; and records that could not be used. */
static void add_log(struct eki_sheet *sheet, struct eki_section *section, const struct eki_result *result,
                    size_t index)
{
    const struct eki_input *input = &result->inputs[index];
    struct eki_sentence sentence;
    bool told = !*input->lacks;
    for (size_t i = 0; i < index && !told; i++)
        told = result->inputs[i].lacks && !strcmp(result->inputs[i].lacks, input->lacks);
    if (!told) {
        eki_report_fill(&sentence, sheet->language, EKI_TEXT("{1} cannot tell: {2}."),
                        EKI_VALUES(input->format, eki_report_clauses(sheet->language, input->lacks).text));
        eki_sheet_wrap(sheet, section, EKI_STYLE_QUIET, "  ", sentence.text);
    }
    if (!input->malformed || !input->place_count) return;
    const struct eki_fault *place = &input->places[0];
    char what[sizeof place->what + 1], offset[24];
    snprintf(what, sizeof what, "%.*s", (int)sizeof place->what, place->what);
    snprintf(offset, sizeof offset, "%" PRIu64, place->offset);
    eki_report_fill(
        &sentence, sheet->language,
        EKI_TEXT("{1}: {2} records could not be used, the first at byte {3} ({4})."),
        EKI_VALUES(input->path ? input->path : "-", eki_report_grouped(input->malformed).text, offset, what));
    eki_sheet_wrap(sheet, section, EKI_STYLE_ATTEMPTED, "  ", sentence.text);
}

/* Sensors, when there are several. */
static void add_sensors(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct eki_section *section = NULL;
    for (size_t i = 0; i < result->input_count; i++) {
        const struct eki_input *input = &result->inputs[i];
        struct eki_sentence sentence;
        if (!input->sensor) continue;
        if (!section) section = eki_sheet_section(sheet, EKI_TEXT("Sensors"), 1);
        eki_report_fill(
            &sentence, sheet->language,
            input->clock_told
                ? EKI_TEXT("{1}: clock set by {2} s; {3} told by another sensor too")
                : EKI_TEXT(
                      "{1}: clock as it is, too little was seen by others too; {3} told by another sensor too"),
            EKI_VALUES(input->sensor, eki_report_fixed((double)input->clock_offset * 1e-9, 3).text,
                       eki_report_grouped(input->duplicates).text));
        eki_sheet_wrap(sheet, section, EKI_STYLE_QUIET, "  ", sentence.text);
    }
}

static void add_logs(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct eki_section *section = NULL;
    for (size_t i = 0; i < result->input_count; i++) {
        const struct eki_input *input = &result->inputs[i];
        if (!input->lacks || (!*input->lacks && !input->malformed)) continue;
        if (!section) section = eki_sheet_section(sheet, EKI_TEXT("What the logs leave open"), 1);
        add_log(sheet, section, result, i);
    }
}

static void add_limits(struct eki_sheet *sheet, const struct eki_result *result)
{
    if (!result->limit_count) return;
    struct eki_section *section = eki_sheet_section(sheet, EKI_TEXT("Limits reached"), 1);
    for (size_t i = 0; i < result->limit_count; i++) {
        const struct eki_limit *limit = &result->limits[i];
        struct eki_sentence sentence;
        eki_report_fill(&sentence, sheet->language, EKI_TEXT("{1}: {2}, {3}"),
                        EKI_VALUES(eki_report_say(sheet->language, limit->name),
                                   eki_report_grouped(limit->reached).text,
                                   eki_report_say(sheet->language, limit->effect)));
        eki_sheet_wrap(sheet, section, EKI_STYLE_QUIET, "  ", sentence.text);
    }
}

static void add_scope(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct eki_section *section = eki_sheet_section(sheet, NULL, 1);
    struct eki_sentence sentence;
    if (result->origin == EKI_TIME_NONE || result->end == EKI_TIME_NONE) return;
    bool logs = eki_report_only_logs(result);
    eki_report_fill(
        &sentence, sheet->language,
        logs ? EKI_TEXT("Read: {1} conversations of {2} hosts, {3} {4}, over {5}.")
             : EKI_TEXT("Read: {1} packets from {2} hosts, {3} {4}, over {5}."),
        EKI_VALUES(eki_report_grouped(logs ? result->flows : result->packets).text,
                   eki_report_grouped(result->hosts).text, eki_report_day(result->origin).text,
                   eki_report_clock(result->origin).text,
                   eki_report_duration(sheet->language, eki_time_since(result->end, result->origin)).text));
    eki_sheet_wrap(sheet, section, EKI_STYLE_QUIET, "", sentence.text);
}

enum eki_error eki_report_text(const struct eki_result *result, const struct eki_text_options *options,
                               FILE *out)
{
    struct eki_sheet sheet = eki_sheet_start(options);
    add_verdict(&sheet, result);
    add_faults(&sheet, result);
    add_advice(&sheet, result);
    add_outbreaks(&sheet, result);
    eki_report_text_sources(&sheet, result);
    eki_report_text_signs(&sheet, result);
    add_sensors(&sheet, result);
    add_logs(&sheet, result);
    add_limits(&sheet, result);
    add_scope(&sheet, result);
    enum eki_error error = eki_sheet_print(&sheet, out);
    eki_sheet_done(&sheet);
    return error;
}
