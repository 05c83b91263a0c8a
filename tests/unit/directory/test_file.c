/* SPDX-License-Identifier: Apache-2.0 */
/* The directory file: what is written is read back as the same bytes; each mistake is named with line and
 * key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_directory.h"

#define HEAD "{\"schema\":\"ekigaku.directory/1\"}\n"

static char *written(const struct eki_directory *d, size_t *ret_length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_length);
    assert_non_null(out);
    assert_int_equal(eki_directory_write(d, out), EKI_OK);
    fclose(out);
    return text;
}

static void round_trip(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct eki_directory *first = random_directory(seed, 60), *second;
        size_t length, again_length;
        char *text = written(first, &length), *again;
        struct eki_fault fault = {0};
        assert_int_equal(eki_directory_new(&second), EKI_OK);
        assert_int_equal(eki_directory_read_memory(second, text, length, &fault), EKI_OK);
        assert_int_equal(eki_directory_settle(second, RANDOM_NOW, &fault), EKI_OK);
        again = written(second, &again_length);
        assert_string_equal(text, again);
        assert_true(length > 4000);
        free(text);
        free(again);
        eki_directory_free(first);
        eki_directory_free(second);
    }
}

/* Every key of every kind, with letters that need escapes and markup in names. */
static const char full[] = HEAD
    "{\"kind\":\"group\",\"id\":\"wg\",\"name\":\"Logs\",\"name_ja\":\"ログ\",\"purpose\":\"two\\u000alines\"}\n"
    "{\"kind\":\"team\",\"id\":\"a\",\"name\":\"<script>A & \\\"B\\\"</script>\",\"name_ja\":\"甲\",\"host\":\"A Ltd\",\"sector\":\"finance\","
    "\"country\":\"JP\",\"region\":\"Tokyo\",\"constituency\":\"all\",\"authority\":\"full\",\"sharing\":\"TLP\",\"website\":\"https://a.example\","
    "\"postal\":\"1-1\\u000aTokyo\",\"time_zone\":\"Asia/Tokyo\",\"hours\":\"mon-fri 09:00-17:30, sat 10:00-12:00\",\"holidays\":\"jp\","
    "\"languages\":[\"ja\",\"en\"],\"groups\":[\"wg\"],\"handles\":[\"ti:a\",\"ripe:ORG-A1-RIPE\"],\"founded\":\"2011\",\"joined\":\"2012-04\","
    "\"left\":\"2020-02-29\",\"tier\":3,\"pilot\":true,\"source\":\"ti\",\"entered\":\"2026-01-01T00:00:00.000000Z\"}\n"
    "{\"kind\":\"department\",\"id\":\"d\",\"team\":\"a\",\"name\":\"D\"}\n"
    "{\"kind\":\"department\",\"id\":\"e\",\"team\":\"a\",\"parent\":\"d\",\"name\":\"E\",\"name_ja\":\"戊\"}\n"
    "{\"kind\":\"contact\",\"id\":\"c\",\"team\":\"a\",\"department\":\"e\",\"role\":\"noc\",\"name\":\"N\",\"medium\":\"phone\",\"address\":\"+81-3-0000-0000\","
    "\"languages\":[\"ja\"],\"verified\":\"2026-01-01T00:00:00.000000Z\",\"verified_how\":\"called\",\"answered\":\"2026-02-01T00:00:00.000000Z\","
    "\"bounced\":\"2026-03-01T00:00:00.000000Z\",\"bounces\":1,\"disabled\":true}\n"
    "{\"kind\":\"key\",\"team\":\"a\",\"type\":\"openpgp\",\"fingerprint\":\"0123456789ABCDEF0123456789ABCDEF01234567\",\"expires\":\"2027-01-01\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"name\":\"NET\",\"team\":\"ripe:ORG-A1-RIPE\",\"department\":\"e\",\"origin\":64500,\"in_country\":\"JP\",\"whole\":true}\n"
    "{\"kind\":\"network\",\"domain\":\"example.jp\",\"team\":\"a\"}\n{\"kind\":\"network\",\"asn\":4200000000,\"team\":\"a\"}\n"
    "{\"kind\":\"network\",\"country\":\"JP\",\"team\":\"a\"}\n"
    "{\"kind\":\"annotation\",\"network\":\"192.0.2.0/24\",\"text\":\"t\",\"condition\":\"port=445\",\"expires\":\"2027-01-01T00:00:00.000000Z\",\"inhibit\":true}\n"
    "{\"kind\":\"check\",\"contact\":\"c\",\"sent\":\"2026-01-01T00:00:00.000000Z\",\"outcome\":\"answered\",\"answered\":\"2026-01-01T01:00:00.000000Z\",\"hops\":2,\"note\":\"n\"}\n";

