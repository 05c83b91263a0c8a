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

/* What a suspect is known to have done: each kind infects with a chance of its own (hazard.c). */
enum eki_suspect_kind {
    EKI_KIND_CONTACT = 0, /* a connection without data */
    EKI_KIND_DATAGRAM,
    EKI_KIND_SESSION,     /* data */
    EKI_KIND_ATTEMPT,     /* data, from a host that a sign says was attacking this one */
    EKI_KIND_CALLED_BACK, /* data, after which the victim called it back: see callback.c */
    EKI_KIND_ACCESS,      /* a sign says that it logged in */
    EKI_KIND_EXPLOIT,
    EKI_KIND_IMPLANT,
    EKI_KINDS
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
    uint8_t kind;   /* enum eki_suspect_kind */
    uint8_t bin;    /* of the size of the conversation, see eki_hazard_bin */
    uint32_t bytes; /* what the client sent, 0 unknown */
    double weight;  /* what is known beside its kind and size, 1: nothing; 0: told by another suspect */
    double passed;  /* ln of the seconds until the first own probe */
    double odds, posterior; /* before and after normalisation */
    bool timed;             /* its end is the moment of infection (an exploit, an implant) */
};

/* A host that searches, carries an implant, or attacked. */
struct eki_member {
    struct eki_address host;
    const struct eki_scanner *scanner; /* on this vector; NULL when it never searched */
    const struct eki_scanner *sweep;   /* its ARP sweep, or NULL */
    eki_time onset;                    /* first own probe or attack, EKI_TIME_NONE when it never searched */
    double gap_s;                      /* mean time between its probes, 0 unknown */
    eki_time effect; /* to which latencies are counted: the onset or the delivery by a loader */
    uint64_t onset_packet;
    uint16_t onset_input;
    const struct eki_sign *implant; /* its first implant or exploit before it was surely searching, or NULL */
    eki_time first_attack, last_attack; /* of its signs against anybody, EKI_TIME_NONE without any */
    uint32_t attacks;                   /* how many */
    eki_time witness;                   /* somebody found it infected then, EKI_TIME_NONE: see suspects.c */
    eki_time delivered; /* when a loader finished what a parent had begun, EKI_TIME_NONE: see loader.c */
    bool attacked;      /* it attacked others (sign), or searched */
    bool raced;  /* a loader delivered: of those that logged in the one that was served first infected it */
    bool loader; /* it delivers what others have opened the way for */
    uint32_t repeats, later;    /* further deliveries to it before it searched, and after */
    bool delivers;              /* it was seen to deliver something */
    uint32_t entries, followed; /* where it got in, and of that where searching hosts had been before */
    struct eki_suspect *suspects;
    size_t suspect_count;
    double incidence;        /* of the outbreak when it was infected: infections per second and host left */
    bool in_part;            /* only a part of its search is seen */
    double likelihood;       /* ln of the odds of all ways together */
    double outside;          /* posterior of "from outside" */
    float *laid;             /* where its infection lies, by the steps of unseen.c; NULL when not needed */
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
    bool attacks_visibly;   /* a sign shows it attack anybody, on any vector; set when members are included */
    bool attacks_by_program; /* one shows a program of it attack on this vector, and it is no loader; likewise
                              */
    bool included;           /* belongs to the outbreak */
    uint32_t epoch;          /* which of the vector's outbreaks that is, from 1; 0: none */
};

/* Weighted moments of ln(seconds) from infection to the first own probe. */
struct eki_latency_sums {
    double weight, sum, squares;
    double usual; /* seconds, of the pass before */
};
struct eki_latency {
    double mean, deviation; /* of ln(seconds) */
};

/* Sizes of conversations in half octaves of the client's bytes; 0: unknown. */
enum { EKI_HAZARD_BINS = 64 };

/* Weighted counts of sessions, by kind and size: those that infected (0), and those that could have (1). */
struct eki_hazards {
    double of[EKI_KINDS][EKI_HAZARD_BINS][2];
    double of_kind[EKI_KINDS][2], of_bin[EKI_HAZARD_BINS][2], all[2]; /* sums of these */
};

/* The chance of each kind and size to infect. */
struct eki_chances {
    double of[EKI_KINDS][EKI_HAZARD_BINS];
};

