/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts, signs and scanners in, outbreaks out: the chains that fool simple rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "outbreak/tracer.h"

enum { HOSTS = 16 };

struct trial {
    struct eki_tracer *tracer;
    struct eki_arena arena;
    struct eki_scanner scanners[HOSTS];
    size_t scanner_count;
    const struct eki_outbreak *outbreaks;
    size_t outbreak_count;
    uint64_t id, packet;
};

static struct eki_address host(unsigned n)
{
    return eki_address_v4(0xc0a81400 + n);
}

static eki_time at(double seconds)
{
    return (eki_time)(seconds * 1e9);
}

static struct trial new_trial(void)
{
    struct trial t = {.tracer = NULL};
    assert_int_equal(eki_tracer_new(5, &t.tracer), EKI_OK);
    return t;
}

static void done(struct trial *t)
{
    eki_tracer_free(t->tracer);
    eki_arena_done(&t->arena);
}

static void touch(struct trial *t, unsigned from, unsigned to, double seconds)
{
    struct eki_contact contact = {.client = host(from),
                                  .server = host(to),
                                  .time = at(seconds),
                                  .answered = at(seconds + .001),
                                  .packet = ++t->packet,
                                  .attempts = 1,
                                  .client_port = (uint16_t)(1024 + t->packet),
                                  .service = 445,
                                  .protocol = EKI_PROTOCOL_TCP,
                                  .outcome = EKI_OUTCOME_DATA};
    assert_int_equal(eki_tracer_contact(t->tracer, &contact), EKI_OK);
}

/* A datagram to TFTP, as of a victim that fetches a program. */
static void call(struct trial *t, unsigned from, unsigned to, double seconds)
{
    struct eki_contact contact = {.client = host(from),
                                  .server = host(to),
                                  .time = at(seconds),
                                  .answered = at(seconds + .001),
                                  .packet = ++t->packet,
                                  .attempts = 1,
                                  .client_port = (uint16_t)(1024 + t->packet),
                                  .service = 69,
                                  .protocol = EKI_PROTOCOL_UDP,
                                  .outcome = EKI_OUTCOME_DATA};
    assert_int_equal(eki_tracer_contact(t->tracer, &contact), EKI_OK);
}

static void sign(struct trial *t, unsigned from, unsigned to, double first, double last, enum eki_grade grade)
{
    struct eki_sign s = {.id = ++t->id,
                         .name = grade >= EKI_GRADE_EXPLOIT ? "doublepulsar" : "eternalblue",
                         .family = "",
                         .technique = "T1210",
                         .source = host(from),
                         .target = host(to),
                         .first = at(first),
                         .last = at(last),
                         .packet_first = ++t->packet,
                         .packet_last = ++t->packet,
                         .count = 1,
                         .service = 445,
                         .protocol = EKI_PROTOCOL_TCP,
                         .grade = (uint8_t)grade,
                         .vector = true,
                         .automated = true};
    assert_int_equal(eki_tracer_sign(t->tracer, &s), EKI_OK);
}

static void searches(struct trial *t, unsigned n, double since)
{
    t->scanners[t->scanner_count++] = (struct eki_scanner){.host = host(n),
                                                           .protocol = EKI_PROTOCOL_TCP,
                                                           .service = 445,
                                                           .verdict = EKI_VERDICT_SCANNER,
                                                           .first = at(since),
                                                           .since = at(since),
                                                           .last = at(since + 100),
                                                           .decided_at = at(since + 2),
                                                           .targets = 200,
                                                           .strategies = {{.probes = 200}}};
}

static const struct eki_outbreak *conclude(struct trial *t)
{
    struct eki_tracer_view view = {t->scanners, t->scanner_count, 0, at(1000)};
    assert_int_equal(eki_tracer_findings(t->tracer, &view, &t->arena, &t->outbreaks, &t->outbreak_count),
                     EKI_OK);
    return t->outbreak_count ? &t->outbreaks[0] : NULL;
}

static const struct eki_infection *infection(const struct eki_outbreak *outbreak, unsigned n)
{
    for (size_t i = 0; i < outbreak->infection_count; i++)
        if (eki_address_equal(outbreak->infections[i].host, host(n))) return &outbreak->infections[i];
    fail_msg("host %u is not in the outbreak", n);
    return NULL;
}

