/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SERVE_WATCH_H
#define EKI_CLI_SERVE_WATCH_H
/*
 * The watch beside the service: the session of `ekigaku watch` in a thread of its own, whose audience are the
 * pages. When it ends without being told to (an interface that is gone, a folder that is not there yet) it is
 * said so and tried again, from the kept state.
 *
 *     eki_serve_watch_choose(&request, "eth0");     whilst arguments are read
 *     eki_serve_watch_start(&watch, &options, web);
 *     eki_serve_watch_end(&watch);                  once *stop is set, before the service ends
 *
 * Each session begins in a new thread, which opens its input and then gives up what it needs no more, as
 * `ekigaku watch` does. The other threads of the program keep what they have.
 */
#include <pthread.h>
#include <stdbool.h>

#include "cli/watch_request.h"
#include "ekigaku/web.h"

struct eki_serve_watch {
    struct eki_watch_request request;
    struct eki_watch_audience audience;
    struct eki_web *web;
    const volatile int *stop;
    char said[400]; /* why the last session ended */
    char *state;
    pthread_t thread;
    bool started;
};

/* What INPUT names: "udp:[ADDRESS:]PORT", a folder, an interface, or a file, which need not be there yet.
 * Fills kind and path, which is a part of `input`. False when it is none of these. */
bool eki_serve_watch_choose(struct eki_watch_request *request, const char *input);

/* Begins; `input` is as it was given, `data` the directory of the service, in which the state is kept. False
 * after a message on standard error. */
bool eki_serve_watch_start(struct eki_serve_watch *watch, struct eki_web *web, const char *input,
                           const char *data);

/* Waits for its end, when it was begun. */
void eki_serve_watch_end(struct eki_serve_watch *watch);

#endif
