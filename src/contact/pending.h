/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_PENDING_H
#define EKI_CONTACT_PENDING_H
/*
 * Contacts whose outcome is still being gathered. Steps come in (flow/), complete contacts go out, each
 * EKI_CONTACT_HOLD (and up to a tick of 67 ms) after its attempt and in the order of the attempts. A ring
 * holds them, an index finds them; a sweep writes the ring front to back.
 */
#include "ekigaku/contact.h"
#include "ekigaku/flow.h"

/* 2^16 contacts of 80 bytes, 5 MiB: the contacts of 3 s at 21,000 new ones a second. Beyond that the oldest
 * is handed on before its hold is over (flag EKI_CONTACT_FORCED): late answers to it are then not seen. The
 * buckets that find them take another 1 MiB. */
enum { EKI_PENDING_CONTACTS = 1 << 16 };

struct eki_pending;

/* Contacts are handed on in groups, in order; they are the sink's only during the call. */
enum { EKI_PENDING_GROUP = 64 };
typedef void eki_contact_sink(void *user, const struct eki_contact *contacts, size_t count);

/* The sink is called on the caller's thread. `seed` keys the hashing. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_pending_new(uint64_t seed, eki_contact_sink *sink, void *user,
                                            struct eki_pending **ret_pending);

/* Takes up to EKI_PACKET_BATCH steps in order, then hands on what is due. Never fails. O(1) a step. */
void eki_pending_batch(struct eki_pending *pending, const struct eki_step *steps, size_t count);

/* Would a packet of this time make contacts due? O(1). */
bool eki_pending_ticks(const struct eki_pending *pending, eki_time time);

/* Hands on what is due at this time, before anything else of a packet of that time is looked at: so what is
 * told between contacts (flows, signs) has its place whatever the batches were. A full ring alone hands on
 * when it must. Amortised O(1). */
void eki_pending_clock(struct eki_pending *pending, eki_time time);

/* Hands on everything that is left. */
void eki_pending_finish(struct eki_pending *pending);

/* How many are held. */
size_t eki_pending_held(const struct eki_pending *pending);

/* How many contacts were handed on before their hold was over, because there were too many. */
uint64_t eki_pending_forced(const struct eki_pending *pending);

/* How many packets were dated more than EKI_CONTACT_HOLD before one that came earlier. A clock that was set
 * back is followed after 64 packets in a row. */
uint64_t eki_pending_late(const struct eki_pending *pending);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_pending_archive(struct eki_pending *pending, struct eki_archive *archive);
/* The same of one record. */
void eki_contact_archive(struct eki_contact *contact, struct eki_archive *archive);

/* NULL is allowed. */
void eki_pending_free(struct eki_pending *pending);

#endif
