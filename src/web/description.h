/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_DESCRIPTION_H
#define EKI_WEB_DESCRIPTION_H
/* The description of the API (OpenAPI 3.1), put together from the YAML file beside each resource,
 * which says what its handlers answer, and the table of routes, from which follows what is answered before
 * one is asked: 400, 414, 421, 429, 503; 401 and 403 where not anybody may; 413, 415 and 422 where there is a
 * body. */
#include <jansson.h>
#include <stddef.h>

#include "ekigaku/error.h"

struct eki_embedded {
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

extern const struct eki_embedded eki_description_files[]; /* ended by an entry without name */

/* A YAML text of plain maps, lists and scalars as JSON; NULL after filling the fault. No anchors, no tags. */
json_t *eki_yaml_json(const void *bytes, size_t length, struct eki_fault *ret_fault);

/* Puts all files together; NULL after filling the fault: a file is wrong, which only a mistake of the build
 * can make. O(files). */
json_t *eki_description_make(struct eki_fault *ret_fault);

#endif
