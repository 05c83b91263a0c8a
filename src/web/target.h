/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_TARGET_H
#define EKI_WEB_TARGET_H
/*
 * The target of a request ("/api/v1/jobs/7?limit=20") as strangers write it: segments and parameters,
 * percent-decoded once, all of them UTF-8 without control characters. What could be read in two ways ("..",
 * an encoded slash, a backslash, a parameter given twice) is refused, not repaired.
 */
#include <stddef.h>

#include "ekigaku/error.h"

enum {
    EKI_TARGET_BYTES = 4096,    /* a search text of 1,000 letters of three encoded bytes fits thrice */
    EKI_TARGET_SEGMENTS = 12,   /* the deepest route has 7 */
    EKI_TARGET_PARAMETERS = 24, /* the raster has 6 */
};

struct eki_parameter {
    const char *name, *value;
};

struct eki_target {
    char text[EKI_TARGET_BYTES]; /* holds the decoded parts */
    const char *segments[EKI_TARGET_SEGMENTS];
    size_t segment_count;
    struct eki_parameter parameters[EKI_TARGET_PARAMETERS];
    size_t parameter_count;
};

/* Reads a target. EKI_ERROR_LIMIT when it is longer or has more parts than fit, EKI_ERROR_CORRUPT otherwise;
 * *ret_why then is a static English clause. O(length). */
EKI_MUST_USE enum eki_error eki_target_parse(const char *uri, size_t length, struct eki_target *ret_target,
                                             const char **ret_why);

/* The value of a parameter; NULL when it was not given. */
const char *eki_target_parameter(const struct eki_target *target, const char *name);

#endif
