/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources judged by several threads: whatever their number, the seed, the batches in which contacts come and
 * the memory that is allowed, findings and state are the same bytes as with one; also when the state is
 * written with one number of threads and read with another, again and again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/state.h"
#include "base/random.h"
#include "ekigaku/report.h"
#include "ekigaku/watch.h"

/* A sanitizer's thread switches are dear. */
#if defined __SANITIZE_THREAD__ || defined __SANITIZE_ADDRESS__
enum { CONTACTS = 60000 };
#else
enum { CONTACTS = 150000 };
#endif
enum { MOST_THREADS = 8, GROUP = 64, RESTARTS = 4 };

/* One way to be judged. */
struct way {
    uint64_t seed, memory;
    unsigned threads;
    unsigned restarts; /* with other numbers of threads */
    uint64_t batches;  /* chooses them */
};

static struct eki_address v4(uint32_t number)
{
    return eki_address_v4(number);
}

/* A network in which hosts talk, some search after somebody reached them, one tries all ports, and forged
 * senders come once each; the i-th contact, by chance that is the same for all ways. */
static struct eki_contact contact(struct eki_random *random, uint32_t i)
{
    uint32_t kind = (uint32_t)eki_random_below(random, 16), phase = i / (CONTACTS / 16) + 1;
    struct eki_contact c = {.client = v4(0x0a000000 + (uint32_t)eki_random_below(random, 3000)),
                            .server = v4(0x0a800000 + (uint32_t)eki_random_below(random, 200)),
                            .time = (i + 1) * (EKI_SECOND / 400),
                            .answered = EKI_TIME_NONE,
                            .packet = i + 1,
                            .attempts = 1,
                            .client_port = (uint16_t)(1024 + i % 60000),
                            .service = 443,
                            .outcome = EKI_OUTCOME_DATA,
                            .protocol = EKI_PROTOCOL_TCP};
    if (kind < 6) { /* those that search, more from phase to phase: each was reached by the one before it */
        uint32_t who = (uint32_t)eki_random_below(random, phase);
        c.client = v4(0x0a000000 + who);
        c.server = v4(0x0a000000 + (uint32_t)eki_random_below(random, 1 << 16));
        c.service = 445;
        c.outcome = eki_random_below(random, 8) ? EKI_OUTCOME_NONE : EKI_OUTCOME_REFUSED;
    } else if (kind == 6) {
        uint32_t who = (uint32_t)eki_random_below(random, phase);
        c.client = v4(0x0a000000 + who);
        c.server = v4(0x0a000000 + who + 1);
        c.service = 445;
    } else if (kind == 7) {
        c.client = v4(0x0a000bff);
        c.service = (uint16_t)(i % 5000);
        c.outcome = EKI_OUTCOME_REFUSED;
    } else if (kind == 8) { /* forged senders, and who answers them */
        c.client = v4(0x20000000 + (uint32_t)eki_random_below(random, 1 << 24));
        c.server = v4(0x0a000c00);
        c.outcome = EKI_OUTCOME_NONE;
        if (eki_random_below(random, 4) == 0) c.flags = EKI_CONTACT_UNASKED;
    } else if (kind == 9) {
        c.protocol = i % 2 ? EKI_PROTOCOL_UDP : EKI_PROTOCOL_ARP;
        c.service = i % 2 ? 1434 : 0;
    }
    if (c.outcome >= EKI_OUTCOME_ANSWERED) c.answered = c.time;
    return c;
}

static struct eki_analysis *begin(const struct way *way)
{
    struct eki_analysis *analysis;
    const struct eki_analysis_options options = {
        .seed = way->seed, .memory = way->memory, .threads = way->threads};
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_OK);
    /* As much of less memory than may be stated as the contacts of a test fill. */
    struct eki_bank_limits few = {EKI_SHARDS * EKI_SHARD_CHUNK, 4096, EKI_SHARDS * 32768};
    if (!way->memory) return analysis;
    eki_bank_free(analysis->bank);
    assert_int_equal(eki_bank_new(way->seed, &few, &analysis->bank), EKI_OK);
    return analysis;
}

