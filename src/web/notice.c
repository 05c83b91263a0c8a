/* SPDX-License-Identifier: Apache-2.0 */
/* Notices as they are read: lists, one with its hosts, what it would say. */
#include "web/notice.h"

#include <sodium.h>
#include <string.h>

#include "ekigaku/desk_directory.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/show.h"
#include "web/web.h"

enum eki_error eki_web_secret_of(struct eki_store_work *work, bool make,
                                 uint8_t ret_secret[EKI_ANSWER_SECRET])
{
    uint8_t fresh[EKI_ANSWER_SECRET];
    if (make) randombytes_buf(fresh, sizeof fresh);
    enum eki_error error = eki_notice_secret(work, make ? fresh : NULL, ret_secret);
    sodium_memzero(fresh, sizeof fresh);
    return error;
}

enum eki_error eki_web_notices_init(struct eki_store_work *work, int64_t now, struct eki_web_notices *notices,
                                    struct eki_fault *ret_fault)
{
    *notices = (struct eki_web_notices){0};
    enum eki_error error = eki_notice_templates_load(NULL, &notices->templates, ret_fault);
    if (!error) error = eki_desk_directory(work, now * 1000, &notices->directory, ret_fault);
    if (!error) error = eki_notice_settings_read(work, &notices->settings);
    if (error) return error;
    error = eki_web_secret_of(work, false, notices->secret);
    notices->setup = (struct eki_notice_setup){.directory = notices->directory,
                                               .templates = notices->templates,
                                               .sender = notices->settings.sender,
                                               .secret = error ? NULL : notices->secret,
                                               .pilot = notices->settings.pilot,
                                               .now = now * 1000};
    return error == EKI_ERROR_MISSING ? EKI_OK : error;
}

void eki_web_notices_done(struct eki_web_notices *notices)
{
    eki_notice_templates_free(notices->templates);
    eki_directory_free(notices->directory);
}

void eki_web_tell_notice(struct eki_web *web, const struct eki_store_notice *notice)
{
    /* Programs hear it as well: of what they may not see, only that there is news. */
    const struct eki_tlp_request asked = {.label = eki_notice_label(notice), .carries = EKI_TLP_ALL};
    bool whole = eki_tlp_leave(EKI_TLP_EXIT_API, &asked).allowed;
    eki_web_tell(web, "notice",
                 whole ? eki_show_notice(notice) : json_pack("{s:I}", "case", (json_int_t)notice->of_case));
}

static json_t *item(void *user, const void *row)
{
    (void)user;
    return eki_show_notice(row);
}

static const char *const sorts[] = {"id", "team", "state", "hosts", "created", "due", NULL};
static const struct eki_list list = {EKI_STORE_NOTICE, sizeof(struct eki_store_notice), item, NULL, NULL};

/* What a program may not see is not in its lists: a notice keeps its label when its case gets a wider one. */
static struct eki_store_where shown_to(const struct eki_request *request)
{
    if (eki_leave_may(request, EKI_TLP_RED)) return (struct eki_store_where){0};
    return (struct eki_store_where){.column = "tlp", .is = '!', .text = "RED"};
}

void eki_notices_get(struct eki_request *request)
{
    struct eki_store_query query = {0};
    const char *state = eki_target_parameter(&request->target, "state");
    if (!eki_list_query(request, sorts, &query)) return;
    if (state && eki_notice_state_parse(state) == EKI_NOTICE_STATES) {
        eki_problem(request, 400, "state: there is no state \"%.40s\"", state);
        return;
    }
    if (state) query.where[0] = (struct eki_store_where){.column = "state", .text = state};
    query.where[1] = shown_to(request);
    struct eki_store_work *work = eki_request_reads(request);
    if (work) eki_list_reply(request, work, &query, &list);
}

void eki_case_notices_get(struct eki_request *request)
{
    eki_list_reply_of_case_where(request, sorts, &list, shown_to(request));
}

static json_t *show_host(const struct eki_store_case_host *host)
{
    return json_pack("{s:I, s:s, s:o, s:s, s:s}", "id", (json_int_t)host->id, "host", host->host, "at",
                     eki_show_time(host->at), "evidence", host->evidence, "state", host->state);
}

static enum eki_error show_hosts(struct eki_store_work *work, int64_t notice, json_t *items)
{
    struct eki_store_notice_host *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "notice", .number = notice}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        struct eki_store_case_host host;
        error = eki_store_get(work, &host, rows[i].case_host);
        if (!error && json_array_append_new(items, show_host(&host))) error = EKI_ERROR_MEMORY;
    }
    return error;
}

