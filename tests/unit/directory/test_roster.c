/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of others: what is written is read back, mistakes are told with their line, and an import into what
 * is kept touches nothing that was entered by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ekigaku/members.h"
#include "ekigaku/roster.h"
#include "random_directory.h"

struct told {
    size_t count;
    uint32_t line;   /* of the first */
    char what[2000]; /* all of them */
};

static void tell(void *user, uint32_t line, const char *what)
{
    struct told *told = user;
    size_t used = strlen(told->what);
    if (!told->count++) told->line = line;
    snprintf(told->what + used, sizeof told->what - used, "%u: %s\n", line, what);
}

static enum eki_error import(struct eki_directory *d, const char *text, size_t length,
                             struct eki_roster_request request, struct eki_fault *fault)
{
    char path[] = "/tmp/ekigaku-roster-XXXXXX";
    const char *const paths[] = {path};
    struct eki_roster_counts counts;
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, text, length) == (ssize_t)length);
    close(file);
    request.paths = paths;
    request.path_count = 1;
    enum eki_error error = eki_roster_import(d, &request, &counts, fault);
    unlink(path);
    return error;
}

static struct eki_directory *fresh(void)
{
    struct eki_directory *d;
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    return d;
}

static char *exported(const struct eki_directory *d, enum eki_roster_format format, enum eki_record_kind kind,
                      size_t *ret_length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_length);
    assert_non_null(out);
    assert_int_equal(eki_roster_export(d, format, kind, out), EKI_OK);
    fclose(out);
    return text;
}

static void settle(struct eki_directory *d)
{
    struct eki_fault fault = {0};
    if (eki_directory_settle(d, RANDOM_NOW, &fault)) fail_msg("%s", fault.what);
}

/* Every kind out as CSV and in again gives the same directory file. */
static void csv_round_trip(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct eki_directory *first = random_directory(seed, 50), *second = fresh();
        struct eki_fault fault = {0};
        struct told told = {0};
        size_t length;
        if (seed == 1) {
            struct eki_team odd;
            eki_directory_blank(EKI_RECORD_TEAM, &odd);
            odd.id = "odd", odd.name = "=HYPERLINK(\"x\"), \"quoted\"; a\tb", odd.postal = "one\ntwo, three",
            odd.host = "-x";
            odd.name = "=HYPERLINK(\"x\"), \"quoted\"; a";
            assert_int_equal(eki_directory_add(first, EKI_RECORD_TEAM, &odd, &fault), EKI_OK);
            settle(first);
        }
        for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
            char *text = exported(first, EKI_ROSTER_CSV, kind, &length);
            assert_null(strstr(text, ",=")); /* nothing that a spreadsheet would run */
            struct eki_roster_request request = {
                .format = EKI_ROSTER_CSV, .now = EKI_TIME_NONE, .problem = tell, .user = &told};
            if (import(second, text, length, request, &fault)) fail_msg("%s", fault.what);
            free(text);
        }
        if (told.count) fail_msg("%s", told.what);
        settle(second);
        char *one = exported(first, EKI_ROSTER_OWN, 0, &length),
             *two = exported(second, EKI_ROSTER_OWN, 0, &length);
        assert_string_equal(one, two);
        free(one);
        free(two);
        eki_directory_free(first);
        eki_directory_free(second);
    }
}

static struct eki_directory *sample(void)
{
    struct eki_directory *d = fresh();
    assert_int_equal(eki_directory_sample(d), EKI_OK);
    settle(d);
    return d;
}

/* The team lists: the second round gives the same bytes as the first. */
static void lists_round_trip(void **state)
{
    (void)state;
    static const struct {
        enum eki_roster_format format;
        const char *source;
    } lists[] = {{EKI_ROSTER_FIRST, "first"}, {EKI_ROSTER_TI, "ti"}};
    for (int i = 0; i < 2; i++) {
        struct eki_directory *first = sample(), *second = fresh(), *third = fresh();
        struct eki_fault fault = {0};
        struct told told = {0};
        size_t length, again, teams;
        struct eki_roster_request request = {.format = lists[i].format,
                                             .source = lists[i].source,
                                             .now = EKI_TIME_NONE,
                                             .problem = tell,
                                             .user = &told};
        char *one = exported(first, lists[i].format, 0, &length);
        if (import(second, one, length, request, &fault)) fail_msg("%s", fault.what);
        if (told.count) fail_msg("%s", told.what);
        settle(second);
        (void)eki_directory_teams(second, &teams);
        assert_int_equal(teams, 262);
        char *two = exported(second, lists[i].format, 0, &length);
        if (import(third, two, length, request, &fault)) fail_msg("%s", fault.what);
        settle(third);
        char *three = exported(third, lists[i].format, 0, &again);
        assert_string_equal(two, three);
        free(one), free(two), free(three);
        eki_directory_free(first), eki_directory_free(second), eki_directory_free(third);
    }
}

