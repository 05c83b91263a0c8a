/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_RESULTS_H
#define EKI_WEB_RESULTS_H
/*
 * What an analysis found, as files: a folder below results/ for each, its parts as block files (blocks.h), so
 * that a page reads what it shows and no more. The store's row names the folder by the path of its facts.
 *
 *     facts            what `ekigaku analyze --json` prints
 *     verdict          {"en", "ja"}
 *     report-en, -ja   the printable page
 *     scanners, reach  a line a source, in the order of their numbers
 *     signs            a line a sign
 *     probes           all probes of all sources, of another form: see probes.h
 *     picture-en-N, picture-ja-N    the charts of outbreak number N as SVG
 *     outbreak-N, curve-N, infections-N, hosts-N, attempts-N, columns-N, wires-N    of outbreak number N
 *
 * A folder that was written by an earlier version has no curve-N, which stands in its outbreak-N, and no
 * hosts-N, whose lines are then looked for in signs and attempts-N.
 */
#include "ekigaku/analysis.h"
#include "web/blocks.h"
#include "web/buffer.h"
#include "web/web.h"

enum { EKI_RESULTS_NAME = 80, EKI_RESULTS_MOST = 1 << 30 /* bytes of one part in memory at once */ };

/* Writes all parts into a new folder and flushes them to the disk. On an error nothing is left.
 * EKI_ERROR_WRITE, _MEMORY. O(result). */
EKI_MUST_USE enum eki_error eki_results_write(const struct eki_web *web, int64_t job,
                                              const struct eki_result *result,
                                              char ret_facts_path[EKI_RESULTS_NAME]);

/* The same for a simulation: a folder with one part that is this text. */
EKI_MUST_USE enum eki_error eki_results_write_text(const struct eki_web *web, int64_t job, const char *name,
                                                   const struct eki_buffer *text,
                                                   char ret_path[EKI_RESULTS_NAME]);

/* One part of a result: `number` is that of an outbreak, 0 for parts of the whole. */
struct eki_results_part {
    const char *facts_path; /* of the store's row */
    const char *name;       /* "infections" */
    int64_t number;
};

/* Opens a part. EKI_ERROR_OPEN when it is not there, _CORRUPT, _MEMORY. */
EKI_MUST_USE enum eki_error eki_results_open(const struct eki_web *web, const struct eki_results_part *part,
                                             struct eki_blocks *ret_blocks);

/* The path of a part's file. False when the row names nothing that this program made. */
bool eki_results_path(const struct eki_web *web, const struct eki_results_part *part, char ret_path[4096]);

/* A whole part. Errors as eki_results_open, and EKI_ERROR_LIMIT. */
EKI_MUST_USE enum eki_error eki_results_read(const struct eki_web *web, const struct eki_results_part *part,
                                             struct eki_buffer *out);

/* Appends the line of this number without its newline: JSON as it is sent. Errors as eki_results_open, and
 * EKI_ERROR_MISSING for a number beyond the last. */
EKI_MUST_USE enum eki_error eki_results_line(const struct eki_web *web, const struct eki_results_part *part,
                                             uint64_t line, struct eki_buffer *out);

/* A whole part of one JSON value, or the line of this number; a new reference, NULL on an error, which
 * *ret_error then tells. */
json_t *eki_results_json(const struct eki_web *web, const struct eki_results_part *part, uint64_t line,
                         enum eki_error *ret_error);

/* A weak tag (RFC 9110, 8.8.3) of a part: what is written once has the same for ever, and no other result
 * has it. */
void eki_results_tag(const struct eki_results_part *part, char ret_tag[EKI_RESULTS_NAME]);

/* Removes the folder of a result. */
void eki_results_remove(const struct eki_web *web, const char *facts_path);

/* Removes folders that no row names: what was written when the program ended. */
void eki_results_sweep(const struct eki_web *web);

#endif
