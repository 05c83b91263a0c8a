/* SPDX-License-Identifier: Apache-2.0 */
/* The way to the relay. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/notify_desk.h"
#include "cli/say.h"

static struct eki_store_act act_of(const struct eki_notify_desk *desk)
{
    return (struct eki_store_act){.at = desk->request->now / 1000, .who = "ekigaku notify"};
}

/* What was interrupted is not known; what is released is queued. */
static int queue(struct eki_notify_desk *desk)
{
    uint32_t unknown, queued;
    struct eki_store_act act = act_of(desk);
    struct eki_notice_settings settings = {.relay = desk->request->relay};
    struct eki_store_work *work = eki_notify_begin(desk, 0);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_notice_recover(work, &act, &unknown);
    if (!error) error = eki_notice_enqueue(work, &act, &settings, desk->request->of_case, &queued);
    if (!error && unknown)
        eki_warn(
            "notify",
            EKI_TEXT("notices of which it is not known whether they were sent: {1}; they wait for your word"),
            EKI_VALUES(eki_say_number(unknown).text));
    return eki_notify_end(work, error, true);
}

static int send_all(struct eki_notify_desk *desk, struct eki_relay *relay)
{
    struct eki_fault fault = {0};
    struct eki_notice_courier courier = {.relay = relay,
                                         .envelope = {.sender = &desk->sender,
                                                      .pgp_signer = desk->request->pgp_key,
                                                      .smime_signer = desk->request->smime_key,
                                                      .keys = desk->request->keys,
                                                      .date = desk->request->now,
                                                      .seed = (uint64_t)desk->request->now}};
    struct eki_notice_post post = {.store = desk->store,
                                   .act = act_of(desk),
                                   .setup = &desk->setup,
                                   .hours = desk->hours,
                                   .of_case = desk->request->of_case,
                                   .carry = eki_notice_carry_mail,
                                   .user = &courier};
    struct eki_store_notice notice;
    enum eki_error error;
    while (!(error = eki_notice_send_next(&post, &notice, &fault))) continue;
    return error == EKI_ERROR_MISSING ? EKI_EXIT_NOTHING : eki_notify_complain(error, fault.what);
}

int eki_notify_send(struct eki_notify_desk *desk)
{
    struct eki_mail_login login = {0};
    struct eki_fault fault = {0};
    struct eki_relay *relay;
    if (!desk->sender.mail) {
        eki_warn("notify", EKI_TEXT("who sends? --from ADDRESS, or the setting of the desk"), EKI_NO_VALUES);
        return EKI_EXIT_USAGE;
    }
    enum eki_error error =
        desk->request->login ? eki_mail_login_read(desk->request->login, &login, &fault) : EKI_OK;
    struct eki_mail_server server = {.url = desk->request->relay,
                                     .user = desk->request->login ? login.user : NULL,
                                     .password = desk->request->login ? login.password : NULL,
                                     .ca_file = desk->request->ca_file,
                                     .plain = desk->request->plain};
    if (!error) error = eki_relay_open(&server, &relay, &fault);
    memset(&login, 0, sizeof login);
    if (error) return eki_notify_complain(error, fault.what);
    int status = queue(desk);
    if (!status) status = send_all(desk, relay);
    eki_relay_close(relay);
    return status;
}
