/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of arrived mail. What it hands out is valid UTF-8 in bounds. */
#include <stdint.h>
#include <string.h>

#include "ekigaku/mail.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count, (void)arguments;
    return eki_mail_start() ? 1 : 0;
}

static void check_line(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct eki_letter *letter;
    if (eki_mail_read(bytes, length, &letter, NULL)) return 0;
    const char *const lines[] = {letter->from,       letter->from_name,   letter->to,      letter->subject,
                                 letter->message_id, letter->in_reply_to, letter->original};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) check_line(lines[i]);
    if (strlen(letter->text) > EKI_LETTER_TEXT) __builtin_trap();
    for (size_t i = 0; i < letter->part_count; i++) {
        check_line(letter->parts[i].name);
        check_line(letter->parts[i].type);
        if (letter->parts[i].length && !letter->parts[i].bytes) __builtin_trap();
    }
    for (size_t i = 0; i < letter->report_count; i++) check_line(letter->reports[i].recipient);
    eki_letter_free(letter);
    return 0;
}
