/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RANDOM_DIRECTORY_H
#define RANDOM_DIRECTORY_H
/* Directories drawn at random, crowded on purpose: many prefixes inside, beside and on top of each other,
 * from several sources, departments in departments, contacts that are dead. */
#include "base/random.h"
#include "ekigaku/owner.h"

#define RANDOM_NOW (INT64_C(1790000000) * EKI_SECOND)

/* A settled directory; asserts that all went well. */
struct eki_directory *random_directory(uint64_t seed, unsigned networks);

/* An address near the prefixes that random_directory draws. */
struct eki_address random_address(struct eki_random *random);

/* A name of which some suffixes are in it. */
const char *random_domain(struct eki_random *random, char ret_domain[64]);

#endif
