/* SPDX-License-Identifier: Apache-2.0 */
/* What everything rests on: signs, attempts that failed, the inputs and what could not be read, limits that
 * were reached. */
#include <inttypes.h>
#include <string.h>

#include "report/page_parts.h"
#include "report/strategy.h"

void eki_page_failed(struct eki_page *page, const struct eki_outbreak *outbreak)
{
    static const char *const headings[] = {EKI_TEXT("Source"), EKI_TEXT("Target"), EKI_TEXT("#Attempts"),
                                           EKI_TEXT("First"),  EKI_TEXT("What"),   NULL};
    size_t shown = outbreak->failed_count < EKI_TABLE_ROWS ? outbreak->failed_count : EKI_TABLE_ROWS;
    if (!shown) return;
    eki_page_heading(page, 3, EKI_TEXT("Attempts that failed"));
    eki_page_table(page, EKI_TEXT("Attacked, but not seen infected"), headings, false);
    for (size_t i = 0; i < shown; i++) {
        const struct eki_failed_attempt *failed = &outbreak->failed[i];
        eki_page_row(page);
        eki_page_cell(page, eki_report_host(failed->source).text);
        eki_page_cell(page, eki_report_host(failed->target).text);
        eki_page_figure(page, eki_report_grouped(failed->attempts).text);
        eki_page_cell(page, eki_page_when(page, failed->first).text);
        eki_page_cell(page, failed->what);
    }
    eki_page_table_end(page, shown, outbreak->failed_count);
}

static void write_sign(struct eki_page *page, const struct eki_sign *sign)
{
    eki_page_row(page);
    eki_page_cell(page, eki_page_when(page, sign->first).text);
    eki_page_cell(page, sign->name);
    eki_page_cell(page, eki_report_grade_words(page->language, (enum eki_grade)sign->grade));
    eki_page_cell(page, eki_report_host(sign->source).text);
    eki_page_cell(page, eki_report_host(sign->target).text);
    eki_page_cell(page, eki_report_service(sign->protocol, sign->service).text);
    eki_page_cell(page, sign->technique && sign->technique[0] ? sign->technique : "-");
    char detail[EKI_REPORT_SENTENCE];
    eki_report_heard(page->language, sign->detail, detail, sizeof detail);
    eki_page_cell(page, detail);
    eki_page_packets(page, sign->input, sign->packet_first, sign->packet_last);
}

void eki_page_signs(struct eki_page *page)
{
    static const char *const headings[] = {EKI_TEXT("First seen"), EKI_TEXT("Sign"),
                                           EKI_TEXT("Grade"),      EKI_TEXT("Source"),
                                           EKI_TEXT("Target"),     EKI_TEXT("Service"),
                                           EKI_TEXT("ATT&CK"),     EKI_TEXT("Detail"),
                                           EKI_TEXT("Packets"),    NULL};
    const struct eki_result *result = page->result;
    size_t shown = result->sign_count < EKI_TABLE_ROWS ? result->sign_count : EKI_TABLE_ROWS;
    if (!shown) return;
    eki_page_heading(page, 2, EKI_TEXT("Signs of known ways of spreading"));
    eki_page_table(page, EKI_TEXT("Signs, each with its packets"), headings, result->sign_count <= 20);
    for (size_t i = 0; i < shown; i++) write_sign(page, &result->signs[i]);
    eki_page_table_end(page, shown, result->sign_count);
}

/* "complete", or the error with its place. */
static void write_state(struct eki_page *page, const struct eki_input *input)
{
    struct eki_sentence words;
    char offset[24];
    snprintf(offset, sizeof offset, "%" PRIu64, input->fault.offset);
    if (!input->error) {
        bool open = input->lacks && *input->lacks;
        if (open)
            eki_report_fill(&words, page->language, EKI_TEXT("read to its end; cannot tell: {1}"),
                            EKI_VALUES(eki_report_clauses(page->language, input->lacks).text));
        eki_page_cell(page, open ? words.text : eki_report_say(page->language, EKI_TEXT("read to its end")));
        return;
    }
    eki_report_fill(&words, page->language, EKI_TEXT("{1} at byte {2}"),
                    EKI_VALUES(eki_report_say(page->language, eki_error_text(input->error)), offset));
    eki_page_cell(page, words.text);
}

void eki_page_inputs(struct eki_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Input"),      EKI_TEXT("Format"), EKI_TEXT("#Packets"),
                                           EKI_TEXT("#Bytes"),     EKI_TEXT("First"),  EKI_TEXT("Last"),
                                           EKI_TEXT("#Malformed"), EKI_TEXT("State"),  NULL};
    const struct eki_result *result = page->result;
    size_t shown = result->input_count < EKI_TABLE_ROWS ? result->input_count : EKI_TABLE_ROWS;
    eki_page_heading(page, 2, EKI_TEXT("What was read"));
    eki_page_table(page, EKI_TEXT("Inputs"), headings, true);
    for (size_t i = 0; i < shown; i++) {
        const struct eki_input *input = &result->inputs[i];
        const char *slash = input->path ? strrchr(input->path, '/') : NULL;
        eki_page_row(page);
        eki_page_cell(page, slash && slash[1] ? slash + 1 : input->path);
        eki_page_cell(page, input->format);
        eki_page_figure(page, eki_report_grouped(input->packets).text);
        eki_page_figure(page, eki_report_grouped(input->bytes).text);
        eki_page_cell(page, eki_page_when(page, input->first).text);
        eki_page_cell(page, eki_page_when(page, input->last).text);
        eki_page_figure(page, eki_report_grouped(input->malformed).text);
        write_state(page, input);
    }
    eki_page_table_end(page, shown, result->input_count);
}

void eki_page_limits(struct eki_page *page)
{
    static const char *const headings[] = {EKI_TEXT("Limit"), EKI_TEXT("#Reached"), EKI_TEXT("Effect"), NULL};
    const struct eki_result *result = page->result;
    if (!result->limit_count) return;
    eki_page_heading(page, 2, EKI_TEXT("Limits reached"));
    eki_page_table(page, EKI_TEXT("Limits"), headings, true);
    for (size_t i = 0; i < result->limit_count; i++) {
        eki_page_row(page);
        eki_page_cell(page, eki_report_say(page->language, result->limits[i].name));
        eki_page_figure(page, eki_report_grouped(result->limits[i].reached).text);
        eki_page_cell(page, eki_report_say(page->language, result->limits[i].effect));
    }
    eki_page_table_end(page, result->limit_count, result->limit_count);
}
