/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SIZE_H
#define EKI_CLI_SIZE_H
/* Sizes of memory as arguments name them. */
#include <stdint.h>

#include "cli/command.h"

/* --memory: "512M", "4G", "300000K" or bytes, EKI_MEMORY_LEAST at least. 0, or EKI_EXIT_USAGE after a message
 * of that command; *ret_bytes is untouched then. */
int eki_size_memory(const struct eki_command *command, const char *text, uint64_t *ret_bytes);

#endif
