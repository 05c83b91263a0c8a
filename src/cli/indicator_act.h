/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_INDICATOR_ACT_H
#define EKI_CLI_INDICATOR_ACT_H
/* What `ekigaku indicator` does: indicators are pasted, listed, changed, taken out. */
#include "cli/desk_call.h"
#include "ekigaku/tlp_exit.h"

struct eki_indicator_request {
    struct eki_desk_call call;
    const char *comment, *kind, *tlp, *detect, *from; /* NULL when they were not given */
    enum eki_tlp_audience audience;                   /* who is told by the list */
};

/* Does what the words of the call say, on standard output. An exit status, after a message. */
int eki_indicator_act(struct eki_indicator_request *request);

#endif
