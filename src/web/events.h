/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_EVENTS_H
#define EKI_WEB_EVENTS_H
/*
 * Server-sent events (WHATWG HTML, "Server-sent events"): what changes is told to all who listen. The last
 * 1,024 events are kept, so that a browser that comes back with Last-Event-ID misses nothing; one that was
 * away longer is told "reset" and loads its page anew. A listener costs no thread: its connection sleeps
 * between events.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"

struct MHD_Connection;
struct MHD_Response;

enum {
    EKI_EVENTS_KEPT = 1024,
    EKI_EVENTS_LISTENERS = 256 /* a quarter of all connections */
};

struct eki_event {
    char *text; /* as it goes over the wire */
    size_t length;
};

struct eki_listener {
    struct eki_listener *next, *previous;
    struct eki_events *events;
    struct MHD_Connection *connection;
    uint64_t wants;                  /* number of the next event */
    size_t offset;                   /* bytes of it that were sent */
    bool asleep, greet, in_greeting; /* greet: a comment is due, which keeps the connection open */
};

struct eki_events {
    pthread_mutex_t lock;
    struct eki_event kept[EKI_EVENTS_KEPT]; /* event n is at n % EKI_EVENTS_KEPT */
    uint64_t next;                          /* number of the next event; the first is 1 */
    struct eki_listener *listeners;
    unsigned count;
    bool closed;
};

/* No events yet; `first` is the number of the first: numbers go on over a restart when it is taken from a
 * clock. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_events_init(struct eki_events *events, uint64_t first);

/* Tells an event: a name and one line of JSON. Without memory listeners are told "reset". Any thread.
 * O(listeners). */
void eki_events_tell(struct eki_events *events, const char *name, const char *json);

/* A response that streams events after `last` (0: from now on); NULL when there are too many listeners or no
 * memory. */
struct MHD_Response *eki_events_response(struct eki_events *events, struct MHD_Connection *connection,
                                         uint64_t last);

/* Every listener gets a comment, so that those who left are noticed. Every 15 s or so. */
void eki_events_greet(struct eki_events *events);

/* Every listener's answer ends, new ones end at once. */
void eki_events_close(struct eki_events *events);

/* Frees what is kept. After the server ended. */
void eki_events_done(struct eki_events *events);

#endif
