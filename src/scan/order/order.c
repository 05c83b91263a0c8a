/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/order/order.h"

#include <math.h>
#include <string.h>

/* Log likelihood ratios of one step: searching in order against an ordinary client. See README.md for the
 * shares. */
static const float fit_exact = 2.36f; /* ln(.85 / .08): the very next address */
/* ... that answers and that others visit too: a farm of servers in a row gives its clients such steps often.
 */
static const float fit_busy = 0.60f;   /* ln(.85 / .47) */
static const float fit_near = 0.22f;   /* ln(.10 / .08): a gap, or slightly behind */
static const float fit_stride = 4.44f; /* ln(.85 / .01): the same jump again, or a reversed counter */
static const float misfit = -2.81f;    /* ln(.05 / .83) */

enum { GAP_AHEAD = 3, GAP_BEHIND = 2, ISLAND = 256, ISLAND_OCTAVES = 8 };

/* Is `number` a continuation of a stream that ended at `head`, going `sign`? 2: the next one, 1: near, 0: no.
 */
static int follows(uint64_t number, uint64_t head, int64_t sign)
{
    int64_t step = (int64_t)(number - head) * sign;
    if (step == 1) return 2;
    return step >= -GAP_BEHIND && step <= GAP_AHEAD && step != 0;
}

static void add(float *run, float step)
{
    *run += step;
    if (*run < 0) *run = 0;
}

static void count(struct eki_order *order, enum eki_order_kind kind, int fit, float exact)
{
    order->matches[kind] += fit > 0;
    order->exact[kind] += fit == 2;
    add(&order->run[kind], fit == 2 ? exact : fit == 1 ? fit_near : misfit);
}

/* Best fit to any head; *ret_head is the head that fits, or the count when none does. */
static int fit_to_heads(const struct eki_order *order, uint64_t number, int64_t sign, unsigned *ret_head)
{
    int best = 0;
    for (unsigned i = 0; i < order->head_count; i++) {
        int fit = follows(number, order->heads[i], sign);
        if (fit <= best) continue;
        best = fit;
        *ret_head = i;
    }
    return best;
}

/* The stream that was continued moves to the front with its new end; a new stream pushes out the oldest. */
static void move_heads(struct eki_order *order, unsigned head, uint64_t number)
{
    if (head == order->head_count && order->head_count < EKI_ORDER_HEADS) order->head_count++;
    if (head >= order->head_count) head = order->head_count - 1;
    memmove(order->heads + 1, order->heads, head * sizeof *order->heads);
    order->heads[0] = number;
}

static bool near_heads(const struct eki_order *order, uint64_t number)
{
    for (unsigned i = 0; i < order->head_count; i++)
        if ((number ^ order->heads[i]) < ISLAND) return true;
    return false;
}

/* What a fit, or its absence, says of the stream that was seen last. */
static void count_newest(struct eki_order *order, enum eki_order_kind kind, int fit, bool newest,
                         int64_t jump)
{
    if (fit) {
        order->newest_matches[kind] += newest;
        order->newest_exact[kind] += newest && fit == 2;
    } else if (jump > 0 && jump < ISLAND) {
        order->ahead[kind]++;
        order->ahead_bits[kind] += 63 - (uint32_t)__builtin_clzll((uint64_t)jump);
    }
}

