/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_INPUTS_H
#define EKI_CLI_INPUTS_H
/* What the commands that read captures share. */
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/analysis.h"
#include "ekigaku/log.h"

/* Drops files named again (also by another path), with a note on standard error; returns how many are left.
 */
size_t eki_inputs_once(char **paths, size_t count);

/* Puts captures in the order of their first packets; those that cannot be read go last, in the order given.
 * Nothing is done when one of them is "-", which can be read only once. */
void eki_inputs_sort(char **paths, size_t count);

/* Sum of the sizes of all files; 0 when one is no regular file. */
uint64_t eki_inputs_bytes(char **paths, size_t count);

/* Prints "ekigaku: PATH: offset N: what is wrong: detail" to standard error. */
void eki_inputs_complain(const char *path, enum eki_error error, const struct eki_fault *fault);

#endif
