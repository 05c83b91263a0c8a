/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/watch.h"

#include <math.h>

#include "base/memory.h"
#include "base/text.h"
#include "scan/outcome/outcome.h"

/* How a stored contact packs its time (nanoseconds a tick) and its evidence. */
enum { TICK = 128, STEP_BIAS = 2048, STEP_SCALE = 256 };
/* Bytes of memory that are fetched at once. */
enum { LINE = 64 };

/* New destinations of one service in two seconds, a minute and a day that no ordinary client of it reaches
 * (the rate test of Jung, Milito, Paxson 2007, with decaying clocks instead of windows). */
static const float burst_limit = 40, fast_limit = 150, slow_limit = 3000;
/* A step of the outcome test is ln of failure shares .8 (searching) and .2 (ordinary). A search of a network
 * where every second address answers leaves that sum where it is; against a share of .5 a failure adds ln(.5
 * / .2) and a success takes ln(.8 / .5), which are these parts of the full steps. A second test asks for a
 * little more than the first, because there are now two chances of a false alarm. */
static const float half_failure = 0.66f, half_success = 0.34f, half_threshold = EKI_SCAN_THRESHOLD + 2;
/* New hosts pinged a minute, a quarter of which stay silent: a ping sweep that skips what ARP has shown to be
 * dead. Monitoring pings hosts that it knows to be there. */
static const float ping_limit = 11;

const char *const eki_watch_reasons[EKI_REASON_COUNT] = {
    [EKI_REASON_ORDER] = EKI_TEXT("addresses tried in order"),
    [EKI_REASON_FAILURES] = EKI_TEXT("first contacts fail as those of a searching host do"),
    [EKI_REASON_PINGS] = EKI_TEXT("many hosts pinged at once, some of which do not exist"),
    [EKI_REASON_RATE] = EKI_TEXT("new destinations faster than any client of this service"),
    [EKI_REASON_SERVICES] =
        EKI_TEXT("first contacts on several services fail as those of a searching host do"),
};

enum eki_scope eki_watch_scope(struct eki_address source, struct eki_address target)
{
    bool near = source.hi == target.hi && (!eki_address_is_v4(source) || (source.lo ^ target.lo) < 256);
    return near ? EKI_SCOPE_CONNECTED : EKI_SCOPE_ELSEWHERE;
}

struct eki_first eki_watch_early(const struct eki_watch *w, uint32_t i)
{
    const struct eki_early *e = &w->early[i];
    return (struct eki_first){.target = {w->client.hi, e->number},
                              .time = w->first + (eki_time)e->ticks * TICK,
                              .packet = w->first_packet + e->packet,
                              .input = e->input,
                              .step = (float)((int)e->step - STEP_BIAS) / STEP_SCALE,
                              .answered = e->answered,
                              .known_peer = e->known_peer,
                              .busy = e->busy};
}

/* False for a target that the packed form cannot hold. */
static bool store(struct eki_watch *w, const struct eki_first *f)
{
    if (f->target.hi != w->client.hi || f->time < w->first || f->packet < w->first_packet) return false;
    uint64_t ticks = (uint64_t)(f->time - w->first) / TICK, packet = f->packet - w->first_packet;
    if (ticks >> 44 || packet >> 32) return false;
    w->early[w->targets] =
        (struct eki_early){.number = f->target.lo,
                           .ticks = ticks,
                           .step = (uint64_t)((int)lrintf(f->step * STEP_SCALE) + STEP_BIAS) & 0xfff,
                           .answered = f->answered,
                           .known_peer = f->known_peer,
                           .busy = f->busy,
                           .packet = (uint32_t)packet,
                           .input = f->input};
    return true;
}

double eki_watch_evidence(const struct eki_watch *w)
{
    double order = 0;
    if (!w->full) {
        double sum = 0;
        for (uint32_t i = 0; i < w->targets; i++) sum = fmax(0, sum + (double)eki_watch_early(w, i).step);
        return sum;
    }
    for (int i = 0; i < EKI_SCOPE_COUNT; i++) {
        double e = w->deep->order[i] ? eki_order_evidence(w->deep->order[i]) : 0;
        if (e > order) order = e;
    }
    return (double)w->deep->run + order;
}

