/* SPDX-License-Identifier: Apache-2.0 */
/* The relay: the same calls in the same order with a thread and without, the same steps in the same order
 * with any number of threads, errors, an early end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "analysis/relay.h"
#include "base/random.h"

enum { EVENTS = 30000, GROUP = 64 };

struct seen {
    uint64_t count, digest, refuse_at;
};

static enum eki_error note(struct seen *seen, uint64_t what)
{
    seen->digest = seen->digest * UINT64_C(6364136223846793005) + what;
    return ++seen->count == seen->refuse_at ? EKI_ERROR_MEMORY : EKI_OK;
}

static enum eki_error on_contacts(void *user, const struct eki_contact *contacts, size_t count)
{
    enum eki_error error = note(user, count);
    for (size_t i = 0; i < count && !error; i++) error = note(user, contacts[i].packet);
    return error;
}

static enum eki_error on_flow(void *user, const struct eki_flow *flow)
{
    return note(user, flow->packet_first * 3);
}

static enum eki_error on_sign(void *user, const struct eki_sign *sign)
{
    return note(user, sign->id * 7);
}

/* Random events; returns the first error that came back. */
static enum eki_error play(struct eki_relay *relay)
{
    struct eki_random random = eki_random_from(3);
    enum eki_error error = EKI_OK;
    for (uint64_t i = 1; i <= EVENTS && !error; i++) {
        struct eki_contact contacts[GROUP] = {0};
        size_t count = eki_random_below(&random, GROUP + 1);
        for (size_t k = 0; k < count; k++) contacts[k].packet = i * GROUP + k;
        struct eki_flow flow = {.packet_first = i};
        struct eki_sign sign = {.id = i};
        switch (eki_random_below(&random, 3)) {
        case 0: error = eki_relay_contacts(relay, contacts, count); break;
        case 1: error = eki_relay_flow(relay, &flow); break;
        default: error = eki_relay_sign(relay, &sign);
        }
    }
    enum eki_error end = eki_relay_finish(relay);
    return error ? error : end;
}

static struct seen play_with(bool threaded, uint64_t refuse_at, enum eki_error expected)
{
    struct seen seen = {.refuse_at = refuse_at};
    struct eki_judge judge = {.contacts = on_contacts, .flow = on_flow, .sign = on_sign, .user = &seen};
    struct eki_relay *relay;
    assert_int_equal(eki_relay_new(&judge, threaded, &relay), EKI_OK);
    assert_int_equal(play(relay), expected);
    eki_relay_free(relay);
    return seen;
}

static void same_with_a_thread(void **state)
{
    (void)state;
    struct seen plain = play_with(false, 0, EKI_OK), threaded = play_with(true, 0, EKI_OK);
    assert_true(plain.count > EVENTS);
    assert_true(plain.count == threaded.count && plain.digest == threaded.digest);
}

/* The judge's error comes back, and it is not called again. */
static void errors_come_back(void **state)
{
    (void)state;
    static const uint64_t at[] = {1, 5000, 200000};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        for (int threaded = 0; threaded < 2; threaded++)
            assert_true(play_with(threaded, at[i], EKI_ERROR_MEMORY).count == at[i]);
}

/* Freed in the middle, and after the end: the thread is gone, later calls are judged at once. */
static void early_and_late(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct eki_judge judge = {.contacts = on_contacts, .flow = on_flow, .sign = on_sign, .user = &seen};
    struct eki_flow flow = {.packet_first = 1};
    struct eki_relay *relay;
    assert_int_equal(eki_relay_new(&judge, 1, &relay), EKI_OK);
    for (int i = 0; i < EVENTS; i++) assert_int_equal(eki_relay_flow(relay, &flow), EKI_OK);
    eki_relay_free(relay);
    seen = (struct seen){0};
    assert_int_equal(eki_relay_new(&judge, 1, &relay), EKI_OK);
    assert_int_equal(eki_relay_finish(relay), EKI_OK);
    assert_int_equal(eki_relay_flow(relay, &flow), EKI_OK);
    assert_int_equal(eki_relay_finish(relay), EKI_OK);
    assert_true(seen.count == 1);
    eki_relay_free(relay);
    eki_relay_free(NULL);
}

enum { PIECES = 500 };

struct work {
    atomic_uint left, done;
};

static bool do_piece(void *user)
{
    struct work *work = user;
    if (!atomic_load(&work->left)) return false;
    atomic_fetch_sub(&work->left, 1);
    atomic_fetch_add(&work->done, 1);
    return true;
}

