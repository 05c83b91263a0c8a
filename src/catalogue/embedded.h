/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CATALOGUE_EMBEDDED_H
#define EKI_CATALOGUE_EMBEDDED_H
/* The files of catalogue/ as the build compiled them in (tools/embed). */
#include "base/embedded.h"

extern const struct eki_embedded eki_catalogue_files[]; /* ended by an entry without name */

#endif
