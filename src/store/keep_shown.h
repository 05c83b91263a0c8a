/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_KEEP_SHOWN_H
#define EKI_STORE_KEEP_SHOWN_H
/* What an outbreak shows that others can look for, kept with it. */
#include "ekigaku/analysis.h"
#include "ekigaku/store.h"

/* Writes the rows of outbreak_indicator of an outbreak (id `id`) anew. Errors are those of the work, _MEMORY.
 * O(n log n), n its infections, and O(signs log n). */
EKI_MUST_USE enum eki_error eki_keep_shown(struct eki_store_work *work, const struct eki_outbreak *outbreak,
                                           const struct eki_result *result, int64_t id);

#endif
