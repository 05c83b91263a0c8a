/* SPDX-License-Identifier: Apache-2.0 */
/* Counting members. */
#include "ekigaku/members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/memory.h"
#include "directory/choice.h"

enum { YEAR_MONTHS = 12 };
/* 1.645: 90 % of a normal distribution lie within. */
#define NINE_OF_TEN 1.645

/* Months since year 0; -1 for no date. An unknown month counts as January. */
static int month_of(struct eki_date date)
{
    if (!date.year) return -1;
    return date.year * YEAR_MONTHS + (date.month ? date.month - 1 : 0);
}

static int month_of_time(eki_time time)
{
    int64_t year, seconds = time / EKI_SECOND - (time % EKI_SECOND < 0);
    unsigned month, day;
    eki_civil_from_days(seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400), &year, &month, &day);
    return (int)year * YEAR_MONTHS + (int)month - 1;
}

/* Counts of joining and leaving by month, from the first to now. */
static enum eki_error count_months(const struct eki_directory *d, struct eki_members *m)
{
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    int first = -1, now = month_of_time(d->now);
    for (size_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++) {
        int joined = month_of(teams[i].joined);
        if (joined >= 0 && joined <= now && (first < 0 || joined < first)) first = joined;
    }
    if (first < 0) return EKI_OK;
    size_t count = (size_t)(now - first) + 1;
    struct eki_month *months = eki_allocate(count, sizeof *months);
    if (!months) return EKI_ERROR_MEMORY;
    m->months = months;
    m->month_count = count;
    for (size_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++) {
        int joined = month_of(teams[i].joined), left = month_of(teams[i].left);
        if (joined < 0 || joined > now) continue;
        months[joined - first].joined++;
        if (left >= joined && left <= now) months[left - first].left++;
    }
    for (size_t i = 0; i < count; i++) {
        int at = first + (int)i;
        months[i].year = (int16_t)(at / YEAR_MONTHS);
        months[i].month = (uint8_t)(at % YEAR_MONTHS + 1);
        months[i].total = (i ? months[i - 1].total : 0) + months[i].joined - months[i].left;
    }
    m->members = months[count - 1].total;
    return EKI_OK;
}

/*
 * Members go on joining at the mean rate of the last 24 months. Joining is taken for a Poisson process: a
 * future count of mean r*h varies by r*h, and the rate itself, counted over B months, is uncertain by r/B,
 * which contributes r*h*h/B (normal approximation of the Poisson prediction interval, Hahn and Meeker
 * 1991, 7.3).
 */
static void project(struct eki_members *m)
{
    size_t base = m->month_count < EKI_PROJECTION_BASE ? m->month_count : EKI_PROJECTION_BASE;
    double joined = 0, left = 0;
    for (size_t i = m->month_count - base; i < m->month_count; i++) {
        joined += m->months[i].joined;
        left += m->months[i].left;
    }
    if (!base || joined + left == 0) return;
    m->rate = (joined - left) / (double)base;
    const struct eki_month *last = &m->months[m->month_count - 1];
    double moves = (joined + left) / (double)base;
    for (int h = 1; h <= EKI_PROJECTED_MONTHS; h++) {
        int at = last->year * YEAR_MONTHS + last->month - 1 + h;
        double spread = NINE_OF_TEN * sqrt(moves * h * (1 + h / (double)base)),
               total = last->total + m->rate * h;
        m->projected[h - 1] =
            (struct eki_projected){(int16_t)(at / YEAR_MONTHS), (uint8_t)(at % YEAR_MONTHS + 1),
                                   fmax(total, 0), fmax(total - spread, 0), fmax(total + spread, 0)};
    }
    m->projected_count = EKI_PROJECTED_MONTHS;
}

static bool has_left(const struct eki_directory *d, const struct eki_team *team)
{
    return team->left.year && eki_date_time(team->left) <= d->now;
}

static int by_name(const void *x, const void *y)
{
    const struct eki_share *a = x, *b = y;
    if (!a->name || !b->name) return !a->name - !b->name;
    return strcmp(a->name, b->name);
}

