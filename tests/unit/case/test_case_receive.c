/* SPDX-License-Identifier: Apache-2.0 */
/* What other teams send: taken in once, in order, never widening a label, whatever it tells. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "desk.h"
#include "ekigaku/case.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_merge.h"
#include "ekigaku/case_receive.h"
#include "ekigaku/exchange.h"

#define DAY_US INT64_C(86400000000)

enum { NOW = 1000, TEXT = 4000, CIRCLE = 60, ROUNDS = 40 };
#define AT (INT64_C(1795800000) * 1000000)

static const struct eki_store_act act = {.at = AT, .who = "tester"};
static const struct eki_receive_origin kawa = {
    .way = "bundle", .form = "incident", .team = "kawa", .sender = "key 00", .tier = 2, .proven = true};

static struct eki_incident *incident_of(const char *json)
{
    struct eki_incident *incident = NULL;
    struct eki_fault fault = {0};
    enum eki_error error =
        eki_exchange_read(json, strlen(json), eki_exchange_find("incident"), &incident, &fault);
    if (error) fail_msg("%s: %s in %s", eki_error_text(error), fault.what, json);
    return incident;
}

/* An incident of this id and label, changed at this minute, with these hosts (JSON). */
static struct eki_incident *told(const char *id, const char *tlp, int minute, const char *hosts)
{
    char json[TEXT + 400];
    snprintf(json, sizeof json,
             "{\"schema\":\"ekigaku.incident/1\",\"id\":\"%s\",\"title\":\"Worm\",\"tlp\":%s%s%s,"
             "\"modified\":\"2026-11-27T10:%02d:00.000000Z\",\"family\":\"wannacry\",\"proto\":\"tcp\","
             "\"port\":445,\"route\":\"airborne\",%s}",
             id, tlp ? "\"" : "", tlp ? tlp : "null", tlp ? "\"" : "", minute, hosts);
    return incident_of(json);
}

static struct eki_reception receive_as(struct eki_store_work *work, struct eki_incident *incident,
                                       const struct eki_receive_origin *origin)
{
    struct eki_reception reception;
    enum eki_error error = eki_case_receive(work, &act, incident, origin, &reception);
    if (error) fail_msg("%s: %s", eki_error_text(error), eki_store_why(work)->what);
    eki_incident_free(incident);
    return reception;
}

static struct eki_reception receive(struct eki_store_work *work, struct eki_incident *incident)
{
    return receive_as(work, incident, &kawa);
}

#define ONE "\"hosts\":[{\"host\":\"192.0.2.1\",\"role\":\"infected\",\"evidence\":\"exploit\"}]"
#define TWO                                                                                                  \
    "\"hosts\":[{\"host\":\"192.0.2.1\",\"role\":\"infected\"},{\"host\":\"192.0.2.2\",\"role\":\"infected\"}]"
#define OTHER "\"hosts\":[{\"host\":\"192.0.2.9\",\"role\":\"infected\"}]"

static void once_and_in_order(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_reception first = receive(work, told("w1", "AMBER", 10, ONE)), again;
    assert_int_equal(first.answer, EKI_RECEIVE_OPENED);
    assert_int_equal(first.hosts, 1);
    struct eki_store_case row = desk_row(work, first.of_case);
    assert_string_equal(row.tlp, "AMBER");
    assert_string_equal(row.route, "airborne");
    uint64_t log = desk_count_all(work, EKI_STORE_AUDIT);
    again = receive(work, told("w1", "AMBER", 10, ONE)); /* the same: nothing at all is written */
    assert_int_equal(again.answer, EKI_RECEIVE_SAME);
    assert_int_equal(again.of_case, first.of_case);
    assert_int_equal(again.row, first.row);
    assert_int_equal(desk_count_all(work, EKI_STORE_AUDIT), log);
    again = receive(work, told("w1", "AMBER", 10, OTHER)); /* another content of the same moment */
    assert_int_equal(again.answer, EKI_RECEIVE_REFUSED);
    assert_non_null(strstr(again.why, "another content"));
    again = receive(work, told("w1", "AMBER", 20, TWO));
    assert_int_equal(again.answer, EKI_RECEIVE_UPDATED);
    assert_int_equal(again.of_case, first.of_case);
    assert_int_equal(again.hosts, 1);
    log = desk_count_all(work, EKI_STORE_AUDIT);
    again = receive(work, told("w1", "AMBER", 10, ONE)); /* a replay of what was taken: no new row */
    assert_int_equal(again.answer, EKI_RECEIVE_OLD);
    assert_int_equal(desk_count_all(work, EKI_STORE_AUDIT), log);
    again = receive(work, told("w1", "AMBER", 15, OTHER)); /* late, and never seen */
    assert_int_equal(again.answer, EKI_RECEIVE_OLD);
    assert_true(again.row > 0);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, first.of_case), 2);
    assert_int_equal(desk_count_all(work, EKI_STORE_CASE), 1);
    assert_int_equal(desk_count_all(work, EKI_STORE_RECEIVED), 4); /* opened, refused, updated, late */
    assert_int_equal(desk_count_all(work, EKI_STORE_NOTICE), 0);
    struct eki_receive_trust trust;
    assert_int_equal(eki_receive_trust(work, "kawa", &trust), EKI_OK);
    assert_int_equal(trust.incidents, 1);
    assert_int_equal(trust.updates, 1);
    assert_int_equal(trust.hosts, 2);
    assert_int_equal(trust.refused, 2);
    place_commit(work);
    eki_store_close(store);
}

