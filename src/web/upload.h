/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_UPLOAD_H
#define EKI_WEB_UPLOAD_H
/*
 * A file that comes in as a body: written as it comes under a name nobody chose but the service, flushed to
 * the disk, then named in the store. It is never run, never looked into by a name the client gave, and never
 * leaves inputs/. What comes by one request and was not acknowledged is removed at the next start; what comes
 * in pieces (upload_piece.c) is kept for EKI_UPLOAD_AGE_S, over restarts, so that it can go on.
 */
#include <pthread.h>
#include <stddef.h>

#include "web/request.h"

/* Limits of uploads that are not whole yet. Two days are a weekend after which somebody goes on; 16 files are
 * what one person drops at once; 256 are 16 such people. How large they are is the disk's matter. */
enum { EKI_UPLOAD_AGE_S = 2 * 86400, EKI_UPLOADS_OF_ACCOUNT = 16, EKI_UPLOADS = 256 };

/* Those that pieces are being written of now. */
struct eki_uploads {
    pthread_mutex_t lock;
    struct eki_upload *first;
    bool ready; /* the lock was made */
};

/* Empty. Pair with eki_uploads_done, which takes a zeroed one too. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_uploads_init(struct eki_uploads *uploads);
/* No request may write any more. */
void eki_uploads_done(struct eki_uploads *uploads);

/* Opens the file; answers with a problem when that cannot be. */
void eki_upload_begin(struct eki_request *request);
/* Takes more of it. After a failure (disk full) the request is answered. */
void eki_upload_add(struct eki_request *request, const char *bytes, size_t length);
/* Closes what the request has, and removes what was not kept; none is allowed. */
void eki_upload_drop(struct eki_request *request);

struct eki_web;
/* Removes what uploads left behind that were cut off by the end of the program. Before the first request. */
void eki_upload_sweep(const struct eki_web *web);
/* Gives up the uploads of pieces whose time is over. Any thread. O(those). */
void eki_upload_expire(struct eki_web *web);

#endif