static int by_teams(const void *x, const void *y)
{
    const struct eki_share *a = x, *b = y;
    if (a->teams != b->teams) return a->teams > b->teams ? -1 : 1;
    return by_name(x, y);
}

/* How many teams share each value of a text field. */
static enum eki_error count_shares(const struct eki_directory *d, size_t place,
                                   const struct eki_share **ret_shares, size_t *ret_count)
{
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    size_t count = 0, kept = 0;
    struct eki_share *shares = eki_allocate(d->of[EKI_RECORD_TEAM].count, sizeof *shares);
    if (!shares) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++)
        if (!has_left(d, &teams[i]))
            shares[count++] = (struct eki_share){*(const char *const *)((const char *)&teams[i] + place), 1};
    if (count) qsort(shares, count, sizeof *shares, by_name);
    for (size_t i = 0; i < count; i++)
        if (kept && !by_name(&shares[kept - 1], &shares[i]))
            shares[kept - 1].teams++;
        else
            shares[kept++] = shares[i];
    if (kept) qsort(shares, kept, sizeof *shares, by_teams);
    *ret_shares = shares;
    *ret_count = kept;
    return EKI_OK;
}

static enum eki_error count_years(const struct eki_directory *d, struct eki_members *m)
{
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    struct eki_years *years = eki_allocate(d->of[EKI_RECORD_TEAM].count, sizeof *years);
    if (!years) return EKI_ERROR_MEMORY;
    m->years = years;
    for (uint32_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++) {
        if (!has_left(d, &teams[i])) m->tiers[teams[i].tier]++;
        if (teams[i].founded.year && teams[i].joined.year)
            years[m->year_count++] = (struct eki_years){i, teams[i].founded.year, teams[i].joined.year};
    }
    return EKI_OK;
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static enum eki_error count_contacts(const struct eki_directory *d, struct eki_members *m)
{
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    size_t answered = 0;
    m->contacts = (uint32_t)d->of[EKI_RECORD_CONTACT].count;
    double *times = eki_allocate(m->contacts, sizeof *times);
    if (!times) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < m->contacts; i++) {
        m->health[d->states[i].health]++;
        if (d->states[i].answers) times[answered++] = d->states[i].answer_s;
    }
    if (answered) qsort(times, answered, sizeof *times, by_value);
    m->answer_s = answered ? (times[(answered - 1) / 2] + times[answered / 2]) / 2 : NAN;
    eki_free(times);
    for (uint32_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++)
        m->unreachable +=
            !has_left(d, &teams[i]) && eki_directory_choose(d, i, EKI_NOWHERE).living == EKI_NOWHERE;
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    for (size_t i = 0; i < d->of[EKI_RECORD_NETWORK].count; i++)
        m->networks[eki_network_resource(&networks[i])]++;
    return EKI_OK;
}

enum eki_error eki_members_count(const struct eki_directory *d, struct eki_members **ret_members)
{
    if (!d->settled || d->now == EKI_TIME_NONE) return EKI_ERROR_ARGUMENT;
    struct eki_members *m = eki_allocate(1, sizeof *m);
    if (!m) return EKI_ERROR_MEMORY;
    m->teams = (uint32_t)d->of[EKI_RECORD_TEAM].count;
    enum eki_error error = count_months(d, m);
    if (!error) error = count_shares(d, offsetof(struct eki_team, sector), &m->sectors, &m->sector_count);
    if (!error) error = count_shares(d, offsetof(struct eki_team, region), &m->regions, &m->region_count);
    if (!error) error = count_shares(d, offsetof(struct eki_team, country), &m->countries, &m->country_count);
    if (!error) error = count_years(d, m);
    if (!error) error = count_contacts(d, m);
    if (error) {
        eki_members_free(m);
        return error;
    }
    project(m);
    *ret_members = m;
    return EKI_OK;
}

void eki_members_free(struct eki_members *m)
{
    if (!m) return;
    eki_free((void *)m->months);
    eki_free((void *)m->sectors);
    eki_free((void *)m->regions);
    eki_free((void *)m->countries);
    eki_free((void *)m->years);
    eki_free(m);
}
