/* SPDX-License-Identifier: Apache-2.0 */
/* A result becomes a short list of what to do now, in the order in which it helps: stop the sources, close
 * the way, look after those who are in danger, keep the evidence. */
#include <string.h>

#include "report/figure.h"
#include "report/verdict.h"

static void advise(struct eki_advice *advice, enum eki_language language, const char *english,
                   const char *const *values)
{
    if (advice->count == EKI_ADVICE_LINES) return;
    eki_report_fill(&advice->lines[advice->count++], language, english, values);
}

static void advise_isolation(struct eki_advice *advice, enum eki_language language,
                             const struct eki_outbreak *outbreak)
{
    size_t indices[EKI_SPREADERS];
    size_t count = eki_report_rank_spreaders(outbreak, indices);
    struct eki_sentence hosts = {{0}};
    for (size_t i = 0; i < count; i++) {
        struct eki_address host = outbreak->infections[indices[i]].host;
        eki_report_list(&hosts, language,
                        i ? eki_report_near(host, outbreak->infections[indices[0]].host).text
                          : eki_report_host(host).text);
    }
    size_t rest = outbreak->infection_count - count;
    if (count && !rest)
        advise(advice, language, EKI_TEXT("Isolate {1}, but leave them switched on: memory is evidence."),
               EKI_VALUES(hosts.text));
    else if (count)
        advise(advice, language,
               EKI_TEXT("Isolate {1} first, then the other {2}. Leave them switched on: memory is evidence."),
               EKI_VALUES(hosts.text, eki_report_grouped(rest).text));
    const struct eki_infection *first = outbreak->infection_count ? &outbreak->infections[0] : NULL;
    if (first && eki_report_is_outsider(first))
        advise(advice, language, EKI_TEXT("Block {1} at the border: it is where the attack came from."),
               EKI_VALUES(eki_report_host(first->host).text));
}

static void advise_way(struct eki_advice *advice, enum eki_language language,
                       const struct eki_outbreak *outbreak)
{
    static const char *const ways[][2] = {
        {"exploit",
         EKI_TEXT("It gets in through a weakness: patch or switch off {1} on every host that offers it.")},
        {"stolen credential",
         EKI_TEXT(
             "It gets in with stolen credentials: change the passwords of administrators that logged in on infected hosts.")},
        {"dictionary",
         EKI_TEXT("It guesses passwords: replace default and weak ones, and close {1} to strangers.")},
    };
    struct eki_figure service = eki_report_service(outbreak->protocol, outbreak->service);
    advise(advice, language, EKI_TEXT("Block {1} between networks and workstations until all are checked."),
           EKI_VALUES(service.text));
    for (size_t i = 0; i < outbreak->vector_count; i++)
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
            if (strcmp(outbreak->vectors[i], ways[k][0]) == 0)
                advise(advice, language, ways[k][1], EKI_VALUES(service.text));
}

static void advise_outbreak(struct eki_advice *advice, enum eki_language language,
                            const struct eki_outbreak *outbreak)
{
    advise_isolation(advice, language, outbreak);
    advise_way(advice, language, outbreak);
    if (outbreak->growth.known && outbreak->growth.rate_low > 0 && outbreak->growth.doubling_s < 3600)
        advise(advice, language,
               EKI_TEXT("It doubles every {1}: separate whole networks rather than single hosts."),
               EKI_VALUES(eki_report_duration(language, outbreak->growth.doubling_s).text));
    if (outbreak->failed_count)
        advise(
            advice, language,
            EKI_TEXT(
                "Check the hosts that were attacked without visible success (pairs of attacker and host: {1})."),
            EKI_VALUES(eki_report_grouped(outbreak->failed_count).text));
}

