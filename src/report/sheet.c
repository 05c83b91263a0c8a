/* SPDX-License-Identifier: Apache-2.0 */
/* Rows are gathered into sections, and the height of the terminal is shared among them. */
#include "report/sheet.h"

#include <string.h>

#include "base/memory.h"
#include "report/figure.h"
#include "report/letter.h"

struct eki_sheet eki_sheet_start(const struct eki_text_options *options)
{
    struct eki_sheet sheet = {.width = 80, .height = 24};
    if (options) {
        sheet.language = options->language;
        sheet.colour = options->colour;
        sheet.unicode = options->unicode;
        if (options->width) sheet.width = options->width;
        if (options->height) sheet.height = options->height;
    }
    if (sheet.width < 40) sheet.width = 40; /* less holds no address beside its time */
    if (sheet.width > EKI_LINE_COLUMNS) sheet.width = EKI_LINE_COLUMNS;
    if (sheet.height > 1) sheet.height--;
    return sheet;
}

void eki_sheet_done(struct eki_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) eki_free(sheet->sections[i].rows);
    eki_arena_done(&sheet->arena);
    sheet->count = 0;
}

struct eki_section *eki_sheet_section(struct eki_sheet *sheet, const char *title, size_t floor)
{
    if (sheet->count == EKI_SHEET_SECTIONS) return &sheet->sections[sheet->count - 1];
    struct eki_section *section = &sheet->sections[sheet->count++];
    *section =
        (struct eki_section){.title = title ? eki_report_say(sheet->language, title) : NULL, .floor = floor};
    return section;
}

void eki_sheet_add(struct eki_sheet *sheet, struct eki_section *section, const struct eki_line *line,
                   size_t item)
{
    struct eki_row *rows = eki_array_reserve(section->rows, section->count, &section->capacity, sizeof *rows);
    if (rows) section->rows = rows;
    size_t length = line->length;
    while (length > 0 && line->text[length - 1] == ' ') length--;
    char *text = eki_arena_take(&sheet->arena, length + 1, 1);
    if (!rows || !text) {
        sheet->failed = true;
        return;
    }
    memcpy(text, line->text, length);
    rows[section->count++] = (struct eki_row){text, item};
    if (item + 1 > section->items) section->items = item + 1;
}

/* Letters that must not begin a line (JIS X 4051, kinsoku): closing brackets, full stops, commas, the long
 * vowel mark. */
static bool clings_to_left(uint32_t letter)
{
    return (letter >= 0x3001 && letter <= 0x3002) || letter == 0x300d || letter == 0x30fc ||
           letter == 0xff09 || letter == 0xff1a || letter == 0xff0c || letter == '.' || letter == ',' ||
           letter == ')';
}

/* How many bytes of `text` go into a row of `room` columns: up to the last place where a break is allowed. */
static size_t row_bytes(const char *text, unsigned room)
{
    const char *at = text;
    unsigned columns = 0;
    size_t allowed = 0;
    uint32_t before = 0;
    for (;;) {
        const char *here = at;
        uint32_t letter = eki_report_letter(&at);
        bool wide = eki_report_letter_columns(letter) == 2 || eki_report_letter_columns(before) == 2;
        bool after_space = before == ' ' && letter != ' ';
        if (!letter) return (size_t)(here - text);
        if (after_space || (before && wide && !clings_to_left(letter) && before != 0xff08))
            allowed = (size_t)(here - text);
        columns += eki_report_letter_columns(letter);
        if (columns > room && letter != ' ') return allowed ? allowed : (size_t)(here - text);
        before = letter;
    }
}

