/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_MAILBOX_H
#define EKI_WEB_MAILBOX_H
/*
 * What comes in: messages of a maildir or an IMAP folder are filed to the notices they answer, questions to
 * enquiries. How far an IMAP folder was taken stands in the store (setting "mailbox.place"), written together
 * with what the message caused, so that none is filed twice and none is lost.
 */
#include <stdint.h>

struct eki_web;

/* Files what arrived, if a mailbox was named; an IMAP server is asked twice a minute. `sender` is our own
 * address (mail from it is a loop), `secret` that of the answer links. What goes wrong is logged. The
 * courier's thread. */
void eki_mailbox_round(struct eki_web *web, const char *sender, const uint8_t *secret);

#endif
