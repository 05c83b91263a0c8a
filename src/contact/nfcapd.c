/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks and records of nfcapd files (see nfcapd.h). */
#include "contact/nfcapd.h"
#include "contact/lacks.h"

#include "base/memory.h"

#define LACKS EKI_LACKS_SIZES "; " EKI_LACKS_FLAGS

enum {
    HEADER_1 = 276, /* with the totals of the file */
    HEADER_2 = 40,
    BLOCK_HEADER = 12,
    RECORD_HEADER = 4,
    FLAG_LZO_1 = 1,
    FLAG_BZ2_1 = 8,
    FLAG_LZ4_1 = 16,
    RECORDS_1 = 2, /* kinds of blocks that hold flows */
    RECORDS_1_LARGE = 3,
    RECORDS_2 = 3,
    BLOCK_UNPACKED = 1
};

enum phase { PHASE_HEADER = 0, PHASE_BLOCK, PHASE_RECORDS, PHASE_PACKED, PHASE_SKIP, PHASE_REST };

struct nfcapd {
    struct eki_halves halves;
    struct eki_nfcapd_map maps[EKI_NFCAPD_MAPS];
    struct eki_nfcapd_bytes packed, plain;
    struct eki_half group[EKI_HALVES_GROUP]; /* read, and not given on yet: never beyond a window */
    size_t grouped;
    uint64_t appendix; /* where layout 2 ends its blocks; 0: at the end of the file */
    uint64_t blocks, blocks_told;
    size_t block_left; /* bytes of the block still in the input */
    uint16_t version;
    uint8_t packing; /* enum eki_nfcapd_packing */
    uint8_t phase;
    bool sampled;
};

static bool fits(const char *head, size_t length)
{
    struct eki_cursor c = eki_cursor_over(head, length);
    uint16_t magic = eki_cursor_be16(&c), version = eki_cursor_le16(&c);
    if (c.failed) return false;
    /* Of a big-endian machine, too: it is told from others to be refused with its reason. */
    return (magic == 0x0ca5 && version && version <= 9) || (magic == 0xa50c && !(version & 255) && version);
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct nfcapd *n = r->state;
    return eki_halves_init(&n->halves, (uint64_t)(uintptr_t)n * 0x9e3779b97f4a7c15u);
}

static void read_header_1(struct nfcapd *n, struct eki_cursor *c)
{
    uint32_t flags = eki_cursor_le32(c);
    n->blocks_told = eki_cursor_le32(c);
    if (flags & FLAG_LZO_1) n->packing = EKI_NFCAPD_LZO;
    if (flags & FLAG_BZ2_1) n->packing = EKI_NFCAPD_BZ2;
    if (flags & FLAG_LZ4_1) n->packing = EKI_NFCAPD_LZ4;
}

static void read_header_2(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor *c)
{
    eki_cursor_skip(c, 12); /* version of nfdump, when made */
    n->packing = eki_cursor_u8(c);
    bool encrypted = eki_cursor_u8(c);
    eki_cursor_skip(c, 6);
    n->appendix = eki_cursor_le64(c);
    eki_cursor_le32(c);
    n->blocks_told = eki_cursor_le32(c);
    if (encrypted) eki_log_fail(r, EKI_ERROR_UNSUPPORTED, 0, "the file is encrypted");
    if (n->packing > EKI_NFCAPD_ZSTD)
        eki_log_fail(r, EKI_ERROR_UNSUPPORTED, 0,
                     "a packing that is not known: nfdump -r FILE -w OTHER writes it plain");
}

static size_t take_header(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor c)
{
    size_t whole = c.left;
    uint16_t magic = eki_cursor_be16(&c);
    n->version = eki_cursor_le16(&c);
    if (c.failed) return 0;
    if (magic != 0x0ca5 || !n->version || n->version > 2) {
        const char *why = magic == 0xa50c ? "written on a big-endian machine: read it there by nfdump -o csv"
                          : magic == 0x0ca5 ? "a layout that is neither 1 nor 2"
                                            : "no file of nfcapd";
        eki_log_fail(r, magic == 0x0ca5 || magic == 0xa50c ? EKI_ERROR_UNSUPPORTED : EKI_ERROR_CORRUPT, 0,
                     why);
        return whole;
    }
    size_t header = n->version == 1 ? HEADER_1 : HEADER_2;
    if (whole < header) return 0;
    if (n->version == 1)
        read_header_1(n, &c);
    else
        read_header_2(r, n, &c);
    n->phase = PHASE_BLOCK;
    return header;
}

