/* SPDX-License-Identifier: Apache-2.0 */
/* A maildir: a message is a file, and moving it is the only way in which it changes. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/mail.h"

enum { NAME = 255, SUBFOLDERS = 3 };
static const char *const subfolders[SUBFOLDERS] = {"tmp", "new", "cur"};

/* The open folders of a maildir. */
struct maildir {
    int at[SUBFOLDERS];
};
enum { AT_TMP, AT_NEW, AT_CUR };

static void maildir_close(struct maildir *maildir)
{
    for (int i = 0; i < SUBFOLDERS; i++)
        if (maildir->at[i] >= 0) close(maildir->at[i]);
}

static enum eki_error maildir_open(const char *folder, bool make, struct maildir *ret_maildir,
                                   struct eki_fault *ret_fault)
{
    struct maildir maildir = {{-1, -1, -1}};
    if (make && mkdir(folder, 0700) && errno != EEXIST)
        return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "maildir: %s", strerrordesc_np(errno));
    int top = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; top >= 0 && i < SUBFOLDERS; i++) {
        if (make && mkdirat(top, subfolders[i], 0700) && errno != EEXIST) break;
        maildir.at[i] = openat(top, subfolders[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (maildir.at[i] < 0) break;
    }
    int why = errno;
    if (top >= 0) close(top);
    if (maildir.at[AT_CUR] < 0) {
        maildir_close(&maildir);
        return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "maildir (tmp, new, cur): %s",
                             strerrordesc_np(why));
    }
    *ret_maildir = maildir;
    return EKI_OK;
}

/* The names in `new`, at most a batch, in order: the oldest of a folder with more may wait for another call.
 */
struct names {
    char (*list)[NAME + 1];
    size_t count;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum eki_error list_new(const struct maildir *maildir, struct names *ret_names)
{
    struct names names = {eki_allocate(EKI_MAILBOX_BATCH, sizeof *names.list), 0};
    int copy = openat(maildir->at[AT_NEW], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *entry;
    if (!folder && copy >= 0) close(copy);
    if (!folder || !names.list) {
        if (folder) closedir(folder);
        enum eki_error error = names.list ? EKI_ERROR_READ : EKI_ERROR_MEMORY;
        eki_free(names.list);
        return error;
    }
    while (names.count < EKI_MAILBOX_BATCH && (entry = readdir(folder)))
        if (entry->d_name[0] != '.' && strlen(entry->d_name) <= NAME - 4)
            snprintf(names.list[names.count++], sizeof *names.list, "%s", entry->d_name);
    closedir(folder);
    qsort(names.list, names.count, sizeof *names.list, by_name);
    *ret_names = names;
    return EKI_OK;
}

static enum eki_error read_file(int file, size_t length, char **ret_bytes, size_t *ret_length)
{
    char *bytes = eki_allocate(length + 1, 1);
    size_t done = 0;
    if (!bytes) return EKI_ERROR_MEMORY;
    while (done < length) {
        ssize_t got = read(file, bytes + done, length - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            eki_free(bytes);
            return EKI_ERROR_READ;
        }
        if (!got) break;
        done += (size_t)got;
    }
    *ret_bytes = bytes;
    *ret_length = done;
    return EKI_OK;
}

/* Hands one file to the caller. *ret_mine is false for what is no message, or was moved meanwhile. */
static enum eki_error hand_over(const struct maildir *maildir, const char *name, eki_mailbox_take *take,
                                void *user, bool *ret_mine)
{
    struct stat status;
    char *bytes = NULL;
    size_t length = 0;
    enum eki_error error = EKI_OK;
    int file = openat(maildir->at[AT_NEW], name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    *ret_mine = file >= 0 && !fstat(file, &status) && S_ISREG(status.st_mode);
    if (*ret_mine && status.st_size <= EKI_MAIL_BYTES)
        error = read_file(file, (size_t)status.st_size, &bytes, &length);
    else if (*ret_mine)
        length = (size_t)status.st_size;
    if (file >= 0) close(file);
    if (!error && *ret_mine) {
        const struct eki_mailbox_item item = {.name = name, .bytes = bytes, .length = length};
        error = take(user, &item);
    }
    eki_free(bytes);
    return error;
}

static enum eki_error move_on(const struct maildir *maildir, const char *name)
{
    char seen[NAME + 8];
    snprintf(seen, sizeof seen, "%s:2,S", name);
    if (!renameat(maildir->at[AT_NEW], name, maildir->at[AT_CUR], seen)) return EKI_OK;
    return errno == ENOENT ? EKI_OK : EKI_ERROR_WRITE; /* a mail program was quicker */
}

enum eki_error eki_maildir_fetch(const char *folder, eki_mailbox_take *take, void *user, uint32_t *ret_count,
                                 struct eki_fault *ret_fault)
{
    struct maildir maildir;
    struct names names = {0};
    *ret_count = 0;
    enum eki_error error = maildir_open(folder, false, &maildir, ret_fault);
    if (error) return error;
    error = list_new(&maildir, &names);
    for (size_t i = 0; !error && i < names.count; i++) {
        bool mine;
        error = hand_over(&maildir, names.list[i], take, user, &mine);
        if (error || !mine) continue;
        error = move_on(&maildir, names.list[i]);
        if (!error) (*ret_count)++;
    }
    eki_free(names.list);
    if (!error && names.count && fsync(maildir.at[AT_CUR])) error = EKI_ERROR_WRITE;
    maildir_close(&maildir);
    return error;
}

static bool is_name(const char *name)
{
    size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_@");
    return length && length <= 200 && !name[length] && name[0] != '.';
}

static enum eki_error write_file(int file, const char *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t wrote = write(file, bytes + done, length - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return EKI_ERROR_WRITE;
        done += (size_t)wrote;
    }
    return fsync(file) ? EKI_ERROR_WRITE : EKI_OK;
}

/* Whole in tmp first; then the name in `new` is made, which fails when it is there (rename would not). */
static enum eki_error deliver(const struct maildir *maildir, const char *name, const void *bytes,
                              size_t length)
{
    int file = openat(maildir->at[AT_TMP], name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return EKI_ERROR_WRITE;
    enum eki_error error = write_file(file, bytes, length);
    if (close(file)) error = EKI_ERROR_WRITE;
    if (!error && linkat(maildir->at[AT_TMP], name, maildir->at[AT_NEW], name, 0))
        error = errno == EEXIST ? EKI_ERROR_CONFLICT : EKI_ERROR_WRITE;
    unlinkat(maildir->at[AT_TMP], name, 0);
    if (!error && fsync(maildir->at[AT_NEW])) error = EKI_ERROR_WRITE;
    return error;
}

enum eki_error eki_maildir_deliver(const char *folder, const char *name, const void *bytes, size_t length,
                                   struct eki_fault *ret_fault)
{
    struct maildir maildir;
    if (!is_name(name))
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no name for a file of a maildir");
    enum eki_error error = maildir_open(folder, true, &maildir, ret_fault);
    if (error) return error;
    error = deliver(&maildir, name, bytes, length);
    maildir_close(&maildir);
    return error;
}
