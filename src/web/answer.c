/* SPDX-License-Identifier: Apache-2.0 */
/* The answer page: what a recipient of a notice opens by the link in it. No account, no script; the token in
 * the address is the permission and, because no other site knows it, the guard against forged forms. The page
 * tells nothing that the link's notice does not say, and names no host: a link may be passed on. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/report.h"
#include "web/form.h"
#include "web/guard.h"
#include "web/handlers.h"
#include "web/notice.h"
#include "web/router.h"
#include "web/web.h"

/* Nothing but its own style, and a form that goes back to where it came from. */
#define POLICY                                                                                               \
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

enum { WAIT_S = 60 };

static const char style[] =
    "*{box-sizing:border-box}body{margin:0 auto;max-width:36rem;padding:1rem;font:1.125rem/1.5 system-ui,sans-serif;"
    "color:#1a1a1a;background:#fff}h1{font-size:1.4rem;line-height:1.3}.label{font-weight:700}"
    "label.choice{display:flex;align-items:center;gap:.75rem;min-height:3rem;padding:.5rem .75rem;margin:.5rem 0;"
    "border:1px solid #767676;border-radius:.5rem}label.choice:focus-within{outline:3px solid #0b57d0}"
    "input[type=radio]{width:1.4rem;height:1.4rem;flex:none}label.text{display:block;margin-top:1rem}"
    "input[type=text],textarea{width:100%;font:inherit;padding:.6rem;border:1px solid #767676;border-radius:.5rem;"
    "color:inherit;background:inherit}textarea{min-height:6rem}"
    "button{font:inherit;font-weight:700;width:100%;min-height:3rem;margin-top:1.25rem;border:0;border-radius:.5rem;"
    "color:#fff;background:#0b57d0}a{color:#0b57d0}.done{border-left:.4rem solid #0072b2;padding-left:.75rem}"
    "@media (prefers-color-scheme:dark){body{color:#eee;background:#151515}a{color:#a8c7fa}"
    "button{color:#062e6f;background:#a8c7fa}label.choice:focus-within{outline-color:#a8c7fa}.done{border-color:#56b4e9}}\n";

void eki_answer_style_get(struct eki_request *request)
{
    eki_reply_fixed(request, "text/css; charset=utf-8", style, sizeof style - 1);
}

struct page {
    struct eki_request *request;
    struct eki_buffer html;
    enum eki_language language;
    const char *token; /* as it came: 43 letters of base64url once it was checked */
};

static void put(struct page *page, const char *text)
{
    eki_buffer_text(&page->html, text);
}

static void put_escaped(struct page *page, const char *text)
{
    for (; *text; text++) {
        const char *name = *text == '&'   ? "&amp;"
                           : *text == '<' ? "&lt;"
                           : *text == '>' ? "&gt;"
                           : *text == '"' ? "&quot;"
                                          : NULL;
        if (name)
            put(page, name);
        else
            eki_buffer_add(&page->html, text, 1);
    }
}

static const char *in(const struct page *page, const char *english)
{
    return eki_report_text_in(page->language, english);
}

static void say(struct page *page, const char *english)
{
    put_escaped(page, in(page, english));
}

static void begin(struct page *page, const char *title)
{
    bool japanese = page->language == EKI_JAPANESE;
    put(page, japanese ? "<!doctype html>\n<html lang=\"ja\">\n" : "<!doctype html>\n<html lang=\"en\">\n");
    put(page,
        "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"robots\" content=\"noindex, nofollow\">\n<link rel=\"stylesheet\" href=\"/answer/style.css\">\n"
        "<title>");
    put_escaped(page, title);
    put(page, "</title>\n<main>\n<h1>");
    put_escaped(page, title);
    put(page, "</h1>\n");
}

/* The other language, by a link. */
static void offer_language(struct page *page)
{
    bool japanese = page->language == EKI_JAPANESE;
    put(page, "<p><a href=\"?lang=");
    put(page, japanese ? "en\" lang=\"en\">English" : "ja\" lang=\"ja\">日本語");
    put(page, "</a></p>\n");
}

static void finish(struct page *page, unsigned status)
{
    offer_language(page);
    put(page, "</main>\n</html>\n");
    eki_reply_buffer(page->request, "text/html; charset=utf-8", &page->html);
    struct eki_reply *reply = &page->request->reply;
    if (reply->status != 200) return; /* no memory */
    reply->status = status;
    reply->policy = POLICY;
    reply->cache = "no-store";
}

static void put_sender(struct page *page, const struct eki_notice_sender *sender)
{
    if (!sender || (!sender->mail && !sender->phone && !sender->name)) return;
    put(page, "<p>");
    say(page, EKI_TEXT("Ask:"));
    const char *const parts[] = {sender->name, sender->mail, sender->phone};
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i]) continue;
        put(page, i ? "<br>" : " ");
        put_escaped(page, parts[i]);
    }
    put(page, "</p>\n");
}

