/* SPDX-License-Identifier: Apache-2.0 */
/* Opening hours, time zones without summer time, and whether a team is at work. */
#include <string.h>

#include "base/calendar.h"
#include "directory/texts.h"
#include "ekigaku/heartbeat.h"

enum { DAY_MINUTES = 1440, SEARCH_DAYS = 31 };

static int day_of(const char *word)
{
    static const char names[] = "mon tue wed thu fri sat sun";
    for (int i = 0; i < 7; i++)
        if (!strncmp(word, names + i * 4, 3)) return i;
    return -1;
}

/* "09:00" to "24:00" at `text`; -1 when it is none. */
static int minutes_of(const char *text)
{
    char digits[3] = {text[0], text[0] ? text[1] : '\0', '\0'};
    uint32_t hour, minute;
    if (!eki_count_read(digits, 24, &hour) || strlen(digits) != 2 || text[2] != ':') return -1;
    digits[0] = text[3];
    digits[1] = text[3] ? text[4] : '\0';
    if (strlen(digits) != 2 || !eki_count_read(digits, 59, &minute)) return -1;
    return hour == 24 && minute ? -1 : (int)(hour * 60 + minute);
}

/* One part, "mon-fri 09:00-17:30"; what follows it, or NULL. */
static const char *read_part(const char *text, struct eki_hours *hours)
{
    int first = day_of(text), last = first;
    if (first < 0) return NULL;
    text += 3;
    if (*text == '-') {
        last = day_of(text + 1);
        if (last < first) return NULL;
        text += 4;
    }
    if (*text++ != ' ') return NULL;
    int from = minutes_of(text);
    if (from < 0 || text[5] != '-') return NULL;
    int to = minutes_of(text + 6);
    if (to <= from) return NULL;
    for (int day = first; day <= last; day++) {
        hours->from[day] = (uint16_t)from;
        hours->to[day] = (uint16_t)to;
    }
    return text + 11;
}

enum eki_error eki_hours_parse(const char *text, struct eki_hours *ret_hours)
{
    struct eki_hours hours = {0};
    if (!strcmp(text, "24/7")) {
        for (int day = 0; day < 7; day++) hours.to[day] = DAY_MINUTES;
        *ret_hours = hours;
        return EKI_OK;
    }
    for (;;) {
        text = read_part(text, &hours);
        if (!text) return EKI_ERROR_ARGUMENT;
        if (!*text) break;
        if (strncmp(text, ", ", 2)) return EKI_ERROR_ARGUMENT;
        text += 2;
    }
    *ret_hours = hours;
    return EKI_OK;
}

/* Zones whose clocks are not changed (IANA time zone database, 2024a; none of them has planned summer time).
 */
static const struct {
    const char *name;
    int16_t minutes;
} fixed_zones[] = {{"UTC", 0},
                   {"Etc/UTC", 0},
                   {"Asia/Tokyo", 540},
                   {"Asia/Seoul", 540},
                   {"Asia/Shanghai", 480},
                   {"Asia/Taipei", 480},
                   {"Asia/Hong_Kong", 480},
                   {"Asia/Singapore", 480},
                   {"Asia/Kuala_Lumpur", 480},
                   {"Asia/Manila", 480},
                   {"Australia/Perth", 480},
                   {"Asia/Bangkok", 420},
                   {"Asia/Jakarta", 420},
                   {"Asia/Ho_Chi_Minh", 420},
                   {"Asia/Kolkata", 330},
                   {"Asia/Kathmandu", 345},
                   {"Asia/Dubai", 240},
                   {"Europe/Moscow", 180},
                   {"Europe/Istanbul", 180},
                   {"Africa/Nairobi", 180},
                   {"Africa/Johannesburg", 120},
                   {"Africa/Lagos", 60},
                   {"Atlantic/Reykjavik", 0},
                   {"America/Sao_Paulo", -180},
                   {"America/Bogota", -300},
                   {"America/Lima", -300}};

