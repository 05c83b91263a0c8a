/* SPDX-License-Identifier: Apache-2.0 */
/* What the watch beside the service sees, as the pages ask for it. */
#define _GNU_SOURCE
#include "web/live.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/report.h"
#include "web/handlers.h"
#include "web/show.h"
#include "web/web.h"

enum eki_error eki_web_live_init(struct eki_web_live *live)
{
    *live = (struct eki_web_live){.running = false};
    if (pthread_mutex_init(&live->lock, NULL)) return EKI_ERROR_MEMORY;
    if (pthread_cond_init(&live->more, NULL) || pthread_cond_init(&live->done, NULL)) return EKI_ERROR_MEMORY;
    return EKI_OK;
}

/* Keeps what is handed over, until the end. */
static void *keep_all(void *user)
{
    struct eki_web *web = user;
    struct eki_web_live *live = &web->live;
    pthread_mutex_lock(&live->lock);
    while (!live->closed) {
        const struct eki_result *result = live->keeping;
        if (!result) {
            pthread_cond_wait(&live->more, &live->lock);
            continue;
        }
        pthread_mutex_unlock(&live->lock);
        enum eki_error error = eki_web_live_keep(web, result);
        pthread_mutex_lock(&live->lock);
        live->keeping = NULL;
        live->kept = error;
        pthread_cond_signal(&live->done);
    }
    pthread_mutex_unlock(&live->lock);
    return NULL;
}

enum eki_error eki_web_live_attach(struct eki_web *web, const char *input)
{
    struct eki_web_live *live = &web->live;
    if (live->started) return EKI_ERROR_CONFLICT;
    struct eki_web_live_news *news = eki_allocate(EKI_WEB_LIVE_NEWS, sizeof *news);
    if (!news) return EKI_ERROR_MEMORY;
    pthread_mutex_lock(&live->lock);
    live->news = news;
    snprintf(live->input, sizeof live->input, "%s", input);
    live->analysis = eki_web_live_earlier(web);
    live->attached = true;
    pthread_mutex_unlock(&live->lock);
    if (pthread_create(&live->keeper, NULL, keep_all, web)) return EKI_ERROR_MEMORY;
    live->started = true;
    return EKI_OK;
}

void eki_web_live_state(struct eki_web *web, bool running, const char *message)
{
    struct eki_web_live *live = &web->live;
    pthread_mutex_lock(&live->lock);
    live->running = running;
    live->changed = true;
    snprintf(live->message, sizeof live->message, "%s", message ? message : "");
    pthread_mutex_unlock(&live->lock);
    if (message) eki_web_note(web, running ? "info" : "warning", "watch: %.350s", message);
}

void eki_web_live_news(struct eki_web *web, const struct eki_news_item *item)
{
    struct eki_web_live *live = &web->live;
    pthread_mutex_lock(&live->lock);
    struct eki_web_live_news *news = &live->news[live->told % EKI_WEB_LIVE_NEWS];
    size_t length = eki_news_text(item, news->text);
    if (length && news->text[length - 1] == '\n') news->text[length - 1] = 0;
    eki_news_json(item, news->json);
    news->at = item->time == EKI_TIME_NONE ? 0 : item->time / 1000;
    live->told++;
    live->changed = true;
    pthread_mutex_unlock(&live->lock);
}

static ssize_t take(void *user, const char *bytes, size_t length)
{
    struct eki_buffer *out = user;
    eki_buffer_add(out, bytes, length);
    return out->failed ? 0 : (ssize_t)length;
}

/* The sources with the most evidence, as values with commas between. */
static void write_sources(const struct eki_result *result, struct eki_buffer *out)
{
    size_t start = out->length;
    struct eki_result most = *result;
    if (most.scanner_count > EKI_WEB_LIVE_SOURCES) most.scanner_count = EKI_WEB_LIVE_SOURCES;
    most.sign_count = 0; /* those of a source stand with the analysis */
    FILE *file = fopencookie(out, "w", (cookie_io_functions_t){.write = take});
    enum eki_error error = file ? eki_report_scanner_lines(&most, file) : EKI_ERROR_MEMORY;
    if (!file || fclose(file) || error) out->failed = true;
    for (size_t i = start; i < out->length; i++)
        if (out->bytes[i] == '\n') out->bytes[i] = i + 1 < out->length ? ',' : ' ';
}

static uint64_t count_infected(const struct eki_result *result)
{
    uint64_t infected = 0;
    for (size_t i = 0; i < result->outbreak_count; i++) infected += result->outbreaks[i].infection_count;
    return infected;
}

