/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaders: where a searching host logged in before somebody else delivered the program, the searching host is
 * the parent, and the loader's work was done for it (Mirai: Antonakakis 2017, section 2). The moment of
 * infection is then the loader's. Where nobody was seen to log in before, that was done out of sight.
 */
#include "outbreak/trace.h"

static const double weight_loader = 1e-9;
enum { SEEN = 5 }; /* at least one visit in so many is seen */

static bool searches(const struct eki_member *m)
{
    return m->scanner || m->sweep || m->implant;
}

/* Visits of those that may have opened the way: who searches, or who logs in and delivers nothing. */
static bool opens_the_way(const struct eki_trace *trace, const struct eki_suspect *s)
{
    const struct eki_member *source = &trace->members[s->member];
    if (s->kind < EKI_KIND_SESSION) return false;
    return searches(source) || (s->kind == EKI_KIND_ACCESS && !source->delivers);
}

static bool follows_another(const struct eki_trace *trace, const struct eki_member *m,
                            const struct eki_suspect *s)
{
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct eki_suspect *other = &m->suspects[i];
        if (other->member != s->member && other->start < s->start && opens_the_way(trace, other)) return true;
    }
    return false;
}

/* It searches nothing, was infected by nobody, gets in wherever it goes and delivers, mostly where somebody
 * had opened the way. Not always: a sensor can miss that. */
static bool is_loader(const struct eki_member *m)
{
    bool in_vain = 5 * m->entries < 4 * m->attacks;
    return !searches(m) && m->delivers && !in_vain && m->followed && SEEN * m->followed >= m->entries;
}

static bool is_entry(const struct eki_suspect *s)
{
    return s->kind >= EKI_KIND_ACCESS && s->weight > 0;
}

/* Only where some log in and leave the rest to others there is a use for loaders. */
static void find_loaders(struct eki_trace *trace)
{
    bool logins = false;
    for (uint32_t i = 0; i < trace->member_count; i++)
        for (size_t k = 0; k < trace->members[i].suspect_count; k++) {
            const struct eki_suspect *s = &trace->members[i].suspects[k];
            trace->members[s->member].delivers |= s->kind > EKI_KIND_ACCESS;
        }
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        for (size_t k = 0; k < m->suspect_count; k++) {
            const struct eki_suspect *s = &m->suspects[k];
            struct eki_member *source = &trace->members[s->member];
            if (!is_entry(s)) continue;
            logins |= s->kind == EKI_KIND_ACCESS && opens_the_way(trace, s);
            source->entries++;
            source->followed += follows_another(trace, m, s);
        }
    }
    for (uint32_t i = 0; i < trace->member_count; i++)
        trace->members[i].loader = logins && is_loader(&trace->members[i]);
}

/* It got in: data moved both ways, or a sign says so. */
static bool got_in(const struct eki_suspect *s)
{
    return s->evidence >= EKI_EVIDENCE_SESSION && s->weight > 0;
}

static void set_aside(const struct eki_trace *trace, struct eki_member *m)
{
    m->delivered = EKI_TIME_NONE;
    for (size_t i = 0; i < m->suspect_count; i++) {
        struct eki_suspect *s = &m->suspects[i];
        if (!got_in(s) || !trace->members[s->member].loader) continue;
        s->weight *= weight_loader;
        if (m->delivered == EKI_TIME_NONE || s->end > m->delivered) m->delivered = s->end;
    }
    const struct eki_member *source = m->implant ? eki_trace_member(trace, m->implant->source) : NULL;
    if (source && source->loader) m->delivered = m->implant->last; /* the first of several */
}

/* How long after a delivery its victim searches, in the mean; 0 when none was seen. */
static double mean_lag_s(const struct eki_trace *trace)
{
    double sum = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        if (m->delivered == EKI_TIME_NONE || m->onset == EKI_TIME_NONE || m->onset < m->delivered) continue;
        sum += eki_time_since(m->onset, m->delivered);
        count++;
    }
    return count ? sum / count : 0;
}

/* A login has its effect when the loader has delivered; where that was missed, as long before the search as
 * it comes elsewhere. */
static void set_effects(struct eki_trace *trace)
{
    double lag_s = mean_lag_s(trace);
    bool loaders = false;
    for (uint32_t i = 0; i < trace->member_count; i++) loaders |= trace->members[i].loader;
    for (uint32_t i = 0; i < trace->member_count; i++) {
        struct eki_member *m = &trace->members[i];
        m->effect = m->onset;
        m->raced = loaders;
        if (m->delivered != EKI_TIME_NONE)
            m->effect = m->delivered;
        else if (m->onset != EKI_TIME_NONE)
            m->effect = m->onset - (eki_time)(lag_s * 1e9);
    }
}

void eki_loaders_set_aside(struct eki_trace *trace)
{
    find_loaders(trace);
    for (uint32_t i = 0; i < trace->member_count; i++) set_aside(trace, &trace->members[i]);
    set_effects(trace);
}
