/* SPDX-License-Identifier: Apache-2.0 */
/* Enquiries as persons work on them: opened, judged, handed over, answered, closed. */
#include "ekigaku/enquiry.h"

#include <stdio.h>
#include <string.h>

#include "case/case_kin.h"
#include "case/enquiry_row.h"
#include "case/letter_tag.h"

static const char *const kinds[EKI_ENQUIRY_KINDS] = {"question", "request", "judgement",
                                                     "answer",   "closing", "handover"};

const char *eki_enquiry_kind_name(enum eki_enquiry_kind kind)
{
    return (unsigned)kind < EKI_ENQUIRY_KINDS ? kinds[kind] : "?";
}

enum eki_enquiry_kind eki_enquiry_kind_parse(const char *name)
{
    int i = 0;
    while (i < EKI_ENQUIRY_KINDS && strcmp(name, kinds[i]) != 0) i++;
    return (enum eki_enquiry_kind)i;
}

static bool is_empty(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

/* The case and the notice are there; a notice brings its case along. */
static enum eki_error find_subject(struct eki_store_work *work, const struct eki_enquiry_opening *opening,
                                   struct eki_store_enquiry *row, struct eki_fault *fault)
{
    struct eki_store_notice notice;
    enum eki_error error = EKI_OK;
    row->of_case = opening->of_case;
    row->notice = opening->notice;
    if (opening->notice) {
        error = eki_store_get(work, &notice, opening->notice);
        if (!error) row->of_case = notice.of_case;
    }
    if (!error && row->of_case) error = eki_case_takes(work, row->of_case, NULL, fault);
    return error;
}

static enum eki_error check_opening(const struct eki_enquiry_opening *opening, struct eki_fault *fault)
{
    if (is_empty(opening->asker)) return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "who asks?");
    if (is_empty(opening->text)) return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "what is asked?");
    if (strlen(opening->text) > EKI_ENQUIRY_TEXT || strlen(opening->asker) > EKI_ENQUIRY_LINE ||
        (opening->subject && strlen(opening->subject) > EKI_ENQUIRY_LINE))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0,
                             "longer than %d bytes of text or %d of subject and asker", EKI_ENQUIRY_TEXT,
                             EKI_ENQUIRY_LINE);
    return EKI_OK;
}

enum eki_error eki_enquiry_open(struct eki_store_work *work, const struct eki_store_act *act,
                                const struct eki_enquiry_opening *opening, int64_t *ret_enquiry,
                                struct eki_fault *ret_fault)
{
    char subject[EKI_ENQUIRY_LINE];
    struct eki_store_enquiry row = {
        .asker = opening->asker, .account = act->account, .held = act->account ? act->at : 0};
    enum eki_error error = check_opening(opening, ret_fault);
    if (!error) error = find_subject(work, opening, &row, ret_fault);
    if (error) return error;
    row.subject = opening->subject;
    if (is_empty(opening->subject)) {
        const char *line = opening->text + strspn(opening->text, " \t\r\n");
        size_t length = strcspn(line, "\r\n"), cut = eki_letter_cut(line, 120);
        snprintf(subject, sizeof subject, "%.*s", (int)(length < cut ? length : cut), line);
        row.subject = subject;
    }
    const struct eki_store_enquiry_entry first = {.author = opening->asker, .text = opening->text};
    error = eki_enquiry_begin(work, act, &row, &first);
    if (!error) *ret_enquiry = row.id;
    return error;
}

static bool is_held(const struct eki_store_enquiry *row)
{
    return row->account || row->department[0];
}

static enum eki_saying saying_of(enum eki_enquiry_kind kind)
{
    static const enum eki_saying sayings[EKI_ENQUIRY_KINDS] = {
        [EKI_ENQUIRY_QUESTION] = EKI_SAYING_ENQUIRY_QUESTION,
        [EKI_ENQUIRY_REQUEST] = EKI_SAYING_ENQUIRY_REQUEST,
        [EKI_ENQUIRY_JUDGEMENT] = EKI_SAYING_ENQUIRY_JUDGEMENT,
        [EKI_ENQUIRY_ANSWER] = EKI_SAYING_ENQUIRY_ANSWER,
        [EKI_ENQUIRY_CLOSING] = EKI_SAYING_ENQUIRY_CLOSING,
        [EKI_ENQUIRY_HANDOVER] = EKI_SAYING_ENQUIRY_HANDOVER,
    };
    return sayings[kind];
}

/* An entry of the thread, and its sentence in the timeline. */
static enum eki_error tell(struct eki_store_work *work, const struct eki_store_act *act,
                           const struct eki_store_enquiry *row, enum eki_enquiry_kind kind, const char *text)
{
    const char *author = kind == EKI_ENQUIRY_QUESTION ? row->asker : act->who ? act->who : "";
    const struct eki_store_enquiry_entry entry = {
        .enquiry = row->id, .kind = kinds[kind], .author = author, .text = text};
    enum eki_error error = eki_enquiry_note(work, act, entry);
    if (error) return error;
    return eki_enquiry_log(work, act, row, saying_of(kind), (const char *const[]){author, text ? text : ""});
}

/* Whoever answers is the right person: when did it come to them? */
static enum eki_error reach(struct eki_store_work *work, const struct eki_store_act *act,
                            struct eki_store_enquiry *row)
{
    bool other = act->account && row->account && row->account != act->account;
    enum eki_error error = EKI_OK;
    if (other) {
        error = tell(work, act, row, EKI_ENQUIRY_HANDOVER, act->who ? act->who : "");
        row->handovers++;
        row->department = "";
    }
    if (other || !is_held(row)) row->held = act->at;
    if (act->account) row->account = act->account;
    if (!row->reached) row->reached = row->held;
    return error;
}

