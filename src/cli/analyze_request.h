/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_ANALYZE_REQUEST_H
#define EKI_CLI_ANALYZE_REQUEST_H
/* What the arguments of `ekigaku analyze` ask for. */
#include <stdbool.h>
#include <stdint.h>

#include "cli/inputs.h"
#include "cli/output.h"

struct eki_analyze_request {
    const char *html, *filter;
    const char *format;  /* NULL: told from the content */
    const char *mapping; /* of CSV logs, or NULL */
    const char *screen;  /* what was seen on screens, or NULL */
    unsigned threads;
    uint64_t memory; /* bytes; 0: no limit was stated */
    enum eki_language language;
    struct eki_inputs inputs; /* eki_inputs_done frees it */
    enum eki_tlp label;       /* when `labelled` */
    bool json, no_colour, quiet, help, sensors, offsets, labelled;
};

/* Fills *ret_request, whose texts and paths point into `arguments`. 0, or EKI_EXIT_USAGE after a message. */
int eki_analyze_request_parse(int count, char **arguments, struct eki_analyze_request *ret_request);

#endif
