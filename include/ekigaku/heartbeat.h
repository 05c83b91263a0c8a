/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_HEARTBEAT_H
#define EKIGAKU_HEARTBEAT_H
/*
 * When a team can be reached, and whether its contacts answer.
 *
 * A contact's health follows from evidence only: verifications, answers and bounces noted on the contact, and
 * the checks recorded for it (records of kind `check`). The due list says who should be checked next; whoever
 * sends the check adds a record with its outcome.
 */
#include "ekigaku/directory.h"

#pragma GCC visibility push(default)

/* Opening hours of a week: minutes after midnight, to > from; from == to is closed all day. */
struct eki_hours {
    uint16_t from[7], to[7]; /* 0 is Monday; to may be 1440 */
};

/* Reads "24/7" or "mon-fri 09:00-17:30, sat 10:00-12:00". EKI_ERROR_ARGUMENT otherwise. */
EKI_MUST_USE enum eki_error eki_hours_parse(const char *text, struct eki_hours *ret_hours);

/* Minutes east of UTC of "+09:00", "UTC" or a name whose clock is never changed (Asia/Tokyo and other zones
 * without summer time). EKI_ERROR_UNSUPPORTED for other names of the form Area/City, EKI_ERROR_ARGUMENT for
 * anything else. */
EKI_MUST_USE enum eki_error eki_zone_parse(const char *text, int32_t *ret_minutes);

/* A holiday by law of Japan. */
struct eki_holiday {
    const char *name, *name_ja; /* static */
};

/* The holiday on a day of 2000 to 2099, false when it is none. Act on National Holidays (Act 178 of 1948)
 * with its changes of 2001, 2005, 2007, 2014, 2017 to 2020; equinoxes by the formula of the Hydrographic
 * Department (1980 to 2099); from the present law onward for years to come. O(1). */
bool eki_holiday_japan(struct eki_date day, struct eki_holiday *ret_holiday);

enum eki_opening { EKI_OPENING_UNKNOWN = 0, EKI_OPENING_OPEN, EKI_OPENING_CLOSED };

struct eki_business {
    enum eki_opening state;
    eki_time next;              /* when it opens (or closes) next; EKI_TIME_NONE unknown */
    struct eki_holiday holiday; /* NULL names when today is none */
};

/* Whether a team is at work at this moment, by its hours, time zone and holidays; UNKNOWN when one of hours
 * and zone is not known. O(days until it opens), at most 31. */
struct eki_business eki_team_business(const struct eki_team *team, eki_time time);

/* DEAD makes a look-up give a second choice. */
enum eki_health {
    EKI_HEALTH_ALIVE = 0, /* verified or answered within the last year */
    EKI_HEALTH_STALE,     /* longer ago */
    EKI_HEALTH_UNKNOWN,   /* never verified, never answered */
    EKI_HEALTH_DEAD,      /* switched off; 2 bounces, or 3 unanswered checks, since the last answer */
    EKI_HEALTHS
};

/* Why these figures: one bounce may be a full mailbox; three checks a month apart outlast any holiday. */
enum { EKI_BOUNCES_DEAD = 2, EKI_SILENT_DEAD = 3, EKI_FRESH_DAYS = 365 };

struct eki_contact_state {
    eki_time seen;            /* last answer or verification, EKI_TIME_NONE never */
    eki_time checked;         /* last check sent, EKI_TIME_NONE never */
    uint32_t checks, answers; /* of all checks */
    uint32_t bounces, silent; /* since `seen` */
    double answer_s;          /* mean time to answer of the answered checks, seconds; NaN without */
    double hops;              /* mean persons to the right one, NaN without */
    uint8_t health;
    bool waiting; /* a check is under way */
};

/* "alive", "stale", "unknown", "dead"; "?" outside the list. Static. */
const char *eki_health_name(enum eki_health health);

/* The state of a contact of a settled directory, as of its moment. O(1). */
const struct eki_contact_state *eki_directory_contact_state(const struct eki_directory *directory,
                                                            uint32_t contact);

/* A check that should be sent. */
struct eki_due {
    uint32_t contact;
    eki_time due; /* when it fell due; at latest the directory's moment */
    bool retry;   /* the last check was not answered: asked again sooner */
};

/* How often: `interval_days` between checks of a contact that answers, `retry_days` after an unanswered one.
 */
struct eki_heartbeat {
    uint32_t interval_days, retry_days;
};

/* Who is due at the directory's moment: the contacts of role PoC by mail or telephone that are not switched
 * off, longest due first, then in order. *ret_due is the caller's to free with eki_heartbeat_free; *ret_count
 * may be 0. EKI_ERROR_MEMORY; EKI_ERROR_ARGUMENT when not settled. O(n log n). */
EKI_MUST_USE enum eki_error eki_heartbeat_due(const struct eki_directory *directory,
                                              const struct eki_heartbeat *heartbeat, struct eki_due **ret_due,
                                              size_t *ret_count);
void eki_heartbeat_free(struct eki_due *due);

#pragma GCC visibility pop

#endif
