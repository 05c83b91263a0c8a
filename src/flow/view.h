/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_FLOW_VIEW_H
#define EKI_FLOW_VIEW_H
/* A packet as its 5-tuple sees it: which end is the lower one in numeric order, and a hash that is the same
 * whichever way the packet went. */
#include "base/hash.h"
#include "ekigaku/packet.h"
#include "flow/asked.h"
#include "flow/table.h"

struct eki_flow_view {
    const struct eki_packet *packet;
    uint64_t hash;
    struct eki_asked_set *asked;
    bool source_is_low;
};

static inline uint64_t eki_flow_hash_long(const struct eki_packet *p, bool source_is_low, uint64_t seed)
{
    uint64_t ports = source_is_low ? (uint64_t)p->source_port << 16 | p->target_port
                                   : (uint64_t)p->target_port << 16 | p->source_port;
    ports |= (uint64_t)p->protocol << 32;
    return source_is_low ? eki_hash_pair(p->source, p->target, ports, seed)
                         : eki_hash_pair(p->target, p->source, ports, seed);
}

/* The same of an IPv4 packet whose ends, address and port in one number each, are in numeric order. */
static inline uint64_t eki_flow_hash_short(uint64_t low, uint64_t high, uint8_t protocol, uint64_t seed)
{
    uint64_t ports = (low & 0xffff) << 16 | (high & 0xffff) | (uint64_t)protocol << 32;
    return eki_hash_two(low >> 16 << 32 | high >> 16, ports, seed);
}

/* `asked`: the EKI_FLOW_ASKED_SETS sets of the table. */
static inline void eki_flow_view_set(struct eki_asked_set *asked, uint64_t seed, const struct eki_packet *p,
                                     struct eki_flow_view *ret_view)
{
    ret_view->packet = p;
    if (eki_hash_is_short(p->source, p->target)) {
        uint64_t source = (uint64_t)(uint32_t)p->source.lo << 16 | p->source_port,
                 target = (uint64_t)(uint32_t)p->target.lo << 16 | p->target_port;
        ret_view->source_is_low = source <= target;
        ret_view->hash = eki_flow_hash_short(source < target ? source : target,
                                             source < target ? target : source, p->protocol, seed);
    } else {
        int order = eki_address_compare(p->source, p->target);
        ret_view->source_is_low = order < 0 || (order == 0 && p->source_port <= p->target_port);
        ret_view->hash = eki_flow_hash_long(p, ret_view->source_is_low, seed);
    }
    ret_view->asked = eki_asked_set_of(asked, ret_view->hash, EKI_FLOW_ASKED_SETS - 1);
}

#endif
