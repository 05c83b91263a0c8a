/* SPDX-License-Identifier: Apache-2.0 */
/* Values between text and their place in a record. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "directory/schema.h"
#include "directory/texts.h"
#include "ekigaku/tlp.h"

static void *place(void *record, const struct eki_schema_field *field)
{
    return (char *)record + field->place;
}

static const char *keep(struct eki_directory *d, const char **ret_text, const char *text)
{
    const char *kept = eki_directory_keep(d, text, strlen(text));
    if (!kept) return "memory";
    *ret_text = kept;
    return NULL;
}

const char *eki_schema_list(struct eki_directory *d, const struct eki_schema_field *field, void *record,
                            const char *const *items, size_t count)
{
    struct eki_text_list *list = place(record, field);
    if (count > EKI_DIRECTORY_LIST) return "more entries than a list may have";
    const char **kept = eki_arena_take(&d->texts, count ? count : 1, sizeof *kept);
    if (!kept) return "memory";
    for (size_t i = 0; i < count; i++) {
        if (!eki_text_is_id(items[i])) return "an entry is no id (letters, digits, ._-:@/+)";
        const char *wrong = keep(d, &kept[i], items[i]);
        if (wrong) return wrong;
    }
    *list = (struct eki_text_list){kept, count};
    return NULL;
}

/* "ja en", also by commas and semicolons. */
static const char *set_list(struct eki_directory *d, const struct eki_schema_field *field, void *record,
                            char *text)
{
    const char *items[EKI_DIRECTORY_LIST + 1];
    size_t count = 0;
    for (char *rest = text; count <= EKI_DIRECTORY_LIST;) {
        rest += strspn(rest, " ,;");
        if (!*rest) break;
        size_t length = strcspn(rest, " ,;");
        items[count++] = rest;
        rest += length;
        if (*rest) *rest++ = '\0';
    }
    return eki_schema_list(d, field, record, items, count);
}

static const char *set_choice(const struct eki_schema_field *field, void *record, const char *text)
{
    uint8_t *choice = place(record, field);
    for (unsigned i = 0; field->choices[i]; i++) {
        if (strcmp(field->choices[i], text)) continue;
        *choice = (uint8_t)i;
        return NULL;
    }
    return "is not one of the words for it";
}

static const char *set_flag(void *at, const char *text)
{
    bool yes = !strcmp(text, "true") || !strcmp(text, "yes") || !strcmp(text, "1");
    if (!yes && strcmp(text, "false") && strcmp(text, "no") && strcmp(text, "0"))
        return "is not true or false";
    *(bool *)at = yes;
    return NULL;
}

static const char *set_time(void *at, const char *text)
{
    return eki_moment_parse(text, at) ? "is no time like 2026-04-01T09:00:00Z" : NULL;
}

static const char *set_number(const struct eki_schema_field *field, void *at, const char *text)
{
    uint32_t value;
    switch (field->form) {
    case EKI_FORM_ASN:
        if (!eki_asn_read(text, &value)) return "is no AS number";
        break;
    case EKI_FORM_TIER:
        if (!eki_count_read(text, 3, &value) || !value) return "is not 1, 2 or 3";
        *(uint8_t *)at = (uint8_t)value;
        return NULL;
    default:
        if (!eki_count_read(text, UINT32_MAX, &value)) return "is no whole number up to 4294967295";
    }
    *(uint32_t *)at = value;
    return NULL;
}

static const char *set_label(void *at, const char *text)
{
    enum eki_tlp label;
    if (eki_tlp_parse(text, &label)) return "is not CLEAR, GREEN, AMBER, AMBER+STRICT or RED";
    *(uint8_t *)at = (uint8_t)(label + 1);
    return NULL;
}

static const char *set_prefix(void *record, void *at, const char *text)
{
    const char *wrong = eki_prefix_read(text, at);
    if (!wrong) ((struct eki_network *)record)->has_prefix = true;
    return wrong;
}

/* Forms that stay a text. */
static const char *set_text(struct eki_directory *d, const struct eki_schema_field *field, void *record,
                            const char *text)
{
    char changed[256];
    struct eki_hours hours;
    int32_t minutes;
    enum eki_error error;
    if (field->place == offsetof(struct eki_record, source)) {
        *(const char **)place(record, field) = eki_directory_keep_source(d, text);
        return *(const char **)place(record, field) ? NULL : "memory";
    }
    switch (field->form) {
    case EKI_FORM_ID:
        if (!eki_text_is_id(text)) return "is no id (letters, digits, ._-:@/+; at most 128)";
        break;
    case EKI_FORM_DOMAIN:
        if (!strncmp(text, "*.", 2)) text += 2;
        if (eki_domain_canonical(text, changed)) return "is no domain name (internationalised ones as xn--)";
        text = changed;
        break;
    case EKI_FORM_COUNTRY:
        if (!eki_country_read(text, changed)) return "is no country in two letters";
        text = changed;
        break;
    case EKI_FORM_FINGERPRINT:
        if (!eki_fingerprint_read(text, changed)) return "is no fingerprint of 40 or 64 hexadecimal digits";
        text = changed;
        break;
    case EKI_FORM_HOURS:
        if (eki_hours_parse(text, &hours)) return "is not like mon-fri 09:00-17:30 or 24/7";
        break;
    case EKI_FORM_ZONE:
        error = eki_zone_parse(text, &minutes);
        if (error && error != EKI_ERROR_UNSUPPORTED) return "is not like Asia/Tokyo or +09:00";
        break;
    default: break;
    }
    return keep(d, place(record, field), text);
}

