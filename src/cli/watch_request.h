/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_REQUEST_H
#define EKI_CLI_WATCH_REQUEST_H
/* What the arguments of `ekigaku watch` ask for, or `ekigaku serve --watch`. */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/address.h"

enum eki_watch_kind {
    EKI_WATCH_NOTHING = 0,
    EKI_WATCH_INTERFACE,
    EKI_WATCH_FILE,
    EKI_WATCH_FOLDER,
    EKI_WATCH_SOCKET
};

enum { EKI_WATCH_ALLOWED_MOST = 256 };

struct eki_news_item;
struct eki_result;

/* Who is told instead of the terminal. Called by the thread that watches. */
struct eki_watch_audience {
    void *user;
    void (*say)(void *user, const char *text);                  /* what would go to standard error */
    void (*item)(void *user, const struct eki_news_item *item); /* something new */
    void (*look)(void *user, const struct eki_result *result, bool keep); /* keep: the state is kept too */
};

struct eki_watch_request {
    enum eki_watch_kind kind;
    const char *path;    /* name of the interface, file or folder, or where to listen */
    const char *format;  /* of logs; NULL tells it from the content */
    const char *mapping; /* of CSV logs */
    const char *filter;
    const char *state;               /* file, or NULL */
    const char *facts;               /* file for the result at the end, or NULL */
    const char *user;                /* whose rights are kept, or NULL */
    unsigned checkpoint_s, status_s; /* status_s 0: none */
    unsigned threads;
    uint64_t memory;                                   /* bytes, 0: no limit was stated */
    struct eki_prefix allowed[EKI_WATCH_ALLOWED_MOST]; /* who may send exports; none: everybody */
    size_t allowed_count;
    bool json, quiet, help, no_sandbox;
    const struct eki_watch_audience *audience; /* NULL: the terminal */
};

/* What is asked for when nothing is said. */
struct eki_watch_request eki_watch_request_usual(void);

/* 0, or EKI_EXIT_USAGE after a message on standard error. The texts are those of `arguments`. */
int eki_watch_request_parse(int count, char **arguments, struct eki_watch_request *request);

#endif
