/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_NOTICE_TEMPLATE_H
#define EKI_CASE_NOTICE_TEMPLATE_H
/*
 * Texts with holes, as docs/formats/templates.md says. Read once, checked then, filled any number of times:
 * filling cannot fail but by memory. Values are cleaned when they are set, so that no name of a stranger adds
 * a line, a header or a mark that turns the writing.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/buffer.h"
#include "ekigaku/notice.h"

/* The holes. */
enum eki_hole {
    EKI_HOLE_TLP = 0,
    EKI_HOLE_RECIPIENT,
    EKI_HOLE_SENDER,
    EKI_HOLE_SENDER_MAIL,
    EKI_HOLE_SENDER_PHONE,
    EKI_HOLE_TEAM,
    EKI_HOLE_DEPARTMENT,
    EKI_HOLE_CASE,
    EKI_HOLE_NOTICE,
    EKI_HOLE_COUNT,
    EKI_HOLE_SERVICE,
    EKI_HOLE_FAMILY,
    EKI_HOLE_KNOWN, /* one of these three is not empty when it was judged */
    EKI_HOLE_UNKNOWN,
    EKI_HOLE_REEMERGING,
    EKI_HOLE_CLASS,
    EKI_HOLE_FIRST,
    EKI_HOLE_LAST,
    EKI_HOLE_HOSTS, /* lines */
    EKI_HOLE_MORE,
    EKI_HOLE_ATTACHMENT,
    EKI_HOLE_LINK,
    EKI_HOLE_EXPIRES,
    EKI_HOLE_PILOT,
    EKI_HOLE_SECOND, /* one of these three is not empty after a step of the ladder */
    EKI_HOLE_UPSTREAM,
    EKI_HOLE_NATIONAL,
    EKI_HOLE_HOST, /* from here on: of the words that make up `hosts` */
    EKI_HOLE_AT,
    EKI_HOLE_WHAT,
    EKI_HOLE_PACKETS,
    EKI_HOLE_PARENT,
    EKI_HOLE_FROM,
    EKI_HOLE_TO,
    EKI_HOLE_INPUT,
    EKI_HOLE_BY,
    EKI_HOLE_REST,
    EKI_HOLES
};

/* Words of a language: lines that begin with @. */
enum eki_word {
    EKI_WORD_HOST = 0,
    EKI_WORD_PACKETS,
    EKI_WORD_PARENT,
    EKI_WORD_STRANGER,
    EKI_WORD_IMPLANT,
    EKI_WORD_EXPLOIT,
    EKI_WORD_SESSION,
    EKI_WORD_CONTACT,
    EKI_WORD_SCAN,
    EKI_WORD_OTHER,
    EKI_WORD_MORE,
    EKI_WORDS
};

/* A stretch of a file. */
struct eki_stretch {
    const char *at;
    size_t length;
};

struct eki_notice_template {
    char *bytes;
    struct eki_stretch subject, body, words[EKI_WORDS];
};

struct eki_notice_templates {
    struct eki_notice_template english, japanese;
};

/* What stands in the holes; NULL is empty. Lives in an arena of the caller. */
struct eki_hole_values {
    struct eki_arena *arena;
    const char *at[EKI_HOLES];
    bool failed; /* no memory */
};

/* Puts one line into a hole, cleaned: control characters, line breaks and marks that turn the writing become
 * U+FFFD, as do bytes that are not UTF-8. NULL empties it. */
void eki_hole_set(struct eki_hole_values *values, enum eki_hole hole, const char *text);

/* The same from a printf format; at most 500 bytes. */
void eki_hole_print(struct eki_hole_values *values, enum eki_hole hole, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A cleaned copy in the arena; NULL without memory. */
char *eki_notice_clean(struct eki_arena *arena, const char *text);

/* Writes a stretch with its holes filled; lines of sections that do not apply are left out, and a line that
 * is one empty hole. */
void eki_stretch_fill(struct eki_stretch stretch, const struct eki_hole_values *values,
                      struct eki_buffer *out);

/* Reads one template; name is for the fault. The bytes are copied. As eki_notice_templates_load. */
EKI_MUST_USE enum eki_error eki_notice_template_read(const char *name, const void *bytes, size_t length,
                                                     struct eki_notice_template *ret_template,
                                                     struct eki_fault *ret_fault);

extern const struct eki_embedded eki_template_files[];

#endif
