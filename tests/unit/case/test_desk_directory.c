/* SPDX-License-Identifier: Apache-2.0 */
/* The directory in the store: kept row by row, proposed, approved, checked. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ekigaku/desk_directory.h"
#include "ekigaku/members.h"
#include "ekigaku/owner.h"

#define NOW INT64_C(1509408000000000) /* 2017-10-31 */

static struct eki_fault fault;

static struct eki_store_act act_of(int64_t at, int64_t account)
{
    return (struct eki_store_act){.at = at, .account = account, .who = "tester"};
}

static struct eki_directory *directory_of(const char *lines)
{
    struct eki_directory *directory;
    char whole[4096];
    snprintf(whole, sizeof whole, "{\"schema\":\"ekigaku.directory/1\"}\n%s", lines);
    assert_int_equal(eki_directory_new(&directory), EKI_OK);
    assert_int_equal(eki_directory_read_memory(directory, whole, strlen(whole), &fault), EKI_OK);
    return directory;
}

static const char two_teams[] =
    "{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa\"}\n"
    "{\"kind\":\"team\",\"id\":\"yama\",\"name\":\"Yama\"}\n"
    "{\"kind\":\"contact\",\"id\":\"kawa-poc\",\"team\":\"kawa\",\"role\":\"poc\",\"medium\":\"email\","
    "\"address\":\"csirt@kawa.example\"}\n"
    "{\"kind\":\"contact\",\"id\":\"yama-poc\",\"team\":\"yama\",\"role\":\"poc\",\"medium\":\"email\","
    "\"address\":\"csirt@yama.example\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"kawa\"}\n";

/* Adds accounts 1 and 2 and the directory above; an open work at NOW. */
static struct eki_store_work *begin_with(struct eki_store *store, const char *lines)
{
    struct eki_store_work *work = place_write(store, NOW);
    struct eki_store_act act = act_of(NOW, 0);
    struct eki_store_account ada = place_account("ada"), grace = place_account("grace");
    struct eki_directory *directory = directory_of(lines);
    struct eki_desk_kept kept;
    assert_int_equal(eki_store_add(work, &ada), EKI_OK);
    assert_int_equal(eki_store_add(work, &grace), EKI_OK);
    assert_int_equal(eki_desk_keep(work, &act, directory, &kept, &fault), EKI_OK);
    eki_directory_free(directory);
    return work;
}

static char *written(const struct eki_directory *directory)
{
    char *bytes;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);
    assert_int_equal(eki_directory_write(directory, out), EKI_OK);
    fclose(out);
    return bytes;
}

/* Whose 192.0.2.9 is. */
static void assert_owner(struct eki_store_work *work, const char *team)
{
    struct eki_directory *directory;
    struct eki_address host = eki_address_v4(0xc0000209);
    struct eki_owner owner;
    size_t count;
    assert_int_equal(eki_desk_directory(work, NOW * 1000, &directory, &fault), EKI_OK);
    eki_directory_find(directory, &host, 1, &owner);
    const struct eki_network *networks = eki_directory_networks(directory, &count);
    assert_string_equal(owner.network == EKI_NOWHERE ? "nobody" : networks[owner.network].team, team);
    eki_directory_free(directory);
}

static uint64_t rows_of(struct eki_store_work *work)
{
    uint64_t count;
    assert_int_equal(eki_store_count(work, EKI_STORE_DIRECTORY_RECORD, NULL, &count), EKI_OK);
    return count;
}