static void assert_parent(const struct eki_outbreak *outbreak, unsigned child, unsigned parent)
{
    const struct eki_infection *i = infection(outbreak, child);
    assert_true(i->has_parent);
    assert_true(eki_address_equal(i->parent, host(parent)));
}

static bool is_runner_up(const struct eki_infection *i, unsigned n)
{
    for (size_t k = 0; k < i->runner_up_count; k++)
        if (!i->runners_up[k].outside && eki_address_equal(i->runners_up[k].host, host(n))) return true;
    return false;
}

static void chain_of_implants(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    sign(&t, 1, 2, 9, 10, EKI_GRADE_IMPLANT);
    searches(&t, 2, 12);
    sign(&t, 2, 3, 19, 20, EKI_GRADE_IMPLANT);
    searches(&t, 3, 22);
    sign(&t, 3, 1, 29, 30, EKI_GRADE_IMPLANT); /* attacks the origin: no cycle, the first infection stays */
    sign(&t, 3, 9, 31, 32, EKI_GRADE_ATTEMPT);
    sign(&t, 1, 9, 33, 34, EKI_GRADE_ATTEMPT);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_int_equal(t.outbreak_count, 1);
    assert_int_equal(o->infection_count, 3);
    assert_false(infection(o, 1)->has_parent);
    assert_parent(o, 2, 1);
    assert_parent(o, 3, 2);
    assert_int_equal(infection(o, 3)->generation, 2);
    assert_true(infection(o, 2)->time == at(10));
    assert_true(infection(o, 2)->error_s <= .01);
    assert_int_equal(infection(o, 2)->evidence, EKI_EVIDENCE_IMPLANT);
    assert_true(eki_address_equal(o->patient_zero, host(1)));
    assert_true(o->patient_zero_posterior > .9);
    assert_int_equal(o->failed_count, 2); /* two sources on host 9, which never fell */
    done(&t);
}

/* Two hosts search from the start and nobody infected either: both may have been the first, the likelier one
 * is named, and what all of them may be is no more than certain. */
static void who_may_be_the_first_is_ranked(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    searches(&t, 2, 2);
    for (int i = 3; i < 10; i++) {
        sign(&t, i < 6 ? 1 : 2, i, 10 + i, 10.5 + i, EKI_GRADE_IMPLANT);
        searches(&t, i, 11 + i);
    }
    const struct eki_outbreak *o = conclude(&t);
    double sum = 0;
    assert_non_null(o);
    assert_in_range(o->zero_count, 2, EKI_CANDIDATES_KEPT);
    assert_true(eki_address_equal(o->zeros[0].host, o->patient_zero));
    assert_true(o->zeros[0].posterior == o->patient_zero_posterior);
    assert_true(eki_address_equal(o->zeros[0].host, host(1)) || eki_address_equal(o->zeros[0].host, host(2)));
    assert_true(eki_address_equal(o->zeros[1].host, host(1)) || eki_address_equal(o->zeros[1].host, host(2)));
    for (size_t i = 0; i < o->zero_count; i++) {
        if (i) assert_true(o->zeros[i].posterior <= o->zeros[i - 1].posterior);
        assert_true(o->zeros[i].posterior > 0);
        sum += o->zeros[i].posterior;
    }
    assert_true(sum <= 1 + 1e-9);
    done(&t);
}

/* Two hosts walk one behind the other, and each victim searches as soon as the second was there. Whom it
 * called when it was reached tells which of them it was; whom it always called does not. */
static struct trial two_in_a_row(bool called, bool habit)
{
    struct trial t = new_trial();
    searches(&t, 1, 1);
    touch(&t, 1, 2, 3);
    searches(&t, 2, 6.5);
    if (called) call(&t, 2, 1, 3.5);
    for (unsigned i = 3; i < 12; i++) {
        double reached = 10 + 3 * i;
        if (habit) call(&t, i, 1, 2 + .1 * i);
        touch(&t, 1, i, reached);
        if (called) call(&t, i, 1, reached + .5);
        touch(&t, 2, i, reached + 3.2);
        searches(&t, i, reached + 3.5);
    }
    return t;
}

static unsigned children_of(const struct eki_outbreak *o, unsigned parent)
{
    unsigned count = 0;
    for (size_t i = 0; i < o->infection_count; i++)
        count += o->infections[i].has_parent && eki_address_equal(o->infections[i].parent, host(parent));
    return count;
}

