/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_BLOCKS_H
#define EKI_WEB_BLOCKS_H
/*
 * A file of many lines of which any one is found at once: lines are packed by zstd in frames of 256, and the
 * file ends with where each frame begins (docs/formats/results.md). Results keep their infections, sources
 * and signs so: 100,000 infections take 4 MB, and reading one costs one frame. Any zstd program unpacks the
 * lines: the table at the end stands in a skippable frame (RFC 8878, 3.1.2).
 *
 *     struct eki_blocks_writer *w;
 *     eki_blocks_create(path, &w);
 *     fprintf(eki_blocks_out(w), "%d\n", 1);
 *     error = eki_blocks_close(w);
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/error.h"
#include "web/buffer.h"

enum { EKI_BLOCKS_LINES = 256 };

struct eki_blocks_writer;

/* Makes a file that must not be there yet. EKI_ERROR_WRITE, _MEMORY. */
EKI_MUST_USE enum eki_error eki_blocks_create(const char *path, struct eki_blocks_writer **ret_writer);
/* Where lines are written to, each with its newline; of the writer. An error is kept until it is closed. */
FILE *eki_blocks_out(struct eki_blocks_writer *writer);
/* Ends the file, flushes it to the disk, frees the writer. NULL is allowed. EKI_ERROR_WRITE, _MEMORY. */
EKI_MUST_USE enum eki_error eki_blocks_close(struct eki_blocks_writer *writer);

struct eki_blocks {
    int file;
    uint64_t lines, frames;
    uint64_t *places;        /* frames + 1: where each begins */
    struct eki_buffer frame; /* the one that was read last, unpacked: neighbours are asked for together */
    uint64_t frame_number;   /* + 1; 0: none */
    uint64_t next_line;      /* in that frame, the one behind those that were read last */
    size_t next_at;          /* where it begins */
};

/* Opens a file. EKI_ERROR_OPEN, _CORRUPT, _MEMORY. Pair with eki_blocks_done. */
EKI_MUST_USE enum eki_error eki_blocks_open(const char *path, struct eki_blocks *ret_blocks);
/* Appends lines [first, first + count) with their newlines, as far as there are any. O(frames touched).
 * EKI_ERROR_READ, _CORRUPT, _MEMORY. */
EKI_MUST_USE enum eki_error eki_blocks_read(struct eki_blocks *blocks, uint64_t first, uint64_t count,
                                            struct eki_buffer *out);
/* Closes it. */
void eki_blocks_done(struct eki_blocks *blocks);

#endif
