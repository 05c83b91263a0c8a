/* SPDX-License-Identifier: Apache-2.0 */
/* SMTP (RFC 5321) by libcurl. What became of a message is told from three things: the last command that was
 * said, the last answer to it, and whether the whole message was handed over before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "mail/server.h"

struct eki_relay {
    CURL *curl;
    char trouble[CURL_ERROR_SIZE];
    /* of the message under way */
    const char *bytes;
    size_t length, given;
    bool about_message; /* the last command was MAIL, RCPT or DATA, or the message itself */
    bool leaving;       /* QUIT was said: what comes now is about the connection */
    bool answered;      /* something was answered after the message was handed over */
    uint32_t code;
    char text[160];
};

static size_t give(char *into, size_t size, size_t count, void *user)
{
    struct eki_relay *relay = user;
    size_t room = size * count, rest = relay->length - relay->given;
    if (room > rest) room = rest;
    if (room) memcpy(into, relay->bytes + relay->given, room);
    relay->given += room;
    return room;
}

/* One line of an answer: "550-5.1.1 unknown". */
static void note_answer(struct eki_relay *relay, const char *line, size_t length)
{
    if (length < 3 || line[0] < '2' || line[0] > '5') return;
    while (length && (unsigned char)line[length - 1] <= ' ') length--;
    relay->code = (uint32_t)((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
    if (length > 4) {
        snprintf(relay->text, sizeof relay->text, "%.*s", (int)(length - 4), line + 4);
        for (char *c = relay->text; *c; c++)
            if (*c < ' ' || *c == 0x7f) *c = '?'; /* ASCII alone: it is shown to people */
    } else {
        relay->text[0] = '\0';
    }
    if (relay->given == relay->length) relay->answered = true;
}

static int listen_in(CURL *curl, curl_infotype kind, char *bytes, size_t length, void *user)
{
    struct eki_relay *relay = user;
    (void)curl;
    if (kind == CURLINFO_HEADER_OUT && length >= 4) {
        bool greeting = !strncasecmp(bytes, "EHLO", 4) || !strncasecmp(bytes, "HELO", 4);
        relay->leaving = !greeting && (relay->leaving || !strncasecmp(bytes, "QUIT", 4));
        if (!relay->leaving)
            relay->about_message = !strncasecmp(bytes, "MAIL", 4) || !strncasecmp(bytes, "RCPT", 4) ||
                                   !strncasecmp(bytes, "DATA", 4);
    } else if (kind == CURLINFO_HEADER_IN && !relay->leaving) {
        note_answer(relay, bytes, length);
    }
    return 0;
}

static size_t pass_over(char *bytes, size_t size, size_t count, void *user)
{
    (void)bytes, (void)user;
    return size * count;
}

enum eki_error eki_relay_open(const struct eki_mail_server *server, struct eki_relay **ret_relay,
                              struct eki_fault *ret_fault)
{
    struct eki_relay *relay = eki_allocate(1, sizeof *relay);
    if (!relay) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_server_handle(server, "smtp", &relay->curl, ret_fault);
    if (error) {
        eki_free(relay);
        return error;
    }
    CURL *curl = relay->curl;
    bool fits = !curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, relay->trouble);
    fits &= !curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    fits &= !curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    fits &= !curl_easy_setopt(curl, CURLOPT_READDATA, relay);
    fits &= !curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, pass_over);
    /* Nothing is printed: with a function of its own, "verbose" means to be told what is said. */
    fits &= !curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    fits &= !curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_in);
    fits &= !curl_easy_setopt(curl, CURLOPT_DEBUGDATA, relay);
    if (!fits) {
        eki_relay_close(relay);
        return EKI_ERROR_MEMORY;
    }
    *ret_relay = relay;
    return EKI_OK;
}

void eki_relay_close(struct eki_relay *relay)
{
    if (!relay) return;
    curl_easy_cleanup(relay->curl);
    eki_free(relay);
}

static enum eki_relay_answer judge(const struct eki_relay *relay, CURLcode code)
{
    bool handed_over = relay->given == relay->length;
    if (handed_over && !relay->answered) return EKI_RELAY_NOT_KNOWN;
    if (handed_over && relay->code / 100 == 2)
        return EKI_RELAY_ACCEPTED;                    /* what came later does not matter */
    if (code == CURLE_OK) return EKI_RELAY_NOT_KNOWN; /* no such way is known */
    /* A 5xx to the greeting or the login speaks of the relay, not of this message; 530 asks for TLS or a
     * login first, whatever it answers (RFC 3207 4, RFC 4954 6). */
    if (relay->code / 100 == 5 && relay->code != 530 && relay->about_message)
        return EKI_RELAY_REFUSED_FOR_GOOD;
    return EKI_RELAY_REFUSED_FOR_NOW;
}

static void tell(const struct eki_relay *relay, CURLcode code, struct eki_relay_outcome *ret_outcome)
{
    struct eki_relay_outcome outcome = {.answer = judge(relay, code)};
    bool servers = relay->code && (outcome.answer == EKI_RELAY_ACCEPTED || relay->code >= 400);
    outcome.code = servers ? relay->code : 0;
    const char *ours = relay->trouble[0] ? relay->trouble : curl_easy_strerror(code);
    snprintf(outcome.text, sizeof outcome.text, "%.199s", servers ? relay->text : ours);
    *ret_outcome = outcome;
}

enum eki_error eki_relay_send(struct eki_relay *relay, const struct eki_relay_letter *letter,
                              struct eki_relay_outcome *ret_outcome)
{
    char from[260], to[260];
    if (!eki_mail_is_address(letter->to) || !letter->bytes || !letter->length) return EKI_ERROR_ARGUMENT;
    if (!letter->from || (letter->from[0] && !eki_mail_is_address(letter->from))) return EKI_ERROR_ARGUMENT;
    snprintf(from, sizeof from, "<%s>", letter->from);
    snprintf(to, sizeof to, "<%s>", letter->to);
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    if (!recipients) return EKI_ERROR_MEMORY;
    relay->bytes = letter->bytes;
    relay->length = letter->length;
    relay->given = 0;
    relay->about_message = relay->answered = relay->leaving = false;
    relay->code = 0;
    relay->text[0] = relay->trouble[0] = '\0';
    bool fits = !curl_easy_setopt(relay->curl, CURLOPT_MAIL_FROM, from);
    fits &= !curl_easy_setopt(relay->curl, CURLOPT_MAIL_RCPT, recipients);
    fits &= !curl_easy_setopt(relay->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)letter->length);
    if (fits) {
        CURLcode code = curl_easy_perform(relay->curl);
        tell(relay, code, ret_outcome);
    }
    curl_easy_setopt(relay->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(recipients);
    relay->bytes = NULL;
    return fits ? EKI_OK : EKI_ERROR_MEMORY;
}

const char *eki_relay_answer_name(enum eki_relay_answer answer)
{
    static const char *const names[] = {"accepted", "refused for good", "refused for now", "not known"};
    return (unsigned)answer < sizeof names / sizeof *names ? names[answer] : "?";
}
