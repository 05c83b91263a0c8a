/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_TREE_LAYOUT_H
#define EKI_REPORT_TREE_LAYOUT_H
/* Which infection stands in which row of the tree chart: one row a host in the order of the tree, or, when
 * there are too many hosts to read, one row a network (IPv4 /24, IPv6 /48) in the order of their first
 * infections. */
#include "report/family_tree.h"

enum { EKI_TREE_ROWS = 120 };

struct eki_tree_layout {
    uint32_t *row;   /* of each infection; rows may be as many as infections, the chart draws the first
                        EKI_TREE_ROWS */
    uint32_t *first; /* of each row its first infection */
    size_t rows;
    bool networks; /* a row is a network */
};

/* Lays an outbreak out; pair with eki_report_layout_done. EKI_ERROR_MEMORY, EKI_ERROR_LIMIT as
 * eki_report_tree_init. O(n log n). */
EKI_MUST_USE enum eki_error eki_report_layout_init(const struct eki_outbreak *outbreak,
                                                   struct eki_tree_layout *ret_layout);

/* The network that a host is counted to. */
struct eki_prefix eki_report_network(struct eki_address host);

/* Frees what init took. A zeroed layout is allowed. */
void eki_report_layout_done(struct eki_tree_layout *layout);

#endif
