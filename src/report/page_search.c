/* SPDX-License-Identifier: Apache-2.0 */
/* How each source searches: the table of strategies, then the pictures of the busiest. */
#include "report/page_parts.h"

#include <string.h>

#include "report/strategy.h"

/* Different ways in shown in one cell of the table. */
enum { WAYS = 4 };

/* The own network, as scan/ counts it: a /24, a /64. */
enum { OWN_BITS_V4 = 96 + 24, OWN_BITS_V6 = 64 };

bool eki_page_searches(const struct eki_scanner *scanner)
{
    return scanner->verdict == EKI_VERDICT_SCANNER;
}

/* Whether the host whose ports are tried lies in this scope. */
static bool in_scope(const struct eki_scanner *scanner, enum eki_scope scope)
{
    unsigned bits = eki_address_is_v4(scanner->host) ? OWN_BITS_V4 : OWN_BITS_V6;
    bool near = (unsigned)eki_address_common_bits(scanner->host, scanner->victim) >= bits;
    return near == (scope == EKI_SCOPE_CONNECTED);
}

/* "in order (>99 %), a /24 in 31 s". */
static void write_scope(struct eki_page *page, const struct eki_scanner *scanner, enum eki_scope scope)
{
    const struct eki_strategy_finding *finding = &scanner->strategies[scope];
    struct eki_sentence words;
    if (scanner->shape == EKI_SHAPE_VERTICAL && in_scope(scanner, scope)) {
        eki_report_fill(&words, page->language, EKI_TEXT("ports of {1}"),
                        EKI_VALUES(eki_report_host(scanner->victim).text));
        eki_page_cell(page, words.text);
        return;
    }
    if (!finding->probes || scanner->shape != EKI_SHAPE_HORIZONTAL) {
        eki_page_cell(page, "-");
        return;
    }
    unsigned name = (unsigned)finding->name < EKI_STRATEGY_COUNT ? (unsigned)finding->name : 0;
    bool paced = finding->pass_seconds > 0;
    eki_report_fill(&words, page->language,
                    paced ? EKI_TEXT("{1} ({2}), 254 addresses in {3}") : EKI_TEXT("{1} ({2})"),
                    EKI_VALUES(eki_report_strategy_words(page->language, finding),
                               eki_report_percent(finding->posterior[name]).text,
                               eki_report_duration(page->language, finding->pass_seconds).text));
    eki_page_cell(page, words.text);
}

/* The signs that stand for a way in, of this source on this service: how it spreads, as far as it was seen.
 */
static void write_means(struct eki_page *page, const struct eki_scanner *scanner)
{
    const struct eki_result *result = page->result;
    const char *names[WAYS];
    size_t used = 0;
    struct eki_sentence words = {{0}};
    for (size_t i = 0; i < result->sign_count && used < WAYS; i++) {
        const struct eki_sign *sign = &result->signs[i];
        if (!sign->vector || !eki_address_equal(sign->source, scanner->host)) continue;
        size_t k = 0;
        while (k < used && strcmp(names[k], sign->name) != 0) k++;
        if (k < used) continue;
        names[used++] = sign->name;
        eki_report_list(&words, page->language, sign->name);
    }
    eki_page_cell(page, words.text[0] ? words.text : "-");
}

static void write_decision(struct eki_page *page, const struct eki_scanner *scanner)
{
    struct eki_sentence words;
    eki_report_fill(&words, page->language, EKI_TEXT("{1}, after {2} probes: {3}"),
                    EKI_VALUES(eki_report_verdict_words(page->language, scanner->verdict),
                               eki_report_grouped(scanner->decided_after).text,
                               eki_report_say(page->language, scanner->reason ? scanner->reason : "")));
    eki_page_cell(page, scanner->decided_after ? words.text
                                               : eki_report_verdict_words(page->language, scanner->verdict));
}

static void write_row(struct eki_page *page, const struct eki_scanner *scanner)
{
    eki_page_row(page);
    eki_page_cell(page, eki_report_host(scanner->host).text);
    eki_page_cell(page, eki_report_asked(page->language, scanner).text);
    write_scope(page, scanner, EKI_SCOPE_CONNECTED);
    write_scope(page, scanner, EKI_SCOPE_ELSEWHERE);
    write_means(page, scanner);
    eki_page_figure(page, eki_report_grouped(scanner->targets).text);
    eki_page_figure(page, eki_report_grouped(scanner->answered).text);
    eki_page_figure(page, eki_report_rounded(scanner->rate_per_s).text);
    eki_page_cell(page, eki_page_when(page, scanner->since).text);
    write_decision(page, scanner);
    eki_page_packets(page, scanner->input, scanner->packet, scanner->packet);
}

static void write_table(struct eki_page *page, size_t told)
{
    static const char *const headings[] = {
        EKI_TEXT("Source"),           EKI_TEXT("Service"),      EKI_TEXT("Search in its own networks"),
        EKI_TEXT("Search elsewhere"), EKI_TEXT("Spreads by"),   EKI_TEXT("#Addresses"),
        EKI_TEXT("#Answered"),        EKI_TEXT("#Per s"),       EKI_TEXT("Since"),
        EKI_TEXT("Verdict"),          EKI_TEXT("First packet"), NULL};
    size_t shown = 0;
    eki_page_table(page, EKI_TEXT("Strategy table"), headings, true);
    for (size_t i = 0; i < page->result->scanner_count && shown < EKI_TABLE_ROWS; i++) {
        if (page->result->scanners[i].verdict == EKI_VERDICT_BENIGN) continue;
        write_row(page, &page->result->scanners[i]);
        shown++;
    }
    eki_page_table_end(page, shown, told);
}

void eki_page_search(struct eki_page *page)
{
    const struct eki_result *result = page->result;
    size_t told = 0, drawn = 0;
    for (size_t i = 0; i < result->scanner_count; i++)
        told += result->scanners[i].verdict != EKI_VERDICT_BENIGN;
    if (!told) return;
    eki_page_raw(page, "<section>\n");
    eki_page_heading(page, 2, EKI_TEXT("How they search for victims"));
    write_table(page, told);
    eki_page_reach(page);
    for (size_t i = 0; i < result->scanner_count && drawn < EKI_SEARCHERS; i++) {
        const struct eki_scanner *scanner = &result->scanners[i];
        bool sweeps = scanner->shape == EKI_SHAPE_HORIZONTAL && scanner->probe_count;
        if (!eki_page_searches(scanner) || !sweeps) continue;
        eki_page_raster(page, &result->scanners[i]);
        drawn++;
    }
    eki_page_raw(page, "</section>\n");
}
