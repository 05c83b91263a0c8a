/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_SCANNER_H
#define EKIGAKU_SCANNER_H
/*
 * The scanner: what crosses the border scan/ -> outbreak/ and report/. One source on one service (or one
 * source on the ports of one target), with the evidence that it searches for victims, and how it chooses the
 * next address.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/time.h"

#pragma GCC visibility push(default)

enum eki_verdict {
    EKI_VERDICT_UNDECIDED = 0,
    EKI_VERDICT_BENIGN,
    EKI_VERDICT_SCANNER,
    EKI_VERDICT_BACKSCATTER, /* answers to questions that others asked in its name */
    EKI_VERDICT_FLOOD /* one target drowned: by `host`, or by many (spoofed) sources, and then `host` is the
                         target */
};

enum eki_shape {
    EKI_SHAPE_HORIZONTAL = 0 /* many targets, one service */,
    EKI_SHAPE_VERTICAL /* one target, many services */
};

enum eki_strategy {
    EKI_STRATEGY_UNKNOWN = 0,
    EKI_STRATEGY_SEQUENTIAL,
    EKI_STRATEGY_RANDOM,
    EKI_STRATEGY_LOCAL,
    EKI_STRATEGY_PERMUTED,
    EKI_STRATEGY_KNOWN_PEERS,
    EKI_STRATEGY_COUNT
};

enum eki_scope { EKI_SCOPE_CONNECTED = 0 /* the host's own subnets */, EKI_SCOPE_ELSEWHERE, EKI_SCOPE_COUNT };

/* How one source searches within one scope. */
struct eki_strategy_finding {
    enum eki_strategy name;               /* the one with the highest posterior */
    double posterior[EKI_STRATEGY_COUNT]; /* sums to 1 */
    uint64_t probes;                      /* first contacts in this scope; 0: scope never searched */
    double pass_seconds; /* time for one pass over 254 addresses at the observed pace; 0 unknown */
    const char *order;   /* "ascending", "descending", "stride", "octet-reversed" or ""; static */
    eki_time first, last;
};

/* One remembered probe, for the raster. */
struct eki_probe {
    eki_time time;
    struct eki_address target;
    uint32_t weight; /* how many probes this one stands for (thinned evenly when there were too many) */
    uint16_t port;   /* that was tried, of a search through the ports of one host; else 0: the scanner's */
    bool answered;
};

/* A point of the curve of distinct addresses searched. */
struct eki_reach_point {
    double t; /* seconds since the origin of the analysis */
    uint64_t targets;
};

struct eki_scanner {
    struct eki_address host;
    struct eki_address victim; /* EKI_SHAPE_VERTICAL and floods: the one target */
    uint8_t protocol;
    uint16_t service; /* 0 for EKI_SHAPE_VERTICAL, ARP and ICMP */
    enum eki_shape shape;
    enum eki_verdict verdict;
    const char *reason;   /* one static English clause: which evidence decided, or why it is benign */
    eki_time first, last; /* first and last contact on the service */
    eki_time since;  /* estimate of when the searching began (change point); = first when it always did */
    uint64_t packet; /* number of the packet at `since` */
    uint16_t input;
    uint64_t targets;       /* distinct targets (or ports, when vertical; or sources, for a flood) */
    bool targets_estimated; /* from a sketch: standard error 2.3 % */
    uint64_t answered;      /* distinct targets that answered, were established or gave data */
    uint64_t refused;
    double rate_per_s; /* targets / (last - first); 0 for one target */
    double evidence;   /* log likelihood ratio now, natural logarithm, >= 0 */
    double threshold; /* evidence at which it is judged to search (other things may decide before); 0: none */
    uint64_t decided_after; /* probes needed for the verdict; 0 while undecided */
    eki_time decided_at;    /* EKI_TIME_NONE while undecided */
    struct eki_strategy_finding strategies[EKI_SCOPE_COUNT];
    const struct eki_probe *probes; /* in time order; owned by the analysis */
    size_t probe_count;
    const struct eki_reach_point *reach; /* owned by the analysis */
    size_t reach_count;
};

/* The names used in the facts; "?" outside the list. Static. */
const char *eki_verdict_name(enum eki_verdict verdict);
const char *eki_strategy_name(enum eki_strategy strategy);
const char *eki_scope_name(enum eki_scope scope);
const char *eki_shape_name(enum eki_shape shape);

#pragma GCC visibility pop

#endif
