/* SPDX-License-Identifier: Apache-2.0 */
/* A source that searches the ports of hosts has no service: it is told by the hosts, everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/contact.h"
#include "ekigaku/news.h"
#include "ekigaku/report.h"

#define ORIGIN (INT64_C(1500000000) * EKI_SECOND)

static struct eki_scanner ports_of(uint32_t victim)
{
    return (struct eki_scanner){.host = eki_address_v4(0x0a000001),
                                .victim = eki_address_v4(victim),
                                .protocol = EKI_PROTOCOL_TCP,
                                .shape = EKI_SHAPE_VERTICAL,
                                .verdict = EKI_VERDICT_SCANNER,
                                .reason = "ports of one host, most of them closed",
                                .first = ORIGIN,
                                .since = ORIGIN,
                                .last = ORIGIN + EKI_SECOND,
                                .decided_at = ORIGIN + EKI_SECOND,
                                .decided_after = 6,
                                .targets = 40};
}

struct heard {
    size_t count;
    char text[4][EKI_NEWS_LINE], json[4][EKI_NEWS_LINE];
};

static void hear(void *user, const struct eki_news_item *item)
{
    struct heard *heard = user;
    assert_true(heard->count < 4);
    eki_news_text(item, heard->text[heard->count]);
    eki_news_json(item, heard->json[heard->count++]);
}

typedef enum eki_error writer(const struct eki_result *, enum eki_language, FILE *);

static char *write_with(writer *write, const struct eki_result *result, enum eki_language language)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(write(result, language, out), EKI_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

static enum eki_error summarise(const struct eki_result *result, enum eki_language language, FILE *out)
{
    struct eki_text_options options = {.language = language, .width = 120, .height = 24};
    return eki_report_text(result, &options, out);
}

static void every_victim_is_news(void **state)
{
    (void)state;
    struct eki_scanner scanners[] = {ports_of(0x0a000005), ports_of(0x0a000006)};
    struct eki_result result = {
        .scanners = scanners, .scanner_count = 2, .origin = ORIGIN, .end = ORIGIN + EKI_SECOND};
    struct eki_news *news;
    struct heard heard = {0};
    assert_int_equal(eki_news_new(&news), EKI_OK);
    for (int look = 0; look < 2; look++) assert_int_equal(eki_news_tell(news, &result, hear, &heard), EKI_OK);
    assert_int_equal(heard.count, 2);
    assert_non_null(strstr(heard.text[0], "10.0.0.1 many ports of 10.0.0.5: scanner, 40 ports"));
    assert_non_null(strstr(heard.text[1], "10.0.0.1 many ports of 10.0.0.6: scanner, 40 ports"));
    assert_non_null(strstr(heard.json[1], "\"victim\":\"10.0.0.6\""));
    assert_null(strstr(heard.text[0], "/0"));
    eki_news_free(news);
}

static void summary_and_page_name_the_hosts(void **state)
{
    (void)state;
    struct eki_scanner scanners[] = {ports_of(0x0a000005), ports_of(0x0a000006), ports_of(0xc0000201)};
    struct eki_result result = {.scanners = scanners,
                                .scanner_count = 3,
                                .packets = 120,
                                .hosts = 4,
                                .origin = ORIGIN,
                                .end = ORIGIN + EKI_SECOND};
    for (int i = 0; i < 2; i++) {
        char *text = write_with(i ? eki_report_html : summarise, &result, EKI_ENGLISH);
        assert_non_null(strstr(text, "10.0.0.1 searches the ports of 10.0.0.5, .6, 192.0.2.1."));
        assert_non_null(strstr(text, "many ports"));
        assert_non_null(strstr(text, "ports of 192.0.2.1"));
        assert_null(strstr(text, "tcp/0"));
        assert_null(strstr(text, "besides"));
        free(text);
    }
    char *japanese = write_with(eki_report_html, &result, EKI_JAPANESE);
    assert_non_null(strstr(japanese, "多数のポート"));
    free(japanese);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_victim_is_news),
        cmocka_unit_test(summary_and_page_name_the_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
