/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in two languages: English in the source, Japanese from the table that is generated from po/ja.po. */
#include "report/language.h"

#include <stdio.h>
#include <string.h>

#include "ekigaku/report.h"

#include "report/figure.h"
#include "report/letter.h"

const char *eki_report_say(enum eki_language language, const char *english)
{
    if (language != EKI_JAPANESE || !english) return english;
    size_t low = 0, high = eki_text_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(english, eki_text_table[middle].english);
        if (order == 0) return eki_text_table[middle].japanese;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return english;
}

const char *eki_report_text_in(enum eki_language language, const char *english)
{
    return eki_report_say(language, english);
}

/* The value for a place "{1}" at `at`, or NULL when there is no place here. */
static const char *place_value(const char *at, const char *const *values)
{
    if (at[0] != '{' || at[1] < '1' || at[1] > '9' || at[2] != '}') return NULL;
    for (int i = 0; i < at[1] - '1'; i++)
        if (!values[i]) return "";
    const char *value = values[at[1] - '1'];
    return value ? value : "";
}

void eki_report_fill(struct eki_sentence *ret_sentence, enum eki_language language, const char *english,
                     const char *const *values)
{
    struct eki_sentence filled = {{0}}; /* apart, because a value may be the sentence itself */
    for (const char *at = eki_report_say(language, english); at && *at;) {
        const char *value = place_value(at, values);
        const char letter[2] = {*at, '\0'};
        eki_report_join(filled.text, sizeof filled.text, value ? value : letter);
        at += value ? 3 : 1;
    }
    eki_report_trim(filled.text);
    *ret_sentence = filled;
}

struct eki_sentence eki_report_count(enum eki_language language, uint64_t count, const char *one,
                                     const char *many)
{
    struct eki_sentence sentence;
    eki_report_fill(&sentence, language, count == 1 ? one : many, EKI_VALUES(eki_report_grouped(count).text));
    return sentence;
}

void eki_report_append(struct eki_sentence *sentence, enum eki_language language, const char *more)
{
    if (sentence->text[0] && language == EKI_ENGLISH)
        eki_report_join(sentence->text, sizeof sentence->text, " ");
    eki_report_join(sentence->text, sizeof sentence->text, more);
    eki_report_trim(sentence->text);
}

struct eki_sentence eki_report_clauses(enum eki_language language, const char *english)
{
    struct eki_sentence all = {{0}};
    for (const char *at = english; at && *at;) {
        size_t length = strcspn(at, ";");
        char clause[EKI_SENTENCE];
        snprintf(clause, sizeof clause, "%.*s", (int)length, at);
        if (all.text[0]) eki_report_join(all.text, sizeof all.text, "; ");
        eki_report_join(all.text, sizeof all.text, eki_report_say(language, clause));
        at += length;
        at += strspn(at, "; ");
    }
    eki_report_trim(all.text);
    return all;
}

void eki_report_list(struct eki_sentence *sentence, enum eki_language language, const char *item)
{
    if (sentence->text[0])
        eki_report_join(sentence->text, sizeof sentence->text,
                        language == EKI_JAPANESE ? "\xe3\x80\x81" : ", ");
    eki_report_join(sentence->text, sizeof sentence->text, item);
    eki_report_trim(sentence->text);
}