/* The look as keys and values. */
static bool write_look(struct eki_web *web, const struct eki_result *result, struct eki_buffer *out)
{
    json_t *end = eki_show_time(result->end == EKI_TIME_NONE ? 0 : result->end / 1000),
           *looked = eki_show_time(eki_web_now(web));
    if (!end || !looked) out->failed = true;
    eki_buffer_text(out, "\"end\":");
    eki_buffer_json(out, end);
    eki_buffer_text(out, ",\"looked\":");
    eki_buffer_json(out, looked);
    eki_buffer_print(out, ",\"packets\":%llu,\"flows\":%llu,\"contacts\":%llu,\"infected\":%llu",
                     (unsigned long long)result->packets, (unsigned long long)result->flows,
                     (unsigned long long)result->contacts, (unsigned long long)count_infected(result));
    eki_buffer_print(out, ",\"sources_total\":%zu,\"sources\":[", result->scanner_count);
    write_sources(result, out);
    eki_buffer_text(out, "]");
    json_decref(end);
    json_decref(looked);
    return !out->failed;
}

/* Is there something to keep, and is it other than what is kept? With the lock held. */
static bool is_worth_keeping(const struct eki_web_live *live, const struct eki_result *result)
{
    return eki_report_exit_status(result) &&
           (!live->analysis || live->told != live->told_kept || result->contacts != live->contacts_kept);
}

enum eki_error eki_web_live_look(struct eki_web *web, const struct eki_result *result, bool keep)
{
    struct eki_web_live *live = &web->live;
    struct eki_buffer look = {0};
    enum eki_error error = write_look(web, result, &look) ? EKI_OK : EKI_ERROR_MEMORY;
    pthread_mutex_lock(&live->lock);
    if (!error) {
        struct eki_buffer old = live->look;
        live->look = look;
        look = old;
        live->changed = true;
    }
    if (keep && is_worth_keeping(live, result) && !live->closed) {
        live->keeping = result;
        pthread_cond_signal(&live->more);
        while (live->keeping) pthread_cond_wait(&live->done, &live->lock);
        error = live->kept;
        if (!error) live->told_kept = live->told;
        if (!error) live->contacts_kept = result->contacts;
    }
    pthread_mutex_unlock(&live->lock);
    eki_buffer_done(&look);
    return error;
}

/* The newest first. With the lock held. */
static json_t *show_news(const struct eki_web_live *live)
{
    json_t *items = json_array();
    uint64_t first = live->told > EKI_WEB_LIVE_NEWS ? live->told - EKI_WEB_LIVE_NEWS : 0;
    for (uint64_t i = live->told; i-- > first;) {
        const struct eki_web_live_news *news = &live->news[i % EKI_WEB_LIVE_NEWS];
        json_t *item = json_loads(news->json, 0, NULL);
        if (!item) item = json_object(); /* longer than a line */
        json_object_set_new(item, "at", eki_show_time(news->at));
        json_object_set_new(item, "text", json_string(news->text));
        json_array_append_new(items, item);
    }
    return items;
}

/* With the lock held. */
static json_t *show_state(const struct eki_web_live *live)
{
    return json_pack("{s:b, s:[s], s:o, s:o, s:I}", "running", (int)live->running, "inputs", live->input,
                     "message", eki_show_text(live->message), "analysis", eki_show_id(live->analysis), "told",
                     (json_int_t)live->told);
}

void eki_web_live_tell(struct eki_web *web)
{
    struct eki_web_live *live = &web->live;
    pthread_mutex_lock(&live->lock);
    json_t *state = live->attached && live->changed ? show_state(live) : NULL;
    live->changed = false;
    pthread_mutex_unlock(&live->lock);
    if (state) eki_web_tell(web, "live", state);
}

void eki_live_get(struct eki_request *request)
{
    struct eki_web_live *live = &request->web->live;
    struct eki_buffer out = {0};
    pthread_mutex_lock(&live->lock);
    bool attached = live->attached;
    if (attached) {
        json_t *state = show_state(live);
        json_object_set_new(state, "news", show_news(live));
        eki_buffer_json(&out, state);
        json_decref(state);
        if (out.length) out.length--; /* the brace: what was looked at goes on */
        eki_buffer_text(&out, ",");
        if (live->look.length)
            eki_buffer_add(&out, live->look.bytes, live->look.length);
        else
            eki_buffer_text(&out, "\"sources\":[],\"sources_total\":0,\"looked\":null");
        eki_buffer_text(&out, "}");
    }
    pthread_mutex_unlock(&live->lock);
    if (attached)
        eki_reply_buffer(request, "application/json", &out);
    else
        eki_problem(
            request, 404,
            "Nothing is watched. Start the service with --watch and an interface, a file, a folder or "
            "udp:ADDRESS:PORT.");
}

void eki_web_live_stop(struct eki_web_live *live)
{
    if (!live->started) return;
    pthread_mutex_lock(&live->lock);
    live->closed = true;
    pthread_cond_broadcast(&live->more);
    pthread_mutex_unlock(&live->lock);
    pthread_join(live->keeper, NULL);
    live->started = false;
}

void eki_web_live_done(struct eki_web_live *live)
{
    eki_buffer_done(&live->look);
    eki_free(live->news);
    pthread_cond_destroy(&live->more);
    pthread_cond_destroy(&live->done);
    pthread_mutex_destroy(&live->lock);
}
