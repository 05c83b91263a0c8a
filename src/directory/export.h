/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_EXPORT_H
#define EKI_DIRECTORY_EXPORT_H
/* The writers of other formats; all write a settled directory to an open file. */
#include "directory/schema.h"
#include "ekigaku/roster.h"

/* One kind of record as CSV, its keys as columns. */
void eki_export_csv(const struct eki_directory *directory, enum eki_record_kind kind, FILE *out);
/* Prefixes as CSV with team, department and description. */
void eki_export_ipam(const struct eki_directory *directory, FILE *out);
/* Team lists. */
void eki_export_first(const struct eki_directory *directory, FILE *out);
void eki_export_ti(const struct eki_directory *directory, FILE *out);
/* RPSL objects. */
void eki_export_rpsl(const struct eki_directory *directory, FILE *out);

/* The first contact of a team with this medium, EKI_NOWHERE without. */
uint32_t eki_export_contact(const struct eki_directory *directory, uint32_t team, enum eki_medium medium);

#endif
