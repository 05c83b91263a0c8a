/* SPDX-License-Identifier: Apache-2.0 */
/* One word of a pasted text: made live again, told by its form, written in one way. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cursor.h"
#include "ekigaku/address.h"
#include "ekigaku/indicator_list.h"

/* The customs of defanging, longest first where one begins another. */
static const struct {
    const char *from, *to;
} customs[] = {
    {"[://]", "://"}, {"[dot]", "."}, {"(dot)", "."}, {"{dot}", "."}, {"[at]", "@"},
    {"(at)", "@"},    {"{at}", "@"},  {"[.]", "."},   {"(.)", "."},   {"{.}", "."},
    {"[:]", ":"},     {"[@]", "@"},   {"[/]", "/"},   {"[.", "."},    {"\\.", "."},
};

/* Endings of programs and documents that are no top-level domains, so that a name cannot be both. */
static const char *const programs[] = {
    "exe",  "dll",  "bat", "ps1",  "scr",    "vbs",  "lnk",  "msi", "sys", "docm", "xlsm", "jar", "hta",
    "txt",  "pdf",  "doc", "docx", "xls",    "xlsx", "pptx", "csv", "log", "json", "xml",  "png", "jpg",
    "html", "conf", "ini", "pcap", "pcapng", "rtf",  "tmp",  "bin", "dat", "rar",  "js",   "iso", "eml"};

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static void lower(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] >= 'A' && text[i] <= 'Z') text[i] = (char)(text[i] - 'A' + 'a');
}

/* Which custom begins here; the count of customs when none does. */
static size_t custom_at(const char *text, size_t left)
{
    size_t i = 0, count = sizeof customs / sizeof *customs;
    for (; i < count; i++) {
        size_t n = strlen(customs[i].from);
        if (left >= n && !strncasecmp(text, customs[i].from, n)) break;
    }
    return i;
}

/* Copies the word with every custom undone once; false when it is too long, holds bytes outside of ASCII, or
 * holds a custom still (one within another: no person writes so). The outcome is never longer than the word.
 */
static bool refang(const char *word, size_t length, char out[EKI_INDICATOR_VALUE])
{
    const size_t none = sizeof customs / sizeof *customs;
    struct eki_cursor c = eki_cursor_over(word, length);
    size_t used = 0;
    if (length >= EKI_INDICATOR_VALUE) return false;
    while (c.left) {
        size_t i = custom_at((const char *)c.at, c.left);
        if (i < none) {
            size_t m = strlen(customs[i].to);
            memcpy(out + used, customs[i].to, m);
            used += m;
            eki_cursor_skip(&c, strlen(customs[i].from));
            continue;
        }
        char byte = (char)eki_cursor_u8(&c);
        if (byte <= ' ' || byte > '~') return false;
        out[used++] = byte;
    }
    out[used] = '\0';
    for (size_t i = 0; i < used; i++)
        if (custom_at(out + i, used - i) < none) return false;
    return true;
}

/* Brackets and full stops around a word belong to the sentence; two colons end an IPv6 address. */
static bool ends(const char *text, size_t length)
{
    if (length > 1 && text[length - 1] == ':' && text[length - 2] == ':') return false;
    return strchr(".,;:!?)]}>\"'`", text[length - 1]) != NULL;
}

static void trim(char *text)
{
    size_t from = strspn(text, "([{<\"'`"), length = strlen(text);
    while (length > from && ends(text, length)) length--;
    memmove(text, text + from, length - from);
    text[length - from] = '\0';
}

static bool is_host(const char *name, size_t length)
{
    size_t labels = 0, at = 0, last = 0;
    if (length > 253) return false;
    while (at < length) {
        size_t n = 0;
        while (at + n < length && name[at + n] != '.') {
            char c = name[at + n];
            if (!letter(c) && !digit(c) && c != '-' && c != '_') return false;
            n++;
        }
        if (n == 0 || n > 63 || name[at] == '-' || name[at + n - 1] == '-') return false;
        labels++;
        last = at;
        at += n + 1;
    }
    if (labels < 2 || at != length + 1 || length - last < 2) return false;
    if (!strncasecmp(name + last, "xn--", 4)) return true;
    for (size_t i = last; i < length; i++)
        if (!letter(name[i])) return false;
    return true;
}

static bool is_program(const char *name)
{
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name || strpbrk(name, "/\\:@")) return false;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (!strcasecmp(dot + 1, programs[i])) return true;
    return false;
}

static bool is_hash(char *text, enum eki_indicator_kind *ret_kind)
{
    size_t length = strlen(text);
    if (length != 32 && length != 40 && length != 64) return false;
    if (strspn(text, "0123456789abcdefABCDEF") != length) return false;
    lower(text, length);
    *ret_kind = length == 32 ? EKI_INDICATOR_MD5 : length == 40 ? EKI_INDICATOR_SHA1 : EKI_INDICATOR_SHA256;
    return true;
}

