/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/catalogue.h"
#include "web/description.h"
#include "web/invite.h"
#include "web/listen.h"
#include "web/results.h"
#include "web/show.h"
#include "web/secret.h"
#include "web/server.h"
#include "web/upload.h"

/* The ticker's rounds: milliseconds, and how many of them between greetings and between sweeps. */
enum { ROUND_MS = 1000, GREET_ROUNDS = 15, SWEEP_ROUNDS = 600, WAKE_ROUNDS = 10, USUAL_THREADS = 2 };

void eki_web_say(struct eki_web *web, json_t *line)
{
    struct eki_buffer text = {0};
    if (web->options.log && line) {
        eki_buffer_json(&text, line);
        pthread_mutex_lock(&web->log_lock);
        if (!text.failed) web->options.log(web->options.user, text.bytes, text.length);
        pthread_mutex_unlock(&web->log_lock);
    }
    eki_buffer_done(&text);
    json_decref(line);
}

void eki_web_note(struct eki_web *web, const char *level, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    eki_web_say(web, json_pack("{s:s, s:o, s:s, s:s}", "type", "note", "at", eki_show_time(eki_web_now(web)),
                               "level", level, "message", text));
}

void eki_web_tell(struct eki_web *web, const char *name, json_t *row)
{
    struct eki_buffer text = {0};
    eki_buffer_json(&text, row);
    json_decref(row);
    if (!text.failed) eki_events_tell(&web->events, name, text.bytes);
    eki_buffer_done(&text);
}

uint64_t eki_web_ticks(const struct eki_web *web)
{
    return web->options.clock.ticks(web->options.clock.user);
}

int64_t eki_web_now(const struct eki_web *web)
{
    return web->options.clock.now(web->options.clock.user) / 1000;
}

bool eki_web_path(const struct eki_web *web, const char *part, const char *name, char ret_path[4096])
{
    int length = snprintf(ret_path, 4096, "%s/%s/%s", web->options.data, part, name);
    return length > 0 && length < 4096;
}

static enum eki_error make_folder(const char *path, struct eki_fault *ret_fault)
{
    if (!mkdir(path, 0700) || errno == EEXIST) return EKI_OK;
    return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%.100s cannot be made", path);
}

static enum eki_error make_folders(const struct eki_web *web, struct eki_fault *ret_fault)
{
    static const char *const names[] = {"inputs", "results"};
    char path[4096];
    enum eki_error error = make_folder(web->options.data, ret_fault);
    for (size_t i = 0; i < sizeof names / sizeof *names && !error; i++)
        error = eki_web_path(web, names[i], "", path) ? make_folder(path, ret_fault) : EKI_ERROR_OPEN;
    return error;
}

static void sweep(struct eki_web *web)
{
    struct eki_store_work *work;
    uint64_t removed;
    struct eki_store_act act = {.at = eki_web_now(web), .who = "service"};
    if (eki_store_begin(web->options.store, &act, &work, NULL)) return;
    enum eki_error error = eki_store_sweep(work, &removed);
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
}

/* What has to be done now and then. */
static void *tick(void *user)
{
    struct eki_web *web = user;
    struct pollfd wake = {.fd = web->ticker_wake, .events = POLLIN};
    for (unsigned round = 1; poll(&wake, 1, ROUND_MS) <= 0; round++) {
        unsigned expired = eki_gate_expire(&web->gate, eki_web_ticks(web));
        atomic_fetch_add(&web->metrics.expired, expired);
        eki_web_live_tell(web);
        if (round % GREET_ROUNDS == 0) eki_events_greet(&web->events);
        if (round % WAKE_ROUNDS == 0) eki_worker_wake(web); /* the store may have been away */
        if (round % SWEEP_ROUNDS == 0) sweep(web);
        if (round % SWEEP_ROUNDS == 0) eki_upload_expire(web);
    }
    return NULL;
}