void eki_sheet_wrap(struct eki_sheet *sheet, struct eki_section *section, enum eki_style style,
                    const char *lead, const char *text)
{
    unsigned indent = eki_report_columns(lead);
    size_t item = section->items;
    for (bool first = true; *text; first = false) {
        struct eki_line line = eki_sheet_line(sheet);
        char part[EKI_SENTENCE];
        size_t bytes = row_bytes(text, sheet->width - indent);
        size_t kept = bytes < sizeof part ? bytes : sizeof part - 1;
        if (!bytes) break;
        memcpy(part, text, kept);
        part[kept] = '\0';
        while (kept > 0 && part[kept - 1] == ' ') part[--kept] = '\0';
        eki_line_field(&line, EKI_STYLE_PLAIN, first ? lead : "", indent, false);
        eki_line_put(&line, style, part);
        eki_sheet_add(sheet, section, &line, item);
        text += bytes;
    }
}

static size_t total_rows(const struct eki_sheet *sheet)
{
    size_t total = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct eki_section *section = &sheet->sections[i];
        if (section->visible) total += section->visible + (section->title ? 1 : 0);
    }
    return total;
}

/* The longest section that may still lose a row; the later of two alike. NULL when all are at their floor. */
static struct eki_section *longest(struct eki_sheet *sheet)
{
    struct eki_section *found = NULL;
    for (size_t i = 0; i < sheet->count; i++) {
        struct eki_section *section = &sheet->sections[i];
        if (section->visible <= section->floor || section->visible < 2) continue;
        if (!found || section->visible >= found->visible) found = section;
    }
    return found;
}

static void share_height(struct eki_sheet *sheet)
{
    size_t tallest = sheet->height;
    for (size_t i = 0; i < sheet->count;
         i++) { /* cut what could never fit at once: rows may be a hundred thousand */
        struct eki_section *section = &sheet->sections[i];
        section->visible = section->count < tallest ? section->count : tallest;
    }
    while (total_rows(sheet) > sheet->height) {
        struct eki_section *section = longest(sheet);
        if (section) {
            section->visible--;
            continue;
        }
        size_t last = sheet->count;
        while (last > 1 && !sheet->sections[last - 1].visible) last--;
        if (last <= 1) break;
        sheet->sections[last - 1].visible = 0;
    }
}

static void print_rest(struct eki_sheet *sheet, const struct eki_section *section, size_t shown, FILE *out)
{
    size_t things = shown ? section->rows[shown].item : 0;
    size_t rest = section->items > things ? section->items - things : 1;
    struct eki_sentence sentence =
        eki_report_count(sheet->language, rest, EKI_TEXT("... and {1} more (--json or --html shows all)"),
                         EKI_TEXT("... and {1} more (--json or --html shows all)"));
    struct eki_line line = eki_sheet_line(sheet);
    eki_line_put(&line, EKI_STYLE_QUIET, "  ");
    eki_line_put(&line, EKI_STYLE_QUIET, sentence.text);
    fprintf(out, "%s\n", line.text);
}

static void print_section(struct eki_sheet *sheet, const struct eki_section *section, FILE *out)
{
    if (section->title) {
        struct eki_line line = eki_sheet_line(sheet);
        eki_line_put(&line, EKI_STYLE_TITLE, section->title);
        fprintf(out, "%s\n", line.text);
    }
    bool cut = section->visible < section->count;
    size_t shown = cut ? section->visible - 1 : section->visible;
    for (size_t i = 0; i < shown; i++) fprintf(out, "%s\n", section->rows[i].text);
    if (cut) print_rest(sheet, section, shown, out);
}

enum eki_error eki_sheet_print(struct eki_sheet *sheet, FILE *out)
{
    if (sheet->failed) return EKI_ERROR_MEMORY;
    share_height(sheet);
    size_t shown = 0;
    for (size_t i = 0; i < sheet->count; i++) shown += sheet->sections[i].visible ? 1 : 0;
    bool airy = total_rows(sheet) + shown - 1 <= sheet->height;
    for (size_t i = 0; i < sheet->count; i++) {
        if (!sheet->sections[i].visible) continue;
        if (i > 0 && airy) fputc('\n', out);
        print_section(sheet, &sheet->sections[i], out);
    }
    return ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
