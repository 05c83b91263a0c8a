/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_BANK_H
#define EKI_SCAN_BANK_H
/*
 * The evidence bank: contacts in, scanners out.
 *
 * Journey of a contact: its hosts are noted as live (dark/) and, when it was answered, as peers (peers/). The
 * watch of (client, protocol, service) is found or made; if the target is a first contact (reach/), its
 * outcome (outcome/) and its place in the order (order/) are weighed, each as a log likelihood ratio, and the
 * sum decides. New sources also count towards the target they turn on (flood/); sources of several services
 * are followed by target (vertical/). At the end every watch becomes a struct eki_scanner or nothing.
 *
 * The first eight contacts of a watch are only stored; from the ninth distinct target on it is weighed in
 * full, the stored ones first; at the end of the data those with four to eight are weighed too. So the many
 * sources that try little cost little, and nothing is decided on fewer than four targets.
 */
#include "base/arena.h"
#include "ekigaku/contact.h"
#include "ekigaku/scanner.h"

/* Unless the memory is stated: 262,144 watches of 288 bytes, 72 MiB, and 1 GiB for those that try more, which
 * take 1 to 30 KiB; when full, those with one target make room first. With 64 GiB stated there are as many as
 * EKI_BANK_WATCHES_MOST. */
enum { EKI_BANK_WATCHES = 1 << 18, EKI_BANK_WATCHES_MOST = 1 << 26 };
#define EKI_BANK_DEEP_BYTES (UINT64_C(1) << 30)

/* How much is kept. */
struct eki_bank_limits {
    uint32_t watches;
    uint32_t hosts;      /* whose addresses are known as alive: see dark/live.h */
    uint64_t deep_bytes; /* of all sources that try more than is just stored */
};

/* Those that fit into so many bytes, 8 MiB at least; 0: the usual ones. */
struct eki_bank_limits eki_bank_limits_for(uint64_t bytes);
/* A source that used more services than this on single targets gets no further watches: a port scan is
 * followed by target. */
enum { EKI_BANK_SERVICES_A_CLIENT = 2048 };

/* Sources whose watches made room but whose port scan is kept, to be told at the end. */
enum { EKI_BANK_IDLE_CLIENTS = 4096 };

struct eki_bank;

/* `seed` keys the hashing; limits NULL: the usual ones. EKI_ERROR_MEMORY. Pair with eki_bank_free. */
EKI_MUST_USE enum eki_error eki_bank_new(uint64_t seed, const struct eki_bank_limits *limits,
                                         struct eki_bank **ret_bank);

enum { EKI_BANK_GROUP = 64 };

/* Takes up to EKI_BANK_GROUP contacts, in the order of attempts; in groups, so that memory can be fetched
 * ahead: the result is that of one at a time. ret_decided[i] says whether just contact i settled that its
 * client is searching on its service. EKI_ERROR_MEMORY leaves the bank usable: the evidence of one contact or
 * more is lost. O(1) each. */
EKI_MUST_USE enum eki_error eki_bank_contacts(struct eki_bank *bank, const struct eki_contact *contacts,
                                              size_t count, bool ret_decided[EKI_BANK_GROUP]);

/* The scanners, decided first, then by evidence, in `arena`. `origin` is t = 0 of the reach curves. */
EKI_MUST_USE enum eki_error eki_bank_findings(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                                              const struct eki_scanner **ret_scanners, size_t *ret_count);

/* The same in the middle of the data, as if it ended now: what the end would decide is undone before it
 * returns, so the bank goes on as if it had not been asked. */
EKI_MUST_USE enum eki_error eki_bank_look(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                                          const struct eki_scanner **ret_scanners, size_t *ret_count);

/* Distinct hosts seen sending. */
uint64_t eki_bank_hosts(const struct eki_bank *bank, bool *ret_estimated);

struct eki_bank_losses {
    uint64_t pushed_out, thinned, unwatched, flood_rows;
};

/* What the limits did: watches pushed out, samples of decided sources thinned, contacts that got no watch,
 * rows of the flood table replaced. */
struct eki_bank_losses eki_bank_losses(const struct eki_bank *bank);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_bank_archive(struct eki_bank *bank, struct eki_archive *archive);

/* Forgets all sources, once their findings are written: those and the counts of hosts and losses stay good,
 * and the memory is there for what comes next. O(watches). */
void eki_bank_release(struct eki_bank *bank);

/* NULL is allowed. */
void eki_bank_free(struct eki_bank *bank);

#endif
