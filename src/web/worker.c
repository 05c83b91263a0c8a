/* SPDX-License-Identifier: Apache-2.0 */
#include "web/worker.h"

#include <stdio.h>

#include "ekigaku/store.h"
#include "web/job.h"
#include "web/web.h"

/* Sleeps until there may be work. False: the service ends. */
static bool wait_for_work(struct eki_worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->woken && !worker->closed) pthread_cond_wait(&worker->more, &worker->lock);
    worker->woken = false;
    bool open = !worker->closed;
    pthread_mutex_unlock(&worker->lock);
    return open;
}

/* Takes the oldest job; its texts are copied into `ret_job`, since the work ends. */
static enum eki_error claim(struct eki_web *web, struct eki_job *ret_job)
{
    struct eki_store_work *work;
    struct eki_store_act act = {.at = eki_web_now(web), .who = "worker"};
    enum eki_error error = eki_store_begin(web->options.store, &act, &work, NULL);
    if (error) return error;
    error = eki_store_claim_job(work, &ret_job->row);
    if (!error) error = eki_store_commit(work);
    if (!error) error = eki_job_copy(ret_job);
    eki_store_end(work);
    return error;
}

static bool begin(struct eki_worker *worker, int64_t id)
{
    pthread_mutex_lock(&worker->lock);
    worker->running = id;
    worker->cancelled = false;
    worker->stop = worker->closed;
    pthread_mutex_unlock(&worker->lock);
    return !worker->closed;
}

static bool end(struct eki_worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    bool cancelled = worker->cancelled;
    worker->running = 0;
    pthread_mutex_unlock(&worker->lock);
    return cancelled;
}

/* True when there may be more. */
static bool play_one(struct eki_web *web)
{
    struct eki_job job = {.web = web, .stop = &web->worker.stop};
    enum eki_error error = claim(web, &job);
    if (error == EKI_ERROR_MISSING) return false;
    if (error) {
        eki_web_note(web, "error", "the queue of jobs: %s", eki_error_text(error));
        eki_job_done(&job);
        return false; /* the ticker wakes the worker again */
    }
    begin(&web->worker, job.row.id);
    eki_job_play(&job);
    job.cancelled = end(&web->worker);
    eki_job_settle(&job);
    eki_job_done(&job);
    return true;
}

static void *serve(void *user)
{
    struct eki_web *web = user;
    while (wait_for_work(&web->worker))
        while (!web->worker.closed && play_one(web)) continue;
    return NULL;
}

static enum eki_error recover(struct eki_web *web, struct eki_fault *ret_fault)
{
    struct eki_store_work *work;
    uint64_t queued = 0, failed = 0;
    struct eki_store_act act = {.at = eki_web_now(web), .who = "restart"};
    enum eki_error error = eki_store_begin(web->options.store, &act, &work, ret_fault);
    if (error) return error;
    error = eki_store_recover_jobs(work, EKI_JOB_ATTEMPTS, &queued, &failed);
    if (!error) error = eki_store_commit(work);
    if (error) eki_fault_set(ret_fault, error, 0, "the queue of jobs: %.100s", eki_store_why(work)->what);
    eki_store_end(work);
    if (!error && queued + failed)
        eki_web_note(web, "info", "jobs that were running: %llu queued again, %llu failed",
                     (unsigned long long)queued, (unsigned long long)failed);
    return error;
}

enum eki_error eki_worker_start(struct eki_web *web, struct eki_fault *ret_fault)
{
    struct eki_worker *worker = &web->worker;
    enum eki_error error = recover(web, ret_fault);
    if (error) return error;
    *worker = (struct eki_worker){.woken = true};
    if (pthread_mutex_init(&worker->lock, NULL) || pthread_cond_init(&worker->more, NULL) ||
        pthread_create(&worker->thread, NULL, serve, web))
        return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "no thread for jobs");
    worker->started = true;
    return EKI_OK;
}

void eki_worker_wake(struct eki_web *web)
{
    pthread_mutex_lock(&web->worker.lock);
    web->worker.woken = true;
    pthread_cond_signal(&web->worker.more);
    pthread_mutex_unlock(&web->worker.lock);
}

void eki_worker_cancel(struct eki_web *web, int64_t job)
{
    struct eki_worker *worker = &web->worker;
    pthread_mutex_lock(&worker->lock);
    if (worker->running == job) {
        worker->cancelled = true;
        worker->stop = 1;
    }
    pthread_mutex_unlock(&worker->lock);
}

void eki_worker_stop(struct eki_web *web)
{
    struct eki_worker *worker = &web->worker;
    if (!worker->started) return;
    pthread_mutex_lock(&worker->lock);
    worker->closed = true;
    worker->stop = 1;
    pthread_cond_signal(&worker->more);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    pthread_mutex_destroy(&worker->lock);
    pthread_cond_destroy(&worker->more);
    worker->started = false;
}
