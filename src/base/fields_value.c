/* SPDX-License-Identifier: Apache-2.0 */
/* What the text of a field means: numbers, times, addresses (see fields.h). */
#include <string.h>

#include "base/fields.h"

enum { NANO_DIGITS = 9, EXPONENT_MOST = 18 };

static void fail(struct eki_field_reader *r, struct eki_field field, const char *what)
{
    if (r->wrong) return;
    r->wrong = what;
    r->at = field.at;
}

static bool has_value(struct eki_field field)
{
    return field.kind == EKI_FIELD_TEXT || field.kind == EKI_FIELD_NUMBER;
}

/* Digits up to `end`; stops before a product would overflow. */
static uint64_t digits(const char **at, const char *end, unsigned *ret_count)
{
    uint64_t value = 0;
    *ret_count = 0;
    for (; *at < end && **at >= '0' && **at <= '9' && value < UINT64_MAX / 10 - 1; ++*at, ++*ret_count)
        value = value * 10 + (uint64_t)(**at - '0');
    return value;
}

uint64_t eki_field_unsigned(struct eki_field_reader *r, struct eki_field field, uint64_t most)
{
    if (field.kind == EKI_FIELD_ABSENT) return 0;
    const char *at = field.at, *end = field.at + field.length;
    unsigned count, after = 1;
    uint64_t value = has_value(field) ? digits(&at, end, &count) : 0;
    bool good = has_value(field) && count > 0;
    if (good && at < end && *at == '.') {
        at++;
        digits(&at, end, &after);
    }
    if (good && after > 0 && at == end && value <= most) return value;
    fail(r, field, good && at == end ? "a number out of range" : "no whole number");
    return 0;
}

/* The fraction as nanoseconds; further digits are passed over. */
static int64_t fraction(const char **at, const char *end)
{
    int64_t nanos = 0;
    unsigned count = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at, ++count)
        if (count < NANO_DIGITS) nanos = nanos * 10 + (**at - '0');
    for (; count < NANO_DIGITS; count++) nanos *= 10;
    return nanos;
}

/* 1.5e-05 and its like, which some writers use for short durations and long times. */
static bool scale(const char **at, const char *end, double *value)
{
    if (*at == end || (**at != 'e' && **at != 'E')) return true;
    ++*at;
    bool negative = *at < end && **at == '-';
    if (*at < end && (**at == '-' || **at == '+')) ++*at;
    unsigned count;
    uint64_t power = digits(at, end, &count);
    if (!count || power > EXPONENT_MOST) return false;
    for (; power > 0; power--) *value = negative ? *value / 10 : *value * 10;
    return true;
}

