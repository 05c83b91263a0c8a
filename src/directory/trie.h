/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_TRIE_H
#define EKI_DIRECTORY_TRIE_H
/* IPv6's half of the prefix table: a binary trie without one-way branches. */
#include "directory/prefixes.h"

/* Adds the prefix of a node. EKI_ERROR_MEMORY. O(128). */
EKI_MUST_USE enum eki_error eki_trie_insert(struct eki_prefixes *prefixes, uint32_t node);

/* The node + 1 of the longest prefix around the address, 0 none. O(depth), at most 128. */
uint32_t eki_trie_find(const struct eki_prefixes *prefixes, struct eki_address address);

/* One step of eki_trie_find from node `at` (+ 1): the next one, 0 at the end; *value becomes the node's when
 * the address is in it and it has one. The next node is asked for. */
static inline uint32_t eki_trie_step(const struct eki_prefixes *p, uint32_t at, struct eki_address a,
                                     uint32_t *value)
{
    const struct eki_trie_node *n = &p->trie[at - 1];
    uint64_t hi = n->hi ^ a.hi, lo = n->lo ^ a.lo;
    bool inside =
        n->bits <= 64 ? !n->bits || hi >> (64 - n->bits) == 0 : hi == 0 && lo >> (128 - n->bits) == 0;
    if (!inside) return 0;
    if (n->value) *value = n->value;
    if (n->bits == 128) return 0;
    uint32_t next = n->child[(n->bits < 64 ? a.hi >> (63 - n->bits) : a.lo >> (127 - n->bits)) & 1];
    if (next) __builtin_prefetch(&p->trie[next - 1]);
    return next;
}

#endif