/* Services whose ordinary clients reach many servers in a short time. */
static bool is_busy_service(const struct eki_watch *w)
{
    switch (w->service) {
    case 25:
    case 53:
    case 80:
    case 123:
    case 443:
    case 465:
    case 587:
    case 853:
    case 993:
    case 8080:
    case 8443: return true;
    default: return w->protocol == EKI_PROTOCOL_UDP && w->service >= 1024;
    }
}

static bool is_ping(const struct eki_watch *w)
{
    return w->protocol == EKI_PROTOCOL_ICMP || w->protocol == EKI_PROTOCOL_ICMP6;
}

static void run_clocks(struct eki_deep *d, const struct eki_first *f)
{
    double passed = eki_time_since(f->time, d->clock);
    if (passed > 0) {
        d->burst *= expf(-(float)passed / 2);
        d->fast *= expf(-(float)passed / 60);
        d->slow *= expf(-(float)passed / 86400);
        d->clock = f->time;
    }
    if (d->burst < 0.5f) {
        d->pace_since = f->time;
        d->pace_packet = f->packet;
        d->pace_input = f->input;
        d->pace_probes = 0;
    }
    d->pace_probes++;
    d->burst += 1;
    d->fast += 1;
    d->slow += 1;
}

static bool order_of(struct eki_watch *w, enum eki_scope scope, struct eki_order **ret_order)
{
    struct eki_order **order = &w->deep->order[scope];
    if (__builtin_expect(!*order, 0)) *order = eki_allocate(1, sizeof **order);
    *ret_order = *order;
    return *order != NULL;
}

static void feed_order(struct eki_watch *w, unsigned scope, uint64_t upper,
                       const struct eki_reach_probe *probe)
{
    struct eki_address target = {upper, probe->number};
    int shared = eki_address_common_bits(w->client, target) - (eki_address_is_v4(w->client) ? 96 : 0);
    struct eki_order_target it = {.number = probe->number,
                                  .time = probe->time,
                                  .same_16 = shared >= 16,
                                  .same_8 = shared >= 8,
                                  .known_peer = probe->known_peer,
                                  .busy = probe->busy};
    eki_order_feed(w->deep->order[scope], &it);
}

/* The strategy is told from the search alone, without what the host did before it: the contacts since are
 * looked at anew. */
static void look_again(struct eki_watch *w)
{
    const struct eki_reach *reach = &w->deep->reach;
    for (int scope = 0; scope < EKI_SCOPE_COUNT; scope++) {
        const struct eki_reach_sample *sample = &reach->samples[scope];
        if (!w->deep->order[scope] || sample->skip)
            continue; /* thinned: some of what would be looked at is gone */
        *w->deep->order[scope] = (struct eki_order){0};
        for (size_t i = 0; i < sample->count; i++)
            if (sample->probes[i].time >= w->deep->since)
                feed_order(w, scope, reach->upper, &sample->probes[i]);
    }
}

/*
 * A host that was infected has often visited a server or two before, and those visits need not have brought
 * the sum back to zero. The search began where the pace changed: after a pause that is longer than PAUSES
 * usual gaps of what follows (a source that searches evenly has such a pause once in e^20 gaps, whatever its
 * pace, so slow searching is not cut).
 */
static void begin_after_pause(struct eki_watch *w, eki_time now)
{
    enum { PAUSES = 20, FEWEST = 4 };
    struct eki_deep *d = w->deep;
    uint32_t after = d->run_probes - d->resumed_probes;
    if (d->pause <= 0 || after < FEWEST) return;
    if ((double)d->pause < PAUSES * ((double)now - (double)d->resumed) / (after - 1)) return;
    d->since = d->resumed;
    d->since_packet = d->resumed_packet;
    d->since_input = d->resumed_input;
    look_again(w);
}

