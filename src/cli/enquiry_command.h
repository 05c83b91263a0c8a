/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_ENQUIRY_COMMAND_H
#define EKI_CLI_ENQUIRY_COMMAND_H
/* What `ekigaku enquiry` does and shows. Each call returns an exit status after a message of its own. */
#include "cli/desk_call.h"
#include "ekigaku/enquiry.h"

struct eki_enquiry_request {
    struct eki_desk_call call;
    const char *asker, *subject, *of_case, *notice, *state, *to, *department, *days; /* NULL: not given */
};

/* Does what the words of the call say. */
int eki_enquiry_act(struct eki_enquiry_request *request);

/* Which ones: NULL and 0 are all. */
struct eki_enquiry_asked {
    const char *state;
    int64_t of_case;
};

/* All of them, the newest first. */
int eki_enquiry_list_all(const struct eki_desk_call *call, const struct eki_enquiry_asked *asked);
/* One with its thread. */
int eki_enquiry_show_one(const struct eki_desk_call *call, int64_t id);
/* Figures of those that came within so many days; 0: of all. */
int eki_enquiry_show_stats(const struct eki_desk_call *call, int64_t days);

#endif
