/* SPDX-License-Identifier: Apache-2.0 */
/* A list of infections with parents becomes a tree in drawing order. */
#include "report/family_tree.h"

#include <stdlib.h>

#include "base/memory.h"

struct named_host {
    struct eki_address host;
    uint32_t index;
};

static int by_host(const void *a, const void *b)
{
    const struct named_host *x = a, *y = b;
    int order = eki_address_compare(x->host, y->host);
    if (order) return order;
    return x->index < y->index ? -1 : x->index > y->index;
}

static uint32_t find_host(const struct named_host *hosts, size_t count, struct eki_address host)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (eki_address_compare(hosts[middle].host, host) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && eki_address_equal(hosts[low].host, host) ? hosts[low].index : EKI_NO_NODE;
}

static enum eki_error name_parents(const struct eki_outbreak *outbreak, struct eki_node *nodes)
{
    size_t count = outbreak->infection_count;
    struct named_host *hosts = eki_allocate(count, sizeof *hosts);
    if (!hosts) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++)
        hosts[i] = (struct named_host){outbreak->infections[i].host, (uint32_t)i};
    qsort(hosts, count, sizeof *hosts, by_host);
    for (size_t i = 0; i < count; i++) {
        const struct eki_infection *infection = &outbreak->infections[i];
        uint32_t parent = infection->has_parent ? find_host(hosts, count, infection->parent) : EKI_NO_NODE;
        nodes[i] = (struct eki_node){.parent = parent == i ? EKI_NO_NODE : parent,
                                     .first_child = EKI_NO_NODE,
                                     .next_sibling = EKI_NO_NODE};
    }
    eki_free(hosts);
    return EKI_OK;
}

/* Makes roots of hosts whose chain of parents leads back to themselves. `mark` is zeroed scratch, one per
 * node: the walk (start + 1) that last came by. Each node is passed twice at most. */
static void cut_circles(struct eki_node *nodes, size_t count, uint32_t *mark)
{
    for (size_t start = 0; start < count; start++) {
        uint32_t at = (uint32_t)start;
        while (at != EKI_NO_NODE && !mark[at]) {
            mark[at] = (uint32_t)start + 1;
            at = nodes[at].parent;
        }
        if (at != EKI_NO_NODE && mark[at] == (uint32_t)start + 1) nodes[at].parent = EKI_NO_NODE;
    }
}

/* Backwards, so that pushing to the front leaves the children in order of time. */
static void hang_children(struct eki_node *nodes, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        if (nodes[i].parent == EKI_NO_NODE) continue;
        struct eki_node *parent = &nodes[nodes[i].parent];
        nodes[i].next_sibling = parent->first_child;
        parent->first_child = (uint32_t)i;
        parent->children++;
    }
}

/* Where a depth-first walk goes after `at`. */
static uint32_t next_in_walk(const struct eki_node *nodes, uint32_t at)
{
    if (nodes[at].first_child != EKI_NO_NODE) return nodes[at].first_child;
    while (at != EKI_NO_NODE && nodes[at].next_sibling == EKI_NO_NODE) at = nodes[at].parent;
    return at == EKI_NO_NODE ? EKI_NO_NODE : nodes[at].next_sibling;
}

static void walk(struct eki_family_tree *tree)
{
    size_t used = 0;
    for (size_t root = 0; root < tree->count; root++) {
        if (tree->nodes[root].parent != EKI_NO_NODE) continue;
        for (uint32_t at = (uint32_t)root; at != EKI_NO_NODE; at = next_in_walk(tree->nodes, at)) {
            const struct eki_node *node = &tree->nodes[at];
            tree->nodes[at].depth = node->parent == EKI_NO_NODE ? 0 : tree->nodes[node->parent].depth + 1;
            tree->order[used++] = at;
        }
    }
}

enum eki_error eki_report_tree_init(const struct eki_outbreak *outbreak, struct eki_family_tree *ret_tree)
{
    struct eki_family_tree tree = {.count = outbreak->infection_count};
    if (tree.count > UINT32_MAX / 2) return EKI_ERROR_LIMIT; /* indices are 32 bits wide */
    tree.nodes = eki_allocate(tree.count + 1, sizeof *tree.nodes);
    tree.order = eki_allocate(tree.count + 1, sizeof *tree.order);
    enum eki_error error = tree.nodes && tree.order ? EKI_OK : EKI_ERROR_MEMORY;
    if (!error && tree.count) error = name_parents(outbreak, tree.nodes);
    if (error) {
        eki_report_tree_done(&tree);
        return error;
    }
    cut_circles(tree.nodes, tree.count, tree.order);
    hang_children(tree.nodes, tree.count);
    walk(&tree);
    *ret_tree = tree;
    return EKI_OK;
}

void eki_report_tree_done(struct eki_family_tree *tree)
{
    eki_free(tree->nodes);
    eki_free(tree->order);
    *tree = (struct eki_family_tree){0};
}
