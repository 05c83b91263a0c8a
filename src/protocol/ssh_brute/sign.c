/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "protocol/pairs.h"

/* A person opens a few sessions; from this many within about ten minutes on it is a program. */
static const double many = 12, memory_s = 600;

/* Words of a pair: the decaying count as bits of a double, and the time of the last contact. */
enum { COUNT = 0, LAST };

union number {
    uint64_t bits;
    double value;
};

static double count_up(struct eki_pair *pair, const struct eki_contact *c)
{
    union number count = {.bits = pair->word[COUNT]};
    double passed = pair->word[LAST] ? eki_time_since(c->time, (eki_time)pair->word[LAST]) : 0;
    count.value = count.value * exp(-fmax(0, passed) / memory_s) + c->attempts;
    pair->word[COUNT] = count.bits;
    pair->word[LAST] = (uint64_t)c->time;
    return count.value;
}

static void on_contact(struct eki_sign_context *context, const struct eki_contact *c)
{
    static const struct eki_sign like = {.name = "ssh-brute", .family = "", .technique = "T1110", .service = 22,
                                         .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true};
    if (c->outcome < EKI_OUTCOME_ESTABLISHED) return;
    struct eki_pair *pair = eki_pairs_get(eki_sign_state(context), c->client, c->server);
    if (!pair) {
        eki_sign_out_of_memory(context);
        return;
    }
    double count = count_up(pair, c);
    if (count < many && !pair->sign.id) return;
    struct eki_packet packet = {.time = c->time, .number = c->packet, .input = c->input, .protocol = c->protocol};
    struct eki_sign *sign = eki_pair_sign(context, pair, &like, &packet);
    snprintf(sign->detail, sizeof sign->detail, "%.0f sessions opened within about ten minutes", count);
    eki_sign_emit(context, sign);
}

static const char *const names[] = {"ssh-brute", NULL};
static const struct eki_sign_service services[] = {{EKI_PROTOCOL_TCP, 22, 22}, {EKI_PROTOCOL_TCP, 2222, 2222}, {0, 0, 0}};

extern const struct eki_sign_module eki_sign_module_ssh_brute;
const struct eki_sign_module eki_sign_module_ssh_brute = {
    .name = "ssh-brute",
    .signs = names,
    .contact_services = services,
    .state_size = sizeof(struct eki_pairs),
    .end = eki_pairs_done,
    .contact = on_contact,
};
