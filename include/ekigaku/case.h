/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_H
#define EKIGAKU_CASE_H
/*
 * Cases: what a team does about an outbreak.
 *
 * Journey: an outbreak that is kept becomes a case by one call: its infected hosts are the case's affected
 * hosts, each with the team that the directory says answers for it. Notices (ekigaku/notice.h) are then
 * drafted for these owners. Another result of the same outbreak brings only the hosts that are new.
 *
 *     struct eki_case_opening opening = {.outbreak = 7, .directory = directory, .tlp = "AMBER"};
 *     error = eki_case_open(work, &act, &opening, &id, &fault);
 *     error = eki_notice_draft(work, id, directory, NULL, &summary);
 *
 * Errors are those of the work (ekigaku/store.h). A thread has one work.
 */
#include "ekigaku/catalogue.h"
#include "ekigaku/directory.h"
#include "ekigaku/indicator_list.h"
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

/* What a case begins with. */
struct eki_case_opening {
    int64_t outbreak;
    const struct eki_directory *directory; /* settled; NULL: owners are not known yet */
    const char *title;                     /* NULL or "": that of the outbreak */
    const char *tlp;                       /* NULL or "": what the result bears, else not marked yet */
    int64_t aware;                         /* when the team knew, microseconds; 0: now */
    const struct eki_catalogue *catalogue; /* whose playbooks lay the tasks; NULL: none are laid */
};

/* What a result brought. */
struct eki_case_news {
    size_t hosts;    /* that were not affected before */
    const char *why; /* set with EKI_ERROR_CONFLICT: what does not fit, English, static */
};

/* A note for the timeline; `host` it is about may be NULL. */
struct eki_case_noting {
    int64_t of_case;
    const char *host, *text;
};

/* Indicators for a case, out of a text. */
struct eki_case_paste {
    int64_t of_case;
    const struct eki_indicator_list *list;
};

/* What a paste of indicators came to. */
struct eki_case_sightings {
    size_t added, again; /* new to the case; seen once more */
};

/* Opens a case for an outbreak, with its hosts, their owners, the tasks of the playbooks that fit it, and a
 * first entry of the timeline.
 * EKI_ERROR_MISSING when there is no such outbreak, _CONFLICT with the number of the case when one is open
 * for it, or when the label reaches further than the one under which the result is kept. O(infections). */
EKI_MUST_USE enum eki_error eki_case_open(struct eki_store_work *work, const struct eki_store_act *act,
                                          const struct eki_case_opening *opening, int64_t *ret_case,
                                          struct eki_fault *ret_fault);

/* Adds the hosts of an outbreak that the case does not have yet; hosts it has stay as they are. An entry of
 * the timeline says how many, when there are any. Of `opening` only outbreak, directory and tlp count, which
 * is the label that the result bears, where that is stricter than the one under which it is kept.
 * EKI_ERROR_MISSING, or _CONFLICT with ret_news->why when the case is over, the outbreak is of another
 * service or family than the one it began with (its owners would be told of the wrong thing), or the result
 * bears a stricter label than the case. O(infections).
 */
EKI_MUST_USE enum eki_error eki_case_update(struct eki_store_work *work, const struct eki_store_act *act,
                                            int64_t of_case, const struct eki_case_opening *opening,
                                            struct eki_case_news *ret_news);

/* A case that was merged into another is empty and takes nothing any more: the calls below, and those for
 * tasks, evidence, enquiries and deadlines, answer EKI_ERROR_CONFLICT and name the case that goes on. A
 * closed one still takes notes and what else comes to light. */

/* Adds a note to the timeline. EKI_ERROR_MISSING, _ARGUMENT for an empty text, _CONFLICT when the case was
 * merged. */
EKI_MUST_USE enum eki_error eki_case_note(struct eki_store_work *work, const struct eki_store_act *act,
                                          const struct eki_case_noting *noting, struct eki_fault *ret_fault);

