/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_MAIL_ENGINE_H
#define EKI_MAIL_ENGINE_H
/* GnuPG by gpgme: contexts, keys, and homes that live as long as one message. */
#include <gpgme.h>

#include "ekigaku/mail.h"

enum { EKI_HOME_PATH = 512 };

/* A temporary home; zeroed: none. */
struct eki_home {
    char path[EKI_HOME_PATH];
};

/* Makes one, for nobody else to read, under `scratch` (NULL: "/tmp"). EKI_ERROR_OPEN. */
EKI_MUST_USE enum eki_error eki_home_make(const char *scratch, struct eki_home *ret_home,
                                          struct eki_fault *ret_fault);
/* Writes a file in it. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_home_file(const struct eki_home *home, const char *name, const char *bytes,
                                          size_t length);
/* Removes it with all that is in it; GnuPG's agent for it ends by itself then. */
void eki_home_remove(struct eki_home *home);

/* A context without network and without anybody being asked for a passphrase; gpgme_release() it.
 * EKI_ERROR_UNSUPPORTED when the program is missing. */
EKI_MUST_USE enum eki_error eki_engine_open(gpgme_protocol_t protocol, const char *home, gpgme_ctx_t *ret_ctx,
                                            struct eki_fault *ret_fault);

/* What gpgme says, as one of ours, with its words behind `doing`. EKI_OK for none. */
EKI_MUST_USE enum eki_error eki_engine_error(gpgme_error_t error, const char *doing,
                                             struct eki_fault *ret_fault);

/* The one usable secret key of this name, to be unreffed. EKI_ERROR_MISSING, EKI_ERROR_CONFLICT. */
EKI_MUST_USE enum eki_error eki_engine_signer(gpgme_ctx_t ctx, const char *name, gpgme_key_t *ret_key,
                                              struct eki_fault *ret_fault);

/* Imports a recipient's key into the context's home, which is `home`, and says whether it can be used; of
 * certificates, the roots that come along are trusted there. *ret_key is to be unreffed. EKI_ERROR_CORRUPT,
 * EKI_ERROR_CONFLICT, EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_engine_recipient(gpgme_ctx_t ctx, const struct eki_home *home,
                                                 const char *text, gpgme_key_t *ret_key,
                                                 struct eki_fault *ret_fault);

#endif