/* What a person may say about it now. */
static json_t *show_next(const struct eki_store_notice *notice)
{
    json_t *states = json_array();
    enum eki_notice_state now = eki_notice_state_parse(notice->state);
    for (int i = 0; i < EKI_NOTICE_STATES; i++)
        if (eki_notice_may_say(now, (enum eki_notice_state)i))
            json_array_append_new(states, json_string(eki_notice_state_name((enum eki_notice_state)i)));
    return states;
}

static enum eki_error count_needs(struct eki_store_work *work, const struct eki_store_notice *notice,
                                  unsigned *ret_needs)
{
    struct eki_notice_settings settings;
    unsigned persons;
    *ret_needs = 0;
    if (eki_notice_state_parse(notice->state) != EKI_NOTICE_DRAFT) return EKI_OK;
    enum eki_error error = eki_notice_settings_read(work, &settings);
    if (!error) error = eki_notice_needs(work, notice, settings.mass, &persons);
    unsigned have = (unsigned)(notice->releaser != 0) + (unsigned)(notice->second_releaser != 0);
    if (!error) *ret_needs = persons > have ? persons - have : 1;
    return error;
}

void eki_notice_get(struct eki_request *request)
{
    struct eki_store_notice notice;
    unsigned needs;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return;
    json_t *hosts = json_array();
    enum eki_error error = eki_store_get(work, &notice, id);
    if (!error) error = show_hosts(work, id, hosts);
    if (!error) error = count_needs(work, &notice, &needs);
    if (error) {
        json_decref(hosts);
        eki_problem_store(request, error, work, NULL);
        return;
    }
    if (!eki_leave_notice(request, work, &notice)) {
        json_decref(hosts);
        return;
    }
    json_t *row = eki_show_notice(&notice);
    if (row) json_object_set_new(row, "next", show_next(&notice));
    if (row) json_object_set_new(row, "needs", json_integer(needs));
    if (row) json_object_set_new(row, "of", hosts);
    if (!row) json_decref(hosts);
    eki_reply_json(request, 200, row);
    eki_store_end(work);
}

static json_t *show_message(const struct eki_notice_message *m)
{
    json_t *attachment = m->attachment
                             ? json_pack("{s:s, s:s, s:I}", "name", m->attachment_name, "type",
                                         m->attachment_type, "size", (json_int_t)m->attachment_length)
                             : json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:s, s:s, s:o}", "to", m->to, "name",
                     m->name, "language", m->language, "subject", m->subject, "text", m->text, "attachment",
                     attachment, "key", m->key ? json_string(m->key) : json_null(), "key_type",
                     m->key ? json_string(m->key_smime ? "smime" : "openpgp") : json_null(), "allowed",
                     (int)m->decision.allowed, "label", eki_tlp_text(m->decision.label), "reason",
                     eki_tlp_reason_text(m->decision.reason), "expires",
                     eki_show_time(m->expires == EKI_TIME_NONE ? 0 : m->expires / 1000));
}

/* A preview is shown to those who are signed in: nothing is mailed, but what it says of the label is what
 * mailing would be told. */
static enum eki_error preview(struct eki_request *request, struct eki_store_work *work,
                              const struct eki_store_notice *notice, struct eki_web_notices *notices,
                              struct eki_fault *ret_fault)
{
    struct eki_notice_book *book;
    struct eki_notice_message *message, *shown;
    const char *language = eki_target_parameter(&request->target, "lang");
    enum eki_error error = eki_web_notices_init(work, eki_request_now(request), notices, ret_fault);
    if (error) return error;
    if (language) notices->setup.language = strcmp(language, "ja") ? "en" : "ja";
    error = eki_notice_open(work, notice->of_case, &notices->setup, &book, ret_fault);
    if (error) return error;
    error = eki_notice_compose(book, notice, &message, ret_fault);
    notices->setup.preview = true;
    if (!error) error = eki_notice_compose(book, notice, &shown, ret_fault);
    eki_notice_close(book);
    if (error) return error;
    shown->decision = message->decision;
    eki_notice_message_free(message);
    eki_reply_json(request, 200, show_message(shown));
    eki_notice_message_free(shown);
    return EKI_OK;
}

void eki_notice_preview_get(struct eki_request *request)
{
    struct eki_web_notices notices = {0};
    struct eki_store_notice notice;
    struct eki_fault fault = {0};
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &notice, id);
    if (!error && !eki_leave_notice(request, work, &notice)) return;
    if (!error) error = preview(request, work, &notice, &notices, &fault);
    eki_web_notices_done(&notices);
    if (error)
        eki_problem_store(request, error, work, NULL);
    else
        eki_store_end(work);
}