/* The chore is done beside the judging, woken when there is more, and over when it has been taken back. */
static void chores(void **state)
{
    (void)state;
    struct seen seen = {0}, plain = play_with(false, 0, EKI_OK);
    struct eki_judge judge = {.contacts = on_contacts, .flow = on_flow, .sign = on_sign, .user = &seen};
    struct work work = {PIECES, 0};
    struct eki_chore chore = {do_piece, &work};
    struct eki_relay *relay;
    assert_int_equal(eki_relay_new(&judge, 0, &relay), EKI_OK);
    assert_false(eki_relay_lend(relay, &chore));
    eki_relay_free(relay);
    assert_int_equal(eki_relay_new(&judge, 1, &relay), EKI_OK);
    assert_true(eki_relay_lend(relay, &chore));
    assert_false(eki_relay_lend(relay, &chore));
    while (atomic_load(&work.done) < PIECES) sched_yield();
    atomic_store(&work.left, PIECES);
    eki_relay_wake(relay);
    while (atomic_load(&work.done) < 2 * PIECES) sched_yield();
    atomic_store(&work.left, UINT_MAX);
    eki_relay_wake(relay);
    struct eki_flow flow = {.packet_first = 1};
    assert_int_equal(eki_relay_flow(relay, &flow), EKI_OK);
    assert_int_equal(eki_relay_settle(relay), EKI_OK); /* is not put off, though there is more to do */
    assert_int_equal(seen.count, 1);
    seen = (struct seen){0};
    assert_int_equal(play(relay), EKI_OK);
    assert_true(seen.count == plain.count && seen.digest == plain.digest);
    eki_relay_free(relay);
}

static void chores_are_taken_back(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct eki_judge judge = {.contacts = on_contacts, .flow = on_flow, .sign = on_sign, .user = &seen};
    struct work work = {UINT_MAX, 0};
    struct eki_relay *relay;
    assert_int_equal(eki_relay_new(&judge, 1, &relay), EKI_OK);
    assert_true(eki_relay_lend(relay, &(struct eki_chore){do_piece, &work}));
    while (!atomic_load(&work.done)) sched_yield();
    assert_true(eki_relay_lend(relay, NULL));
    unsigned done = atomic_load(&work.done);
    for (int i = 0; i < 100; i++) sched_yield();
    assert_int_equal(atomic_load(&work.done), done);
    assert_true(eki_relay_lend(relay, &(struct eki_chore){do_piece, &work}));
    eki_relay_free(relay);
}

/* A judge in steps: a digest of what each shard was given in its order, and of what was asked and noted. */
struct steps {
    struct seen asked, noted, shards[EKI_SHARDS];
    atomic_uint at_work[EKI_SHARDS]; /* nobody else may be at this shard */
    atomic_uint lingered, asked_for; /* contacts */
    atomic_bool wrong;               /* two at one shard, or a contact of another one */
    uint64_t judged_at_once;
    uint64_t refuse_at; /* the packet whose weighing fails */
};

static void on_ask(void *user, const struct eki_contact *contacts, size_t count,
                   struct eki_weighing *ret_items)
{
    struct steps *steps = user;
    for (size_t i = 0; i < count; i++) {
        eki_weighing_begin(&ret_items[i], &contacts[i], 7);
        (void)note(&steps->asked, contacts[i].packet);
        atomic_fetch_add(&steps->asked_for, 1);
        ret_items[i].answers = (uint8_t)(steps->asked.digest >> 60); /* as what was known then */
    }
}

