/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_REPLY_H
#define EKI_WEB_REPLY_H
/*
 * What goes back. A handler fills the reply of its request once, by one of the calls below; send.c packs it,
 * tags it and hands it to the server. A reply holds one of: bytes it owns, bytes of somebody else that stay,
 * an open file, or a stream of events.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"
#include "web/buffer.h"

struct eki_request;
struct eki_store_work;

struct eki_reply {
    unsigned status;      /* 0: nothing was filled in yet */
    const char *type;     /* static */
    const char *encoding; /* what the bytes are packed by already, or NULL */
    struct eki_buffer body;
    const void *fixed; /* bytes that outlive the reply; NULL when the body counts */
    size_t fixed_length;
    int file; /* -1, or a descriptor that the reply owns */
    uint64_t file_length;
    char etag[72]; /* with its quotes; "" : of the body's content, when that is asked for */
    char cookie[160], location[200], disposition[300];
    char added_first[40], added_last[40]; /* of the objects of TAXII; "" otherwise */
    const char *allow, *cache;            /* static; cache NULL: not kept by anybody without asking */
    unsigned retry_after;                 /* seconds; 0: not said */
    bool page;                            /* of the pages' policy, which lets its own scripts run */
    const char *policy;                   /* static, another one; NULL: that of pages or data */
    bool stream;                          /* of events: see events.h */
    bool close;                           /* the connection ends after it */
    bool at_once;                         /* and nothing more is read before */
    int64_t upload_offset;                /* bytes of an upload that are there; -1: it is about none */
    int64_t upload_length;                /* that it will have; 0: not known */
    bool upload_complete;                 /* it became an input */
};

/* Answers with JSON and takes over the reference; NULL is a lack of memory. */
void eki_reply_json(struct eki_request *request, unsigned status, json_t *json);
/* Answers with the bytes of a buffer, which is taken over. */
void eki_reply_buffer(struct eki_request *request, const char *type, struct eki_buffer *buffer);
/* Answers with bytes that outlive the request. */
void eki_reply_fixed(struct eki_request *request, const char *type, const void *bytes, size_t length);
/* Answers with an open file, which is taken over. */
void eki_reply_file(struct eki_request *request, const char *type, int file, uint64_t length);
/* Answers with nothing: 204. */
void eki_reply_nothing(struct eki_request *request);

/* Answers with a problem (RFC 9457). Replaces what was filled in before. */
void eki_problem(struct eki_request *request, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with a type of its own: a URI that lives. */
void eki_problem_typed(struct eki_request *request, const char *type, unsigned status, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));
/* The problem of an error of the store; the work (may be NULL) says why. Ends the work. */
void eki_problem_store(struct eki_request *request, enum eki_error error, struct eki_store_work *work,
                       const struct eki_fault *fault);

/* "Not Found"; the reason phrase of RFC 9110, static. */
const char *eki_status_text(unsigned status);

/* Frees what it holds. */
void eki_reply_done(struct eki_reply *reply);

#endif
