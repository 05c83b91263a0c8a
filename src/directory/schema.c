/* SPDX-License-Identifier: Apache-2.0 */
/* The tables themselves. The order of the fields is that of the file. */
#include "directory/schema.h"

#include <string.h>

static const char *const roles[] = {"poc", "technical", "abuse", "noc", "executive", "legal", NULL};
static const char *const media[] = {"email", "phone", "web", "fax", NULL};
static const char *const outcomes[] = {"waiting", "answered", "bounced", "silent", "wrong-person", NULL};
static const char *const key_types[] = {"openpgp", "smime", "bundle", NULL};
static const char *const resources[] = {"prefix", "domain", "as", "country", NULL};

#define FIELD(type, member, form_, needed_)                                                                  \
    {                                                                                                        \
        .key = #member, .form = form_, .needed = needed_, .place = offsetof(struct type, member)             \
    }
#define CHOICE(type, member, choices_)                                                                       \
    {                                                                                                        \
        .key = #member, .form = EKI_FORM_CHOICE, .needed = true, .place = offsetof(struct type, member),     \
        .choices = choices_                                                                                  \
    }
/* The end of each table: where a record comes from, and who may be told. */
#define ORIGIN                                                                                               \
    {.key = "source", .form = EKI_FORM_TEXT, .place = offsetof(struct eki_record, source)},                  \
        {.key = "entered", .form = EKI_FORM_TIME, .place = offsetof(struct eki_record, entered)},            \
    {                                                                                                        \
        .key = "tlp", .form = EKI_FORM_LABEL, .place = offsetof(struct eki_record, label)                    \
    }

static const struct eki_schema_field group_fields[] = {
    FIELD(eki_group, id, EKI_FORM_ID, true), FIELD(eki_group, name, EKI_FORM_TEXT, true),
    FIELD(eki_group, name_ja, EKI_FORM_TEXT, false), FIELD(eki_group, purpose, EKI_FORM_PROSE, false),
    ORIGIN};

static const struct eki_schema_field team_fields[] = {FIELD(eki_team, id, EKI_FORM_ID, true),
                                                      FIELD(eki_team, name, EKI_FORM_TEXT, true),
                                                      FIELD(eki_team, name_ja, EKI_FORM_TEXT, false),
                                                      FIELD(eki_team, host, EKI_FORM_TEXT, false),
                                                      FIELD(eki_team, sector, EKI_FORM_TEXT, false),
                                                      FIELD(eki_team, country, EKI_FORM_COUNTRY, false),
                                                      FIELD(eki_team, region, EKI_FORM_TEXT, false),
                                                      FIELD(eki_team, constituency, EKI_FORM_PROSE, false),
                                                      FIELD(eki_team, authority, EKI_FORM_PROSE, false),
                                                      FIELD(eki_team, sharing, EKI_FORM_PROSE, false),
                                                      FIELD(eki_team, website, EKI_FORM_TEXT, false),
                                                      FIELD(eki_team, postal, EKI_FORM_PROSE, false),
                                                      FIELD(eki_team, time_zone, EKI_FORM_ZONE, false),
                                                      FIELD(eki_team, hours, EKI_FORM_HOURS, false),
                                                      FIELD(eki_team, holidays, EKI_FORM_ID, false),
                                                      FIELD(eki_team, languages, EKI_FORM_LIST, false),
                                                      FIELD(eki_team, groups, EKI_FORM_LIST, false),
                                                      FIELD(eki_team, handles, EKI_FORM_LIST, false),
                                                      FIELD(eki_team, founded, EKI_FORM_DATE, false),
                                                      FIELD(eki_team, joined, EKI_FORM_DATE, false),
                                                      FIELD(eki_team, left, EKI_FORM_DATE, false),
                                                      FIELD(eki_team, tier, EKI_FORM_TIER, false),
                                                      FIELD(eki_team, pilot, EKI_FORM_FLAG, false),
                                                      ORIGIN};

static const struct eki_schema_field department_fields[] = {
    FIELD(eki_department, id, EKI_FORM_ID, true),         FIELD(eki_department, team, EKI_FORM_ID, true),
    FIELD(eki_department, parent, EKI_FORM_ID, false),    FIELD(eki_department, name, EKI_FORM_TEXT, true),
    FIELD(eki_department, name_ja, EKI_FORM_TEXT, false), ORIGIN};

static const struct eki_schema_field contact_fields[] = {
    FIELD(eki_contact_point, id, EKI_FORM_ID, true),
    FIELD(eki_contact_point, team, EKI_FORM_ID, true),
    FIELD(eki_contact_point, department, EKI_FORM_ID, false),
    CHOICE(eki_contact_point, role, roles),
    FIELD(eki_contact_point, name, EKI_FORM_TEXT, false),
    CHOICE(eki_contact_point, medium, media),
    FIELD(eki_contact_point, address, EKI_FORM_TEXT, true),
    FIELD(eki_contact_point, languages, EKI_FORM_LIST, false),
    FIELD(eki_contact_point, verified, EKI_FORM_TIME, false),
    FIELD(eki_contact_point, verified_how, EKI_FORM_TEXT, false),
    FIELD(eki_contact_point, answered, EKI_FORM_TIME, false),
    FIELD(eki_contact_point, bounced, EKI_FORM_TIME, false),
    FIELD(eki_contact_point, bounces, EKI_FORM_COUNT, false),
    FIELD(eki_contact_point, disabled, EKI_FORM_FLAG, false),
    ORIGIN};

