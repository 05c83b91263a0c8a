/* SPDX-License-Identifier: Apache-2.0 */
/* A pasted text of any bytes: what is told from it is told again from its own value, as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/indicator_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct eki_indicator_list *list;
    if (eki_indicator_list_read((const char *)bytes, length, &list, NULL)) return 0;
    for (size_t i = 0; i < list->count; i++) {
        char again[EKI_INDICATOR_VALUE];
        enum eki_indicator_kind kind;
        const struct eki_indicator_entry *e = &list->entries[i];
        if (eki_indicator_read(e->value, strlen(e->value), &kind, again)) abort();
        if (kind != e->kind || strcmp(again, e->value) != 0 || !e->times || e->position >= length) abort();
    }
    eki_indicator_list_free(list);
    return 0;
}