static void note_pause(struct eki_deep *d, const struct eki_first *f)
{
    eki_time pause = f->time - d->clock;
    if (d->run_probes == 0 || pause <= d->pause) return;
    d->pause = pause;
    d->resumed = f->time;
    d->resumed_packet = f->packet;
    d->resumed_input = f->input;
    d->resumed_probes = d->run_probes;
}

static void decide(struct eki_watch *w, eki_time time, enum eki_reason reason)
{
    w->reason = eki_watch_reasons[reason];
    w->deep->decided_at = time;
    w->deep->decided_after = w->deep->run_probes;
    begin_after_pause(w, time);
}

static bool is_too_fast(const struct eki_deep *d)
{
    return d->burst > burst_limit || d->fast > fast_limit || d->slow > slow_limit;
}

/* The pace tells, so the search began with it; one that only a day shows, with the first contact. */
static void decide_by_pace(struct eki_watch *w, eki_time now)
{
    struct eki_deep *d = w->deep;
    bool soon = d->burst > burst_limit || d->fast > fast_limit;
    d->since = soon ? d->pace_since : w->first;
    d->since_packet = soon ? d->pace_packet : w->first_packet;
    d->since_input = soon ? d->pace_input : w->first_input;
    d->run_probes = soon ? d->pace_probes : w->targets + 1;
    w->reason = eki_watch_reasons[EKI_REASON_RATE];
    d->decided_at = now;
    d->decided_after = d->run_probes;
}

double eki_watch_threshold(bool sweeps)
{
    return sweeps ? EKI_SCAN_THRESHOLD / 2 : EKI_SCAN_THRESHOLD;
}

static void judge(struct eki_watch *w, eki_time now, bool sweeps)
{
    double evidence = eki_watch_evidence(w), run = (double)w->deep->run;
    if (evidence >= eki_watch_threshold(sweeps)) {
        bool by_order = evidence - run > run;
        decide(w, now, by_order ? EKI_REASON_ORDER : EKI_REASON_FAILURES);
    } else if (w->deep->half >= half_threshold) {
        decide(w, now, EKI_REASON_FAILURES);
    } else if (is_ping(w) && w->deep->fast > ping_limit && w->answered * 4 < w->targets * 3) {
        decide(w, now, EKI_REASON_PINGS);
    } else if (is_too_fast(w->deep) && !is_busy_service(w)) {
        decide_by_pace(w, now);
    }
}

/* Weighs one first contact in full; `now` is when that happens, later than the contact for those that were
 * stored. */
static enum eki_error weigh(struct eki_watch *w, const struct eki_first *f, eki_time now, bool sweeps)
{
    struct eki_order *order;
    struct eki_deep *d = w->deep;
    enum eki_scope scope = eki_watch_scope(w->client, f->target);
    if (!order_of(w, scope, &order)) return EKI_ERROR_MEMORY;
    if (eki_watch_evidence(w) <= 0) { /* the change point: where the sum last left zero (Page 1954) */
        d->since = f->time;
        d->since_packet = f->packet;
        d->since_input = f->input;
        d->run_probes = 0;
        d->pause = 0;
    }
    if (!w->reason) note_pause(d, f);
    d->run += f->step;
    if (d->run < 0) d->run = 0;
    if (w->protocol == EKI_PROTOCOL_TCP) d->half += f->step * (f->step > 0 ? half_failure : half_success);
    if (d->half < 0) d->half = 0;
    struct eki_reach_probe probe = {.time = f->time,
                                    .number = f->target.lo,
                                    .answered = f->answered,
                                    .known_peer = f->known_peer,
                                    .busy = f->busy};
    feed_order(w, scope, f->target.hi, &probe);
    bool kept = eki_reach_keep(&d->reach, scope, f->target, &probe);
    d->run_probes++;
    if (!w->reason) {
        run_clocks(d, f);
        judge(w, now, sweeps);
    }
    return kept ? EKI_OK : EKI_ERROR_MEMORY;
}

/* One target more than are stored: all are weighed now, in their order. On EKI_ERROR_MEMORY nothing has
 * changed. */