static void feed_relation(struct eki_order *order, uint64_t number, bool busy)
{
    float exact = busy ? fit_busy : fit_exact;
    unsigned up_head = order->head_count, down_head = order->head_count;
    int up = fit_to_heads(order, number, 1, &up_head), down = fit_to_heads(order, number, -1, &down_head);
    int64_t delta = (int64_t)(number - order->last);
    bool stride = delta == order->delta && (delta > 1 || delta < -1);
    uint32_t turned = __builtin_bswap32((uint32_t)number) - __builtin_bswap32((uint32_t)order->last);
    bool reversed = (number >> 32) == (order->last >> 32) && turned >= 1 && turned <= GAP_AHEAD;
    int64_t jump = (int64_t)(number - order->heads[0]);
    count(order, EKI_ORDER_UP, up, exact);
    count(order, EKI_ORDER_DOWN, down, exact);
    count_newest(order, EKI_ORDER_UP, up, up_head == 0, jump);
    count_newest(order, EKI_ORDER_DOWN, down, down_head == 0, -jump);
    count(order, EKI_ORDER_STRIDE, stride ? 2 : 0, busy ? fit_busy : fit_stride);
    count(order, EKI_ORDER_REVERSED, reversed ? 2 : 0, busy ? fit_busy : fit_stride);
    order->clustered += !up && !down && near_heads(order, number);
    order->delta = delta;
    move_heads(order, up >= down ? up_head : down_head, number);
}

void eki_order_feed(struct eki_order *order, const struct eki_order_target *target)
{
    if (order->probes == 0) {
        order->first = target->time;
        order->low = order->high = target->number;
        move_heads(order, 0, target->number);
    } else {
        feed_relation(order, target->number, target->busy);
    }
    order->latest = target->time;
    order->last = target->number;
    if (target->number < order->low) order->low = target->number;
    if (target->number > order->high) order->high = target->number;
    order->same_16 += target->same_16;
    order->same_8 += target->same_8 && !target->same_16;
    order->known += target->known_peer;
    order->probes++;
}

double eki_order_evidence(const struct eki_order *order)
{
    float best = 0;
    for (int i = 0; i < EKI_ORDER_KINDS; i++)
        if (order->run[i] > best) best = order->run[i];
    return (double)best;
}

/* ln of the size of the smallest power-of-two block that holds all targets, at least a /24. */
static double log_block(const struct eki_order *order)
{
    uint64_t span = order->low ^ order->high;
    int bits = span ? 64 - __builtin_clzll(span) : 0;
    return (bits < 8 ? 8 : bits) * M_LN2;
}

static double log_sum(double a, double b)
{
    double high = a > b ? a : b;
    return high + log(exp(a - high) + exp(b - high));
}

/* ln of the marginal probability of the counts when their shares are drawn from a Dirichlet prior with these
 * weights (Polya 1930). */
static double log_dirichlet(const double *counts, const double *weights, int kinds)
{
    double n = 0, total = 0, sum = 0;
    for (int i = 0; i < kinds; i++) {
        n += counts[i];
        total += weights[i];
        sum += lgamma(counts[i] + weights[i]) - lgamma(weights[i]);
    }
    return sum + lgamma(total) - lgamma(total + n);
}

/* A jump of constant length, or a reversed counter, and strays. */
static double log_stride(const struct eki_order *o, enum eki_order_kind kind, double block)
{
    static const double weights[2] = {9, 1};
    double counts[2] = {o->matches[kind], o->probes - 1.0 - o->matches[kind]};
    return -block + log_dirichlet(counts, weights, 2) - counts[1] * block;
}

/*
 * In order: the next address of the stream seen last or of another one; near their ends, for a gap or probes
 * out of turn; further ahead within a /24, when what lies between was left out. The shares are learned;
 * within its share a target is spread over all places that have the share, so that a block tried in no order
 * at all, where every target lies near another, does not count as one tried in order. `rest` is how many
 * targets follow nothing and lie anywhere: their share is drawn from a Beta prior with these weights, few in
 * a search in order (1/2 and 30), many where chance chooses the networks.
 */
