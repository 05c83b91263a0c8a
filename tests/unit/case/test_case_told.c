/* SPDX-License-Identifier: Apache-2.0 */
/* What is told besides hosts and indicators: tasks, events and impacts of others; steps of playbooks and
 * owners of our own, and to whom. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_receive.h"
#include "ekigaku/exchange.h"

#define AT (INT64_C(1795800000) * 1000000)

static const struct eki_store_act act = {.at = AT, .who = "tester"};

/* An incident with this label, changed at this minute, whose task ended so. */
static struct eki_incident *told(const char *tlp, int minute, const char *outcome)
{
    static const char form[] =
        "{\"schema\":\"ekigaku.incident/1\",\"id\":\"w1\",\"title\":\"Worm\",\"tlp\":\"%s\","
        "\"modified\":\"2026-11-27T10:%02d:00.000000Z\","
        "\"hosts\":[{\"host\":\"192.0.2.1\",\"role\":\"infected\"}],"
        "\"events\":[{\"name\":\"Files left\",\"status\":\"occurred\","
        "\"first\":\"2026-11-27T09:00:00Z\"},{},{\"name\":\"\"},"
        "{\"name\":\"Files left\",\"status\":\"occurred\"}],"
        "\"tasks\":[{\"name\":\"Take them off\",\"outcome\":\"%s\",\"role\":\"network\"},"
        "{\"name\":\"\",\"detail\":\"\"},{\"name\":\"Take them off\"}],"
        "\"impacts\":[{\"category\":\"availability\",\"level\":40}]}";
    struct eki_incident *incident = NULL;
    struct eki_fault fault = {0};
    char json[2000];
    snprintf(json, sizeof json, form, tlp, minute, outcome);
    enum eki_error error =
        eki_exchange_read(json, strlen(json), eki_exchange_find("incident"), &incident, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    return incident;
}

static struct eki_reception receive(struct eki_store_work *work, struct eki_incident *incident)
{
    static const struct eki_receive_origin kawa = {
        .way = "bundle", .form = "incident", .team = "kawa", .sender = "key 00", .tier = 2, .proven = true};
    struct eki_reception reception;
    enum eki_error error = eki_case_receive(work, &act, incident, &kawa, &reception);
    if (error) fail_msg("%s: %s", eki_error_text(error), eki_store_why(work)->what);
    eki_incident_free(incident);
    return reception;
}

static struct eki_store_case case_of(struct eki_store_work *work, int64_t id)
{
    struct eki_store_case row;
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    return row;
}

/* Events and impacts become entries, tasks tasks, each once, also when the message says it
 * twice; what says nothing is counted. */
static void events_and_tasks(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    struct eki_reception r = receive(work, told("GREEN", 10, "pending"));
    struct eki_store_task *tasks;
    struct eki_store_case_entry *entries;
    struct eki_store_page page;
    const struct eki_store_query events = {.where = {{.column = "kind", .text = "event"}}, .sort = "at"};
    assert_int_equal(r.passed, 3);
    assert_int_equal(eki_store_list(work, &(struct eki_store_query){0}, &tasks, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    assert_string_equal(tasks[0].title, "Take them off");
    assert_string_equal(tasks[0].state, "open");
    assert_string_equal(tasks[0].department, "network");
    assert_int_equal(eki_store_list(work, &events, &entries, &page), EKI_OK);
    assert_int_equal(page.count, 2);
    assert_string_equal(entries[0].text, "kawa tells: Files left (occurred)");
    assert_true(entries[0].at < AT);
    assert_string_equal(entries[1].text, "kawa tells: availability 40/100");
    r = receive(work, told("GREEN", 20, "successful"));
    assert_int_equal(r.answer, EKI_RECEIVE_UPDATED);
    assert_int_equal(eki_store_list(work, &(struct eki_store_query){0}, &tasks, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    assert_string_equal(tasks[0].state, "done");
    assert_int_equal(eki_store_list(work, &events, &entries, &page), EKI_OK);
    assert_int_equal(page.count, 2);
    eki_store_end(work);
    eki_store_close(store);
}

/* A team of this label, its address of mail, and a telephone that is for named persons. */
static size_t team_lines(char *at, size_t room, const char *id, const char *label)
{
    return (size_t)snprintf(at, room,
                            "{\"kind\":\"team\",\"id\":\"%s\",\"name\":\"Team %s\",\"tlp\":\"%s\"}\n"
                            "{\"kind\":\"contact\",\"id\":\"%s-1\",\"team\":\"%s\",\"role\":\"poc\","
                            "\"medium\":\"email\",\"address\":\"%s@example.org\",\"tlp\":\"%s\"}\n"
                            "{\"kind\":\"contact\",\"id\":\"%s-2\",\"team\":\"%s\",\"role\":\"poc\","
                            "\"medium\":\"phone\",\"address\":\"+81\",\"tlp\":\"RED\"}\n",
                            id, id, label, id, id, id, label, id, id);
}

static struct eki_directory *teams_of_all_labels(const char *const *ids)
{
    char lines[4000];
    size_t used = (size_t)snprintf(lines, sizeof lines, "{\"schema\":\"ekigaku.directory/1\"}\n");
    for (unsigned label = 0; label < EKI_TLP_COUNT; label++)
        used += team_lines(lines + used, sizeof lines - used, ids[label], eki_tlp_word((enum eki_tlp)label));
    assert_true(used < sizeof lines);
    return desk_directory(lines);
}

/* Every label of a case with every label of an owner: who may see the case may see the owners in it, and so
 * their telephones. Steps of playbooks are told, and not what a person set. */
static void owners_and_steps_are_told(void **state)
{
    static const char *const ids[] = {"clear", "green", "amber", "strict", "red"};
    struct eki_directory *directory = teams_of_all_labels(ids);
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, AT);
    int64_t id = receive(work, told("CLEAR", 10, "pending")).of_case;
    for (int i = 0; i < 5; i++) {
        char host[20];
        snprintf(host, sizeof host, "192.0.2.%d", 10 + i);
        struct eki_store_case_host row = {
            .of_case = id, .host = host, .team = ids[i], .state = "affected", .changed = AT};
        assert_int_equal(eki_store_add(work, &row), EKI_OK);
    }
    struct eki_store_task step = {.of_case = id,
                                  .title = "Isolate",
                                  .playbook = "worm/isolate",
                                  .state = "done",
                                  .created = AT,
                                  .ended = AT + 7};
    assert_int_equal(eki_store_add(work, &step), EKI_OK);
    for (unsigned label = 0; label < EKI_TLP_COUNT; label++) {
        struct eki_store_case row = case_of(work, id);
        struct eki_incident *incident;
        size_t withheld;
        row.tlp = eki_tlp_word((enum eki_tlp)label);
        assert_int_equal(eki_store_change(work, &row), EKI_OK);
        assert_int_equal(eki_case_incident(work, id, "Desk", &incident, NULL), EKI_OK);
        assert_int_equal(incident->created, (AT + 7) * 1000);
        assert_int_equal(incident->task_count, 1);
        assert_string_equal(incident->tasks[0].name, "Isolate");
        assert_string_equal(incident->tasks[0].outcome, "successful");
        assert_string_equal(incident->stage, "open");
        assert_int_equal(incident->team_count, 0); /* nobody is told of owners unless it is asked for */
        assert_int_equal(eki_case_owners(work, id, directory, incident, &withheld), EKI_OK);
        assert_int_equal(incident->team_count, label + 1);
        assert_int_equal(withheld, EKI_TLP_COUNT - 1 - label);
        for (size_t i = 0; i < incident->team_count; i++) {
            assert_non_null(incident->teams[i].mail);
            assert_true((incident->teams[i].phone != NULL) == (label == EKI_TLP_RED));
        }
        eki_incident_free(incident);
    }
    eki_store_end(work);
    eki_store_close(store);
    eki_directory_free(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(events_and_tasks), PLACE_BOTH(owners_and_steps_are_told)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
