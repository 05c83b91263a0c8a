/* SPDX-License-Identifier: Apache-2.0 */
/* STIX objects that refer to each other in any way, told apart by incident: none is lost, no incident is in
 * the group of another, and each group can be read or is refused with a reason. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/taxii.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { EACH = 5, MOST = 64, INCIDENTS = 8 };

static const char *const types[] = {"incident",      "ipv4-addr",          "relationship", "infrastructure",
                                    "observed-data", "identity",           "report",       "indicator",
                                    "note",          "marking-definition", "infra--struct"};

static const char *id_of(uint8_t type, uint8_t number, char room[100])
{
    snprintf(room, 100, "%s--00000000-0000-4000-8000-%012u", types[type % (sizeof types / sizeof *types)],
             number);
    return room;
}

/* One object of five bytes: type, number, two references (type and number in one each), what else it has. */
static json_t *object_of(const uint8_t *b)
{
    char id[100], one[100], two[100];
    const char *type = types[b[0] % (sizeof types / sizeof *types)];
    json_t *object = json_pack("{s:s,s:s}", "type", type, "id", id_of(b[0], b[1] % 8, id));
    id_of(b[2] >> 3, b[2] & 7, one);
    id_of(b[3] >> 3, b[3] & 7, two);
    if (b[4] & 1) json_object_set_new(object, "created", json_string("2026-11-28T00:00:00Z"));
    if (b[4] & 2) json_object_set_new(object, "object_refs", json_pack("[s,s]", one, two));
    if (b[4] & 4) json_object_set_new(object, "created_by_ref", json_string(one));
    if (b[4] & 8) json_object_set_new(object, "value", json_string("192.0.2.1"));
    if (b[4] & 16) json_object_set_new(object, "labels", json_pack("[s]", "infected"));
    if (!strcmp(type, "relationship")) {
        json_object_set_new(object, "relationship_type",
                            json_string(b[4] & 32 ? "consists-of" : "related-to"));
        json_object_set_new(object, "source_ref", json_string(one));
        json_object_set_new(object, "target_ref", json_string(two));
    }
    return object;
}

static size_t count_incidents(const json_t *objects)
{
    size_t i, count = 0;
    const json_t *object;
    json_array_foreach(objects, i, object) count +=
        !strcmp(json_string_value(json_object_get(object, "type")), "incident");
    return count;
}

static void note_all(json_t *ids, const json_t *objects)
{
    size_t i;
    const json_t *object;
    json_array_foreach(objects, i, object)
        json_object_set_new(ids, json_string_value(json_object_get(object, "id")), json_true());
}

static void check(json_t *objects, json_t *groups, json_t *loose)
{
    size_t i;
    json_t *group, *given = json_object(), *got = json_object();
    json_array_foreach(groups, i, group)
    {
        struct eki_incident *incident;
        struct eki_fault fault;
        if (json_array_size(groups) > 1 && count_incidents(group) != 1) abort();
        enum eki_error error = eki_taxii_incident(group, &incident, &fault);
        if (error && !*fault.what) abort();
        if (!error) eki_incident_free(incident);
        note_all(got, group);
    }
    note_all(got, loose);
    note_all(given, objects);
    if (!json_equal(given, got)) abort();
    json_decref(given);
    json_decref(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    json_t *objects = json_array(), *groups, *loose;
    for (size_t i = 0; i + EACH <= length && i < (size_t)MOST * EACH; i += EACH) {
        json_t *object = object_of(bytes + i);
        if (!eki_taxii_fault(object)) json_array_append(objects, object);
        json_decref(object);
    }
    enum eki_error error = eki_taxii_split(objects, INCIDENTS, &groups, &loose);
    if (error && error != EKI_ERROR_LIMIT) abort();
    if (!error) {
        check(objects, groups, loose);
        json_decref(groups);
        json_decref(loose);
    }
    json_decref(objects);
    return 0;
}
