/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts, signs and scanners in, outbreaks out: the chains that fool simple rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "trial.h"

static void chain_of_implants(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    trial_sign(&t, 1, 2, 9, 10, EKI_GRADE_IMPLANT);
    trial_searches(&t, 2, 12);
    trial_sign(&t, 2, 3, 19, 20, EKI_GRADE_IMPLANT);
    trial_searches(&t, 3, 22);
    trial_sign(&t, 3, 1, 29, 30,
               EKI_GRADE_IMPLANT); /* attacks the origin: no cycle, the first infection stays */
    trial_sign(&t, 3, 9, 31, 32, EKI_GRADE_ATTEMPT);
    trial_sign(&t, 1, 9, 33, 34, EKI_GRADE_ATTEMPT);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    assert_int_equal(t.outbreak_count, 1);
    assert_int_equal(o->infection_count, 3);
    assert_false(trial_infection(o, 1)->has_parent);
    trial_assert_parent(o, 2, 1);
    trial_assert_parent(o, 3, 2);
    assert_int_equal(trial_infection(o, 3)->generation, 2);
    assert_true(trial_infection(o, 2)->time == trial_at(10));
    assert_true(trial_infection(o, 2)->error_s <= .01);
    assert_int_equal(trial_infection(o, 2)->evidence, EKI_EVIDENCE_IMPLANT);
    assert_true(eki_address_equal(o->patient_zero, trial_host(1)));
    assert_true(o->patient_zero_posterior > .9);
    assert_int_equal(o->failed_count, 2); /* two sources on host 9, which never fell */
    trial_done(&t);
}

/* Two hosts search from the start and nobody infected either: both may have been the first, the likelier one
 * is named, and what all of them may be is no more than certain. */
static void who_may_be_the_first_is_ranked(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    trial_searches(&t, 2, 2);
    for (int i = 3; i < 10; i++) {
        trial_sign(&t, i < 6 ? 1 : 2, i, 10 + i, 10.5 + i, EKI_GRADE_IMPLANT);
        trial_searches(&t, i, 11 + i);
    }
    const struct eki_outbreak *o = trial_conclude(&t);
    double sum = 0;
    assert_non_null(o);
    assert_in_range(o->zero_count, 2, EKI_CANDIDATES_KEPT);
    assert_true(eki_address_equal(o->zeros[0].host, o->patient_zero));
    assert_true(o->zeros[0].posterior == o->patient_zero_posterior);
    assert_true(eki_address_equal(o->zeros[0].host, trial_host(1)) ||
                eki_address_equal(o->zeros[0].host, trial_host(2)));
    assert_true(eki_address_equal(o->zeros[1].host, trial_host(1)) ||
                eki_address_equal(o->zeros[1].host, trial_host(2)));
    for (size_t i = 0; i < o->zero_count; i++) {
        if (i) assert_true(o->zeros[i].posterior <= o->zeros[i - 1].posterior);
        assert_true(o->zeros[i].posterior > 0);
        sum += o->zeros[i].posterior;
    }
    assert_true(sum <= 1 + 1e-9);
    trial_done(&t);
}

/* Two sources exploit one victim: the parent is the one whose implant was complete first. */
static void first_complete_implant_wins(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    trial_searches(&t, 2, 2);
    trial_sign(&t, 1, 3, 10, 19.5, EKI_GRADE_IMPLANT); /* began first, with more messages */
    trial_sign(&t, 2, 3, 15, 18, EKI_GRADE_IMPLANT);
    trial_searches(&t, 3, 21);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    trial_assert_parent(o, 3, 2);
    assert_true(trial_infection(o, 3)->time == trial_at(18));
    assert_true(trial_is_runner_up(trial_infection(o, 3), 1));
    trial_done(&t);
}

