/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_TIME_H
#define EKIGAKU_TIME_H
/*
 * Times. A time is nanoseconds since 1970-01-01T00:00:00Z, signed, so that captures that start at epoch 0 or
 * run backwards are ordinary values. The library never asks the system what time it is: every time comes out
 * of the input or from the caller.
 */
#include <stdint.h>

#include "ekigaku/error.h"

#pragma GCC visibility push(default)

typedef int64_t eki_time;

#define EKI_TIME_NONE INT64_MIN
#define EKI_SECOND    INT64_C(1000000000)

/* Times that captures and contact lines may have: 1970 to the end of 2261, so that sums and differences of a
 * few of them fit 64 bits of nanoseconds. What a capture claims beyond is taken for the nearest of these. */
enum { EKI_LAST_YEAR = 2261 };
#define EKI_TIME_LATEST (INT64_C(9214646400) * EKI_SECOND - 1)
static inline eki_time eki_time_clamp(eki_time time)
{
    return time < 0 ? 0 : time > EKI_TIME_LATEST ? EKI_TIME_LATEST : time;
}

enum { EKI_TIME_TEXT = 40 };

/* Seconds from `origin` to `time` as a number for people and for JSON (`t` in the facts). */
static inline double eki_time_since(eki_time time, eki_time origin)
{
    int64_t nanos;
    /* Times of two captures that both lie may be further apart than 64 bits of nanoseconds can tell. */
    if (__builtin_sub_overflow(time, origin, &nanos)) return ((double)time - (double)origin) * 1e-9;
    return (double)nanos * 1e-9;
}

/* Writes RFC 3339 in UTC with microseconds ("2017-05-12T07:44:01.000123Z"); "-" for EKI_TIME_NONE. Returns
 * ret_text. */
const char *eki_time_format(eki_time time, char ret_text[EKI_TIME_TEXT]);

/* As eki_time_format, with nine digits when six would lose something: for records that are read back. */
const char *eki_time_format_exact(eki_time time, char ret_text[EKI_TIME_TEXT]);

/* Reads what eki_time_format writes (fraction of 0 to 9 digits, zone Z only). EKI_ERROR_ARGUMENT otherwise.
 */
EKI_MUST_USE enum eki_error eki_time_parse(const char *text, eki_time *ret_time);

#pragma GCC visibility pop

#endif
