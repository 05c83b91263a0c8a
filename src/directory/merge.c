/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One import into the directory that is kept: what came from the same source before goes, the new comes, and
 * what people entered or learned stays.
 */
#include <string.h>

#include "base/memory.h"
#include "directory/schema.h"
#include "ekigaku/roster.h"

struct merging {
    const struct eki_merge *merge;
    struct eki_directory *d; /* the one that is kept */
    struct eki_merge_counts *counts;
    struct eki_names
        own[EKI_RECORD_KINDS]; /* ids of records that are not of the source, teams' handles too */
    struct eki_names before[EKI_RECORD_KINDS]; /* ids of records that are, in `old` */
    struct eki_directory *old;                 /* what was of the source */
    size_t told[EKI_RECORD_KINDS]; /* records that the import has of itself; the rest is borrowed */
    struct eki_fault *fault;
};

static void *record_at(const struct eki_directory *d, unsigned kind, size_t i)
{
    return (char *)d->of[kind].items + i * eki_schema_of(kind)->size;
}

static bool has_id(unsigned kind)
{
    return kind <= EKI_RECORD_CONTACT;
}

/* Group, team, department and contact have their id at the same place. */
static const char *id_of(const void *record)
{
    return ((const struct eki_team *)record)->id;
}

/* Moves the records of the source out of `d` into `old`. */
static enum eki_error set_aside(struct merging *m, unsigned kind)
{
    struct eki_records *r = &m->d->of[kind];
    size_t size = eki_schema_of(kind)->size, kept = 0;
    for (size_t i = 0; i < r->count; i++) {
        struct eki_record *record = record_at(m->d, kind, i);
        void *copy;
        if (!record->source || strcmp(record->source, m->merge->source)) {
            if (kept != i) memcpy(record_at(m->d, kind, kept), record, size);
            kept++;
            continue;
        }
        enum eki_error error = eki_records_append(m->old, kind, &copy, m->fault);
        if (error) return error;
        memcpy(copy, record, size); /* texts stay in the arena of `d`, which outlives `old` */
    }
    r->count = kept;
    return EKI_OK;
}

static enum eki_error name_records(const struct eki_directory *d, struct eki_names names[EKI_RECORD_KINDS])
{
    for (unsigned kind = 0; has_id(kind); kind++) {
        for (uint32_t i = 0; i < d->of[kind].count; i++)
            if (eki_names_add(&names[kind], id_of(record_at(d, kind, i)), i)) return EKI_ERROR_MEMORY;
        const struct eki_team *teams = d->of[kind].items;
        for (uint32_t i = 0; kind == EKI_RECORD_TEAM && i < d->of[kind].count; i++)
            for (size_t k = 0; k < teams[i].handles.count; k++)
                if (eki_names_add(&names[kind], teams[i].handles.items[k], i)) return EKI_ERROR_MEMORY;
        eki_names_sort(&names[kind]);
    }
    return EKI_OK;
}

static void tell(struct merging *m, const struct eki_drift *drift)
{
    m->counts->drift++;
    if (m->merge->told) m->merge->told(m->merge->user, drift);
}

/* Fields that both have and that differ; ids and handles are what made them the same. */
static void compare(struct merging *m, unsigned kind, const void *ours, const void *theirs)
{
    const struct eki_schema *schema = eki_schema_of(kind);
    char a[EKI_VALUE_TEXT], b[EKI_VALUE_TEXT];
    for (size_t i = 0; i < schema->count; i++) {
        const struct eki_schema_field *field = &schema->fields[i];
        bool identity = !strcmp(field->key, "id") || !strcmp(field->key, "handles") ||
                        !strcmp(field->key, "source") || !strcmp(field->key, "entered");
        if (identity || !eki_schema_has(field, ours) || !eki_schema_has(field, theirs)) continue;
        const char *x = eki_schema_get(field, ours, a), *y = eki_schema_get(field, theirs, b);
        if (strcmp(x, y)) tell(m, &(struct eki_drift){kind, id_of(ours), field->key, x, y});
    }
}

/* What was learned about a contact is not in any import. */
static void carry_over(const struct eki_contact_point *old, struct eki_contact_point *c)
{
    if (strcmp(old->address, c->address) || old->medium != c->medium) return;
    if (c->verified == EKI_TIME_NONE) {
        c->verified = old->verified;
        c->verified_how = old->verified_how;
    }
    c->answered = old->answered;
    c->bounced = old->bounced;
    c->bounces = old->bounces;
    c->disabled |= old->disabled;
}

