/* SPDX-License-Identifier: Apache-2.0 */
/* Teams as identities, with the contact extension of identities: addresses of mail are observables. */
#include <stdio.h>
#include <string.h>

#include "exchange/stix/make.h"
#include "exchange/uuid.h"

static void write_contact(struct eki_stix_bundle *b, const struct eki_incident_team *team, const char *mail)
{
    if (!mail && !team->phone) return;
    eki_stix_extension(b, EKI_STIX_CONTACT, "property-extension");
    if (team->phone) {
        eki_json_key(&b->j, "contact_numbers");
        eki_json_array(&b->j);
        eki_json_object(&b->j);
        eki_json_put(&b->j, "contact_number", team->phone);
        eki_json_put(&b->j, "contact_number_type", "work-phone");
        eki_json_end(&b->j);
        eki_json_end(&b->j);
    }
    if (mail) {
        eki_json_key(&b->j, "email_addresses");
        eki_json_array(&b->j);
        eki_json_object(&b->j);
        eki_json_put(&b->j, "email_address_ref", mail);
        eki_json_put(&b->j, "digital_contact_type", "organizational");
        eki_json_end(&b->j);
        eki_json_end(&b->j);
    }
    eki_stix_extension_end(b);
}

static void write_team(struct eki_stix_bundle *b, const struct eki_incident_team *team, const char *id)
{
    char mail[EKI_STIX_ID];
    if (team->mail) eki_stix_observable_id("email-addr", team->mail, mail);
    eki_stix_begin(b, "identity", id);
    eki_json_put(&b->j, "name", team->name);
    eki_json_put(&b->j, "identity_class", "organization");
    eki_json_put(&b->j, "contact_information", team->mail);
    write_contact(b, team, team->mail ? mail : NULL);
    eki_json_end(&b->j);
    if (team->mail && eki_stix_is_new(b, mail)) eki_stix_observable(b, "email-addr", team->mail, mail);
}

void eki_stix_write_teams(struct eki_stix_bundle *b)
{
    const struct eki_incident *incident = b->incident;
    char name[600], id[EKI_STIX_ID];
    write_team(b, &incident->reporter, b->identity);
    for (size_t i = 0; i < incident->team_count; i++) {
        const struct eki_incident_team *team = &incident->teams[i];
        if (!team->name || (incident->reporter.name && !strcmp(team->name, incident->reporter.name)))
            continue;
        snprintf(name, sizeof name, "%.200s\x1f%.200s\x1f%.100s", team->name, team->mail ? team->mail : "",
                 team->phone ? team->phone : "");
        eki_stix_make_id("identity", b, name, id);
        if (!eki_stix_is_new(b, id)) continue;
        write_team(b, team, id);
        eki_stix_relate(b, "contact-for", id, b->event);
    }
}
