/* SPDX-License-Identifier: Apache-2.0 */
/* Writing: what stands in the bytes, that they depend on nothing else, and that no value adds a header. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ekigaku/mail.h"

static const struct eki_mail_part csv = {"\xe7\xab\xaf\xe6\x9c\xab.csv", "text/csv", "host\n192.0.2.1\n", 15};

static struct eki_mail sample(void)
{
    return (struct eki_mail){.from = "desk@csirt.example",
                             .from_name = "Desk",
                             .to = "poc@team.example",
                             .subject = "[TLP:AMBER] Infected hosts",
                             .text = "Dear team,\n\nthree of your hosts.\n",
                             .message_id = "1.2@csirt.example",
                             .auto_submitted = "auto-generated",
                             .tlp = "TLP:AMBER",
                             .language = "en",
                             .date = 1494574800 * EKI_SECOND,
                             .parts = &csv,
                             .part_count = 1,
                             .seed = 7};
}

static char *written(const struct eki_mail *mail, size_t *ret_length)
{
    char *bytes = NULL;
    struct eki_fault fault = {0};
    assert_int_equal(eki_mail_write(mail, NULL, &bytes, ret_length, &fault), EKI_OK);
    return bytes;
}

static void headers(void **state)
{
    static const char *const lines[] = {"Date: Fri, 12 May 2017 07:40:00 +0000\r\n",
                                        "From: Desk <desk@csirt.example>\r\n",
                                        "To: poc@team.example\r\n",
                                        "Subject: [TLP:AMBER] Infected hosts\r\n",
                                        "Message-ID: <1.2@csirt.example>\r\n",
                                        "Auto-Submitted: auto-generated\r\n",
                                        "X-TLP: TLP:AMBER\r\n",
                                        "Content-Language: en\r\n",
                                        "Mime-Version: 1.0\r\n",
                                        "\r\nDear team,\r\n\r\nthree of your hosts.\r\n",
                                        "aG9zdAoxOTIuMC4yLjEK"};
    struct eki_mail mail = sample();
    size_t length;
    char *bytes = written(&mail, &length);
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strcasestr(bytes, lines[i])) fail_msg("no %s in %s", lines[i], bytes);
    eki_mail_bytes_free(bytes);
}

/* What any relay takes: ASCII, CRLF only, no line over 998 letters (RFC 5321 4.5.3.1.6). */
static void bytes_of_the_wire(void **state)
{
    struct eki_mail mail = sample();
    char *endless = calloc(1, 5001);
    (void)state;
    memset(endless, 'x', 5000);
    const char *const texts[] = {"", "no end of line", "\xe6\x84\x9f\xe6\x9f\x93\xe7\xab\xaf\xe6\x9c\xab\n",
                                 endless, "From here\n-- \n.\n\rlone\r\nend \n"};
    mail.subject =
        "\xe6\x84\x9f\xe6\x9f\x93\xe7\xab\xaf\xe6\x9c\xab\xe3\x81\xae\xe3\x81\x8a\xe7\x9f\xa5\xe3\x82\x89\xe3\x81\x9b";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t length, column = 0;
        mail.text = texts[i];
        char *bytes = written(&mail, &length);
        for (size_t at = 0; at < length; at++) {
            assert_true((unsigned char)bytes[at] < 0x80);
            assert_int_equal(bytes[at] == '\n', at && bytes[at - 1] == '\r');
            column = bytes[at] == '\n' ? 0 : column + 1;
            assert_true(column <= 999);
        }
        eki_mail_bytes_free(bytes);
    }
    free(endless);
}

static void same_seed_same_bytes(void **state)
{
    struct eki_mail mail = sample();
    size_t length, again, other;
    char *first = written(&mail, &length), *second = written(&mail, &again);
    (void)state;
    mail.seed = 8;
    char *third = written(&mail, &other);
    assert_int_equal(length, again);
    assert_memory_equal(first, second, length);
    assert_true(other != length || memcmp(first, third, length));
    eki_mail_bytes_free(first);
    eki_mail_bytes_free(second);
    eki_mail_bytes_free(third);
}

static void refused(const struct eki_mail *mail)
{
    char *bytes = NULL;
    size_t length;
    struct eki_fault fault = {0};
    assert_int_equal(eki_mail_write(mail, NULL, &bytes, &length, &fault), EKI_ERROR_ARGUMENT);
    assert_null(bytes);
    assert_true(fault.what[0]);
}

/* Every text that goes into a header, with every way to end a line. */
static void no_value_adds_a_header(void **state)
{
    static const char *const bad[] = {"a@b.example\r\nBcc: c@d.example",
                                      "a@b.example\nX: y",
                                      "a@b.example\rX: y",
                                      "a@b.example\x01",
                                      "a@b.example\xc2\x85x",
                                      "a@b.example\xff"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct eki_mail mail = sample();
        const char **fields[] = {&mail.from,       &mail.from_name,      &mail.to,
                                 &mail.to_name,    &mail.reply_to,       &mail.subject,
                                 &mail.language,   &mail.message_id,     &mail.in_reply_to,
                                 &mail.references, &mail.auto_submitted, &mail.tlp};
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            const char *good = *fields[f];
            *fields[f] = bad[i];
            if (i == 5 && (f == 7 || f == 8 || f == 9)) assert_false(eki_mail_is_address(bad[i]));
            refused(&mail);
            *fields[f] = good;
        }
        struct eki_mail_part part = {bad[i], "text/csv", "x", 1};
        mail.parts = &part;
        refused(&mail);
        part = (struct eki_mail_part){"x.csv", bad[i], "x", 1};
        refused(&mail);
    }
}

static void addresses(void **state)
{
    static const char *const good[] = {"a@b", "first.last+tag@team.example", "x_y@1-2.example"},
                             *const bad[] = {"",
                                             "@b",
                                             "a@",
                                             "a",
                                             "a@b@c",
                                             "a b@c",
                                             "<a@b>",
                                             "a@b.",
                                             "a@-b",
                                             ".a@b",
                                             "a..b@c",
                                             "a@b,c@d",
                                             "\"a\"@b",
                                             "a@[192.0.2.1]",
                                             "\xe3\x81\x82@b",
                                             "a@\xe3\x81\x82"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(eki_mail_is_address(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(eki_mail_is_address(bad[i]));
    assert_false(eki_mail_is_address(NULL));
}

static void too_large(void **state)
{
    char *bytes = NULL;
    size_t length;
    struct eki_mail mail = sample();
    struct eki_mail_part part = {"x.csv", "text/csv", "x", (size_t)EKI_MAIL_BYTES / 2 * 3};
    (void)state;
    mail.parts = &part;
    assert_int_equal(eki_mail_write(&mail, NULL, &bytes, &length, NULL), EKI_ERROR_LIMIT);
    mail = sample();
    mail.part_count = EKI_MAIL_PARTS + 1;
    assert_int_equal(eki_mail_write(&mail, NULL, &bytes, &length, NULL), EKI_ERROR_LIMIT);
    assert_null(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(bytes_of_the_wire),
        cmocka_unit_test(same_seed_same_bytes),
        cmocka_unit_test(no_value_adds_a_header),
        cmocka_unit_test(addresses),
        cmocka_unit_test(too_large),
    };
    if (eki_mail_start()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
