/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_DIRECTORY_REPORT_H
#define EKIGAKU_DIRECTORY_REPORT_H
/*
 * The directory for people: the answer of a look-up with its reasons, in English or Japanese. Texts of the
 * directory go out with control characters made harmless.
 */
#include "ekigaku/directory.h"
#include "ekigaku/members.h"
#include "ekigaku/owner.h"
#include "ekigaku/report.h"

#pragma GCC visibility push(default)

/* Whom to call and why, what else was found, remarks. `question` is what was asked. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_answer(const struct eki_directory *directory,
                                              const struct eki_answer *answer, const char *question,
                                              enum eki_language language, FILE *out);

/* Growth, sectors, tiers and health of contacts for a terminal. EKI_ERROR_WRITE, _MEMORY. */
EKI_MUST_USE enum eki_error eki_report_members(const struct eki_members *members,
                                               const struct eki_directory *directory,
                                               const struct eki_text_options *options, FILE *out);

/* What can be drawn. */
enum eki_members_chart {
    EKI_CHART_GROWTH = 0, /* members in total with the projection, those that joined by month below */
    EKI_CHART_SECTORS,
    EKI_CHART_REGIONS,
    EKI_CHART_YEARS, /* founding against joining */
    EKI_CHART_HEALTH,
    EKI_MEMBERS_CHARTS
};

/* "growth", "sectors", "regions", "years", "health"; "?" outside the list. Static. */
const char *eki_members_chart_name(enum eki_members_chart chart);

/* One self-contained SVG with title and description, light and dark. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_members_chart(const struct eki_members *members,
                                                     enum eki_members_chart chart, enum eki_language language,
                                                     FILE *out);

/* What a team shared with the desk that prints its card. */
struct eki_report_shared {
    uint64_t incidents, updates, hosts, indicators;
    eki_time last; /* EKI_TIME_NONE: it shared nothing */
};

/* The card of a team in the form of RFC 2350 (appendix D), in English or Japanese. What the directory does
 * not hold says so. What it shared is no part of that form and stands at the end; it is the desk's own
 * knowledge, for who may know it: NULL leaves it out. The label stands at head and foot. EKI_ERROR_WRITE;
 * EKI_ERROR_ARGUMENT when the directory is not settled. */
EKI_MUST_USE enum eki_error eki_report_card(const struct eki_directory *directory, uint32_t team,
                                            const struct eki_report_shared *shared,
                                            enum eki_language language, FILE *out);

/* The label of a card: the strictest of what it tells, as eki_report_card and eki_report_security_txt take it
 * from the directory. O(records). */
enum eki_tlp eki_report_card_label(const struct eki_directory *directory, uint32_t team);

/* The security.txt of a team (RFC 9116): its contacts that are not dead by mail, telephone and https, its
 * keys that hold, its languages, where it belongs. It is for all the world, so `directory` is what
 * eki_directory_permitted gives for that audience. `expires` is after the directory's now; a year is too far
 * (RFC 9116, 2.5.5). EKI_ERROR_ARGUMENT when it is not, or the directory is not settled; EKI_ERROR_MISSING
 * when there is no such contact, nothing is written then; EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_security_txt(const struct eki_directory *directory, uint32_t team,
                                                    eki_time expires, FILE *out);

/* One line for a finding of eki_directory_verify. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_finding(const struct eki_finding *finding, enum eki_language language,
                                               FILE *out);

#pragma GCC visibility pop

#endif
