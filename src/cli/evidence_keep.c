/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/evidence_keep.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 };

bool eki_evidence_path(const char *data, const char *name, char ret_path[EKI_KEPT_PATH])
{
    int length = snprintf(ret_path, EKI_KEPT_PATH, "%s/inputs/%s", data, name);
    return length > 0 && length < EKI_KEPT_PATH;
}

static bool copy(FILE *from, FILE *to)
{
    char *block = malloc(BLOCK);
    size_t length;
    bool good = block != NULL;
    while (good && (length = fread(block, 1, BLOCK, from)) > 0) good = fwrite(block, 1, length, to) == length;
    good = good && !ferror(from) && !fflush(to) && !fsync(fileno(to));
    free(block);
    return good;
}

int eki_evidence_copy(const char *data, const char *file, struct eki_evidence_keep *ret_keep)
{
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(ret_keep->name, sizeof ret_keep->name, bytes, sizeof bytes);
    char folder[EKI_KEPT_PATH];
    bool folded = eki_evidence_path(data, "", folder) && (!mkdir(data, 0700) || errno == EEXIST) &&
                  (!mkdir(folder, 0700) || errno == EEXIST);
    FILE *from = folded ? fopen(file, "rbe") : NULL;
    int descriptor = from && eki_evidence_path(data, ret_keep->name, ret_keep->path)
                         ? open(ret_keep->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)
                         : -1;
    FILE *to = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    bool good = to && copy(from, to);
    if (to && fclose(to)) good = false;
    if (from) fclose(from);
    if (good) return EKI_EXIT_NOTHING;
    fprintf(stderr, "ekigaku evidence: %s cannot be copied into the inputs of %s: %s\n", file, data,
            strerror(errno));
    if (to) unlink(ret_keep->path);
    return EKI_EXIT_FAILED;
}
