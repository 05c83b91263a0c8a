/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables whose columns are the keys of a kind of record. A row of teams may also bring contacts (email,
 * phone) and networks (networks: prefixes, ranges, domains, AS numbers, separated by blanks), as lists of
 * members usually do.
 */
#include <string.h>

#include "directory/entry.h"
#include "directory/columns.h"
#include "directory/texts.h"

enum { COLUMN_NONE = -1 };

struct csv {
    struct eki_import *import;
    struct eki_columns row;
    int kind_column, email, phone, networks;
    enum eki_record_kind kind; /* of all rows, when no column says it */
    char value[EKI_DIRECTORY_TEXT + 1];
    char id[132];
};

/* What lists of members call things. */
static const struct {
    const char *name, *key;
} usual[] = {{"organisation", "host"}, {"organization", "host"},   {"team", "name"},
             {"team_name", "name"},    {"sector_name", "sector"},  {"industry", "sector"},
             {"since", "joined"},      {"member_since", "joined"}, {"established", "founded"},
             {"url", "website"},       {"prefecture", "region"},   {"チーム名", "name"},
             {"組織名", "host"},       {"業種", "sector"},         {"加盟年月", "joined"},
             {"設立年月", "founded"},  {"都道府県", "region"}};

/* The key a column stands for in a kind: its own name, or what it usually means. */
static const struct eki_schema_field *field_of(enum eki_record_kind kind, const char *name)
{
    const struct eki_schema *schema = eki_schema_of(kind);
    const struct eki_schema_field *field = eki_schema_field(schema, name);
    for (size_t i = 0; !field && i < sizeof usual / sizeof *usual; i++)
        if (!strcmp(usual[i].name, name)) field = eki_schema_field(schema, usual[i].key);
    return field;
}

static bool kind_named(const char *name, enum eki_record_kind *ret_kind)
{
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++)
        if (!strcmp(eki_record_kind_name(kind), name)) {
            *ret_kind = kind;
            return true;
        }
    return false;
}

