/* SPDX-License-Identifier: Apache-2.0 */
/* References between records: each resolved or named with its line. */
#include <string.h>

#include "base/memory.h"
#include "directory/records.h"

static enum eki_error dangling(struct eki_fault *fault, uint32_t line, const char *key, const char *id)
{
    return eki_directory_wrong(fault, line, key, "there is no %s \"%.60s\"",
                               !strcmp(key, "parent") ? "department" : key, id);
}

/* Where a reference is written and where its position goes. */
struct reference {
    const struct eki_record *record;
    const char *key, *id;
    uint32_t *at;
};

/* A reference by id; absent ones give EKI_NOWHERE. */
static enum eki_error resolve(const struct eki_names *names, struct reference r, struct eki_fault *fault)
{
    *r.at = eki_names_find(names, r.id);
    return r.id && *r.at == EKI_NOWHERE ? dangling(fault, r.record->line, r.key, r.id) : EKI_OK;
}

static enum eki_error name_teams(struct eki_directory *d)
{
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    struct eki_names *names = &d->names[EKI_RECORD_TEAM];
    for (uint32_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++) {
        if (eki_names_add(names, teams[i].id, i)) return EKI_ERROR_MEMORY;
        for (size_t k = 0; k < teams[i].handles.count; k++)
            if (eki_names_add(names, teams[i].handles.items[k], i)) return EKI_ERROR_MEMORY;
    }
    return EKI_OK;
}

/* The ids of departments, contacts and groups; all three begin with a record and their id. */
static enum eki_error name_others(struct eki_directory *d)
{
    for (uint32_t i = 0; i < d->of[EKI_RECORD_GROUP].count; i++)
        if (eki_names_add(&d->names[EKI_RECORD_GROUP],
                          ((const struct eki_group *)d->of[EKI_RECORD_GROUP].items)[i].id, i))
            return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < d->of[EKI_RECORD_DEPARTMENT].count; i++)
        if (eki_names_add(&d->names[EKI_RECORD_DEPARTMENT],
                          ((const struct eki_department *)d->of[EKI_RECORD_DEPARTMENT].items)[i].id, i))
            return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < d->of[EKI_RECORD_CONTACT].count; i++)
        if (eki_names_add(&d->names[EKI_RECORD_CONTACT],
                          ((const struct eki_contact_point *)d->of[EKI_RECORD_CONTACT].items)[i].id, i))
            return EKI_ERROR_MEMORY;
    return EKI_OK;
}

static uint32_t line_of(const struct eki_directory *d, unsigned kind, uint32_t at)
{
    static const size_t sizes[] = {[EKI_RECORD_GROUP] = sizeof(struct eki_group),
                                   [EKI_RECORD_TEAM] = sizeof(struct eki_team),
                                   [EKI_RECORD_DEPARTMENT] = sizeof(struct eki_department),
                                   [EKI_RECORD_CONTACT] = sizeof(struct eki_contact_point)};
    const struct eki_record *record = (const void *)((const char *)d->of[kind].items + at * sizes[kind]);
    return record->line;
}

static enum eki_error name_all(struct eki_directory *d, struct eki_fault *fault)
{
    if (name_teams(d) || name_others(d)) return EKI_ERROR_MEMORY;
    for (unsigned kind = 0; kind <= EKI_RECORD_CONTACT; kind++) {
        eki_names_sort(&d->names[kind]);
        const struct eki_name *twice = eki_names_twice(&d->names[kind]);
        if (twice)
            return eki_directory_wrong(fault, line_of(d, kind, twice->at), "id", "\"%.60s\" is there twice",
                                       twice->text);
    }
    return EKI_OK;
}

static enum eki_error link_groups(struct eki_directory *d, struct eki_fault *fault)
{
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    uint32_t at;
    for (size_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++)
        for (size_t k = 0; k < teams[i].groups.count; k++) {
            enum eki_error error =
                resolve(&d->names[EKI_RECORD_GROUP],
                        (struct reference){&teams[i].record, "groups", teams[i].groups.items[k], &at}, fault);
            if (error) return error;
        }
    return EKI_OK;
}

/* Walks up; more steps than a tree may have levels means a circle or one too deep. */
static enum eki_error measure_depth(struct eki_department *departments, uint32_t i, struct eki_fault *fault)
{
    struct eki_department *d = &departments[i];
    unsigned depth = 1;
    for (uint32_t at = d->parent_at; at != EKI_NOWHERE; at = departments[at].parent_at) {
        if (at == i)
            return eki_directory_wrong(fault, d->record.line, "parent", "\"%.60s\" is inside itself", d->id);
        if (++depth > EKI_DEPARTMENT_DEPTH)
            return eki_directory_wrong(fault, d->record.line, "parent",
                                       "\"%.60s\" is more than %d deep, or in a circle", d->id,
                                       EKI_DEPARTMENT_DEPTH);
    }
    d->depth = (uint8_t)depth;
    return EKI_OK;
}

