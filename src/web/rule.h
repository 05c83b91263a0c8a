/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_RULE_H
#define EKI_WEB_RULE_H
/*
 * Cases that a result which is being kept changes by itself (ekigaku/case_rule.h). The result counts more
 * than its cases: when the rule cannot be applied, because a directory contradicts itself for one, the caller
 * ends the work and keeps the result without it.
 */
#include "ekigaku/case_rule.h"
#include "web/web.h"

/* Applies it within the caller's work, as `act`; a failure that waiting does not mend is noted in the log.
 * *ret_outcome is to be freed by eki_case_rule_done. */
EKI_MUST_USE enum eki_error eki_web_rule_apply(struct eki_web *web, struct eki_store_work *work,
                                               const struct eki_store_act *act, int64_t analysis,
                                               struct eki_case_rule_outcome *ret_outcome);

/* Once that is committed: tells those who listen which cases changed, and the log. */
void eki_web_rule_tell(struct eki_web *web, const struct eki_case_rule_outcome *outcome);

/* Waiting may help: the store cannot be reached, or its disk is full. */
bool eki_web_may_pass(enum eki_error error);

#endif
