/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_TREE_H
#define EKI_DIRECTORY_TREE_H
/* A whole JSON document read from a source, and members of it as text. */
#include <jansson.h>

#include "directory/entry.h"

/* Reads to the end. EKI_ERROR_LIMIT above EKI_ROSTER_JSON bytes, EKI_ERROR_FORMAT with line and column when
 * it is no JSON. The caller calls json_decref. */
EKI_MUST_USE enum eki_error eki_tree_read(struct eki_source *source, json_t **ret_tree,
                                          struct eki_fault *ret_fault);

/* The text of a member, NULL when it is not there or no text. */
const char *eki_tree_text(const json_t *object, const char *key);

/* The array of a member; NULL, which has size 0, when it is none. */
const json_t *eki_tree_array(const json_t *object, const char *key);

#endif
