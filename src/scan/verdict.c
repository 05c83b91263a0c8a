/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* qsort_r */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "scan/outcome/outcome.h"
#include "scan/state.h"

/* A source that is neither decided nor busy says nothing to a reader: with more such sources than so many,
 * only the busier ones are told. */
enum {
    WORTH_TELLING = 8,
    UNDECIDED_TOLD = 512,
    RASTERS = 1024,
    FLOOD_ATTEMPTS = 500,
    FLOOD_RATE = 50,
    FLOOD_TARGETS = 3
};

const char *eki_verdict_name(enum eki_verdict verdict)
{
    static const char *const names[] = {"undecided", "benign", "scanner", "backscatter", "flood"};
    return (unsigned)verdict < sizeof names / sizeof *names ? names[verdict] : "?";
}

const char *eki_strategy_name(enum eki_strategy strategy)
{
    static const char *const names[] = {"unknown", "sequential", "random",
                                        "local",   "permuted",   "known_peers"};
    return (unsigned)strategy < EKI_STRATEGY_COUNT ? names[strategy] : "?";
}

const char *eki_scope_name(enum eki_scope scope)
{
    static const char *const names[] = {"connected", "elsewhere"};
    return (unsigned)scope < EKI_SCOPE_COUNT ? names[scope] : "?";
}

const char *eki_shape_name(enum eki_shape shape)
{
    static const char *const names[] = {"horizontal", "vertical"};
    return (unsigned)shape < 2 ? names[shape] : "?";
}

/* One source, at most three targets, a stream of attempts of which hardly one is completed. */
static bool is_single_source_flood(const struct eki_watch *w)
{
    double seconds = eki_time_since(w->last, w->first);
    return !w->full && w->protocol != EKI_PROTOCOL_ARP && w->attempts >= FLOOD_ATTEMPTS &&
           w->unfinished >= w->attempts / 10 * 9 && (double)w->attempts >= FLOOD_RATE * seconds;
}

static bool is_worth_telling(const struct eki_watch *w, uint32_t fewest)
{
    return w->reason || w->targets >= fewest || is_single_source_flood(w);
}

/* How many undecided ones have tried so many targets. */
static uint32_t count_undecided(const struct eki_shard *shard, uint32_t fewest)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < shard->watch_count; i++) {
        const struct eki_watch *w = eki_shard_watch(shard, i);
        count += !w->reason && w->targets >= fewest;
    }
    return count;
}

/* The number of targets from which on the undecided are told. */
static uint32_t fewest_told(const struct eki_bank *bank)
{
    for (uint32_t fewest = WORTH_TELLING;; fewest *= 2) {
        uint32_t count = 0;
        for (int i = 0; i < EKI_SHARDS; i++) count += count_undecided(&bank->shards[i], fewest);
        if (count <= UNDECIDED_TOLD || fewest > UINT32_MAX / 2) return fewest;
    }
}

static void set_verdict(const struct eki_watch *w, struct eki_scanner *s)
{
    if (w->reason) {
        s->verdict = EKI_VERDICT_SCANNER;
        s->reason = w->reason;
        s->decided_after = w->deep->decided_after;
        s->decided_at = w->deep->decided_at;
    } else if (is_single_source_flood(w)) {
        s->verdict = EKI_VERDICT_FLOOD;
        s->reason = EKI_TEXT("a stream of attempts on one target, hardly one completed");
        s->victim = eki_watch_early(w, 0).target;
        s->decided_after = FLOOD_ATTEMPTS;
        s->decided_at = w->last;
    } else if (w->answered >= w->targets / 2) {
        s->verdict = EKI_VERDICT_BENIGN;
        s->reason = EKI_TEXT("most targets answer and no order shows");
    } else {
        s->reason = EKI_TEXT("neither searching nor ordinary beyond doubt");
    }
}

/* The samples of the two scopes become one raster in order of time, and the curve of distinct addresses,
 * because each probe of the samples says how many first contacts came before it. */