enum { EKI_UNSEEN_STEPS = 128 };
/* When hosts fell: hazards by steps of time, see unseen.c. */
struct eki_unseen {
    bool needed; /* some host is seen in part */
    eki_time edges[EKI_UNSEEN_STEPS + 1];
    double hazard[EKI_UNSEEN_STEPS]; /* of a step, for a host that was left */
    double each[EKI_UNSEEN_STEPS];   /* of one infection in it */
    double next[EKI_UNSEEN_STEPS];   /* infections that the present pass lays there */
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
    struct eki_hazards hazards, spared; /* spared: sessions with hosts that never fell */
    struct eki_hazards own;             /* all zero between calls of eki_hazard_for */
    struct eki_chances chances;
    double outside[2]; /* share of the members infected by somebody out of sight: of those that are seen in
                          full, in part */
    double repeats; /* deliveries after the first and before the victim searches, of a victim seen in full */
    double later;   /* the same while it searches, at most 1 */
    struct eki_unseen unseen;
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

/* callback.c: tells the sessions after which a member called back who reached it; before the suspects are put
 * in order. O(touches of members + suspects log calls). EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_callbacks_note(struct eki_trace *trace);

/* loader.c: lessens the suspects that delivered what others had opened the way for. O(suspects^2 of a
 * member). */
void eki_loaders_set_aside(struct eki_trace *trace);

/* latency.c: learns the latencies from the suspects' posteriors; what all but `member` (or NULL) say of them;
 * the density per second of exp(`passed`) seconds from infection to the first probe that was seen of a
 * member, and the chance that it is longer; ln of seconds. */
void eki_latency_forget(struct eki_trace *trace);
void eki_latency_learn(struct eki_trace *trace);
struct eki_latency eki_latency_for(const struct eki_trace *trace, const struct eki_member *member);
double eki_latency_density(const struct eki_latency *latency, const struct eki_member *member, double passed);
double eki_latency_tail(const struct eki_latency *latency, const struct eki_member *member, double passed);
double eki_latency_log(double seconds);

/* outside.c: the odds of "from outside". start (once, of members in order of their bounds; EKI_ERROR_MEMORY)
 * tells who is seen in full; guess sets out; learn takes the posteriors. */
EKI_MUST_USE enum eki_error eki_outside_start(struct eki_trace *trace);
void eki_outside_guess(struct eki_trace *trace, bool often);
void eki_outside_learn(struct eki_trace *trace);
double eki_outside_odds(const struct eki_trace *trace, const struct eki_member *member);
/* The odds that a delivery which was seen was not the first, against that it was. */
double eki_outside_before(const struct eki_trace *trace, const struct eki_member *member);

/* unseen.c: the same for members whose search is seen in part. start: once, after outside.c's
 * (EKI_ERROR_MEMORY); lay: spreads a member that was weighed over the steps (odds: of each, or NULL); learn:
 * makes that the hazard, or, anew, of members that fell at their bounds; applies: to this member; survivals:
 * for each step the chance that nobody out of sight had infected it by then, survival the one of a moment,
 * which is part of a suspect's odds; odds: of all steps together, of each in place of its survival. */
EKI_MUST_USE enum eki_error eki_unseen_start(struct eki_trace *trace);
void eki_unseen_lay(struct eki_trace *trace, struct eki_member *member, const double *odds);
void eki_unseen_learn(struct eki_trace *trace, bool anew);
bool eki_unseen_applies(const struct eki_trace *trace, const struct eki_member *member);
void eki_unseen_survivals(const struct eki_trace *trace, const struct eki_member *member,
                          double ret_survivals[EKI_UNSEEN_STEPS]);
double eki_unseen_survival(const struct eki_trace *trace, const double survivals[EKI_UNSEEN_STEPS],
                           eki_time at);
double eki_unseen_odds(const struct eki_trace *trace, const struct eki_member *member,
                       const struct eki_latency *latency, const struct eki_chances *chances,
                       double inout_odds[EKI_UNSEEN_STEPS]);

/* hazard.c: the chance that a session infects. start counts the sessions with hosts that never fell; guess
 * sets out from the idea that sessions of one size infect (negative: from none); learn takes the posteriors;
 * for gives what all but `member` say of the kinds and sizes of its suspects, the rest is not set, in
 * O(suspects). */
uint8_t eki_hazard_bin(uint32_t bytes);
void eki_hazard_start(struct eki_trace *trace);
void eki_hazard_guess(struct eki_trace *trace, int bin);
void eki_hazard_learn(struct eki_trace *trace);
void eki_hazard_for(struct eki_trace *trace, const struct eki_member *member,
                    struct eki_chances *ret_chances);
/* ln of the chance that all sessions with hosts that never fell came to nothing. */
double eki_hazard_spared(const struct eki_trace *trace);

/* epoch.c: divides the included members into outbreaks that lie far apart in time; returns how many by
 * *ret_count. EKI_ERROR_MEMORY. O(members log members). */
EKI_MUST_USE enum eki_error eki_trace_epochs(struct eki_trace *trace, uint32_t *ret_count);
/* Only the members of this outbreak are included from now on. Until when it was seen to go on. */
eki_time eki_trace_enter_epoch(struct eki_trace *trace, uint32_t epoch, bool last);

/* record.c: include tells who belongs to an outbreak at all, and how many by *ret_count; O(signs + members
 * log members). record fills *ret_outbreak with the members that are included, seen until `end`;
 * *ret_is_outbreak: when somebody was infected by somebody. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_trace_include(struct eki_trace *trace, uint32_t *ret_count);
EKI_MUST_USE enum eki_error eki_trace_record(struct eki_trace *trace, eki_time end,
                                             struct eki_outbreak *ret_outbreak, bool *ret_is_outbreak);

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

/* wire.c: what crossed the wire between each infected host and its parent. O(signs log signs + touches).
 * EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_trace_wire(const struct eki_trace *trace, struct eki_outbreak *outbreak);

#endif
