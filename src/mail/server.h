/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_MAIL_SERVER_H
#define EKI_MAIL_SERVER_H
/* What SMTP, IMAP and HTTP have in common. */
#include <curl/curl.h>

#include "ekigaku/mail.h"

/* A handle for this server: schemes "smtp", "imap" or "http" (and with "s"), TLS unless it is plain and on
 * this machine, login, time-outs; no proxy, no ~/.netrc, no signals. To be closed with curl_easy_cleanup().
 * EKI_ERROR_ARGUMENT, EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_server_handle(const struct eki_mail_server *server, const char *scheme,
                                              CURL **ret_curl, struct eki_fault *ret_fault);

#endif
