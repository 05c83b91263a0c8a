/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_WORKER_H
#define EKI_WEB_WORKER_H
/*
 * The one thread that plays jobs, the oldest first. The queue is the store: a job outlives the program, and
 * one that was running when the program ended is begun anew, three times at most (an input that brings the
 * program down must not do so for ever).
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"

struct eki_web;
struct eki_store_job;

enum { EKI_JOB_ATTEMPTS = 3 };

struct eki_worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    bool started, closed, woken;
    bool cancelled;    /* the running job, by somebody */
    volatile int stop; /* the running job ends early */
    int64_t running;   /* its id; 0: none */
};

/* Queues what was running before, and starts the thread. Errors of the store, EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_worker_start(struct eki_web *web, struct eki_fault *ret_fault);

/* There is a new job. */
void eki_worker_wake(struct eki_web *web);

/* Ends the running job when it is this one. */
void eki_worker_cancel(struct eki_web *web, int64_t job);

/* Ends: a running job goes back to the queue. */
void eki_worker_stop(struct eki_web *web);

#endif
