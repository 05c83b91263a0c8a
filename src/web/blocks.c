/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "web/blocks.h"

#include <endian.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/pack.h"

/* The table: a skippable frame that holds the places of all frames, then its own count and that of the lines.
 * A frame of 256 lines stays far below MOST_FRAME; a file of more frames than MOST_FRAMES is none of ours. */
enum { MAGIC = 0x184d2a5b, HEAD = 8, TAIL = 16, MOST_FRAMES = 1 << 20, MOST_FRAME = 64 << 20 };

struct eki_blocks_writer {
    int file;
    FILE *out;
    struct eki_buffer frame;
    unsigned in_frame;
    uint64_t *places, at, lines;
    size_t frames, capacity;
    enum eki_error error;
};

static void put(struct eki_blocks_writer *w, const char *bytes, size_t length)
{
    while (length && !w->error) {
        ssize_t n = write(w->file, bytes, length);
        if (n <= 0) {
            w->error = EKI_ERROR_WRITE;
            return;
        }
        bytes += n;
        length -= (size_t)n;
        w->at += (uint64_t)n;
    }
}

static void end_frame(struct eki_blocks_writer *w)
{
    struct eki_buffer packed = {0};
    uint64_t *grown = eki_array_reserve(w->places, w->frames, &w->capacity, sizeof *w->places);
    if (grown) w->places = grown;
    if (!grown || w->frame.failed || !eki_pack_zstd(w->frame.bytes, w->frame.length, &packed)) {
        w->error = EKI_ERROR_MEMORY;
    } else {
        w->places[w->frames++] = w->at;
        put(w, packed.bytes, packed.length);
    }
    eki_buffer_done(&packed);
    w->frame.length = 0;
    w->in_frame = 0;
}

/* Bytes of lines: a frame ends with its 256th newline. */
static ssize_t take(void *user, const char *bytes, size_t length)
{
    struct eki_blocks_writer *w = user;
    size_t left = length;
    while (left && !w->error) {
        const char *newline = memchr(bytes, '\n', left);
        size_t part = newline ? (size_t)(newline - bytes) + 1 : left;
        eki_buffer_add(&w->frame, bytes, part);
        bytes += part;
        left -= part;
        if (!newline) break;
        w->lines++;
        if (++w->in_frame == EKI_BLOCKS_LINES) end_frame(w);
    }
    return w->error ? 0 : (ssize_t)length;
}

enum eki_error eki_blocks_create(const char *path, struct eki_blocks_writer **ret_writer)
{
    struct eki_blocks_writer *w = eki_allocate(1, sizeof *w);
    if (!w) return EKI_ERROR_MEMORY;
    w->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    w->out = fopencookie(w, "w", (cookie_io_functions_t){.write = take});
    if (w->file < 0 || !w->out) {
        enum eki_error error = w->file < 0 ? EKI_ERROR_WRITE : EKI_ERROR_MEMORY;
        w->error = error;
        (void)!eki_blocks_close(w);
        return error;
    }
    *ret_writer = w;
    return EKI_OK;
}

FILE *eki_blocks_out(struct eki_blocks_writer *writer)
{
    return writer->out;
}

static void put_table(struct eki_blocks_writer *w)
{
    uint32_t head[2] = {htole32(MAGIC), htole32((uint32_t)(w->frames * 8 + TAIL))};
    uint64_t tail[2] = {htole64(w->frames), htole64(w->lines)};
    put(w, (const char *)head, sizeof head);
    for (size_t i = 0; i < w->frames; i++) {
        uint64_t place = htole64(w->places[i]);
        put(w, (const char *)&place, sizeof place);
    }
    put(w, (const char *)tail, sizeof tail);
}

enum eki_error eki_blocks_close(struct eki_blocks_writer *w)
{
    if (!w) return EKI_OK;
    if (w->out && fclose(w->out) && !w->error) w->error = EKI_ERROR_MEMORY;
    if (w->in_frame && !w->error) end_frame(w);
    if (!w->error) put_table(w);
    if (!w->error && fsync(w->file)) w->error = EKI_ERROR_WRITE;
    if (w->file >= 0 && close(w->file) && !w->error) w->error = EKI_ERROR_WRITE;
    enum eki_error error = w->error;
    eki_buffer_done(&w->frame);
    eki_free(w->places);
    eki_free(w);
    return error;
}

static bool read_at(int file, void *to, size_t length, uint64_t place)
{
    char *at = to;
    while (length) {
        ssize_t n = pread(file, at, length, (off_t)place);
        if (n <= 0) return false;
        at += n;
        length -= (size_t)n;
        place += (uint64_t)n;
    }
    return true;
}

