/* SPDX-License-Identifier: Apache-2.0 */
/* The state's file: put in place whole, read whole. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/watch.h"

/* A state of that size would not have been written: the tables have limits. */
#define MOST_BYTES (INT64_C(16) << 30)

static enum eki_error complain(struct eki_fault *ret_fault, enum eki_error error)
{
    return eki_fault_set(ret_fault, error, 0, "%s", strerror(errno));
}

static bool write_all(int file, const uint8_t *bytes, size_t length)
{
    while (length) {
        ssize_t done = write(file, bytes, length);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes += done;
        length -= (size_t)done;
    }
    return true;
}

/* The new name is on the disk when its folder is. */
static bool flush_folder(const char *path)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = 0;
    int file = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return false;
    bool done = !fsync(file);
    close(file);
    return done;
}

static enum eki_error replace(const char *path, const void *bytes, size_t length, struct eki_fault *ret_fault)
{
    char aside[4096];
    if (snprintf(aside, sizeof aside, "%s.new", path) >= (int)sizeof aside)
        return eki_fault_set(ret_fault, EKI_ERROR_WRITE, 0, "the path is too long");
    /* Who was seen talking to whom is nobody else's business. */
    int file = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return complain(ret_fault, EKI_ERROR_WRITE);
    bool written = write_all(file, bytes, length) && !fsync(file);
    enum eki_error error = written ? EKI_OK : complain(ret_fault, EKI_ERROR_WRITE);
    if (close(file) && !error) error = complain(ret_fault, EKI_ERROR_WRITE);
    if (!error && (rename(aside, path) || !flush_folder(path))) error = complain(ret_fault, EKI_ERROR_WRITE);
    if (error) unlink(aside);
    return error;
}

enum eki_error eki_analysis_save(struct eki_analysis *analysis, const char *path, const struct eki_note *note,
                                 struct eki_fault *ret_fault)
{
    void *bytes;
    size_t length;
    enum eki_error error = eki_analysis_pack(analysis, note, &bytes, &length);
    if (error) return error;
    error = replace(path, bytes, length, ret_fault);
    eki_analysis_release(bytes);
    return error;
}

static enum eki_error read_all(int file, uint8_t *bytes, size_t length, struct eki_fault *ret_fault)
{
    while (length) {
        ssize_t got = read(file, bytes, length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return complain(ret_fault, EKI_ERROR_READ);
        if (!got) return eki_fault_set(ret_fault, EKI_ERROR_TRUNCATED, 0, "became shorter while it was read");
        bytes += got;
        length -= (size_t)got;
    }
    return EKI_OK;
}

enum eki_error eki_analysis_load(const struct eki_analysis_options *options, const char *path,
                                 struct eki_analysis **ret_analysis, struct eki_note *ret_note,
                                 struct eki_fault *ret_fault)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status)) {
        enum eki_error error = complain(ret_fault, EKI_ERROR_OPEN);
        if (file >= 0) close(file);
        return error;
    }
    bool sane = S_ISREG(status.st_mode) && status.st_size <= MOST_BYTES;
    size_t length = sane ? (size_t)status.st_size : 0;
    uint8_t *bytes = eki_allocate(length + 1, 1);
    enum eki_error error = bytes ? EKI_OK : EKI_ERROR_MEMORY;
    if (!sane) error = eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no state of ekigaku");
    if (!error) error = read_all(file, bytes, length, ret_fault);
    close(file);
    if (!error)
        error = eki_analysis_unpack(options, &(struct eki_note){bytes, length}, ret_analysis, ret_note,
                                    ret_fault);
    eki_free(bytes);
    return error;
}
