/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_GUARD_H
#define EKI_WEB_GUARD_H
/* Who asks, and whether they may. */
#include <stdbool.h>

#include "web/request.h"

/* The name of the cookie that holds a session; with TLS browsers see to its prefix (RFC 6265bis, 4.1.3). */
#define EKI_COOKIE        "ekigaku"
#define EKI_COOKIE_SECURE "__Host-ekigaku"

/* How long a session lives unused and at most, and how often it is noted that it was used: seconds. */
enum { EKI_SESSION_IDLE_S = 12 * 3600, EKI_SESSION_MOST_S = 7 * 86400, EKI_SESSION_NOTE_S = 60 };

/* Decides before a byte of the body is read: the name by which the service was called, how often the visitor
 * asks, cookie or token, role and scope, CSRF token, type and length of the body. False after answering. */
bool eki_guard_admit(struct eki_request *request);

/* Fills request->who from an account; the rest of `who` stays. */
void eki_guard_become(struct eki_request *request, const struct eki_store_account *account);

/* Most bytes of the body of a request whose route is known. */
unsigned eki_guard_most(const struct eki_request *request);

#endif
