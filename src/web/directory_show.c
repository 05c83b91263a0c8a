/* SPDX-License-Identifier: Apache-2.0 */
#include "web/directory_show.h"

#include <math.h>
#include <string.h>

#include "ekigaku/directory_report.h"
#include "web/buffer.h"
#include "web/show.h"

/* More networks than anybody reads on one card; the list of networks has them all. */
enum { CARD_NETWORKS = 1000 };

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *time_or_null(eki_time time)
{
    return time == EKI_TIME_NONE ? json_null() : eki_show_time(time / 1000);
}

static json_t *date_or_null(struct eki_date date)
{
    char text[16];
    return date.year ? json_string(eki_date_format(date, text)) : json_null();
}

static json_t *texts(struct eki_text_list list)
{
    json_t *items = json_array();
    for (size_t i = 0; i < list.count; i++) json_array_append_new(items, json_string(list.items[i]));
    return items;
}

static json_t *source_of(const struct eki_record *record)
{
    return text_or_null(record->source);
}

static const struct eki_team *team_at(const struct eki_desk_view *view, uint32_t at)
{
    size_t count;
    return eki_directory_teams(view->directory, &count) + at;
}

json_t *eki_show_team(const struct eki_desk_view *view, uint32_t at)
{
    const struct eki_team *t = team_at(view, at);
    const struct eki_desk_team *sum = &view->teams[at];
    json_t *networks = json_object();
    for (unsigned i = 0; i < EKI_RESOURCES; i++)
        json_object_set_new(networks, eki_resource_name(i), json_integer(sum->networks[i]));
    return json_pack(
        "{s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:i,s:i,s:s,s:o,s:f,s:o}", "row",
        (json_int_t)eki_desk_row_of(view, &t->record), "id", t->id, "name", t->name, "name_ja",
        text_or_null(t->name_ja), "host", text_or_null(t->host), "sector", text_or_null(t->sector), "country",
        text_or_null(t->country), "region", text_or_null(t->region), "founded", date_or_null(t->founded),
        "joined", date_or_null(t->joined), "left", date_or_null(t->left), "tier", (int)t->tier, "contacts",
        (int)sum->contacts, "health", sum->health == EKI_HEALTHS ? "none" : eki_health_name(sum->health),
        "networks", networks, "addresses", sum->addresses, "source", source_of(&t->record));
}

json_t *eki_show_network(const struct eki_desk_view *view, uint32_t at)
{
    size_t count;
    const struct eki_network *n = eki_directory_networks(view->directory, &count) + at;
    char text[EKI_RESOURCE_TEXT];
    return json_pack(
        "{s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:b}", "row", (json_int_t)eki_desk_row_of(view, &n->record), "kind",
        eki_resource_name(eki_network_resource(n)), "resource", eki_network_format(n, text), "team",
        text_or_null(n->team), "department", text_or_null(n->department), "name", text_or_null(n->name),
        "source", source_of(&n->record), "entered", time_or_null(n->record.entered), "whole", (int)n->whole);
}

static json_t *show_contact(const struct eki_desk_view *view, uint32_t at)
{
    size_t count;
    const struct eki_contact_point *c = eki_directory_contacts(view->directory, &count) + at;
    const struct eki_contact_state *s = eki_directory_contact_state(view->directory, at);
    json_t *item = json_pack(
        "{s:I,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:s}", "row", (json_int_t)eki_desk_row_of(view, &c->record), "id",
        c->id, "role", eki_contact_role_name(c->role), "medium", eki_medium_name(c->medium), "address",
        c->address, "name", text_or_null(c->name), "department", text_or_null(c->department), "languages",
        texts(c->languages), "health", eki_health_name(s->health));
    if (!item) return NULL;
    json_object_set_new(item, "verified", time_or_null(c->verified));
    json_object_set_new(item, "verified_how", text_or_null(c->verified_how));
    json_object_set_new(item, "seen", time_or_null(s->seen));
    json_object_set_new(item, "checked", time_or_null(s->checked));
    json_object_set_new(item, "checks", json_integer(s->checks));
    json_object_set_new(item, "answers", json_integer(s->answers));
    json_object_set_new(item, "bounces", json_integer(s->bounces));
    json_object_set_new(item, "answer_s", isnan(s->answer_s) ? json_null() : json_real(s->answer_s));
    json_object_set_new(item, "hops", isnan(s->hops) ? json_null() : json_real(s->hops));
    json_object_set_new(item, "waiting", json_boolean(s->waiting));
    json_object_set_new(item, "disabled", json_boolean(c->disabled));
    json_object_set_new(item, "source", source_of(&c->record));
    return item;
}

static json_t *contacts_of(const struct eki_desk_view *view, uint32_t team)
{
    size_t count;
    const struct eki_contact_point *c = eki_directory_contacts(view->directory, &count);
    json_t *items = json_array();
    for (uint32_t i = 0; i < count; i++)
        if (c[i].team_at == team) json_array_append_new(items, show_contact(view, i));
    return items;
}

