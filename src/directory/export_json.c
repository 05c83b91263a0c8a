/* SPDX-License-Identifier: Apache-2.0 */
/* Team lists in the form of FIRST and of the Trusted Introducer. */
#include <string.h>

#include "base/json_write.h"
#include "directory/choice.h"
#include "directory/export.h"

uint32_t eki_export_contact(const struct eki_directory *d, uint32_t team, enum eki_medium medium)
{
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    for (uint32_t i = d->contact_starts[team]; i < d->contact_starts[team + 1]; i++)
        if (contacts[d->contact_order[i]].medium == medium) return d->contact_order[i];
    return EKI_NOWHERE;
}

static void put(struct eki_json *j, const char *key, const char *text)
{
    if (!text || !*text) return;
    eki_json_key(j, key);
    eki_json_text(j, text);
}

static void put_date(struct eki_json *j, const char *key, struct eki_date date)
{
    char text[16];
    put(j, key, eki_date_format(date, text));
}

static const struct eki_key *key_of(const struct eki_directory *d, uint32_t team, size_t *at)
{
    const struct eki_key *keys = d->of[EKI_RECORD_KEY].items;
    for (; *at < d->of[EKI_RECORD_KEY].count; ++*at)
        if (keys[*at].team_at == team && keys[*at].type == EKI_KEY_OPENPGP) return &keys[(*at)++];
    return NULL;
}

static void put_first_team(struct eki_json *j, const struct eki_directory *d, uint32_t at)
{
    const struct eki_team *t = (const struct eki_team *)d->of[EKI_RECORD_TEAM].items + at;
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    uint32_t email = eki_export_contact(d, at, EKI_MEDIUM_EMAIL);
    size_t from = 0;
    const struct eki_key *key = key_of(d, at, &from);
    eki_json_object(j);
    put(j, "id", strncmp(t->id, "first:", 6) ? t->id : t->id + 6);
    put(j, "team", t->name);
    put(j, "team-full", t->name);
    put(j, "host", t->host);
    put(j, "country", t->country);
    put(j, "constituency", t->constituency);
    put(j, "email", email == EKI_NOWHERE ? NULL : contacts[email].address);
    put(j, "website", t->website);
    put(j, "pgp-fingerprint", key ? key->fingerprint : NULL);
    put_date(j, "member-since", t->joined);
    eki_json_end(j);
}

void eki_export_first(const struct eki_directory *d, FILE *out)
{
    size_t count = d->of[EKI_RECORD_TEAM].count;
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_object(&j);
    put(&j, "status", "OK");
    eki_json_key(&j, "status-code");
    eki_json_unsigned(&j, 200);
    put(&j, "version", "1.0");
    eki_json_key(&j, "total");
    eki_json_unsigned(&j, count);
    eki_json_key(&j, "data");
    eki_json_array(&j);
    for (uint32_t i = 0; i < count; i++) put_first_team(&j, d, i);
    eki_json_end(&j);
    eki_json_end(&j);
    fputc('\n', out);
}

static void put_list_of_one(struct eki_json *j, const char *key, const char *text)
{
    eki_json_key(j, key);
    eki_json_array(j);
    eki_json_text(j, text);
    eki_json_end(j);
}

