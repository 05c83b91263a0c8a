/* SPDX-License-Identifier: Apache-2.0 */
/* TAXII 2.1: discovery, the API root and its collections. */
#include "web/taxii.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "web/handlers.h"

/* Drawn once for this program; the same on every install, so that a client need not be set up anew. */
static const struct {
    enum eki_tlp_audience audience;
    const char *id, *title;
} collections[] = {
    {EKI_AUDIENCE_WORLD, "5b7c0f4e-3d2a-4a51-9c0e-6f1d28a7b301", "Cases for everybody: TLP:CLEAR"},
    {EKI_AUDIENCE_COMMUNITY, "1f9e6d88-70b4-4c6f-8a35-c2e4905d7b02",
     "Cases for the community: up to TLP:GREEN"},
    {EKI_AUDIENCE_CLIENTS, "c40a9b17-5e63-4f0d-b1d8-3a7f62e9d403", "Cases for clients: up to TLP:AMBER"},
    {EKI_AUDIENCE_ORGANISATION, "e8d3512c-9af0-47b6-a2c9-74b05e1f8604",
     "Cases for the organisation: up to TLP:AMBER+STRICT"},
};
enum { COLLECTIONS = sizeof collections / sizeof *collections };

bool eki_taxii_collection(const char *name, enum eki_tlp_audience *ret_audience)
{
    for (size_t i = 0; i < COLLECTIONS; i++)
        if (!strcmp(name, collections[i].id) ||
            !strcmp(name, eki_tlp_audience_name(collections[i].audience))) {
            *ret_audience = collections[i].audience;
            return true;
        }
    return false;
}

void eki_taxii_reply(struct eki_request *request, unsigned status, json_t *json)
{
    eki_reply_json(request, status, json);
    if (request->reply.status == status) request->reply.type = EKI_TAXII_TYPE;
}

void eki_taxii_problem(struct eki_request *request, unsigned status, const char *title)
{
    char number[12];
    snprintf(number, sizeof number, "%u", status);
    eki_taxii_reply(request, status, json_pack("{s:s, s:s}", "title", title, "http_status", number));
}

/* One range of Accept: any, or TAXII without a version or of this one. Quality is not weighed: there is but
 * one form to choose. */
static bool is_range(const char *range, size_t length)
{
    static const char plain[] = "application/taxii+json";
    char text[120];
    size_t blanks = strspn(range, " \t");
    if (blanks >= length || length - blanks >= sizeof text) return false;
    memcpy(text, range + blanks, length - blanks);
    text[length - blanks] = 0;
    if (!strncmp(text, "*/*", 3) || !strncmp(text, "application/*", 13)) return true;
    if (strncasecmp(text, plain, sizeof plain - 1) != 0) return false;
    const char *version = strstr(text, "version=");
    return !version || !strncmp(version + 8, "2.1", 3) || !strncmp(version + 8, "\"2.1\"", 5);
}

bool eki_taxii_acceptable(struct eki_request *request)
{
    const char *accept = eki_request_header(request, "Accept");
    if (!accept) return true;
    for (const char *at = accept; *at;) {
        size_t length = strcspn(at, ",");
        if (is_range(at, length)) return true;
        at += length + (at[length] == ',');
    }
    eki_taxii_problem(request, 406, "This server answers with " EKI_TAXII_TYPE ".");
    return false;
}

static bool has_scope(const char *scopes, const char *word)
{
    char wanted[40];
    size_t length = (size_t)snprintf(wanted, sizeof wanted, "taxii:%s", word);
    for (; *scopes; scopes += strcspn(scopes, " ")) {
        scopes += strspn(scopes, " ");
        if (strcspn(scopes, " ") == length && !strncmp(scopes, wanted, length)) return true;
    }
    return false;
}

enum eki_error eki_taxii_reach(struct eki_request *request, struct eki_store_work *work,
                               enum eki_tlp_audience *ret_reach)
{
    struct eki_store_token token;
    *ret_reach = EKI_AUDIENCE_ORGANISATION;
    if (!request->who.token) return EKI_OK;
    enum eki_error error = eki_store_get(work, &token, request->who.token);
    if (error) return error;
    while (*ret_reach < EKI_AUDIENCE_WORLD && !has_scope(token.scopes, eki_tlp_audience_name(*ret_reach)))
        *ret_reach = (enum eki_tlp_audience)(*ret_reach + 1);
    return EKI_OK;
}

void eki_taxii_discovery_get(struct eki_request *request)
{
    if (!eki_taxii_acceptable(request)) return;
    eki_taxii_reply(request, 200,
                    json_pack("{s:s, s:s, s:s, s:[s]}", "title", "ekigaku", "description",
                              "What a team tells others about malware that spreads by itself.", "default",
                              "/taxii2/desk/", "api_roots", "/taxii2/desk/"));
}

void eki_taxii_root_get(struct eki_request *request)
{
    if (!eki_taxii_acceptable(request)) return;
    eki_taxii_reply(request, 200,
                    json_pack("{s:s, s:[s], s:i}", "title", "Cases of the desk", "versions", EKI_TAXII_TYPE,
                              "max_content_length", EKI_RAW_BYTES));
}

static json_t *show_collection(size_t i, bool writes)
{
    return json_pack("{s:s, s:s, s:s, s:b, s:b, s:[s]}", "id", collections[i].id, "title",
                     collections[i].title, "alias", eki_tlp_audience_name(collections[i].audience),
                     "can_read", 1, "can_write", writes, "media_types", EKI_STIX_TYPE);
}

/* What who asks may see: the collections of audiences that include him. */
static bool find_reach(struct eki_request *request, enum eki_tlp_audience *ret_reach, bool *ret_writes)
{
    struct eki_store_token token;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return false;
    enum eki_error error = eki_taxii_reach(request, work, ret_reach);
    *ret_writes = request->who.role >= EKI_ROLE_ANALYST;
    if (!error && request->who.token) {
        error = eki_store_get(work, &token, request->who.token);
        *ret_writes = !error && *ret_writes && has_scope(token.scopes, "write");
    }
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return false;
    }
    eki_store_end(work);
    return true;
}

void eki_taxii_collections_get(struct eki_request *request)
{
    enum eki_tlp_audience reach;
    bool writes;
    if (!eki_taxii_acceptable(request) || !find_reach(request, &reach, &writes)) return;
    json_t *list = json_array();
    for (size_t i = 0; i < COLLECTIONS; i++)
        if (collections[i].audience >= reach) json_array_append_new(list, show_collection(i, writes));
    eki_taxii_reply(request, 200, json_pack("{s:o}", "collections", list));
}

void eki_taxii_collection_get(struct eki_request *request)
{
    enum eki_tlp_audience reach, audience;
    bool writes;
    if (!eki_taxii_acceptable(request) || !find_reach(request, &reach, &writes)) return;
    if (!eki_taxii_collection(request->values[0], &audience) || audience < reach) {
        eki_taxii_problem(request, 404, "There is no such collection.");
        return;
    }
    for (size_t i = 0; i < COLLECTIONS; i++)
        if (collections[i].audience == audience) eki_taxii_reply(request, 200, show_collection(i, writes));
}
