/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting the prefixes, the nodes, and IPv4's table. */
#define _GNU_SOURCE /* qsort_r */
#include "directory/prefixes.h"

#include <stdlib.h>

#include "base/memory.h"
#include "directory/records.h"
#include "directory/trie.h"

enum { ROOT = 65536, BLOCK_VALUES = 256, V4_BITS = 96, GROUP = 32 };
#define BLOCK 0x80000000u

/* The depth of the department, 0 for none. */
static unsigned depth_of(const struct eki_directory *d, const struct eki_network *n)
{
    const struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    return n->department_at == EKI_NOWHERE ? 0 : departments[n->department_at].depth;
}

int eki_network_prefer(const struct eki_directory *d, uint32_t a, uint32_t b)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items, *x = &networks[a],
                             *y = &networks[b];
    if (!x->team != !y->team) return x->team ? -1 : 1; /* routes and countries name nobody */
    if (!x->record.source != !y->record.source) return x->record.source ? 1 : -1;
    unsigned dx = depth_of(d, x), dy = depth_of(d, y);
    if (dx != dy) return dx > dy ? -1 : 1;
    if (x->record.entered != y->record.entered) return x->record.entered > y->record.entered ? -1 : 1;
    return a < b ? -1 : a > b;
}

static int prefix_compare(struct eki_prefix a, struct eki_prefix b)
{
    int order = eki_address_compare(a.base, b.base);
    return order ? order : (a.bits > b.bits) - (a.bits < b.bits);
}

static int by_prefix(const void *x, const void *y, void *user)
{
    const struct eki_directory *d = user;
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    int order = prefix_compare(networks[a].prefix, networks[b].prefix);
    return order ? order : eki_network_prefer(d, a, b);
}

/* A prefix shorter than /96 with IPv4 inside (::/0 to ::/95) holds for IPv6 only: the family is part of it.
 */
static bool is_v4(struct eki_prefix p)
{
    return eki_address_is_v4(p.base) && p.bits >= V4_BITS;
}

/* The node that covers a new prefix, from the last one of its family upward. */
static uint32_t cover_of(const struct eki_prefixes *p, uint32_t last, struct eki_prefix prefix)
{
    while (last != EKI_NOWHERE && !eki_prefix_contains(p->nodes[last].prefix, prefix.base))
        last = p->nodes[last].parent;
    return last;
}

/* One node for each prefix, each with the one that covers it: the nearest before it that contains it. */
static void make_nodes(const struct eki_directory *d, struct eki_prefixes *p)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    uint32_t last[2] = {EKI_NOWHERE, EKI_NOWHERE}; /* of IPv6, of IPv4 */
    for (uint32_t i = 0; i < p->order_count; i++) {
        struct eki_prefix prefix = networks[p->order[i]].prefix;
        if (p->node_count && !prefix_compare(p->nodes[p->node_count - 1].prefix, prefix)) {
            p->nodes[p->node_count - 1].count++;
            continue;
        }
        uint32_t *before = &last[is_v4(prefix)];
        p->nodes[p->node_count] = (struct eki_prefix_node){
            .prefix = prefix, .first = i, .count = 1, .parent = cover_of(p, *before, prefix)};
        *before = (uint32_t)p->node_count++;
    }
}

/* The block a value leads to, made when it leads to none, with the value everywhere; NULL: no memory. */
static uint32_t *block_at(struct eki_prefixes *p, uint32_t *value)
{
    if (!(*value & BLOCK)) {
        struct eki_prefix_block *blocks =
            eki_array_reserve(p->blocks, p->block_count, &p->block_capacity, sizeof *blocks);
        if (!blocks) return NULL;
        p->blocks = blocks;
        for (int i = 0; i < BLOCK_VALUES; i++) blocks[p->block_count].values[i] = *value;
        *value = BLOCK | (uint32_t)p->block_count++;
    }
    return p->blocks[*value & ~BLOCK].values;
}

static void fill(uint32_t *values, uint32_t first, uint32_t count, uint32_t value)
{
    for (uint32_t i = 0; i < count; i++) values[first + i] = value;
}

/* Parents come before what they cover, so whatever stands in the range is of a parent and is replaced. */
static enum eki_error paint(struct eki_prefixes *p, uint32_t node)
{
    struct eki_prefix prefix = p->nodes[node].prefix;
    uint32_t base = (uint32_t)prefix.base.lo, bits = prefix.bits - (uint32_t)V4_BITS, value = node + 1;
    if (bits <= 16) {
        fill(p->root, base >> 16, 1u << (16 - bits), value);
        return EKI_OK;
    }
    uint32_t *block = block_at(p, &p->root[base >> 16]);
    if (!block) return EKI_ERROR_MEMORY;
    if (bits <= 24) {
        fill(block, base >> 8 & 255, 1u << (24 - bits), value);
        return EKI_OK;
    }
    /* Making the inner block may move the outer one: its value is written back by number. */
    uint32_t outer = p->root[base >> 16] & ~BLOCK, lead = block[base >> 8 & 255];
    uint32_t *inner = block_at(p, &lead);
    if (!inner) return EKI_ERROR_MEMORY;
    p->blocks[outer].values[base >> 8 & 255] = lead;
    fill(inner, base & 255, 1u << (32 - bits), value);
    return EKI_OK;
}

