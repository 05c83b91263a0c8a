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

enum { GAP_AHEAD = 3, GAP_BEHIND = 2, ISLAND = 256 };

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

static void feed_relation(struct eki_order *order, uint64_t number, bool busy)
{
    float exact = busy ? fit_busy : fit_exact;
    unsigned up_head = order->head_count, down_head = order->head_count;
    int up = fit_to_heads(order, number, 1, &up_head), down = fit_to_heads(order, number, -1, &down_head);
    int64_t delta = (int64_t)(number - order->last);
    bool stride = delta == order->delta && (delta > 1 || delta < -1);
    uint32_t turned = __builtin_bswap32((uint32_t)number) - __builtin_bswap32((uint32_t)order->last);
    bool reversed = (number >> 32) == (order->last >> 32) && turned >= 1 && turned <= GAP_AHEAD;
    count(order, EKI_ORDER_UP, up, exact);
    count(order, EKI_ORDER_DOWN, down, exact);
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

/* ln of the marginal probability of the counts under a Dirichlet(1/2) prior of three shares (Krichevsky and
 * Trofimov 1981). */
static double log_dirichlet(double a, double b, double c)
{
    double n = a + b + c;
    return lgamma(1.5) - lgamma(n + 1.5) + lgamma(a + .5) + lgamma(b + .5) + lgamma(c + .5) - 3 * lgamma(.5);
}

static double log_sequential(const struct eki_order *o, uint32_t matches, double block)
{
    double n = o->probes - 1.0, fits = matches;
    return -block + fits * log(.9 / 2) + (n - fits) * (log(.1) - block);
}

static double log_local(const struct eki_order *o, double block)
{
    double near = o->same_16, middle = o->same_8, rest = o->probes - near - middle;
    double rest_block = block > 24 * M_LN2 ? block : 24 * M_LN2;
    return log_dirichlet(near, middle, rest) - near * 16 * M_LN2 - middle * 24 * M_LN2 - rest * rest_block;
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

/* Random, but one address in five belongs to the /24 of an address tried before: WannaCry went through the
 * network of each random address that answered (reference: detection facts, families). What chooses the
 * networks is still chance. */
static double log_excursions(const struct eki_order *o, double block)
{
    double near = o->clustered + o->matches[EKI_ORDER_UP], rest = o->probes - near;
    return near * log(.2 / ISLAND) + rest * (log(.8) - block);
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

static double log_sum(double a, double b)
{
    double high = a > b ? a : b;
    return high + log(exp(a - high) + exp(b - high));
}

static const char *order_name(const struct eki_order *o, uint32_t *ret_matches)
{
    static const char *const names[EKI_ORDER_KINDS] = {"ascending", "descending", "stride", "octet-reversed"};
    int best = 0;
    for (int i = 1; i < EKI_ORDER_KINDS; i++)
        if (o->exact[i] > o->exact[best]) best = i;
    *ret_matches = o->matches[best];
    return names[best];
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
    uint32_t matches;
    const char *order = order_name(o, &matches);
    double block = log_block(o);
    double total = o->probes + o->repeats;
    double chance = log_sum(log(.2) - total * block, log(.1) + log_excursions(o, block) - o->repeats * block);
    if (!connected) chance = log_sum(chance, log(.05) + log_within(o) - o->repeats * block);
    double weight[EKI_STRATEGY_COUNT] = {
        [EKI_STRATEGY_UNKNOWN] = log(.15) + log_unknown(o, block) - o->repeats * block,
        [EKI_STRATEGY_SEQUENTIAL] = log(.2) + log_sequential(o, matches, block) - o->repeats * block,
        [EKI_STRATEGY_RANDOM] = chance,
        [EKI_STRATEGY_LOCAL] = connected ? -INFINITY : log(.15) + log_local(o, block) - o->repeats * block,
        [EKI_STRATEGY_PERMUTED] = log(.1) + log_permuted(o, block),
        [EKI_STRATEGY_KNOWN_PEERS] = log(.1) + log_known(o, block) - o->repeats * block,
    };
    normalise(weight, f.posterior);
    for (int i = 0; i < EKI_STRATEGY_COUNT; i++)
        if (f.posterior[i] > f.posterior[f.name]) f.name = (enum eki_strategy)i;
    if (f.name == EKI_STRATEGY_SEQUENTIAL) f.order = order;
    f.probes = o->probes + o->passed;
    f.first = o->first;
    f.last = o->latest;
    if (f.probes > 1) f.pass_seconds = 254 * eki_time_since(o->latest, o->first) / ((double)f.probes - 1);
    return f;
}
