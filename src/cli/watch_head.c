/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/watch_head.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* FNV-1a: nobody is kept from making two files that begin alike. */
static uint64_t hash_of(const uint8_t *bytes, uint32_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* The head of an open file, `most` bytes of it at most. */
static bool read_head(int file, uint32_t most, struct eki_watch_head *ret_head)
{
    uint8_t bytes[EKI_WATCH_HEAD];
    uint32_t length = 0;
    while (length < most) {
        ssize_t got = pread(file, bytes + length, most - length, length);
        if (got < 0) return false;
        if (!got) break;
        length += (uint32_t)got;
    }
    *ret_head = (struct eki_watch_head){length, hash_of(bytes, length)};
    return true;
}

bool eki_watch_head_take(const char *path, uint64_t number, struct eki_watch_head *ret_head)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return false;
    bool taken = !fstat(file, &status) && status.st_ino == number && S_ISREG(status.st_mode) &&
                 read_head(file, EKI_WATCH_HEAD, ret_head);
    close(file);
    return taken;
}

bool eki_watch_head_fits(const char *path, const struct eki_watch_head *head)
{
    struct eki_watch_head found;
    if (!head->length || head->length > EKI_WATCH_HEAD) return !head->length;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return false;
    bool fits =
        read_head(file, head->length, &found) && found.length == head->length && found.hash == head->hash;
    close(file);
    return fits;
}
