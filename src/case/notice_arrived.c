/* SPDX-License-Identifier: Apache-2.0 */
/* Mail that came in is filed to its notice. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "case/letter_tag.h"
#include "case/notice_row.h"

enum { QUOTED = 1000 };

const char *eki_notice_filed_name(enum eki_notice_filed filed)
{
    static const char *const names[] = {
        [EKI_FILED_NOT] = "not",         [EKI_FILED_LOOP] = "loop",     [EKI_FILED_AGAIN] = "again",
        [EKI_FILED_NOTE] = "note",       [EKI_FILED_ANSWER] = "answer", [EKI_FILED_DELIVERED] = "delivered",
        [EKI_FILED_BOUNCED] = "bounced",
    };
    return (unsigned)filed < sizeof names / sizeof *names ? names[filed] : "?";
}

/* A link to an answer page of ours that the text quotes; 0 without. Mail programs break lines and quote, but
 * not within a word. */
static int64_t linked(const struct eki_notice_arrival *a, int64_t now)
{
    char token[EKI_ANSWER_TOKEN];
    int64_t notice = 0;
    for (const char *at = a->letter->text; (at = strstr(at, "/answer/")); at++) {
        size_t length = strlen(at + 8);
        if (length < EKI_ANSWER_TOKEN - 1) break;
        memcpy(token, at + 8, EKI_ANSWER_TOKEN - 1);
        token[EKI_ANSWER_TOKEN - 1] = '\0';
        enum eki_error error = eki_notice_token_check(a->secret, token, now, &notice);
        if (!error || error == EKI_ERROR_STOPPED) return notice; /* an expired one still says whose it is */
    }
    return 0;
}

/* The newest message that it names comes first. */
static int64_t find_notice(const struct eki_notice_arrival *a, int64_t now)
{
    const struct eki_letter *l = a->letter;
    int64_t notice = eki_notice_of_message(a->secret, l->in_reply_to);
    for (size_t i = l->reference_count; !notice && i > 0; i--)
        notice = eki_notice_of_message(a->secret, l->references[i - 1]);
    if (!notice) notice = eki_notice_of_message(a->secret, l->original);
    return notice ? notice : linked(a, now);
}

/* Keeps what came in the timeline; *ret_again: it was there already. */
static enum eki_error keep(struct eki_store_work *work, const struct eki_store_act *act,
                           const struct eki_store_notice *notice, const struct eki_letter *letter,
                           bool *ret_again)
{
    char tag[EKI_LETTER_TAG], number[24], text[EKI_NOTICE_SAID];
    uint64_t count;
    eki_letter_tag(letter, tag);
    struct eki_store_query query = {
        .where = {{.column = "of_case", .number = notice->of_case}, {.column = "tags", .text = tag}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_CASE_ENTRY, &query, &count);
    *ret_again = !error && count;
    if (error || count) return error;
    snprintf(text, sizeof text, "%.*s", (int)eki_letter_cut(letter->text, QUOTED), letter->text);
    snprintf(number, sizeof number, "%lld", (long long)notice->id);
    struct eki_case_saying entry = {.of_case = notice->of_case,
                                    .kind = "notice",
                                    .tags = tag,
                                    .saying = EKI_SAYING_NOTICE_MAIL,
                                    .values = {number, notice->address, letter->from, text}};
    error = eki_notice_stricter(work, notice, &entry.label);
    return error ? error : eki_case_say(work, act, &entry);
}

/* The first line that is neither empty nor quoted; its length, 0 without. */
static size_t first_line(const char *text, const char **ret_line)
{
    while (*text) {
        size_t length = strcspn(text, "\n"), blanks = strspn(text, " \t");
        if (blanks < length && text[blanks] != '>' && text[blanks] != '|') {
            *ret_line = text + blanks;
            return length - blanks;
        }
        text += length + (text[length] == '\n');
    }
    return 0;
}

static enum eki_notice_state said_in(const struct eki_letter *letter)
{
    static const struct {
        const char *word;
        enum eki_notice_state state;
    } words[] = {
        {"not ours", EKI_NOTICE_DISPUTED}, {"自組織のものではない", EKI_NOTICE_DISPUTED},
        {"done", EKI_NOTICE_DONE},         {"対応完了", EKI_NOTICE_DONE},
        {"handling", EKI_NOTICE_HANDLING}, {"対応中", EKI_NOTICE_HANDLING},
        {"received", EKI_NOTICE_RECEIVED}, {"受領", EKI_NOTICE_RECEIVED},
    };
    const char *line;
    size_t length = first_line(letter->text, &line);
    for (; length && strchr("\"'", *line); length--) line++;
    bool japanese = length >= 3 && !strncmp(line, "「", 3);
    if (japanese) line += 3, length -= 3;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t word = strlen(words[i].word);
        if (word <= length && !strncasecmp(line, words[i].word, word)) return words[i].state;
    }
    return EKI_NOTICE_STATES;
}

