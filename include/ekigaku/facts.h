/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_FACTS_H
#define EKIGAKU_FACTS_H
/*
 * The facts (schema "ekigaku.analysis/1", docs/formats/facts.md) read back: what `ekigaku analyze --json`
 * printed becomes a result again, as far as the store keeps it: outbreaks with their infections, sources,
 * counts, signs that show what others can look for. Curves, attempts, other signs and steps on the wire are
 * passed over.
 *
 *     error = eki_facts_read(bytes, length, &facts, &fault);
 *     error = eki_store_keep_result(work, &keeping, eki_facts_result(facts), &analysis);
 *     eki_facts_free(facts);
 *
 * The bytes may be a stranger's: all is checked, and bounded by the limits below.
 */
#include <stdbool.h>
#include <stddef.h>

#include "ekigaku/analysis.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

enum {
    EKI_FACTS_BYTES = 1 << 28,  /* of a file: a million infections take 250 MiB */
    EKI_FACTS_ROWS = 1000000,   /* infections of one outbreak, sources: what the store lists at once */
    EKI_FACTS_OUTBREAKS = 10000 /* services that something spreads on */
};

struct eki_facts;

/* True when the beginning of a file looks like facts. Pure. O(length). */
bool eki_facts_recognise(const char *bytes, size_t length);

/* Reads them. EKI_ERROR_FORMAT for JSON that is no facts, _CORRUPT with the place or the key that is wrong,
 * _LIMIT, _MEMORY. Any thread. O(length log length). */
EKI_MUST_USE enum eki_error eki_facts_read(const char *bytes, size_t length, struct eki_facts **ret_facts,
                                           struct eki_fault *ret_fault);

/* The result, of the facts; its counts are those of the facts, not of what is in the result. */
const struct eki_result *eki_facts_result(const struct eki_facts *facts);

/* The label that the facts bear; false when they bear none, *ret_label untouched then. */
bool eki_facts_label(const struct eki_facts *facts, enum eki_tlp *ret_label);

/* NULL is allowed. */
void eki_facts_free(struct eki_facts *facts);

#pragma GCC visibility pop

#endif
