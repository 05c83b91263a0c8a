/* SPDX-License-Identifier: Apache-2.0 */
/* Grouping: the union of notices is all hosts with an owner, they share none, the owner is the look-up's. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS = 120, ROUNDS = 60 };

struct told {
    uint32_t count;
    int64_t hosts[HOSTS];
    enum eki_notice_left why[HOSTS];
};

static void tell(void *user, const struct eki_store_case_host *host, enum eki_notice_left why)
{
    struct told *told = user;
    assert_true(told->count < HOSTS);
    told->hosts[told->count] = host->id;
    told->why[told->count++] = why;
}

/* What the look-up says, by the public call alone. */
static void check_owner(const struct eki_directory *d, const struct eki_store_notice *notice,
                        const char *host)
{
    struct eki_address address;
    struct eki_answer *answer = calloc(1, sizeof *answer);
    size_t count;
    assert_int_equal(eki_address_parse(host, &address), EKI_OK);
    assert_int_equal(eki_directory_ask(d, &(struct eki_question){.address = &address}, answer), EKI_OK);
    assert_true(answer->team != EKI_NOWHERE);
    assert_string_equal(notice->team, eki_directory_teams(d, &count)[answer->team].id);
    assert_string_equal(
        notice->department,
        answer->department == EKI_NOWHERE ? "" : eki_directory_departments(d, &count)[answer->department].id);
    const struct eki_contact_point *c = &eki_directory_contacts(d, &count)[answer->contact];
    if (c->medium == EKI_MEDIUM_EMAIL) assert_string_equal(notice->contact, c->id);
    free(answer);
}

/* Counts for each host how many notices name it, and checks that its owner is the look-up's. */
static void check_notices(struct desk *desk, const struct eki_directory *d, int64_t of_case, unsigned *named)
{
    struct eki_store_notice *notices;
    struct eki_store_page page, inner;
    struct eki_store_work *work = desk_read(desk);
    struct eki_store_query query = {.where = {{.column = "of_case", .number = (double)of_case}},
                                    .limit = 1000};
    query.where[0].number = of_case;
    assert_int_equal(eki_store_list(work, &query, &notices, &page), EKI_OK);
    for (size_t i = 0; i < page.count; i++) {
        struct eki_store_notice_host *rows;
        query.where[0] = (struct eki_store_where){.column = "notice", .number = notices[i].id};
        assert_int_equal(eki_store_list(work, &query, &rows, &inner), EKI_OK);
        assert_int_equal(inner.count, notices[i].hosts);
        assert_true(inner.count > 0);
        for (size_t k = 0; k < inner.count; k++) {
            struct eki_store_case_host host;
            assert_int_equal(eki_store_get(work, &host, rows[k].case_host), EKI_OK);
            assert_int_equal(host.of_case, of_case);
            assert_string_equal(host.team, notices[i].team);
            check_owner(d, &notices[i], host.host);
            named[host.id % (HOSTS * 2)]++;
        }
        for (size_t k = 0; k < i; k++) /* one notice an owner */
            assert_true(strcmp(notices[i].team, notices[k].team) ||
                        strcmp(notices[i].department, notices[k].department) ||
                        strcmp(notices[i].contact, notices[k].contact));
    }
    eki_store_end(work);
}

static void play(struct desk *desk, uint64_t seed)
{
    struct eki_random random = eki_random_from(seed);
    struct eki_directory *d = desk_random_directory(&random);
    char text[HOSTS][20];
    const char *hosts[HOSTS];
    size_t count = 0;
    for (unsigned i = 0; i < HOSTS; i++) {
        snprintf(text[count], sizeof text[count], "10.%u.%u.%u", (unsigned)eki_random_below(&random, 3),
                 (unsigned)eki_random_below(&random, 3), (unsigned)eki_random_below(&random, 64));
        bool twice = false;
        for (size_t k = 0; k < count; k++) twice |= !strcmp(text[k], text[count]);
        hosts[count] = text[count];
        count += !twice;
    }
    int64_t of_case = desk_case(desk, hosts, count);
    struct told told = {0};
    struct eki_notice_options options = {.left = tell, .user = &told};
    struct eki_notice_summary summary;
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_notice_draft(work, of_case, d, &options, &summary), EKI_OK);
    desk_commit(work);
    unsigned named[HOSTS * 2] = {0}, both = 0, total = 0;
    check_notices(desk, d, of_case, named);
    for (uint32_t i = 0; i < told.count; i++) both += named[told.hosts[i] % (HOSTS * 2)];
    for (size_t i = 0; i < HOSTS * 2; i++) {
        assert_true(named[i] <= 1); /* disjoint: ids of one case are nearer than HOSTS * 2 */
        total += named[i];
    }
    assert_int_equal(both, 0);                   /* who was told of is in no notice */
    assert_int_equal(total + told.count, count); /* and nobody is lost */
    assert_int_equal(total, summary.hosts);
    work = desk_write(desk);
    assert_int_equal(eki_notice_draft(work, of_case, d, NULL, &summary), EKI_OK); /* again: nothing is new */
    assert_int_equal(summary.notices, 0);
    assert_int_equal(summary.told, total);
    eki_store_end(work);
    eki_directory_free(d);
}

static void random_outbreaks(void **state)
{
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) play(*state, seed);
}

#define HEAD "{\"schema\":\"ekigaku.directory/1\"}\n"
#define TEAM(id, more)                                                                                       \
    "{\"kind\":\"team\",\"id\":\"" id "\",\"name\":\"Team " id "\"" more "}\n"                               \
    "{\"kind\":\"contact\",\"id\":\"" id "-poc\",\"team\":\"" id "\",\"role\":\"poc\",\"medium\":\"email\"," \
    "\"address\":\"" id "@example.jp\"}\n"
