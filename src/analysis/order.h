/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_ORDER_H
#define EKI_ANALYSIS_ORDER_H
/*
 * Puts log entries in the order of time. Logs are written when a conversation ends, so a long one stands far
 * behind its beginning; the stages that judge want beginnings in order.
 *
 * Journey: entries are kept until EKI_ORDER_HELD of them are there; then all are sorted and the earlier half
 * goes on. So an entry may stand up to half of that behind those that began later without being noticed. One
 * that comes later still is handed on as it comes, and counted. Equal times keep the order in which they
 * came.
 */
#include <stdint.h>

#include "ekigaku/log.h"

/* 128 Ki entries are 17 MiB, 31 when each has a flow: several minutes of a busy log, where few conversations
 * last longer. */
enum { EKI_ORDER_HELD = 1 << 17 };

/* One entry in its turn: its contact, and the flow or NULL; both belong to the order and are good only within
 * the call. */
typedef void eki_order_sink(void *user, const struct eki_contact *contact, const struct eki_flow *flow);

struct eki_order;

/* EKI_ERROR_MEMORY at worst. The sink is called from inside add and finish. */
EKI_MUST_USE enum eki_error eki_order_new(eki_order_sink *sink, void *user, struct eki_order **ret_order);

/* Takes a copy of an entry with a contact, as one of `input` and `offset` ns later. EKI_ERROR_MEMORY.
 * Amortised O(1): what comes in order is not sorted, the rest by radix. */
EKI_MUST_USE enum eki_error eki_order_add(struct eki_order *order, const struct eki_log_entry *entry,
                                          uint16_t input, eki_time offset);

/* Hands on all that is held and not later than `until`. O(held). */
void eki_order_release(struct eki_order *order, eki_time until);

/* How many are held. */
size_t eki_order_held(const struct eki_order *order);

/* How many came too late to be put in order. */
uint64_t eki_order_late(const struct eki_order *order);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_order_archive(struct eki_order *order, struct eki_archive *archive);

/* NULL is allowed. */
void eki_order_free(struct eki_order *order);

#endif
