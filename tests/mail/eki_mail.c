/* SPDX-License-Identifier: Apache-2.0 */
/* Hand tool of the tests: each call of ekigaku/mail.h by its name, from the command line.
 *
 *   eki-mail write KEY=VALUE...           (the message on the standard output; attach=TYPE:NAME:FILE)
 *   eki-mail read FILE                    (what it is, a line each)
 *   eki-mail send URL KEY=VALUE...        (ca, login, plain, connect, total, from, to, file; `times`
 * messages) eki-mail fetch URL PLACE OUT KEY=VALUE...   (IMAP; PLACE is a file with the place, OUT a folder)
 *   eki-mail maildir FOLDER OUT [slowly]  (each new message into OUT; slowly, so that it can be killed
 * between) eki-mail deliver FOLDER NAME FILE
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ekigaku/mail.h"

struct options {
    char **list;
    int count;
};

static const char *option(const struct options *options, const char *name)
{
    size_t length = strlen(name);
    for (int i = 0; i < options->count; i++)
        if (!strncmp(options->list[i], name, length) && options->list[i][length] == '=')
            return options->list[i] + length + 1;
    return NULL;
}

static char *file_bytes(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t size = 0;
    if (!file) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    FILE *into = open_memstream(&bytes, &size);
    for (int c; (c = fgetc(file)) != EOF;) fputc(c, into);
    fclose(into);
    fclose(file);
    *ret_length = size;
    return bytes;
}

static int told(enum eki_error error, const struct eki_fault *fault)
{
    if (error) printf("error %s: %s\n", eki_error_text(error), fault->what);
    return error ? 1 : 0;
}

static int cmd_write(const struct options *options)
{
    struct eki_mail_part part = {0};
    struct eki_mail_keys keys = {.home = option(options, "home"),
                                 .signer = option(options, "signer"),
                                 .scratch = option(options, "scratch")};
    struct eki_mail mail = {.from = option(options, "from"),
                            .from_name = option(options, "from_name"),
                            .to = option(options, "to"),
                            .to_name = option(options, "to_name"),
                            .subject = option(options, "subject"),
                            .text = option(options, "text"),
                            .language = option(options, "language"),
                            .message_id = option(options, "id"),
                            .in_reply_to = option(options, "reply"),
                            .auto_submitted = "auto-generated",
                            .tlp = option(options, "tlp"),
                            .date = 1494574800 * EKI_SECOND,
                            .seed = 1};
    char *attached = NULL, *key = NULL, *bytes;
    char name[200], type[200], path[400];
    const char *attach = option(options, "attach"), *how = option(options, "protection");
    size_t length;
    struct eki_fault fault = {0};
    if (attach) {
        const char *first = strchr(attach, ':'), *second = first ? strchr(first + 1, ':') : NULL;
        if (!second) return 2;
        snprintf(type, sizeof type, "%.*s", (int)(first - attach), attach);
        snprintf(name, sizeof name, "%.*s", (int)(second - first - 1), first + 1);
        snprintf(path, sizeof path, "%s", second + 1);
        attached = file_bytes(path, &length);
        part = (struct eki_mail_part){name, type, attached, length};
        mail.parts = &part;
        mail.part_count = 1;
    }
    if (option(options, "recipient"))
        keys.recipient = key = file_bytes(option(options, "recipient"), &length);
    if (how) keys.protection = (enum eki_mail_protection)strtoul(how, NULL, 10);
    enum eki_error error = eki_mail_write(&mail, how ? &keys : NULL, &bytes, &length, &fault);
    if (!error) {
        fwrite(bytes, 1, length, stdout);
        eki_mail_bytes_free(bytes);
    }
    free(attached);
    free(key);
    return told(error, &fault);
}

static int cmd_read(const char *path)
{
    size_t length;
    struct eki_letter *letter;
    struct eki_fault fault = {0};
    char *bytes = file_bytes(path, &length), date[EKI_TIME_TEXT];
    enum eki_error error = eki_mail_read(bytes, length, &letter, &fault);
    free(bytes);
    if (error) return told(error, &fault);
    printf("kind %s\nfrom %s\nname %s\nto %s\nsubject %s\nid %s\nreply %s\noriginal %s\ndate %s\n",
           eki_mail_kind_name(letter->kind), letter->from, letter->from_name, letter->to, letter->subject,
           letter->message_id, letter->in_reply_to, letter->original, eki_time_format(letter->date, date));
    for (size_t i = 0; i < letter->report_count; i++)
        printf("report %s %s %s %s\n", letter->reports[i].recipient, letter->reports[i].action,
               letter->reports[i].status, letter->reports[i].diagnostic);
    for (size_t i = 0; i < letter->part_count; i++)
        printf("part %s %s %s %s %zu\n", letter->parts[i].name, letter->parts[i].type,
               letter->parts[i].looks[0] ? letter->parts[i].looks : "-",
               letter->parts[i].disguised ? "disguised" : "plain", letter->parts[i].length);
    printf("flags %s %s left_out %u\ntext\n%s", letter->encrypted ? "encrypted" : "open",
           letter->is_signed ? "signed" : "unsigned", letter->left_out, letter->text);
    eki_letter_free(letter);
    return 0;
}

static struct eki_mail_server server_of(const char *url, const struct options *options,
                                        struct eki_mail_login *login)
{
    struct eki_mail_server server = {.url = url, .ca_file = option(options, "ca")};
    struct eki_fault fault = {0};
    server.plain = option(options, "plain") != NULL;
    if (option(options, "login")) {
        if (told(eki_mail_login_read(option(options, "login"), login, &fault), &fault)) exit(1);
        server.user = login->user;
        server.password = login->password;
    }
    if (option(options, "connect"))
        server.connect_s = (uint32_t)strtoul(option(options, "connect"), NULL, 10);
    if (option(options, "total")) server.total_s = (uint32_t)strtoul(option(options, "total"), NULL, 10);
    return server;
}

/* `to` may name several, with commas: one after the other over one connection. */
static int cmd_send(const char *url, const struct options *options)
{
    struct eki_mail_login login;
    struct eki_fault fault = {0};
    struct eki_mail_server server = server_of(url, options, &login);
    struct eki_relay *relay;
    struct eki_relay_letter letter = {.from = option(options, "from")};
    char *bytes = file_bytes(option(options, "file"), &letter.length), *rest = NULL;
    char *all = strdup(option(options, "to"));
    letter.bytes = bytes;
    enum eki_error error = eki_relay_open(&server, &relay, &fault);
    for (char *to = all; !error && (letter.to = strtok_r(to, ",", &rest)); to = NULL) {
        struct eki_relay_outcome outcome;
        error = eki_relay_send(relay, &letter, &outcome);
        if (!error) printf("%s|%u|%s\n", eki_relay_answer_name(outcome.answer), outcome.code, outcome.text);
    }
    if (!error) eki_relay_close(relay);
    free(bytes);
    free(all);
    return told(error, &fault);
}

