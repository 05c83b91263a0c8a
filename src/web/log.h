/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_LOG_H
#define EKI_WEB_LOG_H
/*
 * The log: one JSON object a line, handed to the caller's sink. Access lines tell who asked for what, how it
 * ended and how long it took; never what stood in a body, a parameter or a header that proves who one is.
 */
#include <stdarg.h>

#include "web/request.h"
#include "web/web.h"

/* Keeps the path of a request as it came, without parameters, for problems and the log. What is secret in a
 * path (the token of an invitation) is left out; bytes that are no printable ASCII become "?". */
void eki_log_instance(struct eki_request *request, const char *uri);

/* The access line of a request that ended; `whole`: its answer went out to the end. */
void eki_log_request(const struct eki_request *request, uint64_t ticks, bool whole);

/* A message of the HTTP server itself; `user` is the service. */
void eki_log_server(void *user, const char *format, va_list arguments);

#endif
