/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_DESK_H
#define EKI_WEB_DESK_H
/*
 * The directory as requests use it: made of the store's rows once, and again when the audit log says that one
 * of them changed (also by another process) or when an hour passed, since the health of contacts depends on
 * the time. Requests share it; each gives its reference back.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/desk_directory.h"

struct eki_request;

/* What lists and the map show of a team. */
struct eki_desk_team {
    uint32_t contacts, networks[EKI_RESOURCES];
    uint8_t health;   /* of its best contact; EKI_HEALTHS: it has none */
    double addresses; /* of its IPv4 prefixes together, those inside one another counted twice */
};

struct eki_desk_view {
    struct eki_directory *directory;
    struct eki_desk_team *teams; /* by position */
    int64_t *rows;               /* ids; by line of the record, from line 2 on */
    size_t row_count;
    unsigned users;
};

struct eki_desk {
    pthread_mutex_t lock;
    struct eki_desk_view *view;    /* NULL: not made yet */
    struct eki_desk_view *program; /* what of it programs may see; NULL: not made yet */
    int64_t seen;                  /* newest entry of the audit log that was looked at */
    int64_t made;
    bool ready; /* the lock was made */
};

/* Empty; the first request makes the directory. Pair with eki_desk_done, which takes a zeroed one too.
 * EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_desk_init(struct eki_desk *desk);
/* Frees what it holds; no request may have it any more. */
void eki_desk_done(struct eki_desk *desk);

/* The directory as it is now; NULL after answering with a problem. No work may be open. Any thread. */
struct eki_desk_view *eki_desk_take(struct eki_request *request);
/* The directory as whoever asks may see it: a program is told nothing of TLP:RED. NULL after answering. */
struct eki_desk_view *eki_desk_take_shown(struct eki_request *request);
/* Gives it back. */
void eki_desk_release(struct eki_request *request, struct eki_desk_view *view);

/* The row of a record. */
int64_t eki_desk_row_of(const struct eki_desk_view *view, const struct eki_record *record);

#endif
