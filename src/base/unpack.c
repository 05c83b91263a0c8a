/* SPDX-License-Identifier: Apache-2.0 */
/* Packed bytes come in by eki_source_raw(), unpacked ones go to the source's window (see unpack.h). */
#include "base/unpack.h"

#define ZLIB_CONST /* zlib promises not to write to its input */
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/memory.h"

/* The first look at a slow pipe may take up to five bytes before a whole chunk. */
enum { EKI_UNPACK_INPUT = EKI_SOURCE_CHUNK + 8, XZ_MEMORY = 128 << 20 };

struct eki_unpack {
    uint8_t *input; /* EKI_UNPACK_INPUT packed bytes */
    const uint8_t *at;
    size_t left;
    bool between; /* a member or frame has just ended: ending here is clean */
    bool gzip_ready;
    z_stream gzip;
    ZSTD_DStream *zstd;
    lzma_stream xz;
};

enum eki_packing eki_unpack_detect(const uint8_t *bytes, size_t length)
{
    static const uint8_t gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd},
                         xz[] = {0xfd, '7', 'z', 'X', 'Z', 0};
    if (length >= sizeof gzip && memcmp(bytes, gzip, sizeof gzip) == 0) return EKI_PACKING_GZIP;
    if (length >= sizeof zstd && memcmp(bytes, zstd, sizeof zstd) == 0) return EKI_PACKING_ZSTD;
    if (length >= sizeof xz && memcmp(bytes, xz, sizeof xz) == 0) return EKI_PACKING_XZ;
    return EKI_PACKING_NONE;
}

static void *gzip_allocate(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return eki_allocate(count, size);
}

static void gzip_free(void *unused, void *block)
{
    (void)unused;
    eki_free(block);
}

enum eki_error eki_unpack_open(struct eki_source *source, const uint8_t *first, size_t length)
{
    struct eki_unpack *unpack = source->unpack = eki_allocate(1, sizeof *unpack);
    if (!unpack) return EKI_ERROR_MEMORY;
    unpack->input = eki_allocate(EKI_UNPACK_INPUT, 1);
    if (!unpack->input || length > EKI_UNPACK_INPUT) return EKI_ERROR_MEMORY;
    memcpy(unpack->input, first, length);
    unpack->at = unpack->input;
    unpack->left = length;
    if (source->packing == EKI_PACKING_ZSTD) {
        unpack->zstd = ZSTD_createDStream();
        return unpack->zstd ? EKI_OK : EKI_ERROR_MEMORY;
    }
    if (source->packing == EKI_PACKING_XZ)
        return lzma_stream_decoder(&unpack->xz, XZ_MEMORY, 0) == LZMA_OK ? EKI_OK : EKI_ERROR_MEMORY;
    unpack->gzip.zalloc = gzip_allocate;
    unpack->gzip.zfree = gzip_free;
    /* 15: the largest window; 16: a gzip wrapper only. */
    if (inflateInit2(&unpack->gzip, 15 + 16) != Z_OK) return EKI_ERROR_MEMORY;
    unpack->gzip_ready = true;
    return EKI_OK;
}

static void stop(struct eki_source *source, enum eki_error error, const char *what)
{
    source->ended = true;
    source->error = eki_fault_set(&source->fault, error, source->offset + source->left, "%s", what);
}

static size_t step_gzip(struct eki_source *source, uint8_t *ret_bytes, size_t room)
{
    struct eki_unpack *unpack = source->unpack;
    if (unpack->between && unpack->left > 0) {
        /* RFC 1952, 2.2: members follow each other. Zeros between and behind them are padding, as gzip itself
         * treats them; anything else was once meant to be something, and is told. */
        while (unpack->left > 0 && unpack->at[0] == 0) unpack->at++, unpack->left--;
        if (unpack->left == 0) return 0;
        if (unpack->at[0] != 0x1f) {
            stop(source, EKI_ERROR_CORRUPT, "what follows the gzip data is no gzip data");
            return 0;
        }
        inflateReset(&unpack->gzip);
        unpack->between = false;
    }
    unpack->gzip.next_in = unpack->at;
    unpack->gzip.avail_in = (unsigned)unpack->left;
    unpack->gzip.next_out = ret_bytes;
    unpack->gzip.avail_out = (unsigned)room;
    int status = unpack->between ? Z_OK : inflate(&unpack->gzip, Z_NO_FLUSH);
    unpack->at = unpack->gzip.next_in;
    unpack->left = unpack->gzip.avail_in;
    if (status == Z_STREAM_END)
        unpack->between = true;
    else if (status == Z_MEM_ERROR)
        stop(source, EKI_ERROR_MEMORY, "gzip");
    else if (status != Z_OK && status != Z_BUF_ERROR)
        stop(source, EKI_ERROR_CORRUPT, "gzip data or its checksum is damaged");
    return room - unpack->gzip.avail_out;
}

