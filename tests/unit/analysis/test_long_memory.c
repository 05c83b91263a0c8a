/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A day of a million hosts, time compressed, within a stated memory: one host that tries an address every
 * five minutes is named, the memory is kept to, what was forgotten is counted.
 *
 * The others reach a few servers of theirs at any time of the day; one contact in twenty is not answered. A
 * crowd of hosts that all search cannot make it use more either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/state.h"
#include "base/random.h"
#include "ekigaku/watch.h"

/* The sanitizers' own memory is not the program's. */
#ifdef __SANITIZE_ADDRESS__
enum { MEASURED = 0 };
#else
enum { MEASURED = 1 };
#endif

enum { HOSTS = 1000000, A_SECOND = 24, DAY = 86400, PAUSE = 300, SEARCHER = 0x0a000009 };

static uint64_t resident(void)
{
    char line[128], *rest;
    FILE *file = fopen("/proc/self/statm", "re");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    strtoull(line, &rest, 10);
    return strtoull(rest, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static struct eki_contact contact(uint32_t client, uint32_t server, uint16_t service, eki_time time)
{
    return (struct eki_contact){.client = eki_address_v4(client),
                                .server = eki_address_v4(server),
                                .time = time,
                                .answered = EKI_TIME_NONE,
                                .packet = (uint64_t)(time / 1000) + 1,
                                .attempts = 1,
                                .client_port = 40000,
                                .service = service,
                                .protocol = EKI_PROTOCOL_TCP};
}

/* One second of the day: conversations of hosts with their servers; each host comes twice a day. */
static void live_on(struct eki_analysis *a, struct eki_random *random, int second)
{
    static const uint16_t services[] = {443, 445, 80, 22};
    struct eki_contact group[A_SECOND];
    for (int i = 0; i < A_SECOND; i++) {
        eki_time time = second * EKI_SECOND + i * (EKI_SECOND / A_SECOND) + 1;
        uint32_t host = (uint32_t)((uint64_t)(second * A_SECOND + i) * 7919 % HOSTS);
        uint32_t which = (uint32_t)eki_random_below(random, 4);
        group[i] =
            contact(0x0b000000 + host, 0x0c000000 + (host * 7 + which * 13) % 3000, services[which], time);
        if (!eki_random_below(random, 20)) continue;
        group[i].outcome = EKI_OUTCOME_DATA;
        group[i].answered = time;
    }
    eki_analysis_on_contacts(a, group, A_SECOND);
}

static const struct eki_scanner *find(const struct eki_result *result, uint32_t host)
{
    for (size_t i = 0; i < result->scanner_count; i++)
        if (eki_address_equal(result->scanners[i].host, eki_address_v4(host)) &&
            result->scanners[i].verdict == EKI_VERDICT_SCANNER)
            return &result->scanners[i];
    return NULL;
}

static uint64_t reached(const struct eki_result *result, const char *name)
{
    for (size_t i = 0; i < result->limit_count; i++)
        if (!strcmp(result->limits[i].name, name)) return result->limits[i].reached;
    return 0;
}

/* The day with so much memory; the state is packed now and then, as a watch does. Returns how many watches
 * were pushed out. */
static uint64_t day(uint64_t memory, uint64_t *ret_most)
{
    struct eki_analysis_options options = {.memory = memory, .seed = 11};
    struct eki_random random = eki_random_from(5);
    struct eki_analysis *analysis;
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_OK);
    *ret_most = 0;
    for (int second = 0; second < DAY; second++) {
        live_on(analysis, &random, second);
        if (second % PAUSE == 7) {
            struct eki_contact probe = contact(SEARCHER, 0x0a010000 + (uint32_t)(second / PAUSE * 37 % 50000),
                                               445, second * EKI_SECOND + EKI_SECOND - 1);
            eki_analysis_on_contacts(analysis, &probe, 1);
        }
        if (second % 21600) continue;
        void *bytes;
        size_t length;
        assert_int_equal(eki_analysis_pack(analysis, NULL, &bytes, &length), EKI_OK);
        uint64_t now = resident();
        if (now > *ret_most) *ret_most = now;
        eki_analysis_release(bytes);
    }
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    uint64_t now = resident();
    if (now > *ret_most) *ret_most = now;
    const struct eki_result *result = eki_analysis_result(analysis);
    const struct eki_scanner *slow = find(result, SEARCHER);
    assert_non_null(slow);
    print_message("%llu MiB: %llu pushed out, %llu MiB at most, decided after %llu probes, %zu scanners\n",
                  (unsigned long long)memory >> 20, (unsigned long long)reached(result, "watched sources"),
                  (unsigned long long)*ret_most >> 20, (unsigned long long)slow->decided_after,
                  result->scanner_count);
    for (size_t i = 0; i < result->scanner_count; i++) /* nobody else is named */
        assert_true(&result->scanners[i] == slow || result->scanners[i].verdict != EKI_VERDICT_SCANNER);
    uint64_t forgotten = reached(result, "watched sources");
    eki_analysis_free(analysis);
    return forgotten;
}

static void within_memory(void **state)
{
    (void)state;
    uint64_t most, little = UINT64_C(256) << 20, much = UINT64_C(1) << 30;
    uint64_t forgotten = day(little, &most);
    assert_true(forgotten > 0);
    if (MEASURED) assert_true(most <= little);
    assert_true(day(much, &most) < forgotten);
    if (MEASURED) assert_true(most <= much);
}

/* So many that each try so many addresses at once; *ret_named of them are named at the end. */
static struct eki_analysis *crowd(uint32_t hosts, uint32_t each, size_t *ret_named)
{
    struct eki_analysis_options options = {.memory = EKI_MEMORY_LEAST, .seed = 11};
    struct eki_analysis *analysis;
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_OK);
    for (uint32_t i = 0; i < each; i++)
        for (uint32_t host = 0; host < hosts; host++) {
            eki_time time = (eki_time)i * EKI_SECOND + host * 100000 + 1;
            uint32_t target =
                0x0c000000 + (uint32_t)((host * UINT64_C(7919) + i * UINT64_C(104729)) % 6000000);
            struct eki_contact probe = contact(0x0b000000 + host, target, 445, time);
            eki_analysis_on_contacts(analysis, &probe, 1);
        }
    if (MEASURED) assert_true(resident() <= EKI_MEMORY_LEAST);
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    const struct eki_result *result = eki_analysis_result(analysis);
    *ret_named = 0;
    for (uint32_t host = 0; host < hosts; host++) *ret_named += find(result, 0x0b000000 + host) != NULL;
    return analysis;
}

