/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_OUTBREAK_TRACE_H
#define EKI_OUTBREAK_TRACE_H
/* The working state of one vector while its outbreak is inferred: shared by the files of this folder, freed
 * with its arena. */
#include "base/arena.h"
#include "base/index.h"
#include "outbreak/inbound.h"
#include "outbreak/tracer.h"

struct eki_tracer {
    struct eki_inbound inbound;
    struct eki_sign *signs;
    uint32_t sign_count, sign_hand;
    size_t sign_capacity;
    struct eki_index sign_index;
    uint64_t seed, signs_lost;
};

/* One way somebody can have infected a member. */
struct eki_suspect {
    struct eki_address host;
    uint32_t member;             /* position in trace->members */
    const struct eki_sign *sign; /* or NULL */
    eki_time start, end;         /* of the touch; of the sign: when it was complete */
    uint64_t packet_first, packet_last;
    uint16_t input;
    enum eki_evidence evidence;
    double weight;          /* unnormalised, without latency */
    double odds, posterior; /* with latency; after normalisation */
    uint32_t bytes;         /* what the client sent, 0 unknown */
    double survival;        /* chance that none of the sessions that ended before this one infected */
    double chance;          /* that a session of its size infects */
    bool got_in;            /* data moved both ways, or a sign says so */
    double guess;           /* of the first pass: see eki_volume_guess; 0 none */
    bool access;            /* a sign says that it logged in */
    bool timed;             /* its end is the moment of infection (an implant) */
};

/* A host that searches, carries an implant, or attacked. */
struct eki_member {
    struct eki_address host;
    const struct eki_scanner *scanner; /* on this vector; NULL when it never searched */
    const struct eki_scanner *sweep;   /* its ARP sweep, or NULL */
    eki_time onset;                    /* first own probe or attack, EKI_TIME_NONE when it never searched */
    double gap_s;                      /* mean time between its probes, 0 unknown */
    uint64_t onset_packet;
    uint16_t onset_input;
    const struct eki_sign *implant; /* its first implant or exploit before it was surely searching, or NULL */
    eki_time first_attack;          /* of its signs against anybody, EKI_TIME_NONE without any */
    eki_time delivered; /* when a loader finished what a parent had begun, EKI_TIME_NONE: see suspects.c */
    bool attacked;      /* it attacked others (sign), or searched */
    struct eki_suspect *suspects;
    size_t suspect_count;
    double likelihood;       /* ln of the odds of all ways together */
    double outside;          /* posterior of "from outside" */
    double parent_posterior; /* of the parent chosen, or of "outside" */
    eki_time bound;          /* it was infected at the latest then */
    int64_t parent;          /* position in suspects, -1 for none */
    eki_time infected;
    double error_s;
    enum eki_evidence evidence;
    uint64_t packet_first, packet_last;
    uint16_t input;
    uint32_t generation, descendants;
    uint32_t parent_member; /* position in members, UINT32_MAX for none */
    bool included;          /* belongs to the outbreak */
};

/* Weighted moments of ln(seconds) from infection to the first own probe. */
struct eki_latency_sums {
    double weight, sum, squares;
};
struct eki_latency {
    double mean, deviation; /* of ln(seconds) */
};

/* Weighted histograms of the client's bytes of conversations, over half octaves. */
enum { EKI_VOLUME_BINS = 64 };
struct eki_volumes {
    double success[EKI_VOLUME_BINS], failure[EKI_VOLUME_BINS], spared[EKI_VOLUME_BINS];
};

/* Weighted counts by size of session: infections, and sessions with a host that could still fall. */
struct eki_hazards {
    double infections[EKI_VOLUME_BINS], trials[EKI_VOLUME_BINS];
    bool learned;
};

struct eki_trace {
    struct eki_tracer *tracer;
    const struct eki_tracer_view *view;
    struct eki_arena *arena;   /* of the result */
    struct eki_arena *scratch; /* of this trace */
    uint8_t protocol;
    uint16_t vector;
    struct eki_member *members; /* sorted by bound after eki_trace_parents */
    uint32_t member_count, member_capacity;
    struct eki_index by_host;
    struct eki_latency_sums latencies;
    struct eki_volumes volumes;
    struct eki_hazards hazards;
    double outside; /* odds of "from outside" against an ordinary session; see parents.c */
};

/* members.c: fills members. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_trace_members(struct eki_trace *trace);
/* The member that is this host, or NULL. */
struct eki_member *eki_trace_member(const struct eki_trace *trace, struct eki_address host);

/* suspects.c: sorts the members by the time they were infected at the latest and gathers the suspects of
 * each. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_trace_suspects(struct eki_trace *trace);

/* parents.c: suspects, posteriors, the best parent and the time of infection of each member.
 * EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_trace_parents(struct eki_trace *trace);

/* latency.c: learns the latencies from the suspects' posteriors; what all but `member` say of them; density
 * per second. */
void eki_latency_learn(struct eki_trace *trace);
struct eki_latency eki_latency_for(const struct eki_trace *trace, const struct eki_member *member);
double eki_latency_density(const struct eki_latency *latency, double seconds);

/* volume.c: the same for the size of conversations. start counts those with hosts that never fell; odds of
 * success against failure. */
void eki_volume_start(struct eki_trace *trace);
void eki_volume_guess(struct eki_trace *trace, double fading);
void eki_volume_forget(struct eki_trace *trace);
void eki_volume_learn(struct eki_trace *trace);
struct eki_volumes eki_volume_for(const struct eki_trace *trace, const struct eki_member *member);
unsigned eki_volume_bin(uint32_t bytes);
double eki_volume_odds(const struct eki_volumes *volumes, uint32_t bytes);

/* hazard.c: learns from the posteriors the chance that a session infects; sets `survival` of a member's
 * suspects, which are in order of their ends, from what all others say. */
void eki_hazard_learn(struct eki_trace *trace);
void eki_hazard_survivals(const struct eki_trace *trace, struct eki_member *member);

/* record.c: true when somebody was infected by somebody; fills *ret_outbreak then. */
EKI_MUST_USE enum eki_error eki_trace_record(struct eki_trace *trace, struct eki_outbreak *ret_outbreak,
                                             bool *ret_is_outbreak);

/* overlap.c: drops outbreaks that only echo another one on a further service; *count becomes smaller.
 * O(outbreaks^2 x infections x log). */
EKI_MUST_USE enum eki_error eki_trace_drop_echoes(struct eki_outbreak *outbreaks, size_t *count,
                                                  struct eki_arena *scratch);

/* growth.c: growth rate, doubling time and reproduction number of the infections, which are in order of time.
 */
struct eki_growth eki_growth_of(const struct eki_infection *infections, size_t count, eki_time end);

/* failed.c: attacks by members on hosts that were not infected. */
EKI_MUST_USE enum eki_error eki_trace_failed(const struct eki_trace *trace, struct eki_outbreak *outbreak);

/* family.c: which known family the outbreak is most like; also vectors, route, countermeasure class. */
void eki_trace_classify(const struct eki_trace *trace, struct eki_outbreak *outbreak);

/* wire.c: the packet-level sequence of the best-evidenced infection. */
EKI_MUST_USE enum eki_error eki_trace_wire(const struct eki_trace *trace, struct eki_outbreak *outbreak);

#endif