static void a_victim_that_turns_round_names_its_parent(void **state)
{
    (void)state;
    struct trial t = two_in_a_row(true, false);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 11);
    assert_int_equal(children_of(o, 1), 10);
    for (unsigned i = 3; i < 12; i++) {
        assert_true(infection(o, i)->parent_posterior > .9);
        assert_true(infection(o, i)->time >= at(10 + 3 * i + .5)); /* it has what it called for */
    }
    done(&t);
    struct trial none = two_in_a_row(false, false), usual = two_in_a_row(true, true);
    const struct eki_outbreak *silent = conclude(&none), *habit = conclude(&usual);
    assert_non_null(silent);
    assert_non_null(habit);
    assert_true(children_of(silent, 1) < 5); /* as it looks without them */
    assert_int_equal(children_of(silent, 1), children_of(habit, 1));
    assert_true(infection(silent, 7)->parent_posterior == infection(habit, 7)->parent_posterior);
    done(&none);
    done(&usual);
}

/* Two sources exploit one victim: the parent is the one whose implant was complete first. */
static void first_complete_implant_wins(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    searches(&t, 2, 2);
    sign(&t, 1, 3, 10, 19.5, EKI_GRADE_IMPLANT); /* began first, with more messages */
    sign(&t, 2, 3, 15, 18, EKI_GRADE_IMPLANT);
    searches(&t, 3, 21);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_parent(o, 3, 2);
    assert_true(infection(o, 3)->time == at(18));
    assert_true(is_runner_up(infection(o, 3), 1));
    done(&t);
}

/* Only scans are seen: the session whose latency fits the outbreak, not the first one and not the latest. */
static void latency_learned_from_others(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    for (unsigned n = 2; n < 9; n++) { /* all turn source 4 s after their only visit */
        touch(&t, 1, n, 10 * n);
        searches(&t, n, 10 * n + 4);
    }
    touch(&t, 2, 9, 150);
    touch(&t, 3, 9, 196);
    touch(&t, 4, 9, 199.99);
    searches(&t, 9, 200);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 9);
    assert_parent(o, 9, 3);
    assert_parent(o, 5, 1);
    assert_true(infection(o, 9)->parent_posterior > .5);
    done(&t);
}

/* A visit before the visitor was infected is ordinary work. */
static void old_visits_do_not_count(void **state)
{
    (void)state;
    struct trial t = new_trial();
    touch(&t, 2, 3, 5); /* long before host 2 falls */
    searches(&t, 1, 10);
    touch(&t, 1, 2, 40);
    searches(&t, 2, 43);
    searches(&t, 3, 30);
    touch(&t, 1, 3, 27);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_parent(o, 3, 1);
    assert_parent(o, 2, 1);
    done(&t);
}

static void no_spread_no_outbreak(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    searches(&t, 2, 1.5);
    for (unsigned n = 3; n < 12; n++) touch(&t, 1, n, 10 + n);
    sign(&t, 1, 5, 30, 31, EKI_GRADE_ATTEMPT);
    sign(&t, 1, 6, 30, 31, EKI_GRADE_CHECK);
    assert_null(conclude(&t));
    done(&t);
}

/* Files copied and run by hand: access, but nobody spreads by itself. */
static void hands_on_is_no_worm(void **state)
{
    (void)state;
    struct trial t = new_trial();
    struct eki_sign s = {.id = 1,
                         .name = "admin-share-exec",
                         .family = "",
                         .technique = "T1021.002",
                         .source = host(1),
                         .target = host(2),
                         .first = at(5),
                         .last = at(6),
                         .packet_first = 1,
                         .packet_last = 9,
                         .count = 2,
                         .service = 445,
                         .protocol = EKI_PROTOCOL_TCP,
                         .grade = EKI_GRADE_IMPLANT,
                         .vector = true,
                         .automated = false};
    assert_int_equal(eki_tracer_sign(t.tracer, &s), EKI_OK);
    assert_null(conclude(&t));
    done(&t);
}

