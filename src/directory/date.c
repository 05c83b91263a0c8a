/* SPDX-License-Identifier: Apache-2.0 */
/* Dates of which only the year or the month may be known. */
#include <string.h>

#include "base/calendar.h"
#include "directory/texts.h"
#include "ekigaku/directory.h"

enum { FIRST_YEAR = 1900, LAST_YEAR = 2261 };

const char *eki_date_format(struct eki_date date, char ret_text[16])
{
    if (!date.year)
        ret_text[0] = '\0';
    else if (!date.month)
        snprintf(ret_text, 16, "%04d", date.year);
    else if (!date.day)
        snprintf(ret_text, 16, "%04d-%02u", date.year, date.month);
    else
        snprintf(ret_text, 16, "%04d-%02u-%02u", date.year, date.month, date.day);
    return ret_text;
}

/* `digits` digits at text, 0 when they are none (0 is no year, month or day). */
static uint32_t digits_at(const char *text, size_t digits)
{
    char copy[8];
    uint32_t value = 0;
    memcpy(copy, text, digits);
    copy[digits] = '\0';
    return eki_count_read(copy, 9999, &value) ? value : 0;
}

enum eki_error eki_date_parse(const char *text, struct eki_date *ret_date)
{
    size_t length = strlen(text);
    if (length != 4 && length != 7 && length != 10) return EKI_ERROR_ARGUMENT;
    uint32_t year = digits_at(text, 4), month = 0, day = 0;
    if (year < FIRST_YEAR || year > LAST_YEAR) return EKI_ERROR_ARGUMENT;
    if (length >= 7) {
        month = text[4] == '-' ? digits_at(text + 5, 2) : 0;
        if (!month || month > 12) return EKI_ERROR_ARGUMENT;
    }
    if (length == 10) {
        day = text[7] == '-' ? digits_at(text + 8, 2) : 0;
        if (!day || day > eki_days_in_month(year, month)) return EKI_ERROR_ARGUMENT;
    }
    *ret_date = (struct eki_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
    return EKI_OK;
}

enum eki_error eki_moment_parse(const char *text, eki_time *ret_time)
{
    struct eki_date date;
    if (eki_date_parse(text, &date) || !date.day) return eki_time_parse(text, ret_time);
    if (date.year < 1970) return EKI_ERROR_ARGUMENT; /* its time could not be written and read again */
    *ret_time = eki_date_time(date);
    return EKI_OK;
}

eki_time eki_date_time(struct eki_date date)
{
    if (!date.year) return EKI_TIME_NONE;
    return eki_days_from_civil(date.year, date.month ? date.month : 1, date.day ? date.day : 1) * 86400 *
           EKI_SECOND;
}
