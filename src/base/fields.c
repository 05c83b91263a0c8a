/* SPDX-License-Identifier: Apache-2.0 */
/* Wanted names, separated values, and what the values mean (see fields.h). */
#include "base/fields.h"

#include <string.h>

static unsigned bucket_of(const char *name, size_t length)
{
    if (!length) return 0;
    unsigned sum = (unsigned)length * 7 + (unsigned char)name[0] * 5 + (unsigned char)name[length - 1] * 3 +
                   (unsigned char)name[length / 2];
    return sum % 64;
}

struct eki_field_names eki_field_names(const char *const *names)
{
    struct eki_field_names wanted = {.names = names};
    for (; names[wanted.count] && wanted.count < EKI_FIELDS_MOST; wanted.count++) {
        size_t length = strlen(names[wanted.count]);
        unsigned bucket = bucket_of(names[wanted.count], length);
        wanted.lengths[wanted.count] = (uint8_t)length;
        wanted.next[wanted.count] = wanted.buckets[bucket];
        wanted.buckets[bucket] = (uint8_t)(wanted.count + 1);
    }
    return wanted;
}

int eki_field_position(const struct eki_field_names *names, const char *name, size_t length)
{
    for (unsigned i = names->buckets[bucket_of(name, length)]; i; i = names->next[i - 1])
        if (names->lengths[i - 1] == length && !memcmp(names->names[i - 1], name, length)) return (int)i - 1;
    return -1;
}

/* Eight bytes at once: a bit in each byte that equals the separator. Bytes above a match may be marked
 * wrongly by the borrow, so the exact form (Warren, Hacker's Delight 2003, 6-1) is used. */
static uint64_t matches_in(uint64_t word, uint64_t pattern)
{
    const uint64_t lows = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t x = word ^ pattern;
    return ~(((x & lows) + lows) | x | lows);
}

static void put(struct eki_field *fields, size_t count, size_t most, const char *start, const char *end)
{
    if (count >= most) return;
    fields[count] = (struct eki_field){start, (uint32_t)(end - start), EKI_FIELD_TEXT, false};
}

size_t eki_fields_split(const char *line, size_t length, char separator, struct eki_field *ret_fields,
                        size_t most)
{
    const char *at = line, *start = line, *end = line + length;
    uint64_t pattern = UINT64_C(0x0101010101010101) * (unsigned char)separator;
    size_t count = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        for (uint64_t found = matches_in(word, pattern); found; found &= found - 1) {
            const char *stop = at + (__builtin_ctzll(found) >> 3);
            put(ret_fields, count++, most, start, stop);
            start = stop + 1;
        }
    }
#endif
    for (; at < end; at++) {
        if (*at != separator) continue;
        put(ret_fields, count++, most, start, at);
        start = at + 1;
    }
    put(ret_fields, count++, most, start, end);
    return count;
}

size_t eki_fields_csv(const char *line, size_t length, char separator, struct eki_field *ret_fields,
                      size_t most)
{
    const char *at = line, *end = line + length;
    size_t count = 0;
    for (bool more = true; more;) {
        struct eki_field field = {at, 0, EKI_FIELD_TEXT, false};
        if (at < end && *at == '"') {
            field.at = ++at;
            while (at < end && (*at != '"' || (end - at > 1 && at[1] == '"'))) {
                field.escaped |= *at == '"';
                at += *at == '"' ? 2 : 1;
            }
            field.length = (uint32_t)(at - field.at);
            while (at < end && *at != separator) at++;
        } else {
            while (at < end && *at != separator) at++;
            field.length = (uint32_t)(at - field.at);
        }
        more = at < end;
        at += more;
        if (count < most) ret_fields[count] = field;
        count++;
    }
    return count;
}
