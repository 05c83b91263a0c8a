/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_EMBEDDED_H
#define EKI_BASE_EMBEDDED_H
/* A file that the build compiled in (tools/embed); a table of them ends with an entry without name. */
#include <stddef.h>

struct eki_embedded {
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

#endif