/* An address of the web: its scheme is made live, scheme and host are small letters, the path stays. */
static bool is_url(char *text)
{
    static const char *const live[][2] = {{"hxxps", "https"}, {"hxxp", "http"}, {"fxp", "ftp"}};
    char *colon = strstr(text, "://");
    if (!colon || colon == text) return false;
    size_t scheme = (size_t)(colon - text);
    lower(text, scheme);
    for (size_t i = 0; i < 3; i++)
        if (scheme == strlen(live[i][0]) && !strncmp(text, live[i][0], scheme))
            memcpy(text, live[i][1], scheme); /* both of one length */
    if (strncmp(text, "http:", 5) != 0 && strncmp(text, "https:", 6) != 0 && strncmp(text, "ftp:", 4) != 0)
        return false;
    size_t host = strcspn(colon + 3, "/?#");
    if (!host) return false;
    if (!memchr(colon + 3, '@', host)) lower(colon + 3, host); /* a name and password keep their case */
    return true;
}

static bool is_mail(char *text)
{
    char *at = strrchr(text, '@');
    if (!at || at == text || at - text > 64 || memchr(text, '@', (size_t)(at - text))) return false;
    if (strpbrk(text, "/\\:()<>[]\",;") || !is_host(at + 1, strlen(at + 1))) return false;
    lower(at + 1, strlen(at + 1));
    return true;
}

static bool is_as(char *text)
{
    char *end;
    if (strncasecmp(text, "AS", 2) != 0 || !digit(text[2]) || strlen(text) > 12) return false;
    unsigned long long number = strtoull(text + 2, &end, 10);
    if (*end || number == 0 || number > UINT32_MAX) return false;
    snprintf(text, 13, "AS%llu", number);
    return true;
}

/* An address, or a network with its length; a port behind an IPv4 address is dropped. */
static bool is_address(char *text, enum eki_indicator_kind *ret_kind)
{
    struct eki_address address;
    struct eki_prefix prefix;
    char written[EKI_ADDRESS_TEXT], *colon = strchr(text, ':');
    if (colon && colon == strrchr(text, ':') && strchr(text, '.') && digit(colon[1]) &&
        strspn(colon + 1, "0123456789") == strlen(colon + 1) && strlen(colon + 1) <= 5) {
        *colon = '\0';
        bool v4 = eki_address_parse(text, &address) == EKI_OK;
        if (!v4) *colon = ':';
    }
    if (!eki_address_parse(text, &address)) {
        *ret_kind = EKI_INDICATOR_ADDRESS;
        snprintf(text, EKI_ADDRESS_TEXT, "%s", eki_address_format(address, written));
        return true;
    }
    if (!strchr(text, '/') || eki_prefix_parse(text, &prefix)) return false;
    *ret_kind = EKI_INDICATOR_NETWORK;
    snprintf(text, EKI_ADDRESS_TEXT, "%s", eki_prefix_format(prefix, written));
    return true;
}

enum eki_error eki_indicator_read(const char *word, size_t length, enum eki_indicator_kind *ret_kind,
                                  char ret_value[EKI_INDICATOR_VALUE])
{
    char text[EKI_INDICATOR_VALUE];
    enum eki_indicator_kind kind;
    if (!refang(word, length, text)) return EKI_ERROR_MISSING;
    trim(text);
    if (is_address(text, &kind) || is_hash(text, &kind)) {
        ; /* told already */
    } else if (is_as(text)) {
        kind = EKI_INDICATOR_AS;
    } else if (is_url(text)) {
        kind = EKI_INDICATOR_URL;
    } else if (is_mail(text)) {
        kind = EKI_INDICATOR_MAIL;
    } else if (is_program(text)) {
        kind = EKI_INDICATOR_FILE;
    } else if (is_host(text, strlen(text))) {
        kind = EKI_INDICATOR_DOMAIN;
        lower(text, strlen(text));
    } else {
        return EKI_ERROR_MISSING;
    }
    memcpy(ret_value, text, strlen(text) + 1);
    *ret_kind = kind;
    return EKI_OK;
}

bool eki_indicator_fits(enum eki_indicator_kind kind, const char *value)
{
    char text[EKI_INDICATOR_VALUE];
    enum eki_indicator_kind form;
    bool told = !eki_indicator_read(value, strlen(value), &form, text);
    bool reaches = told && (form == EKI_INDICATOR_ADDRESS || form == EKI_INDICATOR_NETWORK ||
                            form == EKI_INDICATOR_URL || form == EKI_INDICATOR_MAIL);
    switch (kind) {
    case EKI_INDICATOR_MUTEX: return *value != '\0';
    case EKI_INDICATOR_FILE:
    case EKI_INDICATOR_PATTERN: return *value && !reaches;
    case EKI_INDICATOR_REGISTRY: return strchr(value, '\\') && !reaches;
    default: return told && form == kind && !strcmp(text, value);
    }
}
