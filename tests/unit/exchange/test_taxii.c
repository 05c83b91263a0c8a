/* SPDX-License-Identifier: Apache-2.0 */
/* Objects without a bundle: which are well formed, which belong to which incident, and what each group says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ekigaku/taxii.h"

#define UUID "00000000-0000-4000-8000-0000000000"

static json_t *domain_object(const char *type, int number)
{
    char id[80];
    snprintf(id, sizeof id, "%s--" UUID "%02d", type, number);
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "type", type, "spec_version", "2.1", "id", id, "created",
                     "2026-11-27T10:00:00Z", "modified", "2026-11-27T10:00:00Z");
}

static void add_address(json_t *objects, int number)
{
    char id[80], value[20];
    snprintf(id, sizeof id, "ipv4-addr--" UUID "%02d", number);
    snprintf(value, sizeof value, "192.0.2.%d", number);
    json_array_append_new(objects, json_pack("{s:s,s:s,s:s,s:s}", "type", "ipv4-addr", "spec_version", "2.1",
                                             "id", id, "value", value));
}

static void relate(json_t *objects, int number, const char *source, const char *target)
{
    json_t *relation = domain_object("relationship", number);
    json_object_set_new(relation, "relationship_type", json_string("related-to"));
    json_object_set_new(relation, "source_ref", json_string(source));
    json_object_set_new(relation, "target_ref", json_string(target));
    json_array_append_new(objects, relation);
}

/* Two incidents that both name address 1; 2 is the second's; 3 is nobody's. */
static json_t *two_incidents(void)
{
    json_t *objects = json_array();
    for (int i = 1; i <= 2; i++) {
        json_t *incident = domain_object("incident", i);
        json_object_set_new(incident, "name", json_string(i == 1 ? "One" : "Two"));
        json_array_append_new(objects, incident);
    }
    for (int i = 1; i <= 3; i++) add_address(objects, i);
    relate(objects, 11, "incident--" UUID "01", "ipv4-addr--" UUID "01");
    relate(objects, 12, "incident--" UUID "02", "ipv4-addr--" UUID "01");
    relate(objects, 13, "incident--" UUID "02", "ipv4-addr--" UUID "02");
    return objects;
}

/* The incident extension suite names events, tasks and impacts within the incident, and addresses of mail
 * within a team. */
static void test_extensions_refer_too(void **state)
{
    (void)state;
    json_t *objects = two_incidents(), *groups, *loose;
    const char *core =
        "{\"extension-definition--ef765651-680c-498d-9894-99799f2fa126\":"
        "{\"events\":[{\"event_ref\":\"event--" UUID "41\"}],\"impact_refs\":[\"impact--" UUID "42\"]}}";
    const char *contact =
        "{\"x\":{\"email_addresses\":[{\"email_address_ref\":\"email-addr--" UUID "44\"}]}}";
    json_t *team = domain_object("identity", 43),
           *mail = json_pack("{s:s,s:s}", "type", "email-addr", "id", "email-addr--" UUID "44");
    json_object_set_new(json_array_get(objects, 1), "extensions", json_loads(core, 0, NULL));
    json_object_set_new(team, "extensions", json_loads(contact, 0, NULL));
    json_array_append_new(objects, domain_object("event", 41));
    json_array_append_new(objects, domain_object("impact", 42));
    json_array_append_new(objects, team);
    json_array_append_new(objects, mail);
    relate(objects, 45, "identity--" UUID "43", "incident--" UUID "02");
    size_t before = 2 + 3 + 3;
    assert_int_equal(json_array_size(objects), before + 5);
    assert_int_equal(eki_taxii_split(objects, 10, &groups, &loose), EKI_OK);
    assert_int_equal(json_array_size(json_array_get(groups, 0)),
                     3); /* the first, its address, that it has it */
    assert_int_equal(json_array_size(json_array_get(groups, 1)), 5 + 5);
    assert_int_equal(json_array_size(loose), 1);
    json_decref(groups);
    json_decref(loose);
    json_decref(objects);
}

static void test_incidents_are_told_apart(void **state)
{
    (void)state;
    json_t *objects = two_incidents(), *groups = NULL, *loose = NULL;
    struct eki_incident *incident = NULL;
    struct eki_fault fault;
    assert_int_equal(eki_taxii_split(objects, 2, &groups, &loose), EKI_OK);
    assert_int_equal(json_array_size(groups), 2);
    assert_int_equal(json_array_size(json_array_get(groups, 0)), 3);
    assert_int_equal(json_array_size(json_array_get(groups, 1)), 5);
    assert_int_equal(json_array_size(loose), 1);
    assert_int_equal(eki_taxii_incident(json_array_get(groups, 1), &incident, &fault), EKI_OK);
    assert_string_equal(incident->title, "Two");
    eki_incident_free(incident);
    json_decref(groups);
    json_decref(loose);
    json_decref(objects);
}

