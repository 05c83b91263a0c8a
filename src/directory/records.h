/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_RECORDS_H
#define EKI_DIRECTORY_RECORDS_H
/*
 * The directory as it lies in memory: one growing array a kind, texts in one arena, and, once settled, the
 * sorted names, the look-up tables and the state of each contact.
 */
#include "base/arena.h"
#include "directory/domains.h"
#include "directory/names.h"
#include "directory/prefixes.h"
#include "ekigaku/directory.h"
#include "ekigaku/heartbeat.h"
#include "ekigaku/owner.h"

struct eki_records {
    void *items;
    size_t count, capacity;
};

struct eki_directory {
    struct eki_records of[EKI_RECORD_KINDS];
    struct eki_arena texts;
    const char *last_source; /* most records share it: kept once */
    bool settled;
    eki_time now;
    struct eki_names names[EKI_RECORD_KINDS]; /* by id; teams by handle too */
    struct eki_prefixes prefixes;
    struct eki_domains domains;
    uint32_t *by_asn, *by_country; /* positions of networks, sorted by what they are about */
    size_t asn_count, country_count;
    uint32_t *contact_order;          /* positions of contacts: by team, then by preference */
    uint32_t *contact_starts;         /* of each team in contact_order, one more at the end */
    struct eki_contact_state *states; /* of each contact */
};

/* Drops what settling made. */
void eki_directory_unsettle(struct eki_directory *directory);

/* Makes room for one more zeroed record of a kind and gives it, already counted. EKI_ERROR_LIMIT, _MEMORY. */
EKI_MUST_USE enum eki_error eki_records_append(struct eki_directory *directory, enum eki_record_kind kind,
                                               void **ret_record, struct eki_fault *ret_fault);

/* A copy of `length` bytes as a text of the directory; NULL when there is no memory. */
const char *eki_directory_keep(struct eki_directory *directory, const char *text, size_t length);

/* The same for names of sources. */
const char *eki_directory_keep_source(struct eki_directory *directory, const char *source);

/* "line 12: key \"prefix\": " and what is wrong; the line is left out when 0, the key when NULL. Returns
 * EKI_ERROR_CORRUPT. */
enum eki_error eki_directory_wrong(struct eki_fault *ret_fault, uint32_t line, const char *key,
                                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The steps of eki_directory_settle. */
EKI_MUST_USE enum eki_error eki_directory_link(struct eki_directory *directory, struct eki_fault *ret_fault);
EKI_MUST_USE enum eki_error eki_directory_judge_contacts(struct eki_directory *directory);
EKI_MUST_USE enum eki_error eki_directory_index(struct eki_directory *directory);

#endif
