/* SPDX-License-Identifier: Apache-2.0 */
/* A result becomes its verdict in words. */
#include "report/verdict.h"

#include "report/family_tree.h"
#include "report/figure.h"
#include "report/strategy.h"

int eki_report_exit_status(const struct eki_result *result)
{
    if (result->outbreak_count) return 20;
    return eki_report_first_scanner(result, EKI_VERDICT_SCANNER, NULL) ? 10 : 0;
}

bool eki_report_is_empty(const struct eki_result *result)
{
    return !result->packets && !result->flows && !result->contacts && !result->sign_count;
}

/* Packets, of which none shows an address. */
static bool shows_nobody(const struct eki_result *result)
{
    return !result->hosts && !result->flows && !result->contacts && !result->sign_count;
}

bool eki_report_is_silent(const struct eki_result *result)
{
    bool logs = eki_report_only_logs(result);
    if (eki_report_exit_status(result)) return false;
    return eki_report_is_empty(result) || (logs ? !result->flows : shows_nobody(result));
}

const struct eki_outbreak *eki_report_largest(const struct eki_result *result)
{
    const struct eki_outbreak *largest = NULL;
    for (size_t i = 0; i < result->outbreak_count; i++) {
        const struct eki_outbreak *outbreak = &result->outbreaks[i];
        if (!largest || outbreak->infection_count > largest->infection_count) largest = outbreak;
    }
    return largest;
}

/* Whether a host gave a sign of a known family: whom that names is looked at before any other. */
static bool is_malware(const struct eki_result *result, struct eki_address host)
{
    for (size_t i = 0; i < result->sign_count; i++) {
        const struct eki_sign *sign = &result->signs[i];
        if (sign->family && sign->family[0] && eki_address_equal(sign->source, host)) return true;
    }
    return false;
}

const struct eki_scanner *eki_report_first_scanner(const struct eki_result *result, enum eki_verdict verdict,
                                                   size_t *ret_count)
{
    const struct eki_scanner *first = NULL;
    size_t count = 0;
    bool is_known = false;
    for (size_t i = 0; i < result->scanner_count; i++) {
        const struct eki_scanner *scanner = &result->scanners[i];
        if (scanner->verdict != verdict) continue;
        bool known = verdict == EKI_VERDICT_SCANNER && !is_known && is_malware(result, scanner->host);
        if (!count++ || known) first = scanner;
        is_known |= known;
    }
    if (ret_count) *ret_count = count;
    return first;
}

bool eki_report_is_outsider(const struct eki_infection *infection)
{
    return !infection->has_parent && !eki_address_is_private(infection->host);
}

/* True when infection a is to be isolated before b. */
static bool is_worse(const struct eki_outbreak *outbreak, const struct eki_family_tree *tree, size_t a,
                     size_t b)
{
    if (tree->nodes[a].children != tree->nodes[b].children)
        return tree->nodes[a].children > tree->nodes[b].children;
    if (outbreak->infections[a].scans != outbreak->infections[b].scans) return outbreak->infections[a].scans;
    return a < b;
}

size_t eki_report_rank_spreaders(const struct eki_outbreak *outbreak, size_t ret_indices[EKI_SPREADERS])
{
    struct eki_family_tree tree;
    size_t count = 0;
    if (eki_report_tree_init(outbreak, &tree)) return 0;
    for (size_t i = 0; i < tree.count; i++) {
        if (eki_report_is_outsider(&outbreak->infections[i])) continue;
        size_t place = count;
        while (place > 0 && is_worse(outbreak, &tree, i, ret_indices[place - 1])) place--;
        if (place == EKI_SPREADERS) continue;
        if (count < EKI_SPREADERS) count++;
        for (size_t k = count - 1; k > place; k--) ret_indices[k] = ret_indices[k - 1];
        ret_indices[place] = i;
    }
    eki_report_tree_done(&tree);
    return count;
}

/* With fewer infections than this a pace would rest on one time, and that often an estimate. */
enum { FEWEST_PACED = 3 };

/* How many are infected, of how many, how fast. */
static struct eki_sentence infected_sentence(enum eki_language language, const struct eki_result *result,
                                             const struct eki_outbreak *outbreak)
{
    struct eki_sentence sentence;
    size_t count = outbreak->infection_count;
    bool whole = !result->hosts_estimated && result->hosts > count;
    struct eki_figure infected = eki_report_grouped(count), all = eki_report_grouped(result->hosts);
    if (count < FEWEST_PACED) {
        eki_report_fill(&sentence, language,
                        whole ? EKI_TEXT("Spreading. {1} of {2} hosts infected.")
                              : EKI_TEXT("Spreading. Hosts infected: {1}."),
                        EKI_VALUES(infected.text, all.text));
        return sentence;
    }
    double span = eki_time_since(outbreak->infections[count - 1].time, outbreak->infections[0].time);
    struct eki_figure pace = eki_report_duration(language, span / (double)(count - 1));
    eki_report_fill(&sentence, language,
                    whole ? EKI_TEXT("Spreading. {1} of {2} hosts infected, one more every {3}.")
                          : EKI_TEXT("Spreading. {1} hosts infected, one more every {3}."),
                    EKI_VALUES(infected.text, all.text, pace.text));
    return sentence;
}

