/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which known family an outbreak is most like, by what every family does: the service, how it chooses
 * addresses here and elsewhere, how it gets in, its pace. Each feature that was observed counts; a sign that
 * belongs to one family counts most. Sources of the table: the lecture's strategy table (B3 of the design)
 * for the worms of 2017; Moore 2003 (Slammer); Staniford 2002 and Moore 2002 (Code Red); Zou 2004 (Blaster);
 * Antonakakis 2017 (Mirai).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "outbreak/trace.h"

enum way_in { BY_EXPLOIT = 1, BY_CREDENTIAL = 2, BY_DICTIONARY = 4 };
enum { WAYS = 3 };

struct family {
    const char *name;
    uint8_t protocol;
    uint16_t service; /* standing for its vector */
    uint8_t ways;     /* enum way_in, or'ed */
    enum eki_strategy connected,
        elsewhere;       /* UNKNOWN: makes no difference between here and elsewhere, or not told */
    double pass_seconds; /* for 254 addresses of the connected network; 0: not told */
    int year;
    const char
        *countermeasure_class; /* severity and infectivity: I destroys, II lets others in, III only spreads */
};

static const struct family families[] = {
    {"wannacry", 6, 445, BY_EXPLOIT, EKI_STRATEGY_SEQUENTIAL, EKI_STRATEGY_RANDOM, 30, 2017, EKI_TEXT("I")},
    {"notpetya", 6, 445, BY_EXPLOIT | BY_CREDENTIAL, EKI_STRATEGY_SEQUENTIAL, EKI_STRATEGY_KNOWN_PEERS, 900,
     2017, EKI_TEXT("I")},
    {"badrabbit", 6, 445, BY_CREDENTIAL | BY_DICTIONARY, EKI_STRATEGY_SEQUENTIAL, EKI_STRATEGY_KNOWN_PEERS,
     900, 2017, EKI_TEXT("I")},
    {"slammer", 17, 1434, BY_EXPLOIT, EKI_STRATEGY_UNKNOWN, EKI_STRATEGY_RANDOM, 0, 2003, EKI_TEXT("III")},
    {"codered1", 6, 80, BY_EXPLOIT, EKI_STRATEGY_UNKNOWN, EKI_STRATEGY_RANDOM, 0, 2001, EKI_TEXT("III")},
    {"codered2", 6, 80, BY_EXPLOIT, EKI_STRATEGY_UNKNOWN, EKI_STRATEGY_LOCAL, 0, 2001, EKI_TEXT("II")},
    {"blaster", 6, 135, BY_EXPLOIT, EKI_STRATEGY_UNKNOWN, EKI_STRATEGY_SEQUENTIAL, 0, 2003, EKI_TEXT("II")},
    {"mirai", 6, 23, BY_DICTIONARY, EKI_STRATEGY_UNKNOWN, EKI_STRATEGY_RANDOM, 0, 2016, EKI_TEXT("II")},
};

enum {
    FAMILIES = sizeof families / sizeof *families,
    KEPT_ALIKE = 4,
    PROBES_TO_JUDGE = 16,
    RE_EMERGES_AFTER_YEARS = 5
};
/* A family is named when this share of what was observed fits it. */
static const double fits = .6, alike = .3;
/* A port and a way in alone are no family: less than this much observed counts as not fitting. */
static const double least_seen = 4;

/* What the members showed. */
struct habits {
    double way[WAYS]; /* how surely each way in was used: tried, got in, ran code */
    double strategy[EKI_SCOPE_COUNT]
                   [EKI_STRATEGY_COUNT]; /* mean posterior over the members that searched there */
    unsigned searched[EKI_SCOPE_COUNT];
    double log_pass; /* mean of ln(pass_seconds) in the connected network */
    unsigned paced;
    bool family_signs[FAMILIES];
    bool any_family_sign;
};