static void every_key(void **state)
{
    (void)state;
    struct eki_directory *d;
    struct eki_fault fault = {0};
    size_t length;
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    if (eki_directory_read_memory(d, full, strlen(full), &fault)) fail_msg("%s", fault.what);
    if (eki_directory_settle(d, RANDOM_NOW, &fault)) fail_msg("%s", fault.what);
    char *text = written(d, &length);
    assert_string_equal(text, full);
    free(text);
    eki_directory_free(d);
}

struct mistake {
    const char *line; /* after the head and a team "a" */
    const char *words[3];
};

#define A "{\"kind\":\"team\",\"id\":\"a\",\"name\":\"A\"}\n{\"kind\":\"team\",\"id\":\"b\",\"name\":\"B\"}\n"
/* clang-format off */
#define PERSON "{\"kind\":\"contact\",\"id\":\"c\",\"team\":\"a\",\"medium\":\"email\",\"address\":\"x\""
#define CONTACT(more) PERSON ",\"role\":\"poc\"" more "}"
/* clang-format on */
static const struct mistake mistakes[] = {
    {"{\"kind\":\"team\",\"id\":\"a\",\"name\":\"again\"}", {"line 4", "\"id\"", "twice"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"handles\":[\"b\"]}", {"\"id\"", "\"b\"", "twice"}},
    {"{\"kind\":\"team\",\"id\":\"x y\",\"name\":\"X\"}", {"line 4", "\"id\"", "no id"}},
    {"{\"kind\":\"team\",\"id\":\"x\"}", {"line 4", "\"name\"", "missing"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"nmae_ja\":\"Y\"}", {"line 4", "nmae_ja", "not known"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":5}", {"line 4", "\"name\"", "number"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":[\"X\"]}", {"line 4", "\"name\"", "array"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":{\"a\":1}}", {"line 4", "\"name\"", "object"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":true}", {"line 4", "\"name\"", "true"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"a\\u0007b\"}", {"line 4", "\"name\"", "control"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"tier\":4}", {"line 4", "\"tier\"", "1, 2 or 3"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"joined\":\"2012-13\"}",
     {"line 4", "\"joined\"", "date"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"joined\":\"2013-02-29\"}",
     {"line 4", "\"joined\"", "date"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"hours\":\"mon 9-17\"}",
     {"line 4", "\"hours\"", "24/7"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"time_zone\":\"Tokyo\"}",
     {"line 4", "\"time_zone\"", "+09:00"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"groups\":[\"none\"]}",
     {"line 4", "\"groups\"", "none"}},
    {"{\"kind\":\"team\",\"id\":\"x\",\"name\":\"X\",\"id\":\"y\"}", {"line 4", "duplicate", ""}},
    {"{\"kind\":\"tema\",\"id\":\"x\"}", {"line 4", "\"kind\"", "no kind"}},
    {"{\"id\":\"x\"}", {"line 4", "\"kind\"", "missing"}},
    {"[1]", {"line 4", "no JSON object", ""}},
    {"{\"kind\":", {"line 4", "column", ""}},
    {"{\"kind\":\"department\",\"id\":\"d\",\"team\":\"zz\",\"name\":\"D\"}", {"line 4", "\"team\"", "zz"}},
    {"{\"kind\":\"department\",\"id\":\"d\",\"team\":\"a\",\"parent\":\"d\",\"name\":\"D\"}",
     {"line 4", "\"parent\"", "inside itself"}},
    {"{\"kind\":\"department\",\"id\":\"d\",\"team\":\"a\",\"parent\":\"e\",\"name\":\"D\"}\n"
     "{\"kind\":\"department\",\"id\":\"e\",\"team\":\"a\",\"parent\":\"f\",\"name\":\"D\"}\n"
     "{\"kind\":\"department\",\"id\":\"f\",\"team\":\"a\",\"parent\":\"d\",\"name\":\"D\"}",
     {"line 4", "\"parent\"", "inside itself"}},
    {"{\"kind\":\"department\",\"id\":\"d\",\"team\":\"a\",\"name\":\"D\"}\n"
     "{\"kind\":\"department\",\"id\":\"e\",\"team\":\"b\",\"parent\":\"d\",\"name\":\"D\"}",
     {"line 5", "\"parent\"", "another team"}},
    {CONTACT(",\"verified\":\"yesterday\""), {"line 4", "\"verified\"", "time"}},
    {CONTACT(",\"verified\":\"1925-01-01\""), {"line 4", "\"verified\"", "time"}},
    {CONTACT(",\"bounces\":-1"), {"line 4", "\"bounces\"", "whole number"}},
    {CONTACT(",\"disabled\":\"yes\""), {"line 4", "\"disabled\"", "text"}},
    {PERSON ",\"role\":\"boss\"}", {"line 4", "\"role\"", "words"}},
    {PERSON "}", {"line 4", "\"role\"", "missing"}},
    {"{\"kind\":\"key\",\"team\":\"a\",\"type\":\"openpgp\",\"fingerprint\":\"DEADBEEF\"}",
     {"line 4", "\"fingerprint\"", "hexadecimal"}},
    {"{\"kind\":\"network\",\"prefix\":\"192.0.2.1/24\",\"team\":\"a\"}", {"line 4", "\"prefix\"", "bits"}},
    {"{\"kind\":\"network\",\"prefix\":\"192.0.2.0/33\",\"team\":\"a\"}", {"line 4", "\"prefix\"", "length"}},
    {"{\"kind\":\"network\",\"prefix\":\"192.0.2/24\",\"team\":\"a\"}", {"line 4", "\"prefix\"", "address"}},
    {"{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"asn\":1,\"team\":\"a\"}",
     {"line 4", "exactly one", ""}},
    {"{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\"}", {"line 4", "\"team\"", "missing"}},
    {"{\"kind\":\"network\",\"asn\":4294967296,\"team\":\"a\"}", {"line 4", "\"asn\"", "AS number"}},
    {"{\"kind\":\"network\",\"domain\":\"\xe6\x97\xa5.jp\",\"team\":\"a\"}",
     {"line 4", "\"domain\"", "xn--"}},
    {"{\"kind\":\"network\",\"country\":\"JPN\",\"team\":\"a\"}", {"line 4", "\"country\"", "two letters"}},
    {"{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"a\",\"whole\":true,\"source\":\"ripe\"}",
     {"line 4", "\"whole\"", "by hand"}},
    {"{\"kind\":\"check\",\"contact\":\"c\",\"sent\":\"2026-01-01T00:00:00Z\",\"outcome\":\"silent\"}",
     {"line 4", "\"contact\"", "\"c\""}},
    {"{\"kind\":\"check\",\"contact\":\"c\",\"sent\":\"2026-01-01T00:00:00Z\",\"outcome\":\"answered\"}",
     {"line 4", "\"answered\"", "missing"}},
    {"{\"kind\":\"annotation\",\"text\":\"t\"}", {"line 4", "exactly one", ""}},
};

static enum eki_error read_and_settle(const char *text, size_t length, struct eki_fault *fault)
{
    struct eki_directory *d;
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    enum eki_error error = eki_directory_read_memory(d, text, length, fault);
    if (!error) error = eki_directory_settle(d, RANDOM_NOW, fault);
    eki_directory_free(d);
    return error;
}

static void each_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char text[2048];
        struct eki_fault fault = {0};
        int length = snprintf(text, sizeof text, HEAD A "%s\n", mistakes[i].line);
        enum eki_error error = read_and_settle(text, (size_t)length, &fault);
        if (error != EKI_ERROR_CORRUPT) fail_msg("%s: %s", mistakes[i].line, eki_error_text(error));
        for (int k = 0; k < 3; k++)
            if (!strstr(fault.what, mistakes[i].words[k]))
                fail_msg("%s: \"%s\" is not in \"%s\"", mistakes[i].line, mistakes[i].words[k], fault.what);
    }
}

static void no_directory(void **state)
{
    (void)state;
    struct eki_fault fault;
    assert_int_equal(read_and_settle("", 0, &fault), EKI_ERROR_EMPTY);
    assert_int_equal(read_and_settle("\n\n", 2, &fault), EKI_ERROR_EMPTY);
    assert_int_equal(read_and_settle("id,name\n1,A\n", 12, &fault), EKI_ERROR_FORMAT);
    assert_int_equal(read_and_settle("{\"schema\":\"ekigaku.directory/2\"}\n", 33, &fault),
                     EKI_ERROR_UNSUPPORTED);
    assert_int_equal(read_and_settle(HEAD, strlen(HEAD), &fault), EKI_OK);
    assert_int_equal(read_and_settle(HEAD, strlen(HEAD) - 1, &fault), EKI_OK); /* no newline at the end */
}

static void huge(void **state)
{
    (void)state;
    struct eki_fault fault = {0};
    size_t room = 300000;
    char *text = malloc(room);
    assert_non_null(text);
    size_t head = (size_t)snprintf(text, room, HEAD A "{\"kind\":\"team\",\"id\":\"x\",\"name\":\"");
    memset(text + head, 'x', room - head);
    memcpy(text + head + 5000, "\"}\n", 3);
    assert_int_equal(read_and_settle(text, head + 5003, &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "line 4"));
    assert_non_null(strstr(fault.what, "longer than 4096"));
    memset(text + head, 'x', room - head);
    assert_int_equal(read_and_settle(text, room, &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "line 4"));
    assert_non_null(strstr(fault.what, "65536"));
    free(text);
}

/* 100,000 lines, the last of them wrong. */
static void many_lines(void **state)
{
    (void)state;
    struct eki_fault fault = {0};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    fputs(HEAD A, out);
    for (unsigned i = 0; i < 99999; i++)
        fprintf(out, "{\"kind\":\"network\",\"prefix\":\"10.%u.%u.0/24\",\"team\":\"%s\"}\n", i >> 8 & 255,
                i & 255, i % 2 ? "a" : "b");
    fputs("{\"kind\":\"network\",\"prefix\":\"10.0.0.0/24\",\"team\":\"nobody\"}\n", out);
    fclose(out);
    assert_int_equal(read_and_settle(text, length, &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "line 100003"));
    free(text);
}

static void added(void **state)
{
    (void)state;
    struct eki_directory *d;
    struct eki_fault fault = {0};
    struct eki_team team;
    struct eki_contact_point contact;
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    eki_directory_blank(EKI_RECORD_TEAM, &team);
    assert_int_equal(eki_directory_add(d, EKI_RECORD_TEAM, &team, &fault), EKI_ERROR_CORRUPT);
    team.id = "a";
    team.name = "bad\x01name";
    assert_int_equal(eki_directory_add(d, EKI_RECORD_TEAM, &team, &fault), EKI_ERROR_CORRUPT);
    team.name = "A";
    assert_int_equal(eki_directory_add(d, EKI_RECORD_TEAM, &team, &fault), EKI_OK);
    eki_directory_blank(EKI_RECORD_CONTACT, &contact);
    contact.id = "c", contact.team = "a", contact.address = "x";
    contact.role = 77, contact.medium = 0;
    assert_int_equal(eki_directory_add(d, EKI_RECORD_CONTACT, &contact, &fault), EKI_ERROR_CORRUPT);
    contact.role = EKI_ROLE_POC;
    assert_int_equal(eki_directory_add(d, EKI_RECORD_CONTACT, &contact, &fault), EKI_OK);
    assert_int_equal(eki_directory_team(d, "a"), EKI_NOWHERE); /* not settled yet */
    assert_int_equal(eki_directory_settle(d, RANDOM_NOW, &fault), EKI_OK);
    assert_int_equal(eki_directory_team(d, "a"), 0);
    eki_directory_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(round_trip),   cmocka_unit_test(every_key),
                                       cmocka_unit_test(each_mistake), cmocka_unit_test(no_directory),
                                       cmocka_unit_test(huge),         cmocka_unit_test(many_lines),
                                       cmocka_unit_test(added)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
