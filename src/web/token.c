/* SPDX-License-Identifier: Apache-2.0 */
/* API tokens: what programs sign in with. A token can do what its scopes and its account's role both allow.
 */
#include <string.h>

#include "web/handlers.h"
#include "web/list.h"
#include "web/show.h"
#include "web/secret.h"
#include "web/taxii.h"

enum { MOST_DAYS = 366, USUAL_DAYS = 90, SCOPES_TEXT = 280, TEAM_MOST = 100 };
static const char *const scopes[] = {
    "read",        "upload",          "analyze",       "simulate",           "desk",        "admin", "taxii",
    "taxii:world", "taxii:community", "taxii:clients", "taxii:organisation", "taxii:write", NULL};

const struct eki_field eki_token_fields[] = {
    {.name = "name", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 100},
    {.name = "scopes", .kind = EKI_FIELD_LINES, .required = true, .least = 1, .most = 13},
    {.name = "days", .kind = EKI_FIELD_INTEGER, .least = 1, .most = MOST_DAYS},
    {.name = NULL}};

static json_t *item(void *user, const void *row)
{
    (void)user;
    return eki_show_token(row);
}

void eki_tokens_get(struct eki_request *request)
{
    static const char *const sorts[] = {"id", "name", "created", NULL};
    static const struct eki_list list = {EKI_STORE_TOKEN, sizeof(struct eki_store_token), item, NULL, NULL};
    struct eki_store_query query = {0};
    if (!eki_list_query(request, sorts, &query)) return;
    query.where[0] = (struct eki_store_where){.column = "account", .number = (double)request->who.account};
    struct eki_store_work *work = eki_request_reads(request);
    if (work) eki_list_reply(request, work, &query, &list);
}

/* The word that says of which team the holder is; NULL for none. What it sends counts as that team's, so that
 * a coordinator has to say so. */
static const char *find_team(const struct eki_request *request)
{
    const json_t *wanted = json_object_get(request->json, "scopes");
    for (size_t k = 0; k < json_array_size(wanted); k++) {
        const char *word = json_string_value(json_array_get(wanted, k));
        size_t head = sizeof EKI_TAXII_FROM - 1, length = strlen(word);
        if (strncmp(word, EKI_TAXII_FROM, head) != 0) continue;
        bool good = length > head && length <= head + TEAM_MOST && !strpbrk(word, " \t\r\n");
        return good && request->who.role >= EKI_ROLE_COORDINATOR ? word : NULL;
    }
    return NULL;
}

/* The scopes as words in their own order, each once. False after answering. */
static bool join_scopes(struct eki_request *request, char ret_scopes[SCOPES_TEXT])
{
    const json_t *wanted = json_object_get(request->json, "scopes");
    size_t found = 0;
    ret_scopes[0] = 0;
    struct eki_buffer words = {0};
    for (size_t i = 0; scopes[i]; i++)
        for (size_t k = 0; k < json_array_size(wanted); k++) {
            if (strcmp(json_string_value(json_array_get(wanted, k)), scopes[i]) != 0) continue;
            eki_buffer_print(&words, "%s%s", words.length ? " " : "", scopes[i]);
            found++;
        }
    const char *team = find_team(request);
    if (team) {
        eki_buffer_print(&words, "%s%s", words.length ? " " : "", team);
        found++;
    }
    bool good = found == json_array_size(wanted) && !words.failed && words.length < SCOPES_TEXT;
    if (good) memcpy(ret_scopes, words.bytes, words.length + 1);
    eki_buffer_done(&words);
    if (!good)
        eki_problem(request, 422,
                    "scopes: read, upload, analyze, simulate, desk, admin, taxii and "
                    "taxii:world, :community, :clients, :organisation or :write, and, said by a coordinator, "
                    "from:TEAM");
    return good;
}

void eki_tokens_post(struct eki_request *request)
{
    char secret[EKI_TOKEN_TEXT], hash[EKI_HASH_TEXT], words[SCOPES_TEXT];
    if (!join_scopes(request, words)) return;
    eki_secret_token(secret);
    eki_secret_hash(secret, hash);
    int64_t now = eki_request_now(request), days = eki_body_integer(request->json, "days", USUAL_DAYS);
    struct eki_store_token token = {.account = request->who.account,
                                    .name = eki_body_text(request->json, "name", ""),
                                    .token_hash = hash,
                                    .scopes = words,
                                    .created = now,
                                    .expires = now + days * 86400 * INT64_C(1000000)};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_add(work, &token);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    json_t *row = eki_show_token(&token);
    if (row) json_object_set_new(row, "token", json_string(secret));
    eki_reply_json(request, 201, row);
    eki_store_end(work);
}

void eki_token_delete(struct eki_request *request)
{
    struct eki_store_token token;
    int64_t id = eki_request_id(request, 0);
    if (!id) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_get(work, &token, id);
    bool own =
        !error && (token.account == request->who.account || request->who.role >= EKI_ROLE_ADMINISTRATOR);
    if (!error && !own) error = EKI_ERROR_MISSING;
    if (!error) {
        token.revoked = eki_request_now(request);
        error = eki_store_change(work, &token);
    }
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    eki_reply_nothing(request);
}
