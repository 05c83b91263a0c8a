/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_REQUEST_H
#define EKI_WEB_REQUEST_H
/*
 * One request from its first byte to its line in the log. server.c makes it, guard.c decides whether it may
 * go on, a handler (handlers.h) answers it; everything else is for handlers.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "ekigaku/store.h"
#include "web/body.h"
#include "web/buffer.h"
#include "web/reply.h"
#include "web/target.h"

struct MHD_Connection;
struct eki_visitor;
struct eki_way;
struct eki_upload;
struct eki_web;

enum eki_method {
    EKI_METHOD_OTHER = 0,
    EKI_METHOD_GET, /* HEAD too */
    EKI_METHOD_POST,
    EKI_METHOD_PUT,
    EKI_METHOD_PATCH,
    EKI_METHOD_DELETE
};

enum eki_role {
    EKI_ROLE_ANYONE = 0, /* who is not signed in */
    EKI_ROLE_VIEWER,
    EKI_ROLE_ANALYST,
    EKI_ROLE_COORDINATOR,
    EKI_ROLE_ADMINISTRATOR
};

/* Who asks. */
struct eki_who {
    int64_t account; /* 0: nobody */
    enum eki_role role;
    int64_t session, token; /* by which of them; 0 for the other */
    char name[104], csrf[64], language[8];
};

enum eki_stage {
    EKI_STAGE_NEW = 0,
    EKI_STAGE_BODY,   /* taking the body */
    EKI_STAGE_PASSED, /* handed to the slow lane */
    EKI_STAGE_ANSWERED
};

enum { EKI_ROUTE_VALUES = 4 };

struct eki_request {
    struct eki_web *web;
    struct MHD_Connection *connection;    /* NULL in tests */
    struct eki_visitor *visitor;          /* whose connection it is; NULL in tests */
    const struct eki_way *route;          /* NULL: none */
    const char *values[EKI_ROUTE_VALUES]; /* what stands at {..} of the route */
    enum eki_method method;
    enum eki_stage stage;
    bool head;
    bool old; /* HTTP/1.0 */
    struct eki_target target;
    char instance[200]; /* the path as it came, for problems and the log */
    struct eki_who who;
    struct eki_buffer body;
    uint64_t body_length; /* bytes of it that came */
    json_t *json;         /* the checked body; NULL when the route takes none */
    struct eki_upload *upload;
    struct eki_reply reply;
    char label[64]; /* of the Traffic Light Protocol, of the whole answer; "": not said */
    struct eki_arena arena;
    uint64_t started;         /* ticks */
    uint64_t sent;            /* bytes of the answer */
    struct eki_request *next; /* in the slow lane */
};

/* A header of the request; NULL when it was not sent. Case does not matter. */
const char *eki_request_header(const struct eki_request *request, const char *name);

/* True when the client has an answer of this tag already (If-None-Match; the comparison is the weak one). */
bool eki_request_knows(const struct eki_request *request, const char *tag);

/* Now, in microseconds since 1970. */
int64_t eki_request_now(const struct eki_request *request);

/* The positive number that stands at the n-th {..} of the route; 0 after answering 404. */
int64_t eki_request_id(struct eki_request *request, unsigned n);

/* The number from 0 on that stands there; -1 after answering 404. */
int64_t eki_request_position(struct eki_request *request, unsigned n);

/* Who asks, and when. */
struct eki_store_act eki_request_act(const struct eki_request *request);

/* Begins to read, or as who asks to write; NULL after answering with a problem. */
struct eki_store_work *eki_request_reads(struct eki_request *request);
struct eki_store_work *eki_request_writes(struct eki_request *request);

/* After a call that changes: commits when there was no error, ends the work, and answers with the problem
 * otherwise; the call's own reason (`fault`) counts before the store's. True when it was kept: the answer is
 * the caller's. */
bool eki_request_settled(struct eki_request *request, struct eki_store_work *work, enum eki_error error,
                         const struct eki_fault *fault);

/* A whole number given as a parameter. False after answering 400 when it is none or out of range;
 * `otherwise` when it was not given. */
bool eki_request_integer(struct eki_request *request, const char *name, struct eki_field range,
                         int64_t *ret_value);
/* A number given as a parameter; as above. */
bool eki_request_number(struct eki_request *request, const char *name, double otherwise, double *ret_value);

/* True when texts are to be Japanese: by ?lang=, the account's language, or Accept-Language. */
bool eki_request_japanese(const struct eki_request *request);

/* True when an Accept-Encoding text allows a coding (RFC 9110, 12.5.3); NULL allows none. */
bool eki_accepts(const char *header, const char *coding);

/* Frees what it holds. */
void eki_request_done(struct eki_request *request);

#endif
