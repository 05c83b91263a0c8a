/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_OPTIONS_H
#define GENERATE_OPTIONS_H
/*
 * What the command line asked for. One flat record, read once by main() and then only looked at.
 *
 *     eki-generate MODE [options]      MODE: a worm, "sample", "scan", "sweep", "calm" or "manysources"
 *
 * A number that was not given stays OPTION_UNSET, and each mode puts its own default there.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define OPTION_UNSET (-1.0)

struct options {
    const char *mode;
    const char *kind;  /* of scan or look-alike, "" when not given */
    const char *out;   /* prefix of the two files; "-" writes the capture alone to standard output */
    const char *truth; /* path of the truth, NULL for PREFIX.truth.json */
    uint64_t seed;
    double hosts;        /* hosts that can fall, patient zero not counted */
    double size;         /* prefix length of the network of the Internet-type worms */
    double loss;         /* probability that the capture misses a packet */
    double background;   /* ordinary conversations per client and minute */
    double duration;     /* seconds of capture at most */
    double packets;      /* packets at most */
    double sources;      /* manysources */
    double targets;      /* scan: how many addresses */
    double rate;         /* scan: probes per second; worm: probes per second and host */
    double answer_share; /* scan: probability that a target answers */
    double sensors;      /* 3: only the traffic of every third host is seen */
    bool arp;            /* dead addresses of the own subnet show as ARP requests, not as SYN */
    bool no_implant;     /* nothing behind the transport header is captured */
};

/* Options of which none was given. */
struct options options_none(void);

/* Reads argv. False, with one line on standard error, when it cannot be understood. The strings stay argv's.
 */
bool options_read(int argc, char **argv, struct options *ret_options);

/* Prints how to use the program. */
void options_help(FILE *out);

/* `value`, or `otherwise` when it was not given. */
static inline double option_or(double value, double otherwise)
{
    return value < 0 ? otherwise : value;
}

#endif
