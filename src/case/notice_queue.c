/* SPDX-License-Identifier: Apache-2.0 */
/* From "released" to "sent": exactly once, or it is said that it is not known. */
#include <sodium.h>
#include <string.h>

#include "case/notice_row.h"

static void become(struct eki_store_notice *notice, enum eki_notice_state state)
{
    notice->state = eki_notice_state_name(state);
}

enum eki_error eki_notice_enqueue(struct eki_store_work *work, const struct eki_store_act *act,
                                  const struct eki_notice_settings *settings, int64_t of_case,
                                  uint32_t *ret_queued)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    uint32_t queued = 0;
    struct eki_store_query query = {.where = {{.column = "state", .text = "released"}},
                                    .limit = EKI_NOTICE_HOSTS};
    if (of_case) query.where[1] = (struct eki_store_where){.column = "of_case", .number = of_case};
    if (!settings->relay[0]) return EKI_ERROR_UNSUPPORTED;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        bool over;
        if (eki_notice_beside_mail(&rows[i])) continue;
        error = eki_notice_over(work, &rows[i], &over);
        if (error) break;
        if (over) continue;
        become(&rows[i], EKI_NOTICE_QUEUED);
        rows[i].due = act->at;
        error = eki_store_change(work, &rows[i]);
        queued++;
    }
    if (!error) *ret_queued = queued;
    return error;
}

static enum eki_error begin(const struct eki_notice_post *post, struct eki_store_work **ret_work,
                            struct eki_fault *ret_fault)
{
    return eki_store_begin(post->store, &post->act, ret_work, ret_fault);
}

/* Ends a work; its error is told. */
static enum eki_error finish(struct eki_store_work *work, enum eki_error error, struct eki_fault *ret_fault)
{
    if (!error) error = eki_store_commit(work);
    if (error && error != EKI_ERROR_MISSING && ret_fault && eki_store_why(work)->what[0])
        *ret_fault = *eki_store_why(work);
    eki_store_end(work);
    return error;
}

static enum eki_error pick(struct eki_store_work *work, const struct eki_notice_post *post,
                           struct eki_store_notice *ret_notice)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "state", .text = "queued"},
                                              {.column = "due", .is = '<', .number = post->act.at + 1}},
                                    .sort = "due",
                                    .limit = 1};
    if (post->of_case)
        query.where[2] = (struct eki_store_where){.column = "of_case", .number = post->of_case};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error && !page.count) return EKI_ERROR_MISSING;
    if (!error) *ret_notice = rows[0];
    return error;
}

static void hash_token(const struct eki_notice_setup *setup, const struct eki_store_notice *notice,
                       char ret_hash[65])
{
    char token[EKI_ANSWER_TOKEN];
    unsigned char hash[crypto_hash_sha256_BYTES];
    ret_hash[0] = '\0';
    if (!setup->secret) return;
    eki_notice_token(setup->secret, notice->id, notice->expires, token);
    crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
    sodium_bin2hex(ret_hash, 65, hash, sizeof hash);
}

/* What cannot be composed must not hold up those behind it: it waits for a person. */
static enum eki_error put_back(struct eki_store_work *work, struct eki_store_notice *notice,
                               enum eki_error why)
{
    become(notice, EKI_NOTICE_RELEASED);
    notice->message = eki_error_text(why);
    return eki_store_change(work, notice);
}

/* The message of this attempt; NULL with EKI_OK when the label forbids it: the row says why. */
static enum eki_error claim(struct eki_store_work *work, const struct eki_notice_post *post,
                            struct eki_store_notice *notice, struct eki_notice_message **ret_message,
                            struct eki_fault *ret_fault)
{
    struct eki_notice_book *book;
    struct eki_notice_message *message;
    char hash[65];
    notice->attempts++;
    enum eki_error error = eki_notice_tighten(work, notice);
    if (!error) error = eki_notice_open_one(work, notice, post->setup, &book);
    if (error) return error;
    error = eki_notice_compose(book, notice, &message, ret_fault);
    eki_notice_close(book);
    if (error) return error == EKI_ERROR_MEMORY ? error : put_back(work, notice, error);
    bool allowed = message->decision.allowed;
    hash_token(post->setup, notice, hash);
    become(notice, allowed ? EKI_NOTICE_SENDING : EKI_NOTICE_RELEASED);
    notice->due = eki_notice_later(post->act.at, EKI_NOTICE_LEASE_S);
    notice->message_id = message->message_id;
    notice->subject = message->subject;
    notice->token_hash = hash;
    notice->message = allowed ? "" : eki_tlp_reason_text(message->decision.reason);
    error = eki_store_change(work, notice);
    if (!error && !allowed) error = eki_store_note(work, "refused to mail", "{\"reason\":\"label\"}");
    if (error || !allowed) {
        eki_notice_message_free(message);
        message = NULL;
    }
    if (!error) *ret_message = message;
    return error;
}

static int64_t pause_s(int64_t attempts)
{
    int64_t pause = EKI_NOTICE_RETRY_S;
    for (int64_t i = 1; i < attempts && pause < EKI_NOTICE_RETRY_MOST_S; i++) pause *= 2;
    return pause < EKI_NOTICE_RETRY_MOST_S ? pause : EKI_NOTICE_RETRY_MOST_S;
}

