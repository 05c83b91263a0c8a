/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "protocol/pairs.h"

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    static const struct eki_sign like = {.name = "ms17-010-check", .family = "", .technique = "T1595.002", .service = 445,
                                         .grade = EKI_GRADE_CHECK, .vector = true};
    if (m->version != 1 || !m->reply || m->command != EKI_SMB1_TRANSACTION) return;
    if (m->status != EKI_STATUS_INSUFF_SERVER_RESOURCES) return;
    struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), m->client, m->server);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, m->segment->packet);
    snprintf(sign->detail, sizeof sign->detail, "TRANSACTION answered 0xC0000205, %u times", sign->count);
    eki_sign_emit(context, sign);
}

static const char *const names[] = {"ms17-010-check", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 445, 445}, {EKI_PROTOCOL_TCP, 139, 139}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_ms17_010_check;
const struct eki_sign_module eki_sign_module_ms17_010_check = {
    .name = "ms17-010-check",
    .signs = names,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .smb = on_smb,
};
