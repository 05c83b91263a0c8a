/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CAPTURE_OVER_H
#define EKI_CAPTURE_OVER_H
/* A capture over a source that was opened to see what it holds: for analysis/. */
#include "base/source.h"
#include "ekigaku/packet.h"

/* Does an input that begins with these four bytes (little endian) hold a capture? */
bool eki_capture_fits(uint32_t magic);

/* As eki_capture_open; the source is taken over in every case. */
EKI_MUST_USE enum eki_error eki_capture_over(struct eki_source *source, const char *path,
                                             const struct eki_capture_options *options,
                                             struct eki_capture **ret_capture, struct eki_fault *ret_fault);

#endif
