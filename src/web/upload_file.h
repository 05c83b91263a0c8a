/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_UPLOAD_FILE_H
#define EKI_WEB_UPLOAD_FILE_H
/*
 * A file that comes in, as upload.c (whole, by one request) and upload_piece.c (piece by piece) share it.
 * Both open it when the head of the request is there; eki_upload_add writes what comes; the handler settles
 * it.
 */
#include <pthread.h>
#include <sodium.h>

#include "web/upload.h"

enum { EKI_UPLOAD_PATH = 4096, EKI_UPLOAD_NAME = 64 };

struct eki_upload {
    struct eki_upload *next; /* of those that write pieces: see struct eki_uploads */
    pthread_mutex_t lock;    /* held while something is written: a later request ends this one in between */
    bool ended;              /* by a later request */
    bool finishing; /* all of it is there and being hashed: no later request may end it or add to it */
    bool begins;    /* an upload of pieces, which has no row before its first request is over */
    bool kept;
    int file;
    int64_t piece;  /* id of the upload's row; 0: all of it comes by this request */
    uint64_t start; /* bytes that were there before this request */
    uint64_t size;  /* and with what it brought */
    uint64_t most;  /* bytes it will have; 0: not known */
    int64_t handling_class;
    const char *display; /* of the request's target; NULL: of the row */
    char name[EKI_UPLOAD_NAME], path[EKI_UPLOAD_PATH], part[EKI_UPLOAD_PATH];
    crypto_hash_sha256_state hash; /* of what this request brought */
};

/* Makes room for one in the request; NULL after answering. */
struct eki_upload *eki_upload_new(struct eki_request *request);
/* Reads ?name= and ?handling_class=; false after answering. */
bool eki_upload_take_name(struct eki_request *request, struct eki_upload *upload);
/* Chooses the file's name and path. False when it does not fit. */
bool eki_upload_place(struct eki_request *request, struct eki_upload *upload);
/* Is there room on the disk for so many bytes more? False after answering 507. */
bool eki_upload_has_room(struct eki_request *request, uint64_t bytes);
/* Answers that it cannot be written, and gives the room of what this request brought back at once. */
void eki_upload_refuse(struct eki_request *request, int error);
/* Makes the names in inputs/ last. */
bool eki_upload_flush_folder(const struct eki_web *web);
/* The input it became: a row with this hash. NULL after answering; else the work is not committed yet. */
struct eki_store_work *eki_upload_name(struct eki_request *request,
                                       const unsigned char hash[crypto_hash_sha256_BYTES],
                                       struct eki_store_input *ret_input);

/* upload_piece.c */

/* POST /inputs with Upload-Complete: ?0: opens the file of an upload of pieces. Answers when that cannot be.
 */
void eki_piece_create(struct eki_request *request);
/* PATCH /uploads/{id}: opens the file where the piece goes. Answers when that cannot be. */
void eki_piece_begin(struct eki_request *request);
/* Keeps the row of what POST began, and answers with it. */
void eki_piece_created(struct eki_request *request);
/* Is this POST the begin of an upload of pieces? False also after answering. */
bool eki_piece_wanted(struct eki_request *request);
/* It writes no more: out of the list of those that do. */
void eki_piece_leave(struct eki_web *web, struct eki_upload *upload);

#endif
