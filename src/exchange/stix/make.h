/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_STIX_MAKE_H
#define EKI_EXCHANGE_STIX_MAKE_H
/* A STIX bundle on its way: what its parts (write.c, suite_write.c, contact_write.c) share. */
#include "exchange/format.h"
#include "exchange/json.h"
#include "exchange/stix/suite.h"

enum { EKI_STIX_ID = 96 };

struct eki_stix_bundle {
    struct eki_json j;
    const struct eki_incident *incident;
    enum eki_tlp label;
    bool marked;
    char identity[EKI_STIX_ID], event[EKI_STIX_ID], malware[EKI_STIX_ID];
    json_t *told; /* ids of what stands in it, where two things may be the same */
};

/* The id of an object of the incident: it follows from type, incident and name alone. Returns ret_id. */
const char *eki_stix_make_id(const char *type, const struct eki_stix_bundle *b, const char *name,
                             char ret_id[EKI_STIX_ID]);
/* The id of an observable with one member "value" (STIX 2.1, 2.9). Returns ret_id. */
const char *eki_stix_observable_id(const char *type, const char *value, char ret_id[EKI_STIX_ID]);
/* The id of the infrastructure that stands for a host. Returns ret_id. */
const char *eki_stix_host_id(const struct eki_stix_bundle *b, const struct eki_incident_host *host,
                             char ret_id[EKI_STIX_ID]);

/* The members every domain object begins with; the object stays open. */
void eki_stix_begin(struct eki_stix_bundle *b, const char *type, const char *id);
/* An observable with one member "value". */
void eki_stix_observable(struct eki_stix_bundle *b, const char *type, const char *value, const char *id);
/* A list of one text under a key. */
void eki_stix_list(struct eki_json *j, const char *key, const char *only);
/* A relationship without times and confidence. */
void eki_stix_relate(struct eki_stix_bundle *b, const char *type, const char *from, const char *to);

/* Opens "extensions" with one extension of a type: member after member, until eki_stix_extension_end. */
void eki_stix_extension(struct eki_stix_bundle *b, const char *id, const char *type);
void eki_stix_extension_end(struct eki_stix_bundle *b);

/* True, once, for an id that does not stand in the bundle yet. False, with j.failed, without memory. */
bool eki_stix_is_new(struct eki_stix_bundle *b, const char *id);

/* Objects of the incident extension suite: events, tasks and impacts (suite_write.c). */
void eki_stix_write_suite(struct eki_stix_bundle *b);
/* Members of the incident core extension that name them. EKI_ERROR_MEMORY. */
enum eki_error eki_stix_write_core(struct eki_stix_bundle *b);

/* Who tells it and whom to ask, with the contact extension of identities (contact_write.c). */
void eki_stix_write_teams(struct eki_stix_bundle *b);

#endif
