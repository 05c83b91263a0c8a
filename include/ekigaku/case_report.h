/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_REPORT_H
#define EKIGAKU_CASE_REPORT_H
/*
 * The report of a case, for paper and for whoever was not there: one HTML page without script that needs
 * nothing else to be read.
 *
 * Journey: whoever hands it out asks eki_tlp_leave() for the label of the case (EKI_TLP_EXIT_CASE_REPORT),
 * then has it written; the label stands at head and foot of every printed page.
 *
 *     const struct eki_case_report report = {.of_case = 7, .directory = d, .catalogue = c, .now = now};
 *     error = eki_case_report_write(work, &report, out, &fault);
 */
#include <stdio.h>

#include "ekigaku/catalogue.h"
#include "ekigaku/directory.h"
#include "ekigaku/report.h"
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

struct eki_case_report {
    int64_t of_case;
    const struct eki_directory *directory; /* for names of teams; NULL: their ids */
    const struct eki_catalogue *catalogue; /* what the classes oblige to, tasks in Japanese; NULL: left out */
    enum eki_language language;
    int64_t now; /* microseconds: what is late */
};

/* Rows of one table of the report at most; more are counted. */
enum { EKI_CASE_REPORT_ROWS = 2000 };

/* Writes it: verdict, what the classes oblige to, who is affected by owner, notices and their states, tasks,
 * deadlines, timeline, indicators, evidence, lessons. EKI_ERROR_MISSING, _WRITE, those of the work. A thread
 * has one work. O(rows log rows). */
EKI_MUST_USE enum eki_error eki_case_report_write(struct eki_store_work *work,
                                                  const struct eki_case_report *report, FILE *out,
                                                  struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
