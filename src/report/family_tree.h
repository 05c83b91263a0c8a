/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_FAMILY_TREE_H
#define EKI_REPORT_FAMILY_TREE_H
/*
 * The infection tree in the order in which it is drawn. outbreak.infections is a list by time in which each
 * host names its parent; a drawing needs children below their parent. This is built once per outbreak and
 * report, in O(n log n), and shared by the terminal tree, the tree chart and the choice of whom to isolate
 * first.
 *
 * What comes in may be damaged (replayed lines): a parent that is not in the list, or hosts that name each
 * other in a circle, are drawn as roots, so every infection is drawn exactly once.
 */
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/outbreak.h"

#define EKI_NO_NODE UINT32_MAX

struct eki_node {
    uint32_t parent;      /* index into infections; EKI_NO_NODE for a root */
    uint32_t first_child; /* EKI_NO_NODE without children; children are in order of time */
    uint32_t next_sibling;
    uint32_t children; /* direct ones */
    uint32_t depth;    /* 0 for a root */
};

struct eki_family_tree {
    struct eki_node *nodes; /* one per infection, same index */
    uint32_t *order;        /* indices in drawing order: a parent, then its children, depth first */
    size_t count;
};

/* Builds the tree of an outbreak; pair with eki_report_tree_done. EKI_ERROR_MEMORY, or EKI_ERROR_LIMIT above
 * 2^31 infections. */
EKI_MUST_USE enum eki_error eki_report_tree_init(const struct eki_outbreak *outbreak,
                                                 struct eki_family_tree *ret_tree);

/* Frees what init took. A zeroed tree is allowed. */
void eki_report_tree_done(struct eki_family_tree *tree);

#endif
