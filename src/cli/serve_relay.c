/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/serve_relay.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "ekigaku/mail.h"
#include "ekigaku/notice.h"

static enum eki_error choose(const struct eki_serve_request *request, struct eki_store_work *work,
                             struct eki_fault *ret_fault)
{
    struct eki_notice_settings settings;
    struct eki_mail_login login;
    enum eki_error error = eki_notice_settings_read(work, &settings);
    if (!error && request->relay_login) error = eki_mail_login_read(request->relay_login, &login, ret_fault);
    if (error) return error;
    if (request->relay) settings.relay = request->relay;
    if (request->mail_from) settings.sender.mail = request->mail_from;
    settings.relay_password = request->relay_login ? login.password : NULL; /* NULL: it stays */
    if (request->relay_login) settings.relay_user = login.user;
    error = eki_notice_settings_choose(work, &settings, ret_fault);
    explicit_bzero(&login, sizeof login);
    return error ? error : eki_store_commit(work);
}

int eki_serve_relay(const struct eki_serve_request *request, struct eki_store *store, int64_t now)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    struct eki_store_act act = {.at = now, .who = "ekigaku serve"};
    if (!request->relay && !request->mail_from) return EKI_EXIT_NOTHING;
    enum eki_error error = eki_store_begin(store, &act, &work, &fault);
    if (!error) {
        error = choose(request, work, &fault);
        eki_store_end(work);
    }
    if (!error) return EKI_EXIT_NOTHING;
    fprintf(stderr, "ekigaku serve: %s\n", fault.what[0] ? fault.what : eki_error_text(error));
    return error == EKI_ERROR_ARGUMENT ? EKI_EXIT_USAGE : EKI_EXIT_FAILED;
}
