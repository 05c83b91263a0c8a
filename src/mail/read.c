/* SPDX-License-Identifier: Apache-2.0 */
/* A message of a stranger, taken apart. */
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "mail/reading.h"

/* Lines that begin with Content-Type: each can open a level of the parser or a part, and messages of people
 * have a dozen. Counted before anything is parsed, so that depth and number are bounded whatever comes. */
enum { OPENINGS = 500 };

static bool is_bounded(const char *bytes, size_t length)
{
    size_t openings = 0;
    for (const char *line = bytes, *end = bytes + length; line && line < end;) {
        size_t rest = (size_t)(end - line);
        if (rest >= 12 && !strncasecmp(line, "content-type", 12) && ++openings > OPENINGS) return false;
        line = memchr(line, '\n', rest);
        if (line) line++;
    }
    return true;
}

static GMimeMessage *parse(const void *bytes, size_t length)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

static void add_part(struct eki_reading *reading, GMimeObject *object, const void *bytes, size_t length)
{
    struct eki_letter *letter = &reading->letter;
    if (letter->part_count == EKI_LETTER_PARTS) {
        letter->left_out++;
        return;
    }
    struct eki_letter_part *part = &reading->parts[letter->part_count++];
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
    const char *name = GMIME_IS_PART(object) ? g_mime_part_get_filename((GMimePart *)object) : NULL;
    name = eki_reading_line(reading, name);
    for (const char *c = name; *c; c++)
        if (*c == '/' || *c == '\\') name = c + 1; /* only the last piece of a path is a name */
    part->name = name;
    part->type = eki_reading_line(reading, type);
    part->looks = eki_looks(bytes, length);
    part->disguised = eki_looks_disguised(part->looks, part->type, part->name);
    part->bytes = length ? eki_arena_copy(&reading->arena, bytes, length, 1) : "";
    part->length = part->bytes ? length : 0;
    if (!part->bytes) reading->no_memory = true;
    g_free(type);
}

static bool is_type(GMimeObject *object, const char *type, const char *subtype)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(object), type, subtype);
}

static void read_part(struct eki_reading *reading, GMimePart *part)
{
    GMimeObject *object = (GMimeObject *)part;
    bool attached = g_mime_part_is_attachment(part);
    if (is_type(object, "text", "plain") && !attached && !reading->has_text) {
        reading->letter.text = eki_reading_text(reading, part);
        reading->has_text = true;
        return;
    }
    if (is_type(object, "message", "delivery-status") ||
        is_type(object, "message", "global-delivery-status")) {
        eki_reading_reports(reading, part);
        return;
    }
    GByteArray *bytes = eki_reading_content(part);
    if (is_type(object, "text", "rfc822-headers") || is_type(object, "message", "global-headers"))
        eki_reading_original(reading, (const char *)bytes->data, bytes->len);
    if (is_type(object, "application", "pkcs7-mime") || is_type(object, "application", "x-pkcs7-mime"))
        reading->letter.encrypted = true;
    add_part(reading, object, bytes->data, bytes->len);
    g_byte_array_unref(bytes);
}

/* A message within is an attachment as a whole; of one that came back, its Message-ID is what matters. */
static void read_message(struct eki_reading *reading, GMimeMessagePart *part)
{
    GMimeMessage *message = g_mime_message_part_get_message(part);
    if (!message) return;
    char *text = g_mime_object_to_string((GMimeObject *)message, NULL);
    if (text) {
        eki_reading_original(reading, text, strlen(text));
        add_part(reading, (GMimeObject *)part, text, strlen(text));
    }
    g_free(text);
}

static void walk(struct eki_reading *reading, GMimeObject *object, unsigned depth)
{
    if (depth > EKI_LETTER_DEPTH) {
        reading->letter.left_out++;
    } else if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *multipart = (GMimeMultipart *)object;
        reading->letter.is_signed |= is_type(object, "multipart", "signed");
        reading->letter.encrypted |= is_type(object, "multipart", "encrypted");
        for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
            walk(reading, g_mime_multipart_get_part(multipart, i), depth + 1);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        read_message(reading, (GMimeMessagePart *)object);
    } else if (GMIME_IS_PART(object)) {
        read_part(reading, (GMimePart *)object);
    }
}

static void read_addresses(struct eki_reading *reading, GMimeMessage *message)
{
    struct eki_letter *letter = &reading->letter;
    InternetAddressList *lists[] = {g_mime_message_get_from(message), g_mime_message_get_to(message)};
    const char **addresses[] = {&letter->from, &letter->to};
    for (int i = 0; i < 2; i++) {
        InternetAddress *first = lists[i] && internet_address_list_length(lists[i])
                                     ? internet_address_list_get_address(lists[i], 0)
                                     : NULL;
        if (!first || !INTERNET_ADDRESS_IS_MAILBOX(first)) continue;
        const char *address = internet_address_mailbox_get_addr((InternetAddressMailbox *)first);
        *addresses[i] = eki_reading_line(reading, address);
        if (!i) letter->from_name = eki_reading_line(reading, internet_address_get_name(first));
    }
}

static void read_date(struct eki_letter *letter, GMimeMessage *message)
{
    GDateTime *date = g_mime_message_get_date(message);
    int64_t seconds = date ? g_date_time_to_unix(date) : -1;
    letter->date =
        seconds >= 0 && seconds <= EKI_TIME_LATEST / EKI_SECOND ? seconds * EKI_SECOND : EKI_TIME_NONE;
}

