/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shards: contacts taken in three steps, shard by shard in any order and in blocks of any size, leave the
 * same state, byte for byte, as one after the other; also when all limits are reached. Sources are spread
 * evenly, whoever chooses them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/archive.h"
#include "base/memory.h"
#include "base/random.h"
#include "scan/state.h"

enum { CONTACTS = 60000, BLOCK = 3000 };

/* What a source does: most try a server or two, some search, some by ping or ARP, some try ports, some only
 * answer. */
static struct eki_contact contact(struct eki_random *random, uint32_t i)
{
    static const uint8_t protocols[] = {EKI_PROTOCOL_TCP, EKI_PROTOCOL_TCP, EKI_PROTOCOL_UDP,
                                        EKI_PROTOCOL_ICMP, EKI_PROTOCOL_ARP};
    uint32_t kind = (uint32_t)eki_random_below(random, 4), source = (uint32_t)eki_random_below(random, 25);
    bool searches = kind == 0;
    struct eki_contact c = {.time = i * (EKI_SECOND / 1000),
                            .answered = EKI_TIME_NONE,
                            .packet = i + 1,
                            .attempts = 1,
                            .client_port = 40000,
                            .service = 445,
                            .protocol = EKI_PROTOCOL_TCP,
                            .outcome = (uint8_t)eki_random_below(random, EKI_OUTCOME_DATA + 1)};
    if (searches) {
        c.client = eki_address_v4(0x0a000000 + source % 10); /* so few that they are settled */
        c.server = eki_address_v4(0x0a010000 + (uint32_t)eki_random_below(random, 1 << 14));
        c.protocol = protocols[source % 5];
        c.service = source % 5 > 2 ? 0 : 445;
        if (eki_random_below(random, 3)) c.outcome = EKI_OUTCOME_NONE;
    } else {
        c.client = eki_address_v4(0x0b000000 + (uint32_t)eki_random_below(random, kind == 1 ? 40 : 20000));
        c.server = eki_address_v4(0x0a010000 + (uint32_t)eki_random_below(random, 300));
        if (kind == 1) c.service = (uint16_t)eki_random_below(random, 3000);
        if (kind == 3 && source == 0) c.flags = EKI_CONTACT_UNASKED;
    }
    if (c.outcome >= EKI_OUTCOME_ANSWERED) c.answered = c.time;
    return c;
}

static struct eki_archive state_of(struct eki_bank *bank)
{
    struct eki_archive archive = {.writing = true};
    eki_bank_archive(bank, &archive);
    assert_int_equal(archive.error, EKI_OK);
    return archive;
}

/* The contacts of the block that are of one shard. */
static void weigh_shard(struct eki_bank *bank, struct eki_weighing *items, size_t count, unsigned shard)
{
    static struct eki_weighing *list[BLOCK];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (eki_shard_of(items[i].client) == shard) list[n++] = &items[i];
    assert_int_equal(eki_bank_weigh(bank, list, n), EKI_OK);
}

/* One block in three steps, shards in an order of their own; returns how many were decided. */
static size_t by_steps(struct eki_bank *bank, const struct eki_contact *contacts, size_t count,
                       struct eki_random *random)
{
    static struct eki_weighing items[BLOCK];
    size_t decided = 0;
    for (size_t at = 0; at < count; at += EKI_BANK_GROUP)
        eki_bank_ask(bank, contacts + at, count - at < EKI_BANK_GROUP ? count - at : EKI_BANK_GROUP,
                     items + at);
    unsigned first = (unsigned)eki_random_below(random, EKI_SHARDS), step = 2 * first + 1;
    for (unsigned i = 0; i < EKI_SHARDS; i++)
        weigh_shard(bank, items, count, (first + i * step) % EKI_SHARDS);
    eki_bank_note(bank, items, count);
    for (size_t i = 0; i < count; i++) decided += (items[i].outcome & EKI_WEIGHED_DECIDED) != 0;
    return decided;
}

static size_t one_by_one(struct eki_bank *bank, const struct eki_contact *contacts, size_t count)
{
    size_t decided = 0;
    for (size_t at = 0, n; at < count; at += n) {
        bool ret[EKI_BANK_GROUP];
        n = count - at < EKI_BANK_GROUP ? count - at : EKI_BANK_GROUP;
        assert_int_equal(eki_bank_contacts(bank, contacts + at, n, ret), EKI_OK);
        for (size_t i = 0; i < n; i++) decided += ret[i];
    }
    return decided;
}

/* Both ways with these limits; returns what was lost to them. */
static struct eki_bank_losses both_ways(uint64_t seed, const struct eki_bank_limits *limits)
{
    static struct eki_contact block[BLOCK];
    struct eki_random random = eki_random_from(seed);
    struct eki_bank *plain, *sharded;
    size_t decided = 0, decided_by_steps = 0;
    assert_int_equal(eki_bank_new(seed, limits, &plain), EKI_OK);
    assert_int_equal(eki_bank_new(seed, limits, &sharded), EKI_OK);
    for (uint32_t i = 0; i < CONTACTS;) {
        size_t count = 1 + eki_random_below(&random, BLOCK);
        for (size_t k = 0; k < count; k++) block[k] = contact(&random, i++);
        decided += one_by_one(plain, block, count);
        decided_by_steps += by_steps(sharded, block, count, &random);
    }
    size_t settled = 0;
    for (int i = 0; i < EKI_SHARDS; i++)
        for (uint32_t k = 0; k < plain->shards[i].watch_count; k++)
            settled += eki_shard_watch(&plain->shards[i], k)->settled;
    assert_true(settled > 0 || limits);
    struct eki_archive a = state_of(plain), b = state_of(sharded);
    assert_true(decided > 5 && decided == decided_by_steps);
    assert_true(a.length == b.length && !memcmp(a.bytes, b.bytes, a.length));
    eki_archive_done(&a);
    eki_archive_done(&b);
    struct eki_bank_losses losses = eki_bank_losses(plain);
    eki_bank_free(plain);
    eki_bank_free(sharded);
    return losses;
}

static void same_state(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) assert_int_equal(both_ways(seed, NULL).pushed_out, 0);
}

static void same_state_at_the_limits(void **state)
{
    (void)state;
    const struct eki_bank_limits few = {EKI_SHARDS * EKI_SHARD_CHUNK, 1024, EKI_SHARDS * 8192};
    for (uint64_t seed = 0; seed < 4; seed++) {
        struct eki_bank_losses losses = both_ways(seed, &few);
        assert_true(losses.pushed_out > 1000 && losses.thinned > 0);
    }
}

/* Neighbours, as in a network that is searched from or that forges its senders, are in no shard more than by
 * chance: within five standard deviations. */
static void evenly_spread(void **state)
{
    (void)state;
    enum { SOURCES = 1 << 16, MEAN = SOURCES / EKI_SHARDS, MOST_OFF = 5 * 62 };
    for (uint64_t seed = 0; seed < 8; seed++) {
        int sources[EKI_SHARDS] = {0};
        for (uint32_t i = 0; i < SOURCES; i++)
            sources[eki_shard_of(
                eki_shard_hash(eki_address_v4(0x0a000000 + i * (uint32_t)(seed + 1)), seed))]++;
        for (int i = 0; i < EKI_SHARDS; i++)
            assert_true(sources[i] > MEAN - MOST_OFF && sources[i] < MEAN + MOST_OFF);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_state),
                                       cmocka_unit_test(same_state_at_the_limits),
                                       cmocka_unit_test(evenly_spread)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