/* Adds one imported record, unless the same is there by hand or from another source. */
static enum eki_error take(struct merging *m, unsigned kind, size_t i)
{
    const void *theirs = record_at(m->merge->imported, kind, i);
    uint32_t own = has_id(kind) ? eki_names_find(&m->own[kind], id_of(theirs)) : EKI_NOWHERE;
    if (own != EKI_NOWHERE) {
        m->counts->beaten++;
        compare(m, kind, record_at(m->d, kind, own), theirs);
        return EKI_OK;
    }
    enum eki_error error = eki_directory_add(m->d, kind, theirs, m->fault);
    if (error) return error;
    uint32_t before = has_id(kind) ? eki_names_find(&m->before[kind], id_of(theirs)) : EKI_NOWHERE;
    if (before == EKI_NOWHERE) {
        m->counts->added++;
        return EKI_OK;
    }
    m->counts->replaced++;
    if (kind == EKI_RECORD_CONTACT)
        carry_over(record_at(m->old, kind, before), record_at(m->d, kind, m->d->of[kind].count - 1));
    ((struct eki_record *)record_at(m->old, kind, before))->line = EKI_NOWHERE; /* came back */
    return EKI_OK;
}

/* The keys by which records name others. */
static const struct {
    const char *key;
    unsigned kind;
} references[] = {{"team", EKI_RECORD_TEAM},
                  {"department", EKI_RECORD_DEPARTMENT},
                  {"parent", EKI_RECORD_DEPARTMENT},
                  {"contact", EKI_RECORD_CONTACT}};

/* Who is named by records that stay: their teams, departments and contacts must not go. */
static enum eki_error add_needed(const struct eki_directory *d, struct eki_names needed[EKI_RECORD_KINDS])
{
    char text[EKI_VALUE_TEXT];
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++)
        for (size_t r = 0; r < sizeof references / sizeof *references; r++) {
            const struct eki_schema_field *field = eki_schema_field(eki_schema_of(kind), references[r].key);
            for (size_t i = 0; field && i < d->of[kind].count; i++) {
                const void *record = record_at(d, kind, i);
                if (!eki_schema_has(field, record)) continue;
                /* Ids are texts of the record itself: nothing is copied. */
                if (eki_names_add(&needed[references[r].kind], eki_schema_get(field, record, text), 0))
                    return EKI_ERROR_MEMORY;
            }
        }
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) eki_names_sort(&needed[kind]);
    return EKI_OK;
}

/* Records of the source that did not come back: kept when somebody names them, contacts switched off. */
static enum eki_error keep_needed(struct merging *m, unsigned kind, size_t *ret_kept)
{
    struct eki_names needed[EKI_RECORD_KINDS] = {0};
    enum eki_error error = add_needed(m->d, needed);
    *ret_kept = 0;
    for (size_t i = 0; i < m->old->of[kind].count && !error; i++) {
        struct eki_record *record = record_at(m->old, kind, i);
        if (record->line == EKI_NOWHERE || eki_names_find(&needed[kind], id_of(record)) == EKI_NOWHERE)
            continue;
        record->line = 0;
        if (kind == EKI_RECORD_CONTACT) ((struct eki_contact_point *)record)->disabled = true;
        error = eki_directory_add(m->d, kind, record, m->fault);
        record->line = EKI_NOWHERE;
        ++*ret_kept;
    }
    m->counts->kept += *ret_kept;
    for (unsigned k = 0; k < EKI_RECORD_KINDS; k++) eki_names_done(&needed[k]);
    return error;
}

/* Contacts first, since they name departments and teams; departments until no parent is missing. */
static enum eki_error keep_all_needed(struct merging *m)
{
    size_t kept;
    enum eki_error error = keep_needed(m, EKI_RECORD_CONTACT, &kept);
    do {
        if (!error) error = keep_needed(m, EKI_RECORD_DEPARTMENT, &kept);
    } while (kept && !error);
    if (!error) error = keep_needed(m, EKI_RECORD_TEAM, &kept);
    for (unsigned kind = 0; has_id(kind); kind++)
        for (size_t i = 0; i < m->old->of[kind].count; i++)
            m->counts->gone += ((struct eki_record *)record_at(m->old, kind, i))->line != EKI_NOWHERE;
    return error;
}

