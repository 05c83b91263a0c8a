/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_NOTICE_H
#define EKI_WEB_NOTICE_H
/* What the handlers of notices share. */
#include "ekigaku/notice.h"
#include "web/request.h"

/* Everything that composing needs, out of the store. */
struct eki_web_notices {
    struct eki_directory *directory;
    struct eki_notice_templates *templates;
    struct eki_notice_settings settings;
    struct eki_notice_setup setup;
    uint8_t secret[EKI_ANSWER_SECRET];
};

/* Reads it; pair with eki_web_notices_done, also after a failure. The setup points into it and into the work.
 * O(records of the directory). */
EKI_MUST_USE enum eki_error eki_web_notices_init(struct eki_store_work *work, int64_t now,
                                                 struct eki_web_notices *notices,
                                                 struct eki_fault *ret_fault);
void eki_web_notices_done(struct eki_web_notices *notices);

/* Tells a changed notice to all who listen. */
void eki_web_tell_notice(struct eki_web *web, const struct eki_store_notice *notice);

/* The secret of answer links; `make`: out of the system's randomness when there is none yet (the work
 * writes). EKI_ERROR_MISSING. */
EKI_MUST_USE enum eki_error eki_web_secret_of(struct eki_store_work *work, bool make,
                                              uint8_t ret_secret[EKI_ANSWER_SECRET]);

#endif