/* The places of the frames, checked to rise and to end before the table. */
static enum eki_error read_places(struct eki_blocks *blocks, uint64_t size)
{
    uint64_t table = size - TAIL - blocks->frames * 8;
    blocks->places = eki_allocate(blocks->frames + 1, sizeof *blocks->places);
    if (!blocks->places) return EKI_ERROR_MEMORY;
    if (!read_at(blocks->file, blocks->places, blocks->frames * 8, table)) return EKI_ERROR_CORRUPT;
    for (uint64_t i = 0; i < blocks->frames; i++) {
        blocks->places[i] = le64toh(blocks->places[i]);
        if (blocks->places[i] > table - HEAD || (i && blocks->places[i] <= blocks->places[i - 1]))
            return EKI_ERROR_CORRUPT;
    }
    blocks->places[blocks->frames] = table - HEAD;
    return EKI_OK;
}

enum eki_error eki_blocks_open(const char *path, struct eki_blocks *ret_blocks)
{
    struct eki_blocks blocks = {.file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    struct stat about;
    uint64_t tail[2];
    if (blocks.file < 0) return EKI_ERROR_OPEN;
    enum eki_error error = EKI_ERROR_CORRUPT;
    if (!fstat(blocks.file, &about) && about.st_size >= HEAD + TAIL &&
        read_at(blocks.file, tail, sizeof tail, (uint64_t)about.st_size - TAIL)) {
        blocks.frames = le64toh(tail[0]);
        blocks.lines = le64toh(tail[1]);
        bool fits = blocks.frames <= MOST_FRAMES && blocks.lines <= blocks.frames * EKI_BLOCKS_LINES &&
                    blocks.frames * 8 + TAIL + HEAD <= (uint64_t)about.st_size;
        if (fits) error = read_places(&blocks, (uint64_t)about.st_size);
    }
    if (error)
        eki_blocks_done(&blocks);
    else
        *ret_blocks = blocks;
    return error;
}

/* Unpacks a frame into blocks->frame, unless it is there already. */
static enum eki_error read_frame(struct eki_blocks *blocks, uint64_t number)
{
    struct eki_buffer packed = {0};
    uint64_t start = blocks->places[number], length = blocks->places[number + 1] - start;
    enum eki_error error = EKI_OK;
    if (blocks->frame_number == number + 1) return EKI_OK;
    blocks->frame_number = blocks->next_line = 0;
    blocks->frame.length = blocks->next_at = 0;
    char *room = length <= MOST_FRAME ? eki_buffer_room(&packed, length) : NULL;
    if (!room)
        error = EKI_ERROR_MEMORY;
    else if (!read_at(blocks->file, room, length, start))
        error = EKI_ERROR_READ;
    else if (!eki_unpack_zstd(room, length, MOST_FRAME, &blocks->frame))
        error = EKI_ERROR_CORRUPT;
    if (!error) blocks->frame_number = number + 1;
    eki_buffer_done(&packed);
    return error;
}

/* The lines of the frame from the one at `skip` on, `count` of them at most. Returns how many there were. Who
 * reads on in the same frame does not pass over its beginning again. */
static uint64_t copy_lines(struct eki_blocks *blocks, uint64_t skip, uint64_t count, struct eki_buffer *out)
{
    const char *begin = blocks->frame.bytes, *end = begin + blocks->frame.length, *at = begin;
    uint64_t copied = 0, line = 0;
    if (skip >= blocks->next_line) {
        line = blocks->next_line;
        at += blocks->next_at;
    }
    for (; at < end && copied < count; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline ? newline + 1 : end;
        if (line >= skip) {
            eki_buffer_add(out, at, (size_t)(next - at));
            copied++;
        }
        at = next;
    }
    blocks->next_line = line;
    blocks->next_at = (size_t)(at - begin);
    return copied;
}

enum eki_error eki_blocks_read(struct eki_blocks *blocks, uint64_t first, uint64_t count,
                               struct eki_buffer *out)
{
    enum eki_error error = EKI_OK;
    while (count && first < blocks->lines && !error) {
        error = read_frame(blocks, first / EKI_BLOCKS_LINES);
        uint64_t copied = error ? 0 : copy_lines(blocks, first % EKI_BLOCKS_LINES, count, out);
        if (!error && !copied) error = EKI_ERROR_CORRUPT;
        if (!error && out->failed) error = EKI_ERROR_MEMORY;
        first += copied;
        count -= copied;
    }
    return error;
}

void eki_blocks_done(struct eki_blocks *blocks)
{
    if (blocks->file >= 0) close(blocks->file);
    eki_free(blocks->places);
    eki_buffer_done(&blocks->frame);
    *blocks = (struct eki_blocks){.file = -1};
}