static void a_label_never_widens(void **state)
{
    static const char *const labels[] = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED", NULL};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    for (int before = 0; before < 6; before++)
        for (int after = 0; after < 6; after++)
            for (int around = 0; around < 5; around++) {
                char id[40];
                struct eki_receive_origin origin = kawa;
                snprintf(id, sizeof id, "w-%d-%d-%d", before, after, around);
                int64_t of_case = receive(work, told(id, labels[before], 10, ONE)).of_case;
                enum eki_tlp had = before < 5 ? (enum eki_tlp)before : EKI_TLP_UNMARKED;
                struct eki_store_case row = desk_row(work, of_case);
                assert_int_equal(eki_case_label(&row), had);
                origin.labelled = true; /* a label stands around it too */
                origin.label = (enum eki_tlp)around;
                struct eki_reception r = receive_as(work, told(id, labels[after], 20, TWO), &origin);
                enum eki_tlp wanted = eki_tlp_stricter(
                    had, eki_tlp_stricter(after < 5 ? (enum eki_tlp)after : EKI_TLP_UNMARKED, origin.label));
                row = desk_row(work, of_case);
                assert_int_equal(r.label, wanted);
                assert_int_equal(eki_case_label(&row), wanted);
            }
    eki_store_end(work);
    eki_store_close(store);
}

/* What waits to be sent follows it. */
static void notices_follow_the_label(void **state)
{
    static const char *const states[] = {"draft", "released", "queued", "sent"};
    static const char *const wanted[] = {"RED", "RED", "RED", "GREEN"};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    int64_t of_case = receive(work, told("w1", "GREEN", 10, ONE)).of_case;
    struct eki_store_notice rows[4];
    for (int i = 0; i < 4; i++) {
        rows[i] = (struct eki_store_notice){.of_case = of_case,
                                            .team = "t",
                                            .address = "a@example.jp",
                                            .language = "en",
                                            .format = "text",
                                            .tlp = "GREEN",
                                            .state = states[i]};
        assert_int_equal(eki_store_add(work, &rows[i]), EKI_OK);
    }
    receive(work, told("w1", "RED", 20, ONE));
    receive(work, told("w1", "CLEAR", 30, ONE)); /* and is not widened */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(eki_store_get(work, &rows[i], rows[i].id), EKI_OK);
        assert_string_equal(rows[i].tlp, wanted[i]);
        assert_string_equal(rows[i].state, states[i]);
    }
    eki_store_end(work);
    eki_store_close(store);
}