static enum eki_error deepen(struct eki_watch *w, eki_time now, bool sweeps)
{
    struct eki_deep *deep = eki_allocate(1, sizeof *deep);
    if (!deep) return EKI_ERROR_MEMORY;
    struct eki_first early[EKI_WATCH_EARLY];
    uint32_t count = w->targets < EKI_WATCH_EARLY ? w->targets : EKI_WATCH_EARLY;
    for (uint32_t i = 0; i < count; i++) early[i] = eki_watch_early(w, i);
    *deep = (struct eki_deep){.since = w->first,
                              .since_packet = w->first_packet,
                              .since_input = w->first_input,
                              .decided_at = EKI_TIME_NONE,
                              .clock = w->first};
    w->full = true;
    w->deep = deep;
    bool failed = false;
    for (uint32_t i = 0; i < count; i++) {
        eki_reach_add(&deep->reach, eki_reach_tag(early[i].target), &failed);
        if (weigh(w, &early[i], now, sweeps)) failed = true;
    }
    return failed ? EKI_ERROR_MEMORY : EKI_OK;
}

enum eki_error eki_watch_conclude(struct eki_watch *w, bool sweeps)
{
    enum { FEWEST = 4 };
    if (w->full || w->targets < FEWEST) return EKI_OK;
    struct eki_watch before = *w;
    enum eki_error error = deepen(w, w->last, sweeps);
    if (w->reason) return error;
    eki_watch_done(w);
    *w = before;
    return error;
}

enum eki_error eki_watch_decide(struct eki_watch *w, const char *reason, uint32_t decided_after)
{
    enum eki_error error = w->full ? EKI_OK : deepen(w, w->last, false);
    if (!w->full) return error;
    w->reason = reason;
    w->deep->decided_after = decided_after;
    w->deep->decided_at = w->last;
    eki_watch_settle(w);
    return error;
}

/* Is this target new to the watch? */
static bool is_first(struct eki_watch *w, struct eki_address target, bool *ret_failed)
{
    if (w->full) return eki_reach_add(&w->deep->reach, eki_reach_tag(target), ret_failed);
    for (uint32_t i = 0; i < w->targets; i++)
        if (w->early[i].number == target.lo && w->client.hi == target.hi) return false;
    return true;
}

/* A target met again. One that answers may be what the host ordinarily talks to: that says nothing of how it
 * searches. */
static void count_repeat(struct eki_watch *w, const struct eki_contact *c, struct eki_address target)
{
    if (!w->full || w->last_tag == eki_reach_tag(target)) return; /* a retry, not a second pass */
    if (c->outcome >= EKI_OUTCOME_ANSWERED) return;
    struct eki_order *order = w->deep->order[eki_watch_scope(w->client, target)];
    if (order) order->repeats++;
}

/* Datagrams to one target that are still one contact, because the target was drawn again soon: who sends
 * thousands a second meets a target again before its first contact has ended. TCP says the same by its
 * retries, so there it says nothing. */
static void count_drawn_again(struct eki_watch *w, struct eki_address target)
{
    struct eki_order *order = w->full ? w->deep->order[eki_watch_scope(w->client, target)] : NULL;
    if (order) order->repeats++;
}

