/* SPDX-License-Identifier: Apache-2.0 */
/* What of a directory may be told to whom. */
#include "ekigaku/directory_label.h"

#include "base/memory.h"
#include "directory/schema.h"

struct sharing {
    const struct eki_directory *from;
    struct eki_directory_asked asked;
    bool *kept[EKI_RECORD_KINDS];
    struct eki_directory *to;
};

enum eki_tlp eki_record_label(const struct eki_record *record)
{
    return record->label ? (enum eki_tlp)(record->label - 1) : EKI_TLP_UNMARKED;
}

static bool is_kept(const struct sharing *s, enum eki_record_kind kind, uint32_t at)
{
    return at == EKI_NOWHERE || s->kept[kind][at];
}

/* A department inside one that is withheld is withheld; parents may stand after their children. */
static bool is_department_kept(const struct sharing *s, uint32_t at)
{
    const struct eki_department *departments = s->from->of[EKI_RECORD_DEPARTMENT].items;
    for (; at != EKI_NOWHERE; at = departments[at].parent_at)
        if (!s->kept[EKI_RECORD_DEPARTMENT][at] || !is_kept(s, EKI_RECORD_TEAM, departments[at].team_at))
            return false;
    return true;
}

/* Is all that it belongs to kept? */
static bool belongs(const struct sharing *s, enum eki_record_kind kind, uint32_t i)
{
    const void *items = s->from->of[kind].items;
    const struct eki_contact_point *c = items;
    const struct eki_network *n = items;
    const struct eki_key *k = items;
    const struct eki_annotation *a = items;
    const struct eki_check *x = items;
    switch (kind) {
    case EKI_RECORD_DEPARTMENT: return is_department_kept(s, i);
    case EKI_RECORD_CONTACT:
        return is_kept(s, EKI_RECORD_TEAM, c[i].team_at) && is_department_kept(s, c[i].department_at);
    case EKI_RECORD_KEY:
        return is_kept(s, EKI_RECORD_TEAM, k[i].team_at) && is_kept(s, EKI_RECORD_CONTACT, k[i].contact_at);
    case EKI_RECORD_NETWORK:
        return is_kept(s, EKI_RECORD_TEAM, n[i].team_at) && is_department_kept(s, n[i].department_at);
    case EKI_RECORD_ANNOTATION:
        return is_kept(s, EKI_RECORD_TEAM, a[i].team_at) && is_kept(s, EKI_RECORD_CONTACT, a[i].contact_at);
    case EKI_RECORD_CHECK: return is_kept(s, EKI_RECORD_CONTACT, x[i].contact_at);
    default: return true;
    }
}

static const void *record_at(const struct sharing *s, enum eki_record_kind kind, size_t i)
{
    return (const char *)s->from->of[kind].items + i * eki_schema_of(kind)->size;
}

/* Its own label first, then what it belongs to: kinds stand in such an order that this is known. */
static enum eki_error choose(struct sharing *s, size_t *ret_withheld)
{
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) {
        size_t count = s->from->of[kind].count;
        s->kept[kind] = eki_allocate(count + 1, sizeof **s->kept);
        if (!s->kept[kind]) return EKI_ERROR_MEMORY;
        for (size_t i = 0; i < count; i++) {
            s->asked.request.label = eki_record_label(record_at(s, kind, i));
            s->kept[kind][i] = eki_tlp_leave(s->asked.exit, &s->asked.request).allowed;
        }
        for (uint32_t i = 0; i < count; i++)
            if (s->kept[kind][i]) s->kept[kind][i] = belongs(s, kind, i);
        for (size_t i = 0; i < count; i++) *ret_withheld += !s->kept[kind][i];
    }
    return EKI_OK;
}

/* The groups of a team that are kept; `items` has room for all. */
static struct eki_text_list groups_of(const struct sharing *s, const struct eki_team *team,
                                      const char *items[EKI_DIRECTORY_LIST])
{
    size_t count = 0;
    for (size_t i = 0; i < team->groups.count; i++) {
        uint32_t at = eki_names_find(&s->from->names[EKI_RECORD_GROUP], team->groups.items[i]);
        if (is_kept(s, EKI_RECORD_GROUP, at)) items[count++] = team->groups.items[i];
    }
    return (struct eki_text_list){items, count};
}

static enum eki_error copy(const struct sharing *s)
{
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++)
        for (size_t i = 0; i < s->from->of[kind].count; i++) {
            const void *record = record_at(s, kind, i);
            const char *items[EKI_DIRECTORY_LIST];
            struct eki_team team;
            if (!s->kept[kind][i]) continue;
            if (kind == EKI_RECORD_TEAM) {
                team = *(const struct eki_team *)record;
                team.groups = groups_of(s, &team, items);
                record = &team;
            }
            enum eki_error error = eki_directory_add(s->to, kind, record, NULL);
            if (error) return error;
        }
    return eki_directory_settle(s->to, s->from->now, NULL);
}

enum eki_error eki_directory_permitted(const struct eki_directory *d, const struct eki_directory_asked *asked,
                                       struct eki_directory **ret_permitted, size_t *ret_withheld)
{
    struct sharing s = {.from = d, .asked = *asked};
    size_t withheld = 0;
    if (!d->settled) return EKI_ERROR_ARGUMENT;
    enum eki_error error = eki_directory_new(&s.to);
    if (!error) error = choose(&s, &withheld);
    if (!error) error = copy(&s);
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) eki_free(s.kept[kind]);
    if (error) {
        eki_directory_free(s.to);
        return error;
    }
    *ret_permitted = s.to;
    *ret_withheld = withheld;
    return EKI_OK;
}

enum eki_tlp eki_directory_strictest(const struct eki_directory *d)
{
    struct sharing s = {.from = d};
    enum eki_tlp label = EKI_TLP_CLEAR;
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++)
        for (size_t i = 0; i < d->of[kind].count; i++)
            label = eki_tlp_stricter(label, eki_record_label(record_at(&s, kind, i)));
    return label;
}

enum eki_tlp eki_answer_label(const struct eki_directory *d, const struct eki_answer *a)
{
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    const struct eki_annotation *annotations = d->of[EKI_RECORD_ANNOTATION].items;
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    const struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    enum eki_tlp label = EKI_TLP_CLEAR;
    if (a->team != EKI_NOWHERE) label = eki_tlp_stricter(label, eki_record_label(&teams[a->team].record));
    if (a->department != EKI_NOWHERE)
        label = eki_tlp_stricter(label, eki_record_label(&departments[a->department].record));
    if (a->contact != EKI_NOWHERE)
        label = eki_tlp_stricter(label, eki_record_label(&contacts[a->contact].record));
    if (a->first != EKI_NOWHERE)
        label = eki_tlp_stricter(label, eki_record_label(&contacts[a->first].record));
    for (size_t i = 0; i < a->claim_count; i++) {
        const struct eki_claim *claim = &a->claims[i];
        label = eki_tlp_stricter(label, eki_record_label(&networks[claim->network].record));
        if (claim->contact != EKI_NOWHERE)
            label = eki_tlp_stricter(label, eki_record_label(&contacts[claim->contact].record));
    }
    for (size_t i = 0; i < a->remark_count; i++)
        label = eki_tlp_stricter(label, eki_record_label(&annotations[a->remarks[i]].record));
    return label;
}
