/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_FLOW_TABLE_H
#define EKI_FLOW_TABLE_H
/*
 * The flow table: packets in, oriented steps out, and one struct eki_flow when a conversation ends. See
 * ekigaku/flow.h.
 *
 * Two memories. `asked` is a lossy set-associative table of who sent the first packet of a 5-tuple: 4 bytes
 * an attempt, no addresses, so that a sweep passes through it without leaving anything behind. `entries`
 * holds conversations in which the other side has spoken or data has moved.
 */
#include "ekigaku/flow.h"

/* Enough for the answers of 3 s at 40,000 new attempts a second; what is pushed out falls back to port
 * numbers. */
enum { EKI_FLOW_ASKED_SETS = 1 << 15, EKI_FLOW_ASKED_WAYS = 4 };
/* 2^17 conversations of about 128 bytes: 16 MiB. The least recently used one is ended early when they are not
 * enough. */
enum { EKI_FLOW_ENTRIES = 1 << 17 };

struct eki_flow_table;

typedef void eki_flow_sink(void *user, const struct eki_flow *flow, uint64_t conversation);

/* The sink is called on the caller's thread for each ended conversation that moved data. `seed` keys the
 * hashing. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_flow_table_new(uint64_t seed, eki_flow_sink *sink, void *user,
                                               struct eki_flow_table **ret_table);

/* One step for each packet, in order: ret_steps has room for `count`, which is at most EKI_PACKET_BATCH.
 * Never fails: a full table ends its oldest conversation. O(1) a packet. */
void eki_flow_table_batch(struct eki_flow_table *table, const struct eki_packet *packets, size_t count,
                          struct eki_step *ret_steps);

/* Within the sink, while a batch is taken: the index of the packet that ended the conversation. */
size_t eki_flow_table_at(const struct eki_flow_table *table);

/* Ends all conversations, in the order in which they began. */
void eki_flow_table_finish(struct eki_flow_table *table);

/* How many conversations were ended early because the table was full, and how many were seen. */
uint64_t eki_flow_table_pushed_out(const struct eki_flow_table *table);
uint64_t eki_flow_table_seen(const struct eki_flow_table *table);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_flow_table_archive(struct eki_flow_table *table, struct eki_archive *archive);
/* The same of one record. */
void eki_flow_archive(struct eki_flow *flow, struct eki_archive *archive);

/* NULL is allowed. */
void eki_flow_table_free(struct eki_flow_table *table);

#endif
