/* SPDX-License-Identifier: Apache-2.0 */
#include "directory/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum eki_error eki_names_add(struct eki_names *names, const char *text, uint32_t at)
{
    struct eki_name *items = eki_array_reserve(names->items, names->count, &names->capacity, sizeof *items);
    if (!items) return EKI_ERROR_MEMORY;
    names->items = items;
    items[names->count++] = (struct eki_name){text, at};
    return EKI_OK;
}

static int by_text(const void *a, const void *b)
{
    const struct eki_name *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

void eki_names_sort(struct eki_names *names)
{
    if (names->count) qsort(names->items, names->count, sizeof *names->items, by_text);
}

uint32_t eki_names_find(const struct eki_names *names, const char *text)
{
    size_t low = 0, high = names->count;
    if (!text) return UINT32_MAX;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->items[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < names->count && !strcmp(names->items[low].text, text) ? names->items[low].at : UINT32_MAX;
}

const struct eki_name *eki_names_twice(const struct eki_names *names)
{
    for (size_t i = 1; i < names->count; i++)
        if (names->items[i].at != names->items[i - 1].at &&
            !strcmp(names->items[i].text, names->items[i - 1].text))
            return &names->items[i];
    return NULL;
}

void eki_names_done(struct eki_names *names)
{
    eki_free(names->items);
    *names = (struct eki_names){0};
}
