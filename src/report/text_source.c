/* SPDX-License-Identifier: Apache-2.0 */
/* Scanners become the table of sources on the terminal. */
#include "report/figure.h"
#include "report/letter.h"
#include "report/strategy.h"
#include "report/text.h"

struct columns {
    unsigned host, service, targets, answered, pace;
};

static bool is_told(const struct eki_scanner *scanner)
{
    return scanner->verdict != EKI_VERDICT_BENIGN;
}

static enum eki_style verdict_style(enum eki_verdict verdict)
{
    if (verdict == EKI_VERDICT_SCANNER) return EKI_STYLE_INFECTED;
    return verdict == EKI_VERDICT_FLOOD ? EKI_STYLE_ATTEMPTED : EKI_STYLE_QUIET;
}

static void add_heading(struct eki_sheet *sheet, struct eki_section *section, const struct columns *columns)
{
    enum eki_language language = sheet->language;
    struct eki_line line = eki_sheet_line(sheet);
    eki_line_put(&line, EKI_STYLE_QUIET, "  ");
    eki_line_field(&line, EKI_STYLE_QUIET, eki_report_say(language, EKI_TEXT("host")), columns->host, false);
    eki_line_field(&line, EKI_STYLE_QUIET, eki_report_say(language, EKI_TEXT("service")), columns->service,
                   false);
    eki_line_field(&line, EKI_STYLE_QUIET, eki_report_say(language, EKI_TEXT("targets")), columns->targets,
                   true);
    eki_line_field(&line, EKI_STYLE_QUIET, eki_report_say(language, EKI_TEXT("answered")), columns->answered,
                   true);
    eki_line_field(&line, EKI_STYLE_QUIET, eki_report_say(language, EKI_TEXT("per s")), columns->pace, true);
    eki_line_put(&line, EKI_STYLE_QUIET, "  ");
    eki_line_put(&line, EKI_STYLE_QUIET, eki_report_say(language, EKI_TEXT("search nearby / elsewhere")));
    eki_sheet_add(sheet, section, &line, 0);
}

static void add_scanner(struct eki_sheet *sheet, struct eki_section *section, const struct columns *columns,
                        const struct eki_scanner *scanner, size_t item)
{
    struct eki_line line = eki_sheet_line(sheet);
    enum eki_style style = verdict_style(scanner->verdict);
    struct eki_sentence words = eki_report_search_words(sheet->language, scanner);
    eki_line_put(&line, EKI_STYLE_PLAIN, "  ");
    eki_line_field(&line, style, eki_report_host(scanner->host).text, columns->host, false);
    eki_line_field(&line, EKI_STYLE_PLAIN, eki_report_asked(sheet->language, scanner).text, columns->service,
                   false);
    eki_line_field(&line, EKI_STYLE_PLAIN, eki_report_grouped(scanner->targets).text, columns->targets, true);
    eki_line_field(&line, EKI_STYLE_PLAIN, eki_report_grouped(scanner->answered).text, columns->answered,
                   true);
    eki_line_field(&line, EKI_STYLE_PLAIN, eki_report_rounded(scanner->rate_per_s).text, columns->pace, true);
    eki_line_put(&line, EKI_STYLE_PLAIN, "  ");
    eki_line_put(&line, EKI_STYLE_PLAIN, words.text);
    eki_sheet_add(sheet, section, &line, item);
}

void eki_report_text_sources(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct columns columns = {.host = 12, .service = 11, .targets = 8, .answered = 9, .pace = 8};
    size_t told = 0, item = 0;
    for (size_t i = 0; i < result->scanner_count; i++) {
        unsigned wide = eki_report_columns(eki_report_host(result->scanners[i].host).text) + 1;
        if (!is_told(&result->scanners[i])) continue;
        if (told++ < sheet->height && wide > columns.host) columns.host = wide < 27 ? wide : 27;
    }
    if (!told) return;
    struct eki_section *section = eki_sheet_section(sheet, EKI_TEXT("Sources"), 3);
    add_heading(sheet, section, &columns);
    for (size_t i = 0; i < result->scanner_count && !eki_sheet_is_full(sheet, section); i++)
        if (is_told(&result->scanners[i]))
            add_scanner(sheet, section, &columns, &result->scanners[i], item++);
    section->items = told;
}
