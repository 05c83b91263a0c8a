/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_TELL_H
#define EKI_CLI_WATCH_TELL_H
/* The lines that `ekigaku watch` prints: text, or JSON with --json; or what its audience is told. */
#include "cli/watch_request.h"
#include "ekigaku/news.h"
#include "ekigaku/watch.h"

/* A line of what went wrong or is in force, printf-like and without newline: to standard error, behind the
 * name of the program, or to the audience. */
void eki_watch_say(const struct eki_watch_request *request, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same of an input or the state: "PATH: offset N: what is wrong: detail". */
void eki_watch_say_fault(const struct eki_watch_request *request, const char *path, enum eki_error error,
                         const struct eki_fault *fault);

/* One item of news; `user` is the request. */
void eki_watch_tell_item(void *user, const struct eki_news_item *item);

/* Packets that the kernel had to drop. */
void eki_watch_tell_loss(const struct eki_watch_request *request, const struct eki_capture_loss *loss);

/* How far it has come. */
struct eki_watch_counts {
    uint64_t files;          /* read to their end by this run */
    uint64_t records, bytes; /* taken of the open input; bytes as they stand in it, unpacked */
    uint64_t contacts;       /* judged */
    uint64_t missing;        /* of exports, by their numbers */
    struct eki_capture_loss loss;
};

/* Those, and the memory in use. */
void eki_watch_tell_status(const struct eki_watch_request *request, const struct eki_watch_counts *counts);

/* When the memory in use is beyond --memory, and an eighth more than was told last: one line. Returns what
 * was told last. */
uint64_t eki_watch_tell_memory(const struct eki_watch_request *request, uint64_t told);

#endif
