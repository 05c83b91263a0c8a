/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_ROSTER_H
#define EKIGAKU_ROSTER_H
/*
 * Directories of others, read and written: tables in CSV, the team lists of FIRST and of the Trusted
 * Introducer, split files of the RIPE database, prefixes of an address management (IPAM).
 *
 * Journey: eki_roster_import() reads files into a directory of their own; what is wrong in them is told entry
 * by entry and passed over. eki_directory_merge() then brings it into the one that is kept: everything of
 * that source is replaced, nothing entered by hand is touched, and where the two differ that is told as
 * drift.
 *
 *     eki_directory_new(&found);
 *     eki_roster_import(found, &request, &counts, &fault);
 *     eki_directory_merge(directory, found, "ripe", tell_drift, user, &changes);
 */
#include "ekigaku/directory.h"

#pragma GCC visibility push(default)

enum eki_roster_format {
    EKI_ROSTER_OWN = 0, /* the directory file */
    EKI_ROSTER_CSV,     /* a header line with keys of a kind of record, RFC 4180 */
    EKI_ROSTER_FIRST,   /* api.first.org/data/v1/teams */
    EKI_ROSTER_TI,      /* Trusted Introducer, directory/teams.json */
    EKI_ROSTER_RIPE,    /* RPSL objects: organisation, role, inetnum, inet6num, route, route6, aut-num */
    EKI_ROSTER_IPAM,    /* CSV of prefixes with tenants */
    EKI_ROSTER_FORMATS
};

/* Told for each entry that is passed over: its line (or number, in JSON) and what is wrong with it. */
typedef void eki_roster_problem(void *user, uint32_t line, const char *what);

struct eki_roster_request {
    const char *const *paths; /* "-" is standard input; gzip, zstd and xz too */
    size_t path_count;
    enum eki_roster_format format;
    const char *source;          /* the name its records get; NULL: entered by hand */
    const char *team;            /* IPAM, and CSV of networks without a team: whose they are; may be NULL */
    eki_time now;                /* when it was entered; may be EKI_TIME_NONE */
    eki_roster_problem *problem; /* may be NULL */
    void *user;
};

struct eki_roster_counts {
    size_t entries;     /* rows, objects or teams seen */
    size_t passed_over; /* of them, because something was wrong; each told to `problem` */
    size_t without_use; /* of them, because they name nobody (an inetnum without organisation and country) */
    size_t path;        /* position in `paths` of the file that an error is about */
};

/* Entries wrong in one import before it is given up: a file of another kind, not one with mistakes. */
enum { EKI_ROSTER_WRONG = 100000, EKI_ROSTER_JSON = 256 << 20 };

/* Adds the entries of all files. EKI_ERROR_FORMAT when a file is not of the format, _LIMIT, _CORRUPT (the own
 * format, which is taken whole or not), errors of the system. O(bytes). */
EKI_MUST_USE enum eki_error eki_roster_import(struct eki_directory *directory,
                                              const struct eki_roster_request *request,
                                              struct eki_roster_counts *ret_counts,
                                              struct eki_fault *ret_fault);

/* Writes the directory in a format. CSV has one kind of record in a file: `kind`. EKI_ERROR_WRITE; what a
 * format cannot say is left out (docs/formats/rosters.md); EKI_ERROR_ARGUMENT when the directory is not
 * settled. */
EKI_MUST_USE enum eki_error eki_roster_export(const struct eki_directory *directory,
                                              enum eki_roster_format format, enum eki_record_kind kind,
                                              FILE *out);

/* The format with this name, EKI_ROSTER_FORMATS when there is none; and its name, static. */
enum eki_roster_format eki_roster_format_of(const char *name);
const char *eki_roster_format_name(enum eki_roster_format format);

/* One difference between what was entered by hand and what is imported. */
struct eki_drift {
    enum eki_record_kind kind;
    const char *id, *key;      /* of the record by hand; the key that differs */
    const char *ours, *theirs; /* values as text */
};
typedef void eki_drift_told(void *user, const struct eki_drift *drift);

struct eki_merge_counts {
    size_t added, replaced, gone; /* records of the source: new, there before, no longer there */
    size_t kept;                  /* gone in the source, but records of others still need them */
    size_t beaten;                /* not taken, because the same was entered by hand */
    size_t drift;                 /* differences told */
};

/* What is merged: `told` may be NULL. */
struct eki_merge {
    struct eki_directory *directory, *imported;
    const char *source;
    eki_drift_told *told;
    void *user;
};

/* Replaces all records of `source` in `directory` by those of `imported` (both need not be settled; both are
 * afterwards unsettled). What was learned about a contact (verifications, answers, bounces) stays when id and
 * address are the same. `imported` may name teams, departments and contacts that only `directory` has.
 * EKI_ERROR_CORRUPT when it contradicts itself or names what neither has, _MEMORY. On
 * an error `directory` may hold a part. O(n log n). */
EKI_MUST_USE enum eki_error eki_directory_merge(const struct eki_merge *merge,
                                                struct eki_merge_counts *ret_counts,
                                                struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
