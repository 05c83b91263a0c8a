/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Facts that were written are read back; facts of strangers are refused with the key that is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/facts.h"
#include "ekigaku/report.h"

static struct eki_address host(unsigned n)
{
    return eki_address_v4(10U << 24 | n);
}

static const char kill_switch[] = "iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com";

/* A result with one outbreak of two hosts and a source, as facts; to be freed. */
static char *facts_of(const char *label)
{
    const struct eki_infection infections[] = {{.host = host(1),
                                                .time = 5 * EKI_SECOND,
                                                .parent_posterior = 0.5,
                                                .evidence = EKI_EVIDENCE_SCAN,
                                                .scans = true,
                                                .scan_start = 6 * EKI_SECOND},
                                               {.host = host(2),
                                                .time = 9 * EKI_SECOND,
                                                .has_parent = true,
                                                .parent = host(1),
                                                .error_s = 0.25,
                                                .parent_posterior = 0.75,
                                                .evidence = EKI_EVIDENCE_EXPLOIT,
                                                .generation = 1,
                                                .packet_first = 7,
                                                .packet_last = 12,
                                                .scan_start = EKI_TIME_NONE}};
    const struct eki_outbreak outbreak = {.id = 1,
                                          .protocol = 6,
                                          .service = 445,
                                          .family = {.name = "wannacry", .score = 0.9},
                                          .route = "airborne",
                                          .countermeasure_class = "I",
                                          .known = "known",
                                          .has_patient_zero = true,
                                          .patient_zero = host(1),
                                          .infections = infections,
                                          .infection_count = 2,
                                          .growth = {.known = true, .doubling_s = 4, .r = 2}};
    const struct eki_scanner scanner = {
        .host = host(1),
        .protocol = 6,
        .service = 445,
        .verdict = EKI_VERDICT_SCANNER,
        .reason = "x",
        .first = 6 * EKI_SECOND,
        .last = 9 * EKI_SECOND,
        .targets = 40,
        .answered = 2,
        .rate_per_s = 13,
        .evidence = 8,
        .decided_after = 4,
        .decided_at = 7 * EKI_SECOND,
        .strategies = {[EKI_SCOPE_ELSEWHERE] = {.name = EKI_STRATEGY_RANDOM, .probes = 40}}};
    struct eki_sign signs[] = {
        {.source = host(1), .target = host(9), .first = 5 * EKI_SECOND, .last = 6 * EKI_SECOND},
        {.source = eki_address_v4(0xc0000209u), .target = host(9), .first = EKI_SECOND, .last = EKI_SECOND}};
    assert_true(eki_sign_own_texts(&signs[0], "doublepulsar", "", "T1210"));
    assert_true(eki_sign_own_texts(&signs[1], "killswitch-dns", "wannacry", ""));
    snprintf(signs[1].detail, sizeof signs[1].detail, "asked 2 times for %s", kill_switch);
    const struct eki_result result = {.origin = 0,
                                      .end = 10 * EKI_SECOND,
                                      .packets = 50,
                                      .flows = 45,
                                      .contacts = 44,
                                      .hosts = 42,
                                      .scanners = &scanner,
                                      .scanner_count = 1,
                                      .signs = signs,
                                      .sign_count = 2,
                                      .outbreaks = &outbreak,
                                      .outbreak_count = 1};
    char *text = NULL, *whole = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_int_equal(eki_report_json(&result, out), EKI_OK);
    fclose(out);
    assert_int_equal(text[0], '{');
    if (asprintf(&whole, "{%s%s", label, text + 1) < 0) fail();
    free(text);
    return whole;
}

