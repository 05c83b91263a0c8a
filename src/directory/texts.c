/* SPDX-License-Identifier: Apache-2.0 */
#include "directory/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_MOST = 128, V4_OFFSET = 96 };

/* Bytes of the letter that begins here, 0 when it is none: RFC 3629, table 3-7 of Unicode. */
static size_t letter_length(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80) return 1;
    size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < length) return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80) return 0;
    if (p[0] == 0xe0 && p[1] < 0xa0) return 0;
    if (p[0] == 0xed && p[1] > 0x9f) return 0;
    if (p[0] == 0xf0 && p[1] < 0x90) return 0;
    if (p[0] == 0xf4 && p[1] > 0x8f) return 0;
    return length;
}

bool eki_text_is_plain(const char *text, size_t length, bool prose)
{
    const unsigned char *p = (const unsigned char *)text;
    for (size_t at = 0, step; at < length; at += step) {
        step = letter_length(p + at, length - at);
        if (!step || p[at] == 0x7f) return false;
        if (p[at] < 0x20 && !(prose && (p[at] == '\n' || p[at] == '\t'))) return false;
        if (p[at] == 0xc2 && p[at + 1] < 0xa0) return false; /* C1 controls */
    }
    return true;
}

bool eki_text_is_id(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:@/+";
    size_t length = strlen(text);
    return length && length <= ID_MOST && strspn(text, letters) == length;
}

const char *eki_prefix_read(const char *text, struct eki_prefix *ret_prefix)
{
    char address[EKI_ADDRESS_TEXT];
    struct eki_address a;
    uint32_t bits;
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    if (length >= sizeof address) return "no address before the slash";
    memcpy(address, text, length);
    address[length] = '\0';
    if (eki_address_parse(address, &a)) return "no address before the slash";
    uint32_t most = eki_address_is_v4(a) ? 32 : 128;
    bits = most;
    if (slash && !eki_count_read(slash + 1, most, &bits))
        return "the length after the slash is not of its range";
    struct eki_prefix p = eki_prefix_around(a, most == 32 ? bits + V4_OFFSET : bits);
    if (!eki_address_equal(p.base, a)) return "bits behind the prefix are set";
    *ret_prefix = p;
    return NULL;
}

bool eki_count_read(const char *text, uint32_t most, uint32_t *ret_count)
{
    uint64_t value = 0;
    size_t length = strlen(text);
    if (!length || length > 10 || strspn(text, "0123456789") != length) return false;
    for (size_t i = 0; i < length; i++) value = value * 10 + (uint64_t)(text[i] - '0');
    if (value > most) return false;
    *ret_count = (uint32_t)value;
    return true;
}

bool eki_asn_read(const char *text, uint32_t *ret_asn)
{
    char high[8];
    uint32_t upper = 0, lower;
    if ((text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's')) text += 2;
    const char *point = strchr(text, '.');
    if (point) {
        size_t length = (size_t)(point - text);
        if (length >= sizeof high) return false;
        memcpy(high, text, length);
        high[length] = '\0';
        if (!eki_count_read(high, UINT16_MAX, &upper) || !eki_count_read(point + 1, UINT16_MAX, &lower))
            return false;
        lower |= upper << 16;
    } else if (!eki_count_read(text, UINT32_MAX, &lower)) {
        return false;
    }
    if (!lower) return false;
    *ret_asn = lower;
    return true;
}

static char upper_case(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

bool eki_country_read(const char *text, char ret_country[4])
{
    if (strlen(text) != 2) return false;
    char country[4] = {upper_case(text[0]), upper_case(text[1]), 0, 0};
    for (int i = 0; i < 2; i++)
        if (country[i] < 'A' || country[i] > 'Z') return false;
    memcpy(ret_country, country, sizeof country);
    return true;
}

bool eki_fingerprint_read(const char *text, char ret_digits[68])
{
    size_t count = 0;
    char digits[68];
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) text += 2;
    for (; *text; text++) {
        char c = upper_case(*text);
        if (c == ' ' || c == ':') continue;
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')) || count == 64) return false;
        digits[count++] = c;
    }
    if (count != 40 && count != 64) return false;
    digits[count] = '\0';
    memcpy(ret_digits, digits, count + 1);
    return true;
}

const char *eki_id_from(const char *prefix, const char *text, char ret_id[132])
{
    size_t length = (size_t)snprintf(ret_id, 132, "%.20s:", prefix);
    size_t start = length;
    for (; *text && length < 120; text++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
        bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (kept)
            ret_id[length++] = c;
        else if (length > start && ret_id[length - 1] != '-')
            ret_id[length++] = '-';
    }
    while (length > start && ret_id[length - 1] == '-') length--;
    ret_id[length] = '\0';
    return ret_id;
}

/* The last address of the prefix of `bits` (of 128) that begins at `a`. */
static struct eki_address last_of(struct eki_address a, unsigned bits)
{
    if (bits == 0) return (struct eki_address){UINT64_MAX, UINT64_MAX};
    if (bits < 64) a.hi |= UINT64_MAX >> bits;
    if (bits <= 64) a.lo = UINT64_MAX;
    if (bits > 64 && bits < 128) a.lo |= UINT64_MAX >> (bits - 64);
    return a;
}

size_t eki_range_prefixes(struct eki_address first, struct eki_address last, struct eki_prefix *ret_prefixes,
                          size_t room)
{
    size_t count = 0;
    bool v4 = eki_address_is_v4(first);
    if (v4 != eki_address_is_v4(last) || eki_address_compare(first, last) > 0) return 0;
    while (count < room) {
        unsigned bits = v4 ? V4_OFFSET : 0;
        struct eki_prefix p = eki_prefix_around(first, bits);
        while (!eki_address_equal(p.base, first) || eki_address_compare(last_of(first, bits), last) > 0)
            p = eki_prefix_around(first, ++bits);
        ret_prefixes[count++] = p;
        struct eki_address end = last_of(first, bits);
        if (eki_address_compare(end, last) >= 0) break;
        first = (struct eki_address){end.hi + (end.lo == UINT64_MAX), end.lo + 1};
    }
    return count;
}
