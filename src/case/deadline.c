/* SPDX-License-Identifier: Apache-2.0 */
#include "case/deadline_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "case/case_kin.h"
#include "case/saying.h"
#include "ekigaku/report.h"

#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)

/* Either so many microseconds after the team knew, or calendar months. */
struct clock {
    const char *id, *profile, *title, *source;
    int64_t after;
    unsigned months;
};

/* Malware that spreads by itself is an act of bad faith, so that the longer time of APPI's final report
 * holds. */
static const struct clock clocks[EKI_DEADLINE_SHIPPED] = {
    {"own-owners", "own", "All owners are told", EKI_TEXT("the desk's own promise"), DAY, 0},
    {"nis2-warning", "nis2", "NIS2: early warning to the CSIRT or authority",
     EKI_TEXT("Directive (EU) 2022/2555, art. 23(4)(a)"), DAY, 0},
    {"nis2-notification", "nis2", "NIS2: incident notification",
     EKI_TEXT("Directive (EU) 2022/2555, art. 23(4)(b)"), 3 * DAY, 0},
    {"nis2-final", "nis2", "NIS2: final report",
     EKI_TEXT(
         "Directive (EU) 2022/2555, art. 23(4)(d): a month after the notification; counted from when the team knew, the earliest it can be"),
     0, 1},
    {"appi-preliminary", "appi", "Japan, if personal data are concerned: preliminary report",
     EKI_TEXT("Act on the Protection of Personal Information, art. 26: about 3 to 5 days"), 5 * DAY, 0},
    {"appi-final", "appi", "Japan, if personal data are concerned: final report",
     EKI_TEXT("Act on the Protection of Personal Information, art. 26: 60 days where the cause is malicious"),
     60 * DAY, 0},
};

static const char tag_start[] = "deadline:";

/* The same day and hour of a later month, or its last day. */
static int64_t months_later(int64_t from, unsigned months)
{
    int64_t days = from / DAY - (from % DAY < 0), within = from - days * DAY, year;
    unsigned month, day;
    eki_civil_from_days(days, &year, &month, &day);
    month += months;
    year += (month - 1) / 12;
    month = (month - 1) % 12 + 1;
    unsigned last = eki_days_in_month(year, month);
    return eki_days_from_civil(year, month, day < last ? day : last) * DAY + within;
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length])) return true;
    return false;
}

/* When the timeline says that it was kept; 0 when it does not. */
static enum eki_error find_met(struct eki_store_work *work, int64_t of_case, const char *id, int64_t *ret_met)
{
    char tag[sizeof tag_start + 2 * EKI_DEADLINE_NAME];
    struct eki_store_case_entry *rows;
    struct eki_store_page page;
    snprintf(tag, sizeof tag, "%s%s", tag_start, id);
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "tags", .text = tag}}, .limit = 1};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) *ret_met = page.count ? rows[0].at : 0;
    return error;
}

static enum eki_error own_promise(struct eki_store_work *work, int64_t *ret_after)
{
    const char *text;
    enum eki_error error = eki_store_chosen(work, "deadline-own-hours", "", &text);
    long hours = error ? 0 : strtol(text, NULL, 10);
    *ret_after = hours > 0 && hours <= 8760 ? hours * HOUR : DAY;
    return error;
}

static int by_time(const void *a, const void *b)
{
    const struct eki_deadline *one = a, *other = b;
    return one->due != other->due ? (one->due > other->due) - (one->due < other->due)
                                  : strcmp(one->id, other->id);
}

bool eki_deadline_shipped(const char *profile)
{
    for (size_t i = 0; i < EKI_DEADLINE_SHIPPED; i++)
        if (!strcmp(clocks[i].profile, profile)) return true;
    return false;
}

/* Does it run, by the words that were chosen? */
static bool runs(const char *words, const char *profile)
{
    return !words[0] || has_word(words, profile);
}