static size_t take_block_header(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor c,
                                uint64_t offset)
{
    if (n->appendix && offset >= n->appendix) {
        n->phase = PHASE_REST;
        return c.left;
    }
    eki_cursor_le32(&c); /* how many records */
    uint32_t size = eki_cursor_le32(&c);
    uint16_t kind = eki_cursor_le16(&c), flags = eki_cursor_le16(&c);
    if (c.failed) return 0;
    bool flows = n->version == 2 ? kind == RECORDS_2 : kind == RECORDS_1 || kind == RECORDS_1_LARGE;
    bool packed = n->packing != EKI_NFCAPD_PLAIN && !(flags & BLOCK_UNPACKED);
    n->blocks++;
    n->block_left = size;
    n->phase = !flows ? PHASE_SKIP : packed ? PHASE_PACKED : PHASE_RECORDS;
    if (n->phase == PHASE_PACKED && size > EKI_NFCAPD_BLOCK) {
        eki_log_reject(r, (size_t)(offset - r->offset), "a packed block of more than 16 MiB");
        n->phase = PHASE_SKIP;
    }
    n->packed.used = 0;
    return BLOCK_HEADER;
}

static void give_group(struct eki_log_reading *r, struct nfcapd *n)
{
    eki_halves_take(&n->halves, r, n->group, n->grouped);
    n->grouped = 0;
}

static void take_record(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor c, size_t at)
{
    struct eki_half *half = &n->group[n->grouped];
    bool sampled = false;
    enum eki_nfcapd_found found =
        n->version == 1 ? eki_nfcapd_record_1(c, n->maps, half) : eki_nfcapd_record_2(c, half, &sampled);
    r->record++;
    if (found == EKI_NFCAPD_BROKEN) eki_log_reject(r, at, "a field is longer than its record");
    if (found != EKI_NFCAPD_FLOW) return;
    n->sampled = n->sampled || sampled;
    if (!half->packets) half->packets = 1;
    half->record = r->record;
    if (++n->grouped == EKI_HALVES_GROUP) give_group(r, n);
}

/* Whole records; returns how many bytes they took. *ret_broken: what follows in the block is none. */
static size_t take_records(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor c, size_t at,
                           bool *ret_broken)
{
    size_t whole = c.left;
    while (c.left >= RECORD_HEADER && !r->error) {
        struct eki_cursor look = c;
        eki_cursor_le16(&look);
        size_t size = eki_cursor_le16(&look);
        *ret_broken = size < RECORD_HEADER || size > n->block_left - (whole - c.left);
        if (*ret_broken) {
            eki_log_reject(r, at + whole - c.left,
                           size < RECORD_HEADER ? "a record shorter than its header"
                                                : "a record longer than its block");
            break;
        }
        if (size > c.left) break;
        take_record(r, n, eki_cursor_part(&c, size), at + whole - c.left);
    }
    give_group(r, n);
    return whole - c.left;
}

static size_t take_plain(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor c, size_t at)
{
    bool broken = false;
    eki_cursor_limit(&c, n->block_left);
    size_t used = take_records(r, n, c, at, &broken);
    n->block_left -= used;
    /* Fewer bytes than a record's header are padding. */
    if (broken || n->block_left < RECORD_HEADER) n->phase = PHASE_SKIP;
    return used;
}

static bool grow(struct eki_nfcapd_bytes *b, size_t wanted)
{
    if (b->capacity >= wanted) return true;
    uint8_t *at = eki_reallocate(b->at, b->capacity, wanted, 1);
    if (!at) return false;
    b->at = at;
    b->capacity = wanted;
    return true;
}

