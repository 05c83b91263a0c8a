/* SPDX-License-Identifier: Apache-2.0 */
#include "base/archive.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_BYTES = 1 << 20, INDEX_LOG2_MOST = 26 };

uint8_t *eki_archive_room(struct eki_archive *a, size_t n)
{
    if (a->error) return NULL;
    if (a->most && n > a->most - a->length) {
        a->error = EKI_ERROR_LIMIT;
        return NULL;
    }
    if (n > a->capacity - a->length) {
        size_t capacity = a->capacity ? a->capacity : FIRST_BYTES;
        while (capacity - a->length < n && capacity <= SIZE_MAX / 2) capacity *= 2;
        uint8_t *bytes = capacity - a->length < n ? NULL : eki_reallocate(a->bytes, a->capacity, capacity, 1);
        if (!bytes) {
            a->error = EKI_ERROR_MEMORY;
            return NULL;
        }
        a->bytes = bytes;
        a->capacity = capacity;
    }
    uint8_t *at = a->bytes + a->length;
    a->length += n;
    return at;
}

void eki_archive_done(struct eki_archive *a)
{
    eki_free(a->bytes);
    *a = (struct eki_archive){0};
}

static uint64_t word_at(const uint8_t *bytes, size_t word)
{
    uint64_t value;
    memcpy(&value, bytes + word * sizeof value, sizeof value);
    return value;
}

/* How many words from `at` on are zero, or are not; a single zero word does not end a run of others. */
static uint32_t run(const uint8_t *bytes, size_t at, size_t words, bool zero)
{
    size_t end = at;
    while (end < words && (zero ? !word_at(bytes, end)
                                : word_at(bytes, end) || (end + 1 < words && word_at(bytes, end + 1))))
        end++;
    return (uint32_t)(end - at);
}

void eki_archive_sparse(struct eki_archive *a, void *p, size_t n)
{
    uint8_t *bytes = p;
    size_t words = n / sizeof(uint64_t);
    if (!a->writing) memset(bytes, 0, n);
    for (size_t at = 0; at < words && !a->error;) {
        uint32_t zeros = a->writing ? run(bytes, at, words, true) : 0;
        uint32_t others = a->writing ? run(bytes, at + zeros, words, false) : 0;
        eki_archive_u32_up_to(a, &zeros, (uint32_t)(words - at));
        eki_archive_count(a, &others, (uint32_t)(words - at - zeros), sizeof(uint64_t));
        if (!zeros && !others) eki_archive_refuse(a);
        at += zeros;
        eki_archive_bytes(a, bytes + at * sizeof(uint64_t), others * sizeof(uint64_t));
        at += others;
    }
}

void eki_archive_bool(struct eki_archive *a, bool *value)
{
    uint8_t byte = *value;
    eki_archive_u8(a, &byte);
    if (byte > 1) eki_archive_refuse(a);
    *value = byte == 1;
}

void eki_archive_float(struct eki_archive *a, float *value)
{
    eki_archive_bytes(a, value, sizeof *value);
    if (isfinite(*value)) return;
    *value = 0;
    eki_archive_refuse(a);
}

void eki_archive_time(struct eki_archive *a, eki_time *time)
{
    eki_archive_i64(a, time);
    if (*time == EKI_TIME_NONE || (*time >= 0 && *time <= EKI_TIME_LATEST)) return;
    *time = EKI_TIME_NONE;
    eki_archive_refuse(a);
}

void eki_archive_span(struct eki_archive *a, eki_time *span)
{
    eki_archive_i64(a, span);
    if (*span >= -EKI_TIME_LATEST && *span <= EKI_TIME_LATEST) return;
    *span = 0;
    eki_archive_refuse(a);
}

void eki_archive_u8_up_to(struct eki_archive *a, uint8_t *value, uint8_t most)
{
    eki_archive_u8(a, value);
    if (*value <= most) return;
    *value = 0;
    eki_archive_refuse(a);
}

void eki_archive_u32_up_to(struct eki_archive *a, uint32_t *value, uint32_t most)
{
    eki_archive_u32(a, value);
    if (*value <= most) return;
    *value = 0;
    eki_archive_refuse(a);
}

void eki_archive_count(struct eki_archive *a, uint32_t *count, uint32_t most, size_t least_bytes)
{
    eki_archive_u32_up_to(a, count, most);
    if (a->writing || !least_bytes || *count <= a->cursor.left / least_bytes) return;
    *count = 0;
    eki_archive_refuse(a);
}

void eki_archive_size(struct eki_archive *a, size_t *count, size_t most, size_t least_bytes)
{
    uint32_t number = (uint32_t)*count;
    eki_archive_count(a, &number, (uint32_t)most, least_bytes);
    *count = number;
}

void eki_archive_text(struct eki_archive *a, const char *text, char *ret_text, size_t room)
{
    uint32_t length = a->writing ? (uint32_t)strnlen(text, room - 1) : 0;
    eki_archive_count(a, &length, (uint32_t)room - 1, 1);
    if (a->writing) {
        uint8_t *to = eki_archive_room(a, length);
        if (to) memcpy(to, text, length);
        return;
    }
    eki_archive_bytes(a, ret_text, length);
    ret_text[length] = 0;
}

static void read_slots(struct eki_archive *a, struct eki_index *index, uint32_t positions)
{
    for (uint32_t i = 0; i < index->used; i++) {
        uint32_t slot = 0;
        struct eki_index_slot read = {0};
        eki_archive_u32(a, &slot);
        eki_archive_u32(a, &read.tag);
        eki_archive_u32(a, &read.position);
        bool fine = slot <= index->mask && read.position && read.position <= positions &&
                    !index->slots[slot].position;
        if (!fine) {
            index->used = i;
            eki_archive_refuse(a);
            return;
        }
        index->slots[slot] = read;
    }
}

static void write_slots(struct eki_archive *a, const struct eki_index *index)
{
    for (size_t i = 0; i <= index->mask; i++) {
        struct eki_index_slot slot = index->slots[i];
        uint32_t number = (uint32_t)i;
        if (!slot.position) continue;
        eki_archive_u32(a, &number);
        eki_archive_u32(a, &slot.tag);
        eki_archive_u32(a, &slot.position);
    }
}

void eki_archive_index(struct eki_archive *a, struct eki_index *index, uint32_t positions)
{
    enum { SLOT_BYTES = 12 };
    uint8_t log2_slots = a->writing ? (uint8_t)__builtin_ctzll(index->mask + 1) : 0;
    uint32_t used = a->writing ? (uint32_t)index->used : 0;
    eki_archive_u8_up_to(a, &log2_slots, INDEX_LOG2_MOST);
    eki_archive_count(a, &used, positions, SLOT_BYTES);
    if (a->writing) {
        write_slots(a, index);
        return;
    }
    struct eki_index made;
    /* Slots beyond four for each position were never grown to. */
    bool sane = (uint64_t)used * 8 <= (uint64_t)5 << log2_slots && log2_slots >= 4;
    if (!sane) eki_archive_refuse(a);
    if (a->error) return;
    if (eki_index_init(&made, log2_slots)) {
        a->error = EKI_ERROR_MEMORY;
        return;
    }
    made.used = used;
    read_slots(a, &made, positions);
    eki_index_done(index);
    *index = made;
}
