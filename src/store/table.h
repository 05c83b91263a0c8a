/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_TABLE_H
#define EKI_STORE_TABLE_H
/*
 * A table as the store sees it: which member of which struct is which column. One file for each table defines
 * one of these; everything that is the same for all tables (row.c, list.c, audit.c) reads them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "ekigaku/store.h"
#include "store/driver.h"

enum eki_column_kind {
    EKI_COLUMN_INTEGER = 0, /* int64_t */
    EKI_COLUMN_REFERENCE,   /* int64_t; 0 is NULL */
    EKI_COLUMN_FLAG,        /* bool */
    EKI_COLUMN_REAL,        /* double */
    EKI_COLUMN_TEXT         /* const char * */
};

/* Most bytes of texts, so that no caller can fill the disk with one field. */
enum {
    EKI_TEXT_WORD = 200,     /* names of things, hashes, states */
    EKI_TEXT_LINE = 2000,    /* titles, messages, paths, agents */
    EKI_TEXT_WHOLE = 1 << 20 /* JSON, YAML */
};

enum {
    EKI_OPEN = 0,
    EKI_SEARCHED = 1 /* by the text of a query */,
    EKI_SECRET = 2 /* never shown or sorted by */
};

struct eki_column {
    const char *name;
    enum eki_column_kind kind;
    size_t offset;
    uint32_t most; /* bytes, of texts */
    unsigned flags;
};

struct eki_table {
    const char *name;
    const struct eki_column *columns; /* of a table with ids, the first is the id */
    size_t count, size;               /* columns; bytes of the struct */
    size_t key;  /* position of the column that tells rows apart; after `within`, when there is one */
    bool within; /* the key counts within the row that column 0 refers to; rows come in bulk */
};

enum { EKI_TABLE_COLUMNS = 48 /* most, so that values fit on the stack */ };

#define EKI_COLUMN(row, member, is)                                                                          \
    {                                                                                                        \
        .name = #member, .kind = EKI_COLUMN_##is, .offset = offsetof(struct row, member)                     \
    }
#define EKI_COLUMN_OF(row, member, bytes, is)                                                                \
    {                                                                                                        \
        .name = #member, .kind = EKI_COLUMN_TEXT, .offset = offsetof(struct row, member), .most = bytes,     \
        .flags = is                                                                                          \
    }
#define EKI_WORD(row, member, flags)  EKI_COLUMN_OF(row, member, EKI_TEXT_WORD, flags)
#define EKI_LINE(row, member, flags)  EKI_COLUMN_OF(row, member, EKI_TEXT_LINE, flags)
#define EKI_WHOLE(row, member, flags) EKI_COLUMN_OF(row, member, EKI_TEXT_WHOLE, flags)
/* The parts of a table that follow from its columns. */
#define EKI_TABLE_OF(row, array)                                                                             \
    .columns = array, .count = sizeof array / sizeof *array, .size = sizeof(struct row)

extern const struct eki_table eki_table_account, eki_table_invitation, eki_table_session, eki_table_token,
    eki_table_input, eki_table_upload, eki_table_job, eki_table_analysis, eki_table_outbreak,
    eki_table_infection, eki_table_outbreak_indicator, eki_table_scanner, eki_table_scenario,
    eki_table_simulation, eki_table_setting, eki_table_directory_record, eki_table_proposal, eki_table_case,
    eki_table_case_host, eki_table_case_entry, eki_table_task, eki_table_deadline_step, eki_table_evidence,
    eki_table_custody, eki_table_indicator, eki_table_indicator_label, eki_table_notice,
    eki_table_notice_host, eki_table_enquiry, eki_table_enquiry_entry, eki_table_received,
    eki_table_taxii_status, eki_table_audit;

/* NULL outside the list. */
const struct eki_table *eki_table_find(enum eki_store_table table);

/* NULL when there is no column of this name. O(columns). */
const struct eki_column *eki_table_column(const struct eki_table *table, const char *name);

/* The value of a member; texts stay where they are, NULL becomes "". */
struct eki_value eki_column_get(const struct eki_column *column, const void *row);

/* Puts a value into a member, texts by copy into the arena. False when there is no memory. */
bool eki_column_put(const struct eki_column *column, const struct eki_value *value, struct eki_arena *arena,
                    void *ret_row);

/* Could this text stand in the column: short enough and UTF-8? */
bool eki_column_fits(const struct eki_column *column, const char *text);

/* EKI_ERROR_LIMIT for a text that is too long, EKI_ERROR_ARGUMENT for one that is not UTF-8 and for numbers
 * that are not finite; the fault names the column. */
EKI_MUST_USE enum eki_error eki_table_validate(const struct eki_table *table, const void *row,
                                               struct eki_fault *ret_fault);

#endif