#define NET(prefix, team) "{\"kind\":\"network\",\"prefix\":\"" prefix "\",\"team\":\"" team "\"}\n"

static const char *const three[] = {"192.0.2.1", "192.0.2.2", "198.51.100.9"};

static void set_state(struct desk *desk, int64_t id, enum eki_notice_state state)
{
    struct eki_store_notice notice;
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_store_get(work, &notice, id), EKI_OK);
    notice.state = eki_notice_state_name(state);
    assert_int_equal(eki_store_change(work, &notice), EKI_OK);
    desk_commit(work);
}

static struct eki_notice_summary draft(struct desk *desk, int64_t of_case, const struct eki_directory *d)
{
    struct eki_notice_summary summary;
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_notice_draft(work, of_case, d, NULL, &summary), EKI_OK);
    desk_commit(work);
    return summary;
}

static void follow_ups(void **state)
{
    struct desk *desk = *state;
    struct eki_directory *d = desk_directory(HEAD TEAM("a", ",\"country\":\"JP\"") NET("192.0.2.0/24", "a"));
    struct eki_directory *repaired =
        desk_directory(HEAD TEAM("a", "") TEAM("b", "") NET("192.0.2.0/24", "b") NET("198.51.100.0/24", "a"));
    int64_t of_case = desk_case(desk, three, 3);
    struct eki_notice_summary s = draft(desk, of_case, d);
    assert_int_equal(s.notices, 1);
    assert_int_equal(s.hosts, 2);
    assert_int_equal(s.left[EKI_LEFT_NOBODY], 1);
    struct eki_store_notice notice;
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_store_find(work, &notice, "team", "a"), EKI_OK);
    assert_string_equal(notice.language, "ja");
    assert_string_equal(notice.format, "csv");
    assert_string_equal(notice.tlp, "AMBER");
    desk_host(work, of_case, "192.0.2.77");
    desk_commit(work);
    s = draft(desk, of_case, d); /* only the new infection */
    assert_int_equal(s.notices, 1);
    assert_int_equal(s.hosts, 1);
    set_state(desk, notice.id, EKI_NOTICE_DISPUTED);
    s = draft(desk, of_case, d); /* not asked again as long as the directory is the same */
    assert_int_equal(s.notices, 0);
    assert_int_equal(s.left[EKI_LEFT_DISPUTED], 2);
    s = draft(desk, of_case, repaired); /* the right owner, and the host that had none */
    assert_int_equal(s.notices, 2);
    assert_int_equal(s.hosts, 3);
    eki_directory_free(d);
    eki_directory_free(repaired);
}

static void forms_and_mailboxes(void **state)
{
    struct desk *desk = *state;
    struct eki_directory *d = desk_directory(
        HEAD
        "{\"kind\":\"team\",\"id\":\"a\",\"name\":\"A\",\"languages\":[\"ja\"]}\n"
        "{\"kind\":\"contact\",\"id\":\"tel\",\"team\":\"a\",\"role\":\"poc\",\"medium\":\"phone\",\"address\":\"+81 3\"}\n"
        "{\"kind\":\"contact\",\"id\":\"mail\",\"team\":\"a\",\"role\":\"noc\",\"medium\":\"email\",\"address\":\"n@example.jp\","
        "\"languages\":[\"en\"]}\n"
        "{\"kind\":\"annotation\",\"team\":\"a\",\"text\":\"notice-format: xarf\"}\n" NET("192.0.2.0/24",
                                                                                          "a"));
    int64_t of_case = desk_case(desk, three, 1);
    assert_int_equal(draft(desk, of_case, d).notices, 1);
    struct eki_store_notice notice;
    struct eki_store_work *work = desk_read(desk);
    assert_int_equal(eki_store_find(work, &notice, "contact", "mail"), EKI_OK);
    assert_string_equal(notice.address, "n@example.jp");
    assert_string_equal(notice.language, "en");
    assert_string_equal(notice.format, "xarf");
    eki_store_end(work);
    eki_directory_free(d);
}

static void states(void **state)
{
    (void)state;
    unsigned ways = 0;
    for (int i = 0; i < EKI_NOTICE_STATES; i++) {
        assert_int_equal(eki_notice_state_parse(eki_notice_state_name((enum eki_notice_state)i)), i);
        assert_false(eki_notice_may(EKI_NOTICE_WITHDRAWN, (enum eki_notice_state)i));
        assert_false(eki_notice_may((enum eki_notice_state)i, EKI_NOTICE_DRAFT) && i != EKI_NOTICE_RELEASED);
        for (int k = 0; k < EKI_NOTICE_STATES; k++)
            ways += eki_notice_may((enum eki_notice_state)i, (enum eki_notice_state)k);
        /* Only what was queued is sent, and only what a person released is queued. */
        assert_true(!eki_notice_may((enum eki_notice_state)i, EKI_NOTICE_SENDING) || i == EKI_NOTICE_QUEUED);
    }
    assert_true(ways > 40);
    assert_false(eki_notice_may(EKI_NOTICE_DRAFT, EKI_NOTICE_QUEUED));
    assert_false(eki_notice_may(EKI_NOTICE_RECEIVED, EKI_NOTICE_QUEUED)); /* the ladder leaves it alone */
    assert_false(eki_notice_may(EKI_NOTICE_DONE, EKI_NOTICE_OPENED));
    assert_false(eki_notice_may((enum eki_notice_state)99, EKI_NOTICE_SENT));
    assert_int_equal(eki_notice_state_parse("lost"), EKI_NOTICE_STATES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(random_outbreaks),
        DESK_TEST(follow_ups),
        DESK_TEST(forms_and_mailboxes),
        cmocka_unit_test(states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
