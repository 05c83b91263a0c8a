/* SPDX-License-Identifier: Apache-2.0 */
/* Signs become one row a name: how often, how serious, between whom first, in which packets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/figure.h"
#include "report/strategy.h"
#include "report/text.h"

/* Sign modules are few and each has a few names: what exceeds this is counted under the last row. */
enum { NAMES = 48 };

struct group {
    const struct eki_sign *first, *worst;
    size_t count;
};

static size_t group_signs(const struct eki_result *result, struct group groups[NAMES])
{
    size_t used = 0;
    for (size_t i = 0; i < result->sign_count; i++) {
        const struct eki_sign *sign = &result->signs[i];
        size_t k = 0;
        while (k < used && strcmp(groups[k].first->name, sign->name) != 0) k++;
        if (k == NAMES) continue;
        if (k == used) groups[used++] = (struct group){sign, sign, 0};
        groups[k].count++;
        if (sign->grade > groups[k].worst->grade) groups[k].worst = sign;
    }
    return used;
}

static enum eki_style grade_style(uint8_t grade)
{
    if (grade >= EKI_GRADE_EXPLOIT) return EKI_STYLE_INFECTED;
    return grade >= EKI_GRADE_ATTEMPT ? EKI_STYLE_ATTEMPTED : EKI_STYLE_QUIET;
}

static void add_group(struct eki_sheet *sheet, struct eki_section *section, const struct group *group,
                      size_t item)
{
    const struct eki_sign *sign = group->worst;
    struct eki_line line = eki_sheet_line(sheet);
    char text[160];
    eki_line_put(&line, EKI_STYLE_PLAIN, "  ");
    eki_line_field(&line, EKI_STYLE_PLAIN, sign->name, 16, false);
    eki_line_put(&line, EKI_STYLE_PLAIN, " ");
    eki_line_field(&line, grade_style(sign->grade),
                   eki_report_grade_words(sheet->language, (enum eki_grade)sign->grade), 10, false);
    snprintf(text, sizeof text, "%s%s", sheet->unicode ? "\xc3\x97" : "x",
             eki_report_grouped(group->count).text);
    eki_line_field(&line, EKI_STYLE_PLAIN, text, 6, false);
    snprintf(text, sizeof text, "%s %s %s", eki_report_host(sign->source).text,
             sheet->unicode ? "\xe2\x86\x92" : "->", eki_report_near(sign->target, sign->source).text);
    eki_line_field(&line, EKI_STYLE_PLAIN, text, 24, false);
    eki_line_put(&line, EKI_STYLE_PLAIN, " ");
    if (sign->packet_first) {
        struct eki_sentence packets;
        char first[24], last[24];
        snprintf(first, sizeof first, "%" PRIu64, sign->packet_first);
        snprintf(last, sizeof last, "%" PRIu64, sign->packet_last);
        eki_report_fill(&packets, sheet->language, EKI_TEXT("packets {1}-{2}"), EKI_VALUES(first, last));
        eki_line_put(&line, EKI_STYLE_QUIET, packets.text);
    }
    eki_sheet_add(sheet, section, &line, item);
}

void eki_report_text_signs(struct eki_sheet *sheet, const struct eki_result *result)
{
    struct group groups[NAMES];
    size_t count = group_signs(result, groups);
    if (!count) return;
    struct eki_section *section = eki_sheet_section(sheet, EKI_TEXT("Signs of known ways of spreading"), 2);
    for (size_t i = 0; i < count; i++) add_group(sheet, section, &groups[i], i);
}
