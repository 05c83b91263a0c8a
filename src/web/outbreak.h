/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_OUTBREAK_H
#define EKI_WEB_OUTBREAK_H
/* The outbreak that a path names, with the analysis it was found by. */
#include "web/request.h"
#include "web/results.h"

struct eki_seen_outbreak {
    struct eki_store_work *work; /* to be ended by the caller */
    struct eki_store_outbreak row;
    struct eki_store_analysis analysis;
};

/* Reads both rows. False after answering; then the work is ended. */
bool eki_outbreak_find(struct eki_request *request, struct eki_seen_outbreak *ret_seen);

/* Where the path names an analysis: reads its row only. False after answering; then the work is ended. */
bool eki_outbreak_find_analysis(struct eki_request *request, struct eki_seen_outbreak *ret_seen);

/* A part of the result about this outbreak. */
struct eki_results_part eki_outbreak_part(const struct eki_seen_outbreak *seen, const char *name);

/* Answers for a part that cannot be read. */
void eki_outbreak_unreadable(struct eki_request *request, enum eki_error error);

/* The infection of a host: its line of the facts; NULL after answering. *ret_row is the store's row. */
json_t *eki_outbreak_infection(struct eki_request *request, const struct eki_seen_outbreak *seen,
                               const char *host, struct eki_store_infection *ret_row);

/* Appends the sources that search on the outbreak's service, as in the facts, 200 at most: a JSON array. */
void eki_outbreak_strategies(struct eki_request *request, const struct eki_seen_outbreak *seen,
                             struct eki_buffer *out);

/* Appends the curve, a JSON array. Errors as eki_results_line. */
EKI_MUST_USE enum eki_error eki_outbreak_curve(const struct eki_web *web,
                                               const struct eki_seen_outbreak *seen, struct eki_buffer *out);

/* Answers with a part that is one JSON value, as it stands; its tag is known without reading it. */
void eki_outbreak_reply_part(struct eki_request *request, const struct eki_seen_outbreak *seen,
                             const char *name);

/* The lines of a part whose text holds `needle`, at most `most`, as an array; NULL on an error. O(part). */
json_t *eki_outbreak_grep(const struct eki_web *web, const struct eki_results_part *part, const char *needle,
                          size_t most);

#endif
