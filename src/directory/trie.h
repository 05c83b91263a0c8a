/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_TRIE_H
#define EKI_DIRECTORY_TRIE_H
/* IPv6's half of the prefix table: a binary trie without one-way branches. */
#include "directory/prefixes.h"

/* Adds the prefix of a node. EKI_ERROR_MEMORY. O(128). */
EKI_MUST_USE enum eki_error eki_trie_insert(struct eki_prefixes *prefixes, uint32_t node);

/* The node + 1 of the longest prefix around the address, 0 none. O(depth), at most 128. */
uint32_t eki_trie_find(const struct eki_prefixes *prefixes, struct eki_address address);

#endif