/* Samples for the picture go first; then those that show least are forgotten. Both are said. */
static void crowds(void **state)
{
    (void)state;
    size_t named;
    struct eki_analysis *analysis = crowd(1500, 700, &named);
    const struct eki_result *result = eki_analysis_result(analysis);
    assert_int_equal(named, 1500);
    assert_true(reached(result, "kept probes") > 0 && !reached(result, "watched sources"));
    eki_analysis_free(analysis);
    analysis = crowd(8000, 150, &named);
    assert_true(reached(eki_analysis_result(analysis), "watched sources") > 0);
    print_message("%zu of 8000 that all search are named\n", named);
    assert_true(named > 1000);
    eki_analysis_free(analysis);
}

/* A state that was kept with more memory than there is now. */
static void lowered(void **state)
{
    (void)state;
    struct eki_analysis_options more = {.memory = EKI_MEMORY_LEAST * 4}, less = {.memory = EKI_MEMORY_LEAST};
    struct eki_analysis *analysis, *again;
    struct eki_note note, packed;
    struct eki_random random = eki_random_from(5);
    void *bytes;
    assert_int_equal(eki_analysis_new(&more, &analysis), EKI_OK);
    for (int second = 0; second < 4000; second++) live_on(analysis, &random, second);
    assert_int_equal(eki_analysis_pack(analysis, NULL, &bytes, &packed.length), EKI_OK);
    packed.bytes = bytes;
    assert_int_equal(eki_analysis_unpack(&less, &packed, &again, &note, NULL), EKI_ERROR_LIMIT);
    assert_int_equal(eki_analysis_unpack(&more, &packed, &again, &note, NULL), EKI_OK);
    eki_analysis_free(again);
    eki_analysis_free(analysis);
    eki_analysis_release(bytes);
}

static void too_little(void **state)
{
    (void)state;
    struct eki_analysis *analysis;
    struct eki_analysis_options options = {.memory = EKI_MEMORY_LEAST - 1};
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(within_memory), cmocka_unit_test(crowds),
                                       cmocka_unit_test(lowered), cmocka_unit_test(too_little)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
