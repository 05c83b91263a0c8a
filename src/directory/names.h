/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_NAMES_H
#define EKI_DIRECTORY_NAMES_H
/* Names to positions, sorted: no hash, so no file can make it slow, and no order depends on a seed. */
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/error.h"

struct eki_name {
    const char *text;
    uint32_t at;
};

struct eki_names {
    struct eki_name *items;
    size_t count, capacity;
};

/* Adds a name; the text must outlive the list. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_names_add(struct eki_names *names, const char *text, uint32_t at);

/* Sorts by text, then position. O(n log n). */
void eki_names_sort(struct eki_names *names);

/* The first position with this text, UINT32_MAX when there is none or `text` is NULL. O(log n). */
uint32_t eki_names_find(const struct eki_names *names, const char *text);

/* The first entry that names the same as the one before it with another position, or NULL. O(n). */
const struct eki_name *eki_names_twice(const struct eki_names *names);

/* Frees the list, not the texts. */
void eki_names_done(struct eki_names *names);

#endif
