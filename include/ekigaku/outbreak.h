/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_OUTBREAK_H
#define EKIGAKU_OUTBREAK_H
/*
 * The outbreak: what crosses the border outbreak/ -> report/. Infections that share a vector, who infected
 * whom, the curve. All arrays are owned by the analysis that holds the outbreak and live as long as it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/sign.h"
#include "ekigaku/time.h"

#pragma GCC visibility push(default)

enum eki_evidence {
    EKI_EVIDENCE_SCAN = 0, /* only its own scanning shows it */
    EKI_EVIDENCE_CONTACT,  /* it was contacted on the vector, then scanned */
    EKI_EVIDENCE_SESSION,  /* data moved both ways on the vector, then it scanned */
    EKI_EVIDENCE_EXPLOIT,
    EKI_EVIDENCE_IMPLANT
};

struct eki_candidate { /* a possible parent */
    struct eki_address host;
    bool outside; /* "from outside what was seen"; host is meaningless then */
    double posterior;
    eki_time time; /* of the contact or sign that would have infected */
};

enum { EKI_CANDIDATES_KEPT = 4 };

struct eki_infection {
    struct eki_address host;
    eki_time time;  /* best estimate of the moment of infection */
    double error_s; /* half width of its 95 % interval, seconds */
    bool has_parent;
    struct eki_address parent;
    double parent_posterior; /* of the parent named, or of "outside" when there is none */
    enum eki_evidence evidence;
    uint32_t generation;                /* 0 for those without a parent */
    uint64_t packet_first, packet_last; /* packets that show it; 0, 0 when none does */
    uint16_t input;
    bool scans;          /* it was seen scanning on the vector */
    eki_time scan_start; /* its first probe, EKI_TIME_NONE when it never scanned */
    struct eki_candidate
        runners_up[EKI_CANDIDATES_KEPT]; /* other parents by posterior, without the one named */
    size_t runner_up_count;
};

struct eki_failed_attempt {
    struct eki_address source, target;
    uint64_t attempts;
    eki_time first, last;
    const char *what; /* name of the sign, or "contact"; static */
};

struct eki_curve_point {
    double t;
    uint64_t infected;
};

/* One packet-level step of a sequence between two hosts, for the "on the wire" chart. */
struct eki_wire_step {
    eki_time time;
    uint64_t packet;  /* of a log: number of the record; 0 unknown */
    uint16_t input;   /* that it stands in */
    bool from_source; /* source -> target; else the reply */
    const char *what; /* "connection request", "{1}: complete"...; {1} is the value; English, static */
    char value[32];   /* name of a sign, number of repeats, or "" */
};

/* The steps between one infected host and its parent, in order of time: a part of the outbreak's steps. */
struct eki_wire {
    size_t first, count;
    uint32_t omitted; /* steps that were not kept, because there were too many */
};

struct eki_growth {
    bool known;
    double rate_per_s, rate_low, rate_high; /* 95 % */
    double doubling_s;
    double r, r_low, r_high, r_period_s; /* reproduction number over r_period_s as infectious period */
};

struct eki_family_match {
    const char *name; /* "wannacry"...; static */
    double score;     /* 0 to 1 */
};

struct eki_outbreak {
    uint32_t id; /* 1, 2, ... in order of first infection */
    uint8_t protocol;
    uint16_t service;
    const char *vectors[8]; /* "exploit", "stolen credential", "dictionary", "datagram", "unknown"; static */
    size_t vector_count;
    struct eki_family_match family;      /* name NULL when none fits */
    struct eki_family_match families[4]; /* runners-up */
    size_t family_count;
    const char *route;                /* "airborne", ...; static */
    const char *countermeasure_class; /* "I".."V", "novel"...; static */
    const char *known;                /* "known", "unknown", "re-emerging"; static */
    struct eki_address patient_zero;
    double patient_zero_posterior;
    bool has_patient_zero;
    struct eki_candidate zeros[EKI_CANDIDATES_KEPT]; /* who may be patient zero, the one named first */
    size_t zero_count;                               /* 0 when nobody is named */
    const struct eki_infection *infections;          /* in order of time */
    size_t infection_count;
    const struct eki_failed_attempt *failed;
    size_t failed_count;
    const struct eki_curve_point *curve;
    size_t curve_count;
    const struct eki_wire_step *steps; /* of all infections, one after another */
    size_t step_count;
    const struct eki_wire
        *wires;            /* one for each infection, none of those without a parent; NULL: not known */
    size_t wire_infection; /* index of the one with the best evidence */
    struct eki_growth growth;
};

/* The names used in the facts; "?" outside the list. Static. */
const char *eki_evidence_name(enum eki_evidence evidence);

#pragma GCC visibility pop

#endif
