/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_STORE_H
#define EKIGAKU_STORE_H
/*
 * The store: what a team keeps. Accounts, inputs, jobs, what analyses found, and who changed what and when.
 *
 * Journey of a row: a caller opens the store once (one SQLite file, or a PostgreSQL database), and for each
 * request begins a piece of work, which is one transaction on one connection. Rows are plain structs, one for
 * each table; their texts are the caller's when written, and the work's when read. A change is appended to
 * the audit log in the same transaction. After eki_store_commit a change survives kill -9 and loss of power;
 * without it, eki_store_end takes everything back.
 *
 *     struct eki_store *store;
 *     eki_store_open("data/ekigaku.db", NULL, &store, &fault);
 *     struct eki_store_act act = {.at = now_us, .account = 7, .who = "ada"};
 *     struct eki_store_work *work;
 *     enum eki_error error = eki_store_begin(store, &act, &work, &fault);
 *     if (error) return refuse(error, &fault);
 *     struct eki_store_account account;
 *     error = eki_store_find(work, &account, "name", "grace");
 *     account.failed++;
 *     if (!error) error = eki_store_change(work, &account);
 *     if (!error) error = eki_store_commit(work);
 *     if (error) complain(error, eki_store_why(work));
 *     show(account.display);              valid until:
 *     eki_store_end(work);
 *     eki_store_close(store);
 *
 * To read only, begin with act NULL: such works run side by side and see the store as it was at their first
 * read. Works that write wait for one another. A thread holds one work at a time.
 *
 * Errors, the same for every call that takes a work: EKI_ERROR_MISSING (no such row), _CONFLICT (a value that
 * must be unique is taken, or a row that is referred to is not there), _ARGUMENT (a value outside what its
 * column holds, text that is not UTF-8, an unknown column, a foreign cursor), _LIMIT (a text longer than its
 * column holds; another process keeps the store locked), _WRITE (disk full, or it cannot be written), _OPEN
 * (PostgreSQL cannot be reached), _READ (it went away in the middle), _CORRUPT (the file is damaged),
 * _MEMORY. After any error but MISSING the work can only be ended: commit gives the same error again. The
 * store itself stays usable: the next work connects again.
 *
 * Times are microseconds since 1970-01-01T00:00:00Z; 0 means never. References to rows are ids; 0 means none.
 * Texts that were not set (NULL) are written as "". Texts that are read are never NULL.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/analysis.h"
#include "ekigaku/error.h"
#include "ekigaku/store_desk.h"

#pragma GCC visibility push(default)

/* The schema this program writes. A store of a later one is refused, an earlier one is migrated. */
enum { EKI_STORE_SCHEMA = 2 };

/* Who uses the service. */
struct eki_store_account {
    int64_t id;
    const char *name, *display; /* name: unique, what is typed to sign in */
    const char *password_hash;  /* "" until the invitation is used; never in the audit log */
    const char *role;           /* "viewer", "analyst", "coordinator", "administrator" */
    const char *language;       /* "en", "ja", "" as the browser says */
    bool disabled;
    int64_t created, failed, locked_until; /* failed: sign-ins since the last good one */
};

/* A link that sets the first password. */
struct eki_store_invitation {
    int64_t id;
    const char *token_hash; /* unique; of the token in the link */
    int64_t account, expires, used;
};

/* A browser that is signed in. */
struct eki_store_session {
    int64_t id;
    const char *token_hash; /* unique; of the cookie */
    int64_t account, created, seen, expires;
    const char *csrf, *agent;
};

/* What a program signs in with. */
struct eki_store_token {
    int64_t id, account;
    const char *name, *token_hash; /* token_hash: unique */
    const char *scopes;            /* words with spaces between */
    int64_t created, used, expires, revoked;
};

/* A capture or log that was handed in. */
struct eki_store_input {
    int64_t id;
    const char *name;
    int64_t size;
    const char *sha256, *form;
    int64_t handling_class; /* 1 to 4 */
    bool kept;              /* the file is still there */
    const char *path;       /* below inputs/ */
    int64_t account, created;
};

/* One that is being handed in, piece by piece. */
struct eki_store_upload {
    int64_t id;
    const char *name;
    int64_t length;         /* bytes it will have; 0: not known */
    int64_t handling_class; /* 1 to 4 */
    const char *path;       /* below inputs/ */
    int64_t input;          /* what it became; 0 while it is not whole */
    int64_t account, created, expires;
};

