/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_UPLOAD_H
#define EKI_WEB_UPLOAD_H
/*
 * A file that comes in as a body: written as it comes under a name nobody chose but the service, flushed to
 * the disk, then named in the store. It is never run, never looked into by a name the client gave, and never
 * leaves inputs/. What was not acknowledged is removed at the next start.
 */
#include <stddef.h>

#include "web/request.h"

/* Opens the file; answers with a problem when that cannot be. */
void eki_upload_begin(struct eki_request *request);
/* Takes more of it. After a failure (disk full) the request is answered. */
void eki_upload_add(struct eki_request *request, const char *bytes, size_t length);
/* Closes and removes what was not kept; NULL is allowed. */
void eki_upload_drop(struct eki_upload *upload);

struct eki_web;
/* Removes what uploads left behind that were cut off by the end of the program. */
void eki_upload_sweep(const struct eki_web *web);

#endif
