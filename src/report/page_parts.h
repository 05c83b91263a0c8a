/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_PAGE_PARTS_H
#define EKI_REPORT_PAGE_PARTS_H
/* The parts of the page, called in order by page.c. Each writes nothing when it has nothing to show, and sets
 * page->error when memory ran out. */
#include "report/page.h"

/* The infection tree over time, and the table of infections with other possible parents (page_tree.c). */
void eki_page_tree(struct eki_page *page, const struct eki_outbreak *outbreak);

/* Their charts alone, without the tables (picture.c). */
void eki_page_curve_charts(struct eki_page *page, const struct eki_outbreak *outbreak);
void eki_page_tree_chart(struct eki_page *page, const struct eki_outbreak *outbreak);

/* When each host was infected and when it began to search, one row a host (page_hosts.c). */
void eki_page_hosts(struct eki_page *page, const struct eki_outbreak *outbreak);

/* The epidemic curve, new infections in equal parts of time, growth (page_curve.c). */
void eki_page_curve(struct eki_page *page, const struct eki_outbreak *outbreak);

/* One infection on the wire, message by message (page_wire.c). */
void eki_page_wire(struct eki_page *page, const struct eki_outbreak *outbreak);

/* How the sources search: the strategy table, a raster each, and the curve of distinct addresses
 * (page_search.c, page_raster.c, page_reach.c). */
void eki_page_search(struct eki_page *page);
void eki_page_raster(struct eki_page *page, const struct eki_scanner *scanner);
void eki_page_reach(struct eki_page *page);

/* Signs, failed attempts, inputs, limits (page_facts.c). */
void eki_page_failed(struct eki_page *page, const struct eki_outbreak *outbreak);
void eki_page_signs(struct eki_page *page);
void eki_page_inputs(struct eki_page *page);
void eki_page_limits(struct eki_page *page);

/* True for a source that the page tells of: one that searches. The charts draw the first EKI_SEARCHERS of
 * these, the table has all. */
bool eki_page_searches(const struct eki_scanner *scanner);

enum { EKI_SEARCHERS = 6 };

#endif
