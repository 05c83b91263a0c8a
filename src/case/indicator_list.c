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

/* Whether these three bytes are a character that stands directly beside what is pasted: kana, kanji, the
 * punctuation and wide forms of Japanese (U+3000 to U+9FFF, U+FF00 to U+FFFF), and typographers' quotes, dots
 * and blanks of no width (U+2000 to U+203F). No name of a host that is read here holds one. */
static bool is_beside(const uint8_t *at)
{
    if ((at[1] & 0xc0) != 0x80 || (at[2] & 0xc0) != 0x80) return false;
    return (at[0] >= 0xe3 && at[0] <= 0xe9) || (at[0] == 0xef && at[1] >= 0xbc) ||
           (at[0] == 0xe2 && at[1] == 0x80);
}

/* Bytes of the separator at the cursor, 0 when there is none. */
static size_t separator(const struct eki_cursor *c)
{
    uint8_t byte = c->at[0];
    if (byte <= ' ' || byte == 0x7f || strchr(",;|<>\"`", byte)) return 1;
    return c->left >= 3 && is_beside(c->at) ? 3 : 0;
}

/* The word, or what stands behind a name that says what it is: "host:", "MD5=". */
static enum eki_error read_word(const char *word, size_t length, enum eki_indicator_kind *ret_kind,
                                char ret_value[EKI_INDICATOR_VALUE])
{
    enum { NAMES = 3 };
    enum eki_error error = eki_indicator_read(word, length, ret_kind, ret_value);
    for (int i = 0; error && i < NAMES; i++) {
        size_t name = 0;
        while (name < length && word[name] != ':' && word[name] != '=') name++;
        if (name == length) break;
        word += name + 1;
        length -= name + 1;
        error = eki_indicator_read(word, length, ret_kind, ret_value);
    }
    return error;
}

static enum eki_error take(struct reading *r, const char *word, size_t length, size_t position)
{
    char value[EKI_INDICATOR_VALUE];
    enum eki_indicator_kind kind;
    if (read_word(word, length, &kind, value)) {
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
