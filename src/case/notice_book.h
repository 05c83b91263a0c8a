/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_NOTICE_BOOK_H
#define EKI_CASE_NOTICE_BOOK_H
/* A case read once, for composing its notices. */
#include "case/notice_template.h"

struct eki_notice_book {
    struct eki_store_work *work;
    const struct eki_notice_setup *setup;
    struct eki_store_case row;
    struct eki_store_outbreak outbreak;      /* id 0: the case has none */
    const struct eki_store_case_host *hosts; /* in order of ids */
    size_t host_count;
    struct eki_store_case_host *own;               /* of a book for one notice: the hosts' memory */
    const struct eki_store_infection **infections; /* in order of their hosts' texts */
    size_t infection_count;
};

/* What is being written: one notice. */
struct eki_notice_part {
    struct eki_notice_book *book;
    const struct eki_store_notice *notice;
    struct eki_arena arena;
    const struct eki_store_case_host **hosts; /* its own, in order of time */
    const char **names;                       /* theirs, in order */
    size_t host_count;
    uint32_t contact; /* position; EKI_NOWHERE when the directory lost it */
    bool japanese;
    int32_t zone; /* minutes east of UTC, of the recipient */
};

/* The infection of a host, NULL when the outbreak has none of it. O(log infections). */
const struct eki_store_infection *eki_notice_infection(const struct eki_notice_book *book, const char *host);

/* Is it a host of this notice? O(log hosts). */
bool eki_notice_owns(const struct eki_notice_part *part, const char *host);

/* "tcp/445"; "" without an outbreak. */
void eki_notice_service(const struct eki_notice_book *book, char ret_text[32]);

/* Fills all holes but TLP, ATTACHMENT and LINK. */
void eki_notice_words(struct eki_notice_part *part, struct eki_hole_values *values);

enum { EKI_NOTICE_TIME = 48 };

/* "2026-11-27 17:04:05 +09:00" of microseconds since 1970. */
const char *eki_notice_time(int64_t microseconds, int32_t zone, char ret_text[EKI_NOTICE_TIME]);

/* Writes the hosts of a part in a form of exchange, nothing of anybody else in it. The bytes are the
 * caller's. EKI_ERROR_MEMORY, those of eki_exchange_write. */
EKI_MUST_USE enum eki_error eki_notice_attach(const struct eki_notice_part *part, const char *format,
                                              const struct eki_tlp_decision *decision,
                                              struct eki_buffer *ret_bytes);

#endif
