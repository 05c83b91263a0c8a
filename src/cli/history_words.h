/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_HISTORY_WORDS_H
#define EKI_CLI_HISTORY_WORDS_H
/* The changes of a case in words: what was added, changed or removed, and of a change what from and what to.
 */
#include <jansson.h>

#include "ekigaku/catalogue.h"
#include "ekigaku/report.h"
#include "ekigaku/store.h"

struct eki_history_words {
    enum eki_language language;
    const struct eki_catalogue *catalogue; /* whose playbooks name tasks in the language */
    json_t *names;    /* of rows that were told of already: "case_host 7" -> "10.0.0.7" */
    json_t *accounts; /* "3" -> "ada" */
};

/* Reads the names of accounts; pair with eki_history_done. Errors are those of the work, _MEMORY. */
EKI_MUST_USE enum eki_error eki_history_init(struct eki_history_words *words, struct eki_store_work *work);
void eki_history_done(struct eki_history_words *words);

/* Prints an entry to standard output: a line, and one for each thing that changed. */
void eki_history_print(struct eki_history_words *words, const struct eki_store_audit *entry);

#endif
