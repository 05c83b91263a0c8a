/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that came by TAXII: well formed or not, told apart by incident, read. */
#include "ekigaku/taxii.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/exchange.h"

enum {
    STEPS_EACH = 16,
    STEPS_MORE = 10000,
    DEPTH = 8,        /* of references within an object: those of the incident extension suite stand 5 deep */
    SHARED_WAYS = 16, /* on from a shared object, which every incident that has it goes anew */
    SEVERAL = -1,
    NONE = -2
};

struct splitting {
    json_t *objects;
    json_t *index;                  /* id -> object */
    json_t *relations;              /* id -> array of the relationships the way goes on by */
    json_t *named;                  /* id -> the incident that a relationship ties it to, null for several */
    json_t *taken;                  /* ids that incidents have -> number of the group, SEVERAL */
    size_t steps, most_steps, most; /* `most`: incidents */
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool is_type(const json_t *object, const char *type)
{
    const char *own = text_of(object, "type");
    return own && !strcmp(own, type);
}

const char *eki_taxii_fault(const json_t *object)
{
    const char *id = text_of(object, "id"), *type = text_of(object, "type"),
               *spec = text_of(object, "spec_version");
    if (!json_is_object(object)) return "it is no object";
    if (!type || !*type) return "it has no type";
    size_t length = strlen(type);
    if (!id || strlen(id) > EKI_TAXII_ID || strlen(id) != length + 38 || strncmp(id, type, length) != 0 ||
        strncmp(id + length, "--", 2) != 0 || type[strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789-")] ||
        id[length + 2 + strspn(id + length + 2, "0123456789abcdefABCDEF-")])
        return "its id is not its type, two hyphens and a UUID";
    if (spec && strcmp(spec, "2.1") != 0) return "it is not of STIX 2.1";
    return NULL;
}

static bool names_incident(const char *id)
{
    return id && !strncmp(id, "incident--", strlen("incident--"));
}

/* From what is no incident the way does not go to one: the incident itself leads here. A family that a
 * thousand incidents name would be a thousand ways for each of them. */
static void note_end(struct splitting *s, const json_t *relation, const char *end, const char *other_end)
{
    const char *id = text_of(relation, end), *other = text_of(relation, other_end);
    if (!id) return;
    if (names_incident(other) && !names_incident(id)) {
        const json_t *known = json_object_get(s->named, id);
        bool several = known && (json_is_null(known) || strcmp(json_string_value(known), other) != 0);
        json_object_set_new(s->named, id, several ? json_null() : json_string(other));
        return;
    }
    json_t *list = json_object_get(s->relations, id);
    if (!list) {
        list = json_array();
        json_object_set_new(s->relations, id, list);
        list = json_object_get(s->relations, id);
    }
    json_array_append(list, (json_t *)relation);
}

static bool index_all(struct splitting *s)
{
    size_t i;
    json_t *object;
    json_array_foreach(s->objects, i, object)
    {
        const char *id = text_of(object, "id");
        if (!id || json_object_set(s->index, id, object)) return false;
        if (!is_type(object, "relationship")) continue;
        note_end(s, object, "source_ref", "target_ref");
        note_end(s, object, "target_ref", "source_ref");
    }
    return true;
}

/* The way ends here. Objects of a domain have times; observables have none. */
static bool is_end(const json_t *object)
{
    return !json_object_get(object, "created") || is_type(object, "identity") ||
           is_type(object, "incident") || is_type(object, "marking-definition") ||
           is_type(object, "extension-definition");
}

/* Knowledge about the world, which is of no incident unless one alone names it. */
static bool is_knowledge(const json_t *object)
{
    static const char *const types[] = {"attack-pattern", "campaign",     "course-of-action", "intrusion-set",
                                        "location",       "malware",      "malware-analysis", "threat-actor",
                                        "tool",           "vulnerability"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (is_type(object, types[i])) return true;
    return false;
}

struct group {
    struct splitting *s;
    const char *incident;   /* its id */
    json_t *members, *seen; /* in order; ids */
    json_int_t number;
};

/* The group that has an object, SEVERAL or NONE. */
static json_int_t holder(const struct splitting *s, const char *id)
{
    const json_t *number = id ? json_object_get(s->taken, id) : NULL;
    return number ? json_integer_value(number) : NONE;
}

static void reach(struct group *g, const char *id)
{
    json_t *object = id ? json_object_get(g->s->index, id) : NULL;
    if (!object || json_object_get(g->seen, id)) return;
    if (is_type(object, "incident") && json_array_size(g->members)) return;
    json_object_set_new(g->seen, id, json_true());
    json_object_set_new(g->s->taken, id, json_integer(holder(g->s, id) == NONE ? g->number : SEVERAL));
    json_array_append(g->members, object);
}

/* Every member whose name says that it refers: created_by_ref, object_refs, source_ref, ..., and inside it,
 * as extensions name theirs; of each list at most as many as told. */
static void follow_references(struct group *g, json_t *object, size_t most, unsigned depth)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        size_t length = strlen(name), count = json_array_size(value);
        bool references = length > 5 && !strcmp(name + length - 5, "_refs");
        if (length > 4 && !strcmp(name + length - 4, "_ref")) reach(g, json_string_value(value));
        if (json_is_object(value) && depth < DEPTH) follow_references(g, value, most, depth + 1);
        for (size_t i = 0; i < count && i < most; i++) {
            json_t *one = json_array_get(value, i);
            g->s->steps++;
            if (references) reach(g, json_string_value(one));
            if (json_is_object(one) && depth < DEPTH) follow_references(g, one, most, depth + 1);
        }
    }
}

/* Is the object of other incidents too? What one incident alone is tied to is that one's. */
static bool is_shared(const struct group *g, const json_t *object)
{
    const json_t *named = json_object_get(g->s->named, text_of(object, "id"));
    if (!named) return is_knowledge(object);
    return json_is_null(named) || strcmp(json_string_value(named), g->incident) != 0;
}

/* From what is shared the way goes on to what it is made of, as long as that is little, and from a family or
 * an actor not to whatever else names it. */
static void follow(struct group *g, json_t *object)
{
    size_t i;
    json_t *relation, *relations = json_object_get(g->s->relations, text_of(object, "id"));
    bool shared = is_shared(g, object);
    follow_references(g, object, shared ? SHARED_WAYS : SIZE_MAX, 0);
    if (shared && (is_knowledge(object) || json_array_size(relations) > SHARED_WAYS)) return;
    json_array_foreach(relations, i, relation)
    {
        g->s->steps++;
        reach(g, text_of(relation, "id"));
    }
}

/* The objects of one incident; NULL when the way is too long. */
static json_t *gather(struct splitting *s, const json_t *incident, size_t number)
{
    struct group g = {s, text_of(incident, "id"), json_array(), json_object(), (json_int_t)number};
    reach(&g, g.incident);
    for (size_t i = 0; i < json_array_size(g.members) && s->steps < s->most_steps; i++) {
        json_t *object = json_array_get(g.members, i);
        s->steps++;
        if (!i || !is_end(object)) follow(&g, object);
        /* How a team is asked belongs to it. */
        if (i && is_type(object, "identity"))
            follow_references(&g, json_object_get(object, "extensions"), SHARED_WAYS, 1);
    }
    json_decref(g.seen);
    if (s->steps < s->most_steps) return g.members;
    json_decref(g.members);
    return NULL;
}

/* An observation names what it was made of and nothing names it: it goes with the one incident that has all
 * of that. NONE, or SEVERAL, when there is no such one. */
static json_int_t holder_of_all(const struct splitting *s, const json_t *references)
{
    size_t i;
    const json_t *reference;
    json_int_t all = NONE;
    json_array_foreach(references, i, reference)
    {
        json_int_t one = holder(s, json_string_value(reference));
        if (one < 0 || (i && one != all)) return SEVERAL;
        all = one;
    }
    return all;
}

static void place_rest(const struct splitting *s, json_t *groups, json_t *loose)
{
    size_t i;
    json_t *object;
    json_array_foreach(s->objects, i, object)
    {
        if (holder(s, text_of(object, "id")) != NONE) continue;
        json_int_t number = holder_of_all(s, json_object_get(object, "object_refs"));
        json_array_append(number < 0 ? loose : json_array_get(groups, (size_t)number), object);
    }
}

static enum eki_error split_many(struct splitting *s, json_t *groups, json_t *loose)
{
    size_t i;
    json_t *object;
    json_array_foreach(s->objects, i, object)
    {
        if (!is_type(object, "incident")) continue;
        if (json_array_size(groups) == s->most) return EKI_ERROR_LIMIT;
        json_t *members = gather(s, object, json_array_size(groups));
        if (!members) return EKI_ERROR_LIMIT;
        json_array_append_new(groups, members);
    }
    place_rest(s, groups, loose);
    return EKI_OK;
}

static size_t count_type(const json_t *objects, const char *type)
{
    size_t i, count = 0;
    json_t *object;
    json_array_foreach(objects, i, object) count += is_type(object, type);
    return count;
}

enum eki_error eki_taxii_split(json_t *objects, size_t most, json_t **ret_groups, json_t **ret_loose)
{
    struct splitting s = {.objects = objects,
                          .index = json_object(),
                          .relations = json_object(),
                          .named = json_object(),
                          .taken = json_object(),
                          .most = most,
                          .most_steps = STEPS_EACH * json_array_size(objects) + STEPS_MORE};
    json_t *groups = json_array(), *loose = json_array();
    size_t incidents = count_type(objects, "incident");
    bool held = incidents || count_type(objects, "report") || count_type(objects, "grouping");
    enum eki_error error = EKI_OK;
    if (!groups || !loose || !s.index || !s.relations || !s.named || !s.taken || !index_all(&s))
        error = EKI_ERROR_MEMORY;
    else if (incidents > 1)
        error = split_many(&s, groups, loose);
    else if (held)
        json_array_append(groups, objects);
    else
        json_array_extend(loose, objects);
    json_decref(s.index);
    json_decref(s.relations);
    json_decref(s.named);
    json_decref(s.taken);
    if (error) {
        json_decref(groups);
        json_decref(loose);
        return error;
    }
    *ret_groups = groups;
    *ret_loose = loose;
    return EKI_OK;
}

enum eki_error eki_taxii_incident(json_t *group, struct eki_incident **ret_incident,
                                  struct eki_fault *ret_fault)
{
    json_t *bundle = json_pack("{s:s, s:O}", "type", "bundle", "objects", group);
    char *text = bundle ? json_dumps(bundle, JSON_COMPACT) : NULL;
    json_decref(bundle);
    *ret_fault = (struct eki_fault){0};
    enum eki_error error =
        text ? eki_exchange_read(text, strlen(text), eki_exchange_find("stix"), ret_incident, ret_fault)
             : EKI_ERROR_MEMORY;
    eki_free(text);
    if (error && !*ret_fault->what) eki_fault_set(ret_fault, error, 0, "%s", eki_error_text(error));
    return error;
}
