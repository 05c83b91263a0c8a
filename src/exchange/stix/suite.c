/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the incident extension suite (OASIS common object repository, draft 2.0 of October 2023). */
#include "exchange/stix/suite.h"

#include <stdio.h>
#include <string.h>

#include "exchange/stix/make.h"
#include "exchange/uuid.h"

const char *eki_stix_id_of(const char *type, const char *incident, const char *name, char *ret_id)
{
    char uuid[EKI_UUID_TEXT], key[256];
    snprintf(key, sizeof key, "%s %s", type, incident);
    snprintf(ret_id, EKI_STIX_ID, "%s--%s", type, eki_uuid_derived(key, name, uuid));
    return ret_id;
}

static bool is_in(const char *const *words, const char *word)
{
    for (; word && *words; words++)
        if (!strcmp(*words, word)) return true;
    return false;
}

bool eki_stix_is_status(const char *word)
{
    static const char *const words[] = {"ongoing", "occurred",     "not-occurred",
                                        "pending", "undetermined", NULL};
    return is_in(words, word);
}

bool eki_stix_is_outcome(const char *word)
{
    static const char *const words[] = {"cancelled",  "failed",  "ongoing", "pending",
                                        "successful", "unknown", NULL};
    return is_in(words, word);
}

bool eki_stix_is_stage(const char *word)
{
    static const char *const words[] = {"new", "open", "closed", NULL};
    return is_in(words, word);
}

static const char *const losses[] = {"confirmed-loss", "contained", "exploited-loss",
                                     "suspected-loss", "none",      NULL};
static const char *const alterations[] = {"potential-destruction",
                                          "potential-modification",
                                          "partial-destruction",
                                          "partial-modification",
                                          "full-destruction",
                                          "full-modification",
                                          "none",
                                          NULL};
static const char *const damages[] = {"damaged-functional", "damaged-nonfunctional", "destruction", "none",
                                      NULL};
static const char *const traces[] = {"accountability-lost", "partial-accountability",
                                     "provable-accountability", NULL};

static const struct eki_stix_category categories[] = {
    {"availability", NULL, NULL, NULL},
    {"confidentiality", "information_type", "loss_type", losses},
    {"external", NULL, "impact_type", NULL},
    {"integrity", "information_type", "alteration", alterations},
    {"monetary", "currency", "variety", NULL},
    {"physical", "asset_type", "impact_type", damages},
    {"traceability", NULL, "traceability_impact", traces},
};

const struct eki_stix_category *eki_stix_category(const char *name)
{
    for (size_t i = 0; name && i < sizeof categories / sizeof *categories; i++)
        if (!strcmp(categories[i].name, name)) return &categories[i];
    return NULL;
}

bool eki_stix_is_how(const struct eki_stix_category *category, const char *word)
{
    return word && *word && (!category->words || is_in(category->words, word));
}