/* Only scans are seen: the session whose latency fits the outbreak, not the first one and not the latest. */
static void latency_learned_from_others(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    for (unsigned n = 2; n < 9; n++) { /* all turn source 4 s after their only visit */
        trial_touch(&t, 1, n, 10 * n);
        trial_searches(&t, n, 10 * n + 4);
    }
    trial_touch(&t, 2, 9, 150);
    trial_touch(&t, 3, 9, 196);
    trial_touch(&t, 4, 9, 199.99);
    trial_searches(&t, 9, 200);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 9);
    trial_assert_parent(o, 9, 3);
    trial_assert_parent(o, 5, 1);
    assert_true(trial_infection(o, 9)->parent_posterior > .5);
    trial_done(&t);
}

/* A visit before the visitor was infected is ordinary work. */
static void old_visits_do_not_count(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_touch(&t, 2, 3, 5); /* long before host 2 falls */
    trial_searches(&t, 1, 10);
    trial_touch(&t, 1, 2, 40);
    trial_searches(&t, 2, 43);
    trial_searches(&t, 3, 30);
    trial_touch(&t, 1, 3, 27);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    trial_assert_parent(o, 3, 1);
    trial_assert_parent(o, 2, 1);
    trial_done(&t);
}

static void no_spread_no_outbreak(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    trial_searches(&t, 2, 1.5);
    for (unsigned n = 3; n < 12; n++) trial_touch(&t, 1, n, 10 + n);
    trial_sign(&t, 1, 5, 30, 31, EKI_GRADE_ATTEMPT);
    trial_sign(&t, 1, 6, 30, 31, EKI_GRADE_CHECK);
    assert_null(trial_conclude(&t));
    trial_done(&t);
}

/* Files copied and run by hand: access, but nobody spreads by itself. */
static void hands_on_is_no_worm(void **state)
{
    (void)state;
    struct trial t = trial_new();
    struct eki_sign s = {.id = 1,
                         .name = "admin-share-exec",
                         .family = "",
                         .technique = "T1021.002",
                         .source = trial_host(1),
                         .target = trial_host(2),
                         .first = trial_at(5),
                         .last = trial_at(6),
                         .packet_first = 1,
                         .packet_last = 9,
                         .count = 2,
                         .service = 445,
                         .protocol = EKI_PROTOCOL_TCP,
                         .grade = EKI_GRADE_IMPLANT,
                         .vector = true,
                         .automated = false};
    assert_int_equal(eki_tracer_sign(t.tracer, &s), EKI_OK);
    assert_null(trial_conclude(&t));
    trial_done(&t);
}

static void growth_of_a_doubling(void **state)
{
    (void)state;
    struct trial t = trial_new();
    /* 1, 2, 4, 8: each host infects one more every 100 s. */
    unsigned next = 2;
    trial_searches(&t, 1, 0);
    for (int generation = 1; generation <= 3; generation++) {
        unsigned infected = next - 1;
        for (unsigned n = 1; n <= infected; n++, next++) {
            trial_sign(&t, n, next, generation * 100 - 1, generation * 100, EKI_GRADE_IMPLANT);
            trial_searches(&t, next, generation * 100 + 1);
        }
    }
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 8);
    assert_true(o->growth.known);
    /* 7 births over 1*300 + 1*200 + 2*100 = 700 host-seconds at risk: 1 per 100 s. */
    assert_true(o->growth.rate_per_s > .0099 && o->growth.rate_per_s < .0101);
    assert_true(o->growth.rate_low < .01 && o->growth.rate_high > .01);
    assert_int_equal(o->curve[o->curve_count - 1].infected, 8);
    trial_done(&t);
}

/* A conversation that carried so many bytes. */
static void session(struct trial *t, unsigned from, unsigned to, const double when[2], uint64_t bytes)
{
    struct eki_flow flow = {.client = trial_host(from),
                            .server = trial_host(to),
                            .first = trial_at(when[0]),
                            .last = trial_at(when[1]),
                            .packet_first = ++t->packet,
                            .packet_last = ++t->packet,
                            .client_bytes = bytes,
                            .server_bytes = 400,
                            .client_packets = 9,
                            .server_packets = 7,
                            .client_port = (uint16_t)(1024 + t->packet),
                            .service = 445,
                            .protocol = EKI_PROTOCOL_TCP};
    assert_int_equal(eki_tracer_flow(t->tracer, &flow), EKI_OK);
}

