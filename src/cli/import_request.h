/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_IMPORT_REQUEST_H
#define EKI_CLI_IMPORT_REQUEST_H
/* What the arguments of `ekigaku import` ask for. */
#include "cli/receive_desk.h"

/* Texts are NULL when they were not given. */
struct eki_import_request {
    struct eki_receive_request into; /* its store is NULL: what is read is printed */
    const char *taxii;               /* API root of a server that is asked instead of reading files */
    const char *collection, *since, *login, *ca_file;
    bool list, help;
};

/* Fills *ret_request, whose texts point into `arguments`; files stand from `optind` on. 0, or EKI_EXIT_USAGE
 * after a message. */
int eki_import_request_parse(int count, char **arguments, struct eki_import_request *ret_request);

#endif
