/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_EXPORT_REQUEST_H
#define EKI_CLI_EXPORT_REQUEST_H
/* What `ekigaku export` was asked for. */
#include "cli/exchange_file.h"

struct eki_export_request {
    const struct eki_exchange_format *format;
    const char *title, *name, *mail, *domain, *output, *time, *store; /* NULL when they were not given */
    struct eki_tlp_request tlp;
    struct eki_exchange_only only;
    enum eki_tlp label;
    int64_t of_case; /* 0: a file is named */
    bool labelled, list, help;
};

/* Reads the options; the file stands at `optind`. 0, or EKI_EXIT_USAGE after a message. */
int eki_export_request_parse(int count, char **arguments, struct eki_export_request *ret_request);

#endif
