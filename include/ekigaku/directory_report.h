/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_DIRECTORY_REPORT_H
#define EKIGAKU_DIRECTORY_REPORT_H
/*
 * The directory for people: the answer of a look-up with its reasons, in English or Japanese. Texts of the
 * directory go out with control characters made harmless.
 */
#include "ekigaku/directory.h"
#include "ekigaku/owner.h"
#include "ekigaku/report.h"

#pragma GCC visibility push(default)

/* Whom to call and why, what else was found, remarks. `question` is what was asked. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_answer(const struct eki_directory *directory,
                                              const struct eki_answer *answer, const char *question,
                                              enum eki_language language, FILE *out);

#pragma GCC visibility pop

#endif
