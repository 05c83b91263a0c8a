/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_CHOICE_H
#define EKI_DIRECTORY_CHOICE_H
/* Which contact of a team, and which of the records that speak about a host. */
#include "directory/records.h"

struct eki_choice {
    uint32_t first;  /* in order of preference, or EKI_NOWHERE */
    uint32_t living; /* the first that is not dead, or EKI_NOWHERE */
};

/* Contacts of the department, then of those above it, then of the team as a whole, then any of the team. */
struct eki_choice eki_directory_choose(const struct eki_directory *directory, uint32_t team,
                                       uint32_t department);

/* What the candidates are collected from. */
struct eki_gather {
    uint32_t node;       /* of the longest prefix, or EKI_NOWHERE */
    const char *domain;  /* canonical, or "" */
    const char *country; /* "" : as the prefixes say */
    uint32_t asn;        /* 0: as the prefixes say */
};

/* Fills the answer's steps, owner and contacts. O(candidates). */
void eki_directory_decide(const struct eki_directory *directory, const struct eki_gather *from,
                          struct eki_answer *ret_answer);

#endif
