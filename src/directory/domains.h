/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_DOMAINS_H
#define EKI_DIRECTORY_DOMAINS_H
/* The look-up by domain: the records' domains sorted, each suffix of a name searched in them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/directory.h"

struct eki_domain_entry {
    const char *domain;
    uint32_t network;
    bool is_public; /* a public suffix: holds by hand and `whole` only */
};

struct eki_domains {
    struct eki_domain_entry *items; /* by domain, then by preference */
    size_t count;
};

/* Collects and sorts the networks with a domain. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_domains_build(const struct eki_directory *directory,
                                              struct eki_domains *ret_domains);

/* The entries of exactly this domain: how many, *ret_first the first. O(log n). */
size_t eki_domains_exact(const struct eki_domains *domains, const char *domain, size_t *ret_first);

/* Frees all. */
void eki_domains_done(struct eki_domains *domains);

#endif