static enum eki_error copy_reach(const struct eki_reach *reach, eki_time origin, struct eki_arena *arena,
                                 struct eki_scanner *s)
{
    size_t count = reach->samples[0].count + reach->samples[1].count, at[EKI_REACH_SCOPES] = {0, 0};
    struct eki_probe *probes = eki_arena_take(arena, count, sizeof *probes);
    struct eki_reach_point *points = eki_arena_take(arena, count, sizeof *points);
    if (!probes || !points) return EKI_ERROR_MEMORY;
    double scale = eki_reach_seen(reach) ? (double)s->targets / (double)eki_reach_seen(reach) : 1;
    for (size_t i = 0; i < count; i++) {
        const struct eki_reach_sample *a = &reach->samples[0], *b = &reach->samples[1];
        bool second =
            at[0] == a->count || (at[1] < b->count && b->probes[at[1]].before < a->probes[at[0]].before);
        const struct eki_reach_probe *p = &reach->samples[second].probes[at[second]++];
        uint32_t weight =
            (uint32_t)(reach->samples[second].skip < UINT32_MAX ? reach->samples[second].skip + 1
                                                                : UINT32_MAX);
        probes[i] = (struct eki_probe){
            .time = p->time, .target = {reach->upper, p->number}, .weight = weight, .answered = p->answered};
        points[i] = (struct eki_reach_point){eki_time_since(p->time, origin),
                                             (uint64_t)(((double)p->before + 1) * scale)};
    }
    s->probes = probes;
    s->reach = points;
    s->probe_count = s->reach_count = count;
    return EKI_OK;
}

/* What only a source that has tried many targets has. */
static void fill_deep(const struct eki_deep *d, struct eki_scanner *s)
{
    s->since = d->since;
    s->packet = d->since_packet;
    s->input = d->since_input;
    s->targets = eki_reach_count(&d->reach, &s->targets_estimated);
}

static void fill(const struct eki_watch *w, struct eki_scanner *s)
{
    double seconds = eki_time_since(w->last, w->first);
    *s = (struct eki_scanner){.host = w->client,
                              .protocol = w->protocol,
                              .service = w->service,
                              .first = w->first,
                              .last = w->last,
                              .since = w->first,
                              .packet = w->first_packet,
                              .input = w->first_input,
                              .targets = w->targets,
                              .answered = w->answered,
                              .refused = w->refused,
                              .evidence = eki_watch_evidence(w),
                              .decided_at = EKI_TIME_NONE};
    for (int i = 0; i < EKI_SCOPE_COUNT; i++)
        s->strategies[i] = eki_order_finding(w->full ? w->deep->order[i] : NULL, i == EKI_SCOPE_CONNECTED);
    set_verdict(w, s);
    if (w->full) fill_deep(w->deep, s);
    s->rate_per_s = seconds > 0 && s->targets > 1 ? (double)s->targets / seconds : 0;
}

static int rank(const struct eki_scanner *s)
{
    static const int ranks[] = {[EKI_VERDICT_SCANNER] = 0,
                                [EKI_VERDICT_FLOOD] = 1,
                                [EKI_VERDICT_BACKSCATTER] = 2,
                                [EKI_VERDICT_UNDECIDED] = 3,
                                [EKI_VERDICT_BENIGN] = 4};
    return ranks[s->verdict];
}

static int by_importance(const void *a, const void *b)
{
    const struct eki_scanner *x = a, *y = b;
    if (rank(x) != rank(y)) return rank(x) - rank(y);
    if (x->targets != y->targets) return x->targets > y->targets ? -1 : 1;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    int host = eki_address_compare(x->host, y->host);
    if (host) return host;
    if (x->protocol != y->protocol) return x->protocol - y->protocol;
    if (x->service != y->service) return x->service - y->service;
    return eki_address_compare(x->victim, y->victim);
}

static int by_importance_of(const void *a, const void *b, void *user)
{
    const struct eki_scanner *scanners = user;
    return by_importance(&scanners[*(const uint32_t *)a], &scanners[*(const uint32_t *)b]);
}

/* Sorts positions, then moves each record once: the records are large and may be hundreds of thousands, of
 * which a sort of their own would make a copy. EKI_ERROR_MEMORY. */
