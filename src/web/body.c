/* SPDX-License-Identifier: Apache-2.0 */
#include "web/body.h"

#include <stdio.h>
#include <string.h>

#include "web/utf8.h"

enum { LINE_LETTERS = 200 }; /* of one text of an array */

static bool refuse(struct eki_body_fault *fault, unsigned status, const char *name, const char *what)
{
    fault->status = status;
    snprintf(fault->detail, sizeof fault->detail, "%.100s%s%s", name, name[0] ? ": " : "", what);
    return false;
}

/* jansson recurses: nesting is counted before it sees the text. Brackets in strings do not count. */
static bool nests_too_deep(const char *bytes, size_t length)
{
    size_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < length; i++) {
        char letter = bytes[i];
        if (in_text) {
            i += letter == '\\';
            in_text = letter != '"';
        } else if (letter == '"') {
            in_text = true;
        } else if (letter == '[' || letter == '{') {
            if (++depth > EKI_BODY_DEPTH) return true;
        } else if ((letter == ']' || letter == '}') && depth) {
            depth--;
        }
    }
    return false;
}

static bool has_control(const char *text, bool one_line)
{
    for (; *text; text++) {
        unsigned char letter = (unsigned char)*text;
        bool blank = !one_line && (letter == '\n' || letter == '\t' || letter == '\r');
        if ((letter < 0x20 && !blank) || letter == 0x7f) return true;
    }
    return false;
}

static bool check_text(const struct eki_field *field, const json_t *value, struct eki_body_fault *fault)
{
    char what[120];
    const char *text = json_string_value(value);
    if (!text) return refuse(fault, 422, field->name, "must be a text");
    int64_t letters = (int64_t)eki_utf8_count(text);
    if (letters < field->least || letters > field->most) {
        snprintf(what, sizeof what, "must have %lld to %lld letters", (long long)field->least,
                 (long long)field->most);
        return refuse(fault, 422, field->name, what);
    }
    if (has_control(text, field->kind == EKI_FIELD_LINE))
        return refuse(fault, 422, field->name, "must not hold control characters");
    if (!field->choices) return true;
    for (size_t i = 0; field->choices[i]; i++)
        if (!strcmp(text, field->choices[i])) return true;
    return refuse(fault, 422, field->name, "is none of those allowed");
}

static bool check_integer(const struct eki_field *field, const json_t *value, struct eki_body_fault *fault)
{
    char what[120];
    if (!json_is_integer(value)) return refuse(fault, 422, field->name, "must be a whole number");
    json_int_t number = json_integer_value(value);
    if (number >= field->least && number <= field->most) return true;
    snprintf(what, sizeof what, "must be %lld to %lld", (long long)field->least, (long long)field->most);
    return refuse(fault, 422, field->name, what);
}

static bool is_repeated(const json_t *array, size_t position)
{
    json_int_t id = json_integer_value(json_array_get(array, position));
    for (size_t i = 0; i < position; i++)
        if (json_integer_value(json_array_get(array, i)) == id) return true;
    return false;
}

static bool check_array(const struct eki_field *field, const json_t *value, struct eki_body_fault *fault)
{
    char what[120];
    if (!json_is_array(value)) return refuse(fault, 422, field->name, "must be a list");
    int64_t count = (int64_t)json_array_size(value);
    if (count < field->least || count > field->most) {
        snprintf(what, sizeof what, "must have %lld to %lld entries", (long long)field->least,
                 (long long)field->most);
        return refuse(fault, 422, field->name, what);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *entry = json_array_get(value, i);
        if (field->kind == EKI_FIELD_IDS) {
            if (!json_is_integer(entry) || json_integer_value(entry) < 1 || is_repeated(value, i))
                return refuse(fault, 422, field->name, "must be a list of ids, none twice");
        } else {
            const char *text = json_string_value(entry);
            if (!text || eki_utf8_count(text) > LINE_LETTERS || has_control(text, true))
                return refuse(fault, 422, field->name, "must be a list of short texts");
        }
    }
    return true;
}

static bool check_field(const struct eki_field *field, const json_t *value, struct eki_body_fault *fault)
{
    if (!value) return !field->required || refuse(fault, 422, field->name, "is missing");
    if (json_is_null(value) && field->nullable) return true;
    switch (field->kind) {
    case EKI_FIELD_TEXT:
    case EKI_FIELD_LINE: return check_text(field, value, fault);
    case EKI_FIELD_INTEGER: return check_integer(field, value, fault);
    case EKI_FIELD_BOOL:
        return json_is_boolean(value) || refuse(fault, 422, field->name, "must be true or false");
    case EKI_FIELD_IDS:
    case EKI_FIELD_LINES: return check_array(field, value, fault);
    }
    return false;
}

static bool check(json_t *body, const struct eki_field *fields, struct eki_body_fault *fault)
{
    const char *name;
    json_t *value;
    if (!json_is_object(body)) return refuse(fault, 422, "", "the body must be a JSON object");
    json_object_foreach(body, name, value)
    {
        size_t i = 0;
        while (fields[i].name && strcmp(fields[i].name, name) != 0) i++;
        if (!fields[i].name) return refuse(fault, 422, name, "is no field of this request");
    }
    for (size_t i = 0; fields[i].name; i++)
        if (!check_field(&fields[i], json_object_get(body, fields[i].name), fault)) return false;
    return true;
}

json_t *eki_body_read(const char *bytes, size_t length, const struct eki_field *fields,
                      struct eki_body_fault *ret_fault)
{
    json_error_t wrong;
    char what[240];
    *ret_fault = (struct eki_body_fault){0};
    if (nests_too_deep(bytes, length)) {
        refuse(ret_fault, 400, "", "the JSON is nested too deeply");
        return NULL;
    }
    json_t *body = json_loadb(bytes ? bytes : "", length, JSON_REJECT_DUPLICATES, &wrong);
    if (!body) {
        snprintf(what, sizeof what, "not JSON: line %d, column %d: %.180s", wrong.line, wrong.column,
                 wrong.text);
        refuse(ret_fault, 400, "", what);
        return NULL;
    }
    if (check(body, fields, ret_fault)) return body;
    json_decref(body);
    return NULL;
}

const char *eki_body_text(const json_t *body, const char *name, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(body, name));
    return text ? text : otherwise;
}

int64_t eki_body_integer(const json_t *body, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(body, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}
