/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* strsep */
#include "sim/inventory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { ADDRESS, DEPARTMENT, PATCHED, CREDENTIAL, COLUMNS, MOST_FIELDS = 64, MOST_HOSTS = 1000000 };

static const char *const column_names[] = {"address", "department", "patched", "credential"};

struct row {
    uint32_t address, subnet, line, administrator;
    bool patched;
};

struct inventory {
    const char *name; /* of the file, without its folder */
    struct eki_scenario *scenario;
    struct eki_fault *fault;
    int column[COLUMNS]; /* where each stands; -1: nowhere */
    struct row *rows;
    size_t count, capacity;
    uint32_t line;
};

static enum eki_error wrong(const struct inventory *i, const char *key, const char *text, const char *why)
{
    return eki_fault_set(i->fault, EKI_ERROR_CORRUPT, 0, "%.40s line %u: %s \"%.30s\": %.60s", i->name,
                         i->line, key, text, why);
}

/* Cuts a line at its commas; spaces around a field do not count. */
static int split(char *line, char *fields[MOST_FIELDS])
{
    int count = 0;
    line[strcspn(line, "\r\n")] = 0;
    for (char *at = line; at && count < MOST_FIELDS; count++) {
        char *field = strsep(&at, ",");
        field += strspn(field, " \t");
        for (size_t n = strlen(field); n && (field[n - 1] == ' ' || field[n - 1] == '\t'); n--)
            field[n - 1] = 0;
        fields[count] = field;
    }
    return count;
}

static enum eki_error read_header(struct inventory *i, char **fields, int count)
{
    for (int c = 0; c < COLUMNS; c++) {
        i->column[c] = -1;
        for (int k = 0; k < count; k++)
            if (!strcasecmp(fields[k], column_names[c])) i->column[c] = k;
    }
    for (int c = ADDRESS; c <= DEPARTMENT; c++)
        if (i->column[c] < 0)
            return wrong(i, "column", column_names[c],
                         "is needed (address, department; patched, credential)");
    return EKI_OK;
}

static bool parse_yes(const char *text, bool *ret_yes)
{
    static const char *const words[] = {"no", "false", "0", "yes", "true", "1"};
    for (int k = 0; k < 6; k++)
        if (!strcasecmp(text, words[k])) {
            *ret_yes = k >= 3;
            return true;
        }
    return false;
}

/* A number as it is; a name by its hash (FNV-1a), above all numbers that people write. */
static uint32_t parse_credential(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (!*end && number < 1u << 31) return (uint32_t)number; /* an empty field: 0, none */
    uint32_t hash = 0x811c9dc5u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 0x01000193u;
    return hash | 1u << 31;
}

static enum eki_error parse_row(struct inventory *i, char **fields, struct row *row)
{
    const struct eki_scenario *s = i->scenario;
    const char *address = fields[i->column[ADDRESS]], *department = fields[i->column[DEPARTMENT]];
    struct eki_address parsed;
    if (eki_address_parse(address, &parsed) || !eki_address_is_v4(parsed))
        return wrong(i, "address", address, "no IPv4 address");
    *row = (struct row){.address = (uint32_t)parsed.lo, .line = i->line};
    while (row->subnet < s->subnet_count && strcmp(s->subnets[row->subnet].name, department)) row->subnet++;
    if (row->subnet == s->subnet_count)
        return wrong(i, "department", department, "must be the name of a subnet of the scenario");
    const struct eki_sim_subnet *subnet = &s->subnets[row->subnet];
    if ((row->address ^ (uint32_t)subnet->base.lo) >> (32 - subnet->bits))
        return wrong(i, "address", address, "not in the network of its department");
    const char *patched = i->column[PATCHED] < 0 ? "no" : fields[i->column[PATCHED]];
    if (!parse_yes(patched, &row->patched)) return wrong(i, "patched", patched, "yes or no");
    row->administrator =
        i->column[CREDENTIAL] < 0 ? subnet->administrator : parse_credential(fields[i->column[CREDENTIAL]]);
    return EKI_OK;
}