/* Something that takes time. */
struct eki_store_job {
    int64_t id;
    const char *kind; /* "analyze", "simulate" */
    const char *title;
    const char *parameters; /* JSON */
    const char *state;      /* "queued", "running", "done", "failed", "cancelled" */
    double progress;        /* 0 to 1 */
    int64_t done_bytes, size_bytes;
    const char *message;
    int64_t account, created, started, ended, attempts;
};

/* One result. */
struct eki_store_analysis {
    int64_t id, job;
    const char *title;
    int64_t origin, ended; /* of the first and the last packet */
    int64_t packets, flows, contacts, hosts;
    const char *verdict;    /* "spreading", "searching", "calm" */
    const char *facts_path; /* of the whole facts, below results/ */
    int64_t created, deleted;
    const char *text_en, *text_ja; /* the verdict in words; "" when it was kept before schema 2 */
    const char *tlp;               /* "RED", ...: label its facts bore when they were kept; "" for none */
};

struct eki_store_outbreak {
    int64_t id, analysis, number; /* number: as in the facts */
    const char *proto;            /* "tcp", "udp", ... */
    int64_t port;
    const char *family;        /* id in the catalogue; "" when none fits */
    const char *route, *class; /* of countermeasures */
    const char *known;         /* "known", "unknown", "re-emerging" */
    const char *patient_zero;  /* "" when it is not known */
    int64_t infected, started, ended;
    double doubling_s, r; /* 0 when not known */
    const char *title;
    const char *text_en, *text_ja; /* the verdict about it in words; "" when it was kept before schema 2 */
};

/* What an outbreak shows that others can look for, beside the addresses of its hosts: kill switches, files
 * that were dropped. */
struct eki_store_outbreak_indicator {
    int64_t id, outbreak;
    const char *kind, *value, *comment;
    int64_t first, last;
};

/* One infected host of an outbreak; `number` counts from 0 in order of time and is the key with `outbreak`.
 */
struct eki_store_infection {
    int64_t outbreak, number;
    const char *host;
    double t;   /* seconds since the origin of the analysis */
    int64_t at; /* the same as a time */
    double error_s;
    const char *parent;    /* "": from outside what was seen */
    int64_t parent_number; /* -1 for none */
    double posterior;
    const char *evidence; /* "implant", "exploit", "session", "contact", "scan" */
    int64_t generation, first_packet, last_packet;
    double scan_t; /* its first probe, as t; -1 when it was not seen searching */
    int64_t input; /* which one shows it: position in the facts' inputs */
};

struct eki_store_scanner {
    int64_t id, analysis, number; /* number: position in the facts, from 0 */
    const char *host, *proto;
    int64_t port;
    const char *shape, *verdict;
    int64_t targets, answered;
    double rate_per_s;
    const char *strategy_connected, *strategy_elsewhere; /* "" where nothing was searched */
    int64_t decided_after, first, last;
    double evidence; /* log likelihood ratio */
};

/* A scenario that a person wrote. */
struct eki_store_scenario {
    int64_t id;
    const char *name, *yaml; /* name: unique */
    int64_t account, created, changed;
};

struct eki_store_simulation {
    int64_t id, job, scenario; /* scenario 0: one that came with the program */
    const char *title;
    int64_t seed, runs;
    const char *summary; /* JSON */
    const char *folder;  /* below results/ */
    int64_t created, deleted;
};

struct eki_store_setting {
    int64_t id;
    const char *name, *value; /* name: unique */
};

/* An entry of the audit log. Written by the store alone. */
struct eki_store_audit {
    int64_t id, at, account;
    const char *who;  /* as the act said */
    const char *what; /* "add", "change", "remove", or what a note said */
    const char *table_name, *row;
    const char *before, *after;  /* JSON; "" for none. Secrets are left out */
    const char *previous, *hash; /* SHA-256, hexadecimal */
};

