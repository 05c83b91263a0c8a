/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/watch.h"

#include <math.h>

#include "base/memory.h"
#include "scan/outcome/outcome.h"

/* New destinations of one service a minute and a day that no ordinary client of it reaches (the rate test of Jung, Milito, Paxson
 * 2007, with two clocks instead of windows). */
static const float fast_limit = 150, slow_limit = 3000;
/* New hosts pinged a minute, a quarter of which stay silent: a ping sweep that skips what ARP has shown to be dead. Monitoring pings hosts
 * that it knows to be there. */
static const float ping_limit = 11;

enum eki_scope eki_watch_scope(struct eki_address source, struct eki_address target)
{
    bool near = source.hi == target.hi && (!eki_address_is_v4(source) || (source.lo ^ target.lo) < 256);
    return near ? EKI_SCOPE_CONNECTED : EKI_SCOPE_ELSEWHERE;
}

double eki_watch_evidence(const struct eki_watch *w)
{
    double order = 0;
    for (int i = 0; w->full && i < EKI_SCOPE_COUNT; i++) {
        double e = w->deep.order[i] ? eki_order_evidence(w->deep.order[i]) : 0;
        if (e > order) order = e;
    }
    return (double)w->run + order;
}

/* Services whose ordinary clients reach many servers in a short time. */
static bool is_busy_service(const struct eki_watch *w)
{
    switch (w->service) {
    case 25: case 53: case 80: case 123: case 443: case 465: case 587: case 853: case 993: case 8080: case 8443: return true;
    default: return w->protocol == EKI_PROTOCOL_UDP && w->service >= 1024;
    }
}

static bool is_ping(const struct eki_watch *w)
{
    return w->protocol == EKI_PROTOCOL_ICMP || w->protocol == EKI_PROTOCOL_ICMP6;
}

static void run_clocks(struct eki_watch *w, eki_time time)
{
    double passed = eki_time_since(time, w->last);
    if (passed > 0) {
        w->fast *= expf(-(float)passed / 60);
        w->slow *= expf(-(float)passed / 86400);
    }
    w->fast += 1;
    w->slow += 1;
}

static void decide(struct eki_watch *w, const struct eki_first *f, const char *reason)
{
    w->reason = reason;
    w->decided_at = f->time;
    w->decided_after = w->run_probes;
    w->decided_packet = f->packet;
}

static void judge(struct eki_watch *w, const struct eki_first *f, bool sweeps)
{
    double evidence = eki_watch_evidence(w);
    double threshold = sweeps ? EKI_SCAN_THRESHOLD / 2 : EKI_SCAN_THRESHOLD;
    if (evidence >= threshold) {
        bool by_order = evidence - (double)w->run > (double)w->run;
        decide(w, f, by_order ? "addresses tried in order" : "first contacts fail as those of a searching host do");
    } else if (is_ping(w) && w->fast > ping_limit && w->answered * 4 < w->targets * 3) {
        decide(w, f, "many hosts pinged at once, some of which do not exist");
    } else if ((w->fast > fast_limit || w->slow > slow_limit) && !is_busy_service(w)) {
        decide(w, f, "new destinations faster than any client of this service");
    }
}

static bool order_of(struct eki_watch *w, enum eki_scope scope, struct eki_order **ret_order)
{
    if (__builtin_expect(!w->deep.order[scope], 0)) w->deep.order[scope] = eki_allocate(1, sizeof **ret_order);
    *ret_order = w->deep.order[scope];
    return *ret_order != NULL;
}

/* Weighs one first contact in full. */
static enum eki_error weigh(struct eki_watch *w, const struct eki_first *f, bool sweeps)
{
    struct eki_order *order;
    if (!order_of(w, eki_watch_scope(w->client, f->target), &order)) return EKI_ERROR_MEMORY;
    if (eki_watch_evidence(w) <= 0) { /* the change point: where the sum last left zero (Page 1954) */
        w->since = f->time;
        w->since_packet = f->packet;
        w->since_input = f->input;
        w->run_probes = 0;
    }
    w->run += f->step;
    if (w->run < 0) w->run = 0;
    int shared = eki_address_common_bits(w->client, f->target) - (eki_address_is_v4(w->client) ? 96 : 0);
    struct eki_order_target target = {
        .number = f->target.lo, .time = f->time, .same_16 = shared >= 16, .same_8 = shared >= 8, .known_peer = f->known_peer};
    eki_order_feed(order, &target);
    w->run_probes++;
    if (!w->reason) {
        run_clocks(w, f->time);
        judge(w, f, sweeps);
    }
    return eki_reach_keep(w->deep.reach, f->time, f->target, f->answered) ? EKI_OK : EKI_ERROR_MEMORY;
}

