/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_RECEIVE_H
#define EKIGAKU_CASE_RECEIVE_H
/*
 * What other teams send becomes cases of the desk, once, however often and on whatever way it comes.
 *
 * Journey: a file, a signed bundle (ekigaku/bundle.h) or the objects of a TAXII client are read into a struct
 * eki_incident (ekigaku/exchange.h); whoever read it says where it came from and calls eki_case_receive(). A
 * case is opened for it, or the one that an earlier version of it opened is brought up to date, and the table
 * `received` gets a row. Nothing is sent to anybody: notices are drafted and released by persons.
 *
 *     struct eki_receive_origin origin = {.way = "bundle", .form = "incident", .team = "kawa", .proven =
 * true, .sender = "key 4f2a...", .made = bundle.made / 1000, .tier = 2}; error = eki_case_receive(work, &act,
 * bundle.incident, &origin, &reception); if (!error && reception.answer == EKI_RECEIVE_REFUSED)
 * complain(reception.why);
 *
 * What makes two things the same: their sender and their id. The same content again changes nothing. A later
 * version brings what it has more; an earlier one is a replay, and changes nothing. Two contents under the
 * same moment are refused: one of them is not what it says. Another sender's thing of the same id never
 * touches the case of the first: it gets a case of its own, and both timelines name the other one, so that a
 * person may merge them. The label of a case only gets stricter.
 *
 * A case that is opened gets the countermeasure class of its family, or "novel" when hosts infected each
 * other and nobody knows it, and the tasks of the playbooks that fit, like one that is opened from an
 * outbreak.
 *
 * Texts of strangers are kept without control characters and cut to what a column holds. Who infected whom
 * stays a forest whatever is told: of edges that close a circle the later one is left out.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/case_merge.h"
#include "ekigaku/catalogue.h"
#include "ekigaku/directory.h"
#include "ekigaku/incident.h"
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

enum {
    EKI_RECEIVE_HOSTS = 100000,      /* affected ones of one thing: as many as the largest outbreak shown */
    EKI_RECEIVE_INDICATORS = 100000, /* of one thing: 15 times a large feed's day */
    EKI_RECEIVE_WHY = 200
};

/* What became of it. */
enum eki_receive_answer {
    EKI_RECEIVE_OPENED = 0, /* a case was opened */
    EKI_RECEIVE_UPDATED,    /* its case was brought up to date */
    EKI_RECEIVE_SAME,       /* it is what came last: nothing changed, no row was written */
    EKI_RECEIVE_OLD,        /* a later version came before: a replay, or mail that was late */
    EKI_RECEIVE_REFUSED,    /* `why` says why */
    EKI_RECEIVE_ANSWERS
};

/* Where it came from. Texts are the caller's; NULL is "". */
struct eki_receive_origin {
    const char *way;    /* "file", "bundle", "taxii" */
    const char *form;   /* of exchange: "incident", "stix", ... */
    const char *team;   /* id of the sender in the directory; "" when it is not known there */
    const char *sender; /* who is answerable for it otherwise: "key 4f2a...", "account ada"; not "" */
    unsigned tier;      /* of the team, 1 to 3; 0 not known */
    bool proven;        /* a signature or token proves the sender; else somebody says so */
    int64_t made;       /* when its sender made this version, microseconds; 0: what the incident tells */
    bool labelled;      /* `label` stands around it (bundle, subject of a mail): the stricter one counts */
    enum eki_tlp label;
    const struct eki_directory *directory; /* settled: owners of the hosts; NULL: not known yet */
    const struct eki_catalogue *catalogue; /* for the class and the tasks of a new case; NULL: neither */
};

struct eki_reception {
    enum eki_receive_answer answer;
    int64_t row;              /* of `received`; 0 when none was written or found */
    int64_t of_case;          /* 0: none */
    size_t hosts, indicators; /* that are new to the case */
    size_t passed;      /* hosts that are not affected or have no address, indicators that cannot be read */
    enum eki_tlp label; /* of the case */
    struct eki_case_shared shared; /* another open case with hosts of this one, which may be the same */
    char why[EKI_RECEIVE_WHY];     /* of a replay or refusal, English; "" otherwise */
};

/* Takes an incident in, as who `act` names. A refusal is no error: it is told by *ret_reception and, where
 * something came that was not known, by a row of `received`. Errors are those of the work
 * (ekigaku/store.h), _MEMORY; the work takes everything back then. O(n log n), n the hosts and indicators of
 * the thing and of its case. */
EKI_MUST_USE enum eki_error eki_case_receive(struct eki_store_work *work, const struct eki_store_act *act,
                                             const struct eki_incident *incident,
                                             const struct eki_receive_origin *origin,
                                             struct eki_reception *ret_reception);

/* "opened", "updated", "same", "old", "refused"; "?" outside the list. Static. */
const char *eki_receive_answer_name(enum eki_receive_answer answer);

/* What a team has shared, as far as a signature or token proves that it was the team. */
struct eki_receive_trust {
    uint64_t incidents;         /* different ones that were taken in */
    uint64_t updates;           /* later versions of them */
    uint64_t hosts, indicators; /* that they brought: the team's share in what is known */
    uint64_t refused;           /* what was refused or came late */
    int64_t first, last;        /* when something of it was taken in; 0: never */
};

/* Counts it. O(rows of the team). */
EKI_MUST_USE enum eki_error eki_receive_trust(struct eki_store_work *work, const char *team,
                                              struct eki_receive_trust *ret_trust);

#pragma GCC visibility pop

#endif
