/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_ANALYSIS_H
#define EKIGAKU_ANALYSIS_H
/*
 * The analysis: the whole way of the data as one object, for programs that want the result and not the
 * stages.
 *
 *     struct eki_analysis *analysis;
 *     eki_analysis_new(NULL, &analysis);
 *     eki_analysis_capture(analysis, path, &fault);
 *     eki_analysis_finish(analysis);
 *     eki_report_json(eki_analysis_result(analysis), stdout);
 *     eki_analysis_free(analysis);
 *
 * The capture call is made for each input; an error of one does not end the analysis. The result is valid
 * until eki_analysis_free.
 *
 * The same inputs and options give the same bytes at any number of threads.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/contact.h"
#include "ekigaku/outbreak.h"
#include "ekigaku/packet.h"
#include "ekigaku/scanner.h"
#include "ekigaku/sign.h"

#pragma GCC visibility push(default)

/* A hard limit that was reached, and what that did to the result. */
struct eki_limit {
    const char *name;   /* static, e.g. "pending contacts" */
    uint64_t reached;   /* how often, or how many were affected */
    const char *effect; /* static English clause */
};

/* What was seen on a host's screen. */
enum eki_screen_kind {
    EKI_SCREEN_ONSET = 0, /* the first that was odd: a restart, files that do not open */
    EKI_SCREEN_DIALOG,    /* the ransom dialog */
    EKI_SCREEN_KINDS      /* not a kind: how many there are */
};

struct eki_screen {
    struct eki_address host;
    eki_time time;
    uint8_t kind;
};

/* "onset", "dialog"; "?" outside the list. Static. */
const char *eki_screen_kind_name(enum eki_screen_kind kind);

struct eki_result {
    eki_time origin; /* of the first packet: t = 0; EKI_TIME_NONE when there was none */
    eki_time end;
    uint64_t packets, flows, contacts, hosts;
    bool hosts_estimated;
    const struct eki_input *inputs;
    size_t input_count;
    const struct eki_scanner *scanners; /* decided first, then by evidence */
    size_t scanner_count;
    const struct eki_sign *signs; /* in order of time */
    size_t sign_count;
    const struct eki_outbreak *outbreaks;
    size_t outbreak_count;
    const struct eki_screen *screens; /* by host, kind and time */
    size_t screen_count;
    const struct eki_limit *limits; /* those that were reached */
    size_t limit_count;
};

typedef void eki_progress(void *user, uint64_t bytes_done, uint64_t bytes_size, uint64_t packets);
/* Called with each complete contact or sign line (with newline), for `ekigaku contacts`. A non-zero return
 * stops the analysis. */
typedef int eki_line_sink(void *user, const char *line, size_t length);

/* Called with contacts as they are judged, in order of time; they live as long as the call. By whichever
 * thread reads. */
typedef void eki_contact_sink(void *user, const struct eki_contact *contacts, size_t count);

struct eki_analysis_options {
    const char *filter;     /* libpcap expression or NULL */
    const char *mapping;    /* of CSV logs: see struct eki_log_options */
    unsigned threads;       /* 0 or 1: the caller's thread only; 2: one more, which reads ahead and judges;
                               3: one for each of the two; all further ones judge too */
    eki_progress *progress; /* may be NULL; called a few times a second of work at most */
    void *progress_user;
    eki_line_sink *lines; /* may be NULL */
    void *lines_user;
    eki_contact_sink *contacts; /* may be NULL */
    void *contacts_user;
    bool contacts_only; /* stop after contacts and signs: nothing is analysed */
    uint64_t
        seed; /* keys the hash tables: a secret when the traffic is live and hostile, 0 for repeatable runs */
    uint64_t memory; /* bytes that the program may use; 0: the usual sizes of the tables. At least
                        EKI_MEMORY_LEAST. What follows for slow scans: see the manual page of watch */
    const volatile int
        *stop; /* may be NULL; when it becomes non-zero the reading ends early and the result says so */
};

