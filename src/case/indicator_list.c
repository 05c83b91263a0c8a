/* SPDX-License-Identifier: Apache-2.0 */
/* A pasted text, cut into words; what is told twice is counted, not kept twice. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/memory.h"
#include "ekigaku/indicator_list.h"

struct reading {
    struct eki_indicator_list list; /* first, so that the list is the whole */
    struct eki_arena values;
    size_t capacity;
};

/* Bytes of the separator at the cursor, 0 when there is none. Japanese punctuation and its blank (U+3000 to
 * U+3002, brackets U+3008 to U+3011, wide comma, colon, semicolon, brackets and full stop) stand directly
 * beside what is pasted. */
static size_t separator(const struct eki_cursor *c)
{
    uint8_t byte = c->at[0];
    if (byte <= ' ' || byte == 0x7f || strchr(",;|<>\"`", byte)) return 1;
    if (c->left < 3) return 0;
    uint8_t second = c->at[1], third = c->at[2];
    bool kana = byte == 0xe3 && second == 0x80 && (third <= 0x82 || (third >= 0x88 && third <= 0x91));
    bool wide = byte == 0xef && second == 0xbc && memchr("\x88\x89\x8c\x8e\x9a\x9b", third, 6) != NULL;
    return kana || wide ? 3 : 0;
}

static enum eki_error take(struct reading *r, const char *word, size_t length, size_t position)
{
    char value[EKI_INDICATOR_VALUE];
    enum eki_indicator_kind kind;
    if (eki_indicator_read(word, length, &kind, value)) {
        r->list.passed++;
        return EKI_OK;
    }
    if (r->list.count >= EKI_INDICATOR_LIST_MOST) return EKI_ERROR_LIMIT;
    void *grown = eki_array_reserve(r->list.entries, r->list.count, &r->capacity, sizeof *r->list.entries);
    if (!grown) return EKI_ERROR_MEMORY;
    r->list.entries = grown;
    const char *kept = eki_arena_copy(&r->values, value, strlen(value) + 1, 1);
    if (!kept) return EKI_ERROR_MEMORY;
    r->list.entries[r->list.count++] =
        (struct eki_indicator_entry){.kind = kind, .value = kept, .times = 1, .position = position};
    return EKI_OK;
}

static int by_position(const void *a, const void *b)
{
    const struct eki_indicator_entry *x = a, *y = b;
    return x->position < y->position ? -1 : x->position > y->position;
}

static int by_value(const void *a, const void *b)
{
    const struct eki_indicator_entry *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int order = strcmp(x->value, y->value);
    return order ? order : by_position(a, b);
}

/* Equal ones stand together once sorted, the first of the text in front: it takes the others' count. */
static void join(struct eki_indicator_list *list)
{
    struct eki_indicator_entry *all = list->entries;
    size_t kept = 0;
    if (!list->count) return;
    qsort(all, list->count, sizeof *all, by_value);
    for (size_t i = 1; i < list->count; i++) {
        if (all[i].kind == all[kept].kind && !strcmp(all[i].value, all[kept].value))
            all[kept].times++;
        else
            all[++kept] = all[i];
    }
    list->count = kept + 1;
    qsort(all, list->count, sizeof *all, by_position);
}

enum eki_error eki_indicator_list_read(const char *text, size_t length, struct eki_indicator_list **ret_list,
                                       struct eki_fault *ret_fault)
{
    struct eki_cursor c = eki_cursor_over(text, length);
    enum eki_error error = EKI_OK;
    if (length > EKI_INDICATOR_LIST_BYTES)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, EKI_INDICATOR_LIST_BYTES, "text of %zu bytes",
                             length);
    struct reading *r = eki_allocate(1, sizeof *r);
    if (!r) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "list of indicators");
    while (c.left && !error) {
        size_t n = 0, position = length - c.left;
        struct eki_cursor ahead = c;
        while (ahead.left && !separator(&ahead)) eki_cursor_skip(&ahead, 1), n++;
        const char *word = (const char *)eki_cursor_take(&c, n);
        if (n) error = take(r, word, n, position);
        if (error) eki_fault_set(ret_fault, error, position, "list of indicators");
        if (c.left) eki_cursor_skip(&c, separator(&c));
    }
    if (error) {
        eki_indicator_list_free(&r->list);
        return error;
    }
    join(&r->list);
    *ret_list = &r->list;
    return EKI_OK;
}

void eki_indicator_list_free(struct eki_indicator_list *list)
{
    struct reading *r = (struct reading *)list;
    if (!r) return;
    eki_arena_done(&r->values);
    eki_free(r->list.entries);
    eki_free(r);
}
