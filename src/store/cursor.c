/* SPDX-License-Identifier: Apache-2.0 */
#include "store/cursor.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME = 80 /* room for all but a text */ };

static const char digits[] = "0123456789abcdef";

const char *eki_cursor_write(const struct eki_order *order, const void *row, struct eki_arena *arena)
{
    struct eki_value value = eki_column_get(&order->table->columns[order->column], row);
    int64_t key = eki_column_get(&order->table->columns[order->table->key], row).integer;
    size_t length = value.kind == EKI_VALUE_TEXT ? strlen(value.text) : 0, room = FRAME + 2 * length;
    char *text = eki_arena_take(arena, room, 1);
    if (!text) return NULL;
    int used = snprintf(text, room, "%zu%c.", order->column, order->descending ? 'd' : 'a');
    uint64_t bits;
    memcpy(&bits, &value.real, sizeof bits);
    if (value.kind == EKI_VALUE_REAL)
        used += snprintf(text + used, room - (size_t)used, "%016" PRIx64, bits);
    else if (value.kind != EKI_VALUE_TEXT)
        used += snprintf(text + used, room - (size_t)used, "%" PRId64, value.integer);
    for (size_t i = 0; i < length; i++) {
        text[used++] = digits[(unsigned char)value.text[i] >> 4];
        text[used++] = digits[(unsigned char)value.text[i] & 15];
    }
    snprintf(text + used, room - (size_t)used, ".%" PRId64, key);
    return text;
}

static bool read_number(const char *text, const char *end, int64_t *ret_number)
{
    char *stop;
    errno = 0;
    *ret_number = strtoll(text, &stop, 10);
    return !errno && stop == end && stop != text && *text != ' ' && *text != '+';
}

static bool read_real(const char *text, const char *end, double *ret_real)
{
    char *stop;
    if (end - text != 16 || strspn(text, digits) < 16) return false;
    uint64_t bits = strtoull(text, &stop, 16);
    memcpy(ret_real, &bits, sizeof *ret_real);
    return isfinite(*ret_real);
}

static enum eki_error read_text(const char *text, const char *end, const struct eki_column *column,
                                struct eki_arena *arena, const char **ret_text)
{
    size_t length = (size_t)(end - text) / 2;
    if ((end - text) % 2 || strspn(text, digits) < 2 * length) return EKI_ERROR_ARGUMENT;
    char *made = eki_arena_take(arena, length + 1, 1);
    if (!made) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < length; i++) {
        size_t high = (size_t)(strchr(digits, text[2 * i]) - digits);
        made[i] = (char)(high << 4 | (size_t)(strchr(digits, text[2 * i + 1]) - digits));
    }
    if (strlen(made) != length || !eki_column_fits(column, made)) return EKI_ERROR_ARGUMENT;
    *ret_text = made;
    return EKI_OK;
}

enum eki_error eki_cursor_read(const struct eki_order *order, const char *text, struct eki_arena *arena,
                               struct eki_list_place *ret_place)
{
    char head[FRAME];
    size_t length =
        (size_t)snprintf(head, sizeof head, "%zu%c.", order->column, order->descending ? 'd' : 'a');
    const struct eki_column *by = &order->table->columns[order->column];
    struct eki_list_place place = {0};
    if (strncmp(text, head, length) != 0) return EKI_ERROR_ARGUMENT;
    const char *from = text + length, *end = strchr(from, '.');
    if (!end || !read_number(end + 1, end + strlen(end), &place.key)) return EKI_ERROR_ARGUMENT;
    if (by->kind == EKI_COLUMN_TEXT) {
        place.value.kind = EKI_VALUE_TEXT;
        enum eki_error error = read_text(from, end, by, arena, &place.value.text);
        if (error) return error;
    } else if (by->kind == EKI_COLUMN_REAL) {
        place.value.kind = EKI_VALUE_REAL;
        if (!read_real(from, end, &place.value.real)) return EKI_ERROR_ARGUMENT;
    } else {
        place.value.kind = EKI_VALUE_INTEGER;
        if (!read_number(from, end, &place.value.integer)) return EKI_ERROR_ARGUMENT;
    }
    *ret_place = place;
    return EKI_OK;
}
