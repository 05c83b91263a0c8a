/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_HALVES_H
#define EKI_CONTACT_HALVES_H
/*
 * Joins what exporters tell one way at a time: NetFlow, IPFIX and nfdump keep a record for each direction of
 * a conversation, and several when it lasts longer than the exporter's active timeout.
 *
 * Journey: a reader fills a struct eki_half for each record and gives it to eki_halves_take(). Records whose
 * ends are the same or mirrored and whose times lie no more than EKI_HALVES_WAIT apart become one
 * conversation. It goes to eki_log_conversation() when nothing was added to it for EKI_HALVES_WAIT of the
 * records' own time, when the table is full, or at the end.
 *
 * Who began: the side with a SYN and no ACK, the side that got nothing but a SYN-ACK or RST, the one that
 * started earlier, and last the port numbers, which is marked as inferred. A record whose mirror never comes
 * is an attempt without answer, unless it is itself an answer: then it is marked as unasked.
 */
#include "base/index.h"
#include "contact/log_format.h"

/* Longer than the inactive timeouts in use (15 s is Cisco's default, RFC 5470 names no figure) and than the
 * delay between the exports of both directions; shorter than the reuse of a client port. */
#define EKI_HALVES_WAIT (120 * EKI_SECOND)

/* 128 Ki conversations are 14 MiB, 20 when all have both directions: a scanner at 1,000 probes a second fills
 * them in the wait. What is pushed out goes out as it is. */
enum { EKI_HALVES_MOST = 1 << 17 };

/* One record: what went from source to target, and what came back when the record tells both. */
struct eki_half {
    struct eki_address source, target;
    eki_time first, last;
    uint64_t record;                                   /* its number in the input */
    uint64_t packets, bytes, back_packets, back_bytes; /* bytes of IP; as on the wire, sampling undone */
    uint64_t sampled; /* packets that were really seen, when `packets` was multiplied; else 0 */
    uint16_t source_port, target_port; /* of ICMP: type * 256 + code in target_port, as exporters do */
    uint8_t protocol;
    uint8_t flags, back_flags; /* enum eki_tcp_flag, or'ed over all packets */
    bool flags_told;           /* the record has TCP flags at all */
};

struct eki_halves {
    struct eki_halves_slot *slots;
    struct eki_halves_other *others; /* second directions */
    struct eki_index index;
    size_t capacity, used;   /* slots made; slots below `used` are in the list or free */
    uint32_t oldest, newest; /* list by last change: position + 1, 0 for none */
    uint32_t free;           /* list of free slots */
    size_t others_capacity, others_used;
    uint32_t free_other;
    eki_time clock;     /* the latest end of a record so far, but for single ones that are far away */
    unsigned elsewhere; /* how many in a row were */
    uint64_t seed;
    uint64_t forced; /* how many were pushed out */
};

/* EKI_ERROR_MEMORY; pair with eki_halves_done in every case. Strangers choose the ends of conversations: the
 * seed should be none they know; no result depends on it. */
EKI_MUST_USE enum eki_error eki_halves_init(struct eki_halves *ret_halves, uint64_t seed);
void eki_halves_done(struct eki_halves *halves);

/* Memory is fetched ahead for so many records at once. */
enum { EKI_HALVES_GROUP = 32 };

/* Takes up to EKI_HALVES_GROUP records with their numbers, in their order; what is complete goes to
 * eki_log_conversation. The result is that of one at a time. ICMP other than echo is counted, but makes no
 * contact. Without memory the reading fails. Amortised O(1) each. */
void eki_halves_take(struct eki_halves *halves, struct eki_log_reading *r, const struct eki_half *records,
                     size_t count);

/* Hands out all that is held, oldest first. */
void eki_halves_finish(struct eki_halves *halves, struct eki_log_reading *r);

/* All that is held, written out in the order in which it changed, or read into one that is new. */
void eki_halves_archive(struct eki_halves *halves, struct eki_log_reading *r, struct eki_archive *archive);

/* a * b and a + b, at most 2^56: counters of strangers must not wrap. */
uint64_t eki_halves_times(uint64_t a, uint64_t b);
uint64_t eki_halves_plus(uint64_t a, uint64_t b);

#endif
