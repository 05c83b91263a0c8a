/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_JSON_RECORDS_H
#define EKI_CONTACT_JSON_RECORDS_H
/*
 * Cuts JSON texts into objects: one a line; or the elements of one array, or objects behind one another, over
 * as many lines as they like. Which of both it is, is told from the beginning. In lines a broken object
 * costs its line only; elsewhere what follows is found again by its bracket.
 */
#include "contact/log_format.h"

/* Takes one object; is given its bytes and where it begins, from the start of the window. */
typedef void eki_json_record(struct eki_log_reading *r, const char *object, size_t length, size_t at);

/* All zero but `each` at first. */
struct eki_json_records {
    eki_json_record *each;
    bool decided, lines, passes_over;
};

/* For `take` of a format: hands out whole objects of about EKI_LOG_WINDOW bytes and counts them in r->record.
 * Returns how many bytes were used up. */
size_t eki_json_records_take(struct eki_json_records *records, struct eki_log_reading *r,
                             const uint8_t *bytes, size_t length, bool ended);

/* For `fits`: the first object of the head, as far as it is there. False when the head does not begin with
 * one, or with an array of them. */
bool eki_json_records_first(const char *head, size_t length, const char **ret_object, size_t *ret_length);

#endif
