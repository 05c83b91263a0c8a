/* SPDX-License-Identifier: Apache-2.0 */
#include "web/lane.h"

#include <microhttpd.h>

#include "web/request.h"
#include "web/router.h"

static struct eki_request *take(struct eki_lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    while (!lane->first && !lane->closed) pthread_cond_wait(&lane->more, &lane->lock);
    struct eki_request *request = lane->first;
    if (request) {
        lane->first = request->next;
        if (!lane->first) lane->last = NULL;
        lane->waiting--;
    }
    pthread_mutex_unlock(&lane->lock);
    return request;
}

static void *serve(void *user)
{
    struct eki_lane *lane = user;
    struct eki_request *request;
    while ((request = take(lane))) {
        request->route->handler(request);
        request->stage = EKI_STAGE_ANSWERED;
        MHD_resume_connection(request->connection); /* the request is the server's again */
    }
    return NULL;
}

enum eki_error eki_lane_start(struct eki_lane *lane)
{
    *lane = (struct eki_lane){0};
    if (pthread_mutex_init(&lane->lock, NULL) || pthread_cond_init(&lane->more, NULL))
        return EKI_ERROR_MEMORY;
    for (; lane->started < EKI_LANE_THREADS; lane->started++)
        if (pthread_create(&lane->threads[lane->started], NULL, serve, lane)) break;
    if (lane->started) return EKI_OK;
    return EKI_ERROR_MEMORY;
}

bool eki_lane_push(struct eki_lane *lane, struct eki_request *request)
{
    pthread_mutex_lock(&lane->lock);
    bool room = !lane->closed && lane->waiting < EKI_LANE_WAITING;
    if (room) {
        request->stage = EKI_STAGE_PASSED;
        request->next = NULL;
        MHD_suspend_connection(request->connection);
        if (lane->last)
            lane->last->next = request;
        else
            lane->first = request;
        lane->last = request;
        lane->waiting++;
        pthread_cond_signal(&lane->more);
    }
    pthread_mutex_unlock(&lane->lock);
    return room;
}

void eki_lane_stop(struct eki_lane *lane)
{
    if (!lane->started) return;
    pthread_mutex_lock(&lane->lock);
    lane->closed = true;
    pthread_cond_broadcast(&lane->more);
    pthread_mutex_unlock(&lane->lock);
    for (unsigned i = 0; i < lane->started; i++) pthread_join(lane->threads[i], NULL);
    pthread_mutex_destroy(&lane->lock);
    pthread_cond_destroy(&lane->more);
    lane->started = 0;
}
