/* SPDX-License-Identifier: Apache-2.0 */
/* What is known about malware: the catalogue that the program carries, as its commands print it. */
#include "ekigaku/catalogue.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ekigaku/report.h"
#include "web/handlers.h"
#include "web/web.h"

/* Points of a reference curve, over the first hour. */
enum { POINTS = 60 };
static const double hour = 3600, internet = 4294967296.0, local = 254;

typedef enum eki_error write_part(const struct eki_catalogue *catalogue, bool json, FILE *out);

/* What a command would print as JSON. NULL without memory. */
static json_t *json_of(struct eki_request *request, write_part *write)
{
    struct eki_buffer text = {0};
    FILE *out = eki_buffer_open(&text);
    enum eki_error error = out ? write(request->web->catalogue, true, out) : EKI_ERROR_MEMORY;
    if (out && fclose(out)) error = EKI_ERROR_MEMORY;
    json_t *json = error ? NULL : json_loadb(text.bytes, text.length, 0, NULL);
    eki_buffer_done(&text);
    return json;
}

static json_t *family_of(const struct eki_catalogue *catalogue, const struct eki_family *family)
{
    struct eki_buffer text = {0};
    FILE *out = eki_buffer_open(&text);
    enum eki_error error = out ? eki_catalogue_write_family(catalogue, family, true, out) : EKI_ERROR_MEMORY;
    if (out && fclose(out)) error = EKI_ERROR_MEMORY;
    json_t *json = error ? NULL : json_loadb(text.bytes, text.length, 0, NULL);
    eki_buffer_done(&text);
    return json;
}

void eki_catalogue_get(struct eki_request *request)
{
    const struct eki_catalogue *catalogue = request->web->catalogue;
    json_t *whole = json_of(request, eki_catalogue_write_classes), *families = json_array();
    for (size_t i = 0; i < catalogue->family_count; i++)
        json_array_append_new(families, family_of(catalogue, &catalogue->families[i]));
    json_object_set_new(whole, "families", families);
    eki_reply_json(request, 200, whole);
}

void eki_catalogue_family_get(struct eki_request *request)
{
    const struct eki_catalogue *catalogue = request->web->catalogue;
    const struct eki_family *family = eki_catalogue_family(catalogue, request->values[0]);
    if (family)
        eki_reply_json(request, 200, family_of(catalogue, family));
    else
        eki_problem(request, 404, "There is no family of this name.");
}

void eki_catalogue_lineage_get(struct eki_request *request)
{
    eki_reply_json(request, 200, json_of(request, eki_catalogue_write_lineage));
}

void eki_catalogue_timeline_get(struct eki_request *request)
{
    eki_reply_json(request, 200, json_of(request, eki_catalogue_write_timeline));
}

/* Distinct addresses after t seconds: at random over the Internet, n (1 - exp(-r t / n)) of n (Staniford,
 * Paxson, Weaver 2002, section 2); in order over one /24, r t until all are done. */
static json_t *curve(const struct eki_family *family, const struct eki_catalogue_value *value, bool in_order,
                     enum eki_language language)
{
    char label[120];
    double figure = strtod(value->value, NULL);
    double rate = in_order ? local / figure : figure;
    json_t *points = json_array();
    if (!(figure > 0)) return points;
    for (int i = 0; i <= POINTS; i++) {
        double t = hour * i / POINTS;
        double distinct = in_order ? fmin(local, rate * t) : -internet * expm1(-rate * t / internet);
        json_array_append_new(points, json_pack("[f, f]", t, distinct));
    }
    snprintf(label, sizeof label, language == EKI_JAPANESE ? "%.50s (%.60s)" : "%.50s, %.60s", family->name,
             eki_report_text_in(language, in_order ? EKI_TEXT("one /24 in order") : EKI_TEXT("at random")));
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", family->id, "label", label, "source", value->source,
                     "axis", "distinct", "points", points);
}

void eki_catalogue_curves_get(struct eki_request *request)
{
    const struct eki_catalogue *catalogue = request->web->catalogue;
    enum eki_language language = eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH;
    json_t *list = json_array();
    for (size_t i = 0; i < catalogue->family_count; i++) {
        const struct eki_family *family = &catalogue->families[i];
        for (size_t k = 0; k < family->value_count; k++) {
            const struct eki_catalogue_value *value = &family->values[k];
            bool random = !strcmp(value->key, "rate") || !strcmp(value->key, "internet_rate");
            bool in_order = !strcmp(value->key, "lan_pass");
            if (random || in_order) json_array_append_new(list, curve(family, value, in_order, language));
        }
    }
    eki_reply_json(request, 200, list);
}