/* Any word counts as received, unless more was said already. */
static enum eki_notice_state answer_of(const struct eki_store_notice *notice, const struct eki_letter *letter)
{
    enum eki_notice_state said = said_in(letter), now = eki_notice_state_parse(notice->state);
    bool more = now == EKI_NOTICE_HANDLING || now == EKI_NOTICE_DONE || now == EKI_NOTICE_DISPUTED;
    if (said == EKI_NOTICE_STATES) return more ? now : EKI_NOTICE_RECEIVED;
    return said;
}

static enum eki_error file_reply(struct eki_store_work *work, const struct eki_store_act *act,
                                 const struct eki_store_notice *notice, const struct eki_letter *letter,
                                 enum eki_notice_filed *ret_filed)
{
    struct eki_notice_answer answer = {.state = answer_of(notice, letter), .text = letter->subject};
    enum eki_error error = eki_notice_answer(work, act, notice->id, &answer);
    *ret_filed = error == EKI_ERROR_CONFLICT ? EKI_FILED_NOTE : EKI_FILED_ANSWER;
    return error == EKI_ERROR_CONFLICT ? EKI_OK : error;
}

/* What the report says of the address that the notice goes to now; NULL when of others only. */
static const struct eki_mail_report *report_of(const struct eki_store_notice *notice,
                                               const struct eki_letter *letter, const char *action)
{
    for (size_t i = 0; i < letter->report_count; i++)
        if (!strcasecmp(letter->reports[i].action, action) &&
            !strcasecmp(letter->reports[i].recipient, notice->address))
            return &letter->reports[i];
    return NULL;
}

static enum eki_error file_bounce(struct eki_store_work *work, const struct eki_store_act *act,
                                  const struct eki_store_notice *notice, const struct eki_letter *letter,
                                  enum eki_notice_filed *ret_filed)
{
    char why[EKI_NOTICE_REPLY];
    const struct eki_mail_report *report = report_of(notice, letter, "failed");
    *ret_filed = report ? EKI_FILED_BOUNCED : EKI_FILED_NOTE;
    if (!report) return EKI_OK;
    snprintf(why, sizeof why, "%.20s %.400s", report->status, report->diagnostic);
    return eki_notice_bounced(work, act, notice->id, why);
}

/* A holiday note changes nothing; a report of delivery does. */
static enum eki_error file_automatic(struct eki_store_work *work, const struct eki_store_notice *notice,
                                     const struct eki_letter *letter, enum eki_notice_filed *ret_filed)
{
    struct eki_store_notice row = *notice;
    bool delivered = report_of(notice, letter, "delivered") != NULL;
    bool may = eki_notice_may(eki_notice_state_parse(notice->state), EKI_NOTICE_DELIVERED);
    *ret_filed = delivered ? EKI_FILED_DELIVERED : EKI_FILED_NOTE;
    if (!delivered || !may) return EKI_OK;
    row.state = eki_notice_state_name(EKI_NOTICE_DELIVERED);
    return eki_store_change(work, &row);
}

enum eki_error eki_notice_arrived(struct eki_store_work *work, const struct eki_store_act *act,
                                  const struct eki_notice_arrival *arrival, int64_t *ret_notice,
                                  enum eki_notice_filed *ret_filed)
{
    const struct eki_letter *letter = arrival->letter;
    struct eki_store_notice notice;
    enum eki_notice_filed filed = EKI_FILED_NOTE;
    bool again = false;
    *ret_notice = 0;
    *ret_filed = EKI_FILED_LOOP;
    if (arrival->own && !strcasecmp(letter->from, arrival->own)) return EKI_OK;
    *ret_filed = EKI_FILED_NOT;
    int64_t id = find_notice(arrival, act->at);
    enum eki_error error = id ? eki_store_get(work, &notice, id) : EKI_ERROR_MISSING;
    if (error) return error == EKI_ERROR_MISSING ? EKI_OK : error;
    error = keep(work, act, &notice, letter, &again);
    if (!error && again) filed = EKI_FILED_AGAIN;
    if (!error && !again && letter->kind == EKI_MAIL_BOUNCE)
        error = file_bounce(work, act, &notice, letter, &filed);
    else if (!error && !again && letter->kind == EKI_MAIL_AUTOMATIC)
        error = file_automatic(work, &notice, letter, &filed);
    else if (!error && !again)
        error = file_reply(work, act, &notice, letter, &filed);
    if (error) return error;
    *ret_notice = id;
    *ret_filed = filed;
    return EKI_OK;
}
