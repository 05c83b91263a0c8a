/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "protocol/pairs.h"

/* How the implant answers: the request's multiplex number plus what happened, which no server does. */
enum { PRESENT = 81, UPLOADED = 82, FAILED = 83 };

/* Words of a pair: the multiplex number asked last, and how often each answer came. */
enum { ASKED = 0, PRESENT_COUNT, UPLOAD_COUNT };

static void upload(struct eki_pair *pair, struct eki_sign *sign)
{
    pair->word[UPLOAD_COUNT]++;
    sign->grade = EKI_GRADE_IMPLANT;
    snprintf(sign->detail, sizeof sign->detail, "%llu upload acknowledgements, MID %d", (unsigned long long)pair->word[UPLOAD_COUNT], UPLOADED);
}

static void present(struct eki_pair *pair, struct eki_sign *sign)
{
    pair->word[PRESENT_COUNT]++;
    snprintf(sign->detail, sizeof sign->detail, "an implant answered the ping, MID %d", PRESENT);
}

static void take_reply(struct eki_sign_context *context, struct eki_pairs *pairs, const struct eki_smb_message *m)
{
    static const struct eki_sign like = {.name = "doublepulsar", .family = "", .technique = "T1210", .service = 445,
                                         .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    struct eki_pair *pair = eki_pairs_get(pairs, m->client, m->server);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    /* A client that itself asked with such a number is answered with it rightly. */
    if (pair->word[ASKED] == m->mid || (m->mid != PRESENT && m->mid != UPLOADED)) return;
    const struct eki_packet *packet = m->segment->packet;
    bool more = m->mid == UPLOADED || !pair->word[UPLOAD_COUNT];
    if (!more) return; /* a later ping adds nothing, and must not move the time of the implant */
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, packet);
    if (m->mid == UPLOADED)
        upload(pair, sign);
    else
        present(pair, sign);
    eki_sign_emit(context, sign);
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct eki_pairs *pairs = eki_sign_state(context);
    if (m->version != 1 || m->command != EKI_SMB1_TRANSACTION2) return;
    if (m->reply) {
        if (m->mid >= PRESENT && m->mid <= FAILED && m->status == EKI_STATUS_NOT_IMPLEMENTED) take_reply(context, pairs, m);
        return;
    }
    if (m->mid < PRESENT || m->mid > FAILED) return;
    struct eki_pair *pair = eki_pairs_get(pairs, m->client, m->server);
    if (pair) pair->word[ASKED] = m->mid;
}

static const char *const names[] = {"doublepulsar", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 445, 445}, {EKI_PROTOCOL_TCP, 139, 139}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_doublepulsar;
const struct eki_sign_module eki_sign_module_doublepulsar = {
    .name = "doublepulsar",
    .signs = names,
    .services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .smb = on_smb,
};
