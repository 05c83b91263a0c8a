/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_SAY_H
#define EKI_CLI_SAY_H
/*
 * What the subcommands say to people, in their language: sentences that stand in the source in English, with
 * places {1} to {9} for values, and whose Japanese is in po/ja.po.
 *
 *     eki_say(stdout, language, EKI_TEXT("Case {1} is closed."), EKI_VALUES(eki_say_number(3).text));
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/error.h"
#include "ekigaku/report.h"

/* Marks what po/ja.po translates (tools/check-texts). */
#define EKI_TEXT(literal) literal

/* The values of a sentence: C strings, ended by NULL. */
#define EKI_VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define EKI_NO_VALUES   ((const char *const[]){NULL})

/* A short text by value, so that it may stand among EKI_VALUES. */
struct eki_said {
    char text[120];
};

/* A number; "2026-11-28T08:00:00Z" of microseconds. */
struct eki_said eki_say_number(int64_t number);
struct eki_said eki_say_time(int64_t microseconds);

/* A number with its noun: `one` when it is 1, else `many`, {1} is the number. */
struct eki_said eki_say_count(enum eki_language language, uint64_t count, const char *one, const char *many);

/* Prints a sentence. What would steer a terminal in a value becomes "?" and the ends of lines blanks; the
 * sentence itself is the program's. */
void eki_say(FILE *out, enum eki_language language, const char *english, const char *const *values);

/* The same, and ends the line. */
void eki_say_line(FILE *out, enum eki_language language, const char *english, const char *const *values);

/* The same into a text, cut between characters at `size` bytes. */
void eki_say_into(char *ret_text, size_t size, enum eki_language language, const char *english,
                  const char *const *values);

/* Prints a text on standard output and fills up with blanks to so many columns, of which a letter of East
 * Asia takes two; at least one blank follows. */
void eki_say_column(const char *text, size_t columns);

/* The same on standard error, with "ekigaku COMMAND: " before it, in the language of the run; ends the line.
 */
void eki_warn(const char *command, const char *english, const char *const *values);

/* The same without a command: "ekigaku: ...". */
void eki_complain(const char *english, const char *const *values);

/* The text of an error in the language of the run. */
const char *eki_say_error(enum eki_error error);

struct eki_heard {
    char text[EKI_REPORT_SENTENCE];
};

/* What the library says of an error, as it is in the language of the run. */
struct eki_heard eki_say_fault(const char *what);

/* Reads "en" or "ja"; false for what is neither. It becomes the language of the run, also of messages that
 * are told where no request is at hand (eki_output_language). */
bool eki_say_language(const char *word, enum eki_language *ret_language);

#endif
