/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_DESK_DIRECTORY_H
#define EKIGAKU_DESK_DIRECTORY_H
/*
 * The directory that the desk keeps in its store: one row a record, so that each change is a line of the
 * audit log and any number of people may propose one.
 *
 * Journey: eki_desk_directory() makes a settled directory of the rows; look-ups, statistics and cards are
 * those of ekigaku/owner.h and members.h. Lists of others come in by eki_desk_import(). A person proposes a
 * change
 * ("not ours", a new telephone number), somebody else approves it, and the record changes in the same piece
 * of work. Checks whether contacts answer are planned and noted here; whoever sends the mail calls these.
 *
 *     eki_store_begin(store, &act, &work, &fault);
 *     struct eki_proposal_request request = {.record = row, .line = "{\"kind\":\"network\",...}", .why =
 * "moved"}; error = eki_proposal_make(work, &act, &request, &proposal, &fault);
 *     ...                                                          another account:
 *     error = eki_proposal_approve(work, &act, proposal, NULL, &fault);
 *     if (!error) error = eki_store_commit(work);
 *
 * Every call takes a work of the caller, one that writes where rows change; `act` is who does it and when,
 * the same that the work was begun with. Errors are those of the work (ekigaku/store.h), and
 * EKI_ERROR_CORRUPT when a record is not of its form or contradicts others, with key and reason in
 * *ret_fault. A thread has one work.
 */
#include "ekigaku/directory.h"
#include "ekigaku/heartbeat.h"
#include "ekigaku/roster.h"
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

/* Makes a directory of all records, in the order of their position, settled as of `now`. The caller frees it.
 * O(n log n). */
EKI_MUST_USE enum eki_error eki_desk_directory(struct eki_store_work *work, eki_time now,
                                               struct eki_directory **ret_directory,
                                               struct eki_fault *ret_fault);

/* What happened to the rows. */
struct eki_desk_kept {
    size_t added, changed, removed, same;
};

/* Makes the rows say what the directory says, touching only those that differ: a record that has the same
 * name and source as before keeps its row; the same record twice is kept once. O(n log n). */
EKI_MUST_USE enum eki_error eki_desk_keep(struct eki_store_work *work, const struct eki_store_act *act,
                                          const struct eki_directory *directory,
                                          struct eki_desk_kept *ret_kept, struct eki_fault *ret_fault);

/* A list of others, read into a directory of its own (ekigaku/roster.h). */
struct eki_desk_import {
    struct eki_directory *found; /* unsettled afterwards; it must live until the call returns */
    const char *source;          /* whose records are replaced */
    eki_drift_told *told;        /* may be NULL */
    void *user;
};

/* Merges it into what is kept (eki_directory_merge) and keeps the result. ret_merged and ret_kept may be
 * NULL. O(n log n). */
EKI_MUST_USE enum eki_error eki_desk_import(struct eki_store_work *work, const struct eki_store_act *act,
                                            const struct eki_desk_import *import,
                                            struct eki_merge_counts *ret_merged, struct eki_fault *ret_fault);

/* The row of a record of a directory that eki_desk_directory made. EKI_ERROR_MISSING when it is no longer as
 * it was. O(log n). */
EKI_MUST_USE enum eki_error eki_desk_row(struct eki_store_work *work, const struct eki_directory *directory,
                                         enum eki_record_kind kind, uint32_t position,
                                         struct eki_store_directory_record *ret_row);

/* Notes on the contact with this id that it answered (EKI_CHECK_ANSWERED) or that mail to it came back
 * (EKI_CHECK_BOUNCED). EKI_ERROR_MISSING when there is no such contact, _ARGUMENT for other outcomes. O(log
 * n). */
EKI_MUST_USE enum eki_error eki_desk_contact_noted(struct eki_store_work *work,
                                                   const struct eki_store_act *act, const char *contact,
                                                   enum eki_check_outcome outcome,
                                                   struct eki_fault *ret_fault);

/* A change that somebody asks for. */
struct eki_proposal_request {
    int64_t record;   /* row to change; 0: a new record */
    const char *line; /* the whole record as it should be, one JSON object; "" to remove it */
    const char *why;  /* may be NULL */
    int64_t notice;   /* whose answer it is; 0 none */
};

/* Keeps a proposal; act->account 0 is somebody who answered without an account. The directory is tried with
 * the change: what could not be approved is refused now. EKI_ERROR_MISSING when there is no such record. O(n
 * log n). */
EKI_MUST_USE enum eki_error eki_proposal_make(struct eki_store_work *work, const struct eki_store_act *act,
                                              const struct eki_proposal_request *request,
                                              int64_t *ret_proposal, struct eki_fault *ret_fault);

/* Somebody who was told of a host says whose it is not, and perhaps whose it is. */
struct eki_proposal_not_ours {
    struct eki_address host;
    const char *team; /* id of the right one; NULL or "": not known */
    const char *why;
    int64_t notice;
};

/* Makes the proposal of a "not ours": the one address goes to the named team; without a known one, the
 * network that decided is to be taken out, or corrected by whoever approves. EKI_ERROR_MISSING when nobody is
 * the owner and no team is named. O(n log n). */
EKI_MUST_USE enum eki_error eki_proposal_dispute(struct eki_store_work *work, const struct eki_store_act *act,
                                                 const struct eki_proposal_not_ours *dispute,
                                                 int64_t *ret_proposal, struct eki_fault *ret_fault);

/* Makes an open proposal true: the record is changed, added or removed, and counts as entered by hand, which
 * beats imports. `line`: as corrected by who approves; NULL: as proposed. EKI_ERROR_ARGUMENT for one's own
 * proposal, _CONFLICT when it is decided already, or when the record was changed since and `line` is NULL.
 * O(n log n). */
EKI_MUST_USE enum eki_error eki_proposal_approve(struct eki_store_work *work, const struct eki_store_act *act,
                                                 int64_t proposal, const char *line,
                                                 struct eki_fault *ret_fault);

/* Closes it without a change. EKI_ERROR_CONFLICT when it is decided already. O(log n). */
EKI_MUST_USE enum eki_error eki_proposal_refuse(struct eki_store_work *work, const struct eki_store_act *act,
                                                int64_t proposal, struct eki_fault *ret_fault);

/* What planning did. */
struct eki_heartbeat_planned {
    size_t planned, silent; /* checks begun; earlier ones that were given up */
};

/* Begins a check of every contact that is due and gives up those that waited longer than
 * heartbeat->retry_days. Sending is the caller's. O(n log n). */
EKI_MUST_USE enum eki_error eki_heartbeat_plan(struct eki_store_work *work, const struct eki_store_act *act,
                                               const struct eki_heartbeat *heartbeat,
                                               struct eki_heartbeat_planned *ret_planned,
                                               struct eki_fault *ret_fault);

/* How a check went. */
struct eki_heartbeat_answer {
    const char *contact; /* id */
    enum eki_check_outcome outcome;
    uint32_t hops;    /* persons until the right one; 0 not known */
    const char *note; /* may be NULL */
};

/* Notes it on the check of this contact that waits, or on a new one (a call that was not planned).
 * EKI_ERROR_MISSING when there is no such contact. O(log n). */
EKI_MUST_USE enum eki_error eki_heartbeat_noted(struct eki_store_work *work, const struct eki_store_act *act,
                                                const struct eki_heartbeat_answer *answer,
                                                struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
