/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_LINES_H
#define EKI_WEB_LINES_H
/* Lists whose items are the lines of a part of a result: nothing is parsed, lines go out as they are. */
#include "web/request.h"
#include "web/results.h"

/* Answers {items, next, total} with the lines from ?cursor= (a number) on, ?limit= of them. */
void eki_lines_reply(struct eki_request *request, const struct eki_results_part *part);

/* Appends an object without its last brace, so that members that are text already can follow. */
void eki_lines_begin_object(struct eki_buffer *out, const json_t *object);

#endif
