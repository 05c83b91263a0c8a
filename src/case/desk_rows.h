/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_DESK_ROWS_H
#define EKI_CASE_DESK_ROWS_H
/* What the directory, its proposals and its checks share: rows and the lines in them. */
#include <jansson.h>

#include "ekigaku/desk_directory.h"

/* Room for the name a record is found by: what the column holds. Longer ones are cut there. */
enum { EKI_DESK_NAME = 201 };

/* Microseconds of the store as a time of the directory. */
static inline eki_time eki_desk_time(int64_t at)
{
    return at * 1000;
}

/* The name of a record's row: its id, what a network is about, the fingerprint of a key, whom a check or an
 * annotation is about. Returns ret_text. */
const char *eki_desk_name(const struct eki_directory *directory, enum eki_record_kind kind, uint32_t position,
                          char ret_text[EKI_DESK_NAME]);

/* A record in the form of a directory file: its row with kind, name, line and source. */
struct eki_desk_formed {
    struct eki_store_directory_record row; /* its texts live as long as this */
    struct eki_directory *directory;       /* the record alone */
    char *line;                            /* and its name behind it */
};

/* Brings one record into form: read, checked for itself, written again. Unless `as_is`, it counts as entered
 * by hand at the act's time. Other columns of ret_formed->row stay as they are. */
EKI_MUST_USE enum eki_error eki_desk_form(const struct eki_store_act *act, const char *line, bool as_is,
                                          struct eki_desk_formed *ret_formed, struct eki_fault *ret_fault);
/* Frees what forming made. */
void eki_desk_formed_done(struct eki_desk_formed *formed);

/* Writes a formed record into its row, or into a new one when row->id is 0. */
EKI_MUST_USE enum eki_error eki_desk_put(struct eki_store_work *work, const struct eki_store_act *act,
                                         struct eki_store_directory_record *row);

/* One change of all rows. `line` NULL: the row is left out. */
struct eki_desk_change {
    int64_t record;
    const char *line;
};

struct eki_desk_changes {
    const struct eki_desk_change *items;
    size_t count;
};

/* As eki_desk_directory, with a change (may be NULL). */
EKI_MUST_USE enum eki_error eki_desk_try(struct eki_store_work *work, eki_time now,
                                         const struct eki_desk_change *change,
                                         struct eki_directory **ret_directory, struct eki_fault *ret_fault);

/* The same with some changes. O(rows * changes). */
EKI_MUST_USE enum eki_error eki_desk_try_all(struct eki_store_work *work, eki_time now,
                                             const struct eki_desk_changes *changes,
                                             struct eki_directory **ret_directory,
                                             struct eki_fault *ret_fault);

/* The newest row of a kind with this name. EKI_ERROR_MISSING. */
EKI_MUST_USE enum eki_error eki_desk_named(struct eki_store_work *work, enum eki_record_kind kind,
                                           const char *name, struct eki_store_directory_record *ret_row);

/* Puts the object into the row: checks its form and writes it. Takes the reference to the object. `as_is` as
 * above. */
EKI_MUST_USE enum eki_error eki_desk_put_object(struct eki_store_work *work, const struct eki_store_act *act,
                                                json_t *object, int64_t record, struct eki_fault *ret_fault);

#endif