enum eki_store_table {
    EKI_STORE_ACCOUNT = 0,
    EKI_STORE_INVITATION,
    EKI_STORE_SESSION,
    EKI_STORE_TOKEN,
    EKI_STORE_INPUT,
    EKI_STORE_UPLOAD,
    EKI_STORE_JOB,
    EKI_STORE_ANALYSIS,
    EKI_STORE_OUTBREAK,
    EKI_STORE_INFECTION,
    EKI_STORE_OUTBREAK_INDICATOR,
    EKI_STORE_SCANNER,
    EKI_STORE_SCENARIO,
    EKI_STORE_SIMULATION,
    EKI_STORE_SETTING,
    EKI_STORE_DIRECTORY_RECORD,
    EKI_STORE_PROPOSAL,
    EKI_STORE_CASE,
    EKI_STORE_CASE_HOST,
    EKI_STORE_CASE_ENTRY,
    EKI_STORE_TASK,
    EKI_STORE_DEADLINE_STEP,
    EKI_STORE_EVIDENCE,
    EKI_STORE_CUSTODY,
    EKI_STORE_INDICATOR,
    EKI_STORE_INDICATOR_LABEL,
    EKI_STORE_NOTICE,
    EKI_STORE_NOTICE_HOST,
    EKI_STORE_ENQUIRY,
    EKI_STORE_ENQUIRY_ENTRY,
    EKI_STORE_RECEIVED,
    EKI_STORE_TAXII_STATUS,
    EKI_STORE_AUDIT,
    EKI_STORE_TABLES /* not a table: how many there are */
};

/* The table of a row, from the type of a pointer to it; another type does not compile. */
#define EKI_STORE_TABLE_OF(row)                                                                              \
    _Generic((row), struct eki_store_account *                                                               \
             : EKI_STORE_ACCOUNT, struct eki_store_invitation *                                              \
             : EKI_STORE_INVITATION, struct eki_store_session *                                              \
             : EKI_STORE_SESSION, struct eki_store_token *                                                   \
             : EKI_STORE_TOKEN, struct eki_store_input *                                                     \
             : EKI_STORE_INPUT, struct eki_store_upload *                                                    \
             : EKI_STORE_UPLOAD, struct eki_store_job *                                                      \
             : EKI_STORE_JOB, struct eki_store_analysis *                                                    \
             : EKI_STORE_ANALYSIS, struct eki_store_outbreak *                                               \
             : EKI_STORE_OUTBREAK, struct eki_store_infection *                                              \
             : EKI_STORE_INFECTION, struct eki_store_outbreak_indicator *                                    \
             : EKI_STORE_OUTBREAK_INDICATOR, struct eki_store_scanner *                                      \
             : EKI_STORE_SCANNER, struct eki_store_scenario *                                                \
             : EKI_STORE_SCENARIO, struct eki_store_simulation *                                             \
             : EKI_STORE_SIMULATION, struct eki_store_setting *                                              \
             : EKI_STORE_SETTING, struct eki_store_directory_record *                                        \
             : EKI_STORE_DIRECTORY_RECORD, struct eki_store_proposal *                                       \
             : EKI_STORE_PROPOSAL, struct eki_store_case *                                                   \
             : EKI_STORE_CASE, struct eki_store_case_host *                                                  \
             : EKI_STORE_CASE_HOST, struct eki_store_case_entry *                                            \
             : EKI_STORE_CASE_ENTRY, struct eki_store_task *                                                 \
             : EKI_STORE_TASK, struct eki_store_deadline_step *                                              \
             : EKI_STORE_DEADLINE_STEP, struct eki_store_evidence *                                          \
             : EKI_STORE_EVIDENCE, struct eki_store_custody *                                                \
             : EKI_STORE_CUSTODY, struct eki_store_indicator *                                               \
             : EKI_STORE_INDICATOR, struct eki_store_indicator_label *                                       \
             : EKI_STORE_INDICATOR_LABEL, struct eki_store_notice *                                          \
             : EKI_STORE_NOTICE, struct eki_store_notice_host *                                              \
             : EKI_STORE_NOTICE_HOST, struct eki_store_enquiry *                                             \
             : EKI_STORE_ENQUIRY, struct eki_store_enquiry_entry *                                           \
             : EKI_STORE_ENQUIRY_ENTRY, struct eki_store_received *                                          \
             : EKI_STORE_RECEIVED, struct eki_store_taxii_status *                                           \
             : EKI_STORE_TAXII_STATUS, struct eki_store_audit *                                              \
             : EKI_STORE_AUDIT)

struct eki_store;
struct eki_store_work;

