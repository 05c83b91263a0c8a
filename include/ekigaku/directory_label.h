/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_DIRECTORY_LABEL_H
#define EKIGAKU_DIRECTORY_LABEL_H
/*
 * What of a directory may be told to whom.
 *
 * Journey: each record may bear a label ("tlp"); one that bears none counts as EKI_TLP_UNMARKED, so that
 * nothing is published by forgetting. Whoever lets a directory or an answer out to others than named persons
 * asks eki_directory_permitted() for the directory as that audience may see it, and works with that one.
 *
 *     error = eki_directory_permitted(directory, &asked, &shown, &withheld);
 *     error = error ? error : eki_roster_export(shown, format, kind, out);
 *     eki_directory_free(shown);
 */
#include "ekigaku/directory.h"
#include "ekigaku/owner.h"
#include "ekigaku/tlp_exit.h"

#pragma GCC visibility push(default)

/* By which exit, to whom, in a form with words for which labels. */
struct eki_directory_asked {
    enum eki_tlp_exit exit;
    struct eki_tlp_request request; /* its label is that of each record */
};

/* The label of a record; EKI_TLP_UNMARKED when nobody labelled it. O(1). */
enum eki_tlp eki_record_label(const struct eki_record *record);

/* A settled directory of the records that may leave, in their order; what belongs to a record that may not
 * (contacts of a team, departments, networks, keys, checks) is withheld with it, and a working group that may
 * not is taken out of the lists of its teams. *ret_withheld counts them. The caller frees it.
 * EKI_ERROR_ARGUMENT when the directory is not settled, _MEMORY. O(n log n). */
EKI_MUST_USE enum eki_error eki_directory_permitted(const struct eki_directory *directory,
                                                    const struct eki_directory_asked *asked,
                                                    struct eki_directory **ret_permitted,
                                                    size_t *ret_withheld);

/* The strictest label of all records; EKI_TLP_CLEAR when there is none. O(n). */
enum eki_tlp eki_directory_strictest(const struct eki_directory *directory);

/* The strictest label of what an answer tells: owner, contacts, the records that were weighed, remarks.
 * EKI_TLP_CLEAR when it tells nothing. O(claims). */
enum eki_tlp eki_answer_label(const struct eki_directory *directory, const struct eki_answer *answer);

#pragma GCC visibility pop

#endif
