/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/time.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"

static char *put_digits(char *to, unsigned number, int digits)
{
    for (int i = digits - 1; i >= 0; i--, number /= 10) to[i] = (char)('0' + number % 10);
    return to + digits;
}

/* As printf would by "%04u-%02u-%02uT%02u:%02u:%02u", which takes ten times as long; lists are full of times.
 * The year has four digits. */
static size_t put_seconds(char *text, unsigned year, unsigned month, unsigned day, unsigned rest)
{
    char *to = put_digits(text, year, 4);
    *to++ = '-';
    to = put_digits(to, month, 2);
    *to++ = '-';
    to = put_digits(to, day, 2);
    *to++ = 'T';
    to = put_digits(to, rest / 3600, 2);
    *to++ = ':';
    to = put_digits(to, rest / 60 % 60, 2);
    *to++ = ':';
    to = put_digits(to, rest % 60, 2);
    *to = '\0';
    return (size_t)(to - text);
}

/* The text up to the second, with the nanoseconds after it; 0 for EKI_TIME_NONE, whose text is "-". */
static size_t format_seconds(eki_time time, char ret_text[EKI_TIME_TEXT], unsigned *ret_nanos)
{
    if (time == EKI_TIME_NONE) {
        memcpy(ret_text, "-", 2);
        return 0;
    }
    int64_t seconds = time / EKI_SECOND, nanos = time % EKI_SECOND;
    if (nanos < 0) nanos += EKI_SECOND, seconds--;
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) rest += 86400, days--;
    int64_t year;
    unsigned month, day;
    eki_civil_from_days(days, &year, &month, &day);
    *ret_nanos = (unsigned)nanos;
    if (year >= 0 && year <= 9999) return put_seconds(ret_text, (unsigned)year, month, day, (unsigned)rest);
    return (size_t)snprintf(ret_text, EKI_TIME_TEXT, "%04d-%02u-%02uT%02u:%02u:%02u", (int)year, month, day,
                            (unsigned)(rest / 3600), (unsigned)(rest / 60 % 60), (unsigned)(rest % 60));
}

const char *eki_time_format(eki_time time, char ret_text[EKI_TIME_TEXT])
{
    unsigned nanos;
    size_t length = format_seconds(time, ret_text, &nanos);
    if (!length) return ret_text;
    ret_text[length] = '.';
    memcpy(put_digits(ret_text + length + 1, nanos / 1000, 6), "Z", 2);
    return ret_text;
}

const char *eki_time_format_exact(eki_time time, char ret_text[EKI_TIME_TEXT])
{
    unsigned nanos;
    size_t length = format_seconds(time, ret_text, &nanos);
    if (!length) return ret_text;
    if (nanos % 1000)
        snprintf(ret_text + length, EKI_TIME_TEXT - length, ".%09uZ", nanos);
    else
        snprintf(ret_text + length, EKI_TIME_TEXT - length, ".%06uZ", nanos / 1000);
    return ret_text;
}

/* Exactly `digits` decimal digits at *text, which is moved on. */
static bool take_number(const char **text, int digits, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    *text += digits;
    *ret_value = value;
    return true;
}

static bool take_character(const char **text, char wanted)
{
    if (**text != wanted) return false;
    (*text)++;
    return true;
}

enum eki_error eki_time_parse(const char *text, eki_time *ret_time)
{
    int year, month, day, hour, minute, second;
    bool shape = take_number(&text, 4, &year) && take_character(&text, '-') &&
                 take_number(&text, 2, &month) && take_character(&text, '-') && take_number(&text, 2, &day) &&
                 take_character(&text, 'T') && take_number(&text, 2, &hour) && take_character(&text, ':') &&
                 take_number(&text, 2, &minute) && take_character(&text, ':') &&
                 take_number(&text, 2, &second);
    if (!shape || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
        return EKI_ERROR_ARGUMENT;
    if (year < 1970 || year > EKI_LAST_YEAR)
        return EKI_ERROR_ARGUMENT; /* what 64 bits of nanoseconds can hold */
    int64_t nanos = 0;
    if (take_character(&text, '.')) {
        int64_t unit = EKI_SECOND / 10;
        int digit;
        if (*text < '0' || *text > '9') return EKI_ERROR_ARGUMENT;
        while (unit > 0 && take_number(&text, 1, &digit)) nanos += digit * unit, unit /= 10;
    }
    if (!take_character(&text, 'Z') || *text) return EKI_ERROR_ARGUMENT;
    int64_t days = eki_days_from_civil(year, (unsigned)month, (unsigned)day);
    int64_t back_year;
    unsigned back_month, back_day;
    eki_civil_from_days(days, &back_year, &back_month, &back_day);
    if (back_day != (unsigned)day) return EKI_ERROR_ARGUMENT; /* the 30th of February */
    *ret_time = (days * 86400 + hour * 3600 + minute * 60 + second) * EKI_SECOND + nanos;
    return EKI_OK;
}