/* Somebody else's thing of the same id does not touch the case; both are named to people. */
static void of_another_sender(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_receive_origin mallory = kawa, said = kawa, nobody = kawa;
    mallory.team = "mallory";
    said.proven = false; /* somebody says that it is of kawa */
    nobody.team = "";
    nobody.sender = "account ada";
    nobody.proven = false;
    struct eki_reception first = receive(work, told("w1", "GREEN", 10, ONE));
    const struct eki_receive_origin *others[] = {&mallory, &said, &nobody};
    for (size_t i = 0; i < 3; i++) {
        struct eki_reception r = receive_as(work, told("w1", "RED", 50, TWO), others[i]);
        assert_int_equal(r.answer, EKI_RECEIVE_OPENED);
        assert_true(r.of_case != first.of_case);
        assert_int_equal(desk_count(work, EKI_STORE_CASE_ENTRY, r.of_case), 2 + i);
    }
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, first.of_case), 1);
    assert_string_equal(desk_row(work, first.of_case).tlp, "GREEN");
    assert_int_equal(desk_count(work, EKI_STORE_CASE_ENTRY, first.of_case), 4);
    struct eki_reception next = receive(work, told("w1", "GREEN", 20, TWO)); /* nor keeps the first out */
    assert_int_equal(next.answer, EKI_RECEIVE_UPDATED);
    struct eki_receive_trust trust;
    assert_int_equal(eki_receive_trust(work, "kawa", &trust), EKI_OK);
    assert_int_equal(trust.incidents, 1); /* what is only said does not count */
    eki_store_end(work);
    eki_store_close(store);
}

/* From each host to the one that infected it: it ends. */
static void check_forest(struct eki_store_work *work, int64_t of_case)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}}, .limit = 1000};
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    for (size_t i = 0; i < page.count; i++) {
        const char *at = rows[i].host;
        for (size_t steps = 0; *at; steps++) {
            size_t k = 0;
            if (steps > page.count) fail_msg("%s is its own ancestor", rows[i].host);
            while (k < page.count && strcmp(rows[k].host, at) != 0) k++;
            if (k == page.count) fail_msg("%s is no host of the case", at);
            at = rows[k].parent;
        }
    }
}

/* Edges in circles, of several versions, over what was there. */
static void circles_are_cut(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_random random = eki_random_from(7);
    size_t parents = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char json[TEXT * 4] = "\"hosts\":[", id[20];
        int hosts = 2 + (int)eki_random_below(&random, 7);
        for (int i = 0; i < hosts; i++)
            snprintf(json + strlen(json), sizeof json - strlen(json),
                     "%s{\"host\":\"10.0.0.%d\",\"role\":\"infected\"}", i ? "," : "",
                     1 + (int)eki_random_below(&random, 9));
        strcat(json, "],\"edges\":[");
        for (int i = 0; i < 20; i++)
            snprintf(json + strlen(json), sizeof json - strlen(json),
                     "%s{\"from\":\"10.0.0.%d\",\"to\":\"10.0.0.%d\",\"confidence\":0.%d}", i ? "," : "",
                     1 + (int)eki_random_below(&random, 9), 1 + (int)eki_random_below(&random, 9),
                     (int)eki_random_below(&random, 10));
        strcat(json, "]");
        snprintf(id, sizeof id, "w%d", round / 8); /* eight versions of each */
        struct eki_reception r = receive(work, told(id, "GREEN", round, json));
        assert_true(r.answer == EKI_RECEIVE_OPENED || r.answer == EKI_RECEIVE_UPDATED);
        check_forest(work, r.of_case);
        struct eki_store_case_host *rows;
        struct eki_store_page page;
        const struct eki_store_query query = {.where = {{.column = "of_case", .number = r.of_case}},
                                              .limit = 1000};
        assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
        for (size_t i = 0; i < page.count; i++) parents += rows[i].parent[0] != 0;
    }
    assert_true(parents > 100); /* and the others were kept */
    eki_store_end(work);
    eki_store_close(store);
}