static enum eki_error sort_findings(struct eki_scanner *scanners, size_t count)
{
    if (count > UINT32_MAX) return EKI_ERROR_MEMORY;
    uint32_t *order = eki_allocate(count, sizeof *order);
    if (!order) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) order[i] = (uint32_t)i;
    qsort_r(order, count, sizeof *order, by_importance_of, scanners);
    for (uint32_t start = 0; start < count; start++) {
        struct eki_scanner moved = scanners[start];
        uint32_t at = start;
        for (uint32_t next; (next = order[at]) != start; at = next) {
            scanners[at] = scanners[next];
            order[at] = at;
        }
        scanners[at] = moved;
        order[at] = at;
    }
    eki_free(order);
    return EKI_OK;
}

/* One client's watches that each fail too rarely to tell: together they may (a slow scan over several
 * services). */
struct together {
    double evidence;
    uint32_t targets, services;
    bool any_answer;
};

static bool may_join(const struct eki_watch *w)
{
    return w->protocol == EKI_PROTOCOL_TCP && w->targets >= 2 && !w->reason;
}

/* What the end of the data changes in a watch, for a look in the middle of it. */
struct change {
    struct eki_watch before;
    eki_time decided_at; /* of a watch that was full before */
    uint32_t position, decided_after;
};

struct changes {
    struct change *all;
    size_t count, capacity;
};

/* Remembers a watch before it may change; false without memory. NULL: nobody will want it back. */
static bool remember(struct changes *changes, const struct eki_watch *w, uint32_t position)
{
    if (!changes) return true;
    struct change *all =
        eki_array_reserve(changes->all, changes->count, &changes->capacity, sizeof *changes->all);
    if (!all) return false;
    changes->all = all;
    all[changes->count] = (struct change){.before = *w, .position = position};
    if (w->full) {
        all[changes->count].decided_at = w->deep->decided_at;
        all[changes->count].decided_after = w->deep->decided_after;
    }
    changes->count++;
    return true;
}

static void undo(struct eki_shard *shard, struct changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *c = &changes->all[i];
        struct eki_watch *w = eki_shard_watch(shard, c->position);
        if (!c->before.full) eki_watch_done(w);
        *w = c->before;
        if (!w->full) continue;
        w->deep->decided_at = c->decided_at;
        w->deep->decided_after = c->decided_after;
    }
    eki_free(changes->all);
}

/* Gives a reason to the watches of clients that are searching over several services. EKI_ERROR_MEMORY. */
static enum eki_error join_services(struct eki_shard *shard, struct changes *changes)
{
    struct together *all = eki_allocate((size_t)shard->client_count + 1, sizeof *all);
    if (!all) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < shard->watch_count; i++) {
        const struct eki_watch *w = eki_shard_watch(shard, i);
        if (!may_join(w)) continue;
        struct together *t = &all[w->client_position];
        t->evidence += eki_watch_evidence(w);
        t->targets += w->targets;
        t->services++;
        t->any_answer |= w->answered > 0;
    }
    enum eki_error error = EKI_OK;
    for (uint32_t i = 0; i < shard->watch_count && !error; i++) {
        struct eki_watch *w = eki_shard_watch(shard, i);
        const struct together *t = &all[w->client_position];
        if (!may_join(w) || t->services < 2 || t->any_answer || t->evidence < EKI_SCAN_THRESHOLD) continue;
        if (!remember(changes, w, i)) {
            error = EKI_ERROR_MEMORY;
            break;
        }
        error = eki_watch_decide(w, eki_watch_reasons[EKI_REASON_SERVICES], t->targets);
    }
    eki_free(all);
    return error;
}

/* The data has ended: what was only stored is weighed as well. */
static enum eki_error conclude(struct eki_shard *shard, struct changes *changes)
{
    enum eki_error error = EKI_OK;
    for (uint32_t i = 0; i < shard->watch_count && !error; i++) {
        struct eki_watch *w = eki_shard_watch(shard, i);
        if (w->full) continue;
        bool sweeps = shard->clients[w->client_position].sweeps && w->protocol != EKI_PROTOCOL_ARP;
        struct eki_watch before = *w;
        error = eki_watch_conclude(w, sweeps);
        if (!w->full || remember(changes, &before, i)) continue;
        eki_watch_done(w);
        *w = before;
        error = EKI_ERROR_MEMORY;
    }
    return error;
}

static size_t count_findings(const struct eki_shard *shard, uint32_t fewest)
{
    size_t count = 0;
    for (uint32_t i = 0; i < shard->watch_count; i++)
        count += is_worth_telling(eki_shard_watch(shard, i), fewest);
    for (uint32_t i = 0; i < shard->client_count; i++)
        count += shard->clients[i].vertical ? EKI_VERTICAL_TARGETS : 0;
    return count;
}

