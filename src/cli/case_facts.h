/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_CASE_FACTS_H
#define EKI_CLI_CASE_FACTS_H
/* Facts of `ekigaku analyze --json` as input of `ekigaku case`. */
#include "cli/case_request.h"
#include "ekigaku/facts.h"

/* What the inputs of a request are. */
enum eki_case_input { EKI_CASE_INPUT_CAPTURES = 0, EKI_CASE_INPUT_FACTS, EKI_CASE_INPUT_WRONG };

/* Looks at the beginning of the inputs. Standard input is taken into a file without a name first, which then
 * stands in its place. EKI_CASE_INPUT_WRONG after a message: facts beside captures, or standard input cannot
 * be kept. */
enum eki_case_input eki_case_input_kind(const struct eki_case_request *request);

/* Reads the facts of one input. 0, or an exit status after a message. */
int eki_case_facts_read(const char *path, struct eki_facts **ret_facts);

#endif