static void odd_texts_and_doubles(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_reception r = receive(
        work,
        incident_of(
            "{\"schema\":\"ekigaku.incident/1\",\"id\":\"w\\u001b[2J\",\"title\":\"a\\u001b[31m\\u009bb\\nc\","
            "\"summary\":\"one\\ntwo\\u0007\",\"hosts\":["
            "{\"host\":\"192.0.2.1\",\"role\":\"infected\",\"evidence\":\"rm -rf\"},"
            "{\"host\":\"::ffff:192.0.2.1\",\"role\":\"infected\"},"
            "{\"host\":\"2001:DB8::1\",\"role\":\"scanner\"},{\"host\":\"2001:db8:0:0::1\",\"role\":\"scanner\"},"
            "{\"host\":\"127.0.0.1\",\"role\":\"infected\"},{\"host\":\"a name\\u001b\",\"role\":\"infected\"},"
            "{\"host\":\"203.0.113.7\",\"role\":\"server\"},{\"host\":\"evil.example\",\"role\":\"server\"},"
            "{\"host\":\"192.0.2.77\",\"role\":\"exposed\"}],"
            "\"indicators\":[{\"kind\":\"domain\",\"value\":\"EVIL.example\",\"detect\":true},"
            "{\"kind\":\"domain\",\"value\":\"not a domain\"},{\"kind\":\"mutex\",\"value\":\"a\\u001b\"},"
            "{\"kind\":\"sha256\",\"value\":\"00\"},{\"kind\":\"address\",\"value\":\"203.0.113.7\"}]}"));
    assert_int_equal(r.answer, EKI_RECEIVE_OPENED);
    assert_int_equal(r.hosts, 2);
    assert_int_equal(r.indicators, 2);
    assert_int_equal(r.passed, 6);
    struct eki_store_case row = desk_row(work, r.of_case);
    assert_string_equal(row.title, "a [31m b c");
    assert_string_equal(row.summary, "one\ntwo ");
    assert_string_equal(row.tlp, ""); /* nobody marked it: AMBER+STRICT until somebody does */
    struct eki_store_case_host host;
    assert_int_equal(eki_store_find(work, &host, "host", "192.0.2.1"), EKI_OK);
    assert_string_equal(host.evidence, "");
    assert_int_equal(eki_store_find(work, &host, "host", "2001:db8::1"), EKI_OK);
    assert_string_equal(host.evidence, "scan");
    eki_store_end(work);
    eki_store_close(store);
}

static void what_cannot_be_taken(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_receive_origin ahead = kawa;
    struct eki_reception r = receive(work, told("w1", "GREEN", 1, "\"hosts\":[]"));
    assert_int_equal(r.answer, EKI_RECEIVE_REFUSED);
    assert_non_null(strstr(r.why, "no affected host"));
    ahead.made = AT + 2 * DAY_US;
    r = receive_as(work, told("w2", "GREEN", 1, ONE), &ahead);
    assert_int_equal(r.answer, EKI_RECEIVE_REFUSED);
    assert_non_null(strstr(r.why, "future"));
    ahead.made = AT + DAY_US / 2; /* clocks that differ are ordinary */
    assert_int_equal(receive_as(work, told("w2", "GREEN", 1, ONE), &ahead).answer, EKI_RECEIVE_OPENED);
    uint64_t rows = desk_count_all(work, EKI_STORE_RECEIVED);
    r = receive(work, told("w1", "GREEN", 1, "\"hosts\":[]")); /* refused again, written down once */
    assert_int_equal(r.answer, EKI_RECEIVE_REFUSED);
    assert_int_equal(desk_count_all(work, EKI_STORE_RECEIVED), rows);
    assert_int_equal(desk_count_all(work, EKI_STORE_CASE), 1);
    eki_store_end(work);
    eki_store_close(store);
}

/* A case that is over stays so; one that was merged goes on in the other. */
static void closed_and_merged(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_fault fault = {0};
    struct eki_reception first = receive(work, told("w1", "GREEN", 10, ONE)), r;
    int64_t other = receive(work, told("w2", "GREEN", 10, OTHER)).of_case;
    assert_int_equal(eki_case_merge(work, &act, first.of_case, other, &fault), EKI_OK);
    r = receive(work, told("w1", "AMBER", 20, TWO));
    assert_int_equal(r.of_case, other);
    assert_int_equal(r.hosts, 1); /* the first came along */
    assert_string_equal(desk_row(work, other).tlp, "AMBER");
    assert_int_equal(eki_case_close(work, &act, other, "learnt", &fault), EKI_OK);
    r = receive(work, told("w1", "GREEN", 30, ONE));
    assert_int_equal(r.answer, EKI_RECEIVE_OPENED);
    assert_true(r.of_case != other && r.of_case != first.of_case);
    assert_string_equal(desk_row(work, other).state, "closed");
    struct eki_store_case row = desk_row(work, first.of_case); /* merged in a circle: nobody waits */
    row.merged_into = first.of_case;
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    r = receive(work, told("w1", "GREEN", 40, TWO));
    assert_int_equal(r.answer, EKI_RECEIVE_UPDATED);
    eki_store_end(work);
    eki_store_close(store);
}

