/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in and out, and the one-time link that sets the first password. */
#include <stdio.h>
#include <string.h>

#include "web/guard.h"
#include "web/handlers.h"
#include "web/show.h"
#include "web/secret.h"
#include "web/web.h"

/* After so many wrong passwords in a row an account is locked for a while: NIST SP 800-63B-4, 3.2.2 allows at
 * most 100. A locked account also refuses the right password, and says no more than before. */
enum { MOST_FAILURES = 10, LOCKED_S = 15 * 60 };
#define MICROS INT64_C(1000000)

const struct eki_field eki_session_fields[] = {
    {.name = "name", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 100},
    {.name = "password", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = EKI_PASSWORD_MOST},
    {.name = NULL}};

const struct eki_field eki_invitation_fields[] = {{.name = "password",
                                                   .kind = EKI_FIELD_LINE,
                                                   .required = true,
                                                   .least = EKI_PASSWORD_LEAST,
                                                   .most = EKI_PASSWORD_MOST},
                                                  {.name = NULL}};

static json_t *show(const struct eki_store_account *account, const char *csrf)
{
    return json_pack("{s:o, s:s}", "account", eki_show_account(account), "csrf", csrf);
}

static void set_cookie(struct eki_request *request, const char *token, int64_t seconds)
{
    bool secure = request->web->options.certificate != NULL;
    snprintf(request->reply.cookie, sizeof request->reply.cookie,
             "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
             secure ? EKI_COOKIE_SECURE : EKI_COOKIE, token, (long long)seconds, secure ? "; Secure" : "");
}

/* Signs an account in: a new session in the store, its cookie in the reply. The work is still to be
 * committed. */
static enum eki_error open_session(struct eki_request *request, struct eki_store_work *work, int64_t account,
                                   char ret_token[EKI_TOKEN_TEXT], char ret_csrf[EKI_TOKEN_TEXT])
{
    char hash[EKI_HASH_TEXT], agent[200];
    int64_t now = eki_request_now(request);
    const char *sent = eki_request_header(request, "User-Agent");
    size_t at = 0;
    for (; sent && sent[at] && at + 1 < sizeof agent; at++)
        agent[at] = sent[at] >= 0x20 && sent[at] < 0x7f ? sent[at] : '?';
    agent[at] = 0;
    eki_secret_token(ret_token);
    eki_secret_token(ret_csrf);
    eki_secret_hash(ret_token, hash);
    struct eki_store_session session = {.token_hash = hash,
                                        .account = account,
                                        .created = now,
                                        .seen = now,
                                        .expires = now + EKI_SESSION_MOST_S * MICROS,
                                        .csrf = ret_csrf,
                                        .agent = agent};
    return eki_store_add(work, &session);
}

static void sign_in(struct eki_request *request, struct eki_store_work *work,
                    struct eki_store_account *account)
{
    char token[EKI_TOKEN_TEXT], csrf[EKI_TOKEN_TEXT];
    enum eki_error error = EKI_OK;
    if (account->failed || account->locked_until) {
        account->failed = account->locked_until = 0;
        error = eki_store_change(work, account);
    }
    if (!error) error = open_session(request, work, account->id, token, csrf);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_guard_become(request, account);
    eki_reply_json(request, 201, show(account, csrf));
    set_cookie(request, token, EKI_SESSION_MOST_S);
    eki_store_end(work);
}

/* Counts a wrong password, and locks the account when there were too many. */
static void note_failure(struct eki_request *request, struct eki_store_work *work,
                         struct eki_store_account *account)
{
    enum eki_error error = EKI_OK;
    if (account->id && account->locked_until <= eki_request_now(request)) {
        account->failed++;
        if (account->failed >= MOST_FAILURES) {
            account->locked_until = eki_request_now(request) + LOCKED_S * MICROS;
            account->failed = 0;
        }
        error = eki_store_change(work, account);
    }
    if (!error) error = eki_store_note(work, "sign-in refused", NULL);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_problem(request, 401, "Name or password is wrong, or the account is locked or disabled.");
    eki_store_end(work);
}

/* What is known of an account before its password is checked, copied out: a password takes a tenth of a
 * second, in which the store must not wait. */
