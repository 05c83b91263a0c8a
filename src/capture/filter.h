/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CAPTURE_FILTER_H
#define EKI_CAPTURE_FILTER_H
/*
 * A libpcap filter expression over the frames of an input. An expression means other byte offsets on each
 * link type, so it is compiled once for each that occurs; where it cannot be compiled for a later link type,
 * it matches no frame of that type.
 */
#include <stdbool.h>

#include "capture/frame.h"

struct eki_filter;

/* Compiles `expression` for the LINKTYPE_ number `link`. EKI_ERROR_ARGUMENT when it does not compile,
 * EKI_ERROR_MEMORY. The expression is kept by reference. Close with eki_filter_close. */
EKI_MUST_USE enum eki_error eki_filter_open(const char *expression, uint32_t link,
                                            struct eki_filter **ret_filter, struct eki_fault *ret_fault);

/* Does the frame match? */
bool eki_filter_pass(struct eki_filter *filter, const struct eki_frame *frame);

/* NULL is allowed. */
void eki_filter_close(struct eki_filter *filter);

#endif
