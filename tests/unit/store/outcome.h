/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_STORE_OUTCOME_H
#define TEST_STORE_OUTCOME_H
/* A result as an analysis would hand it over, of any size. */
#include <stddef.h>

#include "ekigaku/analysis.h"
#include "ekigaku/sign.h"

#define OUTCOME_KILL_SWITCH "iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com"
#define OUTCOME_DROPPED     "mssecsvc.exe"

struct outcome {
    struct eki_result result;
    struct eki_outbreak outbreak;
    struct eki_infection *infections;
    struct eki_scanner scanners[2];
    struct eki_sign
        signs[4]; /* hosts 0 and 1 ask for OUTCOME_KILL_SWITCH, 1 got OUTCOME_DROPPED; of another */
};

/* An outbreak of `infected` hosts: host i was infected in second i, by host i / 2. Free with outcome_done. */
void outcome_make(struct outcome *ret_outcome, size_t infected);
void outcome_done(struct outcome *outcome);

#endif
