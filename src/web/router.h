/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_ROUTER_H
#define EKI_WEB_ROUTER_H
/*
 * Which handler answers what: one table (router.c). Each row of it is described by a path in one of the YAML
 * files beside the handlers, which tests/api compares both ways.
 */
#include <stddef.h>

#include "web/request.h"

typedef void eki_handler(struct eki_request *request);

enum eki_route_flag {
    EKI_ROUTE_SLOW = 1,   /* takes long: answered by the slow lane, so that it holds nobody up */
    EKI_ROUTE_UPLOAD = 2, /* the body is a file that is written while it comes */
    EKI_ROUTE_LIVE = 4,   /* the answer is never kept by anybody, not even with a tag */
    EKI_ROUTE_FORM = 8,   /* the body is that of a plain HTML form: see form.h */
    EKI_ROUTE_PIECE = 16, /* with UPLOAD: the body is a piece of a file */
    EKI_ROUTE_BYTES = 32  /* the body is taken as it comes, up to EKI_RAW_BYTES */
};

struct eki_way {
    enum eki_method method;
    enum eki_role role;             /* who may, at least */
    const char *scope;              /* that a token needs besides; NULL: tokens may not */
    const char *pattern;            /* "/api/v1/jobs/{id}" */
    eki_handler *handler;           /* called with the body read and checked */
    const struct eki_field *fields; /* of the JSON body; NULL: there is none */
    unsigned flags;
};

extern const struct eki_way eki_routes[]; /* ended by one without pattern */

/* Finds the route and notes the values at {..}. NULL when there is none; *ret_allow (static, or "") then
 * tells the methods that the path does take. O(routes). */
const struct eki_way *eki_router_find(struct eki_request *request, const char **ret_allow);

/* The position of a route in the table, for counts; how many there are, for NULL. */
size_t eki_router_number(const struct eki_way *route);

/* The name of a method, and the method of a name. */
const char *eki_method_name(enum eki_method method);
enum eki_method eki_method_parse(const char *name);

/* "viewer", ... and back; EKI_ROLE_ANYONE for what is none. */
const char *eki_role_name(enum eki_role role);
enum eki_role eki_role_parse(const char *name);

#endif
