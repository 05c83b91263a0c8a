/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts: administrators make and change them; everyone may change their own language, name and password.
 */
#include <stdio.h>
#include <string.h>

#include "web/guard.h"
#include "web/handlers.h"
#include "web/invite.h"
#include "web/list.h"
#include "web/show.h"
#include "web/secret.h"

static const char *const roles[] = {"viewer", "analyst", "coordinator", "administrator", NULL};
static const char *const languages[] = {"", "en", "ja", NULL};

const struct eki_field eki_account_fields[] = {
    {.name = "name", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 100},
    {.name = "display", .kind = EKI_FIELD_LINE, .most = 200},
    {.name = "role", .kind = EKI_FIELD_LINE, .required = true, .least = 1, .most = 20, .choices = roles},
    {.name = "language", .kind = EKI_FIELD_LINE, .most = 2, .choices = languages},
    {.name = NULL}};

const struct eki_field eki_account_change_fields[] = {
    {.name = "display", .kind = EKI_FIELD_LINE, .most = 200},
    {.name = "role", .kind = EKI_FIELD_LINE, .least = 1, .most = 20, .choices = roles},
    {.name = "language", .kind = EKI_FIELD_LINE, .most = 2, .choices = languages},
    {.name = "disabled", .kind = EKI_FIELD_BOOL},
    {.name = "invite", .kind = EKI_FIELD_BOOL}, /* a new link: the password was forgotten */
    {.name = "password", .kind = EKI_FIELD_LINE, .least = 1, .most = EKI_PASSWORD_MOST},
    {.name = "new_password", .kind = EKI_FIELD_LINE, .least = EKI_PASSWORD_LEAST, .most = EKI_PASSWORD_MOST},
    {.name = NULL}};

static json_t *item(void *user, const void *row)
{
    (void)user;
    return eki_show_account(row);
}

