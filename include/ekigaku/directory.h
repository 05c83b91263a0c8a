/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_DIRECTORY_H
#define EKIGAKU_DIRECTORY_H
/*
 * The directory: which team answers for an address, and whom to call there.
 *
 * Journey: records come from a directory file (JSON lines, docs/formats/directory.md), from an import
 * (exchange of directories, see below) or from the caller, and are kept in memory, texts copied. Then the
 * directory is settled: references are resolved, mistakes named, the look-up tables built, the health of
 * contacts judged as of a moment that the caller names. From then on it is read-only and any number of
 * threads may look up; adding a record unsettles it.
 *
 *     struct eki_directory *directory;
 *     eki_directory_new(&directory);
 *     error = eki_directory_read(directory, "directory.jsonl", &fault);      fault.what names line and key
 *     error = error ? error : eki_directory_settle(directory, now, &fault);
 *     eki_directory_find(directory, addresses, 1000, owners);                 (ekigaku/owner.h)
 *     eki_directory_free(directory);
 *
 * References between records are positions in the arrays of eki_directory_records(); EKI_NOWHERE is none.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"
#include "ekigaku/time.h"

#pragma GCC visibility push(default)

#define EKI_NOWHERE UINT32_MAX

/* What kinds of record there are; the order is that of a directory file. */
enum eki_record_kind {
    EKI_RECORD_GROUP = 0, /* a working group */
    EKI_RECORD_TEAM,
    EKI_RECORD_DEPARTMENT,
    EKI_RECORD_CONTACT,
    EKI_RECORD_KEY,
    EKI_RECORD_NETWORK, /* an address block, AS number, domain or country and who answers for it */
    EKI_RECORD_ANNOTATION,
    EKI_RECORD_CHECK, /* one check whether a contact can be reached */
    EKI_RECORD_KINDS
};

/* A date of which the month or the day may be unknown (0); year 0 is no date. */
struct eki_date {
    int16_t year;
    uint8_t month, day;
};

struct eki_text_list {
    const char *const *items;
    size_t count;
};

/* The beginning of each record. Entered by hand (`source` NULL) or imported; by hand beats imported. */
struct eki_record {
    const char *source; /* "ripe", "ti", "members.csv" ...; NULL: by hand */
    eki_time entered;   /* when, or EKI_TIME_NONE */
    uint32_t line;      /* of the file it came from; 0: not from a file */
    uint8_t label;      /* 0: nobody labelled it; else an enum eki_tlp and one (ekigaku/directory_label.h) */
};

struct eki_group {
    struct eki_record record;
    const char *id, *name, *name_ja, *purpose;
};

/* Texts that are not known are NULL. */
struct eki_team {
    struct eki_record record;
    const char *id, *name, *name_ja;
    const char *host;                      /* the organisation it belongs to */
    const char *sector, *country, *region; /* country: ISO 3166 two letters; region: prefecture or state */
    const char *constituency, *authority;  /* whom it serves; what it may do there */
    const char *sharing;                   /* its principles of sharing */
    const char *website, *postal;
    const char *time_zone;                  /* "Asia/Tokyo", "UTC", "+09:00" */
    const char *hours;                      /* "mon-fri 09:00-17:30" (ekigaku/heartbeat.h) */
    const char *holidays;                   /* "jp" or NULL */
    struct eki_text_list languages, groups; /* two letters, in order of preference; ids of working groups */
    struct eki_text_list handles;           /* ids under which imports know it: "ti:x", "ripe:ORG-X1" */
    struct eki_date founded, joined, left;
    uint8_t tier; /* 1 basic, 2 sector, 3 cross-sector; 0 unknown */
    bool pilot;   /* gets notices already in the pilot phase */
};

struct eki_department {
    struct eki_record record;
    const char *id, *name, *name_ja;
    const char *team, *parent; /* ids as written */
    uint32_t team_at, parent_at;
    uint8_t depth; /* 1 for one without parent; set when settled */
};

/* In order of preference. */
enum eki_contact_role {
    EKI_ROLE_POC = 0, /* the coordinator who can act */
    EKI_ROLE_TECHNICAL,
    EKI_ROLE_ABUSE,
    EKI_ROLE_NOC,
    EKI_ROLE_EXECUTIVE,
    EKI_ROLE_LEGAL,
    EKI_ROLES
};
enum eki_medium { EKI_MEDIUM_EMAIL = 0, EKI_MEDIUM_PHONE, EKI_MEDIUM_WEB, EKI_MEDIUM_FAX, EKI_MEDIA };

