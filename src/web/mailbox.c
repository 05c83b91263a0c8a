/* SPDX-License-Identifier: Apache-2.0 */
#include "web/mailbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ekigaku/notice.h"
#include "web/web.h"

/* How often an IMAP server is asked, microseconds; how long it may take, seconds. */
enum { ASK_US = 30000000, FETCH_S = 120 };

static const char place_setting[] = "mailbox.place";

struct taking {
    struct eki_web *web;
    const char *sender;
    const uint8_t *secret;
};

static struct eki_store_act act_of(const struct eki_web *web)
{
    return (struct eki_store_act){.at = eki_web_now(web), .who = "courier"};
}

/* The place after a message of an IMAP folder, in the same work as what it caused. */
static enum eki_error note_place(struct eki_store_work *work, const struct eki_mailbox_item *item)
{
    char text[32];
    if (!item->validity) return EKI_OK;
    snprintf(text, sizeof text, "%" PRIu32 " %" PRIu32, item->validity, item->uid);
    return eki_store_choose(work, place_setting, text);
}

/* Files a letter; NULL, which could not be read, only moves the place on. */
static enum eki_error file(const struct taking *t, const struct eki_mailbox_item *item,
                           const struct eki_letter *letter, int64_t *ret_notice,
                           enum eki_notice_filed *ret_filed)
{
    struct eki_store_work *work;
    struct eki_store_act act = act_of(t->web);
    struct eki_notice_arrival arrival = {letter, t->sender, t->secret};
    enum eki_error error = eki_store_begin(t->web->options.store, &act, &work, NULL);
    if (error) return error;
    if (letter) error = eki_notice_arrived(work, &act, &arrival, ret_notice, ret_filed);
    if (!error) error = note_place(work, item);
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
    return error;
}

/* What cannot be read is put away and told; what the store did not take comes again. */
static enum eki_error take(void *user, const struct eki_mailbox_item *item)
{
    struct taking *t = user;
    struct eki_letter *letter = NULL;
    struct eki_fault fault = {0};
    enum eki_notice_filed filed = EKI_FILED_NOT;
    int64_t notice = 0;
    enum eki_error wrong =
        item->bytes ? eki_mail_read(item->bytes, item->length, &letter, &fault) : EKI_ERROR_LIMIT;
    if (wrong == EKI_ERROR_MEMORY) return wrong;
    enum eki_error error = file(t, item, wrong ? NULL : letter, &notice, &filed);
    if (!wrong) eki_letter_free(letter);
    if (error) return error;
    if (wrong)
        eki_web_note(t->web, "warning", "mail %.60s cannot be read: %s", item->name, eki_error_text(wrong));
    else
        eki_web_note(t->web, "info", "mail %.60s: %s, notice %lld", item->name, eki_notice_filed_name(filed),
                     (long long)notice);
    eki_courier_tell(t->web, notice);
    return EKI_OK;
}

/* How far the folder was taken, as the store knows it. */
static enum eki_error read_place(struct eki_web *web, struct eki_mailbox_place *ret_place)
{
    struct eki_store_work *work;
    const char *text;
    *ret_place = (struct eki_mailbox_place){0};
    enum eki_error error = eki_store_begin(web->options.store, NULL, &work, NULL);
    if (error) return error;
    error = eki_store_chosen(work, place_setting, "", &text);
    if (!error) {
        char *rest;
        ret_place->validity = (uint32_t)strtoul(text, &rest, 10);
        ret_place->uid = (uint32_t)strtoul(rest, NULL, 10);
    }
    eki_store_end(work);
    return error;
}

static void fetch_imap(struct taking *taking)
{
    struct eki_web *web = taking->web;
    const struct eki_web_mail *mail = &web->options.mail;
    struct eki_mailbox_place place;
    struct eki_fault fault = {0};
    int64_t now = eki_web_now(web);
    struct eki_mail_server server = {.url = mail->mailbox,
                                     .user = mail->mailbox_user,
                                     .password = mail->mailbox_password,
                                     .ca_file = mail->ca_file,
                                     .plain = mail->plain,
                                     .total_s = FETCH_S};
    if (web->courier.fetched && now - web->courier.fetched < ASK_US) return;
    web->courier.fetched = now;
    enum eki_error error = read_place(web, &place);
    if (!error) error = eki_imap_fetch(&server, &place, take, taking, &fault);
    if (error) eki_courier_complain(web, "fetching mail", error, fault.what);
}

void eki_mailbox_round(struct eki_web *web, const char *sender, const uint8_t *secret)
{
    struct taking taking = {web, sender, secret};
    struct eki_fault fault = {0};
    uint32_t count;
    const char *folder = web->options.mail.maildir;
    enum eki_error error = folder ? eki_maildir_fetch(folder, take, &taking, &count, &fault) : EKI_OK;
    if (error) eki_courier_complain(web, "fetching mail", error, fault.what);
    if (web->options.mail.mailbox) fetch_imap(&taking);
}