static void read_back(void **state)
{
    (void)state;
    char *text = facts_of("\"tlp\":\"TLP:RED\",");
    struct eki_facts *facts;
    struct eki_fault fault = {0};
    enum eki_tlp label = EKI_TLP_CLEAR;
    assert_true(eki_facts_recognise(text, strlen(text)));
    if (eki_facts_read(text, strlen(text), &facts, &fault)) fail_msg("%s", fault.what);
    const struct eki_result *result = eki_facts_result(facts);
    assert_true(result->packets == 50 && result->hosts == 42 && result->outbreak_count == 1);
    const struct eki_outbreak *outbreak = result->outbreaks;
    assert_string_equal(outbreak->family.name, "wannacry");
    assert_string_equal(outbreak->countermeasure_class, "I");
    assert_true(outbreak->service == 445 && outbreak->protocol == 6 && outbreak->infection_count == 2);
    assert_true(outbreak->growth.known && outbreak->growth.doubling_s > 3.9 && outbreak->growth.r > 1.9);
    const struct eki_infection *second = &outbreak->infections[1];
    assert_true(second->time == 9 * EKI_SECOND && second->has_parent && second->generation == 1);
    assert_int_equal(eki_address_compare(second->parent, host(1)), 0);
    assert_true(second->packet_first == 7 && second->packet_last == 12);
    assert_int_equal(second->evidence, EKI_EVIDENCE_EXPLOIT);
    assert_true(outbreak->infections[0].scans && outbreak->infections[0].scan_start == 6 * EKI_SECOND);
    assert_int_equal(result->sign_count, 1); /* the others are passed over */
    struct eki_sign_shown shown;
    assert_true(eki_sign_shows(result->signs, &shown));
    assert_string_equal(shown.value, kill_switch);
    assert_string_equal(result->signs->family, "wannacry");
    assert_true(result->signs->first == EKI_SECOND && result->signs->last == EKI_SECOND);
    const struct eki_scanner *scanner = result->scanners;
    assert_true(scanner->targets == 40 && scanner->verdict == EKI_VERDICT_SCANNER);
    assert_int_equal(scanner->strategies[EKI_SCOPE_ELSEWHERE].name, EKI_STRATEGY_RANDOM);
    assert_true(eki_facts_label(facts, &label) && label == EKI_TLP_RED);
    eki_facts_free(facts);
    eki_facts_free(NULL);
    free(text);
}

/* One thing is changed in good facts. */
static void refused(void **state)
{
    static const struct {
        const char *old, *new, *word;
        enum eki_error error;
    } changes[] = {
        {"ekigaku.analysis/1", "ekigaku.analysis/2", "schema", EKI_ERROR_FORMAT},
        {"\"port\": 445", "\"port\": 70000", "port", EKI_ERROR_CORRUPT},
        {"\"port\": 445", "\"port\": \"x\"", "port", EKI_ERROR_CORRUPT},
        {"\"airborne\"", "\"air\\u001bborne\"", "route", EKI_ERROR_CORRUPT},
        {"\"airborne\"", "null", "route", EKI_ERROR_CORRUPT},
        {"\"name\": \"wannacry\"", "\"name\": \"<b>\"", "name", EKI_ERROR_CORRUPT},
        {"\"family\": \"wannacry\"", "\"family\": \"mirai\"", "family", EKI_ERROR_CORRUPT},
        {"\"192.0.2.9\"", "\"nowhere\"", "source", EKI_ERROR_CORRUPT},
        {"\"exploit\"", "\"magic\"", "evidence", EKI_ERROR_CORRUPT},
        {"\"10.0.0.2\"", "\"10.0.0.1\"", "twice", EKI_ERROR_CORRUPT},
        {"\"10.0.0.2\"", "\"nowhere\"", "host", EKI_ERROR_CORRUPT},
        {"\"generation\": 1", "\"generation\": -1", "generation", EKI_ERROR_CORRUPT},
        {"\"verdict\": \"scanner\"", "\"verdict\": \"guilty\"", "verdict", EKI_ERROR_CORRUPT},
        {"\"infections\": [", "\"infected\": [", "infections", EKI_ERROR_CORRUPT},
        {"TLP:RED", "TLP:PINK", "tlp", EKI_ERROR_CORRUPT},
        {"\"counts\"", "\"counts\",", "line", EKI_ERROR_CORRUPT},
    };
    (void)state;
    char *good = facts_of("\"tlp\":\"TLP:RED\",");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct eki_facts *facts;
        struct eki_fault fault = {0};
        char *text = NULL, *at = strstr(good, changes[i].old);
        if (!at) fail_msg("not in the facts: %s", changes[i].old);
        const char *rest = at + strlen(changes[i].old);
        if (asprintf(&text, "%.*s%s%s", (int)(at - good), good, changes[i].new, rest) < 0) fail();
        enum eki_error error = eki_facts_read(text, strlen(text), &facts, &fault);
        if (error != changes[i].error) fail_msg("%s -> %s: %d", changes[i].old, changes[i].new, error);
        if (!strstr(fault.what, changes[i].word)) fail_msg("%s: %s", changes[i].word, fault.what);
        free(text);
    }
    for (size_t length = 0; length < strlen(good); length += 97) { /* cut anywhere */
        struct eki_facts *facts;
        struct eki_fault fault = {0};
        assert_int_not_equal(eki_facts_read(good, length, &facts, &fault), EKI_OK);
    }
    free(good);
}

static void recognised(void **state)
{
    (void)state;
    assert_true(eki_facts_recognise(" \n{\"schema\": \"ekigaku.analysis/1\"", 33));
    assert_false(eki_facts_recognise("{\"t\":1}", 7));
    assert_false(eki_facts_recognise("\"ekigaku.analysis/1\"", 20));
    assert_false(eki_facts_recognise("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(read_back), cmocka_unit_test(refused),
                                       cmocka_unit_test(recognised)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
