/* SPDX-License-Identifier: Apache-2.0 */
/* A GnuPG home that lives as long as one message: whose keys are in it cannot mix with anybody else's. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mail/engine.h"

enum eki_error eki_home_make(const char *scratch, struct eki_home *ret_home, struct eki_fault *ret_fault)
{
    struct eki_home home;
    int length = snprintf(home.path, sizeof home.path, "%s/eki-XXXXXX", scratch ? scratch : "/tmp");
    /* Sockets are made in it: their path has 108 bytes (unix(7)), with room for their names. */
    if (length < 0 || length > 80 || strchr(home.path, '\n'))
        return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "the path of the temporary folder is too long");
    if (!mkdtemp(home.path))
        return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "temporary folder %.80s: %s", home.path,
                             strerrordesc_np(errno));
    *ret_home = home;
    return EKI_OK;
}

enum eki_error eki_home_file(const struct eki_home *home, const char *name, const char *bytes, size_t length)
{
    char path[EKI_HOME_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", home->path, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return EKI_ERROR_WRITE;
    bool whole = true;
    for (size_t done = 0; whole && done < length;) {
        ssize_t wrote = write(file, bytes + done, length - done);
        if (wrote < 0 && errno == EINTR) continue;
        whole = wrote > 0;
        done += whole ? (size_t)wrote : 0;
    }
    return close(file) || !whole ? EKI_ERROR_WRITE : EKI_OK;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path) && errno != ENOENT;
}

void eki_home_remove(struct eki_home *home)
{
    /* An agent that ends takes its sockets away at the same time: a second walk finds nothing or the rest. */
    for (int i = 0; home->path[0] && i < 2; i++)
        if (!nftw(home->path, remove_one, 8, FTW_DEPTH | FTW_PHYS)) break;
    home->path[0] = '\0';
}
