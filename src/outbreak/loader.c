/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaders: where a searching host logged in before somebody else delivered the program, the searching host is
 * the parent, and the loader's work was done for it (Mirai: Antonakakis 2017, section 2). The moment of
 * infection is then the loader's. Where nobody was seen to log in before, that was done out of sight.
 */
#include "outbreak/trace.h"

static const double weight_loader = 1e-9;
enum { SEEN = 5 }; /* at least one login in so many is seen */

/* Somebody else had logged in before this suspect came. */
static bool follows_a_login(const struct eki_member *m, const struct eki_suspect *s)
{
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct eki_suspect *other = &m->suspects[i];
        if (other->kind == EKI_KIND_ACCESS && other->member != s->member && other->start < s->start)
            return true;
    }
    return false;
}

/* It searches nothing, was infected by nobody, gets in wherever it goes, and follows logins by others. Not
 * always: a sensor can miss those. */
static bool is_loader(const struct eki_member *m)
{
    bool searches = m->scanner || m->sweep || m->implant, in_vain = 5 * m->entries < 4 * m->attacks;
    return !searches && !in_vain && m->followed && SEEN * m->followed >= m->entries;
}

static void find_loaders(struct eki_trace *trace)
{
    for (uint32_t i = 0; i < trace->member_count; i++) {
        const struct eki_member *m = &trace->members[i];
        for (size_t k = 0; k < m->suspect_count; k++) {
            const struct eki_suspect *s = &m->suspects[k];
            if (s->kind < EKI_KIND_ACCESS || s->weight <= 0) continue;
            trace->members[s->member].entries++;
            trace->members[s->member].followed += follows_a_login(m, s);
        }
    }
    for (uint32_t i = 0; i < trace->member_count; i++)
        trace->members[i].loader = is_loader(&trace->members[i]);
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