static unsigned way_of(const struct eki_sign *s)
{
    static const struct {
        const char *technique; /* ATT&CK id, or how it begins */
        unsigned way;
    } ways[] = {{"T1210", BY_EXPLOIT},    {"T1190", BY_EXPLOIT},    {"T1021", BY_CREDENTIAL},
                {"T1047", BY_CREDENTIAL}, {"T1543", BY_CREDENTIAL}, {"T1569", BY_CREDENTIAL},
                {"T1570", BY_CREDENTIAL}, {"T1110", BY_DICTIONARY}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strncmp(s->technique, ways[i].technique, strlen(ways[i].technique))) return ways[i].way;
    return 0;
}

static void note_way(struct habits *h, unsigned ways, enum eki_grade grade)
{
    double sure = grade >= EKI_GRADE_EXPLOIT ? 1 : grade == EKI_GRADE_ACCESS ? .5 : .25;
    for (int i = 0; i < WAYS; i++)
        if (ways >> i & 1) h->way[i] = fmax(h->way[i], sure);
}

/* Share of the ways seen that the family has; a way of the family that was not seen counts a little against
 * it. */
static double fit_of_ways(const struct family *f, const struct habits *h, bool *ret_seen)
{
    static const double unseen = .25;
    double common = 0, all = 0;
    for (int i = 0; i < WAYS; i++) {
        bool has = f->ways >> i & 1;
        common += has ? h->way[i] : 0;
        all += h->way[i] > 0 ? h->way[i] : has ? unseen : 0;
    }
    *ret_seen = h->way[0] + h->way[1] + h->way[2] > 0;
    return *ret_seen ? common / all : 0;
}

static void add_signs(const struct eki_trace *trace, struct habits *h)
{
    for (uint32_t i = 0; i < trace->tracer->sign_count; i++) {
        const struct eki_sign *s = &trace->tracer->signs[i];
        const struct eki_member *m = eki_trace_member(trace, s->source);
        if (!m || !m->included) continue;
        if (s->vector && s->grade >= EKI_GRADE_ATTEMPT) note_way(h, way_of(s), (enum eki_grade)s->grade);
        for (int f = 0; f < FAMILIES; f++) {
            if (strcmp(s->family, families[f].name)) continue;
            h->family_signs[f] = true;
            h->any_family_sign = true;
        }
    }
}

static void add_scanner(const struct eki_scanner *s, struct habits *h)
{
    for (int scope = 0; scope < EKI_SCOPE_COUNT; scope++) {
        const struct eki_strategy_finding *f = &s->strategies[scope];
        if (f->probes < PROBES_TO_JUDGE) continue;
        h->searched[scope]++;
        for (int k = 0; k < EKI_STRATEGY_COUNT; k++) h->strategy[scope][k] += f->posterior[k];
        if (scope != EKI_SCOPE_CONNECTED || f->pass_seconds <= 0) continue;
        h->log_pass += log(f->pass_seconds);
        h->paced++;
    }
}

static struct habits observe(const struct eki_trace *trace)
{
    struct habits h = {0};
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (m->included && m->scanner) add_scanner(m->scanner, &h);
        if (m->included && m->sweep) add_scanner(m->sweep, &h);
    }
    for (int scope = 0; scope < EKI_SCOPE_COUNT; scope++)
        for (int k = 0; k < EKI_STRATEGY_COUNT && h.searched[scope]; k++)
            h.strategy[scope][k] /= h.searched[scope];
    if (h.paced) h.log_pass /= h.paced;
    add_signs(trace, &h);
    return h;
}

static double fit_of_strategy(const struct family *f, const struct habits *h, int scope)
{
    /* A family that knows no "connected network" does there what it does everywhere. */
    enum eki_strategy want = scope == EKI_SCOPE_CONNECTED && f->connected ? f->connected : f->elsewhere;
    double fit = h->strategy[scope][want];
    /* Uniform over everything and local preference look alike inside the one network that is seen. */
    if (scope == EKI_SCOPE_CONNECTED && !f->connected && want == EKI_STRATEGY_LOCAL)
        fit += h->strategy[scope][EKI_STRATEGY_RANDOM];
    return fit;
}

