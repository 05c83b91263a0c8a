/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the tree chart are laid out, by host or by network. */
#include "report/tree_layout.h"

#include <stdlib.h>

#include "base/memory.h"

enum { V4_NETWORK = 120, V6_NETWORK = 48 };

struct place {
    struct eki_address network;
    uint32_t infection;
};

struct eki_prefix eki_report_network(struct eki_address host)
{
    return eki_prefix_around(host, eki_address_is_v4(host) ? V4_NETWORK : V6_NETWORK);
}

static enum eki_error lay_hosts(const struct eki_outbreak *outbreak, struct eki_tree_layout *layout)
{
    struct eki_family_tree tree;
    enum eki_error error = eki_report_tree_init(outbreak, &tree);
    if (error) return error;
    for (size_t i = 0; i < tree.count; i++) {
        layout->row[tree.order[i]] = (uint32_t)i;
        layout->first[i] = tree.order[i];
    }
    layout->rows = tree.count;
    eki_report_tree_done(&tree);
    return EKI_OK;
}

static int by_network(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = eki_address_compare(x->network, y->network);
    return order ? order : (x->infection > y->infection) - (x->infection < y->infection);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Infections are in order of time, so the lowest index of a network is its first infection, and sorting these
 * orders the networks. */
static enum eki_error lay_networks(const struct eki_outbreak *outbreak, struct eki_tree_layout *layout)
{
    size_t count = outbreak->infection_count;
    struct place *places = eki_allocate(count, sizeof *places);
    if (!places) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct eki_address network = eki_report_network(outbreak->infections[i].host).base;
        places[i] = (struct place){network, (uint32_t)i};
    }
    qsort(places, count, sizeof *places, by_network);
    uint32_t head = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !eki_address_equal(places[i].network, places[i - 1].network)) {
            head = places[i].infection;
            layout->first[layout->rows++] = head;
        }
        layout->row[places[i].infection] = head;
    }
    qsort(layout->first, layout->rows, sizeof *layout->first, by_number);
    for (size_t i = 0; i < count; i++) {
        uint32_t *at = bsearch(&layout->row[i], layout->first, layout->rows, sizeof *at, by_number);
        layout->row[i] = at ? (uint32_t)(at - layout->first) : 0;
    }
    eki_free(places);
    return EKI_OK;
}

enum eki_error eki_report_layout_init(const struct eki_outbreak *outbreak, struct eki_tree_layout *ret_layout)
{
    struct eki_tree_layout layout = {.networks = outbreak->infection_count > EKI_TREE_ROWS};
    layout.row = eki_allocate(outbreak->infection_count + 1, sizeof *layout.row);
    layout.first = eki_allocate(outbreak->infection_count + 1, sizeof *layout.first);
    enum eki_error error = EKI_ERROR_MEMORY;
    if (layout.row && layout.first)
        error = layout.networks ? lay_networks(outbreak, &layout) : lay_hosts(outbreak, &layout);
    if (error) {
        eki_report_layout_done(&layout);
        return error;
    }
    *ret_layout = layout;
    return EKI_OK;
}

void eki_report_layout_done(struct eki_tree_layout *layout)
{
    eki_free(layout->row);
    eki_free(layout->first);
    *layout = (struct eki_tree_layout){0};
}