struct eki_store_options {
    bool existing;        /* refuse to make a new one */
    bool keep_schema;     /* refuse a store of an earlier schema instead of migrating it */
    bool unsaved;         /* migrate PostgreSQL without a backup: somebody else made one */
    unsigned connections; /* most at a time; 0: 8 */
    int64_t most_bytes;   /* SQLite: the file does not grow beyond this; 0: as far as the disk goes */
    int64_t now;          /* for the audit log of a new or migrated store; 0: 1970 */
};

/* Who acts, and when. `who` may be NULL. */
struct eki_store_act {
    int64_t at, account;
    const char *who;
    bool at_once; /* does not wait while others write: EKI_ERROR_LIMIT then */
};

/* Opens a store: a path, "sqlite:PATH", or "postgresql://..." (a URL of libpq). One that does not exist is
 * made; one of an earlier schema is backed up beside itself and migrated. options may be NULL.
 * EKI_ERROR_OPEN, _FORMAT (another program's file or database), _UNSUPPORTED (a later schema, or an earlier
 * one and options->keep_schema), _CORRUPT, _WRITE, _ARGUMENT, _MEMORY. */
EKI_MUST_USE enum eki_error eki_store_open(const char *url, const struct eki_store_options *options,
                                           struct eki_store **ret_store, struct eki_fault *ret_fault);

/* Closes it; no work may be open any more. NULL is allowed. */
void eki_store_close(struct eki_store *store);

/* Begins a piece of work: one that may write when `act` is given (the act is copied, its text too), else one
 * that reads only. Waits for other writers, and for a free connection. Any thread. */
EKI_MUST_USE enum eki_error eki_store_begin(struct eki_store *store, const struct eki_store_act *act,
                                            struct eki_store_work **ret_work, struct eki_fault *ret_fault);

/* Makes what was written last. The texts that were read stay valid; nothing more can be read or written. */
EKI_MUST_USE enum eki_error eki_store_commit(struct eki_store_work *work);

/* Ends a work, takes back what was not committed, and frees what it read. NULL is allowed. */
void eki_store_end(struct eki_store_work *work);

/* What the last error of this work was about; lives as long as the work. */
const struct eki_fault *eki_store_why(const struct eki_store_work *work);

/* The calls for rows. `row` is a pointer to one of the structs above; the macros find its table.
 *
 *   eki_store_add(work, row)                 inserts; row->id is given by the store (not for infections)
 *   eki_store_get(work, row, id)             reads the row of this id
 *   eki_store_find(work, row, column, text)  reads the row with this text in a column (the lowest id)
 *   eki_store_change(work, row)              writes all columns of the row of row->id
 *   eki_store_remove(work, row)              removes the row of row->id and the rows that belong to it
 *   eki_store_list(work, query, &rows, page) reads some rows; rows is a `struct eki_store_... *`
 */
#define eki_store_add(work, row)     eki_store_add_row(work, EKI_STORE_TABLE_OF(row), row)
#define eki_store_get(work, row, id) eki_store_get_row(work, EKI_STORE_TABLE_OF(row), id, row)
#define eki_store_find(work, row, column, text)                                                              \
    eki_store_find_row(work, EKI_STORE_TABLE_OF(row), column, text, row)
#define eki_store_change(work, row) eki_store_change_row(work, EKI_STORE_TABLE_OF(row), row)
#define eki_store_remove(work, row) eki_store_remove_row(work, EKI_STORE_TABLE_OF(row), row)
#define eki_store_list(work, query, ret_rows, ret_page)                                                      \
    eki_store_list_rows(work, EKI_STORE_TABLE_OF(*(ret_rows)), query, ret_rows, ret_page)

/* A condition on a column. */
struct eki_store_where {
    const char *column; /* NULL: no condition */
    char is;            /* '=' (also 0), '<', '>', '!' (differs) */
    const char *text;   /* of text columns */
    int64_t number;     /* of whole numbers, times, ids and flags */
    double real;        /* of fractions */
};

enum {
    EKI_STORE_CONDITIONS = 4,
    EKI_STORE_MOST_ROWS = 1000000 /* of one list: what fits in memory at once */
};