static enum eki_error build_tables(struct eki_prefixes *p)
{
    p->root = eki_allocate(ROOT, sizeof *p->root);
    if (!p->root) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < p->node_count; i++) {
        enum eki_error error = is_v4(p->nodes[i].prefix) ? paint(p, i) : eki_trie_insert(p, i);
        if (error) return error;
    }
    return EKI_OK;
}

enum eki_error eki_prefixes_build(const struct eki_directory *d, struct eki_prefixes *p)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    size_t count = d->of[EKI_RECORD_NETWORK].count;
    *p = (struct eki_prefixes){.order = eki_allocate(count, sizeof *p->order),
                               .nodes = eki_allocate(count, sizeof *p->nodes)};
    if (!p->order || !p->nodes) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        if (networks[i].has_prefix) p->order[p->order_count++] = i;
    if (p->order_count) qsort_r(p->order, p->order_count, sizeof *p->order, by_prefix, (void *)d);
    make_nodes(d, p);
    p->owners = eki_allocate(p->node_count, sizeof *p->owners);
    return p->owners ? build_tables(p) : EKI_ERROR_MEMORY;
}

static inline uint32_t find_v4(const struct eki_prefixes *p, uint32_t address)
{
    uint32_t value = p->root[address >> 16];
    if (value & BLOCK) value = p->blocks[value & ~BLOCK].values[address >> 8 & 255];
    if (value & BLOCK) value = p->blocks[value & ~BLOCK].values[address & 255];
    return value;
}

uint32_t eki_prefixes_find(const struct eki_prefixes *p, struct eki_address address)
{
    if (!p->root) return EKI_NOWHERE;
    uint32_t value =
        eki_address_is_v4(address) ? find_v4(p, (uint32_t)address.lo) : eki_trie_find(p, address);
    return value - 1; /* 0 gives EKI_NOWHERE */
}

/* A group of look-ups goes through the tables side by side, each asking for its next cache line before any
 * waits for one: a look-up alone would wait three times. */
struct group {
    const struct eki_address *addresses;
    size_t count;
    uint32_t values[GROUP]; /* of IPv4: the value so far; of IPv6: of the longest prefix so far */
    uint32_t at[GROUP];     /* of IPv6: trie node + 1, 0 at the end */
};

static void first_stride(const struct eki_prefixes *p, struct group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        uint32_t lo = (uint32_t)g->addresses[i].lo;
        bool v4 = eki_address_is_v4(g->addresses[i]);
        g->at[i] = !v4 && p->trie_count ? 1 : 0;
        g->values[i] = v4 ? p->root[lo >> 16] : 0;
        if (g->values[i] & BLOCK) __builtin_prefetch(&p->blocks[g->values[i] & ~BLOCK].values[lo >> 8 & 255]);
    }
}

static void further_strides(const struct eki_prefixes *p, struct group *g)
{
    for (unsigned shift = 8; shift != 0u - 8; shift -= 8)
        for (size_t i = 0; i < g->count; i++) {
            uint32_t lo = (uint32_t)g->addresses[i].lo;
            if (!(g->values[i] & BLOCK)) continue;
            g->values[i] = p->blocks[g->values[i] & ~BLOCK].values[lo >> shift & 255];
            if (g->values[i] & BLOCK) __builtin_prefetch(&p->blocks[g->values[i] & ~BLOCK].values[lo & 255]);
        }
}

static void down_the_trie(const struct eki_prefixes *p, struct group *g)
{
    for (bool any = p->trie_count; any;) {
        any = false;
        for (size_t i = 0; i < g->count; i++) {
            if (!g->at[i]) continue;
            g->at[i] = eki_trie_step(p, g->at[i], g->addresses[i], &g->values[i]);
            any |= g->at[i] != 0;
        }
    }
}

void eki_prefixes_find_many(const struct eki_prefixes *p, const struct eki_address *addresses, size_t count,
                            struct eki_owner *ret_owners)
{
    static const struct eki_owner nobody = {EKI_NOWHERE, EKI_NOWHERE};
    for (size_t done = 0; done < count; done += GROUP) {
        struct group g = {.addresses = addresses + done,
                          .count = count - done < GROUP ? count - done : GROUP};
        first_stride(p, &g);
        down_the_trie(p, &g);
        further_strides(p, &g);
        for (size_t i = 0; i < g.count; i++)
            if (g.values[i]) __builtin_prefetch(&p->owners[g.values[i] - 1]);
        for (size_t i = 0; i < g.count; i++)
            ret_owners[done + i] = g.values[i] ? p->owners[g.values[i] - 1] : nobody;
    }
}

uint32_t eki_prefixes_exact(const struct eki_prefixes *p, struct eki_prefix prefix)
{
    size_t low = 0, high = p->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (prefix_compare(p->nodes[middle].prefix, prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->node_count && !prefix_compare(p->nodes[low].prefix, prefix) ? (uint32_t)low : EKI_NOWHERE;
}

void eki_prefixes_done(struct eki_prefixes *p)
{
    eki_free(p->order);
    eki_free(p->nodes);
    eki_free(p->owners);
    eki_free(p->root);
    eki_free(p->blocks);
    eki_free(p->trie);
    *p = (struct eki_prefixes){0};
}