/* RPSL out and in: every address has the same owner, by its organisation. */
static void rpsl_round_trip(void **state)
{
    (void)state;
    struct eki_directory *first = sample(), *second = fresh();
    struct eki_fault fault = {0};
    struct told told = {0};
    size_t length, count;
    char *text = exported(first, EKI_ROSTER_RIPE, 0, &length);
    struct eki_roster_request request = {
        .format = EKI_ROSTER_RIPE, .source = "ripe", .now = EKI_TIME_NONE, .problem = tell, .user = &told};
    if (import(second, text, length, request, &fault)) fail_msg("%s", fault.what);
    if (told.count) fail_msg("%s", told.what);
    settle(second);
    const struct eki_network *networks = eki_directory_networks(first, &count);
    size_t compared = 0;
    for (size_t i = 0; i < count; i++) {
        struct eki_owner a, b;
        char id[64];
        if (!networks[i].has_prefix) continue;
        eki_directory_find(first, &networks[i].prefix.base, 1, &a);
        eki_directory_find(second, &networks[i].prefix.base, 1, &b);
        size_t unused;
        snprintf(id, sizeof id, "ripe:%s", networks[a.network].team);
        assert_string_equal(eki_directory_networks(second, &unused)[b.network].team, id);
        compared++;
    }
    assert_true(compared > 500);
    free(text);
    eki_directory_free(first);
    eki_directory_free(second);
}

struct case_of {
    enum eki_roster_format format;
    const char *text;
    uint32_t line;
    const char *words[2];
};

static const struct case_of wrong[] = {
    {EKI_ROSTER_CSV, "id,name,tier\na,A,1\nb,B,7\n", 3, {"tier", "1, 2 or 3"}},
    {EKI_ROSTER_CSV, "id,name\na,A\nb,B,C\n", 3, {"3 values", "2 columns"}},
    {EKI_ROSTER_CSV, "id,name,networks\na,A,192.0.2.0/24 192.0.2.1/24\n", 2, {"prefix", "bits"}},
    {EKI_ROSTER_CSV, "id,name,networks\na,A,192.0.2.9-192.0.2.1\n", 2, {"range", "backwards"}},
    {EKI_ROSTER_CSV, "id;name;shoe size\na;A;44\n", 1, {"shoe_size", "not used"}},
    {EKI_ROSTER_CSV, "prefix,team\n192.0.2.0/24,a\n300.0.2.0/24,a\n", 3, {"prefix", "address"}},
    {EKI_ROSTER_CSV, "id,name\n\"a\",\"two\nlines\"\nb,B\n", 2, {"name", "control"}},
    {EKI_ROSTER_IPAM, "Prefix,Tenant\n192.0.2.0/24,IT\nnonsense_x!,IT\n", 3, {"domain", ""}},
    {EKI_ROSTER_IPAM, "Subnet,Mask\n192.0.2.0,255.0.255.0\n", 2, {"mask", "none"}},
    {EKI_ROSTER_FIRST, "{\"data\":[{\"team\":\"A\"},{\"host\":\"B\"},7]}", 2, {"team", "no object"}},
    {EKI_ROSTER_FIRST,
     "{\"data\":[{\"team\":\"A\",\"pgp-fingerprint\":\"BEEF\"}]}",
     1,
     {"fingerprint", "hexadecimal"}},
    {EKI_ROSTER_TI, "[{\"short_name\":\"A\",\"emails\":[{\"usage\":[]}]}]", 1, {"address", "missing"}},
    {EKI_ROSTER_TI, "[{\"official_name\":\"A\"}]", 1, {"short_name", ""}},
    {EKI_ROSTER_RIPE,
     "organisation: ORG-A\norg-name: A\n\ninetnum: 192.0.2.0 - 192.0.1.0\norg: ORG-A\n",
     4,
     {"backwards", ""}},
    {EKI_ROSTER_RIPE, "aut-num: ASX\norg: ORG-A\n", 1, {"asn", "AS number"}},
};

