/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_FOLDER_H
#define EKI_CLI_WATCH_FOLDER_H
/*
 * A folder into which files are put: which are ready to be read, and which were. A file is ready when who
 * wrote it closes it, or when it is moved in; at the start all that are there are. One that was read and is
 * longer now is ready again, from where it was left; one that begins otherwise is another one. Names that
 * begin with a dot are not looked at.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/watch_head.h"

struct eki_watch_file {
    char *name;
    uint64_t number; /* inode */
    uint64_t bytes;  /* when it was read */
    uint64_t records;
    struct eki_watch_head head;
    int64_t modified; /* nanoseconds; orders those that are ready together */
};

struct eki_watch_folder {
    const char *path;
    int notices; /* of inotify, -1 for none */
    struct eki_watch_file *ready, *read;
    size_t ready_count, ready_capacity, read_count, read_capacity;
};

/* Begins to watch `path` and finds what is there. False, with the reason in errno. */
bool eki_watch_folder_start(struct eki_watch_folder *folder, const char *path);

/* Looks what has come; the first file that is ready, or NULL. Valid until the next call. */
const struct eki_watch_file *eki_watch_folder_next(struct eki_watch_folder *folder);

/* Puts the file of this inode and head first; false when it is not there. */
bool eki_watch_folder_prefer(struct eki_watch_folder *folder, uint64_t number,
                             const struct eki_watch_head *head);

/* The first ready file has been read: `records` in all. */
void eki_watch_folder_taken(struct eki_watch_folder *folder, uint64_t records);

/* Notes a file as read, from a saved note. False without memory. */
bool eki_watch_folder_remember(struct eki_watch_folder *folder, const struct eki_watch_file *file);

/* Forgets those that are gone from the folder, then writes the lines of the note. */
void eki_watch_folder_note(struct eki_watch_folder *folder, FILE *out);

/* Frees everything. */
void eki_watch_folder_done(struct eki_watch_folder *folder);

#endif