static uint32_t sum(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* What every contact adds, first or not. */
static void count_contact(struct eki_watch *w, const struct eki_contact *c)
{
    enum eki_outcome finished =
        c->protocol == EKI_PROTOCOL_TCP ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_ANSWERED;
    w->recent = true;
    w->attempts = sum(w->attempts, c->attempts);
    w->unfinished = sum(w->unfinished, c->outcome < finished ? c->attempts : 0);
    if (c->time > w->last) w->last = c->time;
}

static void count_target(struct eki_watch *w, const struct eki_contact *c, uint32_t tag)
{
    w->targets++;
    w->answered += c->outcome >= EKI_OUTCOME_ANSWERED;
    w->refused += c->outcome == EKI_OUTCOME_REFUSED;
    w->last_tag = tag;
}

enum eki_error eki_watch_count(struct eki_watch *w, const struct eki_contact *c, uint32_t tag)
{
    struct eki_order *order;
    enum eki_scope scope = eki_watch_scope(w->client, c->server);
    count_contact(w, c);
    if (w->last_tag == tag) return EKI_OK;
    if (!order_of(w, scope, &order)) return EKI_ERROR_MEMORY;
    eki_order_pass(order, c->time);
    count_target(w, c, tag);
    if (!eki_reach_count_on(&w->deep->reach, scope, tag)) return EKI_OK;
    struct eki_reach_probe probe = {.time = c->time, .answered = c->outcome >= EKI_OUTCOME_ANSWERED};
    bool kept = eki_reach_keep(&w->deep->reach, scope, c->server, &probe);
    return kept ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_watch_prefetch(const struct eki_watch *w)
{
    const char *next = w->full ? (const char *)w->deep : (const char *)w + 2 * LINE;
    size_t bytes = w->full ? sizeof *w->deep : sizeof *w - 2 * LINE;
    for (size_t at = 0; at < bytes; at += LINE) __builtin_prefetch(next + at, 1);
}

void eki_watch_prefetch_details(const struct eki_watch *w, uint32_t tag)
{
    if (!w->full) return;
    eki_reach_prefetch(&w->deep->reach, tag);
    for (int i = 0; i < EKI_SCOPE_COUNT; i++) {
        const char *order = (const char *)w->deep->order[i];
        for (size_t at = 0; order && at < sizeof *w->deep->order[i]; at += LINE)
            __builtin_prefetch(order + at, 1);
    }
}

enum eki_error eki_watch_feed(struct eki_watch *w, const struct eki_contact *c, const struct eki_first *f,
                              bool sweeps)
{
    bool failed = false;
    enum eki_error error = EKI_OK;
    uint32_t tag = eki_reach_tag(f->target);
    if (!is_first(w, f->target, &failed)) {
        count_repeat(w, c, f->target);
        w->last_tag = tag;
        count_contact(w, c);
        return failed ? EKI_ERROR_MEMORY : EKI_OK;
    }
    bool stored = !w->full && w->targets < EKI_WATCH_EARLY && store(w, f);
    if (!stored && !w->full) {
        error = deepen(w, f->time, sweeps);
        if (w->full) eki_reach_add(&w->deep->reach, tag, &failed);
    }
    if (!stored && !w->full) return error; /* nothing could be kept of it */
    if (!stored && !error) error = weigh(w, f, f->time, sweeps);
    if (!stored && c->protocol == EKI_PROTOCOL_UDP && c->attempts > 1) count_drawn_again(w, f->target);
    count_target(w, c, tag);
    count_contact(w, c);
    eki_watch_settle(w);
    return failed ? EKI_ERROR_MEMORY : error;
}

size_t eki_watch_bytes(const struct eki_watch *w)
{
    if (!w->full) return 0;
    bool settled = eki_reach_is_sketched(&w->deep->reach);
    size_t orders = 0;
    for (int i = 0; i < EKI_SCOPE_COUNT; i++) orders += settled || w->deep->order[i];
    return sizeof *w->deep + orders * sizeof *w->deep->order[0] + eki_reach_bytes(&w->deep->reach);
}

bool eki_watch_thin(struct eki_watch *w)
{
    enum { LEFT = 32 };
    return w->full && w->reason && eki_reach_thin(&w->deep->reach, LEFT);
}

void eki_watch_forget(struct eki_watch *w)
{
    eki_watch_done(w);
    w->reason = NULL;
    w->attempts = w->unfinished = w->targets = w->answered = w->refused = w->last_tag = 0;
    w->first = w->last;
    w->recent = false;
}

void eki_watch_done(struct eki_watch *w)
{
    if (!w->full) return;
    for (int i = 0; i < EKI_SCOPE_COUNT; i++) eki_free(w->deep->order[i]);
    eki_reach_done(&w->deep->reach);
    eki_free(w->deep);
    w->full = w->settled = false;
    w->targets = 0;
}
