/* SPDX-License-Identifier: Apache-2.0 */
#include "web/guard.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "web/form.h"
#include "web/head.h"
#include "web/router.h"
#include "web/secret.h"
#include "web/web.h"

void eki_guard_become(struct eki_request *request, const struct eki_store_account *account)
{
    struct eki_who *who = &request->who;
    who->account = account->id;
    who->role = eki_role_parse(account->role);
    snprintf(who->name, sizeof who->name, "%s", account->name);
    snprintf(who->language, sizeof who->language, "%s", account->language);
}

static bool has_word(const char *words, const char *wanted)
{
    size_t length = strlen(wanted);
    for (; *words; words += strcspn(words, " ")) {
        words += strspn(words, " ");
        if (strcspn(words, " ") == length && !strncmp(words, wanted, length)) return true;
    }
    return false;
}

/* Notes that it was used, now and then: a failure of that is nobody's trouble. The next request tries again,
 * so nothing waits: this is a thread that serves all. */
static void note_use(struct eki_request *request, int64_t session, int64_t token, int64_t used)
{
    struct eki_store_work *work;
    int64_t now = eki_request_now(request);
    struct eki_store_act act = {.at = now, .account = request->who.account, .at_once = true};
    if (now - used < EKI_SESSION_NOTE_S * INT64_C(1000000)) return;
    if (eki_store_begin(request->web->options.store, &act, &work, NULL)) return;
    enum eki_error error =
        session ? eki_store_touch_session(work, session, now) : eki_store_touch_token(work, token, now);
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
}

/* The account behind a session; the row is the work's. */
static enum eki_error find_session(struct eki_request *request, struct eki_store_work *work, const char *hash,
                                   int64_t *ret_used)
{
    struct eki_store_session session;
    struct eki_store_account account;
    int64_t now = eki_request_now(request);
    enum eki_error error = eki_store_find(work, &session, "token_hash", hash);
    if (error) return error;
    if (session.expires <= now || now - session.seen > EKI_SESSION_IDLE_S * INT64_C(1000000))
        return EKI_ERROR_MISSING;
    error = eki_store_get(work, &account, session.account);
    if (error || account.disabled) return error ? error : EKI_ERROR_MISSING;
    eki_guard_become(request, &account);
    request->who.session = session.id;
    snprintf(request->who.csrf, sizeof request->who.csrf, "%s", session.csrf);
    *ret_used = session.seen;
    return EKI_OK;
}

static enum eki_error find_token(struct eki_request *request, struct eki_store_work *work, const char *hash,
                                 int64_t *ret_used)
{
    struct eki_store_token token;
    struct eki_store_account account;
    int64_t now = eki_request_now(request);
    enum eki_error error = eki_store_find(work, &token, "token_hash", hash);
    if (error) return error;
    if (token.revoked || (token.expires && token.expires <= now)) return EKI_ERROR_MISSING;
    error = eki_store_get(work, &account, token.account);
    if (error || account.disabled) return error ? error : EKI_ERROR_MISSING;
    const char *scope = request->route->scope;
    eki_guard_become(request, &account);
    request->who.token = token.id;
    /* A token that lacks the scope is nobody here, and hears why. */
    if (!scope || !has_word(token.scopes, scope)) request->who.role = EKI_ROLE_ANYONE;
    *ret_used = token.used;
    return EKI_OK;
}

/* False after answering: the store failed. Nobody is no failure. */
static bool recognise(struct eki_request *request)
{
    const char *bearer = eki_request_header(request, "Authorization"), *cookie = NULL;
    char hash[EKI_HASH_TEXT];
    int64_t used = 0;
    if (request->route->role == EKI_ROLE_ANYONE) return true; /* also while the store is away */
    if (bearer && strncasecmp(bearer, "Bearer ", 7) != 0) bearer = NULL;
    if (!bearer && request->connection)
        cookie =
            MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND,
                                        request->web->options.certificate ? EKI_COOKIE_SECURE : EKI_COOKIE);
    const char *secret = bearer ? bearer + 7 : cookie;
    if (!secret || strlen(secret) != EKI_TOKEN_TEXT - 1) return true;
    eki_secret_hash(secret, hash);
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return false;
    enum eki_error error =
        bearer ? find_token(request, work, hash, &used) : find_session(request, work, hash, &used);
    if (error && error != EKI_ERROR_MISSING) {
        eki_problem_store(request, error, work, NULL);
        return false;
    }
    eki_store_end(work);
    if (!error) note_use(request, request->who.session, request->who.token, used);
    return true;
}