static enum eki_error read_line(struct inventory *i, char *line)
{
    char *fields[MOST_FIELDS];
    int count = split(line, fields), most = 0;
    if (count == 1 && !*fields[0]) return EKI_OK; /* an empty line */
    if (!i->rows) {
        struct row *rows = eki_array_reserve(i->rows, 0, &i->capacity, sizeof *rows);
        i->rows = rows;
        return rows ? read_header(i, fields, count) : EKI_ERROR_MEMORY;
    }
    for (int c = 0; c < COLUMNS; c++) most = i->column[c] > most ? i->column[c] : most;
    if (count <= most) return wrong(i, "row", fields[0], "has fewer fields than the header");
    if (i->count == MOST_HOSTS)
        return eki_fault_set(i->fault, EKI_ERROR_LIMIT, 0, "%.40s: at most %d hosts", i->name, MOST_HOSTS);
    struct row *rows = eki_array_reserve(i->rows, i->count, &i->capacity, sizeof *rows);
    if (!rows) return EKI_ERROR_MEMORY;
    i->rows = rows;
    enum eki_error error = parse_row(i, fields, &i->rows[i->count]);
    i->count += !error;
    return error;
}

static int by_address(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->address != y->address) return x->address < y->address ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Rows in order of address become the lists of their subnets. */
static enum eki_error hand_over(struct inventory *i)
{
    struct eki_scenario *s = i->scenario;
    qsort(i->rows, i->count, sizeof *i->rows, by_address);
    for (size_t k = 0; k < i->count; k++) {
        i->line = i->rows[k].line;
        if (k && i->rows[k].address == i->rows[k - 1].address)
            return wrong(i, "address", s->subnets[i->rows[k].subnet].name,
                         "stands there already, of this department");
        s->subnets[i->rows[k].subnet].hosts++;
    }
    for (size_t n = 0; n < s->subnet_count; n++) {
        struct eki_sim_subnet *subnet = &s->subnets[n];
        subnet->listed = eki_allocate(subnet->hosts + 1, sizeof *subnet->listed);
        subnet->administrators = eki_allocate(subnet->hosts + 1, sizeof *subnet->administrators);
        if (i->column[PATCHED] >= 0)
            subnet->patches = eki_allocate(subnet->hosts + 1, sizeof *subnet->patches);
        if (!subnet->listed || !subnet->administrators || (i->column[PATCHED] >= 0 && !subnet->patches))
            return EKI_ERROR_MEMORY;
        subnet->hosts = 0;
    }
    for (size_t k = 0; k < i->count; k++) {
        struct eki_sim_subnet *subnet = &s->subnets[i->rows[k].subnet];
        if (subnet->patches) subnet->patches[subnet->hosts] = i->rows[k].patched;
        subnet->administrators[subnet->hosts] = i->rows[k].administrator;
        subnet->listed[subnet->hosts++] = i->rows[k].address;
    }
    return EKI_OK;
}

enum eki_error eki_sim_inventory_read(const char *path, struct eki_scenario *scenario,
                                      struct eki_fault *ret_fault)
{
    const char *slash = strrchr(path, '/');
    struct inventory i = {.name = slash ? slash + 1 : path, .scenario = scenario, .fault = ret_fault};
    FILE *in = fopen(path, "rb");
    if (!in) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%.40s: %.80s", i.name, strerror(errno));
    char line[4096];
    enum eki_error error = EKI_OK;
    while (!error && fgets(line, sizeof line, in)) {
        i.line++;
        bool cut = !strchr(line, '\n') && !feof(in);
        error = cut ? wrong(&i, "row", line, "longer than 4,000 bytes") : read_line(&i, line);
    }
    if (!error && ferror(in))
        error = eki_fault_set(ret_fault, EKI_ERROR_READ, 0, "%.40s: %.80s", i.name, strerror(errno));
    if (!error && !i.count)
        error = eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "%.40s: holds no host", i.name);
    if (!error) error = hand_over(&i);
    fclose(in);
    eki_free(i.rows);
    return error;
}
