/* SPDX-License-Identifier: Apache-2.0 */
/* Untrusted bytes become letters here: decoded, made harmless, measured. */
#include "report/letter.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

struct range {
    uint32_t first, last;
};

static bool within(const struct range *ranges, size_t count, uint32_t letter)
{
    for (size_t i = 0; i < count; i++)
        if (letter >= ranges[i].first && letter <= ranges[i].last) return true;
    return false;
}

/* Controls, surrogates, direction marks, line and paragraph separators, non-characters: none may reach a
 * terminal or an XML reader. */
static bool is_harmful(uint32_t letter)
{
    static const struct range harmful[] = {
        {0x01, 0x1f},     {0x7f, 0x9f},       {0x061c, 0x061c},      {0x200b, 0x200f}, {0x2028, 0x202e},
        {0x2060, 0x206f}, {0xd800, 0xdfff},   {0xfdd0, 0xfdef},      {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
        {0xfffe, 0xffff}, {0xe0000, 0xe0fff}, {0xf0000, 0xffffffff},
    };
    return within(harmful, sizeof harmful / sizeof *harmful, letter);
}

static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead < 0xe0) return 2;
    if (lead >= 0xe0 && lead < 0xf0) return 3;
    if (lead >= 0xf0 && lead < 0xf5) return 4;
    return 0;
}

uint32_t eki_report_letter(const char **text)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)*text;
    if (!bytes[0]) return 0;
    size_t length = sequence_length(bytes[0]);
    uint32_t letter = length == 1 ? bytes[0] : bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) length = 0; /* also stops at the NUL */
        letter = letter << 6 | (bytes[i] & 0x3f);
    }
    *text += length ? length : 1;
    if (!length || letter < smallest[length] || is_harmful(letter)) return REPLACEMENT;
    return letter;
}

size_t eki_report_encode(uint32_t letter, char ret_bytes[4])
{
    if (letter < 0x80) {
        ret_bytes[0] = (char)letter;
        return 1;
    }
    size_t length = letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, letter >>= 6) ret_bytes[i] = (char)(0x80 | (letter & 0x3f));
    ret_bytes[0] = (char)((0xf00u >> length) | letter);
    return length;
}

unsigned eki_report_letter_columns(uint32_t letter)
{
    static const struct range wide[] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x3247},   {0x3250, 0x4dbf},   {0x4e00, 0xa4c6},
        {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6b},   {0xff01, 0xff60},
        {0xffe0, 0xffe6},   {0x16fe0, 0x18cd5}, {0x1b000, 0x1b2fb}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
        {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
    };
    static const struct range marks[] = {
        {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
        {0x064b, 0x065f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff},
        {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    };
    if (letter < 0x300) return 1;
    if (within(marks, sizeof marks / sizeof *marks, letter)) return 0;
    return within(wide, sizeof wide / sizeof *wide, letter) ? 2 : 1;
}

unsigned eki_report_columns(const char *text)
{
    unsigned columns = 0;
    for (uint32_t letter; (letter = eki_report_letter(&text));) columns += eki_report_letter_columns(letter);
    return columns;
}

void eki_report_join(char *text, size_t capacity, const char *more)
{
    size_t used = strlen(text), wanted = strlen(more);
    size_t room = capacity - used - 1;
    if (wanted > room) wanted = room;
    memcpy(text + used, more, wanted);
    text[used + wanted] = '\0';
}

void eki_report_trim(char *text)
{
    size_t length = strlen(text), back = 0;
    while (back < 3 && back < length && ((unsigned char)text[length - 1 - back] & 0xc0) == 0x80) back++;
    if (back >= length) return;
    size_t lead = length - 1 - back;
    size_t wanted = sequence_length((unsigned char)text[lead]);
    if (wanted > 1 && lead + wanted > length) text[lead] = '\0';
}