static json_t *departments_of(const struct eki_desk_view *view, uint32_t team)
{
    size_t count;
    const struct eki_department *d = eki_directory_departments(view->directory, &count);
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        if (d[i].team_at == team)
            json_array_append_new(items,
                                  json_pack("{s:I,s:s,s:s,s:o,s:o,s:i}", "row",
                                            (json_int_t)eki_desk_row_of(view, &d[i].record), "id", d[i].id,
                                            "name", d[i].name, "name_ja", text_or_null(d[i].name_ja),
                                            "parent", text_or_null(d[i].parent), "depth", (int)d[i].depth));
    return items;
}

static json_t *networks_of(const struct eki_desk_view *view, uint32_t team)
{
    size_t count;
    const struct eki_network *n = eki_directory_networks(view->directory, &count);
    json_t *items = json_array();
    for (uint32_t i = 0; i < count && json_array_size(items) < CARD_NETWORKS; i++)
        if (n[i].team_at == team) json_array_append_new(items, eki_show_network(view, i));
    return items;
}

static json_t *keys_of(const struct eki_desk_view *view, uint32_t team)
{
    size_t count, contact_count;
    const struct eki_key *k = eki_directory_records(view->directory, EKI_RECORD_KEY, &count);
    const struct eki_contact_point *c = eki_directory_contacts(view->directory, &contact_count);
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++) {
        uint32_t owner = k[i].contact_at != EKI_NOWHERE ? c[k[i].contact_at].team_at : k[i].team_at;
        if (owner != team) continue;
        json_array_append_new(
            items, json_pack("{s:I,s:s,s:s,s:o,s:o}", "row", (json_int_t)eki_desk_row_of(view, &k[i].record),
                             "type", eki_key_type_name(k[i].type), "fingerprint", k[i].fingerprint, "contact",
                             text_or_null(k[i].contact), "expires", date_or_null(k[i].expires)));
    }
    return items;
}

static json_t *business_of(const struct eki_desk_view *view, const struct eki_team *team)
{
    static const char *const states[] = {"unknown", "open", "closed"};
    struct eki_business b = eki_team_business(team, eki_directory_now(view->directory));
    return json_pack("{s:s,s:o,s:o,s:o}", "state", states[b.state], "next", time_or_null(b.next), "holiday",
                     text_or_null(b.holiday.name), "holiday_ja", text_or_null(b.holiday.name_ja));
}

/* The card as text; null when it could not be written. */
static json_t *printed(const struct eki_desk_view *view, uint32_t at, bool japanese)
{
    struct eki_buffer text = {0};
    FILE *out = eki_buffer_open(&text);
    enum eki_error error =
        out ? eki_report_card(view->directory, at, NULL, japanese ? EKI_JAPANESE : EKI_ENGLISH, out)
            : EKI_ERROR_MEMORY;
    if (out && fclose(out)) error = EKI_ERROR_MEMORY;
    json_t *json = error || !text.bytes ? json_null() : json_stringn(text.bytes, text.length);
    eki_buffer_done(&text);
    return json;
}

json_t *eki_show_card(const struct eki_desk_view *view, uint32_t at, bool japanese)
{
    const struct eki_team *t = team_at(view, at);
    const struct {
        const char *key, *text;
    } lines[] = {{"constituency", t->constituency},
                 {"authority", t->authority},
                 {"sharing", t->sharing},
                 {"website", t->website},
                 {"postal", t->postal},
                 {"time_zone", t->time_zone},
                 {"hours", t->hours},
                 {"holidays", t->holidays}};
    json_t *item = eki_show_team(view, at);
    if (!item) return NULL;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        json_object_set_new(item, lines[i].key, text_or_null(lines[i].text));
    json_object_set_new(item, "languages", texts(t->languages));
    json_object_set_new(item, "groups", texts(t->groups));
    json_object_set_new(item, "handles", texts(t->handles));
    json_object_set_new(item, "pilot", json_boolean(t->pilot));
    json_object_set_new(item, "business", business_of(view, t));
    json_object_set_new(item, "departments", departments_of(view, at));
    json_object_set_new(item, "contact_points", contacts_of(view, at));
    json_object_set_new(item, "keys", keys_of(view, at));
    json_object_set_new(item, "resources", networks_of(view, at));
    json_object_set_new(item, "card", printed(view, at, japanese));
    return item;
}

json_t *eki_show_due(const struct eki_desk_view *view, const struct eki_due *due)
{
    size_t count;
    const struct eki_contact_point *c = eki_directory_contacts(view->directory, &count) + due->contact;
    const struct eki_contact_state *s = eki_directory_contact_state(view->directory, due->contact);
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:b,s:b}", "contact", c->id, "team", c->team, "medium",
                     eki_medium_name(c->medium), "address", c->address, "health", eki_health_name(s->health),
                     "due", due->due ? time_or_null(due->due) : json_null(), "seen", time_or_null(s->seen),
                     "retry", (int)due->retry, "waiting", (int)s->waiting);
}

json_t *eki_show_line(const char *line)
{
    json_t *object = *line ? json_loads(line, 0, NULL) : NULL;
    return object ? object : json_null();
}