static void the_sample_comes_back_as_it_was(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, NOW);
    struct eki_store_act act = act_of(NOW, 0);
    struct eki_directory *sample, *back;
    struct eki_desk_kept kept;
    assert_int_equal(eki_directory_new(&sample), EKI_OK);
    assert_int_equal(eki_directory_sample(sample), EKI_OK);
    assert_int_equal(eki_desk_keep(work, &act, sample, &kept, &fault), EKI_OK);
    assert_true(kept.added > 1000 && !kept.changed && !kept.removed && !kept.same);
    size_t all = kept.added;
    place_commit(work);

    work = place_write(store, NOW + 1);
    assert_int_equal(eki_desk_directory(work, NOW * 1000, &back, &fault), EKI_OK);
    char *a = written(sample), *b = written(back);
    assert_string_equal(a, b);
    free(a);
    free(b);
    assert_int_equal(eki_desk_keep(work, &act, back, &kept, &fault), EKI_OK);
    assert_true(kept.same == all && !kept.added && !kept.changed && !kept.removed);
    struct eki_store_directory_record row;
    assert_int_equal(eki_desk_row(work, back, EKI_RECORD_NETWORK, 7, &row), EKI_OK);
    assert_string_equal(row.kind, "network");
    eki_directory_free(back);
    eki_directory_free(sample);
    eki_store_end(work);
    eki_store_close(store);
}

static void only_what_differs_is_touched(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_store_act act = act_of(NOW + 5, 2);
    struct eki_desk_kept kept;
    struct eki_directory *next =
        directory_of("{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa Bank\"}\n"
                     "{\"kind\":\"team\",\"id\":\"umi\",\"name\":\"Umi\"}\n"
                     "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"kawa\"}\n"
                     "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"kawa\"}\n");
    assert_int_equal(eki_desk_keep(work, &act, next, &kept, &fault), EKI_OK);
    assert_int_equal(kept.same, 1);
    assert_int_equal(kept.changed, 1);
    assert_int_equal(kept.added, 1);
    assert_int_equal(kept.removed, 3);
    assert_int_equal(rows_of(work), 3);
    struct eki_store_directory_record row;
    assert_int_equal(eki_store_get(work, &row, 1), EKI_OK); /* the same row as before */
    assert_non_null(strstr(row.line, "Kawa Bank"));
    assert_int_equal(row.account, 2);
    assert_int_equal(row.changed, NOW + 5);
    eki_directory_free(next);
    eki_store_end(work);
    eki_store_close(store);
}

static void an_import_leaves_what_was_entered_by_hand(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_store_act act = act_of(NOW, 1);
    struct eki_merge_counts counts;
    for (int i = 0; i < 2; i++) { /* the second time nothing is new */
        struct eki_directory *found = directory_of(
            "{\"kind\":\"team\",\"source\":\"ti\",\"id\":\"kawa\",\"name\":\"Other\"}\n"
            "{\"kind\":\"team\",\"source\":\"ti\",\"id\":\"umi\",\"name\":\"Umi\"}\n"
            "{\"kind\":\"network\",\"source\":\"ti\",\"prefix\":\"192.0.2.0/24\",\"team\":\"umi\"}\n");
        const struct eki_desk_import import = {.found = found, .source = "ti"};
        assert_int_equal(eki_desk_import(work, &act, &import, &counts, &fault), EKI_OK);
        assert_int_equal(counts.beaten, 1);
        assert_true(counts.drift >= 1);
        assert_int_equal(rows_of(work), 7);
        assert_owner(work, "kawa");
        eki_directory_free(found);
    }
    eki_store_end(work);
    eki_store_close(store);
}

