/* SPDX-License-Identifier: Apache-2.0 */
/* Packed blocks. LZO's library is under the GPL, so its format is decoded here, after the description in the
 * Linux kernel's Documentation/staging/lzo.rst; so is LZ4's (lz4_Block_format.md), which is as short. */
#include <bzlib.h>
#include <zstd.h>

#include "contact/nfcapd.h"

enum { LZ4_LEAST = 4, LZ4_MORE = 15, LZO_STOP = 16384, LZO_RUN = 4 };

static bool put_literals(struct eki_nfcapd_bytes *out, struct eki_cursor *c, size_t n)
{
    const uint8_t *from = n <= out->capacity - out->used ? eki_cursor_take(c, n) : NULL;
    if (!from) return n == 0;
    memcpy(out->at + out->used, from, n);
    out->used += n;
    return true;
}

/* Repeats what was made `distance` bytes ago; it may overlap itself. */
static bool put_match(struct eki_nfcapd_bytes *out, size_t distance, size_t n)
{
    if (!distance || distance > out->used || n > out->capacity - out->used) return false;
    for (size_t i = 0; i < n; i++, out->used++) out->at[out->used] = out->at[out->used - distance];
    return true;
}

/* A length that goes on in further bytes as long as they are `more`. */
static size_t longer(struct eki_cursor *c, size_t length, uint8_t more)
{
    uint8_t next;
    do {
        next = eki_cursor_u8(c);
        length += next;
    } while (next == more && !c->failed);
    return length;
}

bool eki_nfcapd_unpack_lz4(struct eki_cursor c, struct eki_nfcapd_bytes *out)
{
    out->used = 0;
    while (c.left) {
        unsigned token = eki_cursor_u8(&c);
        size_t literals = token >> 4, match = token & 15;
        if (literals == LZ4_MORE) literals = longer(&c, literals, 255);
        if (c.failed || !put_literals(out, &c, literals)) return false;
        if (!c.left) return true; /* the last sequence has no match */
        size_t distance = eki_cursor_le16(&c);
        if (match == LZ4_MORE) match = longer(&c, match, 255);
        if (c.failed || !put_match(out, distance, match + LZ4_LEAST)) return false;
    }
    return false;
}

/* LZO's lengths go on with zero bytes that stand for 255 each. */
static size_t lzo_length(struct eki_cursor *c, unsigned bits, unsigned most)
{
    size_t length = bits;
    if (bits) return length;
    uint8_t next = eki_cursor_u8(c);
    for (length = most; !next && !c->failed; next = eki_cursor_u8(c)) length += 255;
    return length + next;
}

/* One match instruction: how far, how long, how many literals follow. */
struct lzo_match {
    size_t distance, length;
    unsigned literals;
    bool stop;
};

static struct lzo_match lzo_far(struct eki_cursor *c, unsigned t)
{
    struct lzo_match m = {.length = lzo_length(c, t & 7, 7) + 2};
    unsigned d = eki_cursor_le16(c);
    m.distance = LZO_STOP + ((size_t)(t & 8) << 11) + (d >> 2);
    m.literals = d & 3;
    m.stop = m.distance == LZO_STOP;
    return m;
}

static struct lzo_match lzo_match_of(struct eki_cursor *c, unsigned t, unsigned state)
{
    struct lzo_match m = {.literals = t & 3};
    if (t >= 64) {
        m.length = (t >> 5) + 1;
        m.distance = ((size_t)eki_cursor_u8(c) << 3) + (t >> 2 & 7) + 1;
    } else if (t >= 32) {
        m.length = lzo_length(c, t & 31, 31) + 2;
        unsigned d = eki_cursor_le16(c);
        m.distance = (d >> 2) + 1;
        m.literals = d & 3;
    } else if (t >= 16) {
        m = lzo_far(c, t);
    } else {
        bool after_run = state == LZO_RUN;
        m.length = after_run ? 3 : 2;
        m.distance = ((size_t)eki_cursor_u8(c) << 2) + (t >> 2) + (after_run ? 2049 : 1);
    }
    return m;
}

bool eki_nfcapd_unpack_lzo(struct eki_cursor c, struct eki_nfcapd_bytes *out)
{
    unsigned state = 0; /* literals before: 0 to 3, or a run of them */
    out->used = 0;
    struct eki_cursor first = c;
    unsigned begin = eki_cursor_u8(&first);
    if (begin > 17) {
        c = first;
        if (!put_literals(out, &c, begin - 17)) return false;
        state = begin - 17 < LZO_RUN ? begin - 17 : LZO_RUN;
    }
    while (!c.failed) {
        unsigned t = eki_cursor_u8(&c);
        if (t < 16 && !state) {
            if (!put_literals(out, &c, lzo_length(&c, t, 15) + 3)) return false;
            state = LZO_RUN;
            continue;
        }
        struct lzo_match m = lzo_match_of(&c, t, state);
        if (c.failed) return false;
        if (m.stop) return true;
        if (!put_match(out, m.distance, m.length) || !put_literals(out, &c, m.literals)) return false;
        state = m.literals;
    }
    return false;
}

static bool unpack_bz2(struct eki_cursor c, struct eki_nfcapd_bytes *out)
{
    unsigned made = (unsigned)out->capacity;
    /* The library takes its input as char * but does not write there. */
    union {
        const uint8_t *kept;
        char *given;
    } in = {.kept = c.at};
    if (BZ2_bzBuffToBuffDecompress((char *)out->at, &made, in.given, (unsigned)c.left, 0, 0) != BZ_OK)
        return false;
    out->used = made;
    return true;
}

static bool unpack_zstd(struct eki_cursor c, struct eki_nfcapd_bytes *out)
{
    size_t made = ZSTD_decompress(out->at, out->capacity, c.at, c.left);
    if (ZSTD_isError(made)) return false;
    out->used = made;
    return true;
}

bool eki_nfcapd_unpack(enum eki_nfcapd_packing packing, struct eki_cursor packed,
                       struct eki_nfcapd_bytes *ret_bytes)
{
    switch (packing) {
    case EKI_NFCAPD_LZO: return eki_nfcapd_unpack_lzo(packed, ret_bytes);
    case EKI_NFCAPD_LZ4: return eki_nfcapd_unpack_lz4(packed, ret_bytes);
    case EKI_NFCAPD_BZ2: return unpack_bz2(packed, ret_bytes);
    case EKI_NFCAPD_ZSTD: return unpack_zstd(packed, ret_bytes);
    case EKI_NFCAPD_PLAIN:
    default: return false;
    }
}
