/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_EXCHANGE_H
#define EKIGAKU_CASE_EXCHANGE_H
/*
 * A case as teams tell it each other.
 *
 * Journey: a case of the store becomes a struct eki_incident, which the forms of exchange.h write; whoever
 * does so asks eki_tlp_leave() with the incident's label first. An incident that another team sent becomes
 * a case in turn, once, however often it comes.
 *
 *     error = eki_case_incident(work, 7, "Desk CSIRT", &incident, &fault);
 *     decision = eki_tlp_leave(EKI_TLP_EXIT_TAXII, &(struct eki_tlp_request){.label = incident->tlp, ...});
 *     if (decision.allowed) error = eki_exchange_write(format, incident, &decision, out);
 *     eki_incident_free(incident);
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/directory.h"
#include "ekigaku/error.h"
#include "ekigaku/incident.h"
#include "ekigaku/store.h"
#include "ekigaku/tlp_exit.h"

#pragma GCC visibility push(default)

/* The source under which a number of a case stands among the references of an incident. */
#define EKI_CASE_SOURCE "ekigaku"

enum { EKI_CASE_NUMBER = 64 };

/* The number of a case as others are told it: "case-7-1795800000000000". Two installs number their cases
 * alike; the moment of the opening tells them apart. Returns ret_number. O(1). */
const char *eki_case_number(const struct eki_store_case *row, char ret_number[EKI_CASE_NUMBER]);

/* The id in such a number. False when it is none. O(length). */
bool eki_case_number_read(const char *number, int64_t *ret_id);

/* The label of a case: EKI_TLP_UNMARKED when nobody has set one; RED for a word that is none. O(1). */
enum eki_tlp eki_case_label(const struct eki_store_case *row);

/* The label of a notice, which stays when that of its case gets wider: as of a case. O(1). */
enum eki_tlp eki_notice_label(const struct eki_store_notice *row);

/* The label under which an outbreak is kept, that no other case may be wider than: the stricter of what its
 * facts bore and of the cases that were made of all of it and that somebody labelled, but for the case `but`
 * (0: none); CLEAR when there is neither. Errors are the store's. O(cases of it). */
EKI_MUST_USE enum eki_error eki_outbreak_bears(struct eki_store_work *work,
                                               const struct eki_store_outbreak *outbreak, int64_t but,
                                               enum eki_tlp *ret_label);

/* The label of an outbreak: the strictest of the cases that were made of it, EKI_TLP_UNMARKED when there is
 * none, and of what its facts bore. Errors are the store's. O(cases of it). */
EKI_MUST_USE enum eki_error eki_outbreak_label(struct eki_store_work *work, int64_t outbreak,
                                               enum eki_tlp *ret_label);

/* Notes in the audit log that something was not let out: "tlp refused", with the exit, the label, the
 * audience, what it was ("case 7") and why. Errors are the store's. O(1). */
EKI_MUST_USE enum eki_error eki_exit_refused(struct eki_store_work *work, enum eki_tlp_exit exit,
                                             const struct eki_tlp_request *request,
                                             const struct eki_tlp_decision *decision, const char *what);

/* When what a case tells others last changed (microseconds since 1970): its opening, closing or reopening,
 * the entry or change of a host, an indicator, a step of a playbook. Errors are the store's. O(rows of the
 * case). */
EKI_MUST_USE enum eki_error eki_case_changed(struct eki_store_work *work, const struct eki_store_case *row,
                                             int64_t *ret_changed);

/* The case as a completed incident: its hosts and who infected whom, its indicators, family and service. Its
 * id follows from the case alone, so that it stays while the case grows. Its references hold its number, and
 * for a case that another team sent (ekigaku/case_receive.h) what it comes from, so that it is known again
 * when it comes back. Summary, notes, what persons set as tasks, owners and
 * accounts are not told; steps of playbooks are, with how they stand, and at which stage the case is.
 * `reporter` (NULL: "CSIRT") is who tells it. The caller frees it with eki_incident_free. EKI_ERROR_MISSING
 * when there is no such case, _LIMIT for more rows than EKI_STORE_MOST_ROWS, those of the store, _MEMORY.
 * O(rows of the case). */
EKI_MUST_USE enum eki_error eki_case_incident(struct eki_store_work *work, int64_t of_case,
                                              const char *reporter, struct eki_incident **ret_incident,
                                              struct eki_fault *ret_fault);

/* Adds the owners of the affected hosts of a case to its incident, each with mail and telephone as the
 * directory (settled) has them: those whose records are for no fewer than the incident, so that whoever may
 * see it may see them. *ret_withheld (may be NULL) counts owners that are for fewer, or not in the directory.
 * The incident bears its label already. Errors are the store's, _MEMORY. O(hosts + contacts log contacts). */
EKI_MUST_USE enum eki_error eki_case_owners(struct eki_store_work *work, int64_t of_case,
                                            const struct eki_directory *directory,
                                            struct eki_incident *incident, size_t *ret_withheld);

#pragma GCC visibility pop

#endif
