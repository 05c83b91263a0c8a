/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/size.h"

#include <stdbool.h>
#include <stdlib.h>

#include "ekigaku/analysis.h"

int eki_size_memory(const struct eki_command *command, const char *text, uint64_t *ret_bytes)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    bool number = *text >= '0' && *text <= '9' && !end[shift != 0] && value < UINT64_MAX >> 30;
    if (!number || (uint64_t)value << shift < EKI_MEMORY_LEAST)
        return eki_command_misused(command, "--memory is a size such as 512M or 4G, at least %uM, not \"%s\"",
                                   (unsigned)(EKI_MEMORY_LEAST >> 20), text);
    *ret_bytes = (uint64_t)value << shift;
    return 0;
}
