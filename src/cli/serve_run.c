/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/serve_run.h"

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/serve_watch.h"

/* How often it is looked whether the program is to end; and what a certificate with its chain has at most. */
enum { ROUND_MS = 100, MOST_PEM = 1 << 20 };

eki_time eki_serve_now(void *user)
{
    struct timespec time;
    (void)user;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * EKI_SECOND + time.tv_nsec;
}

static uint64_t ticks(void *user)
{
    struct timespec time;
    (void)user;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static void write_log(void *user, const char *line, size_t length)
{
    FILE *out = user;
    fwrite(line, 1, length, out);
    fputc('\n', out);
    fflush(out);
}

/* A whole file as a text; NULL after a message. The caller frees it. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = file ? calloc(1, MOST_PEM + 1) : NULL;
    size_t length = text ? fread(text, 1, MOST_PEM, file) : 0;
    if (!length) {
        fprintf(stderr, "ekigaku serve: %s: cannot be read\n", path);
        free(text);
        text = NULL;
    }
    if (file) fclose(file);
    return text;
}

static void greet(const struct eki_serve_request *request, const struct eki_web *web)
{
    const char *scheme = request->certificate ? "https" : "http", *colon = strrchr(request->listen, ':');
    int host = colon ? (int)(colon - request->listen) : 0;
    printf("%s://%.*s:%u/\n", scheme, host, request->listen, (unsigned)eki_web_port(web));
    if (eki_web_invitation(web))
        printf("Set the password of \"admin\" by this link, once, within three days:\n%s://%.*s:%u%s\n",
               scheme, host, request->listen, (unsigned)eki_web_port(web), eki_web_invitation(web));
    fflush(stdout);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Until it is told to end; 0, or the exit status after a message. */
static int run_until(const struct eki_serve_request *request, struct eki_web *web, const volatile int *stop)
{
    struct eki_serve_watch watch = {.request = request->watching, .stop = stop};
    bool good = !request->watch || eki_serve_watch_start(&watch, web, request->watch, request->data);
    if (good) greet(request, web);
    while (good && !*stop) poll(NULL, 0, ROUND_MS);
    eki_serve_watch_end(&watch);
    return good ? EKI_EXIT_NOTHING : EKI_EXIT_FAILED;
}

int eki_serve_run(const struct eki_serve_request *request, struct eki_store *store, FILE *log,
                  const volatile int *stop)
{
    struct eki_web *web;
    struct eki_fault fault = {0};
    char *certificate = request->certificate ? read_text(request->certificate) : NULL,
         *key = request->key ? read_text(request->key) : NULL;
    int status = EKI_EXIT_UNREADABLE;
    struct eki_web_options options = {.data = request->data,
                                      .store = store,
                                      .listen = request->listen,
                                      .certificate = certificate,
                                      .key = key,
                                      .pages = request->pages,
                                      .hosts = request->hosts,
                                      .threads = request->threads,
                                      .requests_per_s = request->rate,
                                      .mail = request->mail,
                                      .clock = {eki_serve_now, ticks, NULL},
                                      .log = request->quiet ? NULL : write_log,
                                      .user = log};
    if (!request->certificate || (certificate && key)) {
        enum eki_error error = eki_web_start(&options, &web, &fault);
        status = error ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
        if (!error && request->demo && eki_web_preload(web, request->demo, base_name(request->demo), &fault))
            eki_inputs_complain_of(request->demo, EKI_ERROR_READ, &fault);
        if (error) {
            eki_inputs_complain_of(request->listen, error, &fault);
        } else {
            status = run_until(request, web, stop);
            eki_web_stop(web);
        }
    }
    free(certificate);
    free(key);
    return status;
}