/* Written out and read back with another number of threads. */
static struct eki_analysis *restart(struct eki_analysis *analysis, const struct way *way, unsigned threads)
{
    void *bytes;
    size_t length;
    struct eki_note note = {"", 0};
    struct eki_analysis *again;
    const struct eki_analysis_options options = {.memory = way->memory, .threads = threads};
    assert_int_equal(eki_analysis_pack(analysis, &note, &bytes, &length), EKI_OK);
    eki_analysis_free(analysis);
    assert_int_equal(eki_analysis_unpack(&options, &(struct eki_note){bytes, length}, &again, &note, NULL),
                     EKI_OK);
    eki_analysis_release(bytes);
    return again;
}

/* All contacts; the conversations of those with data end somewhat later. */
static struct eki_analysis *judge(const struct way *way)
{
    struct eki_random random = eki_random_from(77), batches = eki_random_from(way->batches);
    struct eki_analysis *analysis = begin(way);
    struct eki_contact group[GROUP];
    unsigned restarts = 0;
    for (uint32_t i = 0; i < CONTACTS;) {
        size_t count = 1 + eki_random_below(&batches, GROUP);
        if (count > CONTACTS - i) count = CONTACTS - i;
        for (size_t k = 0; k < count; k++) group[k] = contact(&random, i++);
        eki_analysis_on_contacts(analysis, group, count);
        if (eki_random_below(&batches, 500) == 0) (void)eki_analysis_changes(analysis, NULL);
        if (restarts == way->restarts || i < CONTACTS / (way->restarts + 1) * (restarts + 1)) continue;
        analysis = restart(analysis, way, 1 + (way->threads + 3 * restarts++) % MOST_THREADS);
    }
    return analysis;
}

struct result {
    char *report;
    void *state;
    size_t length;
    uint64_t reached; /* watches that made room */
};

static struct result result_of(const struct way *way)
{
    struct result result;
    size_t length;
    struct eki_note note = {"", 0};
    struct eki_analysis *analysis = judge(way);
    assert_int_equal(eki_analysis_pack(analysis, &note, &result.state, &result.length), EKI_OK);
    FILE *out = open_memstream(&result.report, &length);
    result.reached = eki_bank_losses(analysis->bank).pushed_out;
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    assert_true(eki_analysis_result(analysis)->outbreak_count > 0);
    assert_int_equal(eki_report_json(eki_analysis_result(analysis), out), EKI_OK);
    fclose(out);
    eki_analysis_free(analysis);
    return result;
}

static void done(struct result *result)
{
    free(result->report);
    eki_analysis_release(result->state);
}

/* The same as `wanted`, to the byte. */
static void check(const struct way *way, const struct result *wanted)
{
    struct result result = result_of(way);
    bool same = result.length == wanted->length && !memcmp(result.state, wanted->state, wanted->length) &&
                !strcmp(result.report, wanted->report);
    if (!same)
        print_error("%u threads, seed %llu, %u restarts\n", way->threads, (unsigned long long)way->seed,
                    way->restarts);
    assert_true(same);
    done(&result);
}

static void any_number_of_threads(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct way way = {.seed = seed, .threads = 1};
        struct result wanted = result_of(&way);
        for (way.threads = 2; way.threads <= MOST_THREADS; way.threads++) {
            way.batches = way.threads + seed;
            check(&way, &wanted);
        }
        done(&wanted);
    }
}

/* What gives way is the same too. */
static void at_the_limits(void **state)
{
    (void)state;
    struct way way = {.seed = 5, .memory = EKI_MEMORY_LEAST, .threads = 1};
    struct result wanted = result_of(&way);
    assert_true(wanted.reached > 1000);
    for (way.threads = 2; way.threads <= MOST_THREADS; way.threads += 2) {
        way.batches = way.threads;
        check(&way, &wanted);
    }
    done(&wanted);
}

static void over_restarts(void **state)
{
    (void)state;
    struct way way = {.seed = 3, .threads = 1};
    struct result wanted = result_of(&way);
    way.restarts = RESTARTS;
    for (way.threads = 1; way.threads <= MOST_THREADS; way.threads += 3) {
        way.batches = way.threads;
        check(&way, &wanted);
    }
    done(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_number_of_threads),
                                       cmocka_unit_test(at_the_limits), cmocka_unit_test(over_restarts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
