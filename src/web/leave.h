/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_LEAVE_H
#define EKI_WEB_LEAVE_H
/* What the service lets out, by its label. */
#include "ekigaku/case_exchange.h"
#include "ekigaku/directory_label.h"
#include "web/request.h"

/* The exit of whoever asks: a person who is signed in reads a page, a token is a program's. */
enum eki_tlp_exit eki_leave_exit(const struct eki_request *request);

/* True when rows of this label may be told to whoever asks. Pure; for lists, which leave out what may not. */
bool eki_leave_may(const struct eki_request *request, enum eki_tlp label);

/* Asks for an exit. False after noting the refusal in the audit log and answering 403; `work` (may be NULL)
 * is ended then. `what` names the thing: "case 7". */
bool eki_leave(struct eki_request *request, struct eki_store_work *work, enum eki_tlp_exit exit,
               const struct eki_tlp_request *asked, const char *what);

/* Notes in the audit log that `what` was not let out, which the table of exits must say of the request. No
 * work may be open. */
void eki_leave_note(struct eki_request *request, enum eki_tlp_exit exit, const struct eki_tlp_request *asked,
                    const char *what);

/* A directory as an audience may see it. NULL after answering: 403 when nothing of it may be seen. What is
 * withheld is noted; the answer's header says the label of what is left. The caller frees it. */
struct eki_directory *eki_leave_directory(struct eki_request *request, const struct eki_directory *directory,
                                          const struct eki_directory_asked *asked);

/* The same for a case and the exit of whoever asks. */
bool eki_leave_case(struct eki_request *request, struct eki_store_work *work,
                    const struct eki_store_case *row);

/* A work that reads, and the case it is asked for, as far as its label permits. NULL after answering, also
 * for 0, of which eki_request_id answered. The caller ends the work; the row is the work's. */
struct eki_store_work *eki_leave_case_reads(struct eki_request *request, int64_t id,
                                            struct eki_store_case *ret_case);

/* The same for an outbreak or a whole analysis (EKI_STORE_OUTBREAK, _ANALYSIS), by the cases that were made
 * of what it found. */
bool eki_leave_found(struct eki_request *request, struct eki_store_work *work, enum eki_store_table table,
                     int64_t id);

/* True when it may be told; for lists, which say less of what may not. Nothing is noted. */
bool eki_leave_shows(const struct eki_request *request, struct eki_store_work *work,
                     enum eki_store_table table, int64_t id);

/* The same for a notice, whose label is its own. */
bool eki_leave_notice(struct eki_request *request, struct eki_store_work *work,
                      const struct eki_store_notice *row);

/* Reads ?audience=. Who is signed in is a named person, a program is the organisation: that holds when it was
 * not given, and nobody may say to be fewer. False after answering 400. */
bool eki_leave_audience(struct eki_request *request, enum eki_tlp_audience *ret_audience);

#endif