/* Which rows, in which order. Zeroed: the first 100 by id. */
struct eki_store_query {
    struct eki_store_where where[EKI_STORE_CONDITIONS]; /* all must hold */
    const char *text;   /* some text column of the row holds this, in any case (ASCII); NULL or "": any row */
    const char *sort;   /* a column; NULL: the id (number, for infections) */
    bool descending;    /* ties are always broken by the id, in the same direction */
    const char *cursor; /* page.next of the page before, of a query that is the same otherwise; NULL or "" */
    uint32_t limit;     /* 0: 100; at most EKI_STORE_MOST_ROWS */
};

struct eki_store_page {
    size_t count;
    const char *next; /* opaque, for a URL; NULL after the last page */
};

/* Behind the macros above; `row` must be of the struct of `table`. O(log rows), lists O(log rows + limit)
 * where an index serves the sort (see schema.sql), else O(rows). */
EKI_MUST_USE enum eki_error eki_store_add_row(struct eki_store_work *work, enum eki_store_table table,
                                              void *row);
EKI_MUST_USE enum eki_error eki_store_get_row(struct eki_store_work *work, enum eki_store_table table,
                                              int64_t id, void *ret_row);
EKI_MUST_USE enum eki_error eki_store_find_row(struct eki_store_work *work, enum eki_store_table table,
                                               const char *column, const char *text, void *ret_row);
EKI_MUST_USE enum eki_error eki_store_change_row(struct eki_store_work *work, enum eki_store_table table,
                                                 const void *row);
EKI_MUST_USE enum eki_error eki_store_remove_row(struct eki_store_work *work, enum eki_store_table table,
                                                 const void *row);
EKI_MUST_USE enum eki_error eki_store_list_rows(struct eki_store_work *work, enum eki_store_table table,
                                                const struct eki_store_query *query, void *ret_rows,
                                                struct eki_store_page *ret_page);

/* How many rows meet the conditions and the text of a query (NULL: all). O(rows). */
EKI_MUST_USE enum eki_error eki_store_count(struct eki_store_work *work, enum eki_store_table table,
                                            const struct eki_store_query *query, uint64_t *ret_count);

/* Appends to the audit log what changes no row: a sign-in that failed, an export. `detail` is JSON or NULL.
 */
EKI_MUST_USE enum eki_error eki_store_note(struct eki_store_work *work, const char *what, const char *detail);

/* Takes the oldest queued job and makes it running, started at the act's time, with one more attempt.
 * EKI_ERROR_MISSING when none is queued. */
EKI_MUST_USE enum eki_error eki_store_claim_job(struct eki_store_work *work, struct eki_store_job *ret_job);

/* How far a running job is; not audited, because it is said often. EKI_ERROR_MISSING when it is not running
 * any more: cancelled, for one. */
EKI_MUST_USE enum eki_error eki_store_tell_job(struct eki_store_work *work, const struct eki_store_job *job);

/* After a restart: jobs that were running are queued again, and failed, with a message, after `most`
 * attempts.
 */
EKI_MUST_USE enum eki_error eki_store_recover_jobs(struct eki_store_work *work, unsigned most,
                                                   uint64_t *ret_queued, uint64_t *ret_failed);

/* When a session or token was last used; not audited. EKI_ERROR_MISSING. */
EKI_MUST_USE enum eki_error eki_store_touch_session(struct eki_store_work *work, int64_t id, int64_t seen);
EKI_MUST_USE enum eki_error eki_store_touch_token(struct eki_store_work *work, int64_t id, int64_t used);

/* Ends the sessions of an account, all or all but the one of id `but` (0: none is spared), and notes in the
 * audit log how many: for a password that changed. Its tokens stay. O(sessions).
 */
EKI_MUST_USE enum eki_error eki_store_end_sessions(struct eki_store_work *work, int64_t account, int64_t but,
                                                   uint64_t *ret_ended);

/* Removes sessions and invitations that ended before the act's time. */
EKI_MUST_USE enum eki_error eki_store_sweep(struct eki_store_work *work, uint64_t *ret_removed);

/* What a result is kept under. */
struct eki_store_keeping {
    int64_t job; /* 0 for none */
    const char *title, *facts_path;
    int64_t again;   /* id of the analysis that is this one as it was earlier; 0: a new one */
    const char *tlp; /* label that the facts bear; NULL or "": none, or that of the earlier one */
};