static bool is_zone_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-+0123456789/";
    size_t length = strlen(text);
    return length >= 3 && length <= 40 && strchr(text, '/') && strspn(text, letters) == length;
}

enum eki_error eki_zone_parse(const char *text, int32_t *ret_minutes)
{
    if ((text[0] == '+' || text[0] == '-') && strlen(text) == 6) {
        int minutes = minutes_of(text + 1);
        if (minutes < 0 || minutes > 14 * 60) return EKI_ERROR_ARGUMENT;
        *ret_minutes = text[0] == '-' ? -minutes : minutes;
        return EKI_OK;
    }
    for (size_t i = 0; i < sizeof fixed_zones / sizeof *fixed_zones; i++)
        if (!strcmp(text, fixed_zones[i].name)) {
            *ret_minutes = fixed_zones[i].minutes;
            return EKI_OK;
        }
    return is_zone_name(text) ? EKI_ERROR_UNSUPPORTED : EKI_ERROR_ARGUMENT;
}

/* A day of the team's own calendar. */
struct week {
    struct eki_hours hours;
    bool japan;
    int64_t offset_s;
};

static struct eki_date date_of(int64_t day)
{
    int64_t year;
    unsigned month, number;
    eki_civil_from_days(day, &year, &month, &number);
    return (struct eki_date){(int16_t)year, (uint8_t)month, (uint8_t)number};
}

static bool works_on(const struct week *w, int64_t day, unsigned *ret_from, unsigned *ret_to)
{
    struct eki_holiday holiday;
    unsigned weekday = eki_weekday(day);
    *ret_from = w->hours.from[weekday];
    *ret_to = w->hours.to[weekday];
    return *ret_to > *ret_from && !(w->japan && eki_holiday_japan(date_of(day), &holiday));
}

static eki_time moment(const struct week *w, int64_t day, unsigned minute)
{
    return (day * 86400 + (int64_t)minute * 60 - w->offset_s) * EKI_SECOND;
}

/* Hours that end at 24:00 go on when the next day begins at 0:00. */
static eki_time closes(const struct week *w, int64_t day)
{
    unsigned from, to;
    for (int i = 0; i < SEARCH_DAYS; i++, day++) {
        if (!works_on(w, day, &from, &to)) return moment(w, day, 0);
        if (to < DAY_MINUTES) return moment(w, day, to);
        if (!works_on(w, day + 1, &from, &to) || from) return moment(w, day + 1, 0);
    }
    return EKI_TIME_NONE;
}

static eki_time opens(const struct week *w, int64_t day, unsigned minute)
{
    unsigned from, to;
    for (int i = 0; i < SEARCH_DAYS; i++, day++, minute = 0)
        if (works_on(w, day, &from, &to) && from >= minute) return moment(w, day, from);
    return EKI_TIME_NONE;
}

struct eki_business eki_team_business(const struct eki_team *team, eki_time time)
{
    struct eki_business business = {.next = EKI_TIME_NONE};
    struct week week = {.japan = team->holidays != NULL};
    int32_t minutes;
    unsigned from, to;
    if (!team->hours || !team->time_zone || time == EKI_TIME_NONE) return business;
    if (eki_hours_parse(team->hours, &week.hours) || eki_zone_parse(team->time_zone, &minutes))
        return business;
    week.offset_s = (int64_t)minutes * 60;
    int64_t local = time / EKI_SECOND - (time % EKI_SECOND < 0) + week.offset_s;
    int64_t day = local >= 0 ? local / 86400 : -((-local + 86399) / 86400);
    unsigned minute = (unsigned)((local - day * 86400) / 60);
    if (week.japan) (void)eki_holiday_japan(date_of(day), &business.holiday);
    bool open = works_on(&week, day, &from, &to) && minute >= from && minute < to;
    business.state = open ? EKI_OPENING_OPEN : EKI_OPENING_CLOSED;
    business.next = open ? closes(&week, day) : opens(&week, day, minute);
    return business;
}
