/* SPDX-License-Identifier: Apache-2.0 */
#include "web/mailbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ekigaku/enquiry.h"
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

/* What a letter became. */
struct filed {
    int64_t notice, enquiry;
    enum eki_notice_filed as;
    enum eki_enquiry_arrived asks;
};

/* To its notice; what belongs to none, or asks something back, to an enquiry. */
static enum eki_error file_letter(const struct taking *t, struct eki_store_work *work,
                                  const struct eki_letter *letter, struct filed *filed)
{
    struct eki_store_act act = act_of(t->web);
    struct eki_notice_arrival arrival = {letter, t->sender, t->secret};
    enum eki_error error = eki_notice_arrived(work, &act, &arrival, &filed->notice, &filed->as);
    if (error || (filed->as != EKI_FILED_NOT && filed->as != EKI_FILED_ANSWER)) return error;
    const struct eki_enquiry_letter asked = {.letter = letter, .own = t->sender, .notice = filed->notice};
    return eki_enquiry_arrived(work, &act, &asked, &filed->enquiry, &filed->asks);
}

/* Files a letter; NULL, which could not be read, only moves the place on. */
static enum eki_error file(const struct taking *t, const struct eki_mailbox_item *item,
                           const struct eki_letter *letter, struct filed *filed)
{
    struct eki_store_work *work;
    struct eki_store_act act = act_of(t->web);
    enum eki_error error = eki_store_begin(t->web->options.store, &act, &work, NULL);
    if (error) return error;
    if (letter) error = file_letter(t, work, letter, filed);
    if (!error) error = note_place(work, item);
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
    return error;
}

static void tell(struct eki_web *web, const char *name, const struct filed *filed)
{
    eki_web_note(web, "info", "mail %.60s: %s, notice %lld", name, eki_notice_filed_name(filed->as),
                 (long long)filed->notice);
    if (filed->asks == EKI_ARRIVED_FULL)
        eki_web_note(web, "warning",
                     "mail %.60s: a question, but too many of strangers are open: read it there", name);
    if (!filed->enquiry) return;
    eki_web_note(web, "info", "mail %.60s: %s, enquiry %lld", name, eki_enquiry_arrived_name(filed->asks),
                 (long long)filed->enquiry);
    eki_web_tell(web, "enquiry", json_pack("{s:I}", "id", (json_int_t)filed->enquiry));
}

/* What cannot be read is put away and told; what the store did not take comes again. */
static enum eki_error take(void *user, const struct eki_mailbox_item *item)
{
    struct taking *t = user;
    struct eki_letter *letter = NULL;
    struct eki_fault fault = {0};
    struct filed filed = {.as = EKI_FILED_NOT};
    enum eki_error wrong =
        item->bytes ? eki_mail_read(item->bytes, item->length, &letter, &fault) : EKI_ERROR_LIMIT;
    if (wrong == EKI_ERROR_MEMORY) return wrong;
    enum eki_error error = file(t, item, wrong ? NULL : letter, &filed);
    if (!wrong) eki_letter_free(letter);
    if (error) return error;
    if (wrong)
        eki_web_note(t->web, "warning", "mail %.60s cannot be read: %s", item->name, eki_error_text(wrong));
    else
        tell(t->web, item->name, &filed);
    eki_courier_tell(t->web, filed.notice);
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
