/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_TWICE_H
#define EKI_ANALYSIS_TWICE_H
/*
 * What two sensors have seen of the same traffic, so that it counts once: the same packet (or conversation)
 * told by another sensor within a window of time. What one sensor tells twice was sent twice, and stays.
 *
 * A table of fixed size, newer ones in place of the oldest: two different things on one place make a
 * duplicate count twice, never the other way round, because 64 bits of hash are compared.
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/contact.h"

/* Longer than a path between two sensors takes with full queues, and what is left of a clock offset; shorter
 * than TCP's least retransmission in practice matters not, because its own sensor saw both. */
#define EKI_TWICE_WINDOW (EKI_SECOND * 2)
/* Of conversations: packets are ahead of logs by some seconds, and a repetition may have come meanwhile. */
#define EKI_TWICE_CONVERSATION (EKI_SECOND * 10)

struct eki_twice;

/* 6 MiB; `window` is how far apart two tellings may be. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_twice_new(uint64_t seed, eki_time window, struct eki_twice **ret_twice);

/* The identity of something by its hosts and what else tells it apart. */
uint64_t eki_twice_hash(struct eki_address a, struct eki_address b, uint64_t more, uint64_t still_more);

/* The identity of a conversation. */
uint64_t eki_twice_contact(const struct eki_contact *contact);

/* True when another sensor (NULL is one too; names are compared as pointers, so each must stand at one place)
 * told it within the window. Else it is remembered. O(1). */
bool eki_twice_seen(struct eki_twice *twice, uint64_t identity, eki_time time, const char *sensor);

/* NULL is allowed. */
void eki_twice_free(struct eki_twice *twice);

#endif
