/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_SHEET_H
#define EKI_REPORT_SHEET_H
/*
 * A sheet of text for a terminal of known size. The writer of each part makes a section of rows, as many as
 * there is to say; when all are there, eki_sheet_print() shares the height among them: what does not fit is
 * cut from the longest section, and the row that takes its place says how many are left out. A row is built
 * from pieces, each with its meaning as a colour:
 *
 *     struct eki_section *section = eki_sheet_section(&sheet, "Sources", 2);
 *     struct eki_line line = eki_sheet_line(&sheet);
 *     eki_line_field(&line, EKI_STYLE_INFECTED, "192.0.2.1", 16, false);
 *     eki_sheet_add(&sheet, section, &line, item);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "report/language.h"

enum eki_style {
    EKI_STYLE_PLAIN = 0,
    EKI_STYLE_TITLE,
    EKI_STYLE_INFECTED,
    EKI_STYLE_ATTEMPTED,
    EKI_STYLE_ZERO, /* patient zero */
    EKI_STYLE_SAFE,
    EKI_STYLE_QUIET
};

enum { EKI_LINE_BYTES = 1600, EKI_SHEET_SECTIONS = 16, EKI_LINE_COLUMNS = 240 };

struct eki_line {
    char text[EKI_LINE_BYTES];
    size_t length;
    unsigned columns, limit;
    bool colour, unicode, full;
};

struct eki_row {
    const char *text; /* lives in the arena of the sheet */
    size_t item;      /* which thing it belongs to: one thing may take several rows */
};

struct eki_section {
    const char *title; /* translated; NULL for none */
    struct eki_row *rows;
    size_t count, capacity;
    size_t floor;   /* rows that are kept as long as possible */
    size_t items;   /* how many things there are, also those without a row */
    size_t visible; /* set by eki_sheet_print */
};

struct eki_sheet {
    struct eki_arena arena;
    struct eki_section sections[EKI_SHEET_SECTIONS];
    size_t count;
    enum eki_language language;
    unsigned width, height;
    bool colour, unicode;
    bool failed; /* memory ran out: nothing is printed */
};

/* An empty sheet as the options say (NULL: 80 columns, 24 rows, English, plain); pair with eki_sheet_done.
 * One row is left for the prompt. */
struct eki_sheet eki_sheet_start(const struct eki_text_options *options);

/* A new section with an untranslated title or NULL; when there are too many sections the last one is given
 * again. */
struct eki_section *eki_sheet_section(struct eki_sheet *sheet, const char *title, size_t floor);

/* An empty line as wide as the sheet. */
struct eki_line eki_sheet_line(const struct eki_sheet *sheet);

/* Appends text; what does not fit into the line is cut, and an ellipsis shows it. Control characters become
 * harmless. */
void eki_line_put(struct eki_line *line, enum eki_style style, const char *text);

/* Appends text cut or padded to `width` columns, at the right edge when `right`. */
void eki_line_field(struct eki_line *line, enum eki_style style, const char *text, unsigned width,
                    bool right);

/* Keeps a copy of the line as the next row of the section, for thing number `item` (from 0). */
void eki_sheet_add(struct eki_sheet *sheet, struct eki_section *section, const struct eki_line *line,
                   size_t item);

/* True when the section has more rows than the sheet is high: no need to make further ones, but `items` must
 * be set then. */
static inline bool eki_sheet_is_full(const struct eki_sheet *sheet, const struct eki_section *section)
{
    return section->count > sheet->height;
}

/* Adds a text as rows broken between words, later rows as far to the right as `lead` is wide. */
void eki_sheet_wrap(struct eki_sheet *sheet, struct eki_section *section, enum eki_style style,
                    const char *lead, const char *text);

/* Shares the height among the sections and writes everything. EKI_ERROR_WRITE, or EKI_ERROR_MEMORY from
 * earlier calls. */
EKI_MUST_USE enum eki_error eki_sheet_print(struct eki_sheet *sheet, FILE *out);

/* Frees the sheet with all its rows. */
void eki_sheet_done(struct eki_sheet *sheet);

#endif
