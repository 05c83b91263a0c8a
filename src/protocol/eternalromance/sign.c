/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "protocol/pairs.h"

/* Words of a pair: the identifiers of a transaction that was begun and not yet complete, and how many writes fell into it. */
enum { OPEN = 0, WRITES };

static uint64_t identity(const struct eki_smb_message *m)
{
    return UINT64_C(1) << 63 ^ ((uint64_t)m->pid << 32 | (uint64_t)m->uid << 16 | m->mid);
}

/* A transaction whose first message announces more data than it carries stays open. */
static bool stays_open(const struct eki_smb_message *m)
{
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    uint16_t total_parameters = eki_cursor_le16(&c), total_data = eki_cursor_le16(&c);
    eki_cursor_skip(&c, 4 + 2 + 4 + 2); /* maxima, flags, timeout, reserved */
    uint16_t parameters = eki_cursor_le16(&c);
    eki_cursor_skip(&c, 2);
    uint16_t data = eki_cursor_le16(&c);
    return !c.failed && words >= 14 && (total_parameters > parameters || total_data > data);
}

static void write_inside(struct eki_sign_context *context, struct eki_pair *pair, const struct eki_smb_message *m)
{
    static const struct eki_sign like = {.name = "eternalromance", .family = "", .technique = "T1210", .service = 445,
                                         .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    pair->word[WRITES]++;
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, m->segment->packet);
    snprintf(sign->detail, sizeof sign->detail, "%llu WRITE_ANDX inside an open transaction", (unsigned long long)pair->word[WRITES]);
    eki_sign_emit(context, sign);
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    if (m->version != 1 || m->reply) return;
    bool begins = m->command == EKI_SMB1_TRANSACTION || m->command == EKI_SMB1_TRANSACTION2;
    bool continues = m->command == EKI_SMB1_TRANSACTION_SECONDARY || m->command == EKI_SMB1_TRANSACTION2_SECONDARY;
    if (!begins && !continues && m->command != EKI_SMB1_WRITE_ANDX) return;
    struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), m->client, m->server);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    if (begins && stays_open(m)) pair->word[OPEN] = identity(m);
    if (continues && pair->word[OPEN] == identity(m)) pair->word[OPEN] = 0; /* continued as it should be */
    if (m->command == EKI_SMB1_WRITE_ANDX && pair->word[OPEN] == identity(m)) write_inside(context, pair, m);
}

static const char *const names[] = {"eternalromance", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 445, 445}, {EKI_PROTOCOL_TCP, 139, 139}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_eternalromance;
const struct eki_sign_module eki_sign_module_eternalromance = {
    .name = "eternalromance",
    .signs = names,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .smb = on_smb,
};