/* Hosts that were split off are the other case's: an update adds them to neither again. */
static void split_off_hosts_stay_there(void **state)
{
    static const char *const second[] = {"192.0.2.2"};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_fault fault = {0};
    int64_t first = receive(work, told("w1", "GREEN", 10, TWO)).of_case, made;
    const struct eki_case_splitting splitting = {.of_case = first, .hosts = second, .count = 1};
    assert_int_equal(eki_case_split(work, &act, &splitting, &made, &fault), EKI_OK);
    struct eki_reception r =
        receive(work, told("w1", "GREEN", 20,
                           "\"hosts\":[{\"host\":\"192.0.2.1\",\"role\":\"infected\"},"
                           "{\"host\":\"192.0.2.2\",\"role\":\"infected\"},"
                           "{\"host\":\"192.0.2.3\",\"role\":\"infected\"}],"
                           "\"edges\":[{\"from\":\"192.0.2.1\",\"to\":\"192.0.2.2\",\"confidence\":0.9},"
                           "{\"from\":\"192.0.2.2\",\"to\":\"192.0.2.3\",\"confidence\":0.9}]"));
    assert_int_equal(r.answer, EKI_RECEIVE_UPDATED);
    assert_int_equal(r.of_case, first);
    assert_int_equal(r.hosts, 1); /* the third */
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, first), 2);
    assert_int_equal(desk_count(work, EKI_STORE_CASE_HOST, made), 1);
    check_forest(work, first);
    r = receive(work, told("w2", "GREEN", 30, TWO)); /* of another incident: no kin */
    assert_int_equal(r.hosts, 2);
    eki_store_end(work);
    eki_store_close(store);
}

static struct eki_incident *told_by(struct eki_store_work *work, int64_t of_case, const char *desk)
{
    struct eki_incident *incident;
    struct eki_fault fault = {0};
    assert_int_equal(eki_case_incident(work, of_case, desk, &incident, &fault), EKI_OK);
    return incident;
}

/* A tells B, B tells C and A: C knows it as A's, A as its own; what spreads is still known at the end. */
static void on_its_way_round(void **state)
{
    struct place *place = *state;
    struct eki_store *a = place_open(place);
    struct eki_store_work *work = place_write(a, AT);
    int64_t of_case = receive(work, told("origin", "GREEN", 10, TWO)).of_case;
    struct eki_incident *from_a = told_by(work, of_case, "A"), *again = told_by(work, of_case, "Z");
    assert_string_equal(from_a->id, again->id); /* whoever tells it */
    eki_incident_free(again);
    struct eki_store_case own = {
        .title = "b", .state = "open", .handling_class = 3, .tlp = "GREEN", .created = AT + 5, .aware = AT};
    assert_int_equal(eki_store_add(work, &own), EKI_OK);
    struct eki_receive_origin b = kawa;
    b.team = "b";
    struct eki_reception r = receive_as(work, from_a, &b); /* B hands back what A told */
    assert_int_equal(r.answer, EKI_RECEIVE_REFUSED);
    assert_non_null(strstr(r.why, "comes back"));
    eki_store_end(work);
    eki_store_close(a);
    place_next(state); /* a desk of its own */
    struct eki_store *c = place_open(place);
    work = place_write(c, AT);
    receive(work, told("origin", "GREEN", 10, TWO));
    int64_t at_c = receive_as(work, told("mine", "GREEN", 10, ONE), &b).of_case;
    struct eki_incident *from_c = told_by(work, at_c, "C");
    assert_string_equal(from_c->family, "wannacry");
    assert_int_equal(from_c->port, 445);
    assert_int_equal(from_c->protocol, 6);
    assert_int_equal(from_c->reference_count, 2); /* its number, and what it comes from */
    eki_incident_free(from_c);
    eki_store_end(work);
    eki_store_close(c);
}

static uint64_t tasks_of_playbook(struct eki_store_work *work, int64_t of_case, const char *step)
{
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "playbook", .text = step}}};
    uint64_t count = 0;
    assert_int_equal(eki_store_count(work, EKI_STORE_TASK, &query, &count), EKI_OK);
    return count;
}

