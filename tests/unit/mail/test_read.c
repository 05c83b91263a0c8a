/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: kinds, bounces, charsets of Japan, attachments that lie, limits. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/mail.h"

#define HEAD "From: PoC <poc@team.example>\r\nTo: desk@csirt.example\r\nMessage-ID: <a@team.example>\r\n"

static struct eki_letter *letter_of(const char *bytes)
{
    struct eki_letter *letter = NULL;
    struct eki_fault fault = {0};
    enum eki_error error = eki_mail_read(bytes, strlen(bytes), &letter, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    return letter;
}

static void kinds(void **state)
{
    static const struct {
        const char *headers;
        enum eki_mail_kind kind;
    } cases[] = {
        {"Subject: hello\r\n", EKI_MAIL_OTHER},
        {"Subject: Re: hello\r\n", EKI_MAIL_OTHER},
        {"In-Reply-To: <7.1@csirt.example>\r\n", EKI_MAIL_REPLY},
        {"References: <0@x.example> <7.1@csirt.example>\r\n", EKI_MAIL_REPLY},
        {"In-Reply-To: <7.1@csirt.example>\r\nAuto-Submitted: no\r\n", EKI_MAIL_REPLY},
        {"In-Reply-To: <7.1@csirt.example>\r\nAuto-Submitted: auto-replied\r\n", EKI_MAIL_AUTOMATIC},
        {"In-Reply-To: <7.1@csirt.example>\r\nPrecedence: bulk\r\n", EKI_MAIL_AUTOMATIC},
        {"Return-Path: <>\r\n", EKI_MAIL_AUTOMATIC},
        {"List-Id: <list.example>\r\n", EKI_MAIL_AUTOMATIC},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[500];
        snprintf(message, sizeof message, HEAD "%s\r\nhello\r\n", cases[i].headers);
        struct eki_letter *letter = letter_of(message);
        if (letter->kind != cases[i].kind)
            fail_msg("%s is %s", cases[i].headers, eki_mail_kind_name(letter->kind));
        assert_string_equal(letter->from, "poc@team.example");
        assert_string_equal(letter->from_name, "PoC");
        assert_string_equal(letter->message_id, "a@team.example");
        assert_string_equal(letter->text, "hello\n");
        if (letter->kind == EKI_MAIL_REPLY)
            assert_string_equal(letter->references[letter->reference_count - 1], "7.1@csirt.example");
        eki_letter_free(letter);
    }
    eki_letter_free(NULL);
}

static struct eki_letter *report(const char *action)
{
    char message[900];
    snprintf(
        message, sizeof message,
        HEAD
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n"
        "\r\n--x\r\n\r\nIt could not be delivered.\r\n--x\r\nContent-Type: message/delivery-status\r\n"
        "\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; poc@team.example\r\n"
        "Action: %s\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n user\r\n\r\n--x\r\n"
        "Content-Type: text/rfc822-headers\r\n\r\nSubject: s\r\nMessage-ID: <7.1@csirt.example>\r\n\r\n"
        "--x--\r\n",
        action);
    return letter_of(message);
}

static void bounces(void **state)
{
    struct eki_letter *letter = report("failed");
    (void)state;
    assert_int_equal(letter->kind, EKI_MAIL_BOUNCE);
    assert_int_equal(letter->report_count, 1);
    assert_string_equal(letter->reports[0].recipient, "poc@team.example");
    assert_string_equal(letter->reports[0].status, "5.1.1");
    assert_string_equal(letter->reports[0].diagnostic, "550 5.1.1 unknown user");
    assert_string_equal(letter->original, "7.1@csirt.example");
    eki_letter_free(letter);
    letter = report("delayed");
    assert_int_equal(letter->kind, EKI_MAIL_AUTOMATIC); /* it may still arrive */
    assert_int_equal(letter->report_count, 1);
    eki_letter_free(letter);
}

static void charsets(void **state)
{
    static const char infected[] = "\xe6\x84\x9f\xe6\x9f\x93\n", circled[] = "\xe2\x91\xa0\n";
    static const struct {
        const char *headers, *body, *text;
    } cases[] = {
        {"Content-Type: text/plain; charset=utf-8\r\n", "\xe6\x84\x9f\xe6\x9f\x93\r\n", infected},
        {"", "\xe6\x84\x9f\xe6\x9f\x93\r\n", infected},
        {"Content-Type: text/plain; charset=iso-2022-jp\r\n", "\x1b$B46@w\x1b(B\r\n", infected},
        {"", "\x1b$B46@w\x1b(B\r\n", infected},
        {"Content-Type: text/plain; charset=Shift_JIS\r\n", "\x8a\xb4\x90\xf5\r\n", infected},
        {"Content-Type: text/plain; charset=Shift_JIS\r\n", "\x87\x40\r\n",
         circled}, /* of code page 932 alone */
        {"Content-Type: text/plain; charset=euc-jp\r\n", "\xb4\xb6\xc0\xf7\r\n", infected},
        {"Content-Type: text/plain; charset=none-such\r\n", "\xe6\x84\x9f\xe6\x9f\x93\r\n", infected},
        {"Content-Type: text/plain; charset=utf-8\r\n", "a\xff\x01z\r\n", "a??z\n"},
        {"Content-Type: text/plain; charset=utf-8\r\n",
         "\xe2\x80\xae"
         "x\r\n",
         "?x\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[600];
        snprintf(message, sizeof message, HEAD "MIME-Version: 1.0\r\n%s\r\n%s", cases[i].headers,
                 cases[i].body);
        struct eki_letter *letter = letter_of(message);
        if (strcmp(letter->text, cases[i].text)) fail_msg("%zu: %s", i, letter->text);
        eki_letter_free(letter);
    }
}

/* Subject and file name in encoded words and RFC 2231, and a name that tries to be a path. */
static void names(void **state)
{
    struct eki_letter *letter = letter_of(
        HEAD
        "Subject: =?ISO-2022-JP?B?GyRCNDZAdxsoQg==?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/csv\r\n"
        "Content-Disposition: attachment; filename*=utf-8''..%2F..%2F%E6%84%9F.csv\r\n\r\nhost\r\n--x--\r\n");
    (void)state;
    assert_string_equal(letter->subject, "\xe6\x84\x9f\xe6\x9f\x93");
    assert_int_equal(letter->part_count, 1);
    assert_string_equal(letter->parts[0].name, "\xe6\x84\x9f.csv");
    eki_letter_free(letter);
}

static void disguises(void **state)
{
    static const struct {
        const char *type, *name, *base64;
        bool disguised;
    } cases[] = {
        {"application/pdf", "a.pdf", "JVBERi0xLjQK", false},
        {"application/octet-stream", "a.pdf", "JVBERi0xLjQK", false},
        {"application/pdf", "a.pdf", "TVqQAAMAAAA=", true}, /* a program for Windows */
        {"text/csv", "hosts.csv", "TVqQAAMAAAA=", true},
        {"application/octet-stream", "a.exe", "TVqQAAMAAAA=", false}, /* it says so */
        {"image/png", "a.png", "PGh0bWw+", true},                     /* a page */
        {"image/png", "a.png", "aGVsbG8gd29ybGQ=", true},             /* no picture */
        {"text/plain", "a.txt", "aGVsbG8gd29ybGQ=", false},
        {"text/csv", "hosts.csv", "aG9zdCxhdAo=", false},
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx", "UEsDBBQA",
         false},
        {"text/plain", "a.docx", "UEsDBBQA", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[900];
        snprintf(message, sizeof message,
                 HEAD
                 "MIME-Version: 1.0\r\nContent-Type: %s; name=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n"
                 "Content-Disposition: attachment; filename=\"%s\"\r\n\r\n%s\r\n",
                 cases[i].type, cases[i].name, cases[i].name, cases[i].base64);
        struct eki_letter *letter = letter_of(message);
        assert_int_equal(letter->part_count, 1);
        if (letter->parts[0].disguised != cases[i].disguised)
            fail_msg("%s %s looks %s", cases[i].type, cases[i].name, letter->parts[0].looks);
        eki_letter_free(letter);
    }
}

static char *repeated(const char *head, const char *piece, int times)
{
    char *bytes = NULL;
    size_t size;
    FILE *into = open_memstream(&bytes, &size);
    fputs(head, into);
    for (int i = 0; i < times; i++) fprintf(into, piece, i, i, i);
    fclose(into);
    return bytes;
}

static void limits(void **state)
{
    struct eki_letter *letter = NULL;
    (void)state;
    assert_int_equal(eki_mail_read("", 0, &letter, NULL), EKI_ERROR_EMPTY);
    assert_int_equal(eki_mail_read("x", (size_t)EKI_MAIL_BYTES + 1, &letter, NULL), EKI_ERROR_LIMIT);
    /* Levels without end. */
    char *bytes = repeated(HEAD, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", 501);
    assert_int_equal(eki_mail_read(bytes, strlen(bytes), &letter, NULL), EKI_ERROR_LIMIT);
    free(bytes);
    assert_null(letter);
    bytes = repeated(HEAD, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", 400);
    letter = letter_of(bytes);
    assert_true(letter->left_out > 0);
    eki_letter_free(letter);
    free(bytes);
    bytes = repeated(HEAD, "Content-Type: message/rfc822\r\n\r\n", 400);
    eki_letter_free(letter_of(bytes));
    free(bytes);
    /* More attachments than anybody sends. */
    bytes = repeated(HEAD "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n",
                     "--x\r\nContent-Type: text/csv\r\n\r\n%d\r\n", 300);
    letter = letter_of(bytes);
    assert_int_equal(letter->part_count, EKI_LETTER_PARTS);
    assert_int_equal(letter->left_out, 300 - EKI_LETTER_PARTS);
    eki_letter_free(letter);
    free(bytes);
    bytes = repeated(HEAD "\r\n", "%08d %08d %08d\r\n", 50000);
    letter = letter_of(bytes);
    assert_int_equal(strlen(letter->text) + 1 <= EKI_LETTER_TEXT + 1, 1);
    assert_int_equal(letter->left_out, 1);
    eki_letter_free(letter);
    free(bytes);
    bytes = repeated(HEAD "References:", " <%d@x.example>\r\n", 500);
    letter = letter_of(bytes);
    assert_int_equal(letter->reference_count, EKI_LETTER_REFERENCES);
    eki_letter_free(letter);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds), cmocka_unit_test(bounces),   cmocka_unit_test(charsets),
        cmocka_unit_test(names), cmocka_unit_test(disguises), cmocka_unit_test(limits),
    };
    if (eki_mail_start()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
