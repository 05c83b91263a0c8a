/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_OUTPUT_H
#define EKI_CLI_OUTPUT_H
/* What goes out. A file appears only when it is whole: it is written beside its place under a temporary name,
 * then renamed. Devices and pipes are written to as they are. */
#include <stdbool.h>
#include <stdio.h>

#include "ekigaku/report.h"

struct eki_output {
    FILE *file;
    char *path, *temporary; /* temporary: NULL when written in place */
};

/* False with a message on standard error when it cannot be made. */
bool eki_output_open(const char *path, struct eki_output *ret_output);
/* Keeps the file when `whole`, removes it otherwise. False with a message when it could not be kept. */
bool eki_output_close(struct eki_output *output, bool whole);

/* Prints a text that a stranger may have written: what steers a terminal (C0, DEL, and C1 in UTF-8) becomes
 * "?". */
void eki_output_plain(FILE *out, const char *text);

/* How the terminal wants its text: width, height, colour, characters. */
struct eki_text_options eki_output_terminal(enum eki_language language, bool no_colour);

/* The language of the run: that of --language, else Japanese when EKIGAKU_LANGUAGE, LC_ALL, LC_MESSAGES or
 * LANG says so. */
enum eki_language eki_output_language(void);

#endif