static void what_one_proposes_another_approves(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_store_act ada = act_of(NOW + 1, 1), grace = act_of(NOW + 2, 2);
    struct eki_proposal_request request = {
        .record = 5,
        .line = "{\"kind\":\"network\",\"source\":\"x\",\"prefix\":\"192.0.2.0/24\",\"team\":\"yama\"}",
        .why = "moved"};
    int64_t id;
    assert_int_equal(eki_proposal_make(work, &ada, &request, &id, &fault), EKI_OK);
    assert_owner(work, "kawa");
    place_commit(work);

    work = place_write(store, NOW + 2);
    assert_int_equal(eki_proposal_approve(work, &ada, id, NULL, &fault), EKI_ERROR_ARGUMENT);
    assert_owner(work, "kawa");
    assert_int_equal(eki_proposal_approve(work, &grace, id, NULL, &fault), EKI_OK);
    assert_owner(work, "yama");
    struct eki_store_directory_record row;
    assert_int_equal(eki_store_get(work, &row, 5), EKI_OK);
    assert_string_equal(row.source, ""); /* by hand, whatever was proposed */
    assert_null(strstr(row.line, "source"));
    assert_int_equal(row.account, 2);
    assert_int_equal(eki_proposal_refuse(work, &grace, id, &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_proposal_approve(work, &grace, id, NULL, &fault), EKI_ERROR_CONFLICT);
    place_commit(work);
    eki_store_close(store);
}

static void what_contradicts_is_not_even_proposed(void **state)
{
    static const struct {
        int64_t record;
        const char *line;
    } wrong[] = {
        {0, ""},
        {0, "{"},
        {0, "[]"},
        {0, "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"nobody\"}"},
        {0, "{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"twice\"}"},
        {0, "{\"kind\":\"contact\",\"id\":\"x\",\"team\":\"kawa\",\"role\":\"poc\",\"medium\":\"email\"}"},
        {1, ""}, /* others name this team */
        {1, "{\"kind\":\"team\",\"id\":\"other\",\"name\":\"renamed\"}"},
        {1, "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"kawa\"}"}};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_store_act ada = act_of(NOW + 1, 1);
    uint64_t count;
    int64_t id;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct eki_proposal_request request = {.record = wrong[i].record, .line = wrong[i].line};
        memset(&fault, 0, sizeof fault);
        assert_int_equal(eki_proposal_make(work, &ada, &request, &id, &fault), EKI_ERROR_CORRUPT);
        assert_true(*fault.what);
    }
    assert_int_equal(eki_store_count(work, EKI_STORE_PROPOSAL, NULL, &count), EKI_OK);
    assert_int_equal(count, 0);
    eki_store_end(work);
    eki_store_close(store);
}

static void not_ours_finds_the_right_owner(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_store_act answer = act_of(NOW + 1, 0), grace = act_of(NOW + 2, 2);
    struct eki_proposal_not_ours dispute = {
        .host = eki_address_v4(0xc0000209), .team = "yama", .why = "sold in May", .notice = 3};
    struct eki_store_proposal row;
    int64_t first, second;
    assert_int_equal(eki_proposal_dispute(work, &answer, &dispute, &first, &fault), EKI_OK);
    dispute.team = "nobody we know";
    assert_int_equal(eki_proposal_dispute(work, &answer, &dispute, &second, &fault), EKI_OK);
    assert_int_equal(eki_store_get(work, &row, second), EKI_OK);
    assert_int_equal(row.record, 5);
    assert_string_equal(row.line, "");
    assert_int_equal(row.notice, 3);
    assert_owner(work, "kawa");
    assert_int_equal(eki_proposal_approve(work, &grace, first, NULL, &fault), EKI_OK);
    assert_owner(work, "yama");
    assert_int_equal(eki_proposal_refuse(work, &grace, second, &fault), EKI_OK);
    assert_owner(work, "yama");
    eki_store_end(work);
    eki_store_close(store);
}

static void what_changed_meanwhile_is_looked_at_again(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_store_act ada = act_of(NOW + 1, 1), grace = act_of(NOW + 2, 2);
    struct eki_proposal_request request = {
        .record = 3,
        .line = "{\"kind\":\"contact\",\"id\":\"kawa-poc\",\"team\":\"kawa\",\"role\":\"poc\",\"medium\":"
                "\"email\",\"address\":\"new@kawa.example\"}"};
    int64_t id;
    assert_int_equal(eki_proposal_make(work, &ada, &request, &id, &fault), EKI_OK);
    assert_int_equal(eki_desk_contact_noted(work, &grace, "kawa-poc", EKI_CHECK_BOUNCED, &fault), EKI_OK);
    assert_int_equal(eki_proposal_approve(work, &grace, id, NULL, &fault), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_proposal_approve(work, &grace, id, request.line, &fault), EKI_OK);
    struct eki_store_directory_record row;
    assert_int_equal(eki_store_get(work, &row, 3), EKI_OK);
    assert_non_null(strstr(row.line, "new@kawa.example"));
    eki_store_end(work);
    eki_store_close(store);
}

