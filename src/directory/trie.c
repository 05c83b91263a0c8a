/* SPDX-License-Identifier: Apache-2.0 */
/* The trie: each node has a prefix; its children continue it with a 0 or a 1. */
#include "directory/trie.h"

#include "base/memory.h"

static inline unsigned bit_at(struct eki_address a, unsigned bit)
{
    return (unsigned)(bit < 64 ? a.hi >> (63 - bit) : a.lo >> (127 - bit)) & 1;
}

static inline struct eki_address address_of(const struct eki_trie_node *n)
{
    return (struct eki_address){n->hi, n->lo};
}

/* A new node; its number + 1, 0 when there is no memory. Moves the array. */
static uint32_t add_node(struct eki_prefixes *p, struct eki_prefix prefix, uint32_t value)
{
    struct eki_trie_node *trie = eki_array_reserve(p->trie, p->trie_count, &p->trie_capacity, sizeof *trie);
    if (!trie) return 0;
    p->trie = trie;
    trie[p->trie_count++] = (struct eki_trie_node){
        .hi = prefix.base.hi, .lo = prefix.base.lo, .value = value, .bits = prefix.bits};
    return (uint32_t)p->trie_count;
}

/* Where a reference to a node stands: the node before it and the side. */
struct reference {
    uint32_t node; /* + 1 */
    unsigned side;
};

/* Puts `prefix` in place of the node at the end of the reference: above it, or beside it below a branch. */
static enum eki_error split(struct eki_prefixes *p, struct reference at, struct eki_prefix prefix,
                            uint32_t value)
{
    uint32_t old = p->trie[at.node - 1].child[at.side];
    struct eki_address there = address_of(&p->trie[old - 1]);
    unsigned shared = (unsigned)eki_address_common_bits(there, prefix.base);
    if (shared > prefix.bits) shared = prefix.bits;
    if (shared > p->trie[old - 1].bits) shared = p->trie[old - 1].bits;
    uint32_t top = add_node(p, eki_prefix_around(prefix.base, shared), shared == prefix.bits ? value : 0);
    uint32_t leaf = top && shared < prefix.bits ? add_node(p, prefix, value) : top;
    if (!top || !leaf) return EKI_ERROR_MEMORY;
    p->trie[top - 1].child[bit_at(there, shared)] = old;
    if (leaf != top) p->trie[top - 1].child[bit_at(prefix.base, shared)] = leaf;
    p->trie[at.node - 1].child[at.side] = top;
    return EKI_OK;
}

enum eki_error eki_trie_insert(struct eki_prefixes *p, uint32_t node)
{
    struct eki_prefix prefix = p->nodes[node].prefix;
    if (!p->trie_count && !add_node(p, (struct eki_prefix){0}, 0)) return EKI_ERROR_MEMORY;
    struct reference at = {1, 0};
    for (;;) {
        struct eki_trie_node *n = &p->trie[at.node - 1];
        if (n->bits == prefix.bits) {
            n->value = node + 1;
            return EKI_OK;
        }
        at.side = bit_at(prefix.base, n->bits);
        uint32_t next = n->child[at.side];
        if (!next) {
            uint32_t leaf = add_node(p, prefix, node + 1);
            if (!leaf) return EKI_ERROR_MEMORY;
            p->trie[at.node - 1].child[at.side] = leaf;
            return EKI_OK;
        }
        struct eki_prefix covers = {address_of(&p->trie[next - 1]), p->trie[next - 1].bits};
        if (covers.bits > prefix.bits || !eki_prefix_contains(covers, prefix.base))
            return split(p, at, prefix, node + 1);
        at.node = next;
    }
}

uint32_t eki_trie_find(const struct eki_prefixes *p, struct eki_address address)
{
    uint32_t best = 0, at = p->trie_count ? 1 : 0;
    while (at) at = eki_trie_step(p, at, address, &best);
    return best;
}