struct eki_contact_point {
    struct eki_record record;
    const char *id, *name;
    const char *team, *department;
    const char *address; /* of the medium */
    struct eki_text_list languages;
    const char *verified_how;
    eki_time verified, answered, bounced; /* last time each, or EKI_TIME_NONE */
    uint32_t bounces;                     /* in a row, since the last answer */
    uint32_t team_at, department_at;
    uint8_t role, medium;
    bool disabled;
};

enum eki_key_type {
    EKI_KEY_OPENPGP = 0,
    EKI_KEY_SMIME,
    EKI_KEY_BUNDLE /* Ed25519, of signed bundles (ekigaku/bundle.h): the key itself, 64 digits, of a team */
};

struct eki_key {
    struct eki_record record;
    const char *team, *contact;
    const char *fingerprint; /* 40 or 64 upper-case hexadecimal digits */
    struct eki_date expires;
    uint32_t team_at, contact_at;
    uint8_t type;
};

enum eki_resource {
    EKI_RESOURCE_PREFIX = 0,
    EKI_RESOURCE_DOMAIN,
    EKI_RESOURCE_AS,
    EKI_RESOURCE_COUNTRY,
    EKI_RESOURCES
};

/* Exactly one of prefix, domain, asn and country says what it is about. */
struct eki_network {
    struct eki_record record;
    struct eki_prefix prefix; /* when has_prefix */
    const char *domain, *country;
    const char *name; /* as its source calls it */
    const char *team, *department;
    const char *in_country; /* of a prefix: the country it was given to */
    uint32_t asn;           /* 0: none */
    uint32_t origin;        /* of a prefix: the AS that announces it; 0: not known */
    uint32_t team_at, department_at;
    bool has_prefix;
    bool whole; /* by hand: holds against longer imported prefixes inside, and for a public suffix */
};

/* A remark that expires. `inhibit`: no notice is sent as long as it holds. */
struct eki_annotation {
    struct eki_record record;
    const char *team, *contact,
        *network; /* one of them; network as its prefix, domain, "AS64500" or country */
    const char *text;
    const char *condition; /* "port=445 proto=tcp": all must be facts of the look-up; NULL: always */
    eki_time expires;      /* EKI_TIME_NONE: never */
    uint32_t team_at, contact_at;
    bool inhibit;
};

enum eki_check_outcome {
    EKI_CHECK_WAITING = 0,
    EKI_CHECK_ANSWERED,
    EKI_CHECK_BOUNCED,
    EKI_CHECK_SILENT,
    EKI_CHECK_WRONG_PERSON,
    EKI_CHECK_OUTCOMES
};

struct eki_check {
    struct eki_record record;
    const char *contact, *note;
    eki_time sent, answered; /* answered: EKI_TIME_NONE when not */
    uint32_t hops;           /* persons until the right one answered; 0 unknown */
    uint32_t contact_at;
    uint8_t outcome;
};

struct eki_directory;

/* Limits: what a file of a stranger can make grow. Fields are cut by nobody: longer ones are an error. */
enum {
    EKI_DIRECTORY_RECORDS = 1 << 22, /* of each kind: the RIPE region has 4 million inetnum objects */
    EKI_DIRECTORY_TEXT = 4096,       /* bytes of one text */
    EKI_DIRECTORY_LIST = 64,         /* entries of one list */
    EKI_DIRECTORY_LINE = 65536,      /* bytes of one line */
    EKI_DEPARTMENT_DEPTH = 16
};

/* An empty directory; pair with eki_directory_free, which takes NULL. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_directory_new(struct eki_directory **ret_directory);
void eki_directory_free(struct eki_directory *directory);

/* Makes a record of its kind empty: no texts, no times, no choice made. O(1). */
void eki_directory_blank(enum eki_record_kind kind, void *ret_record);

/* Adds a copy of a record (a pointer to the struct of its kind; its positions are ignored) and unsettles the
 * directory. EKI_ERROR_CORRUPT with the key in *ret_fault when a field is missing or not of its form,
 * EKI_ERROR_LIMIT, EKI_ERROR_MEMORY. O(length of its texts). */
EKI_MUST_USE enum eki_error eki_directory_add(struct eki_directory *directory, enum eki_record_kind kind,
                                              const void *record, struct eki_fault *ret_fault);