/* Is slow, until some blocks more have been asked for, or cannot be because nobody else is there. */
static void linger(const struct steps *steps)
{
    unsigned asked = atomic_load(&steps->asked_for);
    for (int i = 0; i < 5 && atomic_load(&steps->asked_for) - asked < 3 * EKI_BLOCK_BYTES / 72; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
}

static enum eki_error on_weigh(void *user, struct eki_weighing *const *items, size_t count)
{
    struct steps *steps = user;
    enum eki_error error = EKI_OK;
    unsigned shard = count ? eki_shard_of(items[0]->client) : 0;
    if (atomic_fetch_add(&steps->at_work[shard], 1)) atomic_store(&steps->wrong, true);
    if (count > 100 && atomic_fetch_add(&steps->lingered, 1) % 64 == 0) linger(steps);
    for (size_t i = 0; i < count; i++) {
        if (eki_shard_of(items[i]->client) != shard) atomic_store(&steps->wrong, true);
        (void)note(&steps->shards[shard], items[i]->contact->packet + items[i]->answers);
        items[i]->outcome = (uint8_t)(steps->shards[shard].digest >> 61);
        if (items[i]->contact->packet == steps->refuse_at) error = EKI_ERROR_MEMORY;
    }
    atomic_fetch_sub(&steps->at_work[shard], 1);
    return error;
}

static enum eki_error on_note(void *user, const struct eki_weighing *items, size_t count)
{
    struct steps *steps = user;
    for (size_t i = 0; i < count; i++)
        (void)note(&steps->noted, items[i].contact->packet + ((uint64_t)items[i].outcome << 50));
    return EKI_OK;
}

/* All steps of one contact after the other. */
static enum eki_error on_whole(void *user, const struct eki_contact *contacts, size_t count)
{
    struct steps *steps = user;
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < count && !error; i++) {
        struct eki_weighing item, *list[] = {&item};
        on_ask(user, &contacts[i], 1, &item);
        error = on_weigh(user, list, 1);
        if (!error) error = on_note(user, &item, 1);
    }
    steps->judged_at_once += count;
    return error;
}

static enum eki_error on_flow_between(void *user, const struct eki_flow *flow)
{
    struct steps *steps = user;
    return note(&steps->noted, flow->packet_first * 3);
}

/* It pays now and then. */
static bool on_pays(void *user)
{
    const struct steps *steps = user;
    return steps->noted.digest >> 62;
}

/* Contacts of many clients with flows between them, by so many threads; the relay is settled now and then. */
static enum eki_error play_steps(struct steps *steps, unsigned threads)
{
    struct eki_random random = eki_random_from(11);
    const struct eki_judge judge = {.contacts = on_whole,
                                    .flow = on_flow_between,
                                    .user = steps,
                                    .ask = on_ask,
                                    .weigh = on_weigh,
                                    .note = on_note,
                                    .pays = on_pays};
    struct eki_relay *relay;
    enum eki_error error = EKI_OK;
    assert_int_equal(eki_relay_new(&judge, threads, &relay), EKI_OK);
    for (uint64_t i = 1; i <= EVENTS && !error; i++) {
        struct eki_contact contacts[GROUP] = {0};
        size_t count = 1 + eki_random_below(&random, GROUP);
        uint32_t clients = i / 200 % 2 ? 2 : 5000; /* in every third block most shards have nothing to do */
        for (size_t k = 0; k < count; k++) {
            contacts[k].packet = i * GROUP + k;
            contacts[k].client = eki_address_v4((uint32_t)eki_random_below(&random, clients));
        }
        struct eki_flow flow = {.packet_first = i};
        error = eki_relay_contacts(relay, contacts, count);
        if (!error) error = eki_relay_flow(relay, &flow);
        if (!error && i % 5000 == 0) error = eki_relay_settle(relay);
    }
    enum eki_error end = eki_relay_finish(relay);
    eki_relay_free(relay);
    return error ? error : end;
}

static bool same_seen(const struct seen *a, const struct seen *b)
{
    return a->count == b->count && a->digest == b->digest;
}

/* Each step, and each shard, sees the same in the same order, however many threads there are. */
static void steps_in_order(void **state)
{
    (void)state;
    static struct steps plain, shared;
    assert_int_equal(play_steps(&plain, 0), EKI_OK);
    bool in_steps = false;
    for (unsigned threads = 1; threads <= 8; threads++) {
        shared = (struct steps){0};
        assert_int_equal(play_steps(&shared, threads), EKI_OK);
        assert_false(atomic_load(&shared.wrong));
        assert_true(same_seen(&plain.asked, &shared.asked) && same_seen(&plain.noted, &shared.noted));
        for (int i = 0; i < EKI_SHARDS; i++) assert_true(same_seen(&plain.shards[i], &shared.shards[i]));
        in_steps |= shared.judged_at_once < plain.judged_at_once;
    }
    assert_true(in_steps);
}

static void errors_of_steps_come_back(void **state)
{
    (void)state;
    static struct steps steps;
    for (unsigned threads = 0; threads <= 8; threads++) {
        steps = (struct steps){.refuse_at = UINT64_C(20000) * GROUP};
        assert_int_equal(play_steps(&steps, threads), EKI_ERROR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_with_a_thread),       cmocka_unit_test(errors_come_back),
        cmocka_unit_test(early_and_late),           cmocka_unit_test(chores),
        cmocka_unit_test(chores_are_taken_back),    cmocka_unit_test(steps_in_order),
        cmocka_unit_test(errors_of_steps_come_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
