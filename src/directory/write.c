/* SPDX-License-Identifier: Apache-2.0 */
/* The directory file: what is known of each record, in the order of its table. */
#include "base/json_write.h"
#include "directory/schema.h"

static void write_value(struct eki_json *j, const struct eki_schema_field *field, const void *record)
{
    char text[EKI_VALUE_TEXT];
    const void *at = (const char *)record + field->place;
    const struct eki_text_list *list = at;
    eki_json_key(j, field->key);
    switch (field->form) {
    case EKI_FORM_LIST:
        eki_json_array(j);
        for (size_t i = 0; i < list->count; i++) eki_json_text(j, list->items[i]);
        eki_json_end(j);
        return;
    case EKI_FORM_COUNT:
    case EKI_FORM_ASN: eki_json_unsigned(j, *(const uint32_t *)at); return;
    case EKI_FORM_TIER: eki_json_unsigned(j, *(const uint8_t *)at); return;
    case EKI_FORM_FLAG: eki_json_bool(j, true); return;
    default: eki_json_text(j, eki_schema_get(field, record, text)); return;
    }
}

static void write_record(enum eki_record_kind kind, const void *record, FILE *out)
{
    const struct eki_schema *schema = eki_schema_of(kind);
    struct eki_json j = eki_json_to_file(out, false);
    eki_json_object(&j);
    eki_json_key(&j, "kind");
    eki_json_text(&j, schema->name);
    for (size_t i = 0; i < schema->count; i++)
        if (eki_schema_has(&schema->fields[i], record)) write_value(&j, &schema->fields[i], record);
    eki_json_end(&j);
    fputc('\n', out);
}

enum eki_error eki_directory_write_record(const struct eki_directory *d, enum eki_record_kind kind,
                                          uint32_t position, FILE *out)
{
    if (position >= d->of[kind].count) return EKI_ERROR_ARGUMENT;
    write_record(kind, (const char *)d->of[kind].items + position * eki_schema_of(kind)->size, out);
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}

enum eki_error eki_directory_write(const struct eki_directory *d, FILE *out)
{
    fputs("{\"schema\":\"ekigaku.directory/1\"}\n", out);
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++)
        for (size_t i = 0; i < d->of[kind].count; i++)
            write_record(kind, (const char *)d->of[kind].items + i * eki_schema_of(kind)->size, out);
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
