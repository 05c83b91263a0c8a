/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_OUTBREAK_INBOUND_H
#define EKI_OUTBREAK_INBOUND_H
/*
 * Who reached whom on which vector: the memory from which parents are chosen later.
 *
 * Nobody knows beforehand which servers will turn into victims, so for each (server, vector) the last touches
 * are kept: contacts that can have carried something (an established connection, a datagram), with the end
 * and the bytes of their conversation once that is over. When a server is itself decided to be searching, its
 * list is frozen: what comes after cannot have infected it, and what came before is kept.
 *
 * Touches stand in a ring in the order in which they came. When it is full the oldest goes, whoever's it is;
 * those of frozen servers are stepped over, as long as they fill no more than half of it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/index.h"
#include "ekigaku/contact.h"
#include "ekigaku/flow.h"

/* The last 1,024 touches of a server and vector (the last 16 datagrams); 2^18 touches of 112 bytes in all (28
 * MiB, grown as needed), of 2^17 servers: so that an outbreak of 100,000 hosts, the largest that the pages
 * draw, keeps for each victim who reached it. */
enum {
    EKI_INBOUND_A_SERVER = 1024,
    EKI_INBOUND_DATAGRAMS = 16,
    EKI_INBOUND_TOUCHES = 1 << 18,
    EKI_INBOUND_SERVERS = 1 << 17
};

#define EKI_INBOUND_END UINT32_MAX

struct eki_touch {
    struct eki_address client;
    eki_time start, answered, end; /* answered: EKI_TIME_NONE without a reply */
    uint64_t packet_first, packet_last;
    uint32_t client_bytes, server_bytes; /* saturating; 0 while the conversation goes on */
    uint64_t hash;                       /* of the conversation */
    uint32_t next;                       /* later touch of the same server, EKI_INBOUND_END at the end */
    uint32_t server;                     /* position of the server; EKI_INBOUND_END: the touch is free */
    uint16_t client_port, service, input;
    uint8_t outcome;
    bool inferred;
};

struct eki_inbound_server {
    struct eki_address server;
    uint64_t hash;
    uint32_t first, last, count; /* positions of touches */
    uint16_t vector;             /* see vector.h */
    uint8_t protocol;
    bool frozen;
};

struct eki_inbound {
    struct eki_touch *touches;
    uint32_t touch_count, touch_hand; /* the hand moves on with each touch once there are as many as may be */
    uint32_t frozen_touches;
    size_t touch_capacity;
    struct eki_inbound_server *servers;
    uint32_t server_count, hand;
    size_t server_capacity;
    struct eki_index index, touch_index;
    uint64_t seed, lost, forgotten;
};

/* An empty memory of visits whose hashing is keyed by `seed`; pair with the _done below, which takes a zeroed
 * one as well. EKI_ERROR_MEMORY leaves *ret_inbound untouched. */
EKI_MUST_USE enum eki_error eki_inbound_init(struct eki_inbound *ret_inbound, uint64_t seed);
void eki_inbound_done(struct eki_inbound *inbound);

/* Memory is fetched ahead for so many contacts at once. */
enum { EKI_INBOUND_FETCHED = 64 };

/* Fetches what eki_inbound_contact will look at for these; changes nothing. */
void eki_inbound_fetch(const struct eki_inbound *inbound, const struct eki_contact *contacts, size_t count);

/* Notes a contact that can have carried something. EKI_ERROR_MEMORY loses it only. */
EKI_MUST_USE enum eki_error eki_inbound_contact(struct eki_inbound *inbound,
                                                const struct eki_contact *contact);

/* Notes the end and size of a conversation: its contact may come before it or after it. EKI_ERROR_MEMORY
 * loses it only. */
EKI_MUST_USE enum eki_error eki_inbound_flow(struct eki_inbound *inbound, const struct eki_flow *flow);

/* The host has been decided to be searching on this service: nothing later can have infected it. */
void eki_inbound_freeze(struct eki_inbound *inbound, struct eki_address host, uint8_t protocol,
                        uint16_t service);

/* The list of a server on a vector; NULL when nothing reached it. */
const struct eki_inbound_server *eki_inbound_find(const struct eki_inbound *inbound,
                                                  struct eki_address server, uint8_t protocol,
                                                  uint16_t vector);

#endif