static void put_contacts(struct eki_json *j, const struct eki_directory *d, uint32_t team, bool phones)
{
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    eki_json_key(j, phones ? "phones" : "emails");
    eki_json_array(j);
    for (uint32_t i = d->contact_starts[team]; i < d->contact_starts[team + 1]; i++) {
        const struct eki_contact_point *c = &contacts[d->contact_order[i]];
        bool phone = c->medium == EKI_MEDIUM_PHONE || c->medium == EKI_MEDIUM_FAX;
        if (phones ? !phone : c->medium != EKI_MEDIUM_EMAIL) continue;
        eki_json_object(j);
        put(j, phones ? "number" : "address", c->address);
        put_list_of_one(j, "usage", !phones ? "contact" : c->medium == EKI_MEDIUM_FAX ? "fax" : "voice");
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void put_resources(struct eki_json *j, const struct eki_directory *d, uint32_t team,
                          enum eki_resource which)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    char text[EKI_RESOURCE_TEXT];
    eki_json_array(j);
    for (size_t i = 0; i < d->of[EKI_RECORD_NETWORK].count; i++) {
        if (networks[i].team_at != team || eki_network_resource(&networks[i]) != which) continue;
        if (which == EKI_RESOURCE_AS)
            eki_json_unsigned(j, networks[i].asn);
        else if (which == EKI_RESOURCE_COUNTRY) {
            eki_json_object(j);
            put(j, "code", networks[i].country);
            eki_json_end(j);
        } else
            eki_json_text(j, eki_network_format(&networks[i], text));
    }
    eki_json_end(j);
}

/* Whether the team is the last resort of a country: only then its countries may be written. */
static bool is_national(const struct eki_directory *d, uint32_t team)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    for (size_t i = 0; i < d->country_count; i++)
        if (networks[d->by_country[i]].team_at == team) return true;
    return false;
}

static void put_constituency(struct eki_json *j, const struct eki_directory *d, uint32_t at)
{
    const struct eki_team *t = (const struct eki_team *)d->of[EKI_RECORD_TEAM].items + at;
    static const struct {
        const char *key;
        enum eki_resource resource;
    } lists[] = {{"asns", EKI_RESOURCE_AS},
                 {"domains", EKI_RESOURCE_DOMAIN},
                 {"ipranges", EKI_RESOURCE_PREFIX},
                 {"countries", EKI_RESOURCE_COUNTRY}};
    eki_json_key(j, "constituency");
    eki_json_object(j);
    eki_json_key(j, "types");
    eki_json_array(j);
    if (t->sector) eki_json_text(j, t->sector);
    if (is_national(d, at) && (!t->sector || strncmp(t->sector, "National", 8))) eki_json_text(j, "National");
    eki_json_end(j);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        eki_json_key(j, lists[i].key);
        put_resources(j, d, at, lists[i].resource);
    }
    eki_json_end(j);
}

/* "mon-fri 09:00-17:30" as they write it; other hours are left out. */
static void put_hours(struct eki_json *j, const struct eki_team *t)
{
    char text[64];
    if (!t->hours) return;
    if (!strcmp(t->hours, "24/7")) put(j, "business_hours", "24/7");
    if (strlen(t->hours) != 19 || strncmp(t->hours, "mon-fri ", 8)) return;
    snprintf(text, sizeof text, "%.5s to %.5s Monday to Friday", t->hours + 8, t->hours + 14);
    put(j, "business_hours", text);
}

static void put_ti_team(struct eki_json *j, const struct eki_directory *d, uint32_t at)
{
    const struct eki_team *t = (const struct eki_team *)d->of[EKI_RECORD_TEAM].items + at;
    size_t from = 0;
    eki_json_object(j);
    put(j, "official_name", t->name);
    put(j, "short_name", strncmp(t->id, "ti:", 3) ? t->id : t->id + 3);
    if (t->country) {
        eki_json_key(j, "country");
        eki_json_object(j);
        put(j, "code", t->country);
        eki_json_end(j);
    }
    put_date(j, "established", t->founded);
    put(j, "host_organisation", t->host);
    if (t->joined.year) {
        eki_json_key(j, "classification");
        eki_json_object(j);
        put_date(j, "since", t->joined);
        eki_json_end(j);
    }
    put(j, "postal_address", t->postal);
    put_constituency(j, d, at);
    put_hours(j, t);
    put(j, "business_hours_timezone", t->time_zone);
    eki_json_key(j, "pgp_keys");
    eki_json_array(j);
    for (const struct eki_key *key; (key = key_of(d, at, &from));) {
        eki_json_object(j);
        put(j, "fingerprint", key->fingerprint);
        put_date(j, "expires", key->expires);
        eki_json_end(j);
    }
    eki_json_end(j);
    put_contacts(j, d, at, true);
    put_contacts(j, d, at, false);
    eki_json_end(j);
}

void eki_export_ti(const struct eki_directory *d, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_array(&j);
    for (uint32_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++) put_ti_team(&j, d, i);
    eki_json_end(&j);
    fputc('\n', out);
}
