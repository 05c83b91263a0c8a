/* SPDX-License-Identifier: Apache-2.0 */
/* A mail becomes MIME (RFC 5322, 2045-2047, 2231, 2183). */
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "mail/mime.h"

enum { LINE = 76 /* of 7bit text: RFC 5322 2.1.1 says 78, a signature tool may add a mark */ };

static bool is_local(unsigned char letter)
{
    return (letter >= '0' && letter <= '9') || ((letter | 32) >= 'a' && (letter | 32) <= 'z') ||
           (letter && strchr("!#$%&'*+-/=?^_`{|}~.", letter));
}

bool eki_mail_is_address(const char *address)
{
    const char *at = address ? strchr(address, '@') : NULL;
    size_t length = at ? strlen(address) : 0;
    if (!at || at == address || at - address > 64 || !at[1] || length > 254) return false;
    for (const char *c = address; c < at; c++)
        if (!is_local((unsigned char)*c)) return false;
    if (address[0] == '.' || at[-1] == '.' || strstr(address, "..")) return false;
    for (const char *c = at + 1; *c; c++) {
        bool dot = *c == '.' || *c == '-';
        if (!dot && !(*c >= '0' && *c <= '9') && !((*c | 32) >= 'a' && (*c | 32) <= 'z')) return false;
        if (dot && (c == at + 1 || !c[1])) return false;
    }
    return true;
}

/* A value that may stand in a header: UTF-8 without control characters, not longer than anybody needs. */
static enum eki_error check_value(const char *value, const char *header, struct eki_fault *ret_fault)
{
    const unsigned char *c = (const unsigned char *)value;
    if (!value) return EKI_OK;
    if (strlen(value) > EKI_MAIL_HEADER)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, EKI_MAIL_HEADER, "%s is too long for a header",
                             header);
    while (*c) {
        size_t length = eki_utf8_length(c);
        if (!length || *c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0))
            return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, (uint64_t)(c - (const unsigned char *)value),
                                 "%s holds what no header may hold", header);
        c += length;
    }
    return EKI_OK;
}

/* Words of ASCII: Message-IDs, keywords. `blanks`: more than one of them. */
static enum eki_error check_token(const char *value, const char *header, bool blanks,
                                  struct eki_fault *ret_fault)
{
    if (!value) return EKI_OK;
    for (const char *c = value; *c; c++)
        if (*c <= 0x20 || *c == 0x7f || strchr("<>\"()", *c)) {
            if (*c == ' ' && blanks) continue;
            return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, (uint64_t)(c - value),
                                 "%s holds what it may not hold", header);
        }
    return check_value(*value ? value : "\n", header, ret_fault);
}

static enum eki_error check_address(const char *address, const char *header, struct eki_fault *ret_fault)
{
    if (eki_mail_is_address(address)) return EKI_OK;
    return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "%s is no address: %.100s", header,
                         address && !check_value(address, header, NULL) ? address : "");
}

static enum eki_error check_part(const struct eki_mail_part *part, struct eki_fault *ret_fault)
{
    enum eki_error error = check_value(part->name, "a file name", ret_fault);
    if (!error) error = check_value(part->type, "a media type", ret_fault);
    if (error) return error;
    if (!part->name || !part->name[0] || strchr(part->name, '/') || !part->type || !strchr(part->type, '/'))
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "an attachment without a name or media type");
    return part->bytes || !part->length ? EKI_OK : EKI_ERROR_ARGUMENT;
}

static enum eki_error check_sizes(const struct eki_mail *mail, struct eki_fault *ret_fault)
{
    size_t sum = strlen(mail->text) + (64 << 10);
    if (mail->part_count > EKI_MAIL_PARTS || (mail->part_count && !mail->parts))
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, EKI_MAIL_PARTS, "too many attachments");
    for (size_t i = 0; i < mail->part_count; i++) {
        enum eki_error error = check_part(&mail->parts[i], ret_fault);
        if (error) return error;
        if (mail->parts[i].length > EKI_MAIL_BYTES) sum = EKI_MAIL_BYTES;
        sum += mail->parts[i].length;
    }
    if (sum / 2 * 3 <= EKI_MAIL_BYTES) return EKI_OK; /* base64, once more when it is encrypted */
    return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, sum, "the message would be larger than %d MiB",
                         EKI_MAIL_BYTES >> 20);
}

static enum eki_error check_mail(const struct eki_mail *mail, struct eki_fault *ret_fault)
{
    const struct {
        const char *value, *header;
    } values[] = {{mail->from_name, "From"}, {mail->to_name, "To"}, {mail->subject, "Subject"}},
      tokens[] = {{mail->message_id, "Message-ID"},     {mail->in_reply_to, "In-Reply-To"},
                  {mail->references, "References"},     {mail->auto_submitted, "Auto-Submitted"},
                  {mail->language, "Content-Language"}, {mail->tlp, "X-TLP"}};
    enum eki_error error = check_address(mail->from, "From", ret_fault);
    if (!error) error = check_address(mail->to, "To", ret_fault);
    if (!error && mail->reply_to) error = check_address(mail->reply_to, "Reply-To", ret_fault);
    for (size_t i = 0; !error && i < sizeof values / sizeof *values; i++)
        error = check_value(values[i].value, values[i].header, ret_fault);
    for (size_t i = 0; !error && i < sizeof tokens / sizeof *tokens; i++)
        error =
            check_token(tokens[i].value, tokens[i].header, tokens[i].value == mail->references, ret_fault);
    if (error) return error;
    if (!mail->subject || !mail->text || !mail->message_id || !strchr(mail->message_id, '@'))
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no subject, text or Message-ID");
    if (mail->date < 0 || mail->date > EKI_TIME_LATEST)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no date");
    return check_sizes(mail, ret_fault);
}

