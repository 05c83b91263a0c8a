/* SPDX-License-Identifier: Apache-2.0 */
/* Closed lists of the records become words. */
#include "report/strategy.h"

#include "report/figure.h"

const char *eki_report_strategy_words(enum eki_language language, const struct eki_strategy_finding *finding)
{
    static const char *const words[EKI_STRATEGY_COUNT] = {
        [EKI_STRATEGY_UNKNOWN] = EKI_TEXT("undecided"), [EKI_STRATEGY_SEQUENTIAL] = EKI_TEXT("in order"),
        [EKI_STRATEGY_RANDOM] = EKI_TEXT("random"),     [EKI_STRATEGY_LOCAL] = EKI_TEXT("local preference"),
        [EKI_STRATEGY_PERMUTED] = EKI_TEXT("permuted"), [EKI_STRATEGY_KNOWN_PEERS] = EKI_TEXT("known peers"),
    };
    if (!finding->probes) return eki_report_say(language, EKI_TEXT("not searched"));
    unsigned name =
        (unsigned)finding->name < EKI_STRATEGY_COUNT ? (unsigned)finding->name : EKI_STRATEGY_UNKNOWN;
    return eki_report_say(language, words[name]);
}

const char *eki_report_verdict_words(enum eki_language language, enum eki_verdict verdict)
{
    switch (verdict) {
    case EKI_VERDICT_SCANNER: return eki_report_say(language, EKI_TEXT("scanner"));
    case EKI_VERDICT_BENIGN: return eki_report_say(language, EKI_TEXT("ordinary"));
    case EKI_VERDICT_BACKSCATTER: return eki_report_say(language, EKI_TEXT("backscatter"));
    case EKI_VERDICT_FLOOD: return eki_report_say(language, EKI_TEXT("flooded"));
    case EKI_VERDICT_UNDECIDED: break;
    }
    return eki_report_say(language, EKI_TEXT("undecided"));
}

struct eki_figure eki_report_asked(enum eki_language language, const struct eki_scanner *scanner)
{
    struct eki_figure figure = {{0}};
    if (scanner->shape != EKI_SHAPE_VERTICAL) return eki_report_service(scanner->protocol, scanner->service);
    snprintf(figure.text, sizeof figure.text, "%s", eki_report_say(language, EKI_TEXT("many ports")));
    return figure;
}

struct eki_sentence eki_report_victims(enum eki_language language, const struct eki_result *result,
                                       const struct eki_scanner *scanner, size_t *ret_count)
{
    struct eki_sentence words = {{0}};
    struct eki_address last = scanner->victim;
    size_t count = 1;
    eki_report_list(&words, language, eki_report_host(scanner->victim).text);
    for (size_t i = 0; i < result->scanner_count; i++) {
        const struct eki_scanner *other = &result->scanners[i];
        if (other == scanner || other->shape != EKI_SHAPE_VERTICAL || other->verdict != scanner->verdict ||
            !eki_address_equal(other->host, scanner->host))
            continue;
        count++;
        if (eki_address_equal(other->victim, last)) continue; /* its ports of another protocol */
        eki_report_list(&words, language, eki_report_near(other->victim, last).text);
        last = other->victim;
    }
    if (ret_count) *ret_count = count;
    return words;
}

struct eki_sentence eki_report_search_words(enum eki_language language, const struct eki_scanner *scanner)
{
    struct eki_sentence words = {{0}};
    const struct eki_strategy_finding *connected = &scanner->strategies[EKI_SCOPE_CONNECTED];
    const struct eki_strategy_finding *elsewhere = &scanner->strategies[EKI_SCOPE_ELSEWHERE];
    if (scanner->verdict != EKI_VERDICT_SCANNER) {
        eki_report_list(&words, language, eki_report_verdict_words(language, scanner->verdict));
    } else if (scanner->shape == EKI_SHAPE_VERTICAL) {
        eki_report_fill(&words, language, EKI_TEXT("ports of {1}"),
                        EKI_VALUES(eki_report_host(scanner->victim).text));
    } else if (connected->probes && elsewhere->probes) {
        eki_report_fill(&words, language, EKI_TEXT("{1} / {2}"),
                        EKI_VALUES(eki_report_strategy_words(language, connected),
                                   eki_report_strategy_words(language, elsewhere)));
    } else if (elsewhere->probes) {
        eki_report_fill(&words, language, EKI_TEXT("- / {1}"),
                        EKI_VALUES(eki_report_strategy_words(language, elsewhere)));
    } else if (connected->probes) {
        eki_report_fill(&words, language, EKI_TEXT("{1} / -"),
                        EKI_VALUES(eki_report_strategy_words(language, connected)));
    }
    return words;
}

const char *eki_report_evidence_words(enum eki_language language, const struct eki_infection *infection)
{
    switch (infection->evidence) {
    case EKI_EVIDENCE_IMPLANT: return eki_report_say(language, EKI_TEXT("implant"));
    case EKI_EVIDENCE_EXPLOIT: return eki_report_say(language, EKI_TEXT("exploit"));
    case EKI_EVIDENCE_SESSION: return eki_report_say(language, EKI_TEXT("session, then scans"));
    case EKI_EVIDENCE_CONTACT: return eki_report_say(language, EKI_TEXT("contact, then scans"));
    case EKI_EVIDENCE_SCAN: break;
    }
    return eki_report_say(language, infection->scans ? EKI_TEXT("scans") : EKI_TEXT("attacks"));
}

const char *eki_report_grade_words(enum eki_language language, enum eki_grade grade)
{
    switch (grade) {
    case EKI_GRADE_IMPLANT: return eki_report_say(language, EKI_TEXT("implant"));
    case EKI_GRADE_EXPLOIT: return eki_report_say(language, EKI_TEXT("exploit"));
    case EKI_GRADE_ACCESS: return eki_report_say(language, EKI_TEXT("access"));
    case EKI_GRADE_ATTEMPT: return eki_report_say(language, EKI_TEXT("attempt"));
    case EKI_GRADE_CHECK: return eki_report_say(language, EKI_TEXT("check"));
    case EKI_GRADE_NOTE: break;
    }
    return eki_report_say(language, EKI_TEXT("note"));
}