struct candidate {
    char kept[EKI_PASSWORD_TEXT];
    bool open; /* neither locked nor disabled */
};

static bool look_up(struct eki_request *request, const char *name, struct candidate *ret_candidate)
{
    struct eki_store_account account;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return false;
    enum eki_error error = eki_store_find(work, &account, "name", name);
    if (error && error != EKI_ERROR_MISSING) {
        eki_problem_store(request, error, work, NULL);
        return false;
    }
    if (!error) {
        snprintf(ret_candidate->kept, sizeof ret_candidate->kept, "%s", account.password_hash);
        ret_candidate->open = !account.disabled && account.locked_until <= eki_request_now(request);
    }
    eki_store_end(work);
    return true;
}

void eki_session_post(struct eki_request *request)
{
    const char *name = eki_body_text(request->json, "name", ""),
               *password = eki_body_text(request->json, "password", "");
    struct candidate candidate = {.open = false};
    struct eki_store_account account = {0};
    if (eki_gate_guess(&request->web->gate, request->visitor, eki_web_ticks(request->web))) {
        eki_problem(request, 429, "Too many attempts to sign in. Wait a minute.");
        request->reply.retry_after = EKI_GATE_GUESS_S;
        return;
    }
    if (!look_up(request, name, &candidate)) return;
    bool right = eki_secret_is_password(candidate.kept, password) && candidate.open;
    snprintf(request->who.name, sizeof request->who.name, "%s", name); /* for the audit log */
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_find(work, &account, "name", name);
    bool same = !error && !strcmp(account.password_hash, candidate.kept) && !account.disabled;
    if (error && error != EKI_ERROR_MISSING)
        eki_problem_store(request, error, work, NULL);
    else if (right && same)
        sign_in(request, work, &account);
    else
        note_failure(request, work, &account);
}

void eki_session_get(struct eki_request *request)
{
    struct eki_store_account account;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_store_get(work, &account, request->who.account);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200, show(&account, request->who.csrf));
    eki_store_end(work);
}

void eki_session_delete(struct eki_request *request)
{
    struct eki_store_session session = {.id = request->who.session};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_remove(work, &session);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    eki_reply_nothing(request);
    set_cookie(request, "", 0);
}

/* The invitation of a link that is still good; EKI_ERROR_MISSING when it is none. */
static enum eki_error find_invitation(struct eki_request *request, struct eki_store_work *work,
                                      struct eki_store_invitation *ret_invitation,
                                      struct eki_store_account *ret_account)
{
    char hash[EKI_HASH_TEXT];
    eki_secret_hash(request->values[0], hash);
    enum eki_error error = eki_store_find(work, ret_invitation, "token_hash", hash);
    if (error) return error;
    if (ret_invitation->used || ret_invitation->expires <= eki_request_now(request)) return EKI_ERROR_MISSING;
    return eki_store_get(work, ret_account, ret_invitation->account);
}

void eki_invitation_post(struct eki_request *request)
{
    char kept[EKI_PASSWORD_TEXT];
    uint64_t ended;
    struct eki_store_invitation invitation;
    struct eki_store_account account;
    if (eki_gate_guess(&request->web->gate, request->visitor, eki_web_ticks(request->web))) {
        eki_problem(request, 429, "Too many attempts. Wait a minute.");
        return;
    }
    if (eki_secret_password(eki_body_text(request->json, "password", ""), kept)) {
        eki_problem(request, 503, "There is not enough memory.");
        return;
    }
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = find_invitation(request, work, &invitation, &account);
    if (error == EKI_ERROR_MISSING) {
        eki_problem(request, 404, "The link is used, too old or wrong.");
        eki_store_end(work);
        return;
    }
    if (!error) {
        account.password_hash = kept;
        invitation.used = eki_request_now(request);
        error = eki_store_change(work, &invitation);
    }
    if (!error) error = eki_store_end_sessions(work, account.id, 0, &ended); /* of the forgotten password */
    if (!error) error = eki_store_change(work, &account);
    if (error)
        eki_problem_store(request, error, work, NULL);
    else
        sign_in(request, work, &account);
}