/* Seen: address 2, the second incident's alone; address 1, of both; both; address 3, nobody's; nothing. */
static void test_an_observation_goes_with_what_it_was_made_of(void **state)
{
    (void)state;
    static const char *const seen[] = {"[\"ipv4-addr--" UUID "02\"]",
                                       "[\"ipv4-addr--" UUID "01\"]",
                                       "[\"ipv4-addr--" UUID "02\",\"ipv4-addr--" UUID "01\"]",
                                       "[\"ipv4-addr--" UUID "03\"]",
                                       "[]",
                                       "[7]"};
    json_t *objects = two_incidents(), *groups = NULL, *loose = NULL;
    for (int i = 0; i < (int)(sizeof seen / sizeof *seen); i++) {
        json_t *observation = domain_object("observed-data", 20 + i);
        json_object_set_new(observation, "object_refs", json_loads(seen[i], 0, NULL));
        json_array_append_new(objects, observation);
    }
    assert_int_equal(eki_taxii_split(objects, 2, &groups, &loose), EKI_OK);
    assert_int_equal(json_array_size(json_array_get(groups, 0)), 3);
    assert_int_equal(json_array_size(json_array_get(groups, 1)), 6);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(json_array_get(groups, 1), 5), "id")),
        "observed-data--" UUID "20");
    assert_int_equal(json_array_size(loose), 1 + 5);
    json_decref(groups);
    json_decref(loose);
    json_decref(objects);
}

/* A relationship with a number of many digits. */
static void tie(json_t *objects, int number, const char *source, const char *target)
{
    char id[80];
    snprintf(id, sizeof id, "relationship--00000000-0000-4000-8000-%012d", number);
    json_t *relation = domain_object("relationship", 0);
    json_object_set_new(relation, "id", json_string(id));
    json_object_set_new(relation, "source_ref", json_string(source));
    json_object_set_new(relation, "target_ref", json_string(target));
    json_array_append_new(objects, relation);
}

static const char *put_numbered(json_t *objects, const char *type, int number, char room[80])
{
    snprintf(room, 80, "%s--00000000-0000-4000-8000-%012d", type, number);
    json_t *object = domain_object(type, 0);
    json_object_set_new(object, "id", json_string(room));
    json_array_append_new(objects, object);
    return room;
}

/* Incidents that all name one object, each with an indicator of its own that names it too. The object names
 * twenty addresses. */
static json_t *around_a_hub(const char *type, int count)
{
    enum { EACH = 10000 };
    char hub[80], incident[80], indicator[80];
    json_t *objects = json_array(), *addresses = json_array();
    put_numbered(objects, type, 1, hub);
    for (int i = 0; i < 20; i++) {
        char id[80];
        add_address(objects, 10 + i);
        snprintf(id, sizeof id, "ipv4-addr--" UUID "%02d", 10 + i);
        json_array_append_new(addresses, json_string(id));
    }
    json_object_set_new(json_array_get(objects, 0), "sample_refs", addresses);
    for (int i = 0; i < count; i++) {
        put_numbered(objects, "incident", i + 100, incident);
        put_numbered(objects, "indicator", i + 100, indicator);
        tie(objects, EACH + i, incident, hub);
        tie(objects, 2 * EACH + i, incident, indicator);
        tie(objects, 3 * EACH + i, indicator, hub);
    }
    return objects;
}

/* Each has itself, the hub, its indicator, the three ties, and 16 of the addresses: nothing of the others. */
static void test_what_many_incidents_name_does_not_entangle_them(void **state)
{
    (void)state;
    static const char *const types[] = {"malware", "attack-pattern", "infrastructure", "grouping"};
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        json_t *objects = around_a_hub(types[k], 1000), *groups = NULL, *loose = NULL;
        assert_int_equal(eki_taxii_split(objects, 1000, &groups, &loose), EKI_OK);
        assert_int_equal(json_array_size(groups), 1000);
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(json_array_size(json_array_get(groups, i)), 6 + 16);
        assert_int_equal(json_array_size(loose), 4);
        json_decref(groups);
        json_decref(loose);
        json_decref(objects);
    }
}

/* A family that only indicators name: no incident gets those of the other. */
static void test_a_family_of_indicators_does_not_entangle_either(void **state)
{
    (void)state;
    char family[80], incident[80], indicator[80];
    json_t *objects = json_array(), *groups = NULL, *loose = NULL;
    put_numbered(objects, "malware", 1, family);
    for (int i = 0; i < 1000; i++) {
        put_numbered(objects, "incident", i, incident);
        put_numbered(objects, "indicator", i, indicator);
        tie(objects, 10000 + i, indicator, incident);
        tie(objects, 20000 + i, indicator, family);
    }
    assert_int_equal(eki_taxii_split(objects, 1000, &groups, &loose), EKI_OK);
    for (size_t i = 0; i < 1000; i++) assert_int_equal(json_array_size(json_array_get(groups, i)), 5);
    assert_int_equal(json_array_size(loose), 0);
    json_decref(groups);
    json_decref(loose);
    json_decref(objects);
}