/* As one that is opened from an outbreak. */
static void a_case_gets_its_class_and_tasks(void **state)
{
    static const struct {
        const char *family, *edge, *class, *known;
    } rows[] = {{"WannaCry", "", "re-emerging", "re-emerging"},
                {"unheard", "", "", ""},
                {"notpetya", "", "re-emerging", "re-emerging"},
                {"unheard", "{\"from\":\"192.0.2.1\",\"to\":\"192.0.2.2\"}", "novel", "unknown"}};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, NOW);
    struct eki_catalogue *catalogue;
    const char *path;
    assert_int_equal(eki_catalogue_read(NULL, &catalogue, &path, NULL), EKI_OK);
    struct eki_receive_origin origin = kawa;
    origin.catalogue = catalogue;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[8], hosts[300];
        struct eki_store_case opened;
        snprintf(id, sizeof id, "c%zu", i);
        snprintf(hosts, sizeof hosts, TWO ",\"edges\":[%s]", rows[i].edge);
        struct eki_incident *incident = told(id, "GREEN", 0, hosts);
        incident->family = rows[i].family;
        incident->title = NULL;
        struct eki_reception r = receive_as(work, incident, &origin);
        assert_int_equal(r.answer, EKI_RECEIVE_OPENED);
        assert_int_equal(eki_store_get(work, &opened, r.of_case), EKI_OK);
        assert_string_equal(opened.class, rows[i].class);
        assert_string_equal(opened.known, rows[i].known);
        char title[40]; /* nobody said one */
        snprintf(title, sizeof title, "%s tcp/445", rows[i].family);
        assert_string_equal(opened.title, title);
        const struct eki_store_query of = {.where = {{.column = "of_case", .number = r.of_case}}};
        uint64_t tasks;
        assert_int_equal(eki_store_count(work, EKI_STORE_TASK, &of, &tasks), EKI_OK);
        assert_true(tasks > 0);
        /* No form but our own has a word for the route, and the playbook against what spreads by itself needs
         * it. */
        if (*rows[i].class) assert_string_equal(opened.route, "airborne");
        if (*rows[i].class) assert_int_equal(tasks_of_playbook(work, r.of_case, "containment/isolate"), 1);
    }
    eki_catalogue_free(catalogue);
    eki_store_end(work);
    eki_store_close(store);
}

static struct eki_store_case_host host_of(struct eki_store_work *work, const char *name)
{
    struct eki_store_case_host row;
    assert_int_equal(eki_store_find(work, &row, "host", name), EKI_OK);
    return row;
}

#define HOST(last) "{\"host\":\"192.0.2." #last "\",\"role\":\"infected\",\"first\":\"2026-11-27T08:00:00Z\"}"
#define EDGE(from, to, at, more)                                                                             \
    "{\"from\":\"192.0.2." #from "\",\"to\":\"192.0.2." #to "\",\"at\":\"2026-11-27T" at ":00:00Z\"" more "}"

/* The likeliest parent is taken, any confidence before none; of a circle the earlier edge; and a parent that
 * is known stays. */
static void the_likeliest_parent(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    static const char hosts[] =
        "\"hosts\":[" HOST(1) "," HOST(2) "," HOST(3) "," HOST(4) "," HOST(5) "," HOST(6) "]";
    char json[TEXT];
    snprintf(json, sizeof json, "%s,\"edges\":[%s,%s,%s,%s,%s,%s]", hosts,
             EDGE(1, 2, "09", ",\"confidence\":0.2"), EDGE(3, 2, "09", ",\"confidence\":0.7"),
             EDGE(4, 3, "09", ""), EDGE(1, 3, "09", ",\"confidence\":0.1"),
             EDGE(5, 6, "11", ",\"confidence\":0.9"), EDGE(6, 5, "10", ",\"confidence\":0.5"));
    receive(work, told("w1", "GREEN", 10, json));
    assert_string_equal(host_of(work, "192.0.2.2").parent, "192.0.2.3");
    assert_string_equal(host_of(work, "192.0.2.3").parent, "192.0.2.1");
    assert_string_equal(host_of(work, "192.0.2.5").parent, "192.0.2.6");
    assert_string_equal(host_of(work, "192.0.2.6").parent, "");
    assert_true(host_of(work, "192.0.2.1").at == AT - 33600 * INT64_C(1000000)); /* when it was infected */
    snprintf(json, sizeof json, "%s,\"edges\":[%s]", hosts, EDGE(4, 2, "08", ",\"confidence\":1"));
    receive(work, told("w1", "GREEN", 20, json));
    assert_string_equal(host_of(work, "192.0.2.2").parent, "192.0.2.3");
    eki_store_end(work);
    eki_store_close(store);
}

