/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. NT_TRANSACT with the function RENAME, which no server implements, continued by
 * NT_TRANSACT_SECONDARY. */
#include <stdio.h>

#include "protocol/module.h"

enum { FUNCTION_RENAME = 5 };

struct pair {
    struct eki_pair_key key;
    struct eki_sign sign;
    uint64_t conversation; /* in which the last RENAME was */
    uint32_t renames;
};

struct state {
    struct eki_pairs pairs;
};

/* Only pairs that sent such a request: 1 MB. */
static const struct eki_pairs_shape shape = {sizeof(struct pair), 1 << 12};

static const struct eki_sign like = {.name = "eternalchampion",
                                     .family = "",
                                     .technique = "T1210",
                                     .grade = EKI_GRADE_ATTEMPT,
                                     .vector = true};

/* [MS-CIFS] 2.2.4.62.1: the function stands behind 36 bytes of words. */
static bool is_rename(const struct eki_smb_message *m)
{
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    const uint8_t *p = eki_cursor_take(&c, 38);
    return p && words >= 19 && eki_load_le16(p, 36) == FUNCTION_RENAME;
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    if (m->version != 1 || m->reply) return;
    struct state *state = eki_sign_state(context);
    struct eki_pair_key key = {m->client, m->server, 0};
    if (m->command == EKI_SMB1_NT_TRANSACT && is_rename(m)) {
        struct pair *p = eki_sign_recall(context, &state->pairs, shape, &key);
        if (!p) return;
        p->conversation = m->segment->conversation;
        p->renames++;
        return;
    }
    struct pair *p =
        m->command == EKI_SMB1_NT_TRANSACT_SECONDARY ? eki_pairs_find(&state->pairs, shape, &key) : NULL;
    if (!p || p->conversation != m->segment->conversation) return;
    eki_sign_witness_smb(context, &p->sign, &like, m);
    snprintf(p->sign.detail, sizeof p->sign.detail,
             "NT_TRANSACT RENAME (%u) continued by %u NT_TRANSACT_SECONDARY", p->renames, p->sign.count);
    eki_sign_emit(context, &p->sign);
}

static void done(void *user)
{
    eki_pairs_done(&((struct state *)user)->pairs);
}

static const char *const signs[] = {"eternalchampion", NULL}, *const techniques[] = {"T1210", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, pairs), &shape, {offsetof(struct pair, sign)}}, {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_eternalchampion;
const struct eki_sign_module eki_sign_module_eternalchampion = {.signs = signs,
                                                                .techniques = techniques,
                                                                .state_size = sizeof(struct state),
                                                                .tables = tables,
                                                                .done = done,
                                                                .smb = on_smb};
