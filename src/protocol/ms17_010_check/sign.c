/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. A question for MS17-010: PeekNamedPipe over SMB1, answered with
 * STATUS_INSUFF_SERVER_RESOURCES. */
#include <stdio.h>

#include "protocol/module.h"

struct asked {
    struct eki_pair_key key;
    struct eki_sign sign;
    bool weak;
};

struct state {
    struct eki_pairs asked;
};

/* More pairs than ask each other within the time it takes to be answered; 1.2 MB. */
static const struct eki_pairs_shape shape = {sizeof(struct asked), 1 << 12};

static const struct eki_sign like = {
    .name = "ms17-010-check", .family = "", .technique = "T1018", .grade = EKI_GRADE_CHECK, .vector = true};

/* TRANSACTION with the one setup word PeekNamedPipe, on handle 0: the probe that no client has a use for. */
static bool is_peek(const struct eki_smb_message *m)
{
    enum { PEEK_NAMED_PIPE = 0x23 };
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    const uint8_t *p = eki_cursor_take(&c, 32);
    return p && words == 16 && eki_load_le16(p, 28) == PEEK_NAMED_PIPE && eki_load_le16(p, 30) == 0;
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    if (m->version != 1 || m->command != EKI_SMB1_TRANSACTION) return;
    bool weak = m->reply && m->status == EKI_STATUS_INSUFF_SERVER_RESOURCES;
    if (!weak && (m->reply || !is_peek(m))) return;
    struct state *state = eki_sign_state(context);
    struct asked *a =
        eki_sign_recall(context, &state->asked, shape, &(struct eki_pair_key){m->client, m->server, 0});
    if (!a) return;
    a->weak |= weak;
    eki_sign_witness_smb(context, &a->sign, &like, m);
    snprintf(a->sign.detail, sizeof a->sign.detail, "%s",
             a->weak ? "PeekNamedPipe answered 0xC0000205: MS17-010 is not patched"
                     : "PeekNamedPipe on handle 0: asks for MS17-010");
    eki_sign_emit(context, &a->sign);
}

static void done(void *state)
{
    eki_pairs_done(&((struct state *)state)->asked);
}

static const char *const signs[] = {"ms17-010-check", NULL};
static const char *const techniques[] = {"T1018", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, asked), &shape, {offsetof(struct asked, sign)}}, {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_ms17_010_check;
const struct eki_sign_module eki_sign_module_ms17_010_check = {.signs = signs,
                                                               .techniques = techniques,
                                                               .state_size = sizeof(struct state),
                                                               .tables = tables,
                                                               .done = done,
                                                               .smb = on_smb};