static enum eki_health health_of(struct eki_store_work *work, int64_t at, const char *contact)
{
    struct eki_directory *directory;
    size_t count, i = 0;
    assert_int_equal(eki_desk_directory(work, at * 1000, &directory, &fault), EKI_OK);
    const struct eki_contact_point *contacts = eki_directory_contacts(directory, &count);
    while (i < count && strcmp(contacts[i].id, contact) != 0) i++;
    assert_true(i < count);
    enum eki_health health = eki_directory_contact_state(directory, (uint32_t)i)->health;
    eki_directory_free(directory);
    return health;
}

static void two_bounces_make_a_contact_dead(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_store_act act = act_of(NOW, 0);
    assert_int_equal(health_of(work, NOW, "kawa-poc"), EKI_HEALTH_UNKNOWN);
    for (int i = 0; i < 2; i++)
        assert_int_equal(eki_desk_contact_noted(work, &act, "kawa-poc", EKI_CHECK_BOUNCED, &fault), EKI_OK);
    assert_int_equal(health_of(work, NOW, "kawa-poc"), EKI_HEALTH_DEAD);
    assert_int_equal(eki_desk_contact_noted(work, &act, "kawa-poc", EKI_CHECK_ANSWERED, &fault), EKI_OK);
    assert_int_equal(health_of(work, NOW, "kawa-poc"), EKI_HEALTH_ALIVE);
    assert_int_equal(eki_desk_contact_noted(work, &act, "nobody", EKI_CHECK_ANSWERED, &fault),
                     EKI_ERROR_MISSING);
    eki_store_end(work);
    eki_store_close(store);
}

static void a_contact_that_never_answers_is_found_out(void **state)
{
    const struct eki_heartbeat heartbeat = {.interval_days = 90, .retry_days = 7};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = begin_with(store, two_teams);
    struct eki_heartbeat_planned planned;
    int64_t day = INT64_C(86400000000);
    for (int round = 0; round < 4; round++) {
        struct eki_store_act act = act_of(NOW + round * 8 * day, 1);
        assert_int_equal(eki_heartbeat_plan(work, &act, &heartbeat, &planned, &fault), EKI_OK);
        assert_int_equal(planned.planned, round ? 1 : 2);
        assert_int_equal(planned.silent, round ? 1 : 0);
        act.at += day / 24;
        assert_int_equal(eki_heartbeat_plan(work, &act, &heartbeat, &planned, &fault), EKI_OK);
        assert_int_equal(planned.planned, 0); /* it waits */
        struct eki_heartbeat_answer answer = {.contact = "yama-poc",
                                              .outcome = EKI_CHECK_ANSWERED,
                                              .hops = 2,
                                              .note = "by way of the operator"};
        if (!round) assert_int_equal(eki_heartbeat_noted(work, &act, &answer, &fault), EKI_OK);
    }
    assert_int_equal(health_of(work, NOW + 30 * day, "kawa-poc"), EKI_HEALTH_DEAD);
    assert_int_equal(health_of(work, NOW + 30 * day, "yama-poc"), EKI_HEALTH_ALIVE);
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_BOTH(the_sample_comes_back_as_it_was),           PLACE_BOTH(only_what_differs_is_touched),
        PLACE_BOTH(an_import_leaves_what_was_entered_by_hand), PLACE_BOTH(what_one_proposes_another_approves),
        PLACE_BOTH(what_contradicts_is_not_even_proposed),     PLACE_BOTH(not_ours_finds_the_right_owner),
        PLACE_BOTH(what_changed_meanwhile_is_looked_at_again), PLACE_BOTH(two_bounces_make_a_contact_dead),
        PLACE_BOTH(a_contact_that_never_answers_is_found_out),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