#define EKI_MEMORY_LEAST (UINT64_C(256) << 20)

struct eki_analysis;

/* options may be NULL; they are copied, the strings in them are not. EKI_ERROR_MEMORY, or _ARGUMENT
 * for less memory than EKI_MEMORY_LEAST. */
EKI_MUST_USE enum eki_error eki_analysis_new(const struct eki_analysis_options *options,
                                             struct eki_analysis **ret_analysis);

/* Reads one capture to its end ("-": standard input). What was read before an error counts. The error is also
 * kept in inputs[]. */
EKI_MUST_USE enum eki_error eki_analysis_capture(struct eki_analysis *analysis, const char *path,
                                                 struct eki_fault *ret_fault);

/* Reads contact lines (what `ekigaku contacts` writes) instead of packets. Same rules. A bad line is skipped
 * and counted as malformed; ret_fault names the first. */
EKI_MUST_USE enum eki_error eki_analysis_contacts(struct eki_analysis *analysis, const char *path,
                                                  struct eki_fault *ret_fault);

/* Reads one log (see log.h) instead of packets; `format` NULL tells its form from the content. Same rules;
 * records that cannot be used are counted in inputs[] with the first places. */
EKI_MUST_USE enum eki_error eki_analysis_log(struct eki_analysis *analysis, const char *path,
                                             const char *format, struct eki_fault *ret_fault);

/* Reads any input, told from its first bytes: a capture, a log, contact lines. `format` NULL, "contacts" or
 * the name of a form of log (see log.h) says which. Same rules. */
EKI_MUST_USE enum eki_error eki_analysis_input(struct eki_analysis *analysis, const char *path,
                                               const char *format, struct eki_fault *ret_fault);

/* One of several inputs that are read side by side. */
struct eki_analysis_source {
    const char *path;
    const char *format; /* as for eki_analysis_input; "capture" besides */
    const char *sensor; /* who saw it: what two sensors tell counts once. NULL: nobody in particular */
    eki_time offset;    /* added to its times */
    bool offset_given;  /* false: with two sensors or more it is estimated from what both have seen */
};

/* Reads several inputs in the order of time. An input that cannot be read does not end it: its error stands
 * in inputs[]. Returns EKI_OK, or EKI_ERROR_MEMORY, _STOPPED, _LIMIT, or EKI_ERROR_ARGUMENT for a filter that
 * does not compile. Files are opened when their time has come; at most as many are open as overlap. */
EKI_MUST_USE enum eki_error eki_analysis_inputs(struct eki_analysis *analysis,
                                                const struct eki_analysis_source *sources, size_t count,
                                                struct eki_fault *ret_fault);

/* Reads what was seen on screens: CSV (host,time,kind; a header may give another order) or JSON lines with
 * these names; time is RFC 3339 or seconds since 1970, kind "onset" or "dialog". The first line that cannot
 * be used ends it: EKI_ERROR_CORRUPT with the line in *ret_fault; those before are kept. Also EKI_ERROR_OPEN,
 * _READ, _EMPTY, _MEMORY. */
EKI_MUST_USE enum eki_error eki_analysis_screens(struct eki_analysis *analysis, const char *path,
                                                 struct eki_fault *ret_fault);

/* When that was first seen on a host's screen; EKI_TIME_NONE when nobody says. O(log screens). */
eki_time eki_result_screen(const struct eki_result *result, struct eki_address host,
                           enum eki_screen_kind kind);

/* Ends all stages and builds the result. Once. */
EKI_MUST_USE enum eki_error eki_analysis_finish(struct eki_analysis *analysis);

/* The result; empty before eki_analysis_finish. */
const struct eki_result *eki_analysis_result(const struct eki_analysis *analysis);

/* Frees everything. NULL is allowed. */
void eki_analysis_free(struct eki_analysis *analysis);

#pragma GCC visibility pop

#endif