/* Nothing can be answered here: why, and what to do instead. */
static void refuse(struct page *page, unsigned status, const char *english,
                   const struct eki_notice_sender *sender)
{
    begin(page, in(page, EKI_TEXT("This link does not work")));
    put(page, "<p>");
    say(page, english);
    put(page, "</p>\n<p>");
    say(page, EKI_TEXT("Please answer the mail in which you found it, or call those who sent it."));
    put(page, "</p>\n");
    put_sender(page, sender);
    finish(page, status);
}

static const struct {
    enum eki_notice_state state;
    const char *text;
} choices[] = {
    {EKI_NOTICE_RECEIVED, EKI_TEXT("Received: we look at it")},
    {EKI_NOTICE_HANDLING, EKI_TEXT("We are working on it")},
    {EKI_NOTICE_DONE, EKI_TEXT("Done: the hosts are clean or off the network")},
    {EKI_NOTICE_DISPUTED, EKI_TEXT("Not ours: these hosts belong to somebody else")},
};

static void put_choices(struct page *page, enum eki_notice_state now)
{
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        put(page, "<label class=\"choice\"><input type=\"radio\" name=\"state\" required value=\"");
        put(page, eki_notice_state_name(choices[i].state));
        put(page, choices[i].state == now ? "\" checked> " : "\"> ");
        say(page, choices[i].text);
        put(page, "</label>\n");
    }
}

static void put_form(struct page *page, const struct eki_store_notice *notice)
{
    put(page, "<form method=\"post\" action=\"/answer/");
    put_escaped(page, page->token);
    put(page, page->language == EKI_JAPANESE ? "?lang=ja\">\n<fieldset><legend>"
                                             : "?lang=en\">\n<fieldset><legend>");
    say(page, EKI_TEXT("Your answer"));
    put(page, "</legend>\n");
    put_choices(page, eki_notice_state_parse(notice->state));
    put(page, "</fieldset>\n<label class=\"text\">");
    say(page, EKI_TEXT("If they are not yours: whose are they, if you know?"));
    put(page,
        "<input type=\"text\" name=\"who\" maxlength=\"200\" autocomplete=\"off\"></label>\n<label class=\"text\">");
    say(page, EKI_TEXT("What else should we know?"));
    put(page, "<textarea name=\"text\" maxlength=\"1000\"></textarea></label>\n<button type=\"submit\">");
    say(page, EKI_TEXT("Send the answer"));
    put(page, "</button>\n</form>\n");
}

static void put_notice(struct page *page, const struct eki_store_notice *notice,
                       const struct eki_notice_sender *sender, bool answered)
{
    char line[200];
    const struct eki_tlp_request asked = {.label = eki_notice_label(notice), .carries = EKI_TLP_ALL};
    struct eki_tlp_decision decision = eki_tlp_leave(EKI_TLP_EXIT_ANSWER_PAGE, &asked);
    if (!decision.allowed) {
        refuse(page, 403, eki_tlp_reason_text(decision.reason), sender);
        return;
    }
    begin(page, in(page, EKI_TEXT("Infected hosts in your network: please answer")));
    put(page, "<p class=\"label\">");
    put(page, eki_tlp_text(decision.label));
    put(page, "</p>\n");
    if (answered) {
        put(page, "<p class=\"done\" role=\"status\"><strong>");
        say(page, EKI_TEXT("Thank you: your answer was kept."));
        put(page, "</strong> ");
        say(page, EKI_TEXT("You can change it here as long as the link works."));
        put(page, "</p>\n");
    }
    snprintf(line, sizeof line, ": %lld, ", (long long)notice->hosts);
    put(page, "<p>");
    say(page, EKI_TEXT("Hosts that our mail names"));
    put(page, line);
    say(page, EKI_TEXT("notice"));
    snprintf(line, sizeof line, " %lld.</p>\n", (long long)notice->id);
    put(page, line);
    put_form(page, notice);
    put_sender(page, sender);
    finish(page, 200);
}

/* The notice of the token, with its texts as long as the work lives. Answers when there is none. */
static bool find(struct page *page, struct eki_store_work *work, struct eki_store_notice *ret_notice,
                 struct eki_notice_settings *ret_settings)
{
    uint8_t secret[EKI_ANSWER_SECRET];
    struct eki_request *request = page->request;
    int64_t id = 0;
    enum eki_error error = eki_notice_settings_read(work, ret_settings);
    if (!error) error = eki_web_secret_of(work, false, secret);
    if (!error) error = eki_notice_token_check(secret, page->token, eki_request_now(request), &id);
    sodium_memzero(secret, sizeof secret);
    bool expired = error == EKI_ERROR_STOPPED;
    if (!error || expired) error = eki_store_get(work, ret_notice, id);
    bool forged = error == EKI_ERROR_CORRUPT || error == EKI_ERROR_MISSING;
    if (error && !forged) {
        eki_problem_store(request, error, NULL, eki_store_why(work));
        return false;
    }
    if (!forged && !eki_target_parameter(&request->target, "lang"))
        page->language = strcmp(ret_notice->language, "ja") ? EKI_ENGLISH : EKI_JAPANESE;
    /* Who tries tokens out hears nothing: neither that there is a notice nor who sends them. */
    if (forged)
        refuse(page, 404, EKI_TEXT("It is not complete, or it is none of ours."), NULL);
    else if (expired)
        refuse(page, 410, EKI_TEXT("It has expired."), &ret_settings->sender);
    else if (eki_notice_state_parse(ret_notice->state) == EKI_NOTICE_WITHDRAWN)
        refuse(page, 410, EKI_TEXT("The notice was withdrawn: there is nothing for you to do."),
               &ret_settings->sender);
    else
        return true;
    return false;
}

