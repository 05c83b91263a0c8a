/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_CALENDAR_H
#define EKI_BASE_CALENDAR_H
/* Days from 1970-01-01 of a proleptic Gregorian date, and back (Hinnant 2013, "chrono-compatible low-level
 * date algorithms"). Weekdays: 0 is Monday. */
#include <stdint.h>

/* Month 1 to 12, day 1 to 31; days beyond the month's end run on into the next. O(1). */
int64_t eki_days_from_civil(int64_t year, unsigned month, unsigned day);
void eki_civil_from_days(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day);

/* 28 to 31; 0 for a month that there is not. */
unsigned eki_days_in_month(int64_t year, unsigned month);

/* 0 Monday to 6 Sunday. */
static inline unsigned eki_weekday(int64_t days)
{
    int64_t rest = (days + 3) % 7; /* 1970-01-01 was a Thursday */
    return (unsigned)(rest < 0 ? rest + 7 : rest);
}

#endif