/* 7bit only when nothing on the way has a reason to touch a line, for that would break a signature. */
static GMimeContentEncoding text_encoding(const char *text)
{
    size_t length = 0, high = 0, all = 0;
    bool touched = false;
    for (const char *c = text; *c; c++, all++) {
        high += (*c & 0x80) != 0;
        bool start = c == text || c[-1] == '\n', end = c[1] == '\n' || !c[1];
        length = *c == '\n' ? 0 : length + 1;
        touched |= length > LINE || (end && (*c == ' ' || *c == '\t')) || (*c < ' ' && *c != '\n') ||
                   (start && (*c == '-' || *c == '.' || !strncmp(c, "From ", 5)));
    }
    /* Japanese is a third shorter in base64 than in quoted-printable, and no better to read there. */
    if (high * 6 > all) return GMIME_CONTENT_ENCODING_BASE64;
    return high || touched ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE : GMIME_CONTENT_ENCODING_7BIT;
}

/* Line feeds only, or CRLF only: what base64 hides must have the line ends of mail (RFC 2045 6.8). */
static GString *with_line_ends(const char *text, const char *line_end)
{
    GString *lines = g_string_sized_new(strlen(text) + 64);
    for (const char *c = text; *c; c++) {
        if (*c == '\r' && c[1] == '\n') continue;
        if (*c == '\n')
            g_string_append(lines, line_end);
        else
            g_string_append_c(lines, *c);
    }
    return lines;
}

static GMimeObject *make_text(const char *text)
{
    GString *lines = with_line_ends(text, "\n");
    GMimeContentEncoding encoding = text_encoding(lines->str);
    if (encoding == GMIME_CONTENT_ENCODING_BASE64) {
        g_string_free(lines, TRUE);
        lines = with_line_ends(text, "\r\n");
    }
    GMimePart *part = eki_mime_part("text/plain; charset=utf-8", lines->str, lines->len, encoding);
    g_string_free(lines, TRUE);
    return (GMimeObject *)part;
}

static GMimeObject *make_body(const struct eki_mail *mail, struct eki_random *random)
{
    GMimeObject *text = make_text(mail->text);
    if (!mail->part_count) return text;
    GMimeMultipart *mixed = eki_mime_multipart("mixed", random);
    g_mime_multipart_add(mixed, text);
    g_object_unref(text);
    for (size_t i = 0; i < mail->part_count; i++) {
        const struct eki_mail_part *from = &mail->parts[i];
        GMimePart *part = eki_mime_part(from->type, from->bytes ? from->bytes : "", from->length,
                                        GMIME_CONTENT_ENCODING_BASE64);
        g_mime_object_set_disposition((GMimeObject *)part, GMIME_DISPOSITION_ATTACHMENT);
        g_mime_part_set_filename(part, from->name);
        g_mime_multipart_add(mixed, (GMimeObject *)part);
        g_object_unref(part);
    }
    return (GMimeObject *)mixed;
}

static void add_header(GMimeObject *object, const char *name, const char *value)
{
    if (value) g_mime_object_append_header(object, name, value, "utf-8");
}

/* Message-IDs get their angle brackets here. */
static void add_ids(GMimeObject *object, const char *name, const char *ids)
{
    if (!ids) return;
    GString *value = g_string_new("");
    char **words = g_strsplit(ids, " ", -1);
    for (size_t i = 0; words[i]; i++)
        if (*words[i]) g_string_append_printf(value, "%s<%s>", value->len ? " " : "", words[i]);
    add_header(object, name, value->str);
    g_strfreev(words);
    g_string_free(value, TRUE);
}

static GMimeMessage *make_message(const struct eki_mail *mail)
{
    GMimeMessage *message = g_mime_message_new(FALSE);
    GMimeObject *object = (GMimeObject *)message;
    GDateTime *date = g_date_time_new_from_unix_utc(mail->date / EKI_SECOND);
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, mail->from_name, mail->from);
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, mail->to_name, mail->to);
    if (mail->reply_to)
        g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, mail->reply_to);
    g_mime_message_set_subject(message, mail->subject, "utf-8");
    add_ids(object, "Message-ID", mail->message_id);
    add_ids(object, "In-Reply-To", mail->in_reply_to);
    add_ids(object, "References", mail->references ? mail->references : mail->in_reply_to);
    add_header(object, "Auto-Submitted", mail->auto_submitted);
    add_header(object, "X-TLP", mail->tlp);
    add_header(object, "Content-Language", mail->language);
    add_header(object, "MIME-Version", "1.0");
    return message;
}

enum eki_error eki_mail_write(const struct eki_mail *mail, const struct eki_mail_keys *keys, char **ret_bytes,
                              size_t *ret_length, struct eki_fault *ret_fault)
{
    struct eki_random random = eki_random_from(mail->seed);
    enum eki_error error = check_mail(mail, ret_fault);
    if (error) return error;
    GMimeObject *body = make_body(mail, &random), *outer = body;
    if (keys && keys->protection != EKI_MAIL_PLAIN) {
        error = eki_mail_protect(body, keys, &random, &outer, ret_fault);
        g_object_unref(body);
        if (error) return error;
    }
    GMimeMessage *message = make_message(mail);
    g_mime_message_set_mime_part(message, outer);
    error = eki_mime_bytes((GMimeObject *)message, ret_bytes, ret_length);
    g_object_unref(message);
    g_object_unref(outer);
    return error;
}

void eki_mail_bytes_free(char *bytes)
{
    eki_free(bytes);
}
