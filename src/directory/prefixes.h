/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_PREFIXES_H
#define EKI_DIRECTORY_PREFIXES_H
/*
 * The look-up table by prefix: for each prefix that occurs one node, each node with the next shorter one that
 * covers it.
 *
 * IPv4 goes through a table of strides 16, 8 and 8 (after DIR-24-8, Gupta, Lin, McKeown 1998, with the first
 * stride cut to 16, so that a small directory costs 256 KiB and not 64 MiB). IPv6 goes through a binary trie
 * without one-way branches (Morrison 1968, PATRICIA), 40 bytes a node.
 */
#include "ekigaku/directory.h"
#include "ekigaku/owner.h"

/* Values of one stride of 8: node + 1, 0 none; with the highest bit set the rest is a block's number. */
struct eki_prefix_block {
    uint32_t values[256];
};

struct eki_prefix_node {
    struct eki_prefix prefix;
    uint32_t first, count; /* in `order` */
    uint32_t parent;       /* node that covers it, or EKI_NOWHERE */
};

struct eki_trie_node {
    uint64_t hi, lo;
    uint32_t child[2]; /* + 1 */
    uint32_t value;    /* prefix node + 1; 0: a branch only */
    uint8_t bits;
};

struct eki_prefixes {
    uint32_t *order; /* positions of networks: by prefix, then by preference */
    size_t order_count;
    struct eki_prefix_node *nodes; /* by prefix: parents before what they cover */
    size_t node_count;
    struct eki_owner *owners; /* of each node */
    uint32_t *root;           /* of IPv4: 65536 values of the first stride */
    struct eki_prefix_block *blocks;
    size_t block_count, block_capacity;
    struct eki_trie_node *trie; /* of IPv6; [0] is the root when there is any */
    size_t trie_count, trie_capacity;
};

/* Sorts the networks with a prefix and builds nodes and tables; `owners` is left to the caller, zeroed.
 * EKI_ERROR_MEMORY leaves it for eki_prefixes_done. */
EKI_MUST_USE enum eki_error eki_prefixes_build(const struct eki_directory *directory,
                                               struct eki_prefixes *ret_prefixes);

/* The node of the longest prefix around the address, or EKI_NOWHERE. */
uint32_t eki_prefixes_find(const struct eki_prefixes *prefixes, struct eki_address address);

/* Owners of many addresses. */
void eki_prefixes_find_many(const struct eki_prefixes *prefixes, const struct eki_address *addresses,
                            size_t count, struct eki_owner *ret_owners);

/* The node with exactly this prefix, or EKI_NOWHERE. */
uint32_t eki_prefixes_exact(const struct eki_prefixes *prefixes, struct eki_prefix prefix);

/* Frees all. */
void eki_prefixes_done(struct eki_prefixes *prefixes);

/* Negative when network `a` is to be preferred to `b`, both about the same: by hand, narrower department,
 * newer, earlier in the file. */
int eki_network_prefer(const struct eki_directory *directory, uint32_t a, uint32_t b);

#endif
