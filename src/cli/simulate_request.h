/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SIMULATE_REQUEST_H
#define EKI_CLI_SIMULATE_REQUEST_H
/* What the command line of "ekigaku simulate" asks for. */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/report.h"

struct eki_simulate_request {
    const char *path, *out;
    uint64_t runs, seed; /* runs: 0 for the scenario's own */
    unsigned threads;
    double loss; /* of the sensor that writes the traffic */
    uint32_t sensors;
    bool headers_only;
    enum eki_language language; /* of the page */
    bool json, quiet, help, seeded;
};

/* 0, or EKI_EXIT_USAGE after one line on standard error. The strings stay those of `arguments`. */
int eki_simulate_request_parse(int count, char **arguments, struct eki_simulate_request *ret_request);

#endif
