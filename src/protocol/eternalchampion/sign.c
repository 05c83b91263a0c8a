/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "protocol/pairs.h"

enum { RENAME = 5, NT_TRANSACT_WORDS = 19 };

/* The function of an NT_TRANSACT request stands at the end of its fixed words. */
static bool is_rename(const struct eki_smb_message *m)
{
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    eki_cursor_skip(&c, 36);
    return eki_cursor_le16(&c) == RENAME && !c.failed && words >= NT_TRANSACT_WORDS;
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    static const struct eki_sign like = {.name = "eternalchampion", .family = "", .technique = "T1210", .service = 445,
                                         .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    if (m->version != 1 || m->reply) return;
    bool begins = m->command == EKI_SMB1_NT_TRANSACT, continues = m->command == EKI_SMB1_NT_TRANSACT_SECONDARY;
    if (!begins && !continues) return;
    struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), m->client, m->server);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    if (begins) pair->word[0] = is_rename(m) ? m->segment->packet->number : 0;
    /* Both in one packet: the race the exploit tries to win. */
    if (!continues || pair->word[0] != m->segment->packet->number) return;
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, m->segment->packet);
    snprintf(sign->detail, sizeof sign->detail, "NT_TRANSACT rename and its continuation in one packet, %u times", sign->count);
    eki_sign_emit(context, sign);
}

static const char *const names[] = {"eternalchampion", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 445, 445}, {EKI_PROTOCOL_TCP, 139, 139}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_eternalchampion;
const struct eki_sign_module eki_sign_module_eternalchampion = {
    .name = "eternalchampion",
    .signs = names,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .smb = on_smb,
};