static void add_reference(struct eki_reading *reading, const char *id)
{
    struct eki_letter *letter = &reading->letter;
    for (size_t i = 0; i < letter->reference_count; i++)
        if (!strcmp(reading->references[i], id)) return;
    if (letter->reference_count == EKI_LETTER_REFERENCES)
        letter->left_out++;
    else
        reading->references[letter->reference_count++] = id;
}

static void read_ids(struct eki_reading *reading, GMimeMessage *message)
{
    static const char *const headers[] = {"References", "In-Reply-To"};
    struct eki_letter *letter = &reading->letter;
    letter->message_id = eki_reading_line(reading, g_mime_message_get_message_id(message));
    for (int h = 0; h < 2; h++) {
        const char *value = g_mime_object_get_header((GMimeObject *)message, headers[h]);
        GMimeReferences *ids = value ? g_mime_references_parse(NULL, value) : NULL;
        int count = ids ? g_mime_references_length(ids) : 0;
        for (int i = 0; i < count && i < 2 * EKI_LETTER_REFERENCES; i++) {
            const char *id = eki_reading_line(reading, g_mime_references_get_message_id(ids, i));
            if (*id) add_reference(reading, id);
            if (h == 1 && !i) letter->in_reply_to = id;
        }
        if (ids) g_mime_references_free(ids);
    }
}

static bool header_says(GMimeMessage *message, const char *header, const char *const *words)
{
    const char *value = g_mime_object_get_header((GMimeObject *)message, header);
    if (!value) return false;
    value += strspn(value, " \t");
    for (size_t i = 0; words[i]; i++)
        if (!strncasecmp(value, words[i], strlen(words[i]))) return true;
    return false;
}

/* RFC 3834 5 and what answerers did before it. */
static bool is_automatic(GMimeMessage *message)
{
    static const char *const no[] = {"no", NULL},
                             *const bulk[] = {"bulk", "junk", "list", "auto_reply", NULL},
                             *const nobody[] = {"<>", NULL}, *const any[] = {"", NULL};
    GMimeObject *body = g_mime_message_get_mime_part(message);
    if (header_says(message, "Auto-Submitted", any) && !header_says(message, "Auto-Submitted", no))
        return true;
    return header_says(message, "Precedence", bulk) || header_says(message, "Return-Path", nobody) ||
           header_says(message, "X-Autoreply", any) || header_says(message, "X-Autorespond", any) ||
           header_says(message, "List-Id", any) || (body && is_type(body, "multipart", "report"));
}

static enum eki_mail_kind judge(const struct eki_reading *reading, GMimeMessage *message)
{
    if (reading->failed_for_good) return EKI_MAIL_BOUNCE;
    if (is_automatic(message)) return EKI_MAIL_AUTOMATIC;
    return reading->letter.reference_count ? EKI_MAIL_REPLY : EKI_MAIL_OTHER;
}

static enum eki_error prepare(struct eki_reading *reading)
{
    struct eki_letter *letter = &reading->letter;
    letter->from = letter->from_name = letter->to = letter->subject = letter->message_id = "";
    letter->in_reply_to = letter->text = letter->original = "";
    reading->parts = eki_arena_take(&reading->arena, EKI_LETTER_PARTS, sizeof *reading->parts);
    reading->reports = eki_arena_take(&reading->arena, EKI_LETTER_REPORTS, sizeof *reading->reports);
    reading->references = eki_arena_take(&reading->arena, EKI_LETTER_REFERENCES, sizeof *reading->references);
    letter->parts = reading->parts;
    letter->reports = reading->reports;
    letter->references = reading->references;
    return reading->parts && reading->reports && reading->references ? EKI_OK : EKI_ERROR_MEMORY;
}

static enum eki_error read_all(struct eki_reading *reading, GMimeMessage *message)
{
    enum eki_error error = prepare(reading);
    if (error) return error;
    read_addresses(reading, message);
    reading->letter.subject = eki_reading_line(reading, g_mime_message_get_subject(message));
    read_date(&reading->letter, message);
    read_ids(reading, message);
    GMimeObject *body = g_mime_message_get_mime_part(message);
    if (body) walk(reading, body, 1);
    reading->letter.kind = judge(reading, message);
    return reading->no_memory ? EKI_ERROR_MEMORY : EKI_OK;
}

enum eki_error eki_mail_read(const void *bytes, size_t length, struct eki_letter **ret_letter,
                             struct eki_fault *ret_fault)
{
    if (!length) return EKI_ERROR_EMPTY;
    if (length > EKI_MAIL_BYTES)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, EKI_MAIL_BYTES, "the message is larger than %d MiB",
                             EKI_MAIL_BYTES >> 20);
    if (!is_bounded(bytes, length))
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "the message has more than %d parts", OPENINGS);
    GMimeMessage *message = parse(bytes, length);
    if (!message || !g_mime_header_list_get_count(g_mime_object_get_header_list((GMimeObject *)message))) {
        if (message) g_object_unref(message);
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "a message begins with header lines");
    }
    struct eki_reading *reading = eki_allocate(1, sizeof *reading);
    enum eki_error error = reading ? read_all(reading, message) : EKI_ERROR_MEMORY;
    g_object_unref(message);
    if (error)
        eki_letter_free(reading ? &reading->letter : NULL);
    else
        *ret_letter = &reading->letter;
    return error;
}

void eki_letter_free(struct eki_letter *letter)
{
    struct eki_reading *reading = (struct eki_reading *)letter;
    if (!reading) return;
    eki_arena_done(&reading->arena);
    eki_free(reading);
}

const char *eki_mail_kind_name(enum eki_mail_kind kind)
{
    static const char *const names[] = {"other", "reply", "bounce", "automatic"};
    return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : "?";
}
