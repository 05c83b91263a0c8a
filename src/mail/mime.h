/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_MAIL_MIME_H
#define EKI_MAIL_MIME_H
/* Pieces of MIME, by GMime. GLib ends the process when memory runs out, as it does everywhere it is used. */
#include <gmime/gmime.h>

#include "base/random.h"
#include "ekigaku/mail.h"

/* A part with these bytes (copied), encoded so that only ASCII in short lines is left. The caller unrefs it.
 */
GMimePart *eki_mime_part(const char *type, const void *bytes, size_t length, GMimeContentEncoding encoding);

/* A multipart with a boundary out of the random stream: "=_" stands in no line of base64 or quoted-printable.
 * The caller unrefs it. */
GMimeMultipart *eki_mime_multipart(const char *subtype, struct eki_random *random);

/* The bytes of an object as they are sent and signed: lines ended by CRLF. To be freed with eki_free.
 * EKI_ERROR_MEMORY. O(bytes). */
EKI_MUST_USE enum eki_error eki_mime_bytes(GMimeObject *object, char **ret_bytes, size_t *ret_length);

/* Puts the protection around a body: *ret_outer is to be unreffed. `keys` do not say EKI_MAIL_PLAIN. Errors
 * of eki_mail_write. */
EKI_MUST_USE enum eki_error eki_mail_protect(GMimeObject *body, const struct eki_mail_keys *keys,
                                             struct eki_random *random, GMimeObject **ret_outer,
                                             struct eki_fault *ret_fault);

#endif