/* What is told of one infection, step by step. */
static const struct eki_wire *wire_of(const struct eki_outbreak *o, unsigned n)
{
    const struct eki_wire *wire = &o->wires[trial_infection(o, n) - o->infections];
    for (size_t i = wire->first + 1; i < wire->first + wire->count; i++)
        assert_true(o->steps[i - 1].time <= o->steps[i].time);
    assert_true(wire->first + wire->count <= o->step_count);
    return wire;
}

/* How many steps are told by these words and this value. */
static size_t told(const struct eki_outbreak *o, unsigned n, const char *what, const char *value)
{
    const struct eki_wire *wire = wire_of(o, n);
    size_t count = 0;
    for (size_t i = wire->first; i < wire->first + wire->count; i++)
        count += !strcmp(o->steps[i].what, what) && !strcmp(o->steps[i].value, value);
    return count;
}

/* No sign at all: three attempts of one size fail, one of another size gets in 10 s before the victim
 * searches. Nobody says which size that is; only it comes a like time before every search. */
static void size_of_success_is_learned(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    for (unsigned n = 2; n < 10; n++) {
        double infected = 100 * n;
        for (unsigned k = 1; k <= 3; k++) {
            double end = infected - 11 * k - 3 * (n % 3) - n;
            session(&t, 1, n, (double[]){end - 6, end}, 68000);
        }
        if (n > 2) session(&t, n - 1, n, (double[]){infected + 2 + n % 4, infected + 2.1 + n % 4}, 540);
        session(&t, 1, n, (double[]){infected - .1, infected}, 251000);
        trial_searches(&t, n, infected + 9.5 + .25 * (n % 5));
    }
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    for (unsigned n = 2; n < 10; n++) {
        trial_assert_parent(o, n, 1);
        assert_true(trial_infection(o, n)->time == trial_at(100 * n));
        assert_true(trial_infection(o, n)->parent_posterior > .9);
        /* The first visit, the two that came to nothing as one step, and the one that got in. */
        assert_int_equal(told(o, n, "connection request", ""), 2);
        assert_int_equal(told(o, n, "connection requests: {1} more", "2"), 1);
        assert_int_equal(told(o, n, "{1} bytes sent to the host, in all", "251000"), 1);
        assert_int_equal(told(o, n, "{1} bytes sent back, in all", "400"), 2);
        assert_int_equal(told(o, n, "the infected host begins to search", ""), 1);
        assert_int_equal(wire_of(o, n)->omitted, 0);
    }
    assert_int_equal(wire_of(o, 1)->count, 0); /* nobody that was seen infected it */
    trial_done(&t);
}

/* A parent that calls often with a sign each time: no more is told than a page shows, and what was left out
 * is counted. Signs of others between other hosts are not mixed in. */
static void wire_is_bounded(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    for (unsigned i = 0; i < 60; i++) trial_sign(&t, 1, 2, 10 + i * .01, 10 + i * .01, EKI_GRADE_ATTEMPT);
    trial_sign(&t, 1, 2, 19, 20, EKI_GRADE_IMPLANT);
    trial_sign(&t, 1, 9, 19, 20, EKI_GRADE_IMPLANT);
    trial_sign(&t, 9, 2, 41, 42, EKI_GRADE_ATTEMPT);
    trial_searches(&t, 2, 22);
    trial_searches(&t, 9, 25);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    trial_assert_parent(o, 2, 1);
    const struct eki_wire *wire = wire_of(o, 2);
    assert_int_equal(wire->count, 48);
    assert_true(wire->omitted >= 60 + 1 - 48);
    assert_int_equal(told(o, 2, "{1} (implant)", "doublepulsar"), 1); /* what is left out is the least */
    assert_int_equal(told(o, 2, "the infected host begins to search", ""), 1);
    assert_true(trial_infection(o, 9)->has_parent);
    assert_int_equal(told(o, 9, "{1} (implant)", "doublepulsar"), 1);
    assert_int_equal(told(o, 9, "{1}: complete", "doublepulsar"), 1);
    assert_int_equal(wire_of(o, 9)->count, 3);
    trial_done(&t);
}

