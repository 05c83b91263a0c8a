/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/serve_watch.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/watch_session.h"
#include "ekigaku/live.h"

/* Seconds until it is tried again: doubled each time, so that a log is not filled. */
enum { FIRST_PAUSE_S = 2, LONGEST_PAUSE_S = 60, ROUND_MS = 100, NAME = 120 };

static const char udp[] = "udp:";

bool eki_serve_watch_choose(struct eki_watch_request *request, const char *input)
{
    struct stat there;
    bool found = !stat(input, &there);
    request->path = input;
    if (!strncmp(input, udp, strlen(udp))) {
        request->path = input + strlen(udp);
        request->kind = EKI_WATCH_SOCKET;
    } else if (found && S_ISDIR(there.st_mode)) {
        request->kind = EKI_WATCH_FOLDER;
    } else if (!strcmp(input, "any") || (!strchr(input, '/') && if_nametoindex(input))) {
        request->kind = EKI_WATCH_INTERFACE;
    } else if (found ? S_ISREG(there.st_mode) : strchr(input, '/') != NULL) {
        request->kind = EKI_WATCH_FILE;
    }
    return request->kind != EKI_WATCH_NOTHING && *request->path;
}

static void on_say(void *user, const char *text)
{
    struct eki_serve_watch *watch = user;
    snprintf(watch->said, sizeof watch->said, "%s", text);
    eki_web_live_state(watch->web, true, text);
}

static void on_item(void *user, const struct eki_news_item *item)
{
    struct eki_serve_watch *watch = user;
    eki_web_live_news(watch->web, item);
}

static void on_look(void *user, const struct eki_result *result, bool keep)
{
    struct eki_serve_watch *watch = user;
    enum eki_error error = eki_web_live_look(watch->web, result, keep);
    char text[200];
    if (!error) return;
    snprintf(text, sizeof text, "what was found is not kept: %s", eki_error_text(error));
    on_say(watch, text);
}

/* One session from its beginning to its end. */
static void *watch_once(void *user)
{
    struct eki_serve_watch *watch = user;
    struct eki_watch_session session;
    int status = eki_watch_session_start(&session, &watch->request);
    if (!status) {
        eki_web_live_state(watch->web, true, NULL);
        status = eki_watch_session_run(&session);
    }
    if (!status) (void)eki_watch_session_finish(&session);
    eki_watch_session_done(&session);
    return NULL;
}

static void wait_s(const struct eki_serve_watch *watch, int seconds)
{
    for (int i = 0; i < seconds * 1000 / ROUND_MS && !*watch->stop; i++) poll(NULL, 0, ROUND_MS);
}

static void *supervise(void *user)
{
    struct eki_serve_watch *watch = user;
    int pause = FIRST_PAUSE_S;
    while (!*watch->stop) {
        pthread_t session;
        char text[500];
        if (!pthread_create(&session, NULL, watch_once, watch)) pthread_join(session, NULL);
        if (*watch->stop) break;
        snprintf(text, sizeof text, "%s; tried again in %d s", watch->said[0] ? watch->said : "it ended",
                 pause);
        eki_web_live_state(watch->web, false, text);
        wait_s(watch, pause);
        pause = pause * 2 < LONGEST_PAUSE_S ? pause * 2 : LONGEST_PAUSE_S;
    }
    eki_web_live_state(watch->web, false, NULL);
    return NULL;
}

/* "DATA/watch/NAME", with a name that is made of the input's; NULL after a message. */
static char *name_state(const char *input, const char *data)
{
    char *folder = NULL, *path = NULL, name[NAME];
    size_t length = strlen(input), from = length >= NAME ? length - NAME + 1 : 0;
    snprintf(name, sizeof name, "%s", input + from);
    for (char *at = name; *at; at++)
        if (!strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-", *at)) *at = '_';
    if (asprintf(&folder, "%s/watch", data) < 0) return NULL;
    if (mkdir(folder, 0700) && errno != EEXIST)
        fprintf(stderr, "ekigaku serve: %s: %s\n", folder, strerror(errno));
    else if (asprintf(&path, "%s/state-%s", folder, name) < 0)
        path = NULL;
    free(folder);
    return path;
}

bool eki_serve_watch_start(struct eki_serve_watch *watch, struct eki_web *web, const char *input,
                           const char *data)
{
    watch->web = web;
    watch->audience = (struct eki_watch_audience){watch, on_say, on_item, on_look};
    watch->request.audience = &watch->audience;
    watch->state = name_state(input, data);
    watch->request.state = watch->state;
    if (!watch->state) return false;
    enum eki_error error = eki_web_live_attach(web, input);
    if (!error && pthread_create(&watch->thread, NULL, supervise, watch)) error = EKI_ERROR_MEMORY;
    watch->started = !error;
    if (error) fprintf(stderr, "ekigaku serve: --watch: %s\n", eki_error_text(error));
    return !error;
}

void eki_serve_watch_end(struct eki_serve_watch *watch)
{
    if (watch->started) pthread_join(watch->thread, NULL);
    free(watch->state);
}
