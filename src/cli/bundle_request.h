/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_BUNDLE_REQUEST_H
#define EKI_CLI_BUNDLE_REQUEST_H
/* What `ekigaku bundle` was asked for. */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/bundle.h"
#include "ekigaku/tlp.h"

/* Most keys that are believed at once. */
enum { EKI_BUNDLE_TRUSTED = 256 };

struct eki_bundle_request {
    const char *key, *by, *output, *time, *to, *records, *store, *directory, *as;
    int64_t of_case;
    bool json;
    uint8_t trusted[EKI_BUNDLE_TRUSTED * EKI_BUNDLE_KEY];
    size_t trusted_count;
    enum eki_tlp_audience audience;
    enum eki_tlp label;
    bool labelled, help;
};

/* Reads the options, and the keys that --trust names; the verb and its operand stay at optind. 0, or an exit
 * status after a message. */
int eki_bundle_request_parse(int count, char **arguments, struct eki_bundle_request *ret_request);

#endif
