/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_DEADLINE_ACT_H
#define EKI_CLI_DEADLINE_ACT_H
/* What `ekigaku deadline` does: profiles are listed, made, chosen; a deadline was kept. */
#include "cli/desk_call.h"

/* Does what the words of the call say; `of_case` is the case they are about, NULL the desk. An exit status,
 * after a message. */
int eki_deadline_act(struct eki_desk_call *call, const char *of_case);

#endif
