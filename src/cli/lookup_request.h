/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_LOOKUP_REQUEST_H
#define EKI_CLI_LOOKUP_REQUEST_H
/* What `ekigaku lookup` was asked for. */
#include "cli/command.h"
#include "ekigaku/report.h"
#include "ekigaku/time.h"
#include "ekigaku/tlp.h"

enum eki_lookup_form { EKI_LOOKUP_TEXT = 0, EKI_LOOKUP_JSON, EKI_LOOKUP_TABLE };

struct eki_lookup_request {
    const char *file, *store; /* one of them */
    eki_time now;             /* of which ages and health are judged */
    enum eki_lookup_form form;
    enum eki_language language;
    enum eki_tlp_audience audience;
    bool help;
};

/* Reads the options; questions stand from `optind` on. Texts point into the arguments or the environment. 0,
 * or EKI_EXIT_USAGE after a message. */
int eki_lookup_request_parse(int count, char **arguments, struct eki_lookup_request *ret_request);

#endif