/* Unpacked into ever larger room: what a block claims to hold is told nowhere. */
static bool unpack(struct eki_log_reading *r, struct nfcapd *n)
{
    enum { FIRST_ROOM = EKI_NFCAPD_BLOCK / 8 };
    for (size_t room = FIRST_ROOM; room <= EKI_NFCAPD_BLOCK; room *= 8) {
        if (!grow(&n->plain, room)) {
            eki_log_fail(r, EKI_ERROR_MEMORY, 0, "a packed block");
            return false;
        }
        struct eki_cursor packed = eki_cursor_over(n->packed.at, n->packed.used);
        if (eki_nfcapd_unpack((enum eki_nfcapd_packing)n->packing, packed, &n->plain)) return true;
    }
    return false;
}

static size_t take_packed(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor c, size_t at)
{
    eki_cursor_limit(&c, n->block_left);
    size_t part = c.left;
    size_t wanted = n->packed.used + part > n->packed.capacity ? n->packed.used + n->block_left : 0;
    if (!grow(&n->packed, wanted)) {
        eki_log_fail(r, EKI_ERROR_MEMORY, at, "a packed block");
        return part;
    }
    if (part) memcpy(n->packed.at + n->packed.used, c.at, part);
    n->packed.used += part;
    n->block_left -= part;
    if (n->block_left) return part;
    n->phase = PHASE_BLOCK;
    if (!unpack(r, n)) {
        eki_log_reject(r, at, "a packed block is damaged, or larger than 16 MiB");
        return part;
    }
    bool broken = false;
    n->block_left = n->plain.used;
    take_records(r, n, eki_cursor_over(n->plain.at, n->plain.used), at, &broken);
    n->block_left = 0;
    return part;
}

static size_t step(struct eki_log_reading *r, struct nfcapd *n, struct eki_cursor c, size_t at)
{
    switch ((enum phase)n->phase) {
    case PHASE_HEADER: return take_header(r, n, c);
    case PHASE_BLOCK: return take_block_header(r, n, c, r->offset + at);
    case PHASE_RECORDS: return take_plain(r, n, c, at);
    case PHASE_PACKED: return take_packed(r, n, c, at);
    case PHASE_SKIP:
        eki_cursor_limit(&c, n->block_left);
        n->block_left -= c.left;
        if (!n->block_left) n->phase = PHASE_BLOCK;
        return c.left;
    case PHASE_REST:
    default: return c.left;
    }
}

static size_t take(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended)
{
    struct nfcapd *n = r->state;
    struct eki_cursor c = eki_cursor_over(bytes, length);
    (void)ended;
    while (c.left && !r->error) {
        uint8_t phase = n->phase;
        size_t used = step(r, n, c, length - c.left);
        if (!used && phase == n->phase) break;
        eki_cursor_skip(&c, used);
    }
    return length - c.left;
}

static void end(struct eki_log_reading *r)
{
    struct nfcapd *n = r->state;
    bool between = n->phase == PHASE_REST || (n->phase == PHASE_BLOCK && !n->appendix) ||
                   (n->phase == PHASE_SKIP && !n->block_left);
    if (!between || n->blocks < n->blocks_told) {
        r->input.truncated = true;
        eki_log_fail(r, EKI_ERROR_TRUNCATED, 0, "ends before the blocks that its header tells");
    }
    if (n->sampled) r->input.lacks = LACKS "; " EKI_LACKS_UNSAMPLED;
    eki_halves_finish(&n->halves, r);
}

static void stop(struct eki_log_reading *r)
{
    struct nfcapd *n = r->state;
    if (!n) return;
    eki_free(n->packed.at);
    eki_free(n->plain.at);
    eki_halves_done(&n->halves);
}

const struct eki_log_format eki_log_nfcapd = {
    .kind = {.name = "nfcapd", .what = "files of nfcapd and nfdump, layouts 1 and 2", .lacks = LACKS},
    .fits = fits,
    .state_size = sizeof(struct nfcapd),
    .start = start,
    .take = take,
    .end = end,
    .stop = stop};
