/* SPDX-License-Identifier: Apache-2.0 */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct eki_address trial_host(unsigned n)
{
    return eki_address_v4(0xc0a81400 + n);
}

eki_time trial_at(double seconds)
{
    return (eki_time)(seconds * 1e9);
}

struct trial trial_new(void)
{
    struct trial t = {.tracer = NULL};
    assert_int_equal(eki_tracer_new(5, &t.tracer), EKI_OK);
    return t;
}

void trial_done(struct trial *t)
{
    eki_tracer_free(t->tracer);
    eki_arena_done(&t->arena);
}

static void add_contact(struct trial *t, const unsigned hosts[2], double seconds, uint8_t protocol,
                        uint16_t service)
{
    struct eki_contact contact = {.client = trial_host(hosts[0]),
                                  .server = trial_host(hosts[1]),
                                  .time = trial_at(seconds),
                                  .answered = trial_at(seconds + .001),
                                  .packet = ++t->packet,
                                  .attempts = 1,
                                  .client_port = (uint16_t)(1024 + t->packet),
                                  .service = service,
                                  .protocol = protocol,
                                  .outcome = EKI_OUTCOME_DATA};
    assert_int_equal(eki_tracer_contact(t->tracer, &contact), EKI_OK);
}

void trial_touch(struct trial *t, unsigned from, unsigned to, double seconds)
{
    add_contact(t, (const unsigned[]){from, to}, seconds, EKI_PROTOCOL_TCP, 445);
}

void trial_call(struct trial *t, unsigned from, unsigned to, double seconds)
{
    add_contact(t, (const unsigned[]){from, to}, seconds, EKI_PROTOCOL_UDP, 69);
}

void trial_sign(struct trial *t, unsigned from, unsigned to, double first, double last, enum eki_grade grade)
{
    struct eki_sign s = {.id = ++t->id,
                         .name = grade >= EKI_GRADE_EXPLOIT ? "doublepulsar" : "eternalblue",
                         .family = "",
                         .technique = "T1210",
                         .source = trial_host(from),
                         .target = trial_host(to),
                         .first = trial_at(first),
                         .last = trial_at(last),
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

void trial_searches(struct trial *t, unsigned n, double since)
{
    t->scanners[t->scanner_count++] = (struct eki_scanner){.host = trial_host(n),
                                                           .protocol = EKI_PROTOCOL_TCP,
                                                           .service = 445,
                                                           .verdict = EKI_VERDICT_SCANNER,
                                                           .first = trial_at(since),
                                                           .since = trial_at(since),
                                                           .last = trial_at(since + 100),
                                                           .decided_at = trial_at(since + 2),
                                                           .targets = 200,
                                                           .strategies = {{.probes = 200}}};
}

const struct eki_outbreak *trial_conclude(struct trial *t)
{
    struct eki_tracer_view view = {t->scanners, t->scanner_count, 0, trial_at(1000)};
    assert_int_equal(eki_tracer_findings(t->tracer, &view, &t->arena, &t->outbreaks, &t->outbreak_count),
                     EKI_OK);
    return t->outbreak_count ? &t->outbreaks[0] : NULL;
}

const struct eki_infection *trial_infection(const struct eki_outbreak *outbreak, unsigned n)
{
    for (size_t i = 0; i < outbreak->infection_count; i++)
        if (eki_address_equal(outbreak->infections[i].host, trial_host(n))) return &outbreak->infections[i];
    fail_msg("host %u is not in the outbreak", n);
    return NULL;
}

void trial_assert_parent(const struct eki_outbreak *outbreak, unsigned child, unsigned parent)
{
    const struct eki_infection *i = trial_infection(outbreak, child);
    assert_true(i->has_parent);
    assert_true(eki_address_equal(i->parent, trial_host(parent)));
}

bool trial_is_runner_up(const struct eki_infection *i, unsigned n)
{
    for (size_t k = 0; k < i->runner_up_count; k++)
        if (!i->runners_up[k].outside && eki_address_equal(i->runners_up[k].host, trial_host(n))) return true;
    return false;
}