static void append_isolation(struct eki_sentence *sentence, enum eki_language language,
                             const struct eki_outbreak *outbreak)
{
    size_t indices[EKI_SPREADERS];
    size_t count = eki_report_rank_spreaders(outbreak, indices);
    struct eki_sentence more;
    if (!count) return;
    struct eki_address one = outbreak->infections[indices[0]].host;
    struct eki_figure first =
        outbreak->has_patient_zero ? eki_report_near(one, outbreak->patient_zero) : eki_report_host(one);
    struct eki_figure second =
        count > 1 ? eki_report_near(outbreak->infections[indices[1]].host, one) : first;
    eki_report_fill(&more, language,
                    count > 1 ? EKI_TEXT("Isolate {1} and {2} first.") : EKI_TEXT("Isolate {1} first."),
                    EKI_VALUES(first.text, second.text));
    eki_report_append(sentence, language, more.text);
}

static struct eki_sentence outbreak_verdict(enum eki_language language, const struct eki_result *result)
{
    const struct eki_outbreak *outbreak = eki_report_largest(result);
    struct eki_sentence sentence = infected_sentence(language, result, outbreak), more;
    if (outbreak->has_patient_zero) {
        eki_report_fill(&more, language, EKI_TEXT("First: {1}."),
                        EKI_VALUES(eki_report_host(outbreak->patient_zero).text));
        eki_report_append(&sentence, language, more.text);
    }
    append_isolation(&sentence, language, outbreak);
    if (outbreak->family.name) {
        eki_report_fill(&more, language, EKI_TEXT("It behaves like {1}."),
                        EKI_VALUES(eki_report_family(outbreak->family.name).text));
        eki_report_append(&sentence, language, more.text);
    }
    if (result->outbreak_count > 1) {
        more =
            eki_report_count(language, result->outbreak_count - 1, EKI_TEXT("{1} further outbreak, smaller."),
                             EKI_TEXT("{1} further outbreaks, smaller."));
        eki_report_append(&sentence, language, more.text);
    }
    return sentence;
}

static struct eki_sentence scanning_verdict(enum eki_language language, const struct eki_result *result,
                                            const struct eki_scanner *scanner, size_t count)
{
    struct eki_sentence sentence, more, victims = {{0}};
    size_t told = 1;
    bool ports = scanner->shape == EKI_SHAPE_VERTICAL;
    const char *what = ports ? EKI_TEXT("{1} searches the ports of {2}.")
                             : EKI_TEXT("{1} searches for victims on {3} ({4} addresses).");
    if (ports) victims = eki_report_victims(language, result, scanner, &told);
    eki_report_fill(&sentence, language, EKI_TEXT("Scanning, but no infection seen."), EKI_VALUES(""));
    eki_report_fill(&more, language, what,
                    EKI_VALUES(eki_report_host(scanner->host).text, victims.text,
                               eki_report_service(scanner->protocol, scanner->service).text,
                               eki_report_grouped(scanner->targets).text));
    eki_report_append(&sentence, language, more.text);
    if (count > told) {
        more = eki_report_count(language, count - told, EKI_TEXT("{1} other search besides."),
                                EKI_TEXT("{1} other searches besides."));
        eki_report_append(&sentence, language, more.text);
    }
    return sentence;
}

bool eki_report_only_logs(const struct eki_result *result)
{
    bool any = false;
    for (size_t i = 0; i < result->input_count; i++) {
        const struct eki_input *input = &result->inputs[i];
        if (!input->flows && !input->packets && input->first == EKI_TIME_NONE) continue;
        if (!input->lacks) return false;
        any = true;
    }
    return any;
}

static struct eki_sentence quiet_verdict(enum eki_language language, const struct eki_result *result)
{
    struct eki_sentence sentence;
    const struct eki_scanner *flood = eki_report_first_scanner(result, EKI_VERDICT_FLOOD, NULL);
    bool logs = eki_report_only_logs(result);
    if (eki_report_is_empty(result)) {
        eki_report_fill(&sentence, language,
                        EKI_TEXT("Nothing to judge: no packet and no record could be read."), EKI_VALUES(""));
    } else if (!logs && shows_nobody(result)) {
        eki_report_fill(
            &sentence, language,
            EKI_TEXT("Nothing can be said: of {1} packets none shows an address that could be read."),
            EKI_VALUES(eki_report_grouped(result->packets).text));
    } else if (logs && !result->flows) {
        eki_report_fill(
            &sentence, language,
            EKI_TEXT(
                "Whether something spreads cannot be said: the logs tell {1} signs and no conversation."),
            EKI_VALUES(eki_report_grouped(result->sign_count).text));
    } else if (flood) {
        eki_report_fill(&sentence, language,
                        EKI_TEXT("Nothing is spreading, but {1} is being flooded on {2}."),
                        EKI_VALUES(eki_report_host(flood->host).text,
                                   eki_report_service(flood->protocol, flood->service).text));
    } else {
        eki_report_fill(
            &sentence, language,
            logs
                ? EKI_TEXT(
                      "Nothing is spreading: no host searches for victims in {1} conversations of {2} hosts.")
                : EKI_TEXT(
                      "Nothing is spreading: no host searches for victims in {1} packets from {2} hosts."),
            EKI_VALUES(eki_report_grouped(logs ? result->flows : result->packets).text,
                       eki_report_grouped(result->hosts).text));
    }
    return sentence;
}

struct eki_sentence eki_report_verdict(enum eki_language language, const struct eki_result *result)
{
    size_t count;
    if (result->outbreak_count) return outbreak_verdict(language, result);
    const struct eki_scanner *scanner = eki_report_first_scanner(result, EKI_VERDICT_SCANNER, &count);
    return scanner ? scanning_verdict(language, result, scanner, count) : quiet_verdict(language, result);
}
