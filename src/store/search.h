/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_SEARCH_H
#define EKI_STORE_SEARCH_H
/*
 * What a search has found so far, and how rows are found by a part of their texts.
 *
 * Both databases keep an index of all that is written three letters long in those texts (schema.sql, at its
 * end), small letters as far as ASCII has them; a change of a text and of the index are one. What the index
 * gives holds all letters of the text that is looked for, in any order: the rows themselves are asked last.
 *
 *   SQLite      a table of FTS5, which gives rows in order, so that the newest are found without reading the
 *               others. Fewer than three letters are looked for among the beginnings of its threes.
 *   PostgreSQL  GIN over arrays of one, two and three letters. It gives all rows that hold them, in no order.
 *
 * Where no order is to be had, the newest rows are looked through before: what they do not hold often enough
 * is seldom, and then the index gives few.
 */
#include <stddef.h>
#include <stdint.h>

#include "store/work.h"

struct eki_hits {
    struct eki_store_work *work;
    struct eki_store_hit *rows; /* EKI_STORE_MOST_HITS of the work's memory */
    size_t count;
    const char *kind; /* of those that come now */
};

/* A sink: takes id, title, host, and for some the id of what it belongs to. What is beyond the room is
 * dropped. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_hits_take(void *user, const struct eki_value *values, size_t count);

/* All texts with this beginning stand between it and what is returned. NULL without memory. */
const char *eki_text_last_with(struct eki_arena *arena, const char *text);

/* Adds outbreaks whose texts hold this, the newest first, at most `limit`; an empty text finds none. Errors
 * are the work's. O(rows looked through + rows of the index that hold its letters). */
EKI_MUST_USE enum eki_error eki_search_outbreaks(struct eki_hits *hits, const char *text, uint32_t limit);

/* The same for each of the other kinds that have texts, in the order of eki_store_search. */
EKI_MUST_USE enum eki_error eki_search_texts(struct eki_hits *hits, const char *text, uint32_t limit);

#endif
