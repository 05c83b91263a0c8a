/* SPDX-License-Identifier: Apache-2.0 */
/* An answer as one JSON object. */
#include <math.h>

#include "base/json_write.h"
#include "directory/records.h"
#include "ekigaku/directory_label.h"

static void put(struct eki_json *j, const char *key, const char *text)
{
    if (!text) return;
    eki_json_key(j, key);
    eki_json_text(j, text);
}

static void put_time(struct eki_json *j, const char *key, eki_time time)
{
    if (time == EKI_TIME_NONE) return;
    eki_json_key(j, key);
    eki_json_time(j, time);
}

static void put_days(struct eki_json *j, const char *key, eki_time from, eki_time now)
{
    if (from == EKI_TIME_NONE) return;
    eki_json_key(j, key);
    eki_json_fixed(j, floor(eki_time_since(now, from) / 86400), 0);
}

static void put_contact(struct eki_json *j, const struct eki_directory *d, const char *key, uint32_t at)
{
    eki_json_key(j, key);
    if (at == EKI_NOWHERE) {
        eki_json_null(j);
        return;
    }
    const struct eki_contact_point *c =
        (const struct eki_contact_point *)d->of[EKI_RECORD_CONTACT].items + at;
    const struct eki_contact_state *s = &d->states[at];
    eki_json_object(j);
    put(j, "id", c->id);
    put(j, "team", c->team);
    put(j, "department", c->department);
    put(j, "role", eki_contact_role_name(c->role));
    put(j, "name", c->name);
    put(j, "medium", eki_medium_name(c->medium));
    put(j, "address", c->address);
    put(j, "health", eki_health_name(s->health));
    put(j, "source", c->record.source ? c->record.source : "by hand");
    put_time(j, "verified", c->verified);
    put(j, "verified_how", c->verified_how);
    put_time(j, "last_seen", s->seen);
    put_days(j, "last_seen_days", s->seen, d->now);
    eki_json_end(j);
}

static void put_claim(struct eki_json *j, const struct eki_directory *d, const struct eki_claim *claim)
{
    const struct eki_network *n =
        (const struct eki_network *)d->of[EKI_RECORD_NETWORK].items + claim->network;
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    char text[EKI_RESOURCE_TEXT];
    eki_json_object(j);
    put(j, "verdict", eki_claim_verdict_name(claim->verdict));
    put(j, "by", eki_resource_name(claim->resource));
    put(j, "resource", eki_network_format(n, text));
    put(j, "team", n->team);
    put(j, "department", n->department);
    put(j, "source", n->record.source ? n->record.source : "by hand");
    put_time(j, "entered", n->record.entered);
    put_days(j, "age_days", n->record.entered, d->now);
    if (claim->contact != EKI_NOWHERE) put(j, "contact", contacts[claim->contact].id);
    if (claim->contradicted) {
        eki_json_key(j, "contradicted");
        eki_json_bool(j, true);
    }
    eki_json_end(j);
}

static void put_owner(struct eki_json *j, const struct eki_directory *d, const struct eki_answer *a)
{
    const struct eki_team *teams = d->of[EKI_RECORD_TEAM].items;
    const struct eki_department *departments = d->of[EKI_RECORD_DEPARTMENT].items;
    eki_json_key(j, "team");
    if (a->team == EKI_NOWHERE) {
        eki_json_null(j);
    } else {
        eki_json_object(j);
        put(j, "id", teams[a->team].id);
        put(j, "name", teams[a->team].name);
        put(j, "name_ja", teams[a->team].name_ja);
        put(j, "time_zone", teams[a->team].time_zone);
        put(j, "hours", teams[a->team].hours);
        eki_json_end(j);
    }
    if (a->department != EKI_NOWHERE) put(j, "department", departments[a->department].id);
}

enum eki_error eki_answer_write_json(const struct eki_directory *d, const struct eki_answer *a,
                                     const char *question, FILE *out)
{
    const struct eki_annotation *annotations = d->of[EKI_RECORD_ANNOTATION].items;
    struct eki_json j = eki_json_to_file(out, false);
    eki_json_object(&j);
    put(&j, "question", question);
    put_owner(&j, d, a);
    put_contact(&j, d, "contact", a->contact);
    if (a->first != a->contact) put_contact(&j, d, "first_choice", a->first);
    if (a->asn) {
        eki_json_key(&j, "asn");
        eki_json_unsigned(&j, a->asn);
    }
    if (a->country[0]) put(&j, "country", a->country);
    put(&j, "tlp", eki_tlp_text(eki_answer_label(d, a)));
    eki_json_key(&j, "inhibited");
    eki_json_bool(&j, a->inhibited);
    eki_json_key(&j, "candidates");
    eki_json_unsigned(&j, a->candidates);
    eki_json_key(&j, "claims");
    eki_json_array(&j);
    for (size_t i = 0; i < a->claim_count; i++) put_claim(&j, d, &a->claims[i]);
    eki_json_end(&j);
    eki_json_key(&j, "remarks");
    eki_json_array(&j);
    for (size_t i = 0; i < a->remark_count; i++) {
        eki_json_object(&j);
        put(&j, "text", annotations[a->remarks[i]].text);
        put_time(&j, "expires", annotations[a->remarks[i]].expires);
        eki_json_end(&j);
    }
    eki_json_end(&j);
    eki_json_end(&j);
    fputc('\n', out);
    return j.failed || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
