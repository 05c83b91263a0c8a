/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_HEAD_H
#define EKI_WEB_HEAD_H
/*
 * Is the head of a request one that everybody reads alike? What the server's library lets pass and another
 * program on the way might read otherwise (two lengths, a length beside chunks, a blank in a name) hides one
 * request in another; it is refused and the connection ends, since where the next one begins is not known.
 */
#include "web/request.h"

enum { EKI_HEAD_BYTES = 16 << 10 /* cookies and tokens of a person are 1 KiB */ };

/* False after answering 400, 431 or 501, which is to be sent at once. O(head). */
bool eki_head_check(struct eki_request *request);

#endif
