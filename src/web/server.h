/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_SERVER_H
#define EKI_WEB_SERVER_H
/* The HTTP server underneath: libmicrohttpd by epoll, a few threads that each serve many connections. */
#include "web/web.h"

/* Listens and serves. EKI_ERROR_ARGUMENT (address, certificate), _OPEN (the address is in use). */
EKI_MUST_USE enum eki_error eki_server_start(struct eki_web *web, struct eki_fault *ret_fault);

/* No new connections. */
void eki_server_quiet(struct eki_web *web);

/* Ends all connections. */
void eki_server_stop(struct eki_web *web);

#endif
