/* SPDX-License-Identifier: Apache-2.0 */
/* The label of the Traffic Light Protocol on what was made without one. */
#include <string.h>

#include "ekigaku/report.h"

/* TLP 2.0, section 3: in capitals, untranslated, on black, in these colours. */
static const char *const colours[EKI_TLP_COUNT] = {"#FFFFFF", "#33FF00", "#FFC000", "#FFC000", "#FF2B2B"};

/* The last `needle` of the text; NULL when it is not in it. */
static const char *last_of(const char *text, size_t length, const char *needle)
{
    size_t size = strlen(needle);
    for (size_t at = length < size ? 0 : length - size + 1; at--;)
        if (!memcmp(text + at, needle, size)) return text + at;
    return NULL;
}

static const char *first_of(const char *text, size_t length, const char *needle)
{
    size_t size = strlen(needle);
    for (size_t at = 0; at + size <= length; at++)
        if (!memcmp(text + at, needle, size)) return text + at;
    return NULL;
}

/* At the head and the foot, on the right, at least 12 point (section 3.2). */
static void put_banner(enum eki_tlp label, FILE *out)
{
    fprintf(out,
            "<p class=\"tlp\" style=\"text-align:right;margin:0\"><strong style=\"background:#000;color:%s;"
            "font:bold 12pt sans-serif;padding:2pt 6pt;print-color-adjust:exact\">%s</strong></p>\n",
            colours[label], eki_tlp_text(label));
}

static bool put_page(const char *text, size_t length, enum eki_tlp label, FILE *out)
{
    static const char head[] = "<body>\n", foot[] = "</main>\n<footer>";
    const char *begin = first_of(text, length, head), *end = last_of(text, length, foot);
    if (!begin || !end || begin > end) return false;
    begin += sizeof head - 1;
    end += sizeof "</main>\n" - 1;
    fwrite(text, 1, (size_t)(begin - text), out);
    put_banner(label, out);
    fwrite(begin, 1, (size_t)(end - begin), out);
    put_banner(label, out);
    fwrite(end, 1, length - (size_t)(end - text), out);
    return true;
}

/* As styles: the style sheet of the picture, which says how its texts look, wins over attributes. */
static bool put_picture(const char *text, size_t length, enum eki_tlp label, FILE *out)
{
    const char *end = last_of(text, length, "</svg>");
    if (!end) return false;
    size_t width = 24 + 12 * strlen(eki_tlp_text(label)); /* bold letters of any common font are narrower */
    fwrite(text, 1, (size_t)(end - text), out);
    fprintf(out,
            "<g class=\"tlp\" text-anchor=\"end\"><rect x=\"100%%\" y=\"4\" width=\"%zu\" height=\"24\" "
            "transform=\"translate(-%zu 0)\" fill=\"#000\"/><text x=\"100%%\" y=\"22\" "
            "transform=\"translate(-12 0)\" style=\"font:bold 16px monospace;fill:%s\">%s</text></g>\n",
            width, width + 4, colours[label], eki_tlp_text(label));
    fwrite(end, 1, length - (size_t)(end - text), out);
    return true;
}

static bool put_object(const char *text, size_t length, enum eki_tlp label, FILE *out)
{
    while (length && text[length - 1] != '}') length--;
    if (!length || text[0] != '{') return false;
    length--;
    while (length && strchr(" \r\n", text[length - 1])) length--;
    fwrite(text, 1, length, out);
    fprintf(out, "%s\n  \"tlp\": \"%s\"\n}\n", length > 1 ? "," : "", eki_tlp_text(label));
    return true;
}

enum eki_error eki_report_label(enum eki_report_form form, const char *text, size_t length,
                                enum eki_tlp label, FILE *out)
{
    if ((unsigned)label >= EKI_TLP_COUNT) label = EKI_TLP_RED;
    bool put = form == EKI_REPORT_PAGE      ? put_page(text, length, label, out)
               : form == EKI_REPORT_PICTURE ? put_picture(text, length, label, out)
                                            : put_object(text, length, label, out);
    if (!put) return EKI_ERROR_FORMAT;
    return ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