/* As Ekigaku writes it: what an indicator indicates is the family of its incident, and only that leads to it.
 * A host of both incidents consists of address 1. */
static void test_what_one_incident_names_leads_on(void **state)
{
    (void)state;
    char family[80], host[80], incident[80], indicator[80];
    json_t *objects = json_array(), *groups = NULL, *loose = NULL;
    add_address(objects, 1);
    put_numbered(objects, "infrastructure", 1, host);
    tie(objects, 1, host, "ipv4-addr--" UUID "01");
    for (int i = 0; i < 2; i++) {
        put_numbered(objects, "incident", i, incident);
        put_numbered(objects, "malware", i, family);
        put_numbered(objects, "indicator", i, indicator);
        tie(objects, 10 + i, incident, family);
        tie(objects, 20 + i, indicator, family);
        tie(objects, 30 + i, incident, host);
        tie(objects, 40 + i, host, family);
    }
    assert_int_equal(eki_taxii_split(objects, 2, &groups, &loose), EKI_OK);
    /* Itself, family, indicator, host, address, four ties of its own and the host's to its address and to the
     * other family, whose indicator is not there. */
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(json_array_size(json_array_get(groups, i)), 5 + 4 + 1 + 2);
    assert_int_equal(json_array_size(loose), 0);
    json_decref(groups);
    json_decref(loose);
    json_decref(objects);
}

static void test_limit_leaves_the_results_alone(void **state)
{
    (void)state;
    json_t *objects = two_incidents(), *groups = NULL, *loose = NULL;
    assert_int_equal(eki_taxii_split(objects, 1, &groups, &loose), EKI_ERROR_LIMIT);
    assert_null(groups);
    assert_null(loose);
    json_decref(objects);
}

static void test_one_has_all_and_none_has_nothing(void **state)
{
    (void)state;
    json_t *objects = json_array(), *groups, *loose;
    for (int i = 1; i <= 3; i++) add_address(objects, i);
    assert_int_equal(eki_taxii_split(objects, 9, &groups, &loose), EKI_OK);
    assert_int_equal(json_array_size(groups), 0);
    assert_int_equal(json_array_size(loose), 3);
    json_decref(groups);
    json_decref(loose);
    json_array_append_new(objects, domain_object("incident", 1));
    assert_int_equal(eki_taxii_split(objects, 9, &groups, &loose), EKI_OK);
    assert_int_equal(json_array_size(json_array_get(groups, 0)), 4);
    assert_int_equal(json_array_size(loose), 0);
    json_decref(groups);
    json_decref(loose);
    json_decref(objects);
}

static void test_faults_are_named(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "[]",
        "{}",
        "{\"type\":\"incident\"}",
        "{\"type\":\"incident\",\"id\":\"incident--1\"}",
        "{\"type\":\"incident\",\"id\":\"report--" UUID "01\"}",
        "{\"type\":\"incident\",\"id\":7}",
        "{\"type\":\"incident\",\"id\":\"incident--\\u001b[2J0000-0000-4000-8000-000000000001\"}",
        "{\"type\":\"in cident\",\"id\":\"in cident--" UUID "01\"}",
        "{\"type\":\"incident\",\"id\":\"incident--" UUID "01\",\"spec_version\":\"2.0\"}",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        json_t *object = json_loads(broken[i], 0, NULL);
        assert_non_null(eki_taxii_fault(object));
        json_decref(object);
    }
    assert_non_null(eki_taxii_fault(NULL));
    json_t *good = domain_object("incident", 1);
    assert_null(eki_taxii_fault(good));
    json_decref(good);
}

static void test_unreadable_group_has_words(void **state)
{
    (void)state;
    json_t *empty = json_integer(7); /* no array */
    struct eki_incident *incident = NULL;
    struct eki_fault fault;
    assert_int_not_equal(eki_taxii_incident(empty, &incident, &fault), EKI_OK);
    assert_true(strlen(fault.what) > 0);
    assert_null(incident);
    json_decref(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_extensions_refer_too),
        cmocka_unit_test(test_incidents_are_told_apart),
        cmocka_unit_test(test_an_observation_goes_with_what_it_was_made_of),
        cmocka_unit_test(test_what_many_incidents_name_does_not_entangle_them),
        cmocka_unit_test(test_a_family_of_indicators_does_not_entangle_either),
        cmocka_unit_test(test_what_one_incident_names_leads_on),
        cmocka_unit_test(test_limit_leaves_the_results_alone),
        cmocka_unit_test(test_one_has_all_and_none_has_nothing),
        cmocka_unit_test(test_faults_are_named),
        cmocka_unit_test(test_unreadable_group_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