/* Somebody found the implant on a host before another source delivered to it: who put it there was not seen.
 */
static void found_infected_before_the_delivery(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    for (unsigned n = 2; n < 6; n++) {
        trial_sign(&t, 1, n, 10 * n, 10 * n + 1, EKI_GRADE_IMPLANT);
        trial_searches(&t, n, 10 * n + 3);
    }
    struct eki_sign look = {.id = ++t.id,
                            .name = "doublepulsar",
                            .family = "",
                            .technique = "T1210",
                            .source = trial_host(2),
                            .target = trial_host(9),
                            .first = trial_at(70),
                            .last = trial_at(70.1),
                            .packet_first = 1,
                            .packet_last = 2,
                            .count = 1,
                            .service = 445,
                            .protocol = EKI_PROTOCOL_TCP,
                            .grade = EKI_GRADE_EXPLOIT};
    assert_int_equal(eki_tracer_sign(t.tracer, &look), EKI_OK);
    trial_sign(&t, 3, 9, 71, 72, EKI_GRADE_IMPLANT);
    trial_searches(&t, 9, 74);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    assert_false(trial_infection(o, 9)->has_parent);
    assert_true(trial_is_runner_up(trial_infection(o, 9), 3));
    trial_assert_parent(o, 4, 1);
    trial_done(&t);
}

/* 1 delivers to 2 to 7, which are seen in full; of 8 and up to `end` a part of the search is seen, and nobody
 * who reached them. */
static struct trial half_in_sight(unsigned end)
{
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    for (unsigned n = 2; n < 8; n++) {
        trial_sign(&t, 1, n, 10 * n, 10 * n + 1, EKI_GRADE_IMPLANT);
        trial_searches(&t, n, 10 * n + 4);
    }
    for (unsigned n = 8; n < end; n++) {
        trial_searches(&t, n, 10 * n);
        t.scanners[t.scanner_count - 1].strategies[0].probes = 5;
    }
    return t;
}

/* Of half of the hosts only a part is seen, and nobody was seen to reach most of those: the one of them that
 * was merely talked to is not laid on who talked to it. A host that is seen in full is. */
static void parents_out_of_sight(void **state)
{
    (void)state;
    struct trial t = half_in_sight(14);
    trial_touch(&t, 2, 13, 124);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    assert_false(trial_infection(o, 13)->has_parent);
    for (unsigned n = 2; n < 8; n++) trial_assert_parent(o, n, 1);
    trial_done(&t);
}

/* As above; of one host more the delivery was seen, and then, long after, two attacks of its own: deliveries
 * do not come twice here, so whoever brought it is the parent. One that was merely talked to and attacks at
 * once may have fallen before, when others fell. */
static void delivery_to_one_seen_in_part(void **state)
{
    (void)state;
    struct trial t = half_in_sight(12);
    trial_sign(&t, 2, 12, 70, 71, EKI_GRADE_IMPLANT);
    trial_sign(&t, 12, 14, 130, 130.5, EKI_GRADE_ATTEMPT);
    trial_sign(&t, 12, 15, 190, 190.5, EKI_GRADE_ATTEMPT);
    trial_touch(&t, 3, 13, 124);
    trial_sign(&t, 13, 14, 126, 126.5, EKI_GRADE_ATTEMPT);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    trial_assert_parent(o, 12, 2);
    assert_true(trial_infection(o, 12)->time == trial_at(71));
    assert_true(trial_infection(o, 12)->parent_posterior < .999);
    assert_false(trial_infection(o, 13)->has_parent);
    for (unsigned n = 2; n < 8; n++) trial_assert_parent(o, n, 1);
    trial_done(&t);
}