/* By the columns that only one kind has. */
static enum eki_record_kind guess_kind(const struct eki_columns *row)
{
    static const struct {
        const char *columns;
        enum eki_record_kind kind;
    } signs[] = {{"sent outcome", EKI_RECORD_CHECK},
                 {"fingerprint", EKI_RECORD_KEY},
                 {"text condition", EKI_RECORD_ANNOTATION},
                 {"role medium", EKI_RECORD_CONTACT},
                 {"prefix domain asn", EKI_RECORD_NETWORK},
                 {"parent", EKI_RECORD_DEPARTMENT},
                 {"purpose", EKI_RECORD_GROUP}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (eki_columns_find(row, signs[i].columns) >= 0) return signs[i].kind;
    return EKI_RECORD_TEAM;
}

static const char *value(struct csv *csv, int column)
{
    const char *text = eki_columns_value(&csv->row, column, csv->value);
    if (text) return text;
    eki_entry_wrong(csv->import, "column \"%s\" is longer than %d bytes or has a NUL", csv->row.names[column],
                    EKI_DIRECTORY_TEXT);
    return "";
}

static void set_columns(struct csv *csv, enum eki_record_kind kind, void *record)
{
    for (size_t i = 0; i < csv->row.columns; i++) {
        const struct eki_schema_field *field = field_of(kind, csv->row.names[i]);
        /* "team" is a name in lists of members and a reference everywhere else: its own kind decides. */
        if (field) eki_entry_set(csv->import, kind, record, field->key, value(csv, (int)i));
    }
}

/* Calls `use` for each word of a column. */
typedef void use_word(struct csv *csv, const char *word, unsigned number);

static void each_word(struct csv *csv, int column, use_word *use)
{
    char words[EKI_DIRECTORY_TEXT + 1];
    unsigned number = 0;
    if (column < 0) return;
    const char *text = value(csv, column);
    memcpy(words, text, strlen(text) + 1);
    for (char *rest = words; *(rest += strspn(rest, " ,;\n"));) {
        char *word = rest;
        rest += strcspn(rest, " ,;\n");
        if (*rest) *rest++ = '\0';
        use(csv, word, ++number);
    }
}

static void add_contact(struct csv *csv, const char *word, unsigned number, enum eki_medium medium)
{
    char id[160];
    snprintf(id, sizeof id, "%.100s-%s%u", csv->id, eki_medium_name(medium), number);
    struct eki_entry_contact contact = {
        .id = id, .team = csv->id, .address = word, .role = EKI_ROLE_POC, .medium = medium};
    eki_entry_contact(csv->import, &contact);
}

static void use_email(struct csv *csv, const char *word, unsigned number)
{
    add_contact(csv, word, number, EKI_MEDIUM_EMAIL);
}

static void use_network(struct csv *csv, const char *word, unsigned number)
{
    (void)number;
    eki_entry_resource(csv->import, csv->id, NULL, word);
}

static void finish_team(struct csv *csv, struct eki_team *team)
{
    const char *prefix = csv->import->request->source ? csv->import->request->source : "team";
    if (!team || csv->import->wrong || csv->import->error) return;
    if (!team->id && team->name)
        eki_entry_set(csv->import, EKI_RECORD_TEAM, team, "id", eki_id_from(prefix, team->name, csv->id));
    if (!team->id) return;
    snprintf(csv->id, sizeof csv->id, "%s", team->id);
    each_word(csv, csv->email, use_email);
    const char *phone = csv->phone >= 0 ? value(csv, csv->phone) : "";
    char number[64];
    if (*phone && strlen(phone) < sizeof number) {
        memcpy(number, phone, strlen(phone) + 1);
        add_contact(csv, number, 1, EKI_MEDIUM_PHONE);
    }
    each_word(csv, csv->networks, use_network);
}

static enum eki_error read_row(struct csv *csv)
{
    enum eki_record_kind kind = csv->kind;
    eki_entry_begin(csv->import, csv->row.line);
    if (csv->row.count > csv->row.columns)
        eki_entry_wrong(csv->import, "%zu values under %zu columns", csv->row.count, csv->row.columns);
    if (csv->kind_column >= 0 && !kind_named(value(csv, csv->kind_column), &kind))
        eki_entry_wrong(csv->import, "kind \"%.60s\" is no kind of record", csv->value);
    void *record = eki_entry_record(csv->import, kind);
    if (record) set_columns(csv, kind, record);
    struct eki_network *network = record;
    if (record && kind == EKI_RECORD_NETWORK && !network->team && !network->origin && !network->in_country)
        eki_entry_set(csv->import, kind, record, "team", csv->import->request->team);
    if (kind == EKI_RECORD_TEAM) finish_team(csv, record);
    return eki_entry_end(csv->import);
}

/* A column that nothing is made of is told once, with the header's line. */
static void tell_unused(struct csv *csv)
{
    const struct eki_roster_request *request = csv->import->request;
    for (size_t i = 0; i < csv->row.columns && csv->kind_column < 0 && request->problem; i++) {
        int at = (int)i;
        char text[128];
        if (at == csv->email || at == csv->phone || at == csv->networks ||
            field_of(csv->kind, csv->row.names[i]))
            continue;
        snprintf(text, sizeof text, "column \"%.48s\" is not used: a %s has no such key", csv->row.names[i],
                 eki_record_kind_name(csv->kind));
        request->problem(request->user, csv->row.line, text);
    }
}

enum eki_error eki_import_csv(struct eki_import *import, struct eki_source *source)
{
    struct csv csv = {.import = import};
    enum eki_error error = eki_columns_open(source, &csv.row, import->fault);
    if (error) return error;
    csv.kind_column = eki_columns_find(&csv.row, "kind");
    csv.kind = guess_kind(&csv.row);
    bool teams = csv.kind == EKI_RECORD_TEAM || csv.kind_column >= 0;
    csv.email = teams ? eki_columns_find(&csv.row, "email mail e_mail poc_email メール") : COLUMN_NONE;
    csv.phone = teams ? eki_columns_find(&csv.row, "phone tel telephone 電話") : COLUMN_NONE;
    csv.networks = teams ? eki_columns_find(&csv.row, "networks network prefixes") : COLUMN_NONE;
    if (csv.kind_column < 0 && csv.kind == EKI_RECORD_TEAM &&
        eki_columns_find(&csv.row, "name team team_name チーム名") < 0)
        return eki_fault_set(import->fault, EKI_ERROR_FORMAT, 0,
                             "line %u: no column \"name\", and none that tells another kind of record",
                             csv.row.line);
    tell_unused(&csv);
    while (eki_columns_next(&csv.row, &error)) {
        error = read_row(&csv);
        if (error) return error;
    }
    return error;
}
