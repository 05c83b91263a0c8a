/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "directory/export.h"

/* A value in quotes when it needs them (RFC 4180). What a spreadsheet would take for a formula gets an
 * apostrophe before it: it would be run by whoever opens the file (OWASP, "CSV injection"). Telephone numbers
 * stay. */
static void put(FILE *out, const char *text)
{
    bool formula = *text && strchr("=@", *text),
         sign = *text && strchr("+-", *text) && strspn(text + 1, "0123456789 ()-.") != strlen(text + 1);
    bool quoted = formula || sign || strpbrk(text, ",\"\n\r;\t") || *text == ' ';
    if (!quoted) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    if (formula || sign) fputc('\'', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void eki_export_csv(const struct eki_directory *d, enum eki_record_kind kind, FILE *out)
{
    const struct eki_schema *schema = eki_schema_of(kind);
    char text[EKI_VALUE_TEXT];
    for (size_t i = 0; i < schema->count; i++) fprintf(out, "%s%s", i ? "," : "", schema->fields[i].key);
    fputs("\r\n", out);
    for (size_t r = 0; r < d->of[kind].count; r++) {
        const void *record = (const char *)d->of[kind].items + r * schema->size;
        for (size_t i = 0; i < schema->count; i++) {
            if (i) fputc(',', out);
            put(out, eki_schema_get(&schema->fields[i], record, text));
        }
        fputs("\r\n", out);
    }
}

void eki_export_ipam(const struct eki_directory *d, FILE *out)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    const struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    char text[EKI_RESOURCE_TEXT];
    fputs("prefix,team,tenant,description\r\n", out);
    for (size_t i = 0; i < d->of[EKI_RECORD_NETWORK].count; i++) {
        const struct eki_network *n = &networks[i];
        if (!n->has_prefix || !n->team) continue;
        fprintf(out, "%s,", eki_network_format(n, text));
        put(out, n->team);
        fputc(',', out);
        put(out, n->department_at == EKI_NOWHERE ? "" : departments[n->department_at].name);
        fputc(',', out);
        put(out, n->name ? n->name : "");
        fputs("\r\n", out);
    }
}