static enum eki_error link_departments(struct eki_directory *d, struct eki_fault *fault)
{
    struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    size_t count = d->of[EKI_RECORD_DEPARTMENT].count;
    for (size_t i = 0; i < count; i++) {
        struct eki_department *x = &departments[i];
        enum eki_error error = resolve(&d->names[EKI_RECORD_TEAM],
                                       (struct reference){&x->record, "team", x->team, &x->team_at}, fault);
        if (!error)
            error = resolve(&d->names[EKI_RECORD_DEPARTMENT],
                            (struct reference){&x->record, "parent", x->parent, &x->parent_at}, fault);
        if (error) return error;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parent = departments[i].parent_at;
        if (parent != EKI_NOWHERE && departments[parent].team_at != departments[i].team_at)
            return eki_directory_wrong(fault, departments[i].record.line, "parent",
                                       "\"%.60s\" belongs to another team", departments[i].parent);
        enum eki_error error = measure_depth(departments, i, fault);
        if (error) return error;
    }
    return EKI_OK;
}

/* Team and department of a contact or network: the department must be one of that team. */
struct place {
    const struct eki_record *record;
    const char *team, *department;
    uint32_t *team_at, *department_at;
};

static enum eki_error link_place(struct eki_directory *d, struct place p, struct eki_fault *fault)
{
    const struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    enum eki_error error =
        resolve(&d->names[EKI_RECORD_TEAM], (struct reference){p.record, "team", p.team, p.team_at}, fault);
    if (!error)
        error = resolve(&d->names[EKI_RECORD_DEPARTMENT],
                        (struct reference){p.record, "department", p.department, p.department_at}, fault);
    if (!error && *p.department_at != EKI_NOWHERE && departments[*p.department_at].team_at != *p.team_at)
        return eki_directory_wrong(fault, p.record->line, "department", "\"%.60s\" belongs to another team",
                                   p.department);
    return error;
}

static enum eki_error link_contacts(struct eki_directory *d, struct eki_fault *fault)
{
    struct eki_contact_point *c = d->of[EKI_RECORD_CONTACT].items;
    for (size_t i = 0; i < d->of[EKI_RECORD_CONTACT].count; i++) {
        enum eki_error error = link_place(
            d, (struct place){&c[i].record, c[i].team, c[i].department, &c[i].team_at, &c[i].department_at},
            fault);
        if (error) return error;
    }
    struct eki_network *n = d->of[EKI_RECORD_NETWORK].items;
    for (size_t i = 0; i < d->of[EKI_RECORD_NETWORK].count; i++) {
        enum eki_error error = link_place(
            d, (struct place){&n[i].record, n[i].team, n[i].department, &n[i].team_at, &n[i].department_at},
            fault);
        if (error) return error;
    }
    return EKI_OK;
}

static enum eki_error link_remarks(struct eki_directory *d, struct eki_fault *fault)
{
    const struct eki_names *teams = &d->names[EKI_RECORD_TEAM], *contacts = &d->names[EKI_RECORD_CONTACT];
    struct eki_key *k = d->of[EKI_RECORD_KEY].items;
    struct eki_annotation *a = d->of[EKI_RECORD_ANNOTATION].items;
    struct eki_check *c = d->of[EKI_RECORD_CHECK].items;
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < d->of[EKI_RECORD_KEY].count && !error; i++) {
        error = resolve(teams, (struct reference){&k[i].record, "team", k[i].team, &k[i].team_at}, fault);
        if (!error)
            error = resolve(
                contacts, (struct reference){&k[i].record, "contact", k[i].contact, &k[i].contact_at}, fault);
    }
    for (size_t i = 0; i < d->of[EKI_RECORD_ANNOTATION].count && !error; i++) {
        error = resolve(teams, (struct reference){&a[i].record, "team", a[i].team, &a[i].team_at}, fault);
        if (!error)
            error = resolve(
                contacts, (struct reference){&a[i].record, "contact", a[i].contact, &a[i].contact_at}, fault);
    }
    for (size_t i = 0; i < d->of[EKI_RECORD_CHECK].count && !error; i++)
        error = resolve(contacts, (struct reference){&c[i].record, "contact", c[i].contact, &c[i].contact_at},
                        fault);
    return error;
}

enum eki_error eki_directory_link(struct eki_directory *d, struct eki_fault *ret_fault)
{
    enum eki_error error = name_all(d, ret_fault);
    if (!error) error = link_groups(d, ret_fault);
    if (!error) error = link_departments(d, ret_fault);
    if (!error) error = link_contacts(d, ret_fault);
    if (!error) error = link_remarks(d, ret_fault);
    return error;
}
