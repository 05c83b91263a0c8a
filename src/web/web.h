/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_WEB_H
#define EKI_WEB_WEB_H
/* The service as its parts see it. Made and ended by web.c; nothing of it is reached by any global. */
#include <netinet/in.h>
#include <pthread.h>

#include "ekigaku/web.h"
#include "web/desk.h"
#include "web/courier.h"
#include "web/events.h"
#include "web/gate.h"
#include "web/lane.h"
#include "web/live.h"
#include "web/metrics.h"
#include "web/upload.h"
#include "web/worker.h"

struct MHD_Daemon;
struct eki_catalogue;

struct eki_web {
    struct eki_web_options options;
    struct MHD_Daemon *daemon;
    int listener;
    uint16_t port;
    bool loopback; /* it listens on a loopback address: foreign names of it are refused */
    struct eki_gate gate;
    struct eki_metrics metrics;
    struct eki_events events;
    struct eki_lane slow, writing;
    struct eki_worker worker;
    struct eki_courier courier;
    struct eki_uploads uploads;
    struct eki_web_live live;
    struct eki_catalogue *catalogue;
    struct eki_desk desk;
    json_t *description; /* the assembled API description */
    pthread_mutex_t log_lock;
    pthread_t ticker;
    int ticker_wake; /* eventfd that ends the ticker */
    bool ticking;
    char invitation[80];
};

/* One line for the log: a JSON object, taken over. Any thread. */
void eki_web_say(struct eki_web *web, json_t *line);
/* A line that tells what happened, printf-like, under "message". */
void eki_web_note(struct eki_web *web, const char *level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Tells an event to all who listen: the row as data, taken over. Any thread. */
void eki_web_tell(struct eki_web *web, const char *name, json_t *row);

/* Ticks of the caller's clock, nanoseconds; and its time, microseconds. */
uint64_t eki_web_ticks(const struct eki_web *web);
int64_t eki_web_now(const struct eki_web *web);

/* "DATA/part/name" with its NUL; false when it does not fit. */
bool eki_web_path(const struct eki_web *web, const char *part, const char *name, char ret_path[4096]);

#endif