static size_t step_zstd(struct eki_source *source, uint8_t *ret_bytes, size_t room)
{
    struct eki_unpack *unpack = source->unpack;
    if (unpack->between && unpack->left == 0) return 0;
    ZSTD_inBuffer in = {unpack->at, unpack->left, 0};
    ZSTD_outBuffer out = {ret_bytes, room, 0};
    size_t status = ZSTD_decompressStream(unpack->zstd, &out, &in);
    unpack->at += in.pos;
    unpack->left -= in.pos;
    unpack->between = status == 0;
    if (ZSTD_isError(status))
        stop(source, EKI_ERROR_CORRUPT, "zstd data is damaged or wants a window above 128 MiB");
    return out.pos;
}

/* Behind a stream may follow zeros in fours, and another stream. */
static bool next_xz_stream(struct eki_source *source)
{
    struct eki_unpack *unpack = source->unpack;
    while (unpack->left > 0 && unpack->at[0] == 0) unpack->at++, unpack->left--;
    if (unpack->left == 0) return false;
    if (lzma_stream_decoder(&unpack->xz, XZ_MEMORY, 0) == LZMA_OK) {
        unpack->between = false;
        return true;
    }
    stop(source, EKI_ERROR_MEMORY, "xz");
    return false;
}

static size_t step_xz(struct eki_source *source, uint8_t *ret_bytes, size_t room)
{
    struct eki_unpack *unpack = source->unpack;
    if (unpack->between && !next_xz_stream(source)) return 0;
    unpack->xz.next_in = unpack->at;
    unpack->xz.avail_in = unpack->left;
    unpack->xz.next_out = ret_bytes;
    unpack->xz.avail_out = room;
    lzma_ret status = lzma_code(&unpack->xz, LZMA_RUN);
    unpack->at = unpack->xz.next_in;
    unpack->left = unpack->xz.avail_in;
    unpack->between = status == LZMA_STREAM_END;
    if (status == LZMA_MEMLIMIT_ERROR || status == LZMA_MEM_ERROR)
        stop(source, EKI_ERROR_MEMORY, "xz wants more than 128 MiB");
    else if (status != LZMA_OK && status != LZMA_STREAM_END && status != LZMA_BUF_ERROR)
        stop(source, EKI_ERROR_CORRUPT, "xz data or its checksum is damaged");
    return room - unpack->xz.avail_out;
}

/* One step of the packing's own decoder. */
static size_t step(struct eki_source *source, uint8_t *ret_bytes, size_t room)
{
    switch (source->packing) {
    case EKI_PACKING_GZIP: return step_gzip(source, ret_bytes, room);
    case EKI_PACKING_XZ: return step_xz(source, ret_bytes, room);
    default: return step_zstd(source, ret_bytes, room);
    }
}

static const char *ends_early(enum eki_packing packing)
{
    static const char *const texts[EKI_PACKING_COUNT] = {[EKI_PACKING_NONE] = "data ends early",
                                                         [EKI_PACKING_GZIP] = "gzip data ends early",
                                                         [EKI_PACKING_ZSTD] = "zstd data ends early",
                                                         [EKI_PACKING_XZ] = "xz data ends early"};
    return texts[packing];
}

size_t eki_unpack_read(struct eki_source *source, uint8_t *ret_bytes, size_t room)
{
    struct eki_unpack *unpack = source->unpack;
    while (!source->ended) {
        size_t got = step(source, ret_bytes, room);
        /* An error found behind good bytes is noted behind them. */
        if (source->error) source->fault.offset += got;
        if (got > 0) return got;
        if (source->ended || unpack->left > 0) continue;
        unpack->at = unpack->input;
        unpack->left = eki_source_raw(source, unpack->input, EKI_SOURCE_CHUNK);
        if (unpack->left > 0 || source->ended) continue;
        if (unpack->between)
            source->ended = true;
        else
            stop(source, EKI_ERROR_TRUNCATED, ends_early(source->packing));
    }
    return 0;
}

void eki_unpack_close(struct eki_unpack *unpack)
{
    if (!unpack) return;
    if (unpack->gzip_ready) inflateEnd(&unpack->gzip);
    ZSTD_freeDStream(unpack->zstd);
    lzma_end(&unpack->xz);
    eki_free(unpack->input);
    eki_free(unpack);
}
