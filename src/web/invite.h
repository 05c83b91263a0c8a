/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_INVITE_H
#define EKI_WEB_INVITE_H
/* One-time links by which people set their first password, or a new one. */
#include "ekigaku/store.h"
#include "web/web.h"

/* How long a link is good. */
enum { EKI_INVITATION_S = 3 * 86400 };

/* Makes a link for an account: "/invitation/TOKEN". The work is still to be committed. Errors of the store.
 */
EKI_MUST_USE enum eki_error eki_invite(struct eki_store_work *work, int64_t account, int64_t now,
                                       char ret_link[80]);

/* On a first start makes the administrator; while nobody has a password, makes a new link for the first
 * administrator and keeps it in web->invitation. Errors of the store. */
EKI_MUST_USE enum eki_error eki_invite_first(struct eki_web *web, struct eki_fault *ret_fault);

#endif