static void growth_of_a_doubling(void **state)
{
    (void)state;
    struct trial t = new_trial();
    /* 1, 2, 4, 8: each host infects one more every 100 s. */
    unsigned next = 2;
    searches(&t, 1, 0);
    for (int generation = 1; generation <= 3; generation++) {
        unsigned infected = next - 1;
        for (unsigned n = 1; n <= infected; n++, next++) {
            sign(&t, n, next, generation * 100 - 1, generation * 100, EKI_GRADE_IMPLANT);
            searches(&t, next, generation * 100 + 1);
        }
    }
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 8);
    assert_true(o->growth.known);
    /* 7 births over 1*300 + 1*200 + 2*100 = 700 host-seconds at risk: 1 per 100 s. */
    assert_true(o->growth.rate_per_s > .0099 && o->growth.rate_per_s < .0101);
    assert_true(o->growth.rate_low < .01 && o->growth.rate_high > .01);
    assert_int_equal(o->curve[o->curve_count - 1].infected, 8);
    done(&t);
}

/* A conversation that carried so many bytes. */
static void session(struct trial *t, unsigned from, unsigned to, const double when[2], uint64_t bytes)
{
    struct eki_flow flow = {.client = host(from),
                            .server = host(to),
                            .first = at(when[0]),
                            .last = at(when[1]),
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
    const struct eki_wire *wire = &o->wires[infection(o, n) - o->infections];
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
    struct trial t = new_trial();
    searches(&t, 1, 1);
    for (unsigned n = 2; n < 10; n++) {
        double infected = 100 * n;
        for (unsigned k = 1; k <= 3; k++) {
            double end = infected - 11 * k - 3 * (n % 3) - n;
            session(&t, 1, n, (double[]){end - 6, end}, 68000);
        }
        if (n > 2) session(&t, n - 1, n, (double[]){infected + 2 + n % 4, infected + 2.1 + n % 4}, 540);
        session(&t, 1, n, (double[]){infected - .1, infected}, 251000);
        searches(&t, n, infected + 9.5 + .25 * (n % 5));
    }
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    for (unsigned n = 2; n < 10; n++) {
        assert_parent(o, n, 1);
        assert_true(infection(o, n)->time == at(100 * n));
        assert_true(infection(o, n)->parent_posterior > .9);
        /* The first visit, the two that came to nothing as one step, and the one that got in. */
        assert_int_equal(told(o, n, "connection request", ""), 2);
        assert_int_equal(told(o, n, "connection requests: {1} more", "2"), 1);
        assert_int_equal(told(o, n, "{1} bytes sent to the host, in all", "251000"), 1);
        assert_int_equal(told(o, n, "{1} bytes sent back, in all", "400"), 2);
        assert_int_equal(told(o, n, "the infected host begins to search", ""), 1);
        assert_int_equal(wire_of(o, n)->omitted, 0);
    }
    assert_int_equal(wire_of(o, 1)->count, 0); /* nobody that was seen infected it */
    done(&t);
}

/* A parent that calls often with a sign each time: no more is told than a page shows, and what was left out
 * is counted. Signs of others between other hosts are not mixed in. */
static void wire_is_bounded(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    for (unsigned i = 0; i < 60; i++) sign(&t, 1, 2, 10 + i * .01, 10 + i * .01, EKI_GRADE_ATTEMPT);
    sign(&t, 1, 2, 19, 20, EKI_GRADE_IMPLANT);
    sign(&t, 1, 9, 19, 20, EKI_GRADE_IMPLANT);
    sign(&t, 9, 2, 41, 42, EKI_GRADE_ATTEMPT);
    searches(&t, 2, 22);
    searches(&t, 9, 25);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_parent(o, 2, 1);
    const struct eki_wire *wire = wire_of(o, 2);
    assert_int_equal(wire->count, 48);
    assert_true(wire->omitted >= 60 + 1 - 48);
    assert_int_equal(told(o, 2, "{1} (implant)", "doublepulsar"), 1); /* what is left out is the least */
    assert_int_equal(told(o, 2, "the infected host begins to search", ""), 1);
    assert_true(infection(o, 9)->has_parent);
    assert_int_equal(told(o, 9, "{1} (implant)", "doublepulsar"), 1);
    assert_int_equal(told(o, 9, "{1}: complete", "doublepulsar"), 1);
    assert_int_equal(wire_of(o, 9)->count, 3);
    done(&t);
}

/* Somebody found the implant on a host before another source delivered to it: who put it there was not seen.
 */
static void found_infected_before_the_delivery(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    for (unsigned n = 2; n < 6; n++) {
        sign(&t, 1, n, 10 * n, 10 * n + 1, EKI_GRADE_IMPLANT);
        searches(&t, n, 10 * n + 3);
    }
    struct eki_sign look = {.id = ++t.id,
                            .name = "doublepulsar",
                            .family = "",
                            .technique = "T1210",
                            .source = host(2),
                            .target = host(9),
                            .first = at(70),
                            .last = at(70.1),
                            .packet_first = 1,
                            .packet_last = 2,
                            .count = 1,
                            .service = 445,
                            .protocol = EKI_PROTOCOL_TCP,
                            .grade = EKI_GRADE_EXPLOIT};
    assert_int_equal(eki_tracer_sign(t.tracer, &look), EKI_OK);
    sign(&t, 3, 9, 71, 72, EKI_GRADE_IMPLANT);
    searches(&t, 9, 74);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_false(infection(o, 9)->has_parent);
    assert_true(is_runner_up(infection(o, 9), 3));
    assert_parent(o, 4, 1);
    done(&t);
}

/* Of half of the hosts only a part is seen, and nobody was seen to reach most of those: the one of them that
 * was merely talked to is not laid on who talked to it. A host that is seen in full is. */
static void parents_out_of_sight(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    for (unsigned n = 2; n < 8; n++) {
        sign(&t, 1, n, 10 * n, 10 * n + 1, EKI_GRADE_IMPLANT);
        searches(&t, n, 10 * n + 4);
    }
    for (unsigned n = 8; n < 14; n++) {
        searches(&t, n, 10 * n);
        t.scanners[t.scanner_count - 1].strategies[0].probes = 5;
    }
    touch(&t, 2, 13, 124);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_false(infection(o, 13)->has_parent);
    for (unsigned n = 2; n < 8; n++) assert_parent(o, n, 1);
    done(&t);
}

/* Bots log in, a loader that searches nothing delivers: the bot is the parent, the delivery the moment. Where
 * two have logged in and the loader came once, both stay in question. */
static void loader_works_for_those_who_logged_in(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    for (unsigned n = 2; n < 9; n++) {
        sign(&t, 1, n, 20 * n, 20 * n + .5, EKI_GRADE_ACCESS);
        sign(&t, 15, n, 20 * n + 2 + .4 * (n % 3), 20 * n + 3 + .4 * (n % 3), EKI_GRADE_IMPLANT);
        searches(&t, n, 20 * n + 6);
    }
    sign(&t, 3, 10, 200, 200.5, EKI_GRADE_ACCESS);
    sign(&t, 4, 10, 200.2, 200.7, EKI_GRADE_ACCESS);
    sign(&t, 15, 10, 202.5, 203.4, EKI_GRADE_IMPLANT);
    searches(&t, 10, 206);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    for (unsigned n = 2; n < 9; n++) {
        assert_parent(o, n, 1);
        assert_true(infection(o, n)->time == at(20 * n + 3 + .4 * (n % 3)));
    }
    const struct eki_infection *raced = infection(o, 10);
    assert_true(raced->has_parent && raced->parent_posterior < .8);
    assert_true(is_runner_up(raced, 3) || is_runner_up(raced, 4));
    done(&t);
}

/* Half of the hosts are seen in part: their attacks on others show, their search does not. Who was got into
 * and then gets into others belongs to the outbreak, and so does who attacks by a program and was reached by
 * nobody. */
static void attackers_whose_search_is_not_seen(void **state)
{
    (void)state;
    struct trial t = new_trial();
    searches(&t, 1, 1);
    for (unsigned n = 2; n < 5; n++) {
        sign(&t, 1, n, 10 * n, 10 * n + 1, EKI_GRADE_IMPLANT);
        searches(&t, n, 10 * n + 4);
    }
    sign(&t, 2, 8, 60, 61, EKI_GRADE_ACCESS);
    sign(&t, 8, 9, 64.5, 65, EKI_GRADE_ACCESS);
    sign(&t, 8, 12, 66, 66.5, EKI_GRADE_ATTEMPT);
    sign(&t, 8, 13, 67, 67.5, EKI_GRADE_ATTEMPT);
    sign(&t, 10, 11, 70, 71, EKI_GRADE_ATTEMPT);
    const struct eki_outbreak *o = conclude(&t);
    assert_non_null(o);
    assert_int_equal(o->infection_count, 6);
    assert_parent(o, 8, 2);
    assert_false(infection(o, 10)->has_parent);
    done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(chain_of_implants),
                                       cmocka_unit_test(a_victim_that_turns_round_names_its_parent),
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
                                       cmocka_unit_test(loader_works_for_those_who_logged_in),
                                       cmocka_unit_test(attackers_whose_search_is_not_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