/* Appends what a shard shows as it is now; returns how many. */
static size_t list_shard(const struct eki_shard *shard, uint32_t fewest, struct eki_scanner *scanners)
{
    size_t count = 0;
    for (uint32_t i = 0; i < shard->watch_count; i++) {
        const struct eki_watch *w = eki_shard_watch(shard, i);
        if (!is_worth_telling(w, fewest)) continue;
        const struct eki_client *client = &shard->clients[w->client_position];
        fill(w, &scanners[count]);
        scanners[count++].threshold = eki_watch_threshold(client->sweeps && w->protocol != EKI_PROTOCOL_ARP);
    }
    for (uint32_t i = 0; i < shard->client_count; i++) {
        const struct eki_client *client = &shard->clients[i];
        if (client->vertical)
            count += eki_vertical_findings(client->vertical, client->address, scanners + count);
    }
    return count;
}

static enum eki_error add_ports(struct eki_bank *bank, struct eki_arena *arena, struct eki_scanner *scanner)
{
    const struct eki_client *client = eki_bank_client(bank, scanner->host);
    return client && client->vertical ? eki_vertical_probes(client->vertical, arena, scanner) : EKI_OK;
}

/* The raster and the curve of the scanners that matter most; nobody looks at those of thousands. */
static enum eki_error add_rasters(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                                  struct eki_scanner *scanners, size_t count)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < count && i < RASTERS && !error; i++) {
        struct eki_scanner *s = &scanners[i];
        if (s->shape == EKI_SHAPE_VERTICAL) {
            error = add_ports(bank, arena, s);
            continue;
        }
        bool has_one = s->verdict == EKI_VERDICT_SCANNER;
        struct eki_watch *w = has_one ? eki_bank_find(bank, s->host, s->protocol, s->service) : NULL;
        if (w && w->full) error = copy_reach(&w->deep->reach, origin, arena, s);
    }
    return error;
}

/* What all shards and the floods show as they are now. */
static enum eki_error list_findings(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                                    const struct eki_scanner **ret_scanners, size_t *ret_count)
{
    uint32_t fewest = fewest_told(bank);
    size_t capacity = eki_flood_count(&bank->flood), count = 0;
    for (int i = 0; i < EKI_SHARDS; i++) capacity += count_findings(&bank->shards[i], fewest);
    struct eki_scanner *scanners = eki_arena_take(arena, capacity, sizeof *scanners);
    if (!scanners) return EKI_ERROR_MEMORY;
    for (int i = 0; i < EKI_SHARDS; i++) count += list_shard(&bank->shards[i], fewest, scanners + count);
    count += eki_flood_findings(&bank->flood, scanners + count, capacity - count);
    enum eki_error error = sort_findings(scanners, count);
    if (!error) error = add_rasters(bank, origin, arena, scanners, count);
    if (error) return error;
    *ret_scanners = scanners;
    *ret_count = count;
    return EKI_OK;
}

/* Judges all shards as if the data ended here; `changes` has one for each shard, or is NULL. */
static enum eki_error end_shards(struct eki_bank *bank, struct changes *changes)
{
    enum eki_error error = EKI_OK;
    for (int i = 0; i < EKI_SHARDS && !error; i++) {
        struct changes *own = changes ? &changes[i] : NULL;
        error = conclude(&bank->shards[i], own);
        if (!error) error = join_services(&bank->shards[i], own);
    }
    return error;
}

enum eki_error eki_bank_findings(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                                 const struct eki_scanner **ret_scanners, size_t *ret_count)
{
    enum eki_error error = end_shards(bank, NULL);
    return error ? error : list_findings(bank, origin, arena, ret_scanners, ret_count);
}

enum eki_error eki_bank_look(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                             const struct eki_scanner **ret_scanners, size_t *ret_count)
{
    struct changes changes[EKI_SHARDS] = {0};
    enum eki_error error = end_shards(bank, changes);
    if (!error) error = list_findings(bank, origin, arena, ret_scanners, ret_count);
    for (int i = 0; i < EKI_SHARDS; i++) undo(&bank->shards[i], &changes[i]);
    return error;
}