/* Makes the entries of a pasted text indicators of a case: one that it has already counts as seen again, so
 * many times as it stands in the text. EKI_ERROR_MISSING, _CONFLICT when the case was merged.
 * O(entries log rows). */
EKI_MUST_USE enum eki_error eki_case_indicators(struct eki_store_work *work, const struct eki_store_act *act,
                                                const struct eki_case_paste *paste,
                                                struct eki_case_sightings *ret_sightings,
                                                struct eki_fault *ret_fault);

/* A label for a case. */
struct eki_case_marking {
    int64_t of_case;
    enum eki_tlp label;
    const char
        *reason; /* NULL or "": none, which does for a first label up to AMBER and for a stricter one */
};

/* Labels a case. Notices of it that wait get a stricter label too; a wider one only those that nobody has
 * released. The timeline says it, with the reason, and of what stays stricter than a wider label it keeps the
 * number only. EKI_ERROR_MISSING, _CONFLICT when it has this label already, was merged, or gets wider without
 * a reason; _LIMIT for more notices or entries than EKI_STORE_MOST_ROWS. O(notices and entries of the case).
 */
EKI_MUST_USE enum eki_error eki_case_mark(struct eki_store_work *work, const struct eki_store_act *act,
                                          const struct eki_case_marking *marking,
                                          struct eki_fault *ret_fault);

/* True when the label reaches further than the one somebody gave the case, or than AMBER where nobody gave
 * one: this wants a reason, and a coordinator. O(1). */
bool eki_case_widens(const struct eki_store_case *row, enum eki_tlp label);

/* Closes a case with what was learnt; NULL or "": somebody decided that there was nothing, and the timeline
 * says so. EKI_ERROR_MISSING, _CONFLICT with the reason when it is closed already, was merged, or a notice of
 * it is under way. */
EKI_MUST_USE enum eki_error eki_case_close(struct eki_store_work *work, const struct eki_store_act *act,
                                           int64_t of_case, const char *lesson, struct eki_fault *ret_fault);

/* What of a case can be open when somebody wants to close it. */
enum eki_case_end_kind {
    EKI_CASE_END_TASK = 0, /* not done, not dropped */
    EKI_CASE_END_NOTICE,   /* that its owner has not answered, whether it was sent or not */
    EKI_CASE_END_DEADLINE, /* that nobody noted as kept */
    EKI_CASE_END_ENQUIRY,  /* not answered */
    EKI_CASE_ENDS          /* not a kind: how many there are */
};

/* How many of each kind, and in all. */
struct eki_case_ends {
    size_t counts[EKI_CASE_ENDS], all;
};

/* One of them: its number (0: a deadline, which has a clock), the title of a task or deadline, the team of a
 * notice, the subject of an enquiry. Texts live until the callback returns. */
struct eki_case_open_end {
    int64_t id;
    const char *clock, *name;
    const struct eki_store_task *task; /* NULL for others */
};

typedef void eki_case_end_told(void *user, enum eki_case_end_kind kind, const struct eki_case_open_end *end);

/* Tells what is open, kind by kind; tell may be NULL. EKI_ERROR_MISSING. O(tasks, notices and enquiries). */
EKI_MUST_USE enum eki_error eki_case_ends(struct eki_store_work *work, int64_t of_case,
                                          eki_case_end_told *tell, void *user,
                                          struct eki_case_ends *ret_ends);

/* Writes into the timeline that a case is closed although so much is open, and why; eki_case_close comes
 * after it. Errors are those of the work. */
EKI_MUST_USE enum eki_error eki_case_leave_open(struct eki_store_work *work, const struct eki_store_act *act,
                                                int64_t of_case, const struct eki_case_ends *ends,
                                                const char *reason);

/* Opens a closed case again. EKI_ERROR_MISSING, _CONFLICT when it is not closed. */
EKI_MUST_USE enum eki_error eki_case_reopen(struct eki_store_work *work, const struct eki_store_act *act,
                                            int64_t of_case, struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
