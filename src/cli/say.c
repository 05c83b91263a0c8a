/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/say.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "ekigaku/time.h"

struct eki_said eki_say_number(int64_t number)
{
    struct eki_said said;
    snprintf(said.text, sizeof said.text, "%" PRId64, number);
    return said;
}

struct eki_said eki_say_time(int64_t microseconds)
{
    struct eki_said said;
    char text[EKI_TIME_TEXT];
    snprintf(said.text, sizeof said.text, "%.19sZ", eki_time_format(microseconds * 1000, text));
    return said;
}

/* The value of a place "{1}", NULL where there is none. */
static const char *value_at(const char *at, const char *const *values)
{
    if (at[0] != '{' || at[1] < '1' || at[1] > '9' || at[2] != '}') return NULL;
    for (int i = 0; i < at[1] - '1'; i++)
        if (!values[i]) return "";
    return values[at[1] - '1'] ? values[at[1] - '1'] : "";
}

/* Does not end within a character. */
static size_t whole(const char *text, size_t length)
{
    while (length && ((unsigned char)text[length] & 0xc0) == 0x80) length--;
    return length;
}

void eki_say_into(char *ret_text, size_t size, enum eki_language language, const char *english,
                  const char *const *values)
{
    size_t used = 0;
    for (const char *at = eki_report_text_in(language, english); *at && used + 1 < size;) {
        const char *value = value_at(at, values), *part = value ? value : at;
        size_t length = value ? strlen(value) : 1 + strcspn(at + 1, "{");
        size_t taken = length < size - 1 - used ? length : whole(part, size - 1 - used);
        memcpy(ret_text + used, part, taken);
        used += taken;
        if (taken < length) break;
        at += value ? 3 : length;
    }
    ret_text[used] = '\0';
}

struct eki_said eki_say_count(enum eki_language language, uint64_t count, const char *one, const char *many)
{
    struct eki_said said;
    eki_say_into(said.text, sizeof said.text, language, count == 1 ? one : many,
                 EKI_VALUES(eki_say_number((int64_t)count).text));
    return said;
}

/* A text of somebody else: on one line. */
static void put_value(FILE *out, const char *text)
{
    while (*text) {
        char part[512];
        size_t length = strcspn(text, "\r\n");
        if (length >= sizeof part) length = whole(text, sizeof part - 1);
        memcpy(part, text, length);
        part[length] = '\0';
        eki_output_plain(out, part);
        text += length;
        if (*text != '\r' && *text != '\n') continue;
        fputc(' ', out);
        text += strspn(text, "\r\n");
    }
}

void eki_say(FILE *out, enum eki_language language, const char *english, const char *const *values)
{
    for (const char *at = eki_report_text_in(language, english); *at;) {
        const char *value = value_at(at, values);
        size_t length = value ? 3 : 1 + strcspn(at + 1, "{");
        if (value)
            put_value(out, value);
        else
            fwrite(at, 1, length, out);
        at += length;
    }
}

void eki_say_line(FILE *out, enum eki_language language, const char *english, const char *const *values)
{
    eki_say(out, language, english, values);
    fputc('\n', out);
}

void eki_warn(const char *command, const char *english, const char *const *values)
{
    fprintf(stderr, "ekigaku %s: ", command);
    eki_say_line(stderr, eki_output_language(), english, values);
}

void eki_complain(const char *english, const char *const *values)
{
    fputs("ekigaku: ", stderr);
    eki_say_line(stderr, eki_output_language(), english, values);
}

const char *eki_say_error(enum eki_error error)
{
    return eki_report_text_in(eki_output_language(), eki_error_text(error));
}

struct eki_heard eki_say_fault(const char *what)
{
    struct eki_heard heard;
    eki_report_heard(eki_output_language(), what, heard.text, sizeof heard.text);
    return heard;
}

/* Columns of a terminal: letters from U+1100 on of three bytes whose lead is above 0xe2, and all of four
 * bytes, take two (Unicode Standard Annex 11, in rough). */
static size_t columns_of(const char *text)
{
    size_t columns = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if ((*at & 0xc0) == 0x80) continue;
        columns += *at > 0xe2 ? 2 : 1;
    }
    return columns;
}

void eki_say_column(const char *text, size_t columns)
{
    put_value(stdout, text);
    size_t used = columns_of(text);
    do putchar(' ');
    while (++used < columns);
}

bool eki_say_language(const char *word, enum eki_language *ret_language)
{
    bool japanese = !strcmp(word, "ja"), known = japanese || !strcmp(word, "en");
    if (!known) return false;
    *ret_language = japanese ? EKI_JAPANESE : EKI_ENGLISH;
    setenv("EKIGAKU_LANGUAGE", word, 1);
    return true;
}