static enum eki_error start_ticker(struct eki_web *web)
{
    web->ticker_wake = eventfd(0, EFD_CLOEXEC);
    if (web->ticker_wake < 0 || pthread_create(&web->ticker, NULL, tick, web)) return EKI_ERROR_MEMORY;
    web->ticking = true;
    return EKI_OK;
}

/* Parts in the order in which they need one another. */
static enum eki_error start(struct eki_web *web, struct eki_fault *ret_fault)
{
    enum eki_error error = eki_secret_start();
    if (!error) error = make_folders(web, ret_fault);
    if (!error)
        error = eki_listen(web->options.listen, &web->listener, &web->port, &web->loopback, ret_fault);
    if (!error) {
        web->description = eki_description_make(ret_fault);
        if (!web->description) error = EKI_ERROR_CORRUPT;
    }
    const char *file;
    if (!error) error = eki_catalogue_read(NULL, &web->catalogue, &file, ret_fault);
    if (!error) error = eki_invite_first(web, ret_fault);
    if (error) return error;
    eki_upload_sweep(web);
    eki_upload_expire(web);
    eki_results_sweep(web);
    error = eki_lane_start(&web->slow);
    if (!error) error = eki_lane_start(&web->writing);
    if (!error) error = eki_worker_start(web, ret_fault);
    if (!error) error = start_ticker(web);
    if (!error) error = eki_courier_start(web);
    if (!error) error = eki_server_start(web, ret_fault);
    return error;
}

enum eki_error eki_web_start(const struct eki_web_options *options, struct eki_web **ret_web,
                             struct eki_fault *ret_fault)
{
    struct eki_web *web = eki_allocate(1, sizeof *web);
    if (!web) return EKI_ERROR_MEMORY;
    web->options = *options;
    if (!web->options.threads) web->options.threads = USUAL_THREADS;
    web->listener = web->ticker_wake = web->courier.wake = -1;
    struct eki_fault fault = {0};
    enum eki_error error = eki_gate_init(&web->gate, options->requests_per_s);
    /* Numbers of events go on over a restart, so that Last-Event-ID means the same. */
    if (!error) error = eki_events_init(&web->events, (uint64_t)eki_web_now(web));
    if (!error) error = eki_web_live_init(&web->live);
    if (!error && pthread_mutex_init(&web->log_lock, NULL)) error = EKI_ERROR_MEMORY;
    if (!error) error = eki_desk_init(&web->desk);
    if (!error) error = eki_uploads_init(&web->uploads);
    if (!error) error = start(web, &fault);
    if (error) {
        if (ret_fault) *ret_fault = fault;
        eki_web_stop(web);
        return error;
    }
    *ret_web = web;
    return EKI_OK;
}

uint16_t eki_web_port(const struct eki_web *web)
{
    return web->port;
}

const char *eki_web_invitation(const struct eki_web *web)
{
    return web->invitation[0] ? web->invitation : NULL;
}

void eki_web_stop(struct eki_web *web)
{
    uint64_t one = 1;
    if (!web) return;
    eki_server_quiet(web);
    eki_worker_stop(web);
    eki_courier_stop(web);
    eki_web_live_stop(&web->live);
    if (web->ticking && write(web->ticker_wake, &one, sizeof one) == (ssize_t)sizeof one)
        pthread_join(web->ticker, NULL);
    eki_lane_stop(&web->slow); /* wakes the connections that sleep for it */
    eki_lane_stop(&web->writing);
    eki_events_close(&web->events);
    eki_server_stop(web);
    if (web->ticker_wake >= 0) close(web->ticker_wake);
    eki_events_done(&web->events);
    eki_web_live_done(&web->live);
    eki_gate_done(&web->gate);
    pthread_mutex_destroy(&web->log_lock);
    eki_catalogue_free(web->catalogue);
    eki_desk_done(&web->desk);
    eki_uploads_done(&web->uploads);
    json_decref(web->description);
    eki_free(web);
}
