/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_LANE_H
#define EKI_WEB_LANE_H
/*
 * Lanes: requests that take long or wait are answered by threads of their own while their connection sleeps,
 * so that those that serve the others are not held up. The slow one is for passwords, large lists and the end
 * of an upload; the writing one for what changes the store, where one waits for the other and all for another
 * program that keeps it locked.
 */
#include <pthread.h>
#include <stdbool.h>

#include "ekigaku/error.h"

struct eki_request;

enum {
    EKI_LANE_THREADS = 2,  /* a password costs 64 MiB while it is checked */
    EKI_LANE_WAITING = 128 /* more than that wait longer than people do: refused */
};

struct eki_lane {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t threads[EKI_LANE_THREADS];
    unsigned started, waiting;
    bool closed;
    struct eki_request *first, *last;
};

/* Starts the threads. Pair with eki_lane_stop. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_lane_start(struct eki_lane *lane);

/* Hands a request over; its connection is put to sleep until it is answered. False when the lane is full or
 * closed: the request is still the caller's. */
bool eki_lane_push(struct eki_lane *lane, struct eki_request *request);

/* Answers what waits and ends the threads. A zeroed lane is allowed. */
void eki_lane_stop(struct eki_lane *lane);

#endif