static double score_of(const struct eki_trace *trace, const struct habits *h, int index)
{
    static const double sign_weight = 4, pace_spread = 1.2;
    const struct family *f = &families[index];
    double fit = 0, weight = 1;
    if (f->protocol == trace->protocol && f->service == trace->vector)
        fit = 1;
    else if (!h->family_signs[index])
        return 0;
    for (int scope = 0; scope < EKI_SCOPE_COUNT; scope++) {
        if (!h->searched[scope]) continue;
        weight++;
        fit += fit_of_strategy(f, h, scope);
    }
    bool seen;
    double ways = fit_of_ways(f, h, &seen);
    weight += seen;
    fit += ways;
    if (h->paced && f->pass_seconds > 0) {
        double z = (h->log_pass - log(f->pass_seconds)) / pace_spread;
        weight++;
        fit += exp(-.5 * z * z);
    }
    if (h->any_family_sign) {
        weight += sign_weight;
        fit += sign_weight * h->family_signs[index];
    }
    return fit / (weight < least_seen ? least_seen : weight);
}

static int by_score(const void *a, const void *b)
{
    const struct eki_family_match *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return strcmp(x->name, y->name);
}

static const struct family *named(const char *name)
{
    for (int i = 0; i < FAMILIES; i++)
        if (!strcmp(families[i].name, name)) return &families[i];
    return NULL;
}

/* 1970 + years of 365.2425 days: exact enough to tell decades. */
static int year_of(eki_time time)
{
    return 1970 + (int)floor((double)(time / EKI_SECOND) / (365.2425 * 86400));
}

static void match(const struct eki_trace *trace, const struct habits *h, struct eki_outbreak *outbreak)
{
    struct eki_family_match all[FAMILIES];
    for (int i = 0; i < FAMILIES; i++)
        all[i] = (struct eki_family_match){families[i].name, score_of(trace, h, i)};
    qsort(all, FAMILIES, sizeof *all, by_score);
    size_t next = all[0].score >= fits;
    if (next) outbreak->family = all[0];
    while (outbreak->family_count < KEPT_ALIKE && next < FAMILIES && all[next].score >= alike)
        outbreak->families[outbreak->family_count++] = all[next++];
}

static void name_vectors(const struct eki_trace *trace, const struct habits *h, struct eki_outbreak *outbreak)
{
    if (h->way[0] > 0) outbreak->vectors[outbreak->vector_count++] = EKI_TEXT("exploit");
    if (h->way[1] > 0) outbreak->vectors[outbreak->vector_count++] = EKI_TEXT("stolen credential");
    if (h->way[2] > 0) outbreak->vectors[outbreak->vector_count++] = EKI_TEXT("dictionary");
    if (trace->protocol == EKI_PROTOCOL_UDP)
        outbreak->vectors[outbreak->vector_count++] = EKI_TEXT("datagram");
    if (!outbreak->vector_count) outbreak->vectors[outbreak->vector_count++] = EKI_TEXT("unknown");
}

void eki_trace_classify(const struct eki_trace *trace, struct eki_outbreak *outbreak)
{
    struct habits h = observe(trace);
    match(trace, &h, outbreak);
    name_vectors(trace, &h, outbreak);
    /* It went from host to host over the network and nobody had to click: neither contact nor droplet. */
    outbreak->route = EKI_TEXT("airborne");
    const struct family *f = outbreak->family.name ? named(outbreak->family.name) : NULL;
    if (!f) {
        outbreak->known = EKI_TEXT("unknown");
        outbreak->countermeasure_class = EKI_TEXT("novel"); /* newly able to pass from host to host */
        return;
    }
    bool back = year_of(outbreak->infections[0].time) - f->year > RE_EMERGES_AFTER_YEARS;
    outbreak->known = back ? EKI_TEXT("re-emerging") : EKI_TEXT("known");
    outbreak->countermeasure_class = back ? EKI_TEXT("re-emerging") : f->countermeasure_class;
}