static void told_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct eki_directory *d = fresh();
        struct eki_fault fault = {0};
        struct told told = {0};
        struct eki_roster_request request = {.format = wrong[i].format,
                                             .source = "x",
                                             .team = "t",
                                             .now = EKI_TIME_NONE,
                                             .problem = tell,
                                             .user = &told};
        if (import(d, wrong[i].text, strlen(wrong[i].text), request, &fault))
            fail_msg("%s: %s", wrong[i].text, fault.what);
        if (told.line != wrong[i].line || !strstr(told.what, wrong[i].words[0]) ||
            !strstr(told.what, wrong[i].words[1]))
            fail_msg("%s gives %s", wrong[i].text, told.what);
        eki_directory_free(d);
    }
}

static void other_formats(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "%PDF-1.4\n", "{\"a\":1}", "{\"data\":", "\x01\x02\x03"};
    for (unsigned format = EKI_ROSTER_CSV; format < EKI_ROSTER_FORMATS; format++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            struct eki_directory *d = fresh();
            struct eki_fault fault = {0};
            struct eki_roster_request request = {
                .format = format, .source = "x", .team = "t", .now = EKI_TIME_NONE};
            enum eki_error error = import(d, texts[i], strlen(texts[i]), request, &fault);
            if (error != EKI_ERROR_FORMAT && error != EKI_ERROR_EMPTY)
                fail_msg("%s as %s: %s", texts[i], eki_roster_format_name(format), eki_error_text(error));
            eki_directory_free(d);
        }
}

/* A list of members as associations keep them, and prefixes of an address management. */
static void usual_tables(void **state)
{
    (void)state;
    static const char members[] =
        "\xef\xbb\xbf"
        "Team;Organisation;Sector;Member since;E-Mail;Phone;Networks\r\n"
        "Kawa CSIRT;Kawa Bank;finance;2012-04;csirt@kawa.example;+81 3 0000;192.0.2.0/25 AS64500 kawa.example\r\n";
    static const char ipam[] =
        "Subnet,Mask,Department,Description\n198.51.100.0,255.255.255.0,Head Office,LAN\n"
        "198.51.101.0/24,,head office,LAN 2\n10.0.0.5 - 10.0.0.6,,,range\n";
    struct eki_directory *d = fresh();
    struct eki_fault fault = {0};
    struct told told = {0};
    struct eki_roster_request request = {
        .format = EKI_ROSTER_CSV, .source = "list", .now = EKI_TIME_NONE, .problem = tell, .user = &told};
    size_t count;
    if (import(d, members, sizeof members - 1, request, &fault)) fail_msg("%s", fault.what);
    if (told.count) fail_msg("%s", told.what);
    settle(d);
    struct eki_owner owner;
    struct eki_address address = eki_address_v4(0xc0000205u);
    eki_directory_find(d, &address, 1, &owner);
    assert_string_equal(eki_directory_networks(d, &count)[owner.network].team, "list:kawa-csirt");
    assert_string_equal(eki_directory_contacts(d, &count)[owner.contact].address, "csirt@kawa.example");
    assert_int_equal(count, 2);
    request = (struct eki_roster_request){.format = EKI_ROSTER_IPAM,
                                          .source = "ipam",
                                          .team = "list:kawa-csirt",
                                          .now = EKI_TIME_NONE,
                                          .problem = tell,
                                          .user = &told};
    if (import(d, ipam, sizeof ipam - 1, request, &fault)) fail_msg("%s", fault.what);
    assert_int_equal(told.count, 1); /* "10.0.0.5 - 10.0.0.6" has blanks: only RPSL writes ranges so */
    settle(d);
    (void)eki_directory_departments(d, &count);
    assert_int_equal(count, 1); /* the same department, written in two ways */
    address = eki_address_v4(0xc6336507u);
    eki_directory_find(d, &address, 1, &owner);
    assert_string_equal(eki_directory_networks(d, &count)[owner.network].department, "ipam:head-office");
    eki_directory_free(d);
}

struct drifts {
    char text[1000];
};

static void note(void *user, const struct eki_drift *drift)
{
    struct drifts *drifts = user;
    size_t used = strlen(drifts->text);
    snprintf(drifts->text + used, sizeof drifts->text - used, "%s %s: %s -> %s\n", drift->id, drift->key,
             drift->ours, drift->theirs);
}

#define HEAD "{\"schema\":\"ekigaku.directory/1\"}\n"

