/* SPDX-License-Identifier: Apache-2.0 */
/* Notices as they change: made, released, spoken about. */
#include <string.h>

#include "ekigaku/desk_directory.h"
#include "web/handlers.h"
#include "web/notice.h"
#include "web/show.h"
#include "web/web.h"

static const char *const languages[] = {"en", "ja", NULL};
static const char *const formats[] = {"text", "csv", "xarf", "stix", "csaf", "iodef", NULL};
static const char *const said[] = {"queued", "sent",     "received",  "handling",
                                   "done",   "disputed", "withdrawn", NULL};

const struct eki_field eki_notice_draft_fields[] = {
    {.name = "language", .kind = EKI_FIELD_LINE, .most = 2, .choices = languages},
    {.name = "format", .kind = EKI_FIELD_LINE, .most = 8, .choices = formats},
    {.name = NULL}};

const struct eki_field eki_notice_state_fields[] = {
    {.name = "state", .kind = EKI_FIELD_LINE, .required = true, .most = 12, .choices = said},
    {.name = "text", .kind = EKI_FIELD_TEXT, .most = EKI_NOTICE_SAID / 4},
    {.name = NULL}};

/* More are only counted: a person reads a screen of them. */
enum { LEFT_SHOWN = 1000 };

static void tell_left(void *user, const struct eki_store_case_host *host, enum eki_notice_left why)
{
    static const char *const words[EKI_LEFT_REASONS] = {"nobody", "unreachable", "inhibited", "disputed"};
    json_t *items = user;
    if (json_array_size(items) >= LEFT_SHOWN) return;
    json_array_append_new(items, json_pack("{s:s, s:s, s:s}", "host", host->host, "why", words[why], "text",
                                           eki_notice_left_text(why)));
}

static enum eki_error draft(struct eki_request *request, struct eki_store_work *work, int64_t id,
                            struct eki_notice_options *options, struct eki_notice_summary *ret_summary)
{
    struct eki_directory *directory;
    struct eki_fault fault;
    uint8_t secret[EKI_ANSWER_SECRET];
    enum eki_error error = eki_desk_directory(work, eki_request_now(request) * 1000, &directory, &fault);
    if (error) return error;
    error = eki_notice_draft(work, id, directory, options, ret_summary);
    if (!error) error = eki_web_secret_of(work, true, secret);
    if (!error) error = eki_store_commit(work);
    eki_directory_free(directory);
    return error;
}

void eki_case_notices_post(struct eki_request *request)
{
    struct eki_notice_summary summary;
    struct eki_notice_options options = {.language = eki_body_text(request->json, "language", NULL),
                                         .format = eki_body_text(request->json, "format", NULL),
                                         .left = tell_left,
                                         .user = json_array()};
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) {
        json_decref(options.user);
        return;
    }
    enum eki_error error = draft(request, work, id, &options, &summary);
    if (error == EKI_ERROR_CONFLICT) {
        json_decref(options.user);
        eki_problem(request, 409, "The case is over: open it again first.");
        eki_store_end(work);
        return;
    }
    if (error) {
        json_decref(options.user);
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200,
                   json_pack("{s:I, s:I, s:I, s:o}", "notices", (json_int_t)summary.notices, "hosts",
                             (json_int_t)summary.hosts, "told", (json_int_t)summary.told, "left",
                             (json_t *)options.user));
    eki_store_end(work);
}

/* Commits, tells and answers with the row as it is now. */
static void reply_row(struct eki_request *request, struct eki_store_work *work, int64_t id,
                      enum eki_error error)
{
    struct eki_store_notice notice;
    if (!error) error = eki_store_get(work, &notice, id);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_web_tell_notice(request->web, &notice);
    eki_reply_json(request, 200, eki_show_notice(&notice));
    eki_store_end(work);
}

void eki_notice_release_post(struct eki_request *request)
{
    struct eki_notice_settings settings;
    struct eki_store_act act = eki_request_act(request);
    unsigned waits;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_notice_settings_read(work, &settings);
    if (!error) error = eki_notice_release(work, &act, id, settings.mass, &waits);
    if (error == EKI_ERROR_CONFLICT) {
        eki_problem(request, 409,
                    "It is no draft, or you released it already and a second person is needed.");
        eki_store_end(work);
        return;
    }
    reply_row(request, work, id, error);
}

void eki_case_notices_release_post(struct eki_request *request)
{
    struct eki_notice_settings settings;
    struct eki_notice_released counts;
    struct eki_store_case row;
    struct eki_store_act act = eki_request_act(request);
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_store_get(work, &row, id);
    if (!error) error = eki_notice_settings_read(work, &settings);
    if (!error) error = eki_notice_release_case(work, &act, id, settings.mass, &counts);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    eki_web_tell(request->web, "notice", json_pack("{s:I}", "case", (json_int_t)id));
    eki_reply_json(request, 200,
                   json_pack("{s:I, s:I, s:I}", "released", (json_int_t)counts.released, "waiting",
                             (json_int_t)counts.waiting, "refused", (json_int_t)counts.refused));
}

void eki_notice_state_post(struct eki_request *request)
{
    struct eki_store_act act = eki_request_act(request);
    enum eki_notice_state state = eki_notice_state_parse(eki_body_text(request->json, "state", ""));
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work) return;
    enum eki_error error = eki_notice_say(work, &act, id, state, eki_body_text(request->json, "text", NULL));
    if (error == EKI_ERROR_CONFLICT) {
        eki_problem(request, 409, "\"%s\" cannot follow what it is now, or its case is over.",
                    eki_notice_state_name(state));
        eki_store_end(work);
        return;
    }
    reply_row(request, work, id, error);
}
