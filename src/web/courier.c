/* SPDX-License-Identifier: Apache-2.0 */
#include "web/courier.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ekigaku/desk_directory.h"
#include "web/mailbox.h"
#include "web/notice.h"
#include "web/web.h"

/* Between rounds; how long one message may take (a relay that needs longer leaves the notice "unknown"); most
 * messages of one round, so that the end of the program is not waited for. */
enum { ROUND_MS = 2000, MESSAGE_S = 120, MOST_SENT = 20, TEXT = 400 };

/* Settings that outlive the work that read them. */
struct desk {
    char relay[TEXT], user[TEXT], password[TEXT], name[TEXT], mail[TEXT], phone[TEXT], url[TEXT], pilot[TEXT];
    struct eki_notice_settings settings;
    uint8_t secret[EKI_ANSWER_SECRET];
    bool has_secret, queued, silent; /* something waits to be sent; somebody stayed silent too long */
};

static struct eki_store_act act_of(const struct eki_web *web)
{
    return (struct eki_store_act){.at = eki_web_now(web), .who = "courier"};
}

void eki_courier_complain(struct eki_web *web, const char *what, enum eki_error error, const char *why)
{
    char text[200];
    snprintf(text, sizeof text, "%s: %s%s%.100s", what, eki_error_text(error), *why ? ": " : "", why);
    if (!strcmp(text, web->courier.trouble)) return;
    memcpy(web->courier.trouble, text, sizeof text);
    eki_web_note(web, "error", "%s", text);
}

static const char *keep(char room[TEXT], const char *text)
{
    if (!text) return NULL;
    snprintf(room, TEXT, "%s", text);
    return room;
}

static enum eki_error count_due(struct eki_store_work *work, const char *state, int64_t now,
                                uint64_t *ret_count)
{
    struct eki_store_query query = {.where = {{.column = "state", .text = state},
                                              {.column = "due", .is = '<', .number = now + 1},
                                              {.column = "due", .is = '>', .number = 0}}};
    return eki_store_count(work, EKI_STORE_NOTICE, &query, ret_count);
}

/* Is there anything to do? */
static enum eki_error look(struct eki_store_work *work, int64_t now, struct desk *desk)
{
    static const char *const silent[] = {"sent", "delivered", "bounced", "opened"};
    uint64_t count = 0;
    enum eki_error error = count_due(work, "queued", now, &count);
    desk->queued = !error && count;
    for (size_t i = 0; !error && !desk->silent && i < sizeof silent / sizeof *silent; i++) {
        error = count_due(work, silent[i], now, &count);
        desk->silent = !error && count;
    }
    return error;
}

static enum eki_error read_desk(struct eki_store_work *work, struct desk *desk)
{
    struct eki_notice_settings *s = &desk->settings;
    enum eki_error error = eki_notice_settings_read(work, s);
    if (error) return error;
    s->relay = keep(desk->relay, s->relay);
    s->relay_user = keep(desk->user, s->relay_user);
    s->relay_password = keep(desk->password, s->relay_password);
    s->sender =
        (struct eki_notice_sender){keep(desk->name, s->sender.name), keep(desk->mail, s->sender.mail),
                                   keep(desk->phone, s->sender.phone), keep(desk->url, s->sender.url)};
    s->pilot = keep(desk->pilot, s->pilot);
    error = eki_web_secret_of(work, false, desk->secret);
    desk->has_secret = !error;
    return error == EKI_ERROR_MISSING ? EKI_OK : error;
}

/* What was interrupted is not known; what is released is queued; who is silent is passed on. */
static enum eki_error tidy(struct eki_web *web, struct desk *desk)
{
    struct eki_store_work *work;
    struct eki_directory *directory = NULL;
    struct eki_notice_climbed climbed;
    struct eki_fault fault = {0};
    struct eki_store_act act = act_of(web);
    uint32_t count;
    enum eki_error error = eki_store_begin(web->options.store, &act, &work, &fault);
    if (error) return error;
    error = read_desk(work, desk);
    if (!error) error = eki_notice_recover(work, &act, &count);
    bool on = !error && desk->settings.relay[0] && desk->settings.sender.mail;
    if (on) error = eki_notice_enqueue(work, &act, &desk->settings, 0, &count);
    if (!error) error = look(work, act.at, desk);
    if (on && !error && desk->silent) {
        error = eki_desk_directory(work, act.at * 1000, &directory, &fault);
        if (!error) error = eki_notice_ladder(work, &act, directory, &climbed);
        if (!error) error = look(work, act.at, desk);
    }
    if (!on) desk->queued = false;
    eki_directory_free(directory);
    if (!error) error = eki_store_commit(work);
    if (error) eki_courier_complain(web, "notices", error, eki_store_why(work)->what);
    eki_store_end(work);
    return error;
}

