/* SPDX-License-Identifier: Apache-2.0 */
#include "web/events.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum { BLOCK = 16384 };
static const char greeting[] = ": still here\n\n";

enum eki_error eki_events_init(struct eki_events *events, uint64_t first)
{
    *events = (struct eki_events){.next = first ? first : 1};
    return pthread_mutex_init(&events->lock, NULL) ? EKI_ERROR_MEMORY : EKI_OK;
}

/* With the lock held. */
static void wake(struct eki_events *events)
{
    for (struct eki_listener *l = events->listeners; l; l = l->next) {
        if (!l->asleep) continue;
        l->asleep = false;
        MHD_resume_connection(l->connection);
    }
}

void eki_events_tell(struct eki_events *events, const char *name, const char *json)
{
    static const char form[] = "id: %" PRIu64 "\nevent: %s\ndata: %s\n\n";
    size_t room = sizeof form + strlen(name) + strlen(json) + 24;
    char *text = eki_allocate(room, 1);
    pthread_mutex_lock(&events->lock);
    struct eki_event *event = &events->kept[events->next % EKI_EVENTS_KEPT];
    eki_free(event->text);
    *event = (struct eki_event){.text = text};
    if (text) event->length = (size_t)snprintf(text, room, form, events->next, name, json);
    events->next++;
    wake(events);
    pthread_mutex_unlock(&events->lock);
}

/* What a listener gets next; NULL: nothing now. With the lock held. */
static const char *due(const struct eki_events *events, struct eki_listener *l, char *made,
                       size_t *ret_length)
{
    if (l->in_greeting || (l->wants >= events->next && l->greet)) {
        *ret_length = sizeof greeting - 1;
        l->in_greeting = true;
        return greeting;
    }
    if (l->wants >= events->next) return NULL;
    const struct eki_event *event = &events->kept[l->wants % EKI_EVENTS_KEPT];
    if (events->next - l->wants <= EKI_EVENTS_KEPT && event->text) {
        *ret_length = event->length;
        return event->text;
    }
    l->wants = events->next - 1; /* events were lost: this stands for all of them */
    *ret_length = (size_t)snprintf(made, 80, "id: %" PRIu64 "\nevent: reset\ndata: {}\n\n", l->wants);
    return made;
}

/* The event of which a part was sent is not kept any more: the browser comes back by itself. */
static bool is_torn(const struct eki_events *events, const struct eki_listener *l)
{
    return l->offset && !l->in_greeting && events->next - l->wants > EKI_EVENTS_KEPT;
}

static ssize_t read_events(void *user, uint64_t position, char *out, size_t most)
{
    struct eki_listener *l = user;
    struct eki_events *events = l->events;
    char made[80];
    size_t length, written = 0;
    (void)position;
    pthread_mutex_lock(&events->lock);
    if (events->closed || is_torn(events, l)) {
        pthread_mutex_unlock(&events->lock);
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    const char *text = due(events, l, made, &length);
    if (!text) {
        l->asleep = true;
        MHD_suspend_connection(l->connection);
    } else {
        written = length - l->offset < most ? length - l->offset : most;
        memcpy(out, text + l->offset, written);
        l->offset += written;
        if (l->offset == length) {
            l->offset = 0;
            if (l->in_greeting)
                l->greet = l->in_greeting = false;
            else
                l->wants++;
        }
    }
    pthread_mutex_unlock(&events->lock);
    return (ssize_t)written;
}

static void leave(void *user)
{
    struct eki_listener *l = user;
    struct eki_events *events = l->events;
    pthread_mutex_lock(&events->lock);
    if (l->previous)
        l->previous->next = l->next;
    else
        events->listeners = l->next;
    if (l->next) l->next->previous = l->previous;
    events->count--;
    pthread_mutex_unlock(&events->lock);
    eki_free(l);
}

static bool enter(struct eki_events *events, struct eki_listener *l, uint64_t last)
{
    pthread_mutex_lock(&events->lock);
    bool room = events->count < EKI_EVENTS_LISTENERS;
    if (room) {
        l->wants = last && last < events->next ? last + 1 : events->next;
        l->next = events->listeners;
        if (l->next) l->next->previous = l;
        events->listeners = l;
        events->count++;
    }
    pthread_mutex_unlock(&events->lock);
    return room;
}

struct MHD_Response *eki_events_response(struct eki_events *events, struct MHD_Connection *connection,
                                         uint64_t last)
{
    struct eki_listener *l = eki_allocate(1, sizeof *l);
    if (!l) return NULL;
    *l = (struct eki_listener){.events = events, .connection = connection, .greet = true};
    if (!enter(events, l, last)) {
        eki_free(l);
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_events, l, leave);
    if (!response) leave(l);
    return response;
}

void eki_events_greet(struct eki_events *events)
{
    pthread_mutex_lock(&events->lock);
    for (struct eki_listener *l = events->listeners; l; l = l->next) l->greet = true;
    wake(events);
    pthread_mutex_unlock(&events->lock);
}

void eki_events_close(struct eki_events *events)
{
    pthread_mutex_lock(&events->lock);
    events->closed = true;
    wake(events);
    pthread_mutex_unlock(&events->lock);
}

void eki_events_done(struct eki_events *events)
{
    for (size_t i = 0; i < EKI_EVENTS_KEPT; i++) eki_free(events->kept[i].text);
    pthread_mutex_destroy(&events->lock);
}