/* Writes a message as OUT/NAME; says so. */
static enum eki_error keep(void *user, const struct eki_mailbox_item *item)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", (const char *)user, item->name);
    FILE *file = fopen(path, "wb");
    if (!file) return EKI_ERROR_WRITE;
    if (item->bytes) fwrite(item->bytes, 1, item->length, file);
    fclose(file);
    printf("%s %zu%s%s\n", item->name, item->length, item->bytes ? "" : " large",
           item->again ? " again" : "");
    fflush(stdout);
    return EKI_OK;
}

static enum eki_error keep_slowly(void *user, const struct eki_mailbox_item *item)
{
    usleep(3000);
    return keep(user, item);
}

static int cmd_fetch(const char *url, const char *place_path, char *out, const struct options *options)
{
    struct eki_mail_login login;
    struct eki_fault fault = {0};
    struct eki_mail_server server = server_of(url, options, &login);
    struct eki_mailbox_place place = {0};
    FILE *file = fopen(place_path, "r");
    char line[64] = "", *end;
    if (file && fgets(line, sizeof line, file)) {
        place.validity = (uint32_t)strtoul(line, &end, 10);
        place.uid = (uint32_t)strtoul(end, NULL, 10);
    }
    if (file) fclose(file);
    enum eki_error error = eki_imap_fetch(&server, &place, keep, out, &fault);
    file = fopen(place_path, "w");
    if (!file) return 2;
    fprintf(file, "%" PRIu32 " %" PRIu32 "\n", place.validity, place.uid);
    fclose(file);
    return told(error, &fault);
}

int main(int count, char **arguments)
{
    struct eki_fault fault = {0};
    uint32_t taken;
    struct options options = {arguments, count};
    if (count < 3 || eki_mail_start()) return 2;
    if (!strcmp(arguments[1], "write")) return cmd_write(&options);
    if (!strcmp(arguments[1], "read")) return cmd_read(arguments[2]);
    if (!strcmp(arguments[1], "send")) return cmd_send(arguments[2], &options);
    if (!strcmp(arguments[1], "fetch") && count > 4)
        return cmd_fetch(arguments[2], arguments[3], arguments[4], &options);
    if (!strcmp(arguments[1], "maildir") && count > 3) {
        eki_mailbox_take *take = count > 4 ? keep_slowly : keep;
        return told(eki_maildir_fetch(arguments[2], take, arguments[3], &taken, &fault), &fault);
    }
    if (!strcmp(arguments[1], "deliver") && count > 4) {
        size_t length;
        char *bytes = file_bytes(arguments[4], &length);
        enum eki_error error = eki_maildir_deliver(arguments[2], arguments[3], bytes, length, &fault);
        free(bytes);
        return told(error, &fault);
    }
    return 2;
}
