/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_MAPPING_H
#define EKI_CONTACT_MAPPING_H
/*
 * The mapping file of --mapping: what a log does not say itself. One `name = value` a line; empty lines and
 * lines that begin with '#' are passed over. For CSV the names are fields and the values columns
 * (`client = Source IP`); for Windows events they are hosts and addresses (`WORKSTATION5 = 10.0.1.5`).
 */
#include "base/arena.h"
#include "ekigaku/error.h"

struct eki_mapping_entry {
    const char *name, *value;
    unsigned line;
};

/* Zeroed is empty. */
struct eki_mapping {
    struct eki_arena texts;
    struct eki_mapping_entry *entries; /* sorted by name, in any case */
    size_t count, capacity;
};

/* Reads a file of at most 65,536 lines and 4 MiB, so that a wrong file is not read for long. On failure
 * *ret_fault names file and line, and the mapping is empty: EKI_ERROR_OPEN, _READ, _MEMORY, _ARGUMENT for a
 * line that is none or a name that comes twice. */
EKI_MUST_USE enum eki_error eki_mapping_read(const char *path, struct eki_mapping *ret_mapping,
                                             struct eki_fault *ret_fault);

/* The entry of a name, in any case; NULL when there is none. O(log n). */
const struct eki_mapping_entry *eki_mapping_find(const struct eki_mapping *mapping, const char *name);

/* Frees it; it is empty again. */
void eki_mapping_done(struct eki_mapping *mapping);

#endif
