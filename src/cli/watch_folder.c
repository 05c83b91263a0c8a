/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/watch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static bool append(struct eki_watch_file **files, size_t *count, size_t *capacity,
                   const struct eki_watch_file *file)
{
    if (*count == *capacity) {
        size_t more = *capacity ? *capacity * 2 : 16;
        struct eki_watch_file *grown = reallocarray(*files, more, sizeof **files);
        if (!grown) return false;
        *files = grown;
        *capacity = more;
    }
    (*files)[*count] = *file;
    (*files)[*count].name = strdup(file->name);
    if (!(*files)[*count].name) return false;
    ++*count;
    return true;
}

bool eki_watch_folder_remember(struct eki_watch_folder *folder, const struct eki_watch_file *file)
{
    return append(&folder->read, &folder->read_count, &folder->read_capacity, file);
}

static struct eki_watch_file *find(struct eki_watch_file *files, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++)
        if (files[i].number == number) return &files[i];
    return NULL;
}

static void forget(struct eki_watch_file *files, size_t *count, size_t position)
{
    free(files[position].name);
    memmove(&files[position], &files[position + 1], (--*count - position) * sizeof *files);
}

/* What is known of a file that was read, under the name that it bears now; NULL when it is another one. */
static struct eki_watch_file *recognize(struct eki_watch_folder *folder, const char *path,
                                        const struct eki_watch_file *file)
{
    struct eki_watch_file *known = find(folder->read, folder->read_count, file->number);
    if (!known) return NULL;
    if (!eki_watch_head_fits(path, &known->head)) {
        forget(folder->read, &folder->read_count, (size_t)(known - folder->read));
        return NULL;
    }
    char *name = strcmp(known->name, file->name) ? strdup(file->name) : NULL;
    if (name) {
        free(known->name);
        known->name = name;
    }
    return known;
}

/* A file of this name is ready, unless it has been read already. */
static void offer(struct eki_watch_folder *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    if (name[0] == '.' || strpbrk(name, "\n\r")) return;
    if (snprintf(path, sizeof path, "%s/%s", folder->path, name) >= (int)sizeof path) return;
    if (stat(path, &status) || !S_ISREG(status.st_mode) || !status.st_size) return;
    struct eki_watch_file file = {.name = (char *)name,
                                  .number = status.st_ino,
                                  .bytes = (uint64_t)status.st_size,
                                  .modified =
                                      status.st_mtim.tv_sec * INT64_C(1000000000) + status.st_mtim.tv_nsec};
    const struct eki_watch_file *known = recognize(folder, path, &file);
    if (known && known->bytes >= file.bytes) return;
    if (known) file.records = known->records;
    if (find(folder->ready, folder->ready_count, file.number)) return;
    (void)eki_watch_head_take(path, file.number, &file.head);
    append(&folder->ready, &folder->ready_count, &folder->ready_capacity, &file);
}

static int by_age(const void *a, const void *b)
{
    const struct eki_watch_file *x = a, *y = b;
    if (x->modified != y->modified) return x->modified < y->modified ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Everything that is there. */
static bool find_all(struct eki_watch_folder *folder)
{
    DIR *list = opendir(folder->path);
    if (!list) return false;
    size_t before = folder->ready_count;
    for (const struct dirent *entry; (entry = readdir(list));) offer(folder, entry->d_name);
    closedir(list);
    if (folder->ready_count > before)
        qsort(folder->ready + before, folder->ready_count - before, sizeof *folder->ready, by_age);
    return true;
}

bool eki_watch_folder_start(struct eki_watch_folder *folder, const char *path)
{
    folder->path = path;
    folder->notices = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    bool watched = folder->notices >= 0 &&
                   inotify_add_watch(folder->notices, path, IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) >= 0;
    if (watched && find_all(folder)) return true;
    return false;
}

static void take_notices(struct eki_watch_folder *folder)
{
    _Alignas(struct inotify_event) char buffer[16 * 1024];
    ssize_t length;
    while ((length = read(folder->notices, buffer, sizeof buffer)) > 0) {
        for (const char *at = buffer; at < buffer + length;) {
            const struct inotify_event *event = (const void *)at;
            if (event->mask & IN_Q_OVERFLOW)
                find_all(folder); /* some are not told: look oneself */
            else if (event->len)
                offer(folder, event->name);
            at += sizeof *event + event->len;
        }
    }
}

const struct eki_watch_file *eki_watch_folder_next(struct eki_watch_folder *folder)
{
    if (!folder->ready_count) take_notices(folder);
    return folder->ready_count ? &folder->ready[0] : NULL;
}

bool eki_watch_folder_prefer(struct eki_watch_folder *folder, uint64_t number,
                             const struct eki_watch_head *head)
{
    char path[PATH_MAX];
    struct eki_watch_file *file = find(folder->ready, folder->ready_count, number);
    if (!file || snprintf(path, sizeof path, "%s/%s", folder->path, file->name) >= (int)sizeof path)
        return false;
    if (!eki_watch_head_fits(path, head)) return false;
    struct eki_watch_file first = *file;
    memmove(folder->ready + 1, folder->ready, (size_t)(file - folder->ready) * sizeof *file);
    folder->ready[0] = first;
    return true;
}

void eki_watch_folder_taken(struct eki_watch_folder *folder, uint64_t records)
{
    struct eki_watch_file *file = &folder->ready[0];
    struct eki_watch_file *known = find(folder->read, folder->read_count, file->number);
    file->records = records;
    if (known) {
        known->bytes = file->bytes;
        known->records = records;
        known->head = file->head;
    } else {
        eki_watch_folder_remember(folder, file); /* without memory it may be read again */
    }
    forget(folder->ready, &folder->ready_count, 0);
}

static bool is_there(const struct eki_watch_folder *folder, const struct eki_watch_file *file)
{
    char path[PATH_MAX];
    struct stat status;
    return snprintf(path, sizeof path, "%s/%s", folder->path, file->name) < (int)sizeof path &&
           !stat(path, &status) && status.st_ino == file->number;
}

void eki_watch_folder_note(struct eki_watch_folder *folder, FILE *out)
{
    for (size_t i = folder->read_count; i-- > 0;)
        if (!is_there(folder, &folder->read[i])) forget(folder->read, &folder->read_count, i);
    for (size_t i = 0; i < folder->read_count; i++) {
        const struct eki_watch_file *file = &folder->read[i];
        fprintf(out, "read %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu32 " %" PRIu64 " %s\n", file->number,
                file->bytes, file->records, file->head.length, file->head.hash, file->name);
    }
}

void eki_watch_folder_done(struct eki_watch_folder *folder)
{
    for (size_t i = 0; i < folder->ready_count; i++) free(folder->ready[i].name);
    for (size_t i = 0; i < folder->read_count; i++) free(folder->read[i].name);
    free(folder->ready);
    free(folder->read);
    if (folder->path && folder->notices >= 0) close(folder->notices);
}
