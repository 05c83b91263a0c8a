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
 *     eki_incident_free(bundle.incident);
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

enum { EKI_BUNDLE_SEED = 32, EKI_BUNDLE_KEY = 32 };

/* What a bundle is made of. */
struct eki_bundle_making {
    const struct eki_incident *incident; /* completed */
    struct eki_tlp_decision decision;    /* that allowed it */
    enum eki_tlp_audience audience;      /* it was decided for */
    eki_time made;
    const uint8_t *seed; /* EKI_BUNDLE_SEED bytes: the secret key of who signs */
};

/* Whose bundles are read: public keys of EKI_BUNDLE_KEY bytes, one behind the other. */
struct eki_bundle_trust {
    const uint8_t *keys;
    size_t count;
};

struct eki_bundle {
    struct eki_incident *incident; /* the reader's, to be freed */
    enum eki_tlp label;
    enum eki_tlp_audience audience;
    eki_time made;
    uint8_t signer[EKI_BUNDLE_KEY];
};

/* The public key of a seed, which comes from the system's randomness. Pure. Any thread. */
void eki_bundle_public(const uint8_t seed[EKI_BUNDLE_SEED], uint8_t ret_key[EKI_BUNDLE_KEY]);

/* Writes one. EKI_ERROR_ARGUMENT when the decision refused it, or its label does not permit the audience;
 * EKI_ERROR_WRITE, _MEMORY; the caller removes what is half written. O(incident). */
EKI_MUST_USE enum eki_error eki_bundle_write(const struct eki_bundle_making *making, FILE *out);

/* Reads one; *ret_bundle is untouched on failure. EKI_ERROR_FORMAT (no bundle), _TRUNCATED (cut), _MISSING
 * (signed by none of the keys), _CORRUPT (the signature does not hold, or what it holds contradicts itself),
 * _LIMIT, _MEMORY; *ret_fault (NULL: not told) says why. Any thread. O(length + keys). */
EKI_MUST_USE enum eki_error eki_bundle_read(const char *bytes, size_t length,
                                            const struct eki_bundle_trust *trust,
                                            struct eki_bundle *ret_bundle, struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
