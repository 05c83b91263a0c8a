/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_MEMBERS_H
#define EKIGAKU_MEMBERS_H
/*
 * The directory as a whole: how the membership grows, who the members are, whether they can be reached, and
 * what is wrong with the records. All as of the moment the directory was settled for.
 */
#include "ekigaku/directory.h"
#include "ekigaku/heartbeat.h"

#pragma GCC visibility push(default)

struct eki_month {
    int16_t year;
    uint8_t month;
    uint32_t joined, left, total; /* in the month; members at its end */
};

/* Months ahead, with an interval that holds the truth nine times of ten if members go on joining as in the
 * last two years. */
struct eki_projected {
    int16_t year;
    uint8_t month;
    double total, low, high;
};

struct eki_share {
    const char *name; /* of the directory; NULL: not known */
    uint32_t teams;
};

/* A team by the years it was founded and joined in. */
struct eki_years {
    uint32_t team;
    int16_t founded, joined;
};

enum { EKI_PROJECTED_MONTHS = 36, EKI_PROJECTION_BASE = 24 };

struct eki_members {
    uint32_t teams, members;        /* of the directory; of them with a date of joining and not left */
    const struct eki_month *months; /* from the first that joined to the directory's moment, without a gap */
    size_t month_count;
    struct eki_projected projected[EKI_PROJECTED_MONTHS];
    size_t projected_count; /* 0 when nobody joined in the last two years */
    double rate;            /* members a month in the last two years, those that left taken off */
    const struct eki_share *sectors, *regions, *countries; /* of all teams that have not left, most first */
    size_t sector_count, region_count, country_count;
    uint32_t tiers[4];             /* 0: not known */
    const struct eki_years *years; /* of teams with both dates, in order of the directory */
    size_t year_count;
    uint32_t contacts, health[EKI_HEALTHS];
    uint32_t unreachable; /* teams that have not left without a contact that is not dead */
    double answer_s;      /* median over contacts of their mean time to answer, seconds; NaN without */
    uint32_t networks[EKI_RESOURCES];
};

/* Counts everything. Pair with eki_members_free, which takes NULL. EKI_ERROR_ARGUMENT when the directory is
 * not settled, _MEMORY. The directory must outlive the result. O(n log n). */
EKI_MUST_USE enum eki_error eki_members_count(const struct eki_directory *directory,
                                              struct eki_members **ret_members);
void eki_members_free(struct eki_members *members);

/* One JSON object, schema "ekigaku.members/1". EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_members_write_json(const struct eki_members *members,
                                                   const struct eki_directory *directory, FILE *out);

enum eki_finding_weight { EKI_FINDING_WRONG = 0, EKI_FINDING_DOUBTFUL, EKI_FINDING_NOTE };

/* Something to put right. `text` is an English sentence with places {1} to {3} for `values`. */
struct eki_finding {
    enum eki_finding_weight weight;
    const char *text;
    const char *values[4]; /* ended by NULL; hold during the call only */
    uint32_t line;         /* of the directory file, 0 unknown */
};
typedef void eki_finding_told(void *user, const struct eki_finding *finding);

/* Tells what is contradictory, dangerous or out of date: the same network given to two teams by hand, imports
 * that contradict what is by hand, public suffixes, teams nobody can reach, dead contacts, expired keys and
 * annotations. EKI_ERROR_ARGUMENT when not settled, _MEMORY. O(n log n). */
EKI_MUST_USE enum eki_error eki_directory_verify(const struct eki_directory *directory,
                                                 eki_finding_told *told, void *user);

/* Adds the sample: 262 invented teams that joined from 2007-03 to 2017-10-31 as the association's published
 * numbers say, with documentation prefixes, AS numbers and domains only, save the private networks of the
 * sample outbreak. The same each time. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_directory_sample(struct eki_directory *directory);

#pragma GCC visibility pop

#endif