static enum eki_error add_shipped(struct eki_store_work *work, const char *words,
                                  struct eki_deadline_rule *rules, size_t *count)
{
    int64_t own = DAY;
    enum eki_error error = own_promise(work, &own);
    for (size_t i = 0; !error && i < EKI_DEADLINE_SHIPPED; i++) {
        const struct clock *c = &clocks[i];
        rules[(*count)++] = (struct eki_deadline_rule){.id = c->id,
                                                       .profile = c->profile,
                                                       .title = c->title,
                                                       .source = c->source,
                                                       .after = strcmp(c->profile, "own") ? c->after : own,
                                                       .months = c->months,
                                                       .shipped = true,
                                                       .on = runs(words, c->profile)};
    }
    return error;
}

static enum eki_error read_rules(struct eki_store_work *work, const char *words,
                                 struct eki_deadline_rule *rules, size_t *ret_count)
{
    struct eki_store_deadline_step *rows;
    size_t count = 0, own = 0;
    enum eki_error error = add_shipped(work, words, rules, &count);
    if (!error) error = eki_deadline_rows(work, NULL, &rows, &own);
    for (size_t i = 0; !error && i < own; i++)
        rules[count++] = (struct eki_deadline_rule){.id = rows[i].clock,
                                                    .profile = rows[i].profile,
                                                    .title = rows[i].title,
                                                    .source = "",
                                                    .after = rows[i].hours * HOUR,
                                                    .on = runs(words, rows[i].profile)};
    if (!error) *ret_count = count;
    return error;
}

enum eki_error eki_deadline_rules(struct eki_store_work *work,
                                  struct eki_deadline_rule ret_rules[EKI_DEADLINES], size_t *ret_count)
{
    const char *words;
    enum eki_error error = eki_deadline_chosen(work, NULL, &words);
    return error ? error : read_rules(work, words, ret_rules, ret_count);
}

enum eki_error eki_case_deadlines(struct eki_store_work *work, int64_t of_case,
                                  struct eki_deadline ret_clocks[EKI_DEADLINES], size_t *ret_count)
{
    struct eki_store_case row;
    struct eki_deadline_rule rules[EKI_DEADLINES];
    const char *words;
    size_t count = 0, all = 0;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (!error) error = eki_deadline_chosen(work, &row, &words);
    if (!error) error = read_rules(work, words, rules, &all);
    for (size_t i = 0; !error && i < all; i++) {
        const struct eki_deadline_rule *r = &rules[i];
        if (!r->on) continue;
        struct eki_deadline *d = &ret_clocks[count++];
        *d = (struct eki_deadline){.id = r->id,
                                   .profile = r->profile,
                                   .title = r->title,
                                   .source = r->source,
                                   .due =
                                       r->months ? months_later(row.aware, r->months) : row.aware + r->after};
        error = find_met(work, of_case, r->id, &d->met);
    }
    if (error) return error;
    qsort(ret_clocks, count, sizeof *ret_clocks, by_time);
    *ret_count = count;
    return EKI_OK;
}

enum eki_error eki_case_deadline_met(struct eki_store_work *work, const struct eki_store_act *act,
                                     int64_t of_case, const char *id, struct eki_fault *ret_fault)
{
    char tag[sizeof tag_start + 2 * EKI_DEADLINE_NAME], title[EKI_SAYING_BOTH];
    struct eki_deadline all[EKI_DEADLINES];
    size_t count, i = 0;
    enum eki_error error = eki_case_takes(work, of_case, NULL, ret_fault);
    if (!error) error = eki_case_deadlines(work, of_case, all, &count);
    if (error) return error;
    while (i < count && strcmp(all[i].id, id) != 0) i++;
    if (i == count) return EKI_ERROR_MISSING;
    if (all[i].met) return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "it was kept already");
    snprintf(tag, sizeof tag, "%s%s", tag_start, id);
    eki_saying_both(all[i].title, eki_report_text_in(EKI_JAPANESE, all[i].title), title);
    return eki_case_say(work, act,
                        &(struct eki_case_saying){.of_case = of_case,
                                                  .kind = "decision",
                                                  .tags = tag,
                                                  .saying = act->at <= all[i].due ? EKI_SAYING_DEADLINE_KEPT
                                                                                  : EKI_SAYING_DEADLINE_LATE,
                                                  .values = {title}});
}