/* Resolves references, looks for mistakes between records (an id twice, a reference to nothing, a department
 * inside itself), builds the tables and judges contacts as of `now`. EKI_ERROR_CORRUPT with line and key in
 * *ret_fault, EKI_ERROR_MEMORY; the directory stays unsettled then. O(n log n). */
EKI_MUST_USE enum eki_error eki_directory_settle(struct eki_directory *directory, eki_time now,
                                                 struct eki_fault *ret_fault);

/* The records of a kind as an array of its struct, valid until the next call that adds; *ret_count how many.
 */
const void *eki_directory_records(const struct eki_directory *directory, enum eki_record_kind kind,
                                  size_t *ret_count);

/* The same with their types. */
const struct eki_team *eki_directory_teams(const struct eki_directory *directory, size_t *ret_count);
const struct eki_department *eki_directory_departments(const struct eki_directory *directory,
                                                       size_t *ret_count);
const struct eki_contact_point *eki_directory_contacts(const struct eki_directory *directory,
                                                       size_t *ret_count);
const struct eki_network *eki_directory_networks(const struct eki_directory *directory, size_t *ret_count);

/* The position of the team with this id or handle, EKI_NOWHERE when there is none or the directory is not
 * settled. O(log n). */
uint32_t eki_directory_team(const struct eki_directory *directory, const char *id);

/* The moment of eki_directory_settle; EKI_TIME_NONE when not settled. */
eki_time eki_directory_now(const struct eki_directory *directory);

/* Reads a directory file ("-" is standard input; gzip, zstd and xz too) and adds its records. Errors of the
 * system, EKI_ERROR_FORMAT when it is no directory file, EKI_ERROR_CORRUPT with line and key; records read
 * before stay. O(bytes). */
EKI_MUST_USE enum eki_error eki_directory_read(struct eki_directory *directory, const char *path,
                                               struct eki_fault *ret_fault);

/* The same over bytes that stay the caller's. */
EKI_MUST_USE enum eki_error eki_directory_read_memory(struct eki_directory *directory, const void *bytes,
                                                      size_t length, struct eki_fault *ret_fault);

/* Writes a directory file: what eki_directory_read reads; reading it and writing it again gives the same
 * bytes. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_directory_write(const struct eki_directory *directory, FILE *out);

/* Writes one record as its line of a directory file. EKI_ERROR_WRITE, EKI_ERROR_ARGUMENT when there is none
 * at this position. O(length). */
EKI_MUST_USE enum eki_error eki_directory_write_record(const struct eki_directory *directory,
                                                       enum eki_record_kind kind, uint32_t position,
                                                       FILE *out);

/* The names used in files and JSON; "?" outside the list. Static. */
const char *eki_record_kind_name(enum eki_record_kind kind);
const char *eki_contact_role_name(enum eki_contact_role role);
const char *eki_medium_name(enum eki_medium medium);
const char *eki_resource_name(enum eki_resource resource);
const char *eki_check_outcome_name(enum eki_check_outcome outcome);
const char *eki_key_type_name(enum eki_key_type type);

/* What a network record is about. */
enum eki_resource eki_network_resource(const struct eki_network *network);

/* Room for any resource as text. */
enum { EKI_RESOURCE_TEXT = 264 };

/* "192.0.2.0/24", "example.jp", "AS64500", "JP"; returns ret_text. */
const char *eki_network_format(const struct eki_network *network, char ret_text[EKI_RESOURCE_TEXT]);

/* Writes "2011", "2011-04" or "2011-04-01"; "" for no date. Returns ret_text. */
const char *eki_date_format(struct eki_date date, char ret_text[16]);

/* Reads a moment as people write it: a day ("2026-04-01", its midnight), or a time that eki_time_format
 * writes. From 1970 on, like all times here. EKI_ERROR_ARGUMENT otherwise. O(1), any thread. */
EKI_MUST_USE enum eki_error eki_moment_parse(const char *text, eki_time *ret_time);

/* Reads what eki_date_format writes, days of the calendar only. EKI_ERROR_ARGUMENT otherwise. */
EKI_MUST_USE enum eki_error eki_date_parse(const char *text, struct eki_date *ret_date);

/* Midnight UTC at the beginning of the date (unknown month or day: the first); EKI_TIME_NONE for no date. */
eki_time eki_date_time(struct eki_date date);

#pragma GCC visibility pop

#endif
