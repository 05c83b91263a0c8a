/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_BANK_H
#define EKI_SCAN_BANK_H
/*
 * The evidence bank: contacts in, scanners out.
 *
 * Journey of a contact: the bank answers whether its server is known to be alive (dark/) and whether the two
 * are peers (peers/), and notes both for those that follow. Then it goes to the shard of its client
 * (shard.h), which finds or makes the watch of (client, protocol, service); if the target is a first contact
 * (reach/), its outcome (outcome/) and its place in the order (order/) are weighed, each as a log likelihood
 * ratio, and the sum decides. New sources also count towards the target they turn on (flood/); sources of
 * several services are followed by target (vertical/). At the end every watch becomes a struct eki_scanner or
 * nothing.
 *
 * The first eight contacts of a watch are only stored; from the ninth distinct target on it is weighed in
 * full, the stored ones first; at the end of the data those with four to eight are weighed too. So the many
 * sources that try little cost little, and nothing is decided on fewer than four targets.
 *
 * By one thread: eki_bank_contacts. By several, in three steps, of which the first and the last take all
 * contacts in their order and the second each shard's in theirs; steps of later contacts may run beside those
 * of earlier ones, each step by one thread at a time, each shard too. Both ways lead to the same state.
 *
 *     eki_bank_ask(bank, contacts, count, items);
 *     eki_bank_weigh(bank, list, n);                   for each shard: those items that are of its clients
 *     eki_bank_note(bank, items, count);               then items[i].outcome says what came of it
 */
#include "base/arena.h"
#include "ekigaku/contact.h"
#include "ekigaku/scanner.h"
#include "scan/shard.h"

/* Unless the memory is stated: 262,144 watches of 288 bytes, 72 MiB, and 1 GiB for those that try more, which
 * take 1 to 30 KiB; when full, those with one target make room first. With 64 GiB stated there are as many as
 * EKI_BANK_WATCHES_MOST. */
enum { EKI_BANK_WATCHES = 1 << 18, EKI_BANK_WATCHES_MOST = 1 << 26 };
#define EKI_BANK_DEEP_BYTES (UINT64_C(1) << 30)

/* How much is kept: of sources, an equal share in each shard. */
struct eki_bank_limits {
    uint32_t watches;
    uint32_t hosts;      /* whose addresses are known as alive: see dark/live.h */
    uint64_t deep_bytes; /* of all sources that try more than is just stored */
};

/* Those that fit into so many bytes, 8 MiB at least; 0: the usual ones. */
struct eki_bank_limits eki_bank_limits_for(uint64_t bytes);
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

/* Answers for up to EKI_BANK_GROUP contacts, in the order of attempts; the items name the contacts, which
 * must stay where they are. O(1) each. */
void eki_bank_ask(struct eki_bank *bank, const struct eki_contact *contacts, size_t count,
                  struct eki_weighing *ret_items);

/* Gives items that were asked for, all of one shard, to that shard, in their order. Touches nothing of other
 * shards. EKI_ERROR_MEMORY as above. O(1) each. */
EKI_MUST_USE enum eki_error eki_bank_weigh(struct eki_bank *bank, struct eki_weighing *const *items,
                                           size_t count);

/* Counts what floods are made of, after the items were weighed, in the order of attempts. O(1) each. */
void eki_bank_note(struct eki_bank *bank, const struct eki_weighing *items, size_t count);

/* The scanners, decided first, then by evidence, in `arena`. `origin` is t = 0 of the reach curves. */
EKI_MUST_USE enum eki_error eki_bank_findings(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                                              const struct eki_scanner **ret_scanners, size_t *ret_count);

/* The same in the middle of the data, as if it ended now: what the end would decide is undone before it
 * returns, so the bank goes on as if it had not been asked. */
EKI_MUST_USE enum eki_error eki_bank_look(struct eki_bank *bank, eki_time origin, struct eki_arena *arena,
                                          const struct eki_scanner **ret_scanners, size_t *ret_count);

/* Of how many contacts so far the client had long been known to be searching. Nothing is asked about those by
 * eki_bank_contacts: where most are such, it costs less than the three steps, shared or not. Counted by it
 * and by eki_bank_note; not kept with the state. */
uint64_t eki_bank_settled(const struct eki_bank *bank);

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