static const char *set_value(struct eki_directory *d, const struct eki_schema_field *field, void *record,
                             char *text)
{
    void *at = place(record, field);
    switch (field->form) {
    case EKI_FORM_LIST: return set_list(d, field, record, text);
    case EKI_FORM_DATE:
        return eki_date_parse(text, at) ? "is no date like 2011-04-01, 2011-04 or 2011" : NULL;
    case EKI_FORM_TIME: return set_time(at, text);
    case EKI_FORM_COUNT:
    case EKI_FORM_ASN:
    case EKI_FORM_TIER: return set_number(field, at, text);
    case EKI_FORM_FLAG: return set_flag(at, text);
    case EKI_FORM_CHOICE: return set_choice(field, record, text);
    case EKI_FORM_PREFIX: return set_prefix(record, at, text);
    case EKI_FORM_LABEL: return set_label(at, text);
    default: return set_text(d, field, record, text);
    }
}

const char *eki_schema_set(struct eki_directory *d, const struct eki_schema_field *field, void *record,
                           const char *text, size_t length)
{
    char copy[EKI_VALUE_TEXT];
    if (length > EKI_DIRECTORY_TEXT) return "is longer than 4096 bytes";
    if (!eki_text_is_plain(text, length, field->form == EKI_FORM_PROSE))
        return "has control characters or is not UTF-8";
    if (!length) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return set_value(d, field, record, copy);
}

static const char *get_list(const struct eki_text_list *list, char *ret_text)
{
    size_t used = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < list->count; i++) {
        size_t length = strlen(list->items[i]);
        if (used + length + 2 > EKI_VALUE_TEXT) break;
        if (used) ret_text[used++] = ' ';
        memcpy(ret_text + used, list->items[i], length + 1);
        used += length;
    }
    return ret_text;
}

const char *eki_schema_get(const struct eki_schema_field *field, const void *record,
                           char ret_text[EKI_VALUE_TEXT])
{
    const void *at = (const char *)record + field->place;
    ret_text[0] = '\0';
    if (!eki_schema_has(field, record)) return ret_text;
    switch (field->form) {
    case EKI_FORM_LIST: return get_list(at, ret_text);
    case EKI_FORM_DATE: return eki_date_format(*(const struct eki_date *)at, ret_text);
    case EKI_FORM_TIME: return eki_time_format_exact(*(const eki_time *)at, ret_text);
    case EKI_FORM_COUNT:
    case EKI_FORM_ASN: snprintf(ret_text, EKI_VALUE_TEXT, "%" PRIu32, *(const uint32_t *)at); return ret_text;
    case EKI_FORM_TIER: snprintf(ret_text, EKI_VALUE_TEXT, "%u", *(const uint8_t *)at); return ret_text;
    case EKI_FORM_FLAG: return "true";
    case EKI_FORM_CHOICE: return field->choices[*(const uint8_t *)at];
    case EKI_FORM_LABEL: return eki_tlp_word((enum eki_tlp)(*(const uint8_t *)at - 1));
    case EKI_FORM_PREFIX: return eki_prefix_format(*(const struct eki_prefix *)at, ret_text);
    default: return *(const char *const *)at;
    }
}

bool eki_schema_has(const struct eki_schema_field *field, const void *record)
{
    const void *at = (const char *)record + field->place;
    switch (field->form) {
    case EKI_FORM_LIST: return ((const struct eki_text_list *)at)->count;
    case EKI_FORM_DATE: return ((const struct eki_date *)at)->year;
    case EKI_FORM_TIME: return *(const eki_time *)at != EKI_TIME_NONE;
    case EKI_FORM_COUNT:
    case EKI_FORM_ASN: return *(const uint32_t *)at;
    case EKI_FORM_LABEL:
    case EKI_FORM_TIER: return *(const uint8_t *)at;
    case EKI_FORM_FLAG: return *(const bool *)at;
    case EKI_FORM_CHOICE: return *(const uint8_t *)at != EKI_NO_CHOICE;
    case EKI_FORM_PREFIX: return ((const struct eki_network *)record)->has_prefix;
    default: return *(const char *const *)at;
    }
}