/* Networks entered by hand for which the source names another team. */
static enum eki_error tell_networks(struct merging *m)
{
    struct eki_names theirs = {0};
    const struct eki_network *imported = m->merge->imported->of[EKI_RECORD_NETWORK].items,
                             *own = m->d->of[EKI_RECORD_NETWORK].items;
    char text[EKI_RESOURCE_TEXT];
    enum eki_error error = EKI_OK;
    for (uint32_t i = 0; i < m->merge->imported->of[EKI_RECORD_NETWORK].count && !error; i++) {
        const char *kept = imported[i].team ? eki_network_format(&imported[i], text) : NULL;
        if (kept) kept = eki_directory_keep(m->old, kept, strlen(kept));
        if (imported[i].team) error = kept ? eki_names_add(&theirs, kept, i) : EKI_ERROR_MEMORY;
    }
    eki_names_sort(&theirs);
    for (size_t i = 0; i < m->d->of[EKI_RECORD_NETWORK].count && !error; i++) {
        if (own[i].record.source || !own[i].team) continue;
        uint32_t at = eki_names_find(&theirs, eki_network_format(&own[i], text));
        if (at == EKI_NOWHERE) continue;
        uint32_t a = eki_names_find(&m->own[EKI_RECORD_TEAM], own[i].team),
                 b = eki_names_find(&m->own[EKI_RECORD_TEAM], imported[at].team);
        if (strcmp(own[i].team, imported[at].team) && (a != b || a == EKI_NOWHERE))
            tell(m, &(struct eki_drift){EKI_RECORD_NETWORK, text, "team", own[i].team, imported[at].team});
    }
    eki_names_done(&theirs);
    return error;
}

static enum eki_error merge_all(struct merging *m)
{
    enum eki_error error = EKI_OK;
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS && !error; kind++) error = set_aside(m, kind);
    if (!error) error = name_records(m->d, m->own);
    if (!error) error = name_records(m->old, m->before);
    if (!error) error = tell_networks(m);
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS && !error; kind++)
        for (size_t i = 0; i < m->told[kind] && !error; i++) error = take(m, kind, i);
    return error ? error : keep_all_needed(m);
}

/* Adds to the import the kept record of this kind and name, unless the import has it. */
static enum eki_error borrow_one(struct merging *m, unsigned kind, const char *name, size_t *borrowed)
{
    uint32_t at = eki_names_find(&m->own[kind], name);
    if (at == EKI_NOWHERE || eki_names_find(&m->before[kind], name) != EKI_NOWHERE) return EKI_OK;
    union {
        struct eki_team team;
        struct eki_department department;
        struct eki_contact_point contact;
    } copy;
    memcpy(&copy, record_at(m->d, kind, at), eki_schema_of(kind)->size);
    if (kind == EKI_RECORD_TEAM) copy.team.groups = (struct eki_text_list){0};
    ++*borrowed;
    return eki_directory_add(m->merge->imported, kind, &copy, m->fault);
}

/* One round: what the import names and has not. */
static enum eki_error borrow_round(struct merging *m, size_t *borrowed)
{
    struct eki_names needed[EKI_RECORD_KINDS] = {0};
    enum eki_error error = name_records(m->merge->imported, m->before);
    *borrowed = 0;
    if (!error) error = add_needed(m->merge->imported, needed);
    for (unsigned kind = 0; has_id(kind); kind++)
        for (size_t i = 0; !error && i < needed[kind].count; i++) {
            const char *name = needed[kind].items[i].text;
            if (!i || strcmp(name, needed[kind].items[i - 1].text) != 0)
                error = borrow_one(m, kind, name, borrowed);
        }
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
        eki_names_done(&needed[kind]);
        eki_names_done(&m->before[kind]);
        m->before[kind] = (struct eki_names){0};
    }
    return error;
}

/* What an import names and has not, but the kept directory has, is lent to it: a key of a team that is known
 * is whole without the record of the team. Lent records may name further ones. */
static enum eki_error borrow(struct merging *m)
{
    size_t borrowed;
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++)
        m->told[kind] = m->merge->imported->of[kind].count;
    enum eki_error error = name_records(m->d, m->own);
    do {
        if (!error) error = borrow_round(m, &borrowed);
    } while (!error && borrowed);
    return error;
}

static void forget_names(struct merging *m)
{
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
        eki_names_done(&m->own[kind]);
        eki_names_done(&m->before[kind]);
        m->own[kind] = m->before[kind] = (struct eki_names){0};
    }
}

enum eki_error eki_directory_merge(const struct eki_merge *merge, struct eki_merge_counts *ret_counts,
                                   struct eki_fault *ret_fault)
{
    struct eki_merge_counts counts = {0};
    struct merging m = {.merge = merge, .d = merge->directory, .counts = &counts, .fault = ret_fault};
    eki_directory_unsettle(merge->imported);
    enum eki_error error = borrow(&m);
    forget_names(&m);
    if (!error) error = eki_directory_settle(merge->imported, EKI_TIME_NONE, ret_fault);
    if (!error) error = eki_directory_new(&m.old);
    if (!error) eki_directory_unsettle(m.d);
    if (!error) error = merge_all(&m);
    forget_names(&m);
    eki_directory_unsettle(merge->imported);
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) merge->imported->of[kind].count = m.told[kind];
    eki_directory_free(m.old);
    if (!error) *ret_counts = counts;
    return error;
}
