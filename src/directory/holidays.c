/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holidays of Japan, 2000 to 2099 (Act on National Holidays, articles 2 and 3, with its transitional rules).
 * Equinoxes: formula of the Hydrographic Department of Japan for 1980 to 2099; the day is fixed by law only
 * in February of the year before, so years to come are what astronomy says.
 */
#include "base/calendar.h"
#include "base/text.h"
#include "ekigaku/heartbeat.h"

enum { MONDAY = 0, SUNDAY = 6, NOT_KNOWN_BEFORE = 2000, NOT_KNOWN_AFTER = 2099 };

/* A holiday on the same day every year, or on the nth Monday, between two years. */
struct rule {
    uint16_t from, to;
    uint8_t month, day, nth_monday; /* day 0: by nth_monday */
    struct eki_holiday holiday;
};

static const struct rule rules[] = {
    {2000, 2099, 1, 1, 0, {"New Year's Day", "元日"}},
    {2000, 2099, 1, 0, 2, {"Coming of Age Day", "成人の日"}},
    {2000, 2099, 2, 11, 0, {"National Foundation Day", "建国記念の日"}},
    {2020, 2099, 2, 23, 0, {"The Emperor's Birthday", "天皇誕生日"}},
    {2000, 2006, 4, 29, 0, {"Greenery Day", "みどりの日"}},
    {2007, 2099, 4, 29, 0, {"Showa Day", "昭和の日"}},
    {2019, 2019, 5, 1, 0, {"Day of the Enthronement", "即位の日"}},
    {2000, 2099, 5, 3, 0, {"Constitution Memorial Day", "憲法記念日"}},
    {2007, 2099, 5, 4, 0, {"Greenery Day", "みどりの日"}},
    {2000, 2099, 5, 5, 0, {"Children's Day", "こどもの日"}},
    {2000, 2002, 7, 20, 0, {"Marine Day", "海の日"}},
    {2003, 2019, 7, 0, 3, {"Marine Day", "海の日"}},
    {2020, 2020, 7, 23, 0, {"Marine Day", "海の日"}},
    {2021, 2021, 7, 22, 0, {"Marine Day", "海の日"}},
    {2022, 2099, 7, 0, 3, {"Marine Day", "海の日"}},
    {2016, 2019, 8, 11, 0, {"Mountain Day", "山の日"}},
    {2020, 2020, 8, 10, 0, {"Mountain Day", "山の日"}},
    {2021, 2021, 8, 8, 0, {"Mountain Day", "山の日"}},
    {2022, 2099, 8, 11, 0, {"Mountain Day", "山の日"}},
    {2000, 2002, 9, 15, 0, {"Respect for the Aged Day", "敬老の日"}},
    {2003, 2099, 9, 0, 3, {"Respect for the Aged Day", "敬老の日"}},
    {2000, 2019, 10, 0, 2, {"Health and Sports Day", "体育の日"}},
    {2020, 2020, 7, 24, 0, {"Sports Day", "スポーツの日"}},
    {2021, 2021, 7, 23, 0, {"Sports Day", "スポーツの日"}},
    {2022, 2099, 10, 0, 2, {"Sports Day", "スポーツの日"}},
    {2019, 2019, 10, 22, 0, {"Enthronement Ceremony", "即位礼正殿の儀"}},
    {2000, 2099, 11, 3, 0, {"Culture Day", "文化の日"}},
    {2000, 2099, 11, 23, 0, {"Labour Thanksgiving Day", "勤労感謝の日"}},
    {2000, 2018, 12, 23, 0, {"The Emperor's Birthday", "天皇誕生日"}},
};

static unsigned equinox(unsigned year, double at_1980)
{
    return (unsigned)(at_1980 + 0.242194 * (year - 1980)) - (year - 1980) / 4;
}

static unsigned nth_monday(int64_t year, unsigned month, unsigned nth)
{
    unsigned first = eki_weekday(eki_days_from_civil(year, month, 1));
    return 1 + (7 - first) % 7 + (nth - 1) * 7;
}

/* A national holiday itself, not one that follows from others. */
static bool is_national(int64_t day, struct eki_holiday *ret_holiday)
{
    int64_t year;
    unsigned month, number;
    eki_civil_from_days(day, &year, &month, &number);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct rule *r = &rules[i];
        if (month != r->month || year < r->from || year > r->to) continue;
        if (number != (r->day ? r->day : nth_monday(year, month, r->nth_monday))) continue;
        *ret_holiday = r->holiday;
        return true;
    }
    bool spring = month == 3 && number == equinox((unsigned)year, 20.8431),
         autumn = month == 9 && number == equinox((unsigned)year, 23.2488);
    if (spring) *ret_holiday = (struct eki_holiday){"Vernal Equinox Day", "春分の日"};
    if (autumn) *ret_holiday = (struct eki_holiday){"Autumnal Equinox Day", "秋分の日"};
    return spring || autumn;
}

/* Article 3, paragraph 2: for a holiday on a Sunday the next day that is none; until 2006 the Monday only. */
static bool is_substitute(int64_t day, int64_t year)
{
    struct eki_holiday holiday;
    for (int64_t before = day - 1; is_national(before, &holiday); before--) {
        if (eki_weekday(before) == SUNDAY) return true;
        if (year < 2007) return false;
    }
    return false;
}

bool eki_holiday_japan(struct eki_date date, struct eki_holiday *ret_holiday)
{
    struct eki_holiday holiday;
    if (date.year < NOT_KNOWN_BEFORE || date.year > NOT_KNOWN_AFTER || !date.month || !date.day) return false;
    int64_t day = eki_days_from_civil(date.year, date.month, date.day);
    if (is_national(day, ret_holiday)) return true;
    if (is_substitute(day, date.year)) {
        *ret_holiday = (struct eki_holiday){"Substitute holiday", "振替休日"};
        return true;
    }
    /* Paragraph 3: a day between two holidays; until 2006 no Sunday. */
    if (!is_national(day - 1, &holiday) || !is_national(day + 1, &holiday)) return false;
    if (date.year < 2007 && eki_weekday(day) == SUNDAY) return false;
    *ret_holiday = (struct eki_holiday){"Citizens' holiday", "国民の休日"};
    return true;
}
