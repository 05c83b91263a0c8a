/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_LIVE_H
#define EKI_WEB_LIVE_H
/*
 * What the watch beside the service sees: a copy of its last look as JSON, the news, and the thread that
 * keeps what was found. The watch waits for that thread, so that the result it hands over lives as long.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/live.h"
#include "web/buffer.h"

/* What is kept in memory: sources of some 1.5 KiB, news of 1 KiB; more nobody reads on one page. */
enum {
    EKI_WEB_LIVE_SOURCES = 500,
    EKI_WEB_LIVE_NEWS = 200,
    EKI_WEB_LIVE_INPUT = 300,
    EKI_WEB_LIVE_MESSAGE = 400
};

struct eki_web_live_news {
    int64_t at;                                    /* microseconds since 1970 */
    char text[EKI_NEWS_LINE], json[EKI_NEWS_LINE]; /* the same, for people and in parts */
};

struct eki_web_live {
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t more, done;
    pthread_t keeper;
    bool attached, started, closed, running, changed; /* changed: those who listen are to be told */
    char input[EKI_WEB_LIVE_INPUT], message[EKI_WEB_LIVE_MESSAGE];
    struct eki_buffer look;            /* the last look: keys and values of an object, without braces */
    struct eki_web_live_news *news;    /* a ring of EKI_WEB_LIVE_NEWS */
    uint64_t told;                     /* news so far */
    const struct eki_result *keeping;  /* to be kept now; NULL: nothing */
    enum eki_error kept;               /* what came of it */
    int64_t analysis;                  /* under which it is kept; 0: nothing yet */
    uint64_t told_kept, contacts_kept; /* news and contacts when it was kept last */
};

/* Nothing is watched. EKI_ERROR_MEMORY. Pair with eki_web_live_done. */
EKI_MUST_USE enum eki_error eki_web_live_init(struct eki_web_live *live);

/* Tells those who listen, when something has changed. Once a second. */
void eki_web_live_tell(struct eki_web *web);

/* Ends the keeper. No call of the watch may come after it. */
void eki_web_live_stop(struct eki_web_live *live);

/* Frees what is its own. A zeroed one is allowed. */
void eki_web_live_done(struct eki_web_live *live);

/* live_keep.c: the analysis that the runs before kept of the same input; 0: none. */
int64_t eki_web_live_earlier(struct eki_web *web);

/* live_keep.c: keeps a result; called by the keeper without the lock. */
EKI_MUST_USE enum eki_error eki_web_live_keep(struct eki_web *web, const struct eki_result *result);

#endif
