/* SPDX-License-Identifier: Apache-2.0 */
/* States of a notice, and which may follow which. */
#include "ekigaku/notice.h"

#include <string.h>

#include "base/text.h"

static const char *const names[EKI_NOTICE_STATES] = {
    [EKI_NOTICE_DRAFT] = "draft",       [EKI_NOTICE_RELEASED] = "released",
    [EKI_NOTICE_QUEUED] = "queued",     [EKI_NOTICE_SENDING] = "sending",
    [EKI_NOTICE_SENT] = "sent",         [EKI_NOTICE_DELIVERED] = "delivered",
    [EKI_NOTICE_BOUNCED] = "bounced",   [EKI_NOTICE_OPENED] = "opened",
    [EKI_NOTICE_RECEIVED] = "received", [EKI_NOTICE_HANDLING] = "handling",
    [EKI_NOTICE_DONE] = "done",         [EKI_NOTICE_DISPUTED] = "disputed",
    [EKI_NOTICE_UNKNOWN] = "unknown",   [EKI_NOTICE_WITHDRAWN] = "withdrawn",
};

const char *eki_notice_state_name(enum eki_notice_state state)
{
    return (unsigned)state < EKI_NOTICE_STATES ? names[state] : "?";
}

enum eki_notice_state eki_notice_state_parse(const char *name)
{
    for (unsigned i = 0; i < EKI_NOTICE_STATES; i++)
        if (!strcmp(names[i], name)) return (enum eki_notice_state)i;
    return EKI_NOTICE_STATES;
}

#define BIT(state) (1U << EKI_NOTICE_##state)

/* What the owner says by a page or a mail: it may say something else later. */
#define ANSWERS (BIT(RECEIVED) | BIT(HANDLING) | BIT(DONE) | BIT(DISPUTED))

/* QUEUED after it was sent is the next step of the ladder. An answer can come to everything that may have
 * reached somebody, also to what bounced (from one of several mailboxes) and to what is not known. */
static const unsigned follows[EKI_NOTICE_STATES] = {
    [EKI_NOTICE_DRAFT] = BIT(RELEASED) | BIT(WITHDRAWN),
    [EKI_NOTICE_RELEASED] = BIT(DRAFT) | BIT(QUEUED) | BIT(WITHDRAWN),
    [EKI_NOTICE_QUEUED] = BIT(RELEASED) | BIT(SENDING) | BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_SENDING] = BIT(QUEUED) | BIT(SENT) | BIT(BOUNCED) | BIT(UNKNOWN) | BIT(OPENED) | ANSWERS,
    [EKI_NOTICE_SENT] = BIT(QUEUED) | BIT(DELIVERED) | BIT(BOUNCED) | BIT(OPENED) | BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_DELIVERED] = BIT(QUEUED) | BIT(BOUNCED) | BIT(OPENED) | BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_BOUNCED] = BIT(QUEUED) | BIT(OPENED) | BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_OPENED] = BIT(QUEUED) | BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_RECEIVED] = BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_HANDLING] = BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_DONE] = ANSWERS,
    [EKI_NOTICE_DISPUTED] = BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_UNKNOWN] =
        BIT(QUEUED) | BIT(SENT) | BIT(DELIVERED) | BIT(BOUNCED) | BIT(OPENED) | BIT(WITHDRAWN) | ANSWERS,
    [EKI_NOTICE_WITHDRAWN] = 0,
};

bool eki_notice_may(enum eki_notice_state from, enum eki_notice_state to)
{
    if ((unsigned)from >= EKI_NOTICE_STATES || (unsigned)to >= EKI_NOTICE_STATES) return false;
    return follows[from] >> to & 1U;
}

const char *eki_notice_left_text(enum eki_notice_left why)
{
    static const char *const texts[EKI_LEFT_REASONS] = {
        [EKI_LEFT_NOBODY] = EKI_TEXT("the directory names no owner"),
        [EKI_LEFT_UNREACHABLE] = EKI_TEXT("its owner has no contact in the directory"),
        [EKI_LEFT_INHIBITED] = EKI_TEXT("a remark in the directory forbids notices"),
        [EKI_LEFT_DISPUTED] =
            EKI_TEXT("the owner said that it is not theirs, and the directory still names it"),
    };
    return (unsigned)why < EKI_LEFT_REASONS ? texts[why] : "?";
}

const char *eki_notice_beside_mail(const struct eki_store_notice *notice)
{
    return strchr(notice->address, '@') ? NULL : EKI_TEXT("by telephone");
}
