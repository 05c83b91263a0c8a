/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_OPTIONS_H
#define EKI_TRAFFIC_OPTIONS_H
/*
 * What the traffic shall be like. One flat record, filled once and then only looked at.
 *
 * A number that was not given stays OPTION_UNSET, and each mode puts its own default there.
 */
#include <stdbool.h>
#include <stdint.h>

#define OPTION_UNSET (-1.0)

struct options {
    const char *kind;  /* of scan or look-alike, "" when not given */
    const char *out;   /* path of the capture; "-": standard output */
    const char *truth; /* path of the truth; NULL: none is written */
    uint64_t seed;
    uint64_t scenario_hash; /* of what is played, 0 without a scenario */
    double hosts;           /* hosts that can fall, patient zero not counted */
    double size;            /* prefix length of the network of the Internet-type worms */
    double loss;            /* probability that the capture misses a packet */
    double background;      /* ordinary conversations per client and minute */
    double duration;        /* seconds of capture at most */
    double packets;         /* packets at most */
    double sources;         /* manysources */
    double targets;         /* scan: how many addresses */
    double rate;            /* scan: probes per second; worm: probes per second and host */
    double answer_share;    /* scan: probability that a target answers */
    double sensors;         /* 3: only the traffic of every third host is seen */
    double slots, dead_s, service_s, success, latency_s; /* of worms that walk a network */
    bool arp;        /* dead addresses of the own subnet show as ARP requests, not as SYN */
    bool no_implant; /* nothing behind the transport header is captured */
};

/* Options of which none was given. */
static inline struct options options_none(void)
{
    return (struct options){.kind = "",
                            .seed = 1,
                            .hosts = OPTION_UNSET,
                            .size = OPTION_UNSET,
                            .background = OPTION_UNSET,
                            .duration = OPTION_UNSET,
                            .packets = OPTION_UNSET,
                            .sources = OPTION_UNSET,
                            .targets = OPTION_UNSET,
                            .rate = OPTION_UNSET,
                            .answer_share = OPTION_UNSET,
                            .slots = OPTION_UNSET,
                            .dead_s = OPTION_UNSET,
                            .service_s = OPTION_UNSET,
                            .success = OPTION_UNSET,
                            .latency_s = OPTION_UNSET};
}

/* `value`, or `otherwise` when it was not given. */
static inline double option_or(double value, double otherwise)
{
    return value < 0 ? otherwise : value;
}

#endif
