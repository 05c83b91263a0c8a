/* SPDX-License-Identifier: Apache-2.0 */
#include "web/invite.h"

#include <stdio.h>

#include "web/secret.h"

enum eki_error eki_invite(struct eki_store_work *work, int64_t account, int64_t now, char ret_link[80])
{
    char token[EKI_TOKEN_TEXT], hash[EKI_HASH_TEXT];
    eki_secret_token(token);
    eki_secret_hash(token, hash);
    struct eki_store_invitation invitation = {
        .token_hash = hash, .account = account, .expires = now + EKI_INVITATION_S * INT64_C(1000000)};
    enum eki_error error = eki_store_add(work, &invitation);
    if (!error) snprintf(ret_link, 80, "/invitation/%s", token);
    return error;
}

/* The administrator who is to be invited: the only account, without a password. MISSING: none is. */
static enum eki_error find_first(struct eki_store_work *work, int64_t now,
                                 struct eki_store_account *ret_account)
{
    uint64_t count;
    enum eki_error error = eki_store_count(work, EKI_STORE_ACCOUNT, NULL, &count);
    if (error) return error;
    if (count) {
        error = eki_store_find(work, ret_account, "role", "administrator");
        return error ? error : ret_account->password_hash[0] ? EKI_ERROR_MISSING : EKI_OK;
    }
    *ret_account = (struct eki_store_account){
        .name = "admin", .display = "Administrator", .role = "administrator", .created = now};
    return eki_store_add(work, ret_account);
}

enum eki_error eki_invite_first(struct eki_web *web, struct eki_fault *ret_fault)
{
    struct eki_store_account account;
    struct eki_store_work *work;
    struct eki_store_act act = {.at = eki_web_now(web), .who = "first start"};
    enum eki_error error = eki_store_begin(web->options.store, &act, &work, ret_fault);
    if (error) return error;
    error = find_first(work, act.at, &account);
    if (!error) error = eki_invite(work, account.id, act.at, web->invitation);
    if (!error) error = eki_store_commit(work);
    if (error && error != EKI_ERROR_MISSING)
        eki_fault_set(ret_fault, error, 0, "the first account: %.100s", eki_store_why(work)->what);
    if (error) web->invitation[0] = 0;
    eki_store_end(work);
    return error == EKI_ERROR_MISSING ? EKI_OK : error;
}
