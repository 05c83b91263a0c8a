/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_CASE_HOST_H
#define EKI_CASE_CASE_HOST_H
/* What all ways by which a host comes into a case share. */
#include "ekigaku/directory.h"
#include "ekigaku/store.h"

/* Who answers for a host, as far as the directory (NULL: none) knows: sets team and department, whose texts
 * are the directory's. Nothing is set when nobody is found. O(log networks). */
void eki_case_host_owner(const struct eki_directory *directory, struct eki_store_case_host *row);

#endif
