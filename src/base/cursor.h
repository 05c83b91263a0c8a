/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_CURSOR_H
#define EKI_BASE_CURSOR_H
/*
 * The bounds-checked cursor: the only way this library reads bytes that a stranger wrote.
 *
 * Reading past the end sets `failed`, gives zero, and leaves the position where it was; every later read
 * fails too. So a decoder reads a whole header in a row and asks once at the end:
 *
 *     struct eki_cursor c = eki_cursor_over(bytes, length);
 *     uint16_t length = eki_cursor_be16(&c);
 *     eki_cursor_skip(&c, 2);
 *     if (c.failed) return EKI_ERROR_TRUNCATED;
 *
 * Where speed matters, eki_cursor_take() checks a whole fixed header once and eki_load_*() read it at
 * constant offsets.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct eki_cursor {
    const uint8_t *at;
    size_t left;
    bool failed;
};

static inline struct eki_cursor eki_cursor_over(const void *bytes, size_t length)
{
    return (struct eki_cursor){bytes, bytes ? length : 0, false};
}

/* The next `n` bytes, passed over; NULL (and failed) when there are fewer. */
static inline const uint8_t *eki_cursor_take(struct eki_cursor *c, size_t n)
{
    if (c->failed || c->left < n) {
        c->failed = true;
        return NULL;
    }
    const uint8_t *p = c->at;
    c->at += n;
    c->left -= n;
    return p;
}

static inline void eki_cursor_skip(struct eki_cursor *c, size_t n)
{
    (void)eki_cursor_take(c, n);
}

/* Keeps at most `n` further bytes: for a record that announces its own length. */
static inline void eki_cursor_limit(struct eki_cursor *c, size_t n)
{
    if (n < c->left) c->left = n;
}

/* A cursor over the next `n` bytes, which are passed over here; a failed one when there are fewer. */
static inline struct eki_cursor eki_cursor_part(struct eki_cursor *c, size_t n)
{
    const uint8_t *p = eki_cursor_take(c, n);
    return (struct eki_cursor){p, p ? n : 0, p == NULL};
}

/* Loads from a header that eki_cursor_take() has already checked. */
static inline uint16_t eki_load_be16(const uint8_t *p, size_t at)
{
    uint16_t v;
    memcpy(&v, p + at, sizeof v);
    return __builtin_bswap16(v);
}
static inline uint32_t eki_load_be32(const uint8_t *p, size_t at)
{
    uint32_t v;
    memcpy(&v, p + at, sizeof v);
    return __builtin_bswap32(v);
}
static inline uint64_t eki_load_be64(const uint8_t *p, size_t at)
{
    uint64_t v;
    memcpy(&v, p + at, sizeof v);
    return __builtin_bswap64(v);
}
static inline uint16_t eki_load_le16(const uint8_t *p, size_t at)
{
    uint16_t v;
    memcpy(&v, p + at, sizeof v);
    return v;
}
static inline uint32_t eki_load_le32(const uint8_t *p, size_t at)
{
    uint32_t v;
    memcpy(&v, p + at, sizeof v);
    return v;
}
static inline uint64_t eki_load_le64(const uint8_t *p, size_t at)
{
    uint64_t v;
    memcpy(&v, p + at, sizeof v);
    return v;
}

static inline uint8_t eki_cursor_u8(struct eki_cursor *c)
{
    const uint8_t *p = eki_cursor_take(c, 1);
    return p ? p[0] : 0;
}
static inline uint16_t eki_cursor_be16(struct eki_cursor *c)
{
    const uint8_t *p = eki_cursor_take(c, 2);
    return p ? eki_load_be16(p, 0) : 0;
}
static inline uint32_t eki_cursor_be32(struct eki_cursor *c)
{
    const uint8_t *p = eki_cursor_take(c, 4);
    return p ? eki_load_be32(p, 0) : 0;
}
static inline uint64_t eki_cursor_be64(struct eki_cursor *c)
{
    const uint8_t *p = eki_cursor_take(c, 8);
    return p ? eki_load_be64(p, 0) : 0;
}
static inline uint16_t eki_cursor_le16(struct eki_cursor *c)
{
    const uint8_t *p = eki_cursor_take(c, 2);
    return p ? eki_load_le16(p, 0) : 0;
}
static inline uint32_t eki_cursor_le32(struct eki_cursor *c)
{
    const uint8_t *p = eki_cursor_take(c, 4);
    return p ? eki_load_le32(p, 0) : 0;
}
static inline uint64_t eki_cursor_le64(struct eki_cursor *c)
{
    const uint8_t *p = eki_cursor_take(c, 8);
    return p ? eki_load_le64(p, 0) : 0;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the loads above assume a little-endian machine");

#endif
