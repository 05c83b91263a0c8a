/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_TRAFFIC_H
#define EKIGAKU_TRAFFIC_H
/*
 * The traffic of a simulated outbreak: the reference mode, in which every probe is made, as a capture with
 * the truth beside it.
 *
 * Journey: a scenario on one network becomes a world of hosts; the malware's own behaviour is played probe by
 * probe; frames go through a sensor that may miss some into a pcap file; who infected whom, when and how goes
 * into the truth. Frames hold headers and the few fields that detection needs, and no payload. Nothing is
 * sent anywhere.
 *
 *     eki_traffic_write(scenario, &(struct eki_traffic_options){.capture = "traffic.pcap", .truth =
 * "truth.json"}, &fault);
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"
#include "ekigaku/simulation.h"

#pragma GCC visibility push(default)

struct eki_traffic_options {
    const char *capture, *truth; /* paths to be written */
    double loss;                 /* share of the frames the sensor misses */
    uint32_t sensors;            /* only the traffic of every so-many-th host is seen; 0 or 1: of all */
    bool headers_only;           /* nothing behind the transport header is captured */
};

/* Whether traffic can be made of a scenario: one network, malware of a family whose behaviour is known. When
 * not, *ret_why is a static English clause. */
bool eki_traffic_is_possible(const struct eki_scenario *scenario, const char **ret_why);

/* Writes both files; the seed is the scenario's. EKI_ERROR_UNSUPPORTED (see above), _WRITE, _MEMORY.
 * Half-written files are the caller's to remove. */
EKI_MUST_USE enum eki_error eki_traffic_write(const struct eki_scenario *scenario,
                                              const struct eki_traffic_options *options,
                                              struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
