/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/outcome/outcome.h"

#include <stddef.h>

/* Evidence of a failure, and what a success takes back; natural logarithms. README.md gives the shares. */
struct weight {
    double failure, success;
};

/* Services whose ordinary clients ask around a lot and are often left without an answer. */
static bool is_chatty(uint16_t service)
{
    static const uint16_t chatty[] = {67, 68, 123, 137, 138, 161, 427, 1900, 3702, 5351, 5353, 5355};
    for (size_t i = 0; i < sizeof chatty / sizeof *chatty; i++)
        if (chatty[i] == service) return true;
    return false;
}

/* UDP above the well-known ports, far from home: peers of a game or of file sharing are stale more often than
 * not, but some answer; of random addresses hardly one in a thousand does. So silence says little and an
 * answer much. */
static bool is_peer_like(const struct eki_contact *c)
{
    int near = eki_address_is_v4(c->client) ? 96 + 24 : 64;
    return c->service >= 1024 && eki_address_common_bits(c->client, c->server) < near;
}

static struct weight weight_of(const struct eki_contact *c, bool target_alive, bool known_peer)
{
    if (c->protocol == EKI_PROTOCOL_TCP && known_peer) return (struct weight){1.9, 0.35};
    if (c->protocol == EKI_PROTOCOL_TCP) return (struct weight){target_alive ? 1.0 : 1.386, 1.386};
    if (c->protocol == EKI_PROTOCOL_ARP) return (struct weight){0.4, 1.0};
    if (c->protocol != EKI_PROTOCOL_UDP) return (struct weight){1.0, 1.386};
    if (is_chatty(c->service)) return (struct weight){0.4, 1.0};
    if (is_peer_like(c)) return (struct weight){0.1, 3.0};
    return c->service < 1024 ? (struct weight){1.0, 1.386} : (struct weight){0.29, 1.0};
}

double eki_outcome_step(const struct eki_contact *contact, bool target_alive, bool known_peer)
{
    bool failed = contact->outcome <= EKI_OUTCOME_REFUSED;
    if (failed && contact->protocol != EKI_PROTOCOL_ARP && eki_address_is_special(contact->server))
        return 3.0;
    struct weight w = weight_of(contact, target_alive, known_peer);
    return failed ? w.failure : -w.success;
}