static double log_in_order(const struct eki_order *o, enum eki_order_kind kind, double block,
                           const double rest_weights[2])
{
    enum { NEXT, NEXT_OTHER, NEAR, NEAR_OTHER, AHEAD, SHARES };
    static const double weights[SHARES] = {6, 1, 1, .5, .5};
    double others = o->head_count > 1 ? o->head_count - 1 : 1, places = GAP_AHEAD + GAP_BEHIND - 1;
    double fits = o->newest_matches[kind], exact = o->newest_exact[kind];
    double counts[SHARES] = {exact, o->exact[kind] - exact, fits - exact,
                             o->matches[kind] - o->exact[kind] - (fits - exact), o->ahead[kind]};
    double ordered = o->matches[kind] + (double)o->ahead[kind], rest = o->probes - 1.0 - ordered;
    return -block + log_dirichlet((double[2]){rest, ordered}, rest_weights, 2) - rest * block +
           log_dirichlet(counts, weights, SHARES) - counts[NEXT_OTHER] * log(others) -
           counts[NEAR] * log(places) - counts[NEAR_OTHER] * log(places * others) -
           counts[AHEAD] * log(ISLAND_OCTAVES) - o->ahead_bits[kind] * M_LN2;
}

static double log_sequential(const struct eki_order *o, enum eki_order_kind kind, double block)
{
    static const double strays[2] = {.5, 30};
    return kind > EKI_ORDER_DOWN ? log_stride(o, kind, block) : log_in_order(o, kind, block, strays);
}

/* Shares of a source's own /16, its /8 and the rest. Who prefers what is near does so for a good part of its
 * probes: a quarter at the least of the families known (reference: simulation facts, section 2). */
static double log_local(const struct eki_order *o, double block)
{
    static const double preference[3] = {2, 2, 1};
    double near = o->same_16, middle = o->same_8, rest = o->probes - near - middle;
    double rest_block = block > 24 * M_LN2 ? block : 24 * M_LN2;
    return log_dirichlet((double[3]){near, middle, rest}, preference, 3) - near * 16 * M_LN2 -
           middle * 24 * M_LN2 - rest * rest_block;
}

/* ln P(targets | drawn without replacement); each repeat would have to be a coincidence. */
static double log_permuted(const struct eki_order *o, double block)
{
    double size = exp(block), n = o->probes;
    if (n > size) return -INFINITY;
    double drawn = size < 1e7 ? lgamma(size - n + 1) - lgamma(size + 1) : -n * block + n * n / (2 * size);
    return drawn + o->repeats * (log(.001) - block);
}

static double log_known(const struct eki_order *o, double block)
{
    double known = o->known, rest = o->probes - known;
    return known * log(.9 / 20) + rest * (log(.1) - block);
}

static double log_unknown(const struct eki_order *o, double block)
{
    double near = o->clustered + o->matches[EKI_ORDER_UP], rest = o->probes - near;
    return near * log(.5 / ISLAND) + rest * (log(.5) - block);
}

/* Random, but WannaCry went through the network of each random address that answered (reference: detection
 * facts, families), in order or not. What chooses the networks is still chance, for a good part of all
 * targets. */
static double log_excursions(const struct eki_order *o, double block)
{
    static const double chosen[2] = {4, 2};
    double near = o->clustered + o->matches[EKI_ORDER_UP], rest = o->probes - near;
    double scattered = log_dirichlet((double[2]){rest, near}, chosen, 2) - near * log(ISLAND) - rest * block;
    return log_sum(scattered, log_in_order(o, EKI_ORDER_UP, block, chosen));
}

/* ln of the marginal probability of `rest` strays among `near`, their share drawn from Beta(1/2, 50): about
 * one in a hundred. */
static double log_strays(double near, double rest)
{
    static const double a = .5, b = 50;
    return lgamma(rest + a) + lgamma(near + b) - lgamma(rest + near + a + b) - lgamma(a) - lgamma(b) +
           lgamma(a + b);
}

/* Random within the source's own /16 or /8, but for a few strays. Local preference mixes distances; who draws
 * from one block alone, because that is all it can reach or knows of, draws at random. */
