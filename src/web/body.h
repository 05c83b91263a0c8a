/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_BODY_H
#define EKI_WEB_BODY_H
/*
 * JSON bodies as strangers write them, checked against a table of fields before a handler sees them:
 *
 *     static const struct eki_field fields[] = {
 *         {.name = "name", .kind = EKI_FIELD_TEXT, .required = true, .least = 1, .most = 100},
 *         {.name = NULL}};
 *     json_t *body = eki_body_read(bytes, length, fields, &problem);
 *
 * Afterwards every field that is there has its type and its range, and there is no other.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum eki_field_kind {
    EKI_FIELD_TEXT,    /* least to most letters; no control characters but newlines and tabs */
    EKI_FIELD_LINE,    /* as text, one line */
    EKI_FIELD_INTEGER, /* least to most */
    EKI_FIELD_BOOL,
    EKI_FIELD_IDS,  /* array of least to most positive integers, none twice */
    EKI_FIELD_LINES /* array of least to most texts of one line */
};

struct eki_field {
    const char *name;
    enum eki_field_kind kind;
    bool required, nullable;
    int64_t least, most;
    const char *const *choices; /* of texts: those allowed, ended by NULL; or NULL */
};

enum {
    EKI_BODY_BYTES = 1 << 20, /* a scenario is 4 KiB; 1,000 times that is a mistake */
    EKI_RAW_BYTES =
        8 << 20,        /* what others send at once: 20,000 STIX objects; more comes in parts or by file */
    EKI_BODY_DEPTH = 16 /* no body nests more than 3 deep */
};

/* What is wrong with a body. `status` 0: nothing. */
struct eki_body_fault {
    unsigned status; /* 400 not JSON, 422 not as the table says */
    char detail[300];
};

/* Reads and checks; a new reference, or NULL after filling *ret_fault. O(length). */
json_t *eki_body_read(const char *bytes, size_t length, const struct eki_field *fields,
                      struct eki_body_fault *ret_fault);

/* The checked text of a field; `otherwise` when it is absent or null. Of the body. */
const char *eki_body_text(const json_t *body, const char *name, const char *otherwise);

/* The checked number of a field; `otherwise` when it is absent or null. */
int64_t eki_body_integer(const json_t *body, const char *name, int64_t otherwise);

#endif