static bool is_own_name(const struct eki_web *web, const char *host)
{
    static const char *const own[] = {"localhost", "127.0.0.1", "[::1]"};
    size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strlen(own[i]) == length && !strncasecmp(host, own[i], length)) return true;
    for (size_t i = 0; web->options.hosts && web->options.hosts[i]; i++)
        if (strlen(web->options.hosts[i]) == length && !strncasecmp(host, web->options.hosts[i], length))
            return true;
    return false;
}

/* A page of a stranger that makes its own name point here (DNS rebinding) is told so. */
static bool check_name(struct eki_request *request)
{
    const char *host = eki_request_header(request, "Host");
    if (!request->web->loopback || !host || is_own_name(request->web, host)) return true;
    eki_problem(request, 421, "This service does not go by the name it was called (see --host).");
    return false;
}

static bool check_frequency(struct eki_request *request)
{
    unsigned status = eki_gate_ask(&request->web->gate, request->visitor, request->started);
    if (!status) return true;
    eki_problem(request, status,
                status == 429 ? "Too many requests or connections from this address."
                              : "Too many connections at once.");
    request->reply.retry_after = 2;
    request->reply.close = true;
    return false;
}

static bool check_rights(struct eki_request *request)
{
    const struct eki_who *who = &request->who;
    enum eki_role needed = request->route->role;
    if (needed == EKI_ROLE_ANYONE || who->role >= needed) return true;
    if (!who->account)
        eki_problem(request, 401, "Sign in first, or send a token.");
    else if (who->token && who->role == EKI_ROLE_ANYONE)
        eki_problem(request, 403, "The token lacks the scope \"%s\".",
                    request->route->scope ? request->route->scope : "that no token has");
    else
        eki_problem(request, 403, "This needs the role \"%s\".", eki_role_name(needed));
    return false;
}

/* Only a page of this service knows the token of its session. */
static bool check_forgery(struct eki_request *request)
{
    const char *site = eki_request_header(request, "Sec-Fetch-Site"),
               *token = eki_request_header(request, "X-CSRF-Token");
    if (request->method == EKI_METHOD_GET) return true;
    if (site && !strcasecmp(site, "cross-site")) {
        eki_problem(request, 403, "A page of another site may not change anything here.");
        return false;
    }
    if (!request->who.session || (token && eki_secret_same(token, request->who.csrf))) return true;
    eki_problem(request, 403, "The header X-CSRF-Token does not hold the session's token.");
    return false;
}

unsigned eki_guard_most(const struct eki_request *request)
{
    return request->route && request->route->flags & EKI_ROUTE_BYTES ? EKI_RAW_BYTES : EKI_BODY_BYTES;
}

static bool check_form(struct eki_request *request, const char *type, const char *length)
{
    static const char form[] = "application/x-www-form-urlencoded";
    if (!type || strncasecmp(type, form, sizeof form - 1) != 0) {
        eki_problem(request, 415, "The body must be %s.", form);
        return false;
    }
    if (!length || strtoull(length, NULL, 10) <= EKI_FORM_BYTES) return true;
    eki_problem(request, 413, "The body is larger than %d bytes.", EKI_FORM_BYTES);
    return false;
}

static bool check_body(struct eki_request *request)
{
    const char *type = eki_request_header(request, "Content-Type"),
               *length = eki_request_header(request, "Content-Length");
    if (request->route->flags & EKI_ROUTE_FORM) return check_form(request, type, length);
    bool bytes = request->route->flags & EKI_ROUTE_BYTES;
    if (request->route->flags & EKI_ROUTE_UPLOAD || (!request->route->fields && !bytes)) return true;
    if (!bytes && (!type || strncasecmp(type, "application/json", 16) != 0)) {
        eki_problem(request, 415, "The body must be application/json.");
        return false;
    }
    if (!length || strtoull(length, NULL, 10) <= eki_guard_most(request)) return true;
    eki_problem(request, 413, "The body is larger than %u bytes.", eki_guard_most(request));
    return false;
}

bool eki_guard_admit(struct eki_request *request)
{
    const char *allow;
    if (!check_frequency(request) || !eki_head_check(request) || !check_name(request)) return false;
    request->route = eki_router_find(request, &allow);
    if (!request->route && allow[0]) {
        eki_problem(request, 405, "The path takes %s.", allow);
        request->reply.allow = allow;
        return false;
    }
    if (!request->route) {
        eki_problem(request, 404, "There is no such path.");
        return false;
    }
    return recognise(request) && check_rights(request) && check_forgery(request) && check_body(request);
}