void eki_accounts_get(struct eki_request *request)
{
    static const char *const sorts[] = {"name", "id", "created", NULL};
    static const struct eki_list list = {EKI_STORE_ACCOUNT, sizeof(struct eki_store_account), item, NULL,
                                         NULL};
    struct eki_store_query query = {0};
    if (!eki_list_query(request, sorts, &query)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (work) eki_list_reply(request, work, &query, &list);
}

/* Answers with an account and, when there is one, the link for it. */
static void reply_account(struct eki_request *request, unsigned status,
                          const struct eki_store_account *account, const char *link)
{
    json_t *row = eki_show_account(account);
    if (row && link[0]) json_object_set_new(row, "invitation", json_string(link));
    eki_reply_json(request, status, row);
}

void eki_accounts_post(struct eki_request *request)
{
    char link[80];
    const char *name = eki_body_text(request->json, "name", "");
    struct eki_store_account account = {.name = name,
                                        .display = eki_body_text(request->json, "display", name),
                                        .role = eki_body_text(request->json, "role", ""),
                                        .language = eki_body_text(request->json, "language", ""),
                                        .created = eki_request_now(request)};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_add(work, &account);
    if (!error) error = eki_invite(work, account.id, account.created, link);
    if (!error) error = eki_store_commit(work);
    if (error == EKI_ERROR_CONFLICT) {
        eki_problem(request, 409, "There is an account of this name already.");
        eki_store_end(work);
        return;
    }
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    reply_account(request, 201, &account, link);
    snprintf(request->reply.location, sizeof request->reply.location, "/api/v1/accounts/%lld",
             (long long)account.id);
    eki_store_end(work);
}

/* True when somebody else could still administer the service. */
static enum eki_error other_administrators(struct eki_store_work *work, int64_t but, bool *ret_any)
{
    uint64_t count;
    struct eki_store_query query = {.where = {{.column = "role", .text = "administrator"},
                                              {.column = "disabled", .number = 0},
                                              {.column = "id", .is = '!', .number = (double)but}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_ACCOUNT, &query, &count);
    *ret_any = !error && count > 0;
    return error;
}

/* What only administrators may change. False after answering. */
static bool check_change(struct eki_request *request, int64_t id)
{
    static const char *const theirs[] = {"role", "disabled", "invite"};
    bool administrator = request->who.role >= EKI_ROLE_ADMINISTRATOR;
    if (!administrator && id != request->who.account) {
        eki_problem(request, 403, "Only administrators change accounts of others.");
        return false;
    }
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
        if (!administrator && json_object_get(request->json, theirs[i])) {
            eki_problem(request, 403, "%s: only administrators change that.", theirs[i]);
            return false;
        }
    if (json_object_get(request->json, "new_password") && id != request->who.account) {
        eki_problem(request, 403, "new_password: send a link instead (invite).");
        return false;
    }
    return true;
}

/* A new password, worked out before the store is written to: each takes a tenth of a second, in which nobody
 * else could write. */
struct renewal {
    bool wanted;
    char old[EKI_PASSWORD_TEXT], kept[EKI_PASSWORD_TEXT]; /* as they are kept */
};

/* What is kept of the present password, copied out. False after answering. */
static bool look_up(struct eki_request *request, int64_t id, char ret_old[EKI_PASSWORD_TEXT])
{
    struct eki_store_account account;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return false;
    enum eki_error error = eki_store_get(work, &account, id);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return false;
    }
    snprintf(ret_old, EKI_PASSWORD_TEXT, "%s", account.password_hash);
    eki_store_end(work);
    return true;
}

/* Checks the old password and makes the text of the new one. False after answering. */
static bool prepare(struct eki_request *request, int64_t id, struct renewal *ret_renewal)
{
    const char *wanted = eki_body_text(request->json, "new_password", NULL);
    ret_renewal->wanted = wanted;
    if (!wanted) return true;
    if (eki_gate_guess(&request->web->gate, request->visitor, eki_web_ticks(request->web))) {
        eki_problem(request, 429, "Too many attempts. Wait a minute.");
        request->reply.retry_after = EKI_GATE_GUESS_S;
        return false;
    }
    if (!look_up(request, id, ret_renewal->old)) return false;
    if (!eki_secret_is_password(ret_renewal->old, eki_body_text(request->json, "password", ""))) {
        eki_problem(request, 403, "password: is not the present one");
        return false;
    }
    if (eki_secret_password(wanted, ret_renewal->kept)) {
        eki_problem(request, 503, "There is not enough memory.");
        return false;
    }
    return true;
}

/* Puts the new password in the place of the one that was checked; whoever else is signed in by the old one is
 * no longer. False after answering: it changed meanwhile. */
static bool renew(struct eki_request *request, struct eki_store_work *work, const struct renewal *renewal,
                  struct eki_store_account *account, enum eki_error *ret_error)
{
    uint64_t ended;
    if (!renewal->wanted) return true;
    if (strcmp(account->password_hash, renewal->old) != 0) {
        eki_problem(request, 409, "The password was changed meanwhile.");
        return false;
    }
    account->password_hash = renewal->kept;
    *ret_error = eki_store_end_sessions(work, account->id, request->who.session, &ended);
    return !*ret_error;
}

static void fill_change(const json_t *body, struct eki_store_account *account)
{
    account->display = eki_body_text(body, "display", account->display);
    account->role = eki_body_text(body, "role", account->role);
    account->language = eki_body_text(body, "language", account->language);
    const json_t *disabled = json_object_get(body, "disabled");
    if (disabled) account->disabled = json_is_true(disabled);
}

static bool administers(const struct eki_store_account *account)
{
    return !strcmp(account->role, "administrator") && !account->disabled;
}

static enum eki_error change(struct eki_request *request, struct eki_store_work *work,
                             struct eki_store_account *account, char ret_link[80])
{
    bool others = true, did = administers(account);
    fill_change(request->json, account);
    enum eki_error error =
        !did || administers(account) ? EKI_OK : other_administrators(work, account->id, &others);
    if (!error && !others) {
        eki_problem(request, 409, "Nobody could administer the service any more.");
        return EKI_OK;
    }
    if (!error) error = eki_store_change(work, account);
    if (!error && json_is_true(json_object_get(request->json, "invite")))
        error = eki_invite(work, account->id, eki_request_now(request), ret_link);
    if (!error) error = eki_store_commit(work);
    if (!error) reply_account(request, 200, account, ret_link);
    return error;
}

void eki_account_patch(struct eki_request *request)
{
    char link[80] = "";
    struct renewal renewal;
    struct eki_store_account account;
    int64_t id = eki_request_id(request, 0);
    if (!id || !check_change(request, id) || !prepare(request, id, &renewal)) return;
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_get(work, &account, id);
    if (!error && renew(request, work, &renewal, &account, &error))
        error = change(request, work, &account, link);
    if (error)
        eki_problem_store(request, error, work, NULL);
    else
        eki_store_end(work);
}
