/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CATALOGUE_EMBEDDED_H
#define EKI_CATALOGUE_EMBEDDED_H
/* The files of catalogue/ as the build compiled them in (tools/embed). */
#include <stddef.h>

struct eki_embedded {
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

extern const struct eki_embedded eki_catalogue_files[]; /* ended by an entry without name */

#endif