/* What an entry makes of the enquiry. */
static enum eki_error settle(struct eki_store_work *work, const struct eki_store_act *act,
                             struct eki_store_enquiry *row, enum eki_enquiry_kind kind)
{
    enum eki_error error = EKI_OK;
    if (kind == EKI_ENQUIRY_QUESTION) {
        row->state = "open";
    } else if (kind == EKI_ENQUIRY_CLOSING) {
        row->state = "closed";
    } else if (kind == EKI_ENQUIRY_ANSWER) {
        error = reach(work, act, row);
        row->state = "answered";
        if (!row->answered) row->answered = act->at;
    } else {
        if (act->account && !is_held(row)) row->account = act->account, row->held = act->at;
        if (kind == EKI_ENQUIRY_REQUEST) row->state = "waiting";
    }
    return error ? error : eki_store_change(work, row);
}

static enum eki_error check_words(const struct eki_enquiry_words *words, struct eki_fault *fault)
{
    if ((unsigned)words->kind >= EKI_ENQUIRY_HANDOVER)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "that is nothing to be said");
    if (words->kind != EKI_ENQUIRY_CLOSING && is_empty(words->text))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "the text is empty");
    if (words->text && strlen(words->text) > EKI_ENQUIRY_TEXT)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "longer than %d bytes", EKI_ENQUIRY_TEXT);
    return EKI_OK;
}

enum eki_error eki_enquiry_say(struct eki_store_work *work, const struct eki_store_act *act, int64_t enquiry,
                               const struct eki_enquiry_words *words, struct eki_fault *ret_fault)
{
    struct eki_store_enquiry row;
    enum eki_error error = check_words(words, ret_fault);
    if (!error) error = eki_store_get(work, &row, enquiry);
    if (error) return error;
    if (words->kind != EKI_ENQUIRY_QUESTION && !strcmp(row.state, "closed"))
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "it is closed");
    error = settle(work, act, &row, words->kind);
    return error ? error : tell(work, act, &row, words->kind, words->text);
}

/* Whom an account is; EKI_ERROR_ARGUMENT with the reason when it may not act. */
static enum eki_error find_account(struct eki_store_work *work, int64_t id,
                                   struct eki_store_account *ret_account, struct eki_fault *fault)
{
    enum eki_error error = eki_store_get(work, ret_account, id);
    if (error == EKI_ERROR_MISSING)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "there is no account %lld", (long long)id);
    if (error) return error;
    if (ret_account->disabled || !strcmp(ret_account->role, "viewer"))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0,
                             "%.100s may not act: disabled, or somebody who only looks", ret_account->name);
    return EKI_OK;
}

static enum eki_error find_department(struct eki_store_work *work, const char *id, struct eki_fault *fault)
{
    struct eki_store_directory_record *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "kind", .text = "department"}, {.column = "name", .text = id}}, .limit = 1};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (error || page.count) return error;
    return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "the directory has no department \"%.100s\"", id);
}

/* The taker's columns. It counts, unless nobody had it or a person takes what the own department has. */
static void give(struct eki_store_enquiry *row, const struct eki_enquiry_taker *taker, const char *department,
                 int64_t at)
{
    bool same = !*department || !strcmp(department, row->department);
    bool taken_up = !row->account && taker->account && same;
    if (is_held(row) && !taken_up) row->handovers++;
    if (!taken_up || *department) row->department = department;
    row->account = taker->account;
    row->held = at;
    if (!strcmp(row->state, "answered")) row->state = "open"; /* there is more to say, by somebody else */
}

static enum eki_error check_hand(struct eki_store_work *work, const struct eki_store_enquiry *row,
                                 const struct eki_enquiry_taker *taker, struct eki_store_account *account,
                                 struct eki_fault *fault)
{
    const char *department = taker->department ? taker->department : "";
    enum eki_error error = EKI_OK;
    if (!*department && !taker->account)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "hand it over to whom?");
    if (taker->why && strlen(taker->why) > EKI_ENQUIRY_WHY)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "longer than %d bytes", EKI_ENQUIRY_WHY);
    if (!strcmp(row->state, "closed")) return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "it is closed");
    if (row->account == taker->account && (!strcmp(row->department, department) || !*department))
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "has it already");
    if (taker->account) error = find_account(work, taker->account, account, fault);
    if (!error && *department) error = find_department(work, department, fault);
    return error;
}

enum eki_error eki_enquiry_hand(struct eki_store_work *work, const struct eki_store_act *act, int64_t enquiry,
                                const struct eki_enquiry_taker *taker, struct eki_fault *ret_fault)
{
    char text[EKI_ENQUIRY_WHY + 500];
    struct eki_store_enquiry row;
    struct eki_store_account account = {.name = ""};
    const char *department = taker->department ? taker->department : "";
    enum eki_error error = eki_store_get(work, &row, enquiry);
    if (!error) error = check_hand(work, &row, taker, &account, ret_fault);
    if (error) return error;
    give(&row, taker, department, act->at);
    error = eki_store_change(work, &row);
    if (error) return error;
    snprintf(text, sizeof text, "%.200s%s%.200s%s%s", department, *department && *account.name ? " / " : "",
             account.name, taker->why && *taker->why ? ": " : "", taker->why ? taker->why : "");
    return tell(work, act, &row, EKI_ENQUIRY_HANDOVER, text);
}