eki_time eki_field_seconds(struct eki_field_reader *r, struct eki_field field)
{
    if (field.kind == EKI_FIELD_ABSENT) return EKI_TIME_NONE;
    const char *at = field.at, *end = field.at + field.length;
    bool negative = has_value(field) && at < end && *at == '-';
    at += negative;
    unsigned count = 0;
    uint64_t whole = has_value(field) ? digits(&at, end, &count) : 0;
    int64_t nanos = at < end && *at == '.' ? (at++, fraction(&at, end)) : 0;
    double scaled = (double)whole + (double)nanos * 1e-9;
    bool exponent = at < end;
    if (!count || !scale(&at, end, &scaled) || at != end || scaled > (double)EKI_TIME_LATEST / EKI_SECOND) {
        fail(r, field, count && at == end ? "a time out of range" : "no number of seconds");
        return EKI_TIME_NONE;
    }
    int64_t all = exponent ? (int64_t)(scaled * (double)EKI_SECOND) : (int64_t)whole * EKI_SECOND + nanos;
    return negative ? -all : all;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar (Hinnant 2013, days_from_civil). */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = year / 400;
    unsigned of_era = (unsigned)(year - era * 400);
    unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

/* `count` digits, exactly. */
static bool number(const char **at, const char *end, int count, unsigned *ret_value)
{
    *ret_value = 0;
    if (end - *at < count) return false;
    for (int i = 0; i < count; i++, ++*at) {
        if (**at < '0' || **at > '9') return false;
        *ret_value = *ret_value * 10 + (unsigned)(**at - '0');
    }
    return true;
}

static bool mark(const char **at, const char *end, const char *allowed)
{
    if (*at == end || !**at || !strchr(allowed, **at)) return false;
    ++*at;
    return true;
}

/* Seconds east of Greenwich. */
static bool zone(const char **at, const char *end, int64_t *ret_seconds)
{
    *ret_seconds = 0;
    if (*at == end) return true;
    char sign = *(*at)++;
    if (sign == 'Z' || sign == 'z') return true;
    bool west = sign == '-';
    unsigned hours, minutes = 0;
    if ((sign != '+' && !west) || !number(at, end, 2, &hours)) return false;
    if (*at < end && **at == ':') ++*at;
    if (*at < end && !number(at, end, 2, &minutes)) return false;
    *ret_seconds = ((int64_t)hours * 60 + minutes) * (west ? -60 : 60);
    return true;
}

/* Year to second: "2017-05-12T07:44:01". */
struct moment {
    unsigned year, month, day, hour, minute, second;
};

/* Eight characters as a number whose lowest byte is the first. */
static uint64_t eight(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word : __builtin_bswap64(word);
}

/* Eight characters that look like `pattern`, in which '0' stands for any digit. Byte i of *ret_pairs is then
 * the number that the digits i and i + 1 are (Lamport 1975, "Multiple byte processing with full-word
 * instructions"): a digit becomes its value, anything else that fits 0, and what does not fit reaches bit 7
 * when 0x76, or 0x7f where no digit belongs, is added. */
static inline bool looks_like(const char *at, const char *pattern, uint64_t *ret_pairs)
{
    const uint64_t tops = UINT64_C(0x8080808080808080);
    uint64_t values = eight(at) ^ eight(pattern), more = 0;
    for (unsigned i = 0; i < 8; i++) more |= (uint64_t)(pattern[i] == '0' ? 0x76 : 0x7f) << (8 * i);
    *ret_pairs = values * 10 + (values >> 8);
    return !(((values + more) | values) & tops);
}

static unsigned pair(uint64_t pairs, unsigned first)
{
    return (unsigned)(pairs >> (8 * first)) & 0xff;
}

/* The usual case at once: 19 characters, all digits where digits belong. The last three are looked at with
 * the five before them. */
static bool moment_at_once(const char **at, const char *end, struct moment *ret_moment)
{
    enum { LENGTH = 19 };
    uint64_t date, day, time;
    const char *t = *at;
    if (end - t < LENGTH || !looks_like(t, "0000-00-", &date) || !looks_like(t + 8, "00T00:00", &day) ||
        !looks_like(t + 11, "00:00:00", &time))
        return false;
    *ret_moment = (struct moment){pair(date, 0) * 100 + pair(date, 2),
                                  pair(date, 5),
                                  pair(day, 0),
                                  pair(time, 0),
                                  pair(time, 3),
                                  pair(time, 6)};
    *at += LENGTH;
    return true;
}

static bool moment_by_parts(const char **at, const char *end, struct moment *m)
{
    return number(at, end, 4, &m->year) && mark(at, end, "-/") && number(at, end, 2, &m->month) &&
           mark(at, end, "-/") && number(at, end, 2, &m->day) && mark(at, end, "T t") &&
           number(at, end, 2, &m->hour) && mark(at, end, ":") && number(at, end, 2, &m->minute) &&
           mark(at, end, ":") && number(at, end, 2, &m->second);
}

eki_time eki_field_date(struct eki_field_reader *r, struct eki_field field)
{
    if (field.kind == EKI_FIELD_ABSENT) return EKI_TIME_NONE;
    const char *at = field.at, *end = field.at + field.length;
    struct moment m;
    bool good =
        field.kind == EKI_FIELD_TEXT && (moment_at_once(&at, end, &m) || moment_by_parts(&at, end, &m));
    int64_t nanos = 0, east = 0;
    if (good && at < end && (*at == '.' || *at == ',')) {
        at++;
        nanos = fraction(&at, end);
    }
    good = good && zone(&at, end, &east) && at == end && m.year >= 1970 && m.year <= EKI_LAST_YEAR &&
           m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= 31 && m.hour < 24 && m.minute < 60 &&
           m.second <= 60;
    if (!good) {
        fail(r, field, "no date and time");
        return EKI_TIME_NONE;
    }
    int64_t seconds =
        days_of(m.year, m.month, m.day) * 86400 + m.hour * 3600 + m.minute * 60 + m.second - east;
    return eki_time_clamp(seconds * EKI_SECOND + nanos);
}

/* The usual case by hand: four numbers, three points. */
static bool dotted_quad(const char *at, const char *end, uint32_t *ret_address)
{
    uint32_t address = 0;
    for (int part = 0; part < 4; part++) {
        unsigned value = 0, count = 0;
        for (; at < end && *at >= '0' && *at <= '9' && count < 3; at++, count++)
            value = value * 10 + (unsigned)(*at - '0');
        if (!count || value > 255) return false;
        if (part < 3 && (at == end || *at++ != '.')) return false;
        address = address << 8 | value;
    }
    *ret_address = address;
    return at == end;
}

struct eki_address eki_field_address(struct eki_field_reader *r, struct eki_field field)
{
    uint32_t v4;
    struct eki_address address = {0, 0};
    char text[EKI_ADDRESS_TEXT];
    if (field.kind == EKI_FIELD_TEXT && dotted_quad(field.at, field.at + field.length, &v4))
        return eki_address_v4(v4);
    bool fits = field.kind == EKI_FIELD_TEXT && field.length < sizeof text;
    if (fits) memcpy(text, field.at, field.length), text[field.length] = 0;
    char *scope = fits ? strchr(text, '%') : NULL; /* fe80::1%eth0 */
    if (scope) *scope = 0;
    if (!fits || eki_address_parse(text, &address)) fail(r, field, "no address");
    return address;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \uXXXX as UTF-8; a lone surrogate becomes '?'. Returns how many bytes were written. */
static size_t put_code(const char *digits4, char *ret_text, size_t room)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex(digits4[i]);
        code = digit < 0 ? '?' : code << 4 | (unsigned)digit;
        if (digit < 0) break;
    }
    if (code < 0x20 || (code >= 0xd800 && code < 0xe000)) code = code < 0x20 ? ' ' : '?';
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    if (length > room) return 0;
    if (length == 1) ret_text[0] = (char)code;
    if (length == 2) ret_text[0] = (char)(0xc0 | code >> 6), ret_text[1] = (char)(0x80 | (code & 0x3f));
    if (length == 3)
        ret_text[0] = (char)(0xe0 | code >> 12), ret_text[1] = (char)(0x80 | (code >> 6 & 0x3f)),
        ret_text[2] = (char)(0x80 | (code & 0x3f));
    return length;
}

const char *eki_field_text(struct eki_field field, char *ret_text, size_t capacity)
{
    size_t length = 0;
    const char *at = field.at, *end = has_value(field) ? field.at + field.length : at;
    while (at < end && length + 1 < capacity) {
        char c = *at++;
        if (c != '\\' || at == end) {
            if (c == '"' && at < end && *at == '"') at++; /* doubled, in CSV */
            ret_text[length++] = (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c;
            continue;
        }
        char what = *at++;
        if (what == 'u' && end - at >= 4) {
            length += put_code(at, ret_text + length, capacity - 1 - length);
            at += 4;
            continue;
        }
        ret_text[length++] = strchr("bfnrt", what) ? ' ' : what;
    }
    ret_text[length] = 0;
    return ret_text;
}
