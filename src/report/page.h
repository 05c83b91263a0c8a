/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_PAGE_H
#define EKI_REPORT_PAGE_H
/*
 * The page: what its parts share. page.c opens the page and calls the parts in the order of reading (verdict,
 * what to do now, picture, evidence, raw facts); each writes its piece straight to the file. Nothing is
 * written unescaped that did not stand in the source: texts go through eki_page_text(). All tags are closed,
 * so the page is well-formed XML too, which the tests use.
 */
#include <stdbool.h>
#include <stdio.h>

#include "report/figure.h"
#include "report/language.h"

struct eki_page {
    FILE *out;
    const struct eki_result *result;
    enum eki_language language;
    size_t rows;            /* of the table being written: each row closes the one before it */
    unsigned charts;        /* how many were opened: makes their ids */
    enum eki_error error;   /* the first that a part met */
    eki_time start, finish; /* the time axis that all charts share */
    bool relative;          /* times count from the start and have no date */
    bool picture;           /* charts stand one below the other in one SVG, not in a page */
    double below;           /* of a picture: where the next chart begins */
};

/* Rows of one table at most: more than anybody reads, and a page that a browser still opens. The facts
 * (--json) hold all. */
enum { EKI_TABLE_ROWS = 2000 };

/* Writes a text with &, <, >, " and ' escaped and harmful letters replaced. NULL writes nothing. */
void eki_page_text(struct eki_page *page, const char *text);

/* Writes markup or other text of the source as it is. */
void eki_page_raw(struct eki_page *page, const char *markup);

/* Writes an EKI_TEXT in the language of the page. */
void eki_page_say(struct eki_page *page, const char *english);

/* The same with values in its places. */
void eki_page_fill(struct eki_page *page, const char *english, const char *const *values);

/* <tag class="...">text</tag>; `classes` may be NULL. */
void eki_page_element(struct eki_page *page, const char *tag, const char *classes, const char *text);

/* A heading of level 2 or 3 in the language of the page. */
void eki_page_heading(struct eki_page *page, int level, const char *english);

/*
 * A table under a summary that folds it. `headings` are EKI_TEXTs, ended by NULL; a leading '#' marks a
 * column of figures, set to the right. `open`: unfolded at first. Then for each row: eki_page_row, cells in
 * order, and at the end eki_page_table_end, which says how many rows of `total` are shown.
 */
void eki_page_table(struct eki_page *page, const char *summary, const char *const *headings, bool open);
void eki_page_row(struct eki_page *page);
void eki_page_cell(struct eki_page *page, const char *text);
void eki_page_figure(struct eki_page *page, const char *text); /* a cell with a figure */
void eki_page_table_end(struct eki_page *page, size_t shown, size_t total);

/* "packets 1041-2335 of capture.pcap" with the display filter to copy, as the content of a cell; "-" when
 * first is 0. */
void eki_page_packets(struct eki_page *page, uint16_t input, uint64_t first, uint64_t last);

/* "2017-05-12 07:44:01.000Z, +12.5 s". */
struct eki_figure eki_page_when(const struct eki_page *page, eki_time time);

#endif