/* The fourth distinct target: the stored contacts are weighed first, in their order. */
static enum eki_error deepen(struct eki_watch *w, bool sweeps)
{
    struct eki_reach *reach = eki_allocate(1, sizeof *reach);
    if (!reach) return EKI_ERROR_MEMORY;
    struct eki_first early[EKI_WATCH_EARLY];
    for (int i = 0; i < EKI_WATCH_EARLY; i++) early[i] = w->early[i];
    w->full = true;
    w->deep.reach = reach;
    w->deep.order[0] = w->deep.order[1] = NULL;
    bool failed = false;
    for (int i = 0; i < EKI_WATCH_EARLY; i++) {
        eki_reach_add(reach, eki_reach_tag(early[i].target), &failed);
        if (weigh(w, &early[i], sweeps)) failed = true;
    }
    return failed ? EKI_ERROR_MEMORY : EKI_OK;
}

/* Is this target new to the watch? */
static bool is_first(struct eki_watch *w, struct eki_address target, bool *ret_failed)
{
    if (w->full) return eki_reach_add(w->deep.reach, eki_reach_tag(target), ret_failed);
    for (uint32_t i = 0; i < w->targets; i++)
        if (eki_address_equal(w->early[i].target, target)) return false;
    return true;
}

static void count_repeat(struct eki_watch *w, struct eki_address target)
{
    if (!w->full || eki_address_equal(w->last_target, target)) return; /* a retry, not a second pass */
    struct eki_order *order = w->deep.order[eki_watch_scope(w->client, target)];
    if (order) order->repeats++;
}

/* What every contact adds, first or not. */
static void count_contact(struct eki_watch *w, const struct eki_contact *c)
{
    enum eki_outcome finished = c->protocol == EKI_PROTOCOL_TCP ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_ANSWERED;
    w->recent = true;
    w->attempts += c->attempts;
    w->unfinished += c->outcome < finished ? c->attempts : 0;
    if (c->time > w->last) w->last = c->time;
}

static void count_target(struct eki_watch *w, const struct eki_contact *c)
{
    w->targets++;
    w->answered += c->outcome >= EKI_OUTCOME_ANSWERED;
    w->refused += c->outcome == EKI_OUTCOME_REFUSED;
    w->last_target = c->server;
}

enum eki_error eki_watch_count(struct eki_watch *w, const struct eki_contact *c, uint32_t tag)
{
    struct eki_order *order;
    count_contact(w, c);
    if (eki_address_equal(w->last_target, c->server)) return EKI_OK;
    if (!order_of(w, eki_watch_scope(w->client, c->server), &order)) return EKI_ERROR_MEMORY;
    eki_order_pass(order, c->time);
    count_target(w, c);
    if (!eki_reach_count_on(w->deep.reach, tag)) return EKI_OK;
    bool kept = eki_reach_keep(w->deep.reach, c->time, c->server, c->outcome >= EKI_OUTCOME_ANSWERED);
    return kept ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_watch_prefetch(const struct eki_watch *w, uint32_t tag)
{
    if (!w->full) return;
    eki_reach_prefetch(w->deep.reach, tag);
    if (w->targets >= EKI_WATCH_SETTLED) return;
    for (int i = 0; i < EKI_SCOPE_COUNT; i++) __builtin_prefetch(w->deep.order[i], 1);
}

enum eki_error eki_watch_feed(struct eki_watch *w, const struct eki_contact *c, const struct eki_first *f, bool sweeps)
{
    bool failed = false;
    enum eki_error error = EKI_OK;
    if (!is_first(w, f->target, &failed)) {
        count_repeat(w, f->target);
        w->last_target = f->target;
        count_contact(w, c);
        return failed ? EKI_ERROR_MEMORY : EKI_OK;
    }
    bool stored = !w->full && w->targets < EKI_WATCH_EARLY;
    if (!stored && !w->full) {
        error = deepen(w, sweeps);
        if (w->full) eki_reach_add(w->deep.reach, eki_reach_tag(f->target), &failed);
    }
    if (stored)
        w->early[w->targets] = *f;
    else if (w->full && !error)
        error = weigh(w, f, sweeps);
    count_target(w, c);
    count_contact(w, c);
    return failed ? EKI_ERROR_MEMORY : error;
}

void eki_watch_done(struct eki_watch *w)
{
    if (!w->full) return;
    for (int i = 0; i < EKI_SCOPE_COUNT; i++) eki_free(w->deep.order[i]);
    if (w->deep.reach) eki_reach_done(w->deep.reach);
    eki_free(w->deep.reach);
    w->full = false;
}
