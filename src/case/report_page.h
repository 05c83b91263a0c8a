/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_REPORT_PAGE_H
#define EKI_CASE_REPORT_PAGE_H
/* What the parts of the report of a case share. Texts are escaped here and nowhere else; no other markup than
 * that of the source is written. */
#include "ekigaku/case_report.h"

struct eki_case_page {
    FILE *out;
    struct eki_store_work *work;
    const struct eki_case_report *report;
    struct eki_store_case row;
    struct eki_store_case_host *hosts;
    size_t host_count;
    size_t rows; /* of the table that is being written */
};

/* A text, escaped; what a terminal or the writing's direction would be steered by is left out. NULL: nothing.
 */
void eki_case_put(struct eki_case_page *page, const char *text);

/* A text of the source in the language of the report. */
void eki_case_say_text(struct eki_case_page *page, const char *english);

/* The same with values for {1}, {2}, {3}; those that are not needed are NULL. */
void eki_case_say_with(struct eki_case_page *page, const char *english, const char *const values[3]);

/* The word of a closed list ("host", "affected"); the name itself when it is none. */
const char *eki_case_word(const struct eki_case_page *page, const char *group, const char *name);

/* "2026-11-28 09:00:12Z"; "-" for 0. */
void eki_case_put_time(struct eki_case_page *page, int64_t microseconds);

/* The name of a team in the language, with its department. */
void eki_case_put_owner(struct eki_case_page *page, const char *team, const char *department);

/* A heading, and a table: headings ended by NULL, then rows of cells. eki_case_row is true while rows are
 * shown; eki_case_table_end says how many are not. */
void eki_case_heading(struct eki_case_page *page, const char *english);
void eki_case_table(struct eki_case_page *page, const char *const *headings);
bool eki_case_row(struct eki_case_page *page);
void eki_case_cell(struct eki_case_page *page, const char *text);
void eki_case_cell_time(struct eki_case_page *page, int64_t microseconds);
void eki_case_row_end(struct eki_case_page *page);
void eki_case_table_end(struct eki_case_page *page);

/* The parts, in the order of reading. */
EKI_MUST_USE enum eki_error eki_case_part_affected(struct eki_case_page *page);
EKI_MUST_USE enum eki_error eki_case_part_notices(struct eki_case_page *page);
EKI_MUST_USE enum eki_error eki_case_part_tasks(struct eki_case_page *page);
EKI_MUST_USE enum eki_error eki_case_part_deadlines(struct eki_case_page *page);
EKI_MUST_USE enum eki_error eki_case_part_timeline(struct eki_case_page *page);
EKI_MUST_USE enum eki_error eki_case_part_indicators(struct eki_case_page *page);
EKI_MUST_USE enum eki_error eki_case_part_evidence(struct eki_case_page *page);

#endif