static struct eki_directory *read_text(const char *text)
{
    struct eki_directory *d = fresh();
    struct eki_fault fault = {0};
    if (eki_directory_read_memory(d, text, strlen(text), &fault)) fail_msg("%s", fault.what);
    return d;
}

static void merged(void **state)
{
    (void)state;
    struct eki_directory *
        kept = read_text(
           HEAD
           "{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa\",\"handles\":[\"ti:kawa\"],\"country\":\"JP\"}\n"
           "{\"kind\":\"team\",\"id\":\"ti:old\",\"name\":\"Old\",\"source\":\"ti\"}\n"
           "{\"kind\":\"team\",\"id\":\"ti:needed\",\"name\":\"Needed\",\"source\":\"ti\"}\n"
           "{\"kind\":\"contact\",\"id\":\"ti:kawa-email1\",\"team\":\"kawa\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"a@kawa.example\","
           "\"verified\":\"2026-01-01\",\"verified_how\":\"called\",\"bounces\":1,\"source\":\"ti\"}\n"
           "{\"kind\":\"contact\",\"id\":\"ti:needed-1\",\"team\":\"ti:needed\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"n\",\"source\":\"ti\"}\n"
           "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"kawa\"}\n{\"kind\":\"network\",\"asn\":64500,\"team\":\"ti:old\",\"source\":\"ti\"}\n"
           "{\"kind\":\"check\",\"contact\":\"ti:needed-1\",\"sent\":\"2026-01-01\",\"outcome\":\"silent\"}\n"),
       *found = read_text(
           HEAD
           "{\"kind\":\"team\",\"id\":\"ti:kawa\",\"name\":\"Kawa CSIRT\",\"country\":\"JP\",\"source\":\"ti\"}\n"
           "{\"kind\":\"team\",\"id\":\"ti:new\",\"name\":\"New\",\"source\":\"ti\"}\n"
           "{\"kind\":\"contact\",\"id\":\"ti:kawa-email1\",\"team\":\"ti:kawa\",\"role\":\"poc\",\"medium\":\"email\","
           "\"address\":\"a@kawa.example\",\"source\":\"ti\"}\n"
           "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"ti:new\",\"source\":\"ti\"}\n");
    struct drifts drifts = {.text = ""};
    struct eki_merge merge = {kept, found, "ti", note, &drifts};
    struct eki_merge_counts counts;
    struct eki_fault fault = {0};
    size_t count;
    if (eki_directory_merge(&merge, &counts, &fault)) fail_msg("%s", fault.what);
    settle(kept);
    assert_non_null(strstr(drifts.text, "kawa name: Kawa -> Kawa CSIRT"));
    assert_non_null(strstr(drifts.text, "192.0.2.0/24 team: kawa -> ti:new"));
    assert_int_equal(counts.drift, 2);
    assert_int_equal(counts.beaten, 1);
    assert_int_equal(counts.kept, 2); /* the contact that a check names, and its team */
    assert_int_equal(counts.gone, 1);
    assert_int_equal(eki_directory_team(kept, "ti:old"), EKI_NOWHERE);
    const struct eki_contact_point *contacts = eki_directory_contacts(kept, &count);
    assert_int_equal(count, 2);
    assert_string_equal(contacts[0].verified_how, "called");
    assert_int_equal(contacts[0].bounces, 1);
    assert_int_equal(contacts[0].team_at, eki_directory_team(kept, "kawa"));
    assert_true(contacts[1].disabled);
    struct eki_owner owner;
    struct eki_address address = eki_address_v4(0xc0000201u);
    eki_directory_find(kept, &address, 1, &owner);
    assert_string_equal(eki_directory_networks(kept, &count)[owner.network].team,
                        "kawa"); /* by hand beats imported */
    /* The same import again changes nothing. */
    char *one = exported(kept, EKI_ROSTER_OWN, 0, &count);
    if (eki_directory_merge(&merge, &counts, &fault)) fail_msg("%s", fault.what);
    settle(kept);
    char *two = exported(kept, EKI_ROSTER_OWN, 0, &count);
    assert_int_equal(strlen(one), strlen(two));
    free(one), free(two);
    eki_directory_free(kept);
    eki_directory_free(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(csv_round_trip),  cmocka_unit_test(lists_round_trip),
                                       cmocka_unit_test(rpsl_round_trip), cmocka_unit_test(told_mistakes),
                                       cmocka_unit_test(other_formats),   cmocka_unit_test(usual_tables),
                                       cmocka_unit_test(merged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
