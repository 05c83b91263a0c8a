/* SPDX-License-Identifier: Apache-2.0 */
/* One line of a terminal is put together piece by piece: harmless letters, known columns, colours around
 * them. */
#include <string.h>

#include "report/letter.h"
#include "report/sheet.h"

/* Colours of the 256-colour cube that stay apart for colour-blind readers (Okabe and Ito 2008) on light and
 * dark grounds. */
static const char *const style_codes[] = {
    [EKI_STYLE_PLAIN] = "",
    [EKI_STYLE_TITLE] = "\x1b[1m",
    [EKI_STYLE_INFECTED] = "\x1b[38;5;202m",
    [EKI_STYLE_ATTEMPTED] = "\x1b[38;5;172m",
    [EKI_STYLE_ZERO] = "\x1b[1;38;5;160m",
    [EKI_STYLE_SAFE] = "\x1b[38;5;32m",
    [EKI_STYLE_QUIET] = "\x1b[38;5;244m",
};

struct eki_line eki_sheet_line(const struct eki_sheet *sheet)
{
    return (struct eki_line){.limit = sheet->width, .colour = sheet->colour, .unicode = sheet->unicode};
}

static void add_bytes(struct eki_line *line, const char *bytes, size_t count)
{
    if (line->length + count >= sizeof line->text) return;
    memcpy(line->text + line->length, bytes, count);
    line->length += count;
    line->text[line->length] = '\0';
}

static void add_letter(struct eki_line *line, uint32_t letter)
{
    char bytes[4];
    if (letter == 0xfffd && !line->unicode) letter = '?';
    add_bytes(line, bytes, eki_report_encode(letter, bytes));
    line->columns += eki_report_letter_columns(letter);
}

/* Puts as much of `text` as fits into `limit` columns of the line; an ellipsis stands for the rest. */
static bool put_within(struct eki_line *line, enum eki_style style, const char *text, unsigned limit)
{
    bool whole = line->columns + eki_report_columns(text) <= limit;
    bool coloured = line->colour && style != EKI_STYLE_PLAIN && text[0];
    if (coloured) add_bytes(line, style_codes[style], strlen(style_codes[style]));
    for (uint32_t letter; (letter = eki_report_letter(&text));) {
        unsigned columns = eki_report_letter_columns(letter);
        /* The bytes kept free are those of a letter, the ellipsis and the end of the colour: many combining
         * marks take no column. */
        bool room =
            line->columns + columns + (whole ? 0 : 1) <= limit && line->length + 32 < sizeof line->text;
        if (room) {
            add_letter(line, letter);
            continue;
        }
        if (line->columns < limit) add_letter(line, line->unicode ? 0x2026 : '~');
        whole = false;
        break;
    }
    if (coloured) add_bytes(line, "\x1b[0m", 4);
    return whole;
}

void eki_line_put(struct eki_line *line, enum eki_style style, const char *text)
{
    if (line->full) return;
    line->full = !put_within(line, style, text, line->limit);
}

void eki_line_field(struct eki_line *line, enum eki_style style, const char *text, unsigned width, bool right)
{
    unsigned end = line->columns + width < line->limit ? line->columns + width : line->limit;
    unsigned columns = eki_report_columns(text);
    if (line->full) return;
    for (unsigned pad = columns < width && right ? width - columns : 0; pad > 0 && line->columns < end; pad--)
        add_letter(line, ' ');
    put_within(line, style, text, end);
    while (line->columns < end && line->length + 32 < sizeof line->text) add_letter(line, ' ');
}
