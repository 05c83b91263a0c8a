/* SPDX-License-Identifier: Apache-2.0 */
#include "directory/columns.h"

#include <string.h>

#include "directory/lines.h"

static char separator_of(const char *line, size_t length)
{
    static const char candidates[] = ",;\t";
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidates - 1; i++) {
        size_t count = 0;
        for (size_t k = 0; k < length; k++) count += line[k] == candidates[i];
        if (count > most) most = count, best = candidates[i];
    }
    return best;
}

/* The next line that holds something, split; EKI_OK with no fields at the end. */
static enum eki_error next_fields(struct eki_columns *row)
{
    size_t length = 0;
    for (row->count = 0;;) {
        enum eki_error error = eki_lines_next(row->source, true, &length);
        if (error || !length) return error;
        const char *line = (const char *)row->source->at;
        row->line = row->lines + 1;
        for (size_t i = 0; i < length; i++) row->lines += line[i] == '\n';
        row->lines += line[length - 1] != '\n';
        size_t end = length;
        while (end && (line[end - 1] == '\n' || line[end - 1] == '\r')) end--;
        /* The window stays where it is until the next fill, so the fields hold until the next row. */
        eki_source_pass(row->source, length);
        size_t mark = row->line == 1 && end >= 3 && !memcmp(line, "\xef\xbb\xbf", 3) ? 3 : 0;
        if (end == mark) continue;
        if (!row->separator) row->separator = separator_of(line, end);
        row->count = eki_fields_csv(line + mark, end - mark, row->separator, row->fields, EKI_COLUMNS_MOST);
        return EKI_OK;
    }
}

static void plain_name(const struct eki_field *field, char ret_name[EKI_COLUMNS_NAME])
{
    size_t length = 0;
    for (uint32_t i = 0; i < field->length && length < EKI_COLUMNS_NAME - 1; i++) {
        char c = field->at[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        ret_name[length++] = kept ? c : '_';
    }
    while (length && ret_name[length - 1] == '_') length--;
    ret_name[length] = '\0';
}

enum eki_error eki_columns_open(struct eki_source *source, struct eki_columns *row,
                                struct eki_fault *ret_fault)
{
    *row = (struct eki_columns){.source = source};
    enum eki_error error = next_fields(row);
    if (error) return error;
    if (!row->count) return EKI_ERROR_EMPTY;
    if (row->count > EKI_COLUMNS_MOST)
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "line %u: more than %d columns", row->line,
                             EKI_COLUMNS_MOST);
    row->columns = row->count;
    for (size_t i = 0; i < row->columns; i++) {
        plain_name(&row->fields[i], row->names[i]);
        for (size_t k = 0; k < i; k++)
            if (row->names[i][0] && !strcmp(row->names[i], row->names[k]))
                return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "line %u: column \"%s\" is there twice",
                                     row->line, row->names[i]);
    }
    return EKI_OK;
}

bool eki_columns_next(struct eki_columns *row, enum eki_error *ret_error)
{
    *ret_error = next_fields(row);
    return !*ret_error && row->count;
}

int eki_columns_find(const struct eki_columns *row, const char *names)
{
    while (*names) {
        size_t length = strcspn(names, " ");
        for (size_t i = 0; i < row->columns; i++)
            if (strlen(row->names[i]) == length && !memcmp(row->names[i], names, length)) return (int)i;
        names += length;
        names += *names == ' ';
    }
    return -1;
}

const char *eki_columns_value(const struct eki_columns *row, int column,
                              char ret_text[EKI_DIRECTORY_TEXT + 1])
{
    size_t length = 0;
    ret_text[0] = '\0';
    if (column < 0 || (size_t)column >= row->count || (size_t)column >= EKI_COLUMNS_MOST) return ret_text;
    const struct eki_field *field = &row->fields[column];
    uint32_t first = 0, last = field->length;
    while (first < last && strchr(" \t", field->at[first])) first++;
    while (last > first && strchr(" \t", field->at[last - 1])) last--;
    for (uint32_t i = first; i < last; i++) {
        if (length == EKI_DIRECTORY_TEXT) return NULL;
        if (field->escaped && field->at[i] == '"' && i + 1 < last && field->at[i + 1] == '"') i++;
        if (field->at[i] != '\r') ret_text[length++] = field->at[i];
    }
    ret_text[length] = '\0';
    if (strlen(ret_text) != length) return NULL; /* a NUL inside is no text */
    /* What an export marked so that no spreadsheet runs it. */
    bool marked = length > 1 && ret_text[0] == '\'' && strchr("=@+-", ret_text[1]);
    return ret_text + marked;
}
