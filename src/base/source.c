/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of an input, from a file descriptor or memory to the window that the readers look at (see source.h).
 */
#define _GNU_SOURCE
#include "base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/unpack.h"

static void stop(struct eki_source *source, enum eki_error error, const char *what)
{
    source->ended = true;
    source->error = eki_fault_set(&source->fault, error, source->offset + source->left, "%s", what);
}

enum { LOOK_UP_MS = 100 };

/* Waits until a pipe has bytes or ends; false when the reading shall stop. Files never make wait. */
static bool await_bytes(struct eki_source *source)
{
    struct pollfd wait = {.fd = source->file, .events = POLLIN};
    if (!source->stop || source->raw_size) return true;
    while (poll(&wait, 1, LOOK_UP_MS) <= 0) {
        if (!*source->stop) continue;
        stop(source, EKI_ERROR_STOPPED, "while it waited for more");
        return false;
    }
    return true;
}

size_t eki_source_raw(struct eki_source *source, uint8_t *ret_bytes, size_t n)
{
    if (source->file < 0) {
        if (n > source->memory_left) n = source->memory_left;
        if (n > 0) memcpy(ret_bytes, source->memory, n);
        source->memory += n;
        source->memory_left -= n;
        source->raw_done += n;
        return n;
    }
    ssize_t got;
    if (!await_bytes(source)) return 0;
    do got = read(source->file, ret_bytes, n);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        stop(source, EKI_ERROR_READ, strerror(errno));
        return 0;
    }
    source->raw_done += (uint64_t)got;
    return (size_t)got;
}

/* Unpacked bytes behind the window. */
static size_t pull(struct eki_source *source, uint8_t *ret_bytes, size_t room)
{
    if (source->unpack) return eki_unpack_read(source, ret_bytes, room);
    size_t got = eki_source_raw(source, ret_bytes, room);
    if (got == 0 && !source->grows) source->ended = true;
    return got;
}

static void extend(struct eki_source *source, size_t wanted)
{
    uint8_t *start = source->front - source->left, *end = source->front;
    if (source->left > 0) memmove(start, source->at, source->left);
    source->at = start;
    while (source->left < wanted && !source->ended) {
        size_t got = pull(source, end, EKI_SOURCE_CHUNK);
        if (!got) break;
        source->left += got;
        end += got;
    }
}

void eki_source_fill(struct eki_source *source, size_t wanted)
{
    while (source->skip > 0) {
        uint64_t skip = source->skip;
        source->skip = 0;
        eki_source_drop(source, skip);
        if (source->skip == 0 || source->ended) break;
        extend(source, 1);
        if (!source->left) return;
    }
    if (source->left < wanted && !source->ended) extend(source, wanted);
}

/* The first chunk is in the window: is it packed? */
static enum eki_error settle(struct eki_source *source)
{
    source->packing = eki_unpack_detect(source->at, source->left);
    if (source->packing == EKI_PACKING_NONE) return EKI_OK;
    size_t length = source->left;
    source->left = 0;
    source->ended = false;
    return eki_unpack_open(source, source->at, length);
}

static enum eki_error prepare(struct eki_source *source, struct eki_fault *ret_fault)
{
    source->buffer = eki_allocate(2 * EKI_SOURCE_RECORD + EKI_SOURCE_CHUNK + EKI_SOURCE_ALIGN, 1);
    if (!source->buffer) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "read buffer");
    size_t odd = ((uintptr_t)source->buffer + EKI_SOURCE_RECORD) % EKI_SOURCE_ALIGN;
    source->front = source->buffer + EKI_SOURCE_RECORD + (EKI_SOURCE_ALIGN - odd);
    /* Six bytes tell every packing; asking for no more keeps a slow pipe from stalling here. */
    eki_source_fill(source, 6);
    if (source->error) {
        if (ret_fault) *ret_fault = source->fault;
        return source->error;
    }
    if (source->left == 0) return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "no byte to read");
    if (settle(source)) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "unpacker");
    return EKI_OK;
}

enum eki_error eki_source_open(const char *path, const volatile int *stop, struct eki_source *ret_source,
                               struct eki_fault *ret_fault)
{
    *ret_source = (struct eki_source){.file = -1, .stop = stop};
    bool standard_input = strcmp(path, "-") == 0;
    int file = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
    ret_source->file = file;
    ret_source->close_file = !standard_input;
    struct stat status;
    if (fstat(file, &status)) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
    if (S_ISDIR(status.st_mode)) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "is a directory");
    if (S_ISREG(status.st_mode)) {
        ret_source->raw_size = (uint64_t)status.st_size;
        posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL); /* a wish: the result does not depend on it */
    }
    return prepare(ret_source, ret_fault);
}

enum eki_error eki_source_open_memory(const void *bytes, size_t length, struct eki_source *ret_source,
                                      struct eki_fault *ret_fault)
{
    *ret_source = (struct eki_source){.file = -1, .memory = bytes, .memory_left = length, .raw_size = length};
    if (!bytes || length == 0) return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "no byte to read");
    if (eki_unpack_detect(bytes, length) != EKI_PACKING_NONE) return prepare(ret_source, ret_fault);
    /* Plain bytes need no copy: the window is all of them. */
    ret_source->at = bytes;
    ret_source->left = length;
    ret_source->ended = true;
    ret_source->raw_done = length;
    ret_source->memory_left = 0;
    return EKI_OK;
}

void eki_source_done(struct eki_source *source)
{
    if (source->close_file) close(source->file);
    eki_unpack_close(source->unpack);
    eki_free(source->buffer);
    *source = (struct eki_source){.file = -1};
}
