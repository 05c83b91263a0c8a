/* SPDX-License-Identifier: Apache-2.0 */
#include "web/description.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "ekigaku/version.h"
#include "web/router.h"

enum { MOST_DEPTH = 24, MOST_TEXT = 64 };

/* A plain scalar as YAML 1.2's core schema reads it. */
static json_t *plain(const char *text)
{
    char *end;
    if (!text[0] || !strcmp(text, "null") || !strcmp(text, "~")) return json_null();
    if (!strcmp(text, "true")) return json_true();
    if (!strcmp(text, "false")) return json_false();
    if (strlen(text) < MOST_TEXT && strchr("-0123456789.", text[0])) {
        errno = 0;
        long long whole = strtoll(text, &end, 10);
        if (!*end && !errno) return json_integer(whole);
        double number = strtod(text, &end);
        if (!*end) return json_real(number);
    }
    return json_string(text);
}

static json_t *value_of(yaml_document_t *document, int index, unsigned depth);

static json_t *map_of(yaml_document_t *document, const yaml_node_t *node, unsigned depth)
{
    json_t *map = json_object();
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
         pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        bool good = key && key->type == YAML_SCALAR_NODE &&
                    !json_object_set_new(map, (const char *)key->data.scalar.value,
                                         value_of(document, pair->value, depth + 1));
        if (good) continue;
        json_decref(map);
        return NULL;
    }
    return map;
}

static json_t *list_of(yaml_document_t *document, const yaml_node_t *node, unsigned depth)
{
    json_t *list = json_array();
    for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
         item++)
        if (json_array_append_new(list, value_of(document, *item, depth + 1))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *value_of(yaml_document_t *document, int index, unsigned depth)
{
    const yaml_node_t *node = yaml_document_get_node(document, index);
    if (!node || depth > MOST_DEPTH) return NULL;
    switch (node->type) {
    case YAML_SCALAR_NODE:
        if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
            return plain((const char *)node->data.scalar.value);
        return json_string((const char *)node->data.scalar.value);
    case YAML_SEQUENCE_NODE: return list_of(document, node, depth);
    case YAML_MAPPING_NODE: return map_of(document, node, depth);
    default: return NULL;
    }
}

json_t *eki_yaml_json(const void *bytes, size_t length, struct eki_fault *ret_fault)
{
    yaml_parser_t parser;
    yaml_document_t document;
    json_t *value = NULL;
    if (!yaml_parser_initialize(&parser)) return NULL;
    yaml_parser_set_input_string(&parser, bytes, length);
    if (yaml_parser_load(&parser, &document)) {
        value = value_of(&document, 1, 0); /* nodes count from 1 */
        yaml_document_delete(&document);
        if (!value) eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "not maps, lists and scalars");
    } else {
        eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, parser.problem_mark.line + 1, "line %zu: %.100s",
                      parser.problem_mark.line + 1, parser.problem ? parser.problem : "");
    }
    yaml_parser_delete(&parser);
    return value;
}

/* Moves what stands under a key into the whole; two files may not describe the same. */
static bool merge(json_t *whole, const json_t *fragment)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)fragment, name, value)
    {
        if (json_object_get(whole, name) || json_object_set(whole, name, value)) return false;
    }
    return true;
}

static bool add_file(json_t *description, const struct eki_embedded *file, struct eki_fault *ret_fault)
{
    static const char *const parts[] = {"schemas", "responses", "parameters"};
    json_t *fragment = eki_yaml_json(file->bytes, file->length, ret_fault);
    json_t *components = json_object_get(description, "components");
    bool good = fragment && merge(json_object_get(description, "paths"), json_object_get(fragment, "paths"));
    for (size_t i = 0; good && i < sizeof parts / sizeof *parts; i++)
        good = merge(json_object_get(components, parts[i]), json_object_get(fragment, parts[i]));
    json_decref(fragment);
    if (!good && !ret_fault->what[0])
        eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "%.40s: described twice", file->name);
    return good;
}

/* What belongs to no resource. */
static json_t *make_frame(void)
{
    static const char frame[] =
        "{openapi: 3.1.0, info: {title: ekigaku, license: {name: Apache-2.0, identifier: Apache-2.0}, "
        "description: What a team finds about malware that spreads by itself.}, servers: [{url: /}], "
        "paths: {}, security: [{session: []}, {token: []}], components: {schemas: {}, responses: {}, "
        "parameters: {}, securitySchemes: {session: {type: apiKey, in: cookie, name: ekigaku}, "
        "token: {type: http, scheme: bearer}}}}";
    json_t *description = eki_yaml_json(frame, sizeof frame - 1, NULL);
    json_object_set_new(json_object_get(description, "info"), "version", json_string(EKI_VERSION));
    return description;
}

/* Says that an operation may answer with a problem of this status; what its file says of it stays. */
static void may_answer(json_t *responses, unsigned status)
{
    char name[8];
    snprintf(name, sizeof name, "%u", status);
    if (json_object_get(responses, name)) return;
    json_object_set_new(responses, name, json_pack("{s:s}", "$ref", "#/components/responses/problem"));
}

static void may_answer_all(json_t *responses, const unsigned *statuses, size_t count)
{
    for (size_t i = 0; i < count; i++) may_answer(responses, statuses[i]);
}

#define MAY_ANSWER(responses, ...)                                                                           \
    may_answer_all(responses, (const unsigned[]){__VA_ARGS__},                                               \
                   sizeof(const unsigned[]){__VA_ARGS__} / sizeof(unsigned))

/* What is answered before a handler is asked (guard.c, server.c, body.c) follows from the route: its file
 * describes what the handler answers, and no file can forget the rest. */
static void describe_guard(json_t *paths, const struct eki_way *route)
{
    char method[16];
    snprintf(method, sizeof method, "%s", eki_method_name(route->method));
    for (char *letter = method; *letter; letter++) *letter = (char)tolower((unsigned char)*letter);
    json_t *operation = json_object_get(json_object_get(paths, route->pattern), method),
           *responses = json_object_get(operation, "responses");
    if (!responses) return; /* tests/api/contract finds it */
    MAY_ANSWER(responses, 400, 414, 421, 429, 503);
    if (route->role != EKI_ROLE_ANYONE) MAY_ANSWER(responses, 401, 403);
    bool bytes = route->flags & (EKI_ROUTE_BYTES | EKI_ROUTE_FORM);
    if (route->fields) MAY_ANSWER(responses, 422);
    if (route->fields || bytes) MAY_ANSWER(responses, 413, 415);
}

json_t *eki_description_make(struct eki_fault *ret_fault)
{
    json_t *description = make_frame();
    for (const struct eki_embedded *file = eki_description_files; description && file->name; file++)
        if (!add_file(description, file, ret_fault)) {
            json_decref(description);
            return NULL;
        }
    for (const struct eki_way *route = eki_routes; description && route->pattern; route++)
        describe_guard(json_object_get(description, "paths"), route);
    return description;
}