/* Keeps the rows of one result: an analysis, its outbreaks with their infections, its scanners. One entry in
 * the audit log. The analysis comes back with its id. With `again` the rows of that analysis are replaced: it
 * keeps its id, its outbreaks keep theirs by protocol and port, and the audit log tells what changed of them;
 * EKI_ERROR_MISSING when there is none. O(infections). */
EKI_MUST_USE enum eki_error eki_store_keep_result(struct eki_store_work *work,
                                                  const struct eki_store_keeping *keeping,
                                                  const struct eki_result *result,
                                                  struct eki_store_analysis *ret_analysis);

/* An open case that has a host which is infected in an outbreak. */
struct eki_store_sharing {
    int64_t of_case;
    int64_t first, last; /* when its first and last host fell, of those whose time is known */
};

enum { EKI_STORE_MOST_SHARING = 1000 };

/* The open cases that share a host with an outbreak, by their number; one of whose hosts no time is known is
 * not among them. The rows live as long as the work. EKI_ERROR_LIMIT when there are more than
 * EKI_STORE_MOST_SHARING. O(infections log hosts of all cases + hosts of those found). */
EKI_MUST_USE enum eki_error eki_store_share(struct eki_store_work *work, int64_t outbreak,
                                            const struct eki_store_sharing **ret_rows, size_t *ret_count);

/* Chooses the value of a setting; reads it, or `otherwise` when nothing was chosen. */
EKI_MUST_USE enum eki_error eki_store_choose(struct eki_store_work *work, const char *name,
                                             const char *value);
EKI_MUST_USE enum eki_error eki_store_chosen(struct eki_store_work *work, const char *name,
                                             const char *otherwise, const char **ret_value);

/* Something that was found by a text. */
struct eki_store_hit {
    const char *kind; /* name of a table: where it is shown; "infection", "scanner", "case_host" are hosts */
    int64_t
        id; /* of the row; of the outbreak for infections, the analysis for scanners, the case for hosts */
    const char *title; /* of that; the beginning of a note */
    const char *host;  /* of those that are hosts, else "" */
    int64_t of;        /* the case of notes, tasks, notices, indicators; the enquiry of messages; else 0 */
};

enum { EKI_STORE_MOST_HITS = 1000 };

/* Looks through titles, names, families and texts of notes and messages (anywhere in them; a letter of ASCII
 * in any case) and addresses (from their beginning). Outbreaks first, then hosts, cases, analyses, enquiries,
 * messages, notices, tasks, indicators, notes, inputs, jobs, scenarios, simulations, each the newest first;
 * at most `limit` of each, EKI_STORE_MOST_HITS in all. An empty text finds nothing. What was put away is not
 * found. O(log rows) of hosts; of texts O(rows that hold all its parts of three letters), through an index.
 */
EKI_MUST_USE enum eki_error eki_store_search(struct eki_store_work *work, const char *text, uint32_t limit,
                                             const struct eki_store_hit **ret_hits, size_t *ret_count);

/* Told of each thing that is wrong; the text lives until it returns. */
typedef void eki_store_complaint(void *user, const char *text);

/* What a check looks for, and what it found. */
struct eki_store_examination {
    const char *holds; /* a hash that was noted before: is it still in the audit log? NULL: none */
    eki_store_complaint *complain;
    void *user;
    int64_t schema;      /* set: of the store */
    uint64_t entries;    /* of the audit log */
    char head[65];       /* hash of its last entry: to be noted elsewhere */
    uint64_t complaints; /* 0: all is well */
};

/* Looks for damage: of the file or database, of references, of the audit log's chain, and of counts that
 * contradict the rows they count. Others may go on working. O(rows). An error means that it could not be
 * looked at to the end. */
EKI_MUST_USE enum eki_error eki_store_check(struct eki_store *store,
                                            struct eki_store_examination *examination,
                                            struct eki_fault *ret_fault);

/* Writes a copy of the whole store, as it is at one moment, to a new file, while others go on working; it is
 * a store itself. EKI_ERROR_CONFLICT (there is such a file already), EKI_ERROR_WRITE, EKI_ERROR_UNSUPPORTED
 * for PostgreSQL, where pg_dump does it. */
EKI_MUST_USE enum eki_error eki_store_backup(struct eki_store *store, const char *path,
                                             struct eki_fault *ret_fault);

/* "account", ...; "?" outside the list. Static. */
const char *eki_store_table_name(enum eki_store_table table);

#pragma GCC visibility pop

#endif
