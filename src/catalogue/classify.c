/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that assign classes. What they do stands in words beside the classes (catalogue/measures.yaml,
 * `rule`). */
#include "ekigaku/catalogue.h"

#include <stdlib.h>
#include <strings.h>

enum { RE_EMERGES_AFTER_YEARS = 5 /* as src/outbreak/family.c */ };

static const char *name_of(const char *const *names, unsigned count, unsigned which)
{
    return which < count ? names[which] : "?";
}

const char *eki_malware_kind_name(enum eki_malware_kind kind)
{
    static const char *const names[] = {"virus", "worm", "trojan", "hybrid"};
    return name_of(names, 4, (unsigned)kind);
}

const char *eki_route_name(enum eki_route route)
{
    static const char *const names[] = {"contact", "droplet", "airborne"};
    return name_of(names, 3, (unsigned)route);
}

const char *eki_confidence_name(enum eki_confidence confidence)
{
    static const char *const names[] = {"low", "medium", "high"};
    return name_of(names, 3, (unsigned)confidence);
}

static enum eki_malware_kind kind_of(const struct eki_case_facts *f)
{
    if (f->propagates) return f->infects_files ? EKI_KIND_HYBRID : EKI_KIND_WORM;
    return f->infects_files ? EKI_KIND_VIRUS : EKI_KIND_TROJAN;
}

static enum eki_route route_of(const struct eki_case_facts *f)
{
    if (f->needs_contact) return EKI_ROUTE_CONTACT;
    return f->needs_user ? EKI_ROUTE_DROPLET : EKI_ROUTE_AIRBORNE;
}

struct eki_classification eki_classify(const struct eki_case_facts *f)
{
    struct eki_classification c = {.kind = kind_of(f), .route = route_of(f)};
    if (f->propagates && !f->seen_before) {
        c.measure_class = "novel";
        c.why = "spreads by itself and was never seen before";
    } else if (f->propagates && !f->seen_lately) {
        c.measure_class = "re-emerging";
        c.why = "spreads by itself, was known, and was not seen for five years";
    } else if (f->propagates) {
        c.measure_class = f->destroys ? "I" : f->steals ? "II" : "III";
        c.why = f->destroys ? "spreads by itself and destroys data or systems"
                : f->steals ? "spreads by itself and opens hosts to others or steals"
                            : "spreads by itself and does nothing else";
    } else {
        c.measure_class = f->destroys || f->steals ? "IV" : "V";
        c.why = f->destroys || f->steals ? "comes with contact or a click, and spreads no further by itself"
                                         : "neither spreads by itself nor destroys nor steals";
    }
    return c;
}

const char *eki_catalogue_class_in(const struct eki_catalogue *catalogue, const char *family, int year,
                                   const char **ret_known)
{
    const struct eki_family *found = NULL;
    for (size_t i = 0; i < catalogue->family_count && !found; i++)
        if (!strcasecmp(catalogue->families[i].id, family)) found = &catalogue->families[i];
    if (!found) return NULL;
    bool back = year - strtol(found->first, NULL, 10) > RE_EMERGES_AFTER_YEARS;
    *ret_known = back ? "re-emerging" : "known";
    return back ? "re-emerging" : found->measure_class;
}
