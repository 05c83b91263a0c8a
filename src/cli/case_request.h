/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_CASE_REQUEST_H
#define EKI_CLI_CASE_REQUEST_H
/* What `ekigaku case` was asked for. */
#include <stdbool.h>
#include <stdint.h>

#include "cli/inputs.h"
#include "ekigaku/report.h"
#include "ekigaku/time.h"
#include "ekigaku/tlp.h"

enum eki_case_action {
    EKI_CASE_OPEN = 0,
    EKI_CASE_LIST,
    EKI_CASE_SHOW,
    EKI_CASE_UPDATE,
    EKI_CASE_NOTE,
    EKI_CASE_CLOSE,
    EKI_CASE_REOPEN,
    EKI_CASE_TASK,
    EKI_CASE_MARK,
    EKI_CASE_MERGE,
    EKI_CASE_SPLIT,
    EKI_CASE_HISTORY,
    EKI_CASE_REPORT,
    EKI_CASE_RULE,
    EKI_CASE_ACTIONS /* not an action: how many there are */
};

/* Texts are NULL when they were not given. */
struct eki_case_request {
    enum eki_case_action action;
    const char *store, *directory, *tlp, *title, *text, *as, *output;
    const char *reason;                       /* to close a case of which something is open */
    const char *verb, *department, *assignee; /* of tasks; assignee "none": nobody */
    bool dated;                               /* of tasks: `due` was given */
    eki_time due;                             /* EKI_TIME_NONE: no date */
    int64_t task, into;
    int64_t open_from;  /* of "rule"; -1: not given */
    const char *follow; /* of "rule": "on", "off" */
    enum eki_tlp label; /* of "mark" */
    char **hosts;       /* of split, of the arguments */
    size_t host_count;
    bool json, quiet, help, no_lesson;
    enum eki_language language;
    eki_time now;
    int64_t of_case, outbreak; /* 0: not given */
    struct eki_inputs inputs;  /* to be freed by eki_inputs_done, also after a failure */
};

/* Returns 0, or an exit status after a message. */
int eki_case_request_parse(int count, char **arguments, struct eki_case_request *ret_request);

#endif
