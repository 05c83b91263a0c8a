/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_SOURCE_H
#define EKI_BASE_SOURCE_H
/*
 * Where the bytes of an input come from: a file, a pipe, standard input or memory, each plain or packed by
 * gzip, zstd or xz.
 *
 * Journey: large read()s land in `buffer` (or in the unpacker's input, which then writes to `buffer`);
 * readers look at the window `at`/`left`, pass over whole records, and when a record does not fit the window
 * ask for eki_source_fill(), which moves the rest to just before `front` and reads on from there. So a window
 * pointer is valid until the next fill. Reading beats mapping the file here: page faults cost more than the
 * copy out of the page cache.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/error.h"

enum {
    /* One read(): large enough to hide the call, small enough to stay in the L2 cache. */
    EKI_SOURCE_CHUNK = 256 * 1024,
    /* The longest record a reader may ask for at once: a frame of EKI_FRAME_LIMIT, its header and options. */
    EKI_SOURCE_RECORD = 1024 * 1024 + 64 * 1024,
    /* Reads land on a page boundary: copying to odd addresses was up to six times slower when measured. */
    EKI_SOURCE_ALIGN = 4096
};

enum eki_packing {
    EKI_PACKING_NONE = 0,
    EKI_PACKING_GZIP,
    EKI_PACKING_ZSTD,
    EKI_PACKING_XZ,
    EKI_PACKING_COUNT
};

struct eki_unpack;

struct eki_source {
    const uint8_t *at; /* the window: bytes not yet passed over */
    size_t left;
    uint64_t offset;      /* of `at`, in unpacked bytes from the start of the input */
    uint64_t skip;        /* bytes still to be dropped before the window, by the next fill */
    bool ended;           /* nothing will come behind the window */
    bool grows;           /* a plain file that somebody still writes: its end is only that for now */
    enum eki_error error; /* why it ended, EKI_OK at a clean end */
    struct eki_fault fault;
    enum eki_packing packing;

    int file;                 /* -1 when the bytes are in memory */
    const volatile int *stop; /* looked at while a pipe has nothing to read; may be NULL */
    bool close_file;
    const uint8_t *memory;
    size_t memory_left;
    uint64_t raw_done, raw_size; /* as stored, for progress; size 0 when not a regular file */
    uint8_t *buffer;
    uint8_t *front; /* inside `buffer`: aligned, with room for a record before it, a record and a chunk behind
                       it */
    struct eki_unpack *unpack;
};

/* Opens a path ("-" is standard input) and looks at its first bytes. EKI_ERROR_OPEN, _READ, _EMPTY, _MEMORY;
 * *ret_source needs eki_source_done in every case. `stop` and ret_fault may be NULL; when *stop becomes
 * non-zero while a pipe has nothing to read, the source ends with EKI_ERROR_STOPPED. */
EKI_MUST_USE enum eki_error eki_source_open(const char *path, const volatile int *stop,
                                            struct eki_source *ret_source, struct eki_fault *ret_fault);

/* As eki_source_open over bytes that stay the caller's. */
EKI_MUST_USE enum eki_error eki_source_open_memory(const void *bytes, size_t length,
                                                   struct eki_source *ret_source,
                                                   struct eki_fault *ret_fault);

/* Tries to bring at least `wanted` (at most EKI_SOURCE_RECORD) bytes into the window; fewer are there only
 * when `ended`, or when the file `grows` and has no more just now. */
void eki_source_fill(struct eki_source *source, size_t wanted);

/* Passes over `n` bytes of the window; n must not exceed `left`. */
static inline void eki_source_pass(struct eki_source *source, size_t n)
{
    source->at += n;
    source->left -= n;
    source->offset += n;
}

/* Passes over `n` bytes, of which some may not have been read yet: those are dropped by the next fill. */
static inline void eki_source_drop(struct eki_source *source, uint64_t n)
{
    size_t now = n < source->left ? (size_t)n : source->left;
    eki_source_pass(source, now);
    source->skip += n - now;
}

/* Raw bytes as stored, before unpacking, up to `n`; 0 at the end or on an error (which is then in
 * source->error). For unpack.c. */
size_t eki_source_raw(struct eki_source *source, uint8_t *ret_bytes, size_t n);

/* Closes the file and frees the buffers; a zeroed source is allowed. */
void eki_source_done(struct eki_source *source);

#endif
