/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

static const struct eki_table *const tables[EKI_STORE_TABLES] = {
    [EKI_STORE_ACCOUNT] = &eki_table_account,
    [EKI_STORE_INVITATION] = &eki_table_invitation,
    [EKI_STORE_SESSION] = &eki_table_session,
    [EKI_STORE_TOKEN] = &eki_table_token,
    [EKI_STORE_INPUT] = &eki_table_input,
    [EKI_STORE_UPLOAD] = &eki_table_upload,
    [EKI_STORE_JOB] = &eki_table_job,
    [EKI_STORE_ANALYSIS] = &eki_table_analysis,
    [EKI_STORE_OUTBREAK] = &eki_table_outbreak,
    [EKI_STORE_INFECTION] = &eki_table_infection,
    [EKI_STORE_OUTBREAK_INDICATOR] = &eki_table_outbreak_indicator,
    [EKI_STORE_SCANNER] = &eki_table_scanner,
    [EKI_STORE_SCENARIO] = &eki_table_scenario,
    [EKI_STORE_SIMULATION] = &eki_table_simulation,
    [EKI_STORE_SETTING] = &eki_table_setting,
    [EKI_STORE_DIRECTORY_RECORD] = &eki_table_directory_record,
    [EKI_STORE_PROPOSAL] = &eki_table_proposal,
    [EKI_STORE_CASE] = &eki_table_case,
    [EKI_STORE_CASE_HOST] = &eki_table_case_host,
    [EKI_STORE_CASE_ENTRY] = &eki_table_case_entry,
    [EKI_STORE_TASK] = &eki_table_task,
    [EKI_STORE_DEADLINE_STEP] = &eki_table_deadline_step,
    [EKI_STORE_EVIDENCE] = &eki_table_evidence,
    [EKI_STORE_CUSTODY] = &eki_table_custody,
    [EKI_STORE_INDICATOR] = &eki_table_indicator,
    [EKI_STORE_INDICATOR_LABEL] = &eki_table_indicator_label,
    [EKI_STORE_NOTICE] = &eki_table_notice,
    [EKI_STORE_NOTICE_HOST] = &eki_table_notice_host,
    [EKI_STORE_ENQUIRY] = &eki_table_enquiry,
    [EKI_STORE_ENQUIRY_ENTRY] = &eki_table_enquiry_entry,
    [EKI_STORE_RECEIVED] = &eki_table_received,
    [EKI_STORE_TAXII_STATUS] = &eki_table_taxii_status,
    [EKI_STORE_AUDIT] = &eki_table_audit,
};

const struct eki_table *eki_table_find(enum eki_store_table table)
{
    return (unsigned)table < EKI_STORE_TABLES ? tables[table] : NULL;
}

const char *eki_store_table_name(enum eki_store_table table)
{
    return (unsigned)table < EKI_STORE_TABLES ? tables[table]->name : "?";
}

const struct eki_column *eki_table_column(const struct eki_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (!strcmp(table->columns[i].name, name)) return &table->columns[i];
    return NULL;
}

struct eki_value eki_column_get(const struct eki_column *column, const void *row)
{
    struct eki_value value = {.kind = EKI_VALUE_INTEGER};
    const char *at = (const char *)row + column->offset;
    bool flag;
    switch (column->kind) {
    case EKI_COLUMN_INTEGER:
    case EKI_COLUMN_REFERENCE:
        memcpy(&value.integer, at, sizeof value.integer);
        if (column->kind == EKI_COLUMN_REFERENCE && !value.integer) value.kind = EKI_VALUE_NULL;
        break;
    case EKI_COLUMN_FLAG:
        memcpy(&flag, at, sizeof flag);
        value.integer = flag;
        break;
    case EKI_COLUMN_REAL:
        value.kind = EKI_VALUE_REAL;
        memcpy(&value.real, at, sizeof value.real);
        break;
    case EKI_COLUMN_TEXT:
        value.kind = EKI_VALUE_TEXT;
        memcpy(&value.text, at, sizeof value.text);
        if (!value.text) value.text = "";
        break;
    }
    return value;
}

bool eki_column_put(const struct eki_column *column, const struct eki_value *value, struct eki_arena *arena,
                    void *ret_row)
{
    char *at = (char *)ret_row + column->offset;
    double real = value->kind == EKI_VALUE_INTEGER ? (double)value->integer : value->real;
    bool flag = value->integer != 0;
    const char *text = "";
    switch (column->kind) {
    case EKI_COLUMN_INTEGER:
    case EKI_COLUMN_REFERENCE: memcpy(at, &value->integer, sizeof value->integer); break;
    case EKI_COLUMN_FLAG: memcpy(at, &flag, sizeof flag); break;
    case EKI_COLUMN_REAL: memcpy(at, &real, sizeof real); break;
    case EKI_COLUMN_TEXT:
        if (value->kind == EKI_VALUE_TEXT && *value->text)
            text = eki_arena_copy(arena, value->text, strlen(value->text) + 1, 1);
        if (!text) return false;
        memcpy(at, &text, sizeof text);
        break;
    }
    return true;
}

static enum eki_error validate_text(const struct eki_table *table, const struct eki_column *column,
                                    const char *text, struct eki_fault *ret_fault)
{
    size_t length = 0;
    while (text[length]) {
        size_t step = eki_utf8_length((const unsigned char *)text + length);
        if (!step)
            return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, length, "%s.%s is not UTF-8", table->name,
                                 column->name);
        length += step;
        if (length > column->most)
            return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, length, "%s.%s is longer than %u bytes",
                                 table->name, column->name, column->most);
    }
    return EKI_OK;
}

bool eki_column_fits(const struct eki_column *column, const char *text)
{
    static const struct eki_table nameless = {.name = ""};
    return text && !validate_text(&nameless, column, text, NULL);
}

enum eki_error eki_table_validate(const struct eki_table *table, const void *row, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < table->count && !error; i++) {
        const struct eki_column *column = &table->columns[i];
        struct eki_value value = eki_column_get(column, row);
        if (value.kind == EKI_VALUE_TEXT) error = validate_text(table, column, value.text, ret_fault);
        if (value.kind == EKI_VALUE_REAL && !isfinite(value.real))
            error = eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "%s.%s is no finite number", table->name,
                                  column->name);
    }
    return error;
}