#define SIGN(last, detect)                                                                                   \
    "\"hosts\":[{\"host\":\"203.0.113.7\",\"role\":\"server\"}],\"indicators\":[{\"kind\":\"domain\","       \
    "\"value\":\"evil.example\",\"first\":\"2026-11-27T08:00:00Z\",\"last\":\"" last "\",\"detect\":" detect \
    "}]"

/* Indicators alone are something too; the times that are told are kept, and a later one moves the end. */
static void signs_have_times(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    const int64_t hour = INT64_C(3600000000), eight = AT - 33600 * INT64_C(1000000);
    struct eki_store_indicator row;
    struct eki_receive_trust trust;
    struct eki_reception r = receive(work, told("w1", "GREEN", 10, SIGN("2026-11-27T09:00:00Z", "false")));
    assert_int_equal(r.answer, EKI_RECEIVE_OPENED);
    assert_int_equal(r.indicators, 2);
    assert_int_equal(desk_row(work, r.of_case).handling_class, 3);
    assert_true(desk_row(work, r.of_case).aware == AT);
    assert_int_equal(eki_store_find(work, &row, "value", "evil.example"), EKI_OK);
    assert_true(row.first == eight && row.last == eight + hour && !row.detect);
    assert_int_equal(eki_store_find(work, &row, "value", "203.0.113.7"), EKI_OK);
    assert_true(row.first == AT && row.last == AT && row.detect); /* others look for a server */
    receive(work, told("w1", "GREEN", 20, SIGN("2026-11-27T11:00:00Z", "false")));
    assert_int_equal(eki_store_find(work, &row, "value", "evil.example"), EKI_OK);
    assert_true(row.first == eight && row.last == eight + 3 * hour);
    assert_int_equal(eki_receive_trust(work, "kawa", &trust), EKI_OK);
    assert_int_equal(trust.indicators, 2);
    assert_true(trust.first == AT && trust.last == AT);
    eki_store_end(work);
    eki_store_close(store);
}

/* A label that stands around it only is its label; without one of either kind nobody labelled it. */
static void labelled_from_outside(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_receive_origin origin = kawa;
    origin.labelled = true;
    origin.label = EKI_TLP_RED;
    origin.tier = 7; /* there is no such tier */
    struct eki_reception r = receive_as(work, told("w1", NULL, 10, ONE), &origin);
    struct eki_store_received row;
    assert_string_equal(desk_row(work, r.of_case).tlp, "RED");
    assert_int_equal(eki_store_get(work, &row, r.row), EKI_OK);
    assert_int_equal(row.tier, 0);
    r = receive_as(work, told("w1", "GREEN", 20, TWO), &kawa); /* later, and no wider for that */
    assert_string_equal(desk_row(work, r.of_case).tlp, "RED");
    struct eki_incident *nameless = told("w2", "GREEN", 10, OTHER);
    nameless->title = "";
    assert_string_equal(desk_row(work, receive(work, nameless).of_case).title, "wannacry tcp/445");
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(a_case_gets_its_class_and_tasks),

                                       PLACE_BOTH(once_and_in_order),
                                       PLACE_BOTH(a_label_never_widens),
                                       PLACE_BOTH(of_another_sender),
                                       PLACE_BOTH(circles_are_cut),
                                       PLACE_BOTH(odd_texts_and_doubles),
                                       PLACE_BOTH(what_cannot_be_taken),
                                       PLACE_BOTH(closed_and_merged),
                                       PLACE_BOTH(on_its_way_round),
                                       PLACE_BOTH(notices_follow_the_label),
                                       PLACE_BOTH(split_off_hosts_stay_there),
                                       PLACE_BOTH(the_likeliest_parent),
                                       PLACE_BOTH(signs_have_times),
                                       PLACE_BOTH(labelled_from_outside)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
