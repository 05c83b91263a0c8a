/* SPDX-License-Identifier: Apache-2.0 */
/* The relay: the same calls in the same order with a thread and without, errors, an early end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <limits.h>
#include <sched.h>
#include <stdatomic.h>

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
    struct eki_judge judge = {on_contacts, on_flow, on_sign, &seen};
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
    struct eki_judge judge = {on_contacts, on_flow, on_sign, &seen};
    struct eki_flow flow = {.packet_first = 1};
    struct eki_relay *relay;
    assert_int_equal(eki_relay_new(&judge, true, &relay), EKI_OK);
    for (int i = 0; i < EVENTS; i++) assert_int_equal(eki_relay_flow(relay, &flow), EKI_OK);
    eki_relay_free(relay);
    seen = (struct seen){0};
    assert_int_equal(eki_relay_new(&judge, true, &relay), EKI_OK);
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
    struct eki_judge judge = {on_contacts, on_flow, on_sign, &seen};
    struct work work = {PIECES, 0};
    struct eki_chore chore = {do_piece, &work};
    struct eki_relay *relay;
    assert_int_equal(eki_relay_new(&judge, false, &relay), EKI_OK);
    assert_false(eki_relay_lend(relay, &chore));
    eki_relay_free(relay);
    assert_int_equal(eki_relay_new(&judge, true, &relay), EKI_OK);
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
    struct eki_judge judge = {on_contacts, on_flow, on_sign, &seen};
    struct work work = {UINT_MAX, 0};
    struct eki_relay *relay;
    assert_int_equal(eki_relay_new(&judge, true, &relay), EKI_OK);
    assert_true(eki_relay_lend(relay, &(struct eki_chore){do_piece, &work}));
    while (!atomic_load(&work.done)) sched_yield();
    assert_true(eki_relay_lend(relay, NULL));
    unsigned done = atomic_load(&work.done);
    for (int i = 0; i < 100; i++) sched_yield();
    assert_int_equal(atomic_load(&work.done), done);
    assert_true(eki_relay_lend(relay, &(struct eki_chore){do_piece, &work}));
    eki_relay_free(relay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_with_a_thread),
                                       cmocka_unit_test(errors_come_back), cmocka_unit_test(early_and_late),
                                       cmocka_unit_test(chores), cmocka_unit_test(chores_are_taken_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