static double log_within(const struct eki_order *o)
{
    double near = o->same_16, both = near + o->same_8, all = o->probes;
    double small = log_strays(near, all - near) - near * 16 * M_LN2 - (all - near) * 32 * M_LN2;
    double large = log_strays(both, all - both) - both * 24 * M_LN2 - (all - both) * 32 * M_LN2;
    return small > large ? small : large;
}

/* Random over everything, but for a few contacts near the source: what it does besides searching. They are as
 * likely in its /16 as in its /8. */
static double log_beside(const struct eki_order *o, double block)
{
    double near = o->same_16, both = near + o->same_8, rest = o->probes - both;
    return log_strays(rest, both) - near * 17 * M_LN2 - o->same_8 * 25 * M_LN2 - rest * block;
}

static enum eki_order_kind best_order(const struct eki_order *o)
{
    int best = 0;
    for (int i = 1; i < EKI_ORDER_KINDS; i++)
        if (o->exact[i] > o->exact[best]) best = i;
    return (enum eki_order_kind)best;
}

static void normalise(double log_weight[EKI_STRATEGY_COUNT], double ret_posterior[EKI_STRATEGY_COUNT])
{
    double highest = -INFINITY, sum = 0;
    for (int i = 0; i < EKI_STRATEGY_COUNT; i++)
        if (log_weight[i] > highest) highest = log_weight[i];
    for (int i = 0; i < EKI_STRATEGY_COUNT; i++) sum += ret_posterior[i] = exp(log_weight[i] - highest);
    for (int i = 0; i < EKI_STRATEGY_COUNT; i++) ret_posterior[i] /= sum;
}

struct eki_strategy_finding eki_order_finding(const struct eki_order *o, bool connected)
{
    struct eki_strategy_finding f = {.order = "", .first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    f.posterior[EKI_STRATEGY_UNKNOWN] = 1;
    if (!o || o->probes + o->passed == 0) return f;
    if (o->probes == 0) { /* this scope was first searched when nothing was looked at any more */
        f.probes = o->passed;
        f.first = o->first;
        f.last = o->latest;
        return f;
    }
    static const char *const orders[EKI_ORDER_KINDS] = {"ascending", "descending", "stride",
                                                        "octet-reversed"};
    enum eki_order_kind order = best_order(o);
    double block = log_block(o);
    double total = o->probes + o->repeats;
    double chance = log_sum(log(.2) - total * block, log(.1) + log_excursions(o, block) - o->repeats * block);
    if (!connected) {
        chance = log_sum(chance, log(.05) + log_within(o) - o->repeats * block);
        chance = log_sum(chance, log(.05) + log_beside(o, block) - o->repeats * block);
    }
    double weight[EKI_STRATEGY_COUNT] = {
        [EKI_STRATEGY_UNKNOWN] = log(.15) + log_unknown(o, block) - o->repeats * block,
        [EKI_STRATEGY_SEQUENTIAL] = log(.2) + log_sequential(o, order, block) - o->repeats * block,
        [EKI_STRATEGY_RANDOM] = chance,
        [EKI_STRATEGY_LOCAL] = connected ? -INFINITY : log(.15) + log_local(o, block) - o->repeats * block,
        [EKI_STRATEGY_PERMUTED] = log(.1) + log_permuted(o, block),
        [EKI_STRATEGY_KNOWN_PEERS] = log(.1) + log_known(o, block) - o->repeats * block,
    };
    normalise(weight, f.posterior);
    for (int i = 0; i < EKI_STRATEGY_COUNT; i++)
        if (f.posterior[i] > f.posterior[f.name]) f.name = (enum eki_strategy)i;
    if (f.name == EKI_STRATEGY_SEQUENTIAL) f.order = orders[order];
    f.probes = o->probes + o->passed;
    f.first = o->first;
    f.last = o->latest;
    if (f.probes > 1) f.pass_seconds = 254 * eki_time_since(o->latest, o->first) / ((double)f.probes - 1);
    return f;
}
