/* SPDX-License-Identifier: Apache-2.0 */
/* Truth and facts from bytes: the first half of the input against the second, cut at the first NUL. */
#define _GNU_SOURCE /* memfd_create */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ekigaku/score.h"

static int file_of(const uint8_t *bytes, size_t length, char path[64])
{
    int file = memfd_create("score", 0);
    if (file < 0) return -1;
    snprintf(path, 64, "/proc/self/fd/%d", file);
    if (write(file, bytes, length) == (ssize_t)length) return file;
    close(file);
    return -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char truth[64], facts[64];
    const uint8_t *cut = length ? memchr(bytes, 0, length) : NULL;
    size_t first = cut ? (size_t)(cut - bytes) : length;
    int one = file_of(bytes, first, truth), other = cut ? file_of(cut + 1, length - first - 1, facts) : -1;
    if (one >= 0 && other >= 0) {
        struct eki_score score;
        struct eki_fault fault;
        const char *path;
        if (!eki_score_files(truth, facts, &score, &path, &fault) && score.edges_right > score.edges_given)
            __builtin_trap();
    }
    if (one >= 0) close(one);
    if (other >= 0) close(other);
    return 0;
}