/* Bots log in, a loader that searches nothing delivers: the bot is the parent, the delivery the moment. Where
 * two have logged in and the loader came once, both stay in question. */
static void loader_works_for_those_who_logged_in(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    for (unsigned n = 2; n < 9; n++) {
        trial_sign(&t, 1, n, 20 * n, 20 * n + .5, EKI_GRADE_ACCESS);
        trial_sign(&t, 15, n, 20 * n + 2 + .4 * (n % 3), 20 * n + 3 + .4 * (n % 3), EKI_GRADE_IMPLANT);
        trial_searches(&t, n, 20 * n + 6);
    }
    trial_sign(&t, 3, 10, 200, 200.5, EKI_GRADE_ACCESS);
    trial_sign(&t, 4, 10, 200.2, 200.7, EKI_GRADE_ACCESS);
    trial_sign(&t, 15, 10, 202.5, 203.4, EKI_GRADE_IMPLANT);
    trial_searches(&t, 10, 206);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    for (unsigned n = 2; n < 9; n++) {
        trial_assert_parent(o, n, 1);
        assert_true(trial_infection(o, n)->time == trial_at(20 * n + 3 + .4 * (n % 3)));
    }
    const struct eki_infection *raced = trial_infection(o, 10);
    assert_true(raced->has_parent && raced->parent_posterior < .8);
    assert_true(trial_is_runner_up(raced, 3) || trial_is_runner_up(raced, 4));
    trial_done(&t);
}

/* Half of the hosts are seen in part: their attacks on others show, their search does not. Who was got into
 * and then gets into others belongs to the outbreak, and so does who attacks by a program and was reached by
 * nobody. */
static void attackers_whose_search_is_not_seen(void **state)
{
    (void)state;
    struct trial t = trial_new();
    trial_searches(&t, 1, 1);
    for (unsigned n = 2; n < 5; n++) {
        trial_sign(&t, 1, n, 10 * n, 10 * n + 1, EKI_GRADE_IMPLANT);
        trial_searches(&t, n, 10 * n + 4);
    }
    trial_sign(&t, 2, 8, 60, 61, EKI_GRADE_ACCESS);
    trial_sign(&t, 8, 9, 64.5, 65, EKI_GRADE_ACCESS);
    trial_sign(&t, 8, 12, 66, 66.5, EKI_GRADE_ATTEMPT);
    trial_sign(&t, 8, 13, 67, 67.5, EKI_GRADE_ATTEMPT);
    trial_sign(&t, 10, 11, 70, 71, EKI_GRADE_ATTEMPT);
    const struct eki_outbreak *o = trial_conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 6);
    trial_assert_parent(o, 8, 2);
    assert_false(trial_infection(o, 10)->has_parent);
    trial_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(chain_of_implants),

                                       cmocka_unit_test(first_complete_implant_wins),
                                       cmocka_unit_test(who_may_be_the_first_is_ranked),
                                       cmocka_unit_test(latency_learned_from_others),
                                       cmocka_unit_test(old_visits_do_not_count),
                                       cmocka_unit_test(no_spread_no_outbreak),
                                       cmocka_unit_test(hands_on_is_no_worm),
                                       cmocka_unit_test(growth_of_a_doubling),
                                       cmocka_unit_test(size_of_success_is_learned),
                                       cmocka_unit_test(wire_is_bounded),
                                       cmocka_unit_test(found_infected_before_the_delivery),
                                       cmocka_unit_test(parents_out_of_sight),
                                       cmocka_unit_test(delivery_to_one_seen_in_part),
                                       cmocka_unit_test(loader_works_for_those_who_logged_in),
                                       cmocka_unit_test(attackers_whose_search_is_not_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