/* What the relay said becomes the state, unless the owner answered in the meantime: then it was sent. */
static void settle(struct eki_store_notice *notice, const struct eki_notice_post *post,
                   enum eki_notice_outcome outcome)
{
    enum eki_notice_state state = eki_notice_state_parse(notice->state);
    int64_t step = notice->step < 3 ? notice->step : 2;
    if (outcome == EKI_CARRIED_ACCEPTED && !notice->sent) notice->sent = post->act.at;
    if (state != EKI_NOTICE_SENDING && state != EKI_NOTICE_UNKNOWN) return;
    if (outcome == EKI_CARRIED_LATER && notice->attempts >= EKI_NOTICE_TRIES) outcome = EKI_CARRIED_REFUSED;
    switch (outcome) {
    case EKI_CARRIED_ACCEPTED:
        become(notice, EKI_NOTICE_SENT);
        notice->due = eki_notice_later(post->act.at, post->hours[step] * 3600);
        break;
    case EKI_CARRIED_REFUSED:
        become(notice, EKI_NOTICE_BOUNCED);
        notice->due = post->act.at;
        break;
    case EKI_CARRIED_LATER:
        become(notice, EKI_NOTICE_QUEUED);
        notice->due = eki_notice_later(post->act.at, pause_s(notice->attempts));
        break;
    case EKI_CARRIED_UNKNOWN:
    default: become(notice, EKI_NOTICE_UNKNOWN); notice->due = 0;
    }
}

static enum eki_error tell(struct eki_store_work *work, const struct eki_notice_post *post,
                           const struct eki_store_notice *notice, enum eki_notice_outcome outcome)
{
    if (outcome == EKI_CARRIED_REFUSED) {
        enum eki_error error = eki_notice_health(work, &post->act, notice, false);
        if (error) return error;
    }
    return eki_notice_log(work, &post->act, notice, EKI_SAYING_NOTICE_OUTCOME,
                          EKI_NOTICE_VALUES(notice->state, notice->message));
}

/* Keeps the outcome; *notice becomes the row. */
static enum eki_error keep(const struct eki_notice_post *post, struct eki_store_notice *notice,
                           enum eki_notice_outcome outcome, const char *reply, struct eki_fault *ret_fault)
{
    struct eki_store_work *work;
    struct eki_store_notice row;
    enum eki_error error = begin(post, &work, ret_fault);
    if (error) return error;
    error = eki_store_get(work, &row, notice->id);
    bool same = !error && row.attempts == notice->attempts && row.step == notice->step;
    if (same) {
        row.message = reply;
        settle(&row, post, outcome);
        error = eki_store_change(work, &row);
        if (!error) error = tell(work, post, &row, outcome);
    }
    if (!error) *notice = row;
    notice->state = eki_notice_state_name(eki_notice_state_parse(notice->state)); /* static */
    return finish(work, error, ret_fault);
}

/* No text of a row outlives its work. */
static void drop_texts(struct eki_store_notice *notice)
{
    notice->team = notice->department = notice->contact = notice->address = notice->language = "";
    notice->format = notice->tlp = notice->subject = notice->path = notice->message_id = "";
    notice->token_hash = notice->message = "";
}

/* What came is text of a stranger for a column: one line of UTF-8. */
static void clean(char reply[EKI_NOTICE_REPLY])
{
    reply[EKI_NOTICE_REPLY - 1] = '\0';
    for (char *at = reply; *at; at++)
        if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7f) *at = ' ';
}

enum eki_error eki_notice_send_next(const struct eki_notice_post *post, struct eki_store_notice *ret_notice,
                                    struct eki_fault *ret_fault)
{
    struct eki_store_work *work;
    struct eki_store_notice notice = {0};
    struct eki_notice_message *message = NULL;
    char reply[EKI_NOTICE_REPLY] = "";
    enum eki_error error = begin(post, &work, ret_fault);
    if (error) return error;
    error = pick(work, post, &notice);
    if (!error) error = claim(work, post, &notice, &message, ret_fault);
    error = finish(work, error, ret_fault);
    drop_texts(&notice);
    if (!error && message) {
        /* From here on until keep() has committed, nobody knows whether it was sent: the row says "sending".
         */
        enum eki_notice_outcome outcome = post->carry(post->user, message, reply);
        clean(reply);
        error = keep(post, &notice, outcome, reply, ret_fault);
        drop_texts(&notice);
    }
    eki_notice_message_free(message);
    if (!error) *ret_notice = notice;
    return error;
}

enum eki_error eki_notice_recover(struct eki_store_work *work, const struct eki_store_act *act,
                                  uint32_t *ret_unknown)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "state", .text = "sending"},
                                              {.column = "due", .is = '<', .number = act->at + 1}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        become(&rows[i], EKI_NOTICE_UNKNOWN);
        rows[i].due = 0;
        rows[i].message = "the program ended while it talked to the relay";
        error = eki_store_change(work, &rows[i]);
        if (!error) error = eki_notice_log(work, act, &rows[i], EKI_SAYING_NOTICE_UNKNOWN, NULL);
    }
    if (!error) *ret_unknown = (uint32_t)page.count;
    return error;
}
