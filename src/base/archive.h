/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_ARCHIVE_H
#define EKI_BASE_ARCHIVE_H
/*
 * The archive: a state as bytes and back, by one function for both directions, so that the two cannot
 * disagree.
 *
 *     static void archive_point(struct eki_archive *a, struct point *p)
 *     {
 *         eki_archive_u32(a, &p->x);
 *         eki_archive_u32(a, &p->y);
 *         if (p->x > LIMIT) eki_archive_refuse(a);      what is read is checked like any stranger's bytes
 *     }
 *
 * Writing appends to memory; reading goes through the bounds-checked cursor. After the first error nothing
 * more is read and values come as zero; ask `error` at the end, and before anything is done that trusts a
 * value. Numbers are little endian, fields stand one behind the other, without types or names: the schema
 * number of the whole file (analysis/checkpoint.c) tells what they are.
 */
#include "base/cursor.h"
#include "base/index.h"
#include "ekigaku/address.h"
#include "ekigaku/error.h"
#include "ekigaku/time.h"

struct eki_archive {
    bool writing;
    enum eki_error error;
    uint8_t *bytes; /* writing: owned until eki_archive_done */
    size_t length, capacity;
    size_t most;              /* writing: more than so many bytes are EKI_ERROR_LIMIT; 0: as many as needed */
    struct eki_cursor cursor; /* reading */
};

/* Makes room for `n` bytes behind the end and counts them in; NULL without memory or beyond the
 * most that is wanted (then `error` is set). */
uint8_t *eki_archive_room(struct eki_archive *archive, size_t n);

/* Reading: what was read cannot be. */
static inline void eki_archive_refuse(struct eki_archive *a)
{
    if (!a->error) a->error = EKI_ERROR_CORRUPT;
}

/* The next `n` bytes of the object at `p`, written out or filled. */
static inline void eki_archive_bytes(struct eki_archive *a, void *p, size_t n)
{
    if (a->writing) {
        uint8_t *to = eki_archive_room(a, n);
        if (to && n) memcpy(to, p, n);
        return;
    }
    const uint8_t *from = a->error ? NULL : eki_cursor_take(&a->cursor, n);
    if (from && n)
        memcpy(p, from, n);
    else if (n)
        memset(p, 0, n);
    if (!from) eki_archive_refuse(a);
}

/* The same of `n` bytes (a multiple of 8) of which most are zero: runs of zero words are only counted. */
void eki_archive_sparse(struct eki_archive *archive, void *p, size_t n);

static inline void eki_archive_u8(struct eki_archive *a, uint8_t *value)
{
    eki_archive_bytes(a, value, sizeof *value);
}
static inline void eki_archive_u16(struct eki_archive *a, uint16_t *value)
{
    eki_archive_bytes(a, value, sizeof *value);
}
static inline void eki_archive_u32(struct eki_archive *a, uint32_t *value)
{
    eki_archive_bytes(a, value, sizeof *value);
}
static inline void eki_archive_u64(struct eki_archive *a, uint64_t *value)
{
    eki_archive_bytes(a, value, sizeof *value);
}
static inline void eki_archive_i64(struct eki_archive *a, int64_t *value)
{
    eki_archive_bytes(a, value, sizeof *value);
}
static inline void eki_archive_address(struct eki_archive *a, struct eki_address *address)
{
    eki_archive_u64(a, &address->hi);
    eki_archive_u64(a, &address->lo);
}

/* Neither 0 nor 1 is refused. */
void eki_archive_bool(struct eki_archive *archive, bool *value);
/* A number that is none, or infinite, is refused. */
void eki_archive_float(struct eki_archive *archive, float *value);
/* EKI_TIME_NONE, or within what captures may have. */
void eki_archive_time(struct eki_archive *archive, eki_time *time);
/* A difference of two such times. */
void eki_archive_span(struct eki_archive *archive, eki_time *span);
/* A number of at most `most`. */
void eki_archive_u8_up_to(struct eki_archive *archive, uint8_t *value, uint8_t most);
void eki_archive_u32_up_to(struct eki_archive *archive, uint32_t *value, uint32_t most);
/* A number of objects that follow: at most `most`, and each of at least `least_bytes` bytes, so that a short
 * file cannot ask for much memory. */
void eki_archive_count(struct eki_archive *archive, uint32_t *count, uint32_t most, size_t least_bytes);
void eki_archive_size(struct eki_archive *archive, size_t *count, size_t most, size_t least_bytes);
/* A text that was written as a string into `ret_text` of `room` bytes with its NUL; longer ones are refused.
 */
void eki_archive_text(struct eki_archive *archive, const char *text, char *ret_text, size_t room);
/* An index of positions below `positions`, slot by slot: so equal keys keep their order. Reading replaces the
 * index, which is to be an initialised one. */
void eki_archive_index(struct eki_archive *archive, struct eki_index *index, uint32_t positions);

/* Frees what was written. A zeroed archive is allowed. */
void eki_archive_done(struct eki_archive *archive);

#endif
