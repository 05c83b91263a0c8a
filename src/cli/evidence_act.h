/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_EVIDENCE_ACT_H
#define EKI_CLI_EVIDENCE_ACT_H
/* What `ekigaku evidence` does: a piece is entered, listed with its chain, handed over, looked at again. */
#include <stdbool.h>
#include <stddef.h>

#include "cli/desk_call.h"

struct eki_evidence_request {
    struct eki_desk_call call;
    const char *data, *class, *name, *from, *why;
    bool keep, thing;
    char sha256[65]; /* that was found last */
    size_t changed;  /* files that are not any more what was entered */
};

/* Does what the words of the call say, on standard output. An exit status, after a message; `changed` counts
 * what is told on standard error. */
int eki_evidence_act(struct eki_evidence_request *request);

#endif
