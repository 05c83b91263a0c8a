/* SPDX-License-Identifier: Apache-2.0 */
/* Delivery status notifications (RFC 3464): groups of header lines, the first about the message, each other
 * one about a recipient. */
#include <string.h>
#include <strings.h>

#include "mail/reading.h"

/* Reads the header lines of one group; NULL when there is none. */
static GMimeObject *read_group(const char *bytes, size_t length)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeObject *group = g_mime_parser_construct_part(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return group;
}

/* "rfc822; user@host" without its type (RFC 3464 2.1.2). */
static const char *without_type(const char *value)
{
    const char *end = value ? strchr(value, ';') : NULL;
    if (!end) return value;
    end++;
    return end + strspn(end, " \t");
}

static void add_report(struct eki_reading *reading, GMimeObject *group)
{
    const char *recipient = g_mime_object_get_header(group, "Original-Recipient");
    const char *action = g_mime_object_get_header(group, "Action");
    if (!recipient) recipient = g_mime_object_get_header(group, "Final-Recipient");
    if (!recipient || !action) return;
    struct eki_letter *letter = &reading->letter;
    if (letter->report_count == EKI_LETTER_REPORTS) {
        letter->left_out++;
        return;
    }
    struct eki_mail_report *report = &reading->reports[letter->report_count++];
    report->recipient = eki_reading_line(reading, without_type(recipient));
    report->action = eki_reading_line(reading, action);
    report->status = eki_reading_line(reading, g_mime_object_get_header(group, "Status"));
    report->diagnostic =
        eki_reading_line(reading, without_type(g_mime_object_get_header(group, "Diagnostic-Code")));
    if (!strcasecmp(report->action, "failed")) reading->failed_for_good = true;
}

/* The end of a group: the empty line behind it, or the end. */
static size_t group_length(const char *bytes, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++)
        if (bytes[i] == '\n' &&
            (bytes[i + 1] == '\n' || (bytes[i + 1] == '\r' && i + 2 < length && bytes[i + 2] == '\n')))
            return i + 1;
    return length;
}

void eki_reading_reports(struct eki_reading *reading, GMimePart *part)
{
    GByteArray *content = eki_reading_content(part);
    const char *bytes = (const char *)content->data;
    size_t at = 0, groups = 0;
    /* Twice the reports: what is no recipient's group is passed over, but not for ever. */
    while (at < content->len && groups < (size_t)2 * EKI_LETTER_REPORTS) {
        if (bytes[at] == '\r' || bytes[at] == '\n') {
            at++;
            continue;
        }
        size_t length = group_length(bytes + at, content->len - at);
        GMimeObject *group = read_group(bytes + at, length);
        if (group) {
            add_report(reading, group);
            g_object_unref(group);
        }
        at += length;
        groups++;
    }
    if (at < content->len) reading->letter.left_out++;
    g_byte_array_unref(content);
}

/* "<1@host>" without its brackets. */
static const char *bare_id(struct eki_reading *reading, const char *value)
{
    GMimeReferences *ids = value ? g_mime_references_parse(NULL, value) : NULL;
    const char *first = ids && g_mime_references_length(ids) ? g_mime_references_get_message_id(ids, 0) : "";
    first = eki_reading_line(reading, first);
    if (ids) g_mime_references_free(ids);
    return first;
}

void eki_reading_original(struct eki_reading *reading, const char *headers, size_t length)
{
    GMimeObject *group = length ? read_group(headers, length) : NULL;
    if (!group) return;
    if (!*reading->letter.original)
        reading->letter.original = bare_id(reading, g_mime_object_get_header(group, "Message-ID"));
    g_object_unref(group);
}
