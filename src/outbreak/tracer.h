/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_OUTBREAK_TRACER_H
#define EKI_OUTBREAK_TRACER_H
/*
 * The tracer (as in contact tracing): contacts, flows, signs and scanners in, outbreaks out.
 *
 * While traffic streams it only remembers: who reached whom on which vector (inbound.h) and the signs. At the
 * end it takes the scanners and, for each vector,
 *   1. gathers the members: hosts that search, hosts that carry an implant, hosts that attacked them
 * (members.c)
 *   2. weighs for each member who can have infected it, from evidence and from a latency distribution that is
 * learned from the same outbreak, against "from outside" (parents.c, latency.c)
 *   3. keeps the best parent of each: since a parent must have been infected before it attacks, the best
 * edges form the maximum-likelihood arborescence and cannot close a cycle (parents.c)
 *   4. writes the record: times, generations, patient zero, failed attempts, curve, growth, family, wire
 * (record.c, ...)
 */
#include "base/arena.h"
#include "ekigaku/contact.h"
#include "ekigaku/flow.h"
#include "ekigaku/outbreak.h"
#include "ekigaku/scanner.h"
#include "ekigaku/sign.h"

/* 65,536 signs of some 300 bytes, 20 MiB, grown as needed: 124 hosts that attack each other give 60,000.
 * Those of a low grade are the first not to be kept, and make room for those that tell of an infection. */
enum { EKI_TRACER_SIGNS = 1 << 16 };

struct eki_tracer;

/* `seed` keys the hashing. EKI_ERROR_MEMORY. Pair with eki_tracer_free. */
EKI_MUST_USE enum eki_error eki_tracer_new(uint64_t seed, struct eki_tracer **ret_tracer);

/* Each takes one record, in the order of the data; EKI_ERROR_MEMORY loses that record only. */
EKI_MUST_USE enum eki_error eki_tracer_contact(struct eki_tracer *tracer, const struct eki_contact *contact);
EKI_MUST_USE enum eki_error eki_tracer_flow(struct eki_tracer *tracer, const struct eki_flow *flow);
EKI_MUST_USE enum eki_error eki_tracer_sign(struct eki_tracer *tracer, const struct eki_sign *sign);

/* Fetches the memory that the contacts of a group will need there; changes nothing. */
void eki_tracer_fetch(const struct eki_tracer *tracer, const struct eki_contact *contacts, size_t count);

/* The source of `contact` has just been decided to be searching on its service. */
void eki_tracer_decided(struct eki_tracer *tracer, const struct eki_contact *contact);

/* What the end of the analysis knows. */
struct eki_tracer_view {
    const struct eki_scanner *scanners;
    size_t scanner_count;
    eki_time origin, end; /* first and last packet */
};

/* Outbreaks in the order of their first infection, and all signs in the order of time; both in `arena`. Once.
 * O(members x touches). */
EKI_MUST_USE enum eki_error eki_tracer_findings(struct eki_tracer *tracer, const struct eki_tracer_view *view,
                                                struct eki_arena *arena,
                                                const struct eki_outbreak **ret_outbreaks, size_t *ret_count);

struct eki_tracer_look {
    const struct eki_outbreak *outbreaks;
    const struct eki_sign *signs; /* in order of time */
    size_t outbreak_count, sign_count;
};

/* The same in the middle of the data, as if it ended now: nothing of the tracer changes, and the signs are a
 * copy in `arena`. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_tracer_look(const struct eki_tracer *tracer,
                                            const struct eki_tracer_view *view, struct eki_arena *arena,
                                            struct eki_tracer_look *ret_look);

/* All signs kept, in order of time; owned by the tracer, sorted by eki_tracer_findings. */
const struct eki_sign *eki_tracer_signs(const struct eki_tracer *tracer, size_t *ret_count);

struct eki_tracer_losses {
    uint64_t touches, servers, signs;
};

/* What the limits did: visits, servers and signs that were forgotten or not kept. */
struct eki_tracer_losses eki_tracer_losses(const struct eki_tracer *tracer);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_tracer_archive(struct eki_tracer *tracer, struct eki_archive *archive);

/* NULL is allowed. */
void eki_tracer_free(struct eki_tracer *tracer);

#endif
