/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_SEND_H
#define EKI_WEB_SEND_H
/* Hands a filled reply to the HTTP server: packed when the client reads that, tagged, with the headers that
 * keep browsers from doing with it what they should not. */
#include <microhttpd.h>

#include "web/request.h"

/* MHD_NO ends the connection: there was no memory. */
enum MHD_Result eki_send(struct eki_request *request);

#endif