/* Tokens are not guessed at a person's pace, and nobody answers ten times a minute. */
static bool may_try(struct page *page)
{
    struct eki_request *request = page->request;
    if (!eki_gate_guess(&request->web->gate, request->visitor, eki_web_ticks(request->web))) return true;
    refuse(page, 429, EKI_TEXT("Too many answers came from your address. Please wait a minute."), NULL);
    request->reply.retry_after = WAIT_S;
    return false;
}

static struct page open_page(struct eki_request *request)
{
    return (struct page){.request = request,
                         .language = eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH,
                         .token = request->values[0]};
}

/* That the link was opened is noted once. */
static void note_opened(struct eki_request *request, int64_t id)
{
    struct eki_store_notice notice;
    struct eki_store_act act = {.at = eki_request_now(request), .who = "answer page"};
    struct eki_store_work *work;
    if (eki_store_begin(request->web->options.store, &act, &work, NULL)) return;
    enum eki_error error = eki_notice_opened(work, &act, id);
    if (!error) error = eki_store_get(work, &notice, id);
    if (!error) error = eki_store_commit(work);
    if (!error) eki_web_tell_notice(request->web, &notice);
    eki_store_end(work);
}

void eki_answer_get(struct eki_request *request)
{
    struct page page = open_page(request);
    struct eki_notice_settings settings;
    struct eki_store_notice notice;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    bool found = find(&page, work, &notice, &settings);
    bool fresh = found && eki_notice_may(eki_notice_state_parse(notice.state), EKI_NOTICE_OPENED);
    int64_t id = found ? notice.id : 0;
    if (found) put_notice(&page, &notice, &settings.sender, false);
    eki_store_end(work);
    eki_buffer_done(&page.html);
    if (fresh && !request->head) note_opened(request, id);
}

/* What the form says; false after answering. */
static bool read_form(struct page *page, struct eki_notice_answer *ret_answer, char who[EKI_NOTICE_SAID + 1],
                      char text[4 * EKI_NOTICE_SAID + 1])
{
    char state[16];
    const struct eki_buffer *body = &page->request->body;
    bool good = body->length <= EKI_FORM_BYTES &&
                eki_form_value(body->bytes, body->length, "state", state, sizeof state) &&
                eki_form_value(body->bytes, body->length, "who", who, EKI_NOTICE_SAID + 1) &&
                eki_form_value(body->bytes, body->length, "text", text, 4 * EKI_NOTICE_SAID + 1);
    *ret_answer = (struct eki_notice_answer){EKI_NOTICE_STATES, who, text};
    for (size_t i = 0; good && i < sizeof choices / sizeof *choices; i++)
        if (!strcmp(state, eki_notice_state_name(choices[i].state))) ret_answer->state = choices[i].state;
    if (ret_answer->state != EKI_NOTICE_STATES) return true;
    refuse(page, 422, EKI_TEXT("The form was not complete: go back and choose an answer."), NULL);
    return false;
}

static void keep(struct page *page, struct eki_store_work *work, const struct eki_notice_answer *answer)
{
    struct eki_request *request = page->request;
    struct eki_notice_settings settings;
    struct eki_store_notice notice;
    struct eki_store_act act = {.at = eki_request_now(request), .who = "answer page"};
    if (!find(page, work, &notice, &settings)) return;
    enum eki_error error = eki_notice_answer(work, &act, notice.id, answer);
    if (error == EKI_ERROR_CONFLICT) {
        refuse(page, 410, EKI_TEXT("The notice takes no answers now."), &settings.sender);
        return;
    }
    if (!error) error = eki_store_get(work, &notice, notice.id);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, NULL, eki_store_why(work));
        return;
    }
    eki_web_tell_notice(request->web, &notice);
    put_notice(page, &notice, &settings.sender, true);
}

void eki_answer_post(struct eki_request *request)
{
    char who[EKI_NOTICE_SAID + 1], text[4 * EKI_NOTICE_SAID + 1];
    struct page page = open_page(request);
    struct eki_notice_answer answer;
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    struct eki_store_act act = {.at = eki_request_now(request), .who = "answer page"};
    if (!may_try(&page) || !read_form(&page, &answer, who, text)) return;
    enum eki_error error = eki_store_begin(request->web->options.store, &act, &work, &fault);
    if (error) {
        eki_problem_store(request, error, NULL, &fault);
        return;
    }
    keep(&page, work, &answer);
    eki_store_end(work);
    eki_buffer_done(&page.html);
}
