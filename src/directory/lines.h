/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_LINES_H
#define EKI_DIRECTORY_LINES_H
/* Lines of a source, each at most EKI_DIRECTORY_LINE bytes. */
#include "base/source.h"
#include "ekigaku/directory.h"

/* The next line with its line feed, in the window; *ret_length 0 at the end. With `quotes`, a line feed
 * inside double quotes does not end it (RFC 4180). EKI_ERROR_LIMIT when it is longer, errors of the source.
 * Pass it over with eki_source_pass. */
EKI_MUST_USE enum eki_error eki_lines_next(struct eki_source *source, bool quotes, size_t *ret_length);

#endif
