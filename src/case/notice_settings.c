/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of `setting` that say how notices go. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/notice.h"

static const char *const ladder_names[] = {"ladder.second", "ladder.upstream", "ladder.national"};

static enum eki_error read_text(struct eki_store_work *work, const char *name, const char **ret_text)
{
    const char *text;
    enum eki_error error = eki_store_chosen(work, name, "", &text);
    if (!error) *ret_text = text[0] ? text : NULL;
    return error;
}

static enum eki_error read_number(struct eki_store_work *work, const char *name, int64_t otherwise,
                                  int64_t *ret_number)
{
    const char *text = NULL;
    enum eki_error error = read_text(work, name, &text);
    if (!error) *ret_number = text ? strtoll(text, NULL, 10) : otherwise;
    return error;
}

enum eki_error eki_notice_settings_read(struct eki_store_work *work, struct eki_notice_settings *ret_settings)
{
    struct eki_notice_settings s = {0};
    enum eki_error error = eki_store_chosen(work, "relay.url", "", &s.relay);
    if (!error) error = eki_store_chosen(work, "relay.user", "", &s.relay_user);
    if (!error) error = eki_store_chosen(work, "secret.relay", "", &s.relay_password);
    if (!error) error = read_text(work, "sender.name", &s.sender.name);
    if (!error) error = read_text(work, "sender.mail", &s.sender.mail);
    if (!error) error = read_text(work, "sender.phone", &s.sender.phone);
    if (!error) error = read_text(work, "answer.url", &s.sender.url);
    if (!error) error = read_text(work, "notice.pilot", &s.pilot);
    if (!error) error = read_number(work, "notice.mass", EKI_NOTICE_MASS, &s.mass);
    for (size_t i = 0; !error && i < 3; i++)
        error = read_number(work, ladder_names[i], EKI_NOTICE_HOURS, &s.hours[i]);
    if (!error) *ret_settings = s;
    return error;
}

/* One line that can stand in a header or a URL. */
static bool is_plain(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) return false;
    return true;
}

static bool is_mail(const char *text)
{
    if (!text || !*text) return true;
    const char *at = strchr(text, '@');
    return at && at != text && at[1] && !strpbrk(text, " <>,;\"") && is_plain(text);
}

static bool begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

static bool is_relay(const char *text)
{
    bool scheme = begins(text, "smtp://") || begins(text, "smtps://");
    return !text[0] || (scheme && !strpbrk(text, "@ ") && is_plain(text));
}

static bool is_url(const char *text)
{
    return !text || !*text ||
           ((begins(text, "https://") || begins(text, "http://")) && is_plain(text) &&
            !strpbrk(text, " <>\""));
}

static const char *mistake(const struct eki_notice_settings *s)
{
    if (!is_relay(s->relay)) return "url: smtp://HOST:PORT or smtps://HOST, without user and password";
    if (!is_plain(s->relay_user)) return "user: one line";
    if (!is_plain(s->sender.name)) return "sender_name: one line";
    if (!is_plain(s->sender.phone)) return "sender_phone: one line";
    if (!is_mail(s->sender.mail)) return "sender_mail: one address, as in csirt@example.jp";
    if (!is_mail(s->pilot)) return "pilot: one address, as in pilot@example.jp";
    if (!is_url(s->sender.url)) return "answer_url: begins with https:// or http://";
    if (s->relay[0] && (!s->sender.mail || !*s->sender.mail)) return "sender_mail: is needed to send";
    if (s->mass < 2 || s->mass > EKI_NOTICE_HOSTS) return "mass: 2 or more";
    for (size_t i = 0; i < 3; i++)
        if (s->hours[i] < 1 || s->hours[i] > EKI_NOTICE_HOURS_MOST) return "hours of the ladder: 1 to 8784";
    return NULL;
}

static enum eki_error choose(struct eki_store_work *work, const char *name, const char *text)
{
    const char *now;
    enum eki_error error = eki_store_chosen(work, name, "", &now);
    if (!text) text = "";
    return error || !strcmp(now, text) ? error : eki_store_choose(work, name, text);
}

static enum eki_error choose_number(struct eki_store_work *work, const char *name, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    return choose(work, name, text);
}

enum eki_error eki_notice_settings_choose(struct eki_store_work *work,
                                          const struct eki_notice_settings *settings,
                                          struct eki_fault *ret_fault)
{
    const struct eki_notice_settings *s = settings;
    const char *wrong = mistake(s);
    if (wrong) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "%s", wrong);
    enum eki_error error = choose(work, "relay.url", s->relay);
    if (!error) error = choose(work, "relay.user", s->relay_user);
    if (!error && s->relay_password) error = choose(work, "secret.relay", s->relay_password);
    if (!error) error = choose(work, "sender.name", s->sender.name);
    if (!error) error = choose(work, "sender.mail", s->sender.mail);
    if (!error) error = choose(work, "sender.phone", s->sender.phone);
    if (!error) error = choose(work, "answer.url", s->sender.url);
    if (!error) error = choose(work, "notice.pilot", s->pilot);
    if (!error) error = choose_number(work, "notice.mass", s->mass);
    for (size_t i = 0; !error && i < 3; i++) error = choose_number(work, ladder_names[i], s->hours[i]);
    if (error && ret_fault) *ret_fault = *eki_store_why(work);
    return error;
}
