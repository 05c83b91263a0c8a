/* SPDX-License-Identifier: Apache-2.0 */
/* How notices go: relay, sender, pilot, ladder. Mail is off until a relay is named. */
#include <string.h>

#include "web/handlers.h"
#include "web/notice.h"
#include "web/show.h"

enum { LINE = 300 };

const struct eki_field eki_relay_fields[] = {
    {.name = "url", .kind = EKI_FIELD_LINE, .required = true, .most = LINE},
    {.name = "user", .kind = EKI_FIELD_LINE, .most = LINE},
    {.name = "password", .kind = EKI_FIELD_LINE, .most = LINE},
    {.name = "sender_name", .kind = EKI_FIELD_LINE, .nullable = true, .most = LINE},
    {.name = "sender_mail", .kind = EKI_FIELD_LINE, .nullable = true, .most = LINE},
    {.name = "sender_phone", .kind = EKI_FIELD_LINE, .nullable = true, .most = LINE},
    {.name = "answer_url", .kind = EKI_FIELD_LINE, .nullable = true, .most = LINE},
    {.name = "pilot", .kind = EKI_FIELD_LINE, .nullable = true, .most = LINE},
    {.name = "mass", .kind = EKI_FIELD_INTEGER, .least = 2, .most = EKI_NOTICE_HOSTS},
    {.name = "second_h", .kind = EKI_FIELD_INTEGER, .least = 1, .most = EKI_NOTICE_HOURS_MOST},
    {.name = "upstream_h", .kind = EKI_FIELD_INTEGER, .least = 1, .most = EKI_NOTICE_HOURS_MOST},
    {.name = "national_h", .kind = EKI_FIELD_INTEGER, .least = 1, .most = EKI_NOTICE_HOURS_MOST},
    {.name = NULL}};

static json_t *text(const char *value)
{
    return value && *value ? json_string(value) : json_null();
}

static json_t *show(const struct eki_notice_settings *s)
{
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I}", "url", s->relay, "user",
                     s->relay_user, "password", (int)(s->relay_password[0] != '\0'), "sender_name",
                     text(s->sender.name), "sender_mail", text(s->sender.mail), "sender_phone",
                     text(s->sender.phone), "answer_url", text(s->sender.url), "pilot", text(s->pilot),
                     "mass", (json_int_t)s->mass, "second_h", (json_int_t)s->hours[0], "upstream_h",
                     (json_int_t)s->hours[1], "national_h", (json_int_t)s->hours[2]);
}

void eki_relay_get(struct eki_request *request)
{
    struct eki_notice_settings settings;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_notice_settings_read(work, &settings);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200, show(&settings));
    eki_store_end(work);
}

static void take(const json_t *body, struct eki_notice_settings *s)
{
    s->relay = eki_body_text(body, "url", "");
    s->relay_user = eki_body_text(body, "user", "");
    s->relay_password = eki_body_text(body, "password", NULL);
    s->sender.name = eki_body_text(body, "sender_name", NULL);
    s->sender.mail = eki_body_text(body, "sender_mail", NULL);
    s->sender.phone = eki_body_text(body, "sender_phone", NULL);
    s->sender.url = eki_body_text(body, "answer_url", NULL);
    s->pilot = eki_body_text(body, "pilot", NULL);
    s->mass = eki_body_integer(body, "mass", EKI_NOTICE_MASS);
    s->hours[0] = eki_body_integer(body, "second_h", EKI_NOTICE_HOURS);
    s->hours[1] = eki_body_integer(body, "upstream_h", EKI_NOTICE_HOURS);
    s->hours[2] = eki_body_integer(body, "national_h", EKI_NOTICE_HOURS);
}

void eki_relay_put(struct eki_request *request)
{
    struct eki_notice_settings settings = {0};
    struct eki_fault fault = {0};
    uint8_t secret[EKI_ANSWER_SECRET];
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    take(request->json, &settings);
    enum eki_error error = eki_notice_settings_choose(work, &settings, &fault);
    if (error == EKI_ERROR_ARGUMENT && fault.what[0]) {
        eki_problem(request, 422, "%.159s", fault.what);
        eki_store_end(work);
        return;
    }
    if (!error) error = eki_web_secret_of(work, true, secret);
    if (!error) error = eki_notice_settings_read(work, &settings);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 200, show(&settings));
    eki_store_end(work);
}
