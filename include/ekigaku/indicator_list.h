/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_INDICATOR_LIST_H
#define EKIGAKU_INDICATOR_LIST_H
/*
 * Indicators out of a text that a person pastes: a mail, a table, a list, with or without defanging.
 *
 * Journey: the text is cut at blanks and separators; each word is made live again (hxxp, [.], (dot), (at)),
 * told by its form, written in one way, and counted once however often it stands there:
 *
 *     error = eki_indicator_list_read(text, length, &list, &fault);
 *     for (size_t i = 0; i < list->count; i++) use(list->entries[i].kind, list->entries[i].value);
 *     eki_indicator_list_free(list);
 *
 * Kinds told: address, network, domain, url, mail, as, md5, sha1, sha256, file (by the endings of programs).
 * Whatever else stands in the text is counted as passed over, never guessed at.
 */
#include <stdbool.h>
#include <stddef.h>

#include "ekigaku/error.h"
#include "ekigaku/incident.h"

#pragma GCC visibility push(default)

enum {
    EKI_INDICATOR_VALUE = 2049, /* room for a value with its NUL: addresses of pages rarely pass 2,000 */
    EKI_INDICATOR_LIST_MOST =
        100000, /* entries of one text, repeated ones too: 15 times a large feed's day */
    EKI_INDICATOR_LIST_BYTES = 16 << 20 /* of one text */
};

struct eki_indicator_entry {
    enum eki_indicator_kind kind;
    const char *value; /* not defanged, in one way of writing */
    size_t times;      /* how often it stands in the text, at least 1 */
    size_t position;   /* byte of the text where it stands first */
};

struct eki_indicator_list {
    struct eki_indicator_entry *entries; /* in the order of the text, each (kind, value) once */
    size_t count;
    size_t passed; /* words that are no indicator */
};

/* Tells one word of `length` bytes; EKI_ERROR_MISSING when it is no indicator or longer than a value may be.
 * ret_value gets the value. Any thread. O(length). */
EKI_MUST_USE enum eki_error eki_indicator_read(const char *word, size_t length,
                                               enum eki_indicator_kind *ret_kind,
                                               char ret_value[EKI_INDICATOR_VALUE]);

/* May `value` be an indicator of this kind? Kinds with a form (addresses to hashes) take what is written in
 * it; file, registry and pattern take nothing that is an address, network, page or mail address, registry no
 * word without "\\"; mutex takes anything. Any thread. O(length). */
bool eki_indicator_fits(enum eki_indicator_kind kind, const char *value);

/* Reads a text of `length` bytes, which need not end with NUL and may hold any bytes. EKI_ERROR_LIMIT for
 * more than the limits above, EKI_ERROR_MEMORY. The list is the caller's; free with eki_indicator_list_free.
 * Any thread. O(length + n log n). */
EKI_MUST_USE enum eki_error eki_indicator_list_read(const char *text, size_t length,
                                                    struct eki_indicator_list **ret_list,
                                                    struct eki_fault *ret_fault);

/* NULL is allowed. */
void eki_indicator_list_free(struct eki_indicator_list *list);

#pragma GCC visibility pop

#endif