static const struct eki_schema_field key_fields[] = {FIELD(eki_key, team, EKI_FORM_ID, false),
                                                     FIELD(eki_key, contact, EKI_FORM_ID, false),
                                                     CHOICE(eki_key, type, key_types),
                                                     FIELD(eki_key, fingerprint, EKI_FORM_FINGERPRINT, true),
                                                     FIELD(eki_key, expires, EKI_FORM_DATE, false),
                                                     ORIGIN};

static const struct eki_schema_field network_fields[] = {
    FIELD(eki_network, prefix, EKI_FORM_PREFIX, false),
    FIELD(eki_network, domain, EKI_FORM_DOMAIN, false),
    FIELD(eki_network, asn, EKI_FORM_ASN, false),
    FIELD(eki_network, country, EKI_FORM_COUNTRY, false),
    FIELD(eki_network, name, EKI_FORM_TEXT, false),
    FIELD(eki_network, team, EKI_FORM_ID, false),
    FIELD(eki_network, department, EKI_FORM_ID, false),
    FIELD(eki_network, origin, EKI_FORM_ASN, false),
    FIELD(eki_network, in_country, EKI_FORM_COUNTRY, false),
    FIELD(eki_network, whole, EKI_FORM_FLAG, false),
    ORIGIN};

static const struct eki_schema_field annotation_fields[] = {
    FIELD(eki_annotation, team, EKI_FORM_ID, false),
    FIELD(eki_annotation, contact, EKI_FORM_ID, false),
    FIELD(eki_annotation, network, EKI_FORM_ID, false),
    FIELD(eki_annotation, text, EKI_FORM_PROSE, true),
    FIELD(eki_annotation, condition, EKI_FORM_TEXT, false),
    FIELD(eki_annotation, expires, EKI_FORM_TIME, false),
    FIELD(eki_annotation, inhibit, EKI_FORM_FLAG, false),
    ORIGIN};

static const struct eki_schema_field check_fields[] = {FIELD(eki_check, contact, EKI_FORM_ID, true),
                                                       FIELD(eki_check, sent, EKI_FORM_TIME, true),
                                                       CHOICE(eki_check, outcome, outcomes),
                                                       FIELD(eki_check, answered, EKI_FORM_TIME, false),
                                                       FIELD(eki_check, hops, EKI_FORM_COUNT, false),
                                                       FIELD(eki_check, note, EKI_FORM_PROSE, false),
                                                       ORIGIN};

#define SCHEMA(name_, type, table)                                                                           \
    {                                                                                                        \
        .name = name_, .size = sizeof(struct type), .fields = table, .count = sizeof table / sizeof *table   \
    }

static const struct eki_schema schemas[EKI_RECORD_KINDS] = {
    [EKI_RECORD_GROUP] = SCHEMA("group", eki_group, group_fields),
    [EKI_RECORD_TEAM] = SCHEMA("team", eki_team, team_fields),
    [EKI_RECORD_DEPARTMENT] = SCHEMA("department", eki_department, department_fields),
    [EKI_RECORD_CONTACT] = SCHEMA("contact", eki_contact_point, contact_fields),
    [EKI_RECORD_KEY] = SCHEMA("key", eki_key, key_fields),
    [EKI_RECORD_NETWORK] = SCHEMA("network", eki_network, network_fields),
    [EKI_RECORD_ANNOTATION] = SCHEMA("annotation", eki_annotation, annotation_fields),
    [EKI_RECORD_CHECK] = SCHEMA("check", eki_check, check_fields)};

const struct eki_schema *eki_schema_of(enum eki_record_kind kind)
{
    return &schemas[kind];
}

const struct eki_schema_field *eki_schema_field(const struct eki_schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->count; i++)
        if (!strcmp(schema->fields[i].key, key)) return &schema->fields[i];
    return NULL;
}

static const char *name_of(const char *const *names, unsigned count, unsigned which)
{
    return which < count ? names[which] : "?";
}

const char *eki_record_kind_name(enum eki_record_kind kind)
{
    return (unsigned)kind < EKI_RECORD_KINDS ? schemas[kind].name : "?";
}

const char *eki_contact_role_name(enum eki_contact_role role)
{
    return name_of(roles, EKI_ROLES, role);
}

const char *eki_medium_name(enum eki_medium medium)
{
    return name_of(media, EKI_MEDIA, medium);
}

const char *eki_resource_name(enum eki_resource resource)
{
    return name_of(resources, EKI_RESOURCES, resource);
}

const char *eki_check_outcome_name(enum eki_check_outcome outcome)
{
    return name_of(outcomes, EKI_CHECK_OUTCOMES, outcome);
}

const char *eki_key_type_name(enum eki_key_type type)
{
    return name_of(key_types, 3, type);
}