static void advise_scanner(struct eki_advice *advice, enum eki_language language,
                           const struct eki_scanner *scanner)
{
    struct eki_figure host = eki_report_host(scanner->host);
    struct eki_figure service = eki_report_service(scanner->protocol, scanner->service);
    if (eki_address_is_private(scanner->host))
        advise(advice, language,
               EKI_TEXT("Ask who looks after {1}. Unless it is a scanner of your own, isolate it."),
               EKI_VALUES(host.text));
    else
        advise(advice, language, EKI_TEXT("Block {1} at the border, unless it is a scanner you know."),
               EKI_VALUES(host.text));
    if (scanner->shape == EKI_SHAPE_HORIZONTAL && scanner->answered)
        advise(advice, language,
               EKI_TEXT("Check the {1} hosts that answered it on {2}: they are the next victims, if any."),
               EKI_VALUES(eki_report_grouped(scanner->answered).text, service.text));
    advise(
        advice, language,
        EKI_TEXT("Keep capturing where traffic between hosts passes: an infection would show there first."),
        EKI_VALUES(""));
}

/* The gravest sign that is more than a note, the first of those; NULL without one. */
static const struct eki_sign *gravest_sign(const struct eki_result *result)
{
    const struct eki_sign *worst = NULL;
    for (size_t i = 0; i < result->sign_count; i++) {
        const struct eki_sign *sign = &result->signs[i];
        if (sign->grade >= EKI_GRADE_CHECK && (!worst || sign->grade > worst->grade)) worst = sign;
    }
    return worst;
}

static void advise_quiet(struct eki_advice *advice, enum eki_language language,
                         const struct eki_result *result)
{
    const struct eki_scanner *flood = eki_report_first_scanner(result, EKI_VERDICT_FLOOD, NULL);
    const struct eki_sign *worst = gravest_sign(result);
    if (flood)
        advise(advice, language,
               EKI_TEXT("Limit or filter what reaches {1} on {2}; the senders may be forged."),
               EKI_VALUES(eki_report_host(flood->host).text,
                          eki_report_service(flood->protocol, flood->service).text));
    else if (!result->hosts && !result->flows && !result->contacts && !result->sign_count)
        advise(
            advice, language,
            EKI_TEXT(
                "Give a capture in pcap or pcapng format that holds packets, or a log of a form that \"ekigaku formats\" lists."),
            EKI_VALUES(""));
    else if (worst)
        advise(advice, language,
               EKI_TEXT("Look at {1} and {2}: {3} was seen between them. It did not spread in this traffic."),
               EKI_VALUES(eki_report_host(worst->target).text, eki_report_host(worst->source).text,
                          worst->name));
    else if (eki_report_only_logs(result) && !result->flows)
        advise(
            advice, language,
            EKI_TEXT(
                "Read the signs, and give a log of conversations of the same time beside this one: alerts alone do not tell what spreads."),
            EKI_VALUES(""));
    else
        advise(advice, language, EKI_TEXT("Nothing needs to be done for this traffic."), EKI_VALUES(""));
    if (!flood)
        advise(
            advice, language,
            EKI_TEXT(
                "If you suspect a host, capture for some minutes where its traffic to other hosts passes, not only at the border."),
            EKI_VALUES(""));
}

void eki_report_advise(enum eki_language language, const struct eki_result *result,
                       struct eki_advice *ret_advice)
{
    ret_advice->count = 0;
    const struct eki_outbreak *outbreak = eki_report_largest(result);
    const struct eki_scanner *scanner = eki_report_first_scanner(result, EKI_VERDICT_SCANNER, NULL);
    if (outbreak)
        advise_outbreak(ret_advice, language, outbreak);
    else if (scanner)
        advise_scanner(ret_advice, language, scanner);
    else
        advise_quiet(ret_advice, language, result);
    bool broken = false;
    for (size_t i = 0; i < result->input_count; i++) broken = broken || result->inputs[i].error;
    if (broken)
        advise(ret_advice, language,
               EKI_TEXT(
                   "Not every input was read to its end: see the list of inputs before you rely on silence."),
               EKI_VALUES(""));
}
