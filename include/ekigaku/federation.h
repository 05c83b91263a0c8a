/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_FEDERATION_H
#define EKIGAKU_FEDERATION_H
/*
 * Installs of teams that tell each other: organisations their sector, sectors the others (tiers 1, 2, 3).
 *
 * Journey out: whoever makes a bundle of a case asks eki_federation_audience() how wide its recipient is, and
 * eki_tlp_decide() whether the label permits it. Journey in: the bytes of a bundle go to
 * eki_federation_receive(), which finds the team whose key signed it in the directory, and hands what it
 * holds to eki_case_receive(); records of the directory in it become proposals that a person decides.
 *
 *     struct eki_federation_bundle handed = {.bytes = bytes, .length = length, .directory = directory};
 *     error = eki_federation_receive(work, &act, &handed, &outcome, &fault);
 *
 * A bundle that nobody known signed is refused before its content is looked at. Keys are records of the
 * directory: {"kind":"key","team":"kawa","type":"bundle","fingerprint":"<64 digits>"}.
 */
#include "ekigaku/bundle.h"
#include "ekigaku/case_receive.h"
#include "ekigaku/directory.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

/* How wide a recipient is for what one passes on. `own`: it is the sender's own, who may name the recipient
 * whatever its label; what came from others goes down a tier as to clients (a sector's organisations are whom
 * it serves), and up or sideways, or where a tier is not known (0), as to the community. Pure. O(1).
 *
 *     tiers            own     from another team     labels that permit the latter
 *     2 -> 1, 3 -> 2   named   clients               CLEAR, GREEN, AMBER
 *     1 -> 2, 2 -> 3   named   community             CLEAR, GREEN
 *     the same         named   community             CLEAR, GREEN
 */
enum eki_tlp_audience eki_federation_audience(unsigned from, unsigned to, bool own);

/* The public keys that bundles of teams may be signed with at the time of the directory: those of type
 * "bundle" that have not expired, of teams that have not left; a key that stands with two teams is nobody's.
 * *ret_keys is to be given to eki_federation_keys_done, which takes NULL. EKI_ERROR_MEMORY. O(keys^2). */
EKI_MUST_USE enum eki_error eki_federation_keys(const struct eki_directory *directory, uint8_t **ret_keys,
                                                size_t *ret_count);
void eki_federation_keys_done(uint8_t *keys);

/* Whose key it is: the position of the team; EKI_NOWHERE when it is nobody's. O(keys). */
uint32_t eki_federation_signer(const struct eki_directory *directory, const uint8_t key[EKI_BUNDLE_KEY]);

/* The setting of the store that holds the id of the team whose desk this is. */
#define EKI_FEDERATION_OWN "desk.team"

/* A bundle that was handed in. */
struct eki_federation_bundle {
    const char *bytes;
    size_t length;
    const struct eki_directory *directory; /* settled */
    const struct eki_catalogue *catalogue; /* as in struct eki_receive_origin; may be NULL */
};

/* What became of it. */
struct eki_federation_outcome {
    struct eki_reception reception;
    char team[EKI_BUNDLE_TEAM];      /* who signed it */
    size_t proposed, known, refused; /* records of the directory; `refused` cannot be */
    char why[EKI_RECEIVE_WHY];       /* why records were refused; "" otherwise */
};

/* Takes a bundle in. Errors are those of eki_bundle_read (EKI_ERROR_MISSING: signed by nobody whom the
 * directory knows; _CORRUPT, _TRUNCATED, _FORMAT, _LIMIT) with the reason in *ret_fault, EKI_ERROR_CONFLICT
 * when it is meant for another team than EKI_FEDERATION_OWN says, and those of the work; nothing was changed
 * then. The same bundle again changes nothing, also of the proposals. O(length + records of the directory
 * log). */
EKI_MUST_USE enum eki_error eki_federation_receive(struct eki_store_work *work,
                                                   const struct eki_store_act *act,
                                                   const struct eki_federation_bundle *handed,
                                                   struct eki_federation_outcome *ret_outcome,
                                                   struct eki_fault *ret_fault);

/* Is it a bundle, by its first bytes? O(1). */
bool eki_federation_is_bundle(const char *bytes, size_t length);

#pragma GCC visibility pop

#endif
