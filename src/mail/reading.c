/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of strangers made harmless: valid UTF-8, no control characters. */
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "mail/reading.h"

GByteArray *eki_reading_content(GMimePart *part)
{
    GMimeDataWrapper *wrapper = g_mime_part_get_content(part);
    GMimeStream *stream = g_mime_stream_mem_new();
    if (wrapper) g_mime_data_wrapper_write_to_stream(wrapper, stream);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE); /* it is ours now */
    g_object_unref(stream);
    return bytes;
}

/* U+0080 to U+009F; U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. */
static bool is_harmful(const unsigned char *c, bool lines)
{
    if (*c < 0x20 || *c == 0x7f) return !lines || (*c != '\n' && *c != '\t');
    if (*c == 0xc2) return c[1] < 0xa0;
    if (*c != 0xe2) return false;
    if (c[1] == 0x80) return c[2] == 0x8e || c[2] == 0x8f || (c[2] >= 0xaa && c[2] <= 0xae);
    return c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
}

/* Copies what may be shown; CRLF becomes LF, anything else that may not be there a question mark. */
static const char *harmless(struct eki_reading *reading, const char *text, size_t length, bool lines)
{
    char *copy = eki_arena_take(&reading->arena, length + 1, 1);
    const unsigned char *c = (const unsigned char *)text, *end = c + length;
    size_t used = 0;
    if (!copy) {
        reading->no_memory = true;
        return "";
    }
    while (c < end && *c) {
        size_t bytes = eki_utf8_length(c);
        if (lines && c[0] == '\r' && c[1] == '\n') {
            c++;
        } else if (!bytes || is_harmful(c, lines)) {
            copy[used++] = '?';
            c += bytes ? bytes : 1;
        } else {
            memcpy(copy + used, c, bytes);
            used += bytes;
            c += bytes;
        }
    }
    return copy;
}

const char *eki_reading_line(struct eki_reading *reading, const char *text)
{
    return text && *text ? harmless(reading, text, strlen(text), false) : "";
}

static bool is_utf8(const char *text, size_t length)
{
    const unsigned char *c = (const unsigned char *)text, *end = c + length;
    while (c < end) {
        size_t bytes = *c ? eki_utf8_length(c) : 0;
        if (!bytes) return false;
        c += bytes;
    }
    return true;
}

/* The name that iconv knows the bytes by. Programs for Windows say Shift_JIS and mean code page 932, which
 * has more letters; what says nothing, or ASCII, and has an escape to JIS is ISO-2022-JP (RFC 1468). */
static const char *charset_of(GMimePart *part, const char *bytes)
{
    const char *charset = g_mime_object_get_content_type_parameter((GMimeObject *)part, "charset");
    bool silent = !charset || !*charset || !strcasecmp(charset, "us-ascii");
    if (silent && strstr(bytes, "\x1b$")) return "ISO-2022-JP";
    if (silent) return is_utf8(bytes, strlen(bytes)) ? NULL : "ISO-8859-1";
    if (!strcasecmp(charset, "shift_jis") || !strcasecmp(charset, "shift-jis") ||
        !strcasecmp(charset, "sjis") || !strcasecmp(charset, "x-sjis") || !strcasecmp(charset, "windows-31j"))
        return "CP932";
    return strcasecmp(charset, "utf-8") ? charset : NULL;
}

/* Cuts a text to the limit at the beginning of a letter. */
static size_t cut(struct eki_reading *reading, const char *text, size_t length)
{
    if (length <= EKI_LETTER_TEXT) return length;
    reading->letter.left_out++;
    length = EKI_LETTER_TEXT;
    while (length && (text[length] & 0xc0) == 0x80) length--;
    return length;
}

const char *eki_reading_text(struct eki_reading *reading, GMimePart *part)
{
    GByteArray *bytes = eki_reading_content(part);
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    const char *raw = (const char *)bytes->data, *charset = charset_of(part, raw);
    size_t length = bytes->len - 1;
    char *converted = NULL;
    if (charset) {
        iconv_t how = g_mime_iconv_open("UTF-8", charset);
        if (how != (iconv_t)-1) {
            /* What is beyond the limit is not converted: no charset has more than four bytes a letter. */
            size_t most = (size_t)EKI_LETTER_TEXT * 4;
            converted = g_mime_iconv_strndup(how, raw, length > most ? most : length);
            g_mime_iconv_close(how);
        }
    }
    const char *utf8 = converted ? converted : raw;
    length = converted ? strlen(converted) : length;
    const char *text = harmless(reading, utf8, cut(reading, utf8, length), true);
    g_free(converted);
    g_byte_array_unref(bytes);
    return text;
}
