/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_BUNDLE_H
#define EKIGAKU_BUNDLE_H
/*
 * Signed files between installs: an organisation tells its sector, a sector the others, by mail or on a USB
 * stick.
 *
 * Journey: who makes a bundle asks eki_tlp_leave() for the audience first, then eki_bundle_write() puts the
 * incident under a line that names label and audience, and a line with the signature (Ed25519, RFC 8032)
 * below. Who gets it calls eki_bundle_read() with the keys of those it trusts; nothing of the content is
 * looked at before the signature holds. The same incident at the same moment gives the same bytes.
 *
 *     struct eki_bundle_making making = {incident, decision, EKI_AUDIENCE_COMMUNITY, now, seed};
 *     error = eki_bundle_write(&making, out);
 *     error = eki_bundle_read(bytes, length, &(struct eki_bundle_trust){keys, 2}, &bundle, &fault);
 *     use(bundle.incident);
 *     eki_bundle_done(&bundle);
 *
 * What is bounded: EKI_EXCHANGE_BYTES and the limits beside it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/error.h"
#include "ekigaku/incident.h"
#include "ekigaku/time.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

enum {
    EKI_BUNDLE_SEED = 32,
    EKI_BUNDLE_KEY = 32,
    EKI_BUNDLE_TEAM = 201,   /* room for the id of a team */
    EKI_BUNDLE_RECORDS = 256 /* of the directory: somebody has to look at each of them */
};

/* What a bundle is made of. */
struct eki_bundle_making {
    const struct eki_incident *incident; /* completed */
    struct eki_tlp_decision decision;    /* that allowed it */
    enum eki_tlp_audience audience;      /* it was decided for */
    eki_time made;
    const uint8_t *seed; /* EKI_BUNDLE_SEED bytes: the secret key of who signs */
    const char *to;      /* id of the team it is meant for; NULL: for whoever the audience is */
    const char *records; /* of the directory, a JSON object a line (docs/formats/directory.md); NULL: none */
};

/* Whose bundles are read: public keys of EKI_BUNDLE_KEY bytes, one behind the other. */
struct eki_bundle_trust {
    const uint8_t *keys;
    size_t count;
};

struct eki_bundle {
    struct eki_incident *incident;
    enum eki_tlp label;
    enum eki_tlp_audience audience;
    eki_time made;
    uint8_t signer[EKI_BUNDLE_KEY];
    char to[EKI_BUNDLE_TEAM]; /* id of the team it is meant for; "" for whoever the audience is */
    char *records;            /* lines, to be freed; NULL: none */
    size_t record_count;
};

/* The public key of a seed, which comes from the system's randomness. Pure. Any thread. */
void eki_bundle_public(const uint8_t seed[EKI_BUNDLE_SEED], uint8_t ret_key[EKI_BUNDLE_KEY]);

/* Writes one. EKI_ERROR_ARGUMENT when the decision refused it, its label does not permit the audience, or
 * there are more than EKI_BUNDLE_RECORDS records;
 * EKI_ERROR_WRITE, _MEMORY; the caller removes what is half written. O(incident). */
EKI_MUST_USE enum eki_error eki_bundle_write(const struct eki_bundle_making *making, FILE *out);

/* Frees what reading made; a zeroed one is allowed. */
void eki_bundle_done(struct eki_bundle *bundle);

/* Reads one, to be given to eki_bundle_done; records are not looked into; *ret_bundle is untouched on
 * failure. EKI_ERROR_FORMAT (no bundle), _TRUNCATED (cut), _MISSING (signed by none of the keys), _CORRUPT
 * (the signature does not hold, or what it holds contradicts itself), _LIMIT, _MEMORY; *ret_fault (NULL: not
 * told) says why. Any thread. O(length + keys). */
EKI_MUST_USE enum eki_error eki_bundle_read(const char *bytes, size_t length,
                                            const struct eki_bundle_trust *trust,
                                            struct eki_bundle *ret_bundle, struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
