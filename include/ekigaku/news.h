/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_NEWS_H
#define EKIGAKU_NEWS_H
/*
 * The news: what one look at a running analysis shows that the looks before it did not. Findings are as of
 * the data so far, so later data may take one back: that is news too.
 *
 *     struct eki_news *news;
 *     eki_news_new(&news);
 *     eki_news_tell(news, result, on_item, user);      after each look
 *     eki_news_free(news);
 *
 * Items come in a fixed order: searching sources, then each outbreak with its infections, then what was taken
 * back.
 */
#include "ekigaku/analysis.h"

#pragma GCC visibility push(default)

enum eki_news_kind {
    EKI_NEWS_SCANNER = 0,  /* a source was decided to be searching, flooding or flooded */
    EKI_NEWS_OUTBREAK,     /* an outbreak begins */
    EKI_NEWS_INFECTION,    /* a host was infected */
    EKI_NEWS_PARENT,       /* another host than told before has infected it */
    EKI_NEWS_PATIENT_ZERO, /* another host than told before was the first */
    EKI_NEWS_WITHDRAWN     /* an infection or outbreak told before does not hold any more */
};

struct eki_news_item {
    enum eki_news_kind kind;
    uint8_t protocol;
    uint16_t service;
    struct eki_address host;   /* source, infected host, or patient zero */
    bool has_host;             /* false: an outbreak (withdrawn), or a patient zero that nobody is now */
    struct eki_address before; /* PARENT, PATIENT_ZERO: who was told before */
    bool had_before;           /* false: "from outside", or nobody */
    const struct eki_scanner *scanner;     /* SCANNER; of the result, else NULL */
    const struct eki_outbreak *outbreak;   /* all but SCANNER and WITHDRAWN */
    const struct eki_infection *infection; /* INFECTION, PARENT */
    eki_time time;                         /* of what happened; of WITHDRAWN: the end of the data */
};

typedef void eki_news_sink(void *user, const struct eki_news_item *item);

struct eki_news;

/* EKI_ERROR_MEMORY. Pair with eki_news_free. */
EKI_MUST_USE enum eki_error eki_news_new(struct eki_news **ret_news);

/* Hands each item to the sink; NULL: all of it counts as told. The item lives during the call.
 * EKI_ERROR_MEMORY, EKI_ERROR_LIMIT after more than a million different findings: what is beyond is not
 * told. O(findings). */
EKI_MUST_USE enum eki_error eki_news_tell(struct eki_news *news, const struct eki_result *result,
                                          eki_news_sink *sink, void *user);

enum { EKI_NEWS_LINE = 512 };
/* One line with its newline, for a terminal and as JSON; the length without NUL is returned. Any thread. */
size_t eki_news_text(const struct eki_news_item *item, char ret_line[EKI_NEWS_LINE]);
size_t eki_news_json(const struct eki_news_item *item, char ret_line[EKI_NEWS_LINE]);

/* NULL is allowed. */
void eki_news_free(struct eki_news *news);

#pragma GCC visibility pop

#endif