void eki_courier_tell(struct eki_web *web, int64_t id)
{
    struct eki_store_work *work;
    struct eki_store_notice notice;
    if (!id || eki_store_begin(web->options.store, NULL, &work, NULL)) return;
    if (!eki_store_get(work, &notice, id)) eki_web_tell_notice(web, &notice);
    eki_store_end(work);
}

static bool is_ending(const struct eki_web *web)
{
    struct pollfd wake = {.fd = web->courier.wake, .events = POLLIN};
    return poll(&wake, 1, 0) > 0;
}

/* Sends what is due, at most MOST_SENT. */
static enum eki_error send_some(struct eki_web *web, const struct desk *desk, struct eki_notice_setup *setup,
                                struct eki_notice_courier *courier, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    for (unsigned i = 0; !error && i < MOST_SENT && !is_ending(web); i++) {
        struct eki_store_notice notice;
        struct eki_notice_post post = {.store = web->options.store,
                                       .act = act_of(web),
                                       .setup = setup,
                                       .hours = desk->settings.hours,
                                       .carry = eki_notice_carry_mail,
                                       .user = courier};
        courier->envelope.date = setup->now = post.act.at * 1000;
        courier->envelope.seed = (uint64_t)post.act.at;
        error = eki_notice_send_next(&post, &notice, ret_fault);
        if (!error) eki_courier_tell(web, notice.id);
    }
    return error == EKI_ERROR_MISSING ? EKI_OK : error;
}

static enum eki_error read_directory(struct eki_web *web, struct eki_directory **ret_directory,
                                     struct eki_fault *ret_fault)
{
    struct eki_store_work *work;
    enum eki_error error = eki_store_begin(web->options.store, NULL, &work, ret_fault);
    if (error) return error;
    error = eki_desk_directory(work, eki_web_now(web) * 1000, ret_directory, ret_fault);
    eki_store_end(work);
    return error;
}

static void send_all(struct eki_web *web, const struct desk *desk)
{
    const struct eki_notice_settings *s = &desk->settings;
    const struct eki_web_mail *mail = &web->options.mail;
    struct eki_notice_templates *templates = NULL;
    struct eki_directory *directory = NULL;
    struct eki_relay *relay = NULL;
    struct eki_fault fault = {0};
    struct eki_mail_server server = {.url = s->relay,
                                     .user = s->relay_user[0] ? s->relay_user : NULL,
                                     .password = s->relay_user[0] ? s->relay_password : NULL,
                                     .ca_file = mail->ca_file,
                                     .plain = mail->plain,
                                     .total_s = MESSAGE_S};
    enum eki_error error = eki_notice_templates_load(mail->templates, &templates, &fault);
    if (!error) error = read_directory(web, &directory, &fault);
    if (!error) error = eki_relay_open(&server, &relay, &fault);
    struct eki_notice_setup setup = {.directory = directory,
                                     .templates = templates,
                                     .sender = s->sender,
                                     .secret = desk->has_secret ? desk->secret : NULL,
                                     .pilot = s->pilot};
    struct eki_notice_courier courier = {.relay = relay,
                                         .envelope = {.sender = &s->sender,
                                                      .pgp_signer = mail->pgp_signer,
                                                      .smime_signer = mail->smime_signer,
                                                      .keys = mail->keys}};
    if (!error) error = send_some(web, desk, &setup, &courier, &fault);
    if (error) eki_courier_complain(web, "sending notices", error, fault.what);
    eki_relay_close(relay);
    eki_directory_free(directory);
    eki_notice_templates_free(templates);
}

static void *run(void *user)
{
    struct eki_web *web = user;
    struct pollfd wake = {.fd = web->courier.wake, .events = POLLIN};
    while (poll(&wake, 1, ROUND_MS) <= 0) {
        struct desk desk = {.silent = false};
        if (tidy(web, &desk)) continue;
        if (desk.has_secret) eki_mailbox_round(web, desk.settings.sender.mail, desk.secret);
        if (desk.queued) send_all(web, &desk);
    }
    return NULL;
}

enum eki_error eki_courier_start(struct eki_web *web)
{
    enum eki_error error = eki_mail_start();
    if (error) return error;
    web->courier.wake = eventfd(0, EFD_CLOEXEC);
    if (web->courier.wake < 0 || pthread_create(&web->courier.thread, NULL, run, web))
        return EKI_ERROR_MEMORY;
    web->courier.running = true;
    return EKI_OK;
}

void eki_courier_stop(struct eki_web *web)
{
    uint64_t one = 1;
    if (web->courier.running && write(web->courier.wake, &one, sizeof one) == (ssize_t)sizeof one)
        pthread_join(web->courier.thread, NULL);
    if (web->courier.wake >= 0) close(web->courier.wake);
    web->courier.running = false;
    web->courier.wake = -1;
}
