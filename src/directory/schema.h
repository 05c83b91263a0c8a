/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_DIRECTORY_SCHEMA_H
#define EKI_DIRECTORY_SCHEMA_H
/*
 * The fields of each kind of record in one table: key, form, place in the struct. Reading and writing a
 * directory file, adding a record, tables in CSV and the report of drift all walk it, so they cannot
 * disagree.
 */
#include "directory/records.h"

enum eki_field_form {
    EKI_FORM_ID = 0, /* letters, digits and . : _ - @ / +, no blank */
    EKI_FORM_TEXT,   /* one line */
    EKI_FORM_PROSE,  /* may have line breaks */
    EKI_FORM_LIST,   /* of ids */
    EKI_FORM_DATE,
    EKI_FORM_TIME,
    EKI_FORM_COUNT,
    EKI_FORM_ASN,
    EKI_FORM_TIER,
    EKI_FORM_FLAG,
    EKI_FORM_CHOICE,
    EKI_FORM_PREFIX,
    EKI_FORM_DOMAIN,
    EKI_FORM_COUNTRY,
    EKI_FORM_ZONE,
    EKI_FORM_HOURS,
    EKI_FORM_FINGERPRINT,
    EKI_FORM_LABEL /* of the Traffic Light Protocol */
};

struct eki_schema_field {
    const char *key;
    uint8_t form;
    bool needed;
    uint16_t place;             /* offset in the struct */
    const char *const *choices; /* of a choice, NULL at the end */
};

struct eki_schema {
    const char *name; /* of the kind */
    size_t size;      /* of the struct */
    const struct eki_schema_field *fields;
    size_t count;
};

/* The table of a kind. Static. */
const struct eki_schema *eki_schema_of(enum eki_record_kind kind);

/* The field with this key, or NULL. */
const struct eki_schema_field *eki_schema_field(const struct eki_schema *schema, const char *key);

/* Room for a value as text; a choice that was not made. */
enum { EKI_VALUE_TEXT = EKI_DIRECTORY_TEXT + 1, EKI_NO_CHOICE = 255 };

/* Reads a value from text into its place (an empty text is no value). NULL when all is well, else what is
 * wrong with it: a static English phrase; "memory" when there was none. */
const char *eki_schema_set(struct eki_directory *directory, const struct eki_schema_field *field,
                           void *record, const char *text, size_t length);

/* Appends one entry to a list field that was filled by nothing else; `items` has room for
 * EKI_DIRECTORY_LIST. NULL or what is wrong. */
const char *eki_schema_list(struct eki_directory *directory, const struct eki_schema_field *field,
                            void *record, const char *const *items, size_t count);

/* A value as text; "" for none. Lists are joined by blanks. Returns ret_text, or a text of the record. */
const char *eki_schema_get(const struct eki_schema_field *field, const void *record,
                           char ret_text[EKI_VALUE_TEXT]);

/* True when the field has a value. */
bool eki_schema_has(const struct eki_schema_field *field, const void *record);

/* Looks at a whole record: what is needed is there, what excludes itself is not. `line` for the message. */
EKI_MUST_USE enum eki_error eki_schema_validate(enum eki_record_kind kind, const void *record, uint32_t line,
                                                struct eki_fault *ret_fault);

#endif
