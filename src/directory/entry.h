/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_ENTRY_H
#define EKI_DIRECTORY_ENTRY_H
/*
 * What all import readers share: an entry makes some records; when one of its values is wrong, the problem is
 * told and all records of the entry are taken back.
 *
 *     eki_entry_begin(&import, line);
 *     struct eki_team *team = eki_entry_record(&import, EKI_RECORD_TEAM);
 *     eki_entry_set(&import, EKI_RECORD_TEAM, team, "name", text);
 *     error = eki_entry_end(&import);
 */
#include "base/source.h"
#include "directory/schema.h"
#include "ekigaku/roster.h"

struct eki_import {
    struct eki_directory *directory;
    const struct eki_roster_request *request;
    struct eki_roster_counts *counts;
    struct eki_fault *fault;
    uint32_t line;
    size_t before[EKI_RECORD_KINDS]; /* how many records there were */
    bool wrong;                      /* the entry, already told */
    enum eki_error error;            /* what ends the import: memory, a limit */
};

/* Begins an entry. */
void eki_entry_begin(struct eki_import *import, uint32_t line);

/* A new record with source, moment and line; NULL when that ends the import. The pointer holds until the next
 * record of its kind. */
void *eki_entry_record(struct eki_import *import, enum eki_record_kind kind);

/* Sets a value; NULL and "" are none. A wrong value makes the entry wrong. `record` may be NULL. */
void eki_entry_set(struct eki_import *import, enum eki_record_kind kind, void *record, const char *key,
                   const char *text);

/* Tells a problem of the entry. */
void eki_entry_wrong(struct eki_import *import, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Validates the entry's records, or takes them back. What ends the import. */
EKI_MUST_USE enum eki_error eki_entry_end(struct eki_import *import);

struct eki_entry_contact {
    const char *id, *team, *address, *name;
    enum eki_contact_role role;
    enum eki_medium medium;
};

/* A contact of the entry. */
void eki_entry_contact(struct eki_import *import, const struct eki_entry_contact *contact);

/* A network of the entry for a word that is a prefix, range, domain or AS number. */
void eki_entry_resource(struct eki_import *import, const char *team, const char *department,
                        const char *word);

/* Drops records of a kind (team, department, contact) whose id an earlier one has. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_import_unique(struct eki_directory *directory, enum eki_record_kind kind);

/* The readers: one file each; `finish` when all are read. */
EKI_MUST_USE enum eki_error eki_import_csv(struct eki_import *import, struct eki_source *source);
EKI_MUST_USE enum eki_error eki_import_ipam(struct eki_import *import, struct eki_source *source);
EKI_MUST_USE enum eki_error eki_import_first(struct eki_import *import, struct eki_source *source);
EKI_MUST_USE enum eki_error eki_import_ti(struct eki_import *import, struct eki_source *source);

struct eki_rpsl;

/* RPSL keeps what refers to other objects until all files are read: new, read each file, finish, free (NULL
 * is allowed). */
EKI_MUST_USE enum eki_error eki_rpsl_new(struct eki_rpsl **ret_rpsl);
EKI_MUST_USE enum eki_error eki_rpsl_read(struct eki_rpsl *rpsl, struct eki_import *import,
                                          struct eki_source *source);
EKI_MUST_USE enum eki_error eki_rpsl_finish(struct eki_rpsl *rpsl, struct eki_import *import);
void eki_rpsl_free(struct eki_rpsl *rpsl);

#endif
