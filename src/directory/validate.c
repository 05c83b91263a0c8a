/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold within one record. */
#include <stdarg.h>
#include <string.h>

#include "directory/schema.h"

enum eki_error eki_directory_wrong(struct eki_fault *ret_fault, uint32_t line, const char *key,
                                   const char *format, ...)
{
    if (!ret_fault) return EKI_ERROR_CORRUPT;
    size_t used = 0, room = sizeof ret_fault->what;
    va_list arguments;
    *ret_fault = (struct eki_fault){0};
    if (line) used = (size_t)snprintf(ret_fault->what, room, "line %u: ", line);
    if (key) used += (size_t)snprintf(ret_fault->what + used, room - used, "key \"%.40s\": ", key);
    va_start(arguments, format);
    vsnprintf(ret_fault->what + used, room - used, format, arguments);
    va_end(arguments);
    return EKI_ERROR_CORRUPT;
}

static enum eki_error validate_network(const struct eki_network *n, uint32_t line, struct eki_fault *fault)
{
    int about = n->has_prefix + !!n->domain + !!n->asn + !!n->country;
    if (about != 1)
        return eki_directory_wrong(fault, line, about ? "domain" : "prefix",
                                   "exactly one of prefix, domain, asn and country is needed");
    if ((n->origin || n->in_country) && !n->has_prefix)
        return eki_directory_wrong(fault, line, n->origin ? "origin" : "in_country",
                                   "belongs to a prefix only");
    if (!n->team && !n->origin && !n->in_country)
        return eki_directory_wrong(fault, line, "team", "is missing");
    if (n->department && !n->team) return eki_directory_wrong(fault, line, "team", "is missing");
    if (n->whole && n->record.source)
        return eki_directory_wrong(fault, line, "whole", "is for records entered by hand");
    return EKI_OK;
}

static enum eki_error validate_check(const struct eki_check *c, uint32_t line, struct eki_fault *fault)
{
    bool answered = c->outcome == EKI_CHECK_ANSWERED || c->outcome == EKI_CHECK_WRONG_PERSON;
    if (answered != (c->answered != EKI_TIME_NONE))
        return eki_directory_wrong(fault, line, "answered",
                                   answered ? "is missing" : "contradicts the outcome");
    if (answered && c->answered < c->sent)
        return eki_directory_wrong(fault, line, "answered", "is before it was sent");
    return EKI_OK;
}

static enum eki_error validate_kind(enum eki_record_kind kind, const void *record, uint32_t line,
                                    struct eki_fault *fault)
{
    const struct eki_key *key = record;
    const struct eki_annotation *annotation = record;
    switch (kind) {
    case EKI_RECORD_NETWORK: return validate_network(record, line, fault);
    case EKI_RECORD_CHECK: return validate_check(record, line, fault);
    case EKI_RECORD_KEY:
        if (!key->team == !key->contact)
            return eki_directory_wrong(fault, line, "team", "either a team or a contact is needed");
        if (key->type == EKI_KEY_BUNDLE && (!key->team || strlen(key->fingerprint) != 64))
            return eki_directory_wrong(fault, line, "fingerprint",
                                       "a key of bundles is a team's and has 64 digits");
        return EKI_OK;
    case EKI_RECORD_ANNOTATION:
        if (!!annotation->team + !!annotation->contact + !!annotation->network != 1)
            return eki_directory_wrong(fault, line, "team",
                                       "exactly one of team, contact and network is needed");
        return EKI_OK;
    case EKI_RECORD_TEAM:
        if (((const struct eki_team *)record)->holidays &&
            strcmp(((const struct eki_team *)record)->holidays, "jp"))
            return eki_directory_wrong(fault, line, "holidays", "only \"jp\" is known");
        return EKI_OK;
    default: return EKI_OK;
    }
}

enum eki_error eki_schema_validate(enum eki_record_kind kind, const void *record, uint32_t line,
                                   struct eki_fault *ret_fault)
{
    const struct eki_schema *schema = eki_schema_of(kind);
    for (size_t i = 0; i < schema->count; i++)
        if (schema->fields[i].needed && !eki_schema_has(&schema->fields[i], record))
            return eki_directory_wrong(ret_fault, line, schema->fields[i].key, "is missing");
    return validate_kind(kind, record, line, ret_fault);
}
