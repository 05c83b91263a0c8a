/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence: entered as its class permits, handed from one to the next. */
#include "ekigaku/evidence.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "case/case_kin.h"
#include "case/saying.h"

enum { NAME = 500, LINE = 1000 };

const struct eki_handling_rule *eki_evidence_rule(int64_t handling_class)
{
    static const struct eki_handling_rule rules[] = {
        {false, false, false, false, EKI_TEXT("Class 1 is never kept: only its hash is recorded.")},
        {true, true, false, false,
         EKI_TEXT(
             "Class 2 is kept only with the leave of a coordinator, and not handed out by the service.")},
        {true, false, true, true, EKI_TEXT("Class 3 is kept in encrypted archives only.")},
        {true, false, false, true, EKI_TEXT("Class 4 is kept as a confidential record.")},
    };
    return &rules[handling_class >= 1 && handling_class <= 4 ? handling_class - 1 : 0];
}

const char *eki_evidence_seen_name(enum eki_evidence_seen seen)
{
    static const char *const names[] = {"", "same", "changed", "gone", "other"};
    return (unsigned)seen < sizeof names / sizeof *names ? names[seen] : "?";
}

static bool is_empty(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

static bool is_hash(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdefABCDEF") == 64;
}

static enum eki_error check(const struct eki_evidence_adding *adding, struct eki_fault *fault)
{
    const char *const lines[] = {adding->giver, adding->why};
    if (is_empty(adding->name) || strlen(adding->name) > NAME)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "a name of 1 to %d bytes", NAME);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i] && strlen(lines[i]) > LINE)
            return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "longer than %d bytes", LINE);
    if (adding->handling_class < 1 || adding->handling_class > 4)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "a handling class is 1 to 4");
    if (adding->sha256 && *adding->sha256 && !is_hash(adding->sha256))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "a SHA-256 has 64 hexadecimal digits");
    return EKI_OK;
}

/* A coordinator or administrator acts. */
static enum eki_error has_leave(struct eki_store_work *work, const struct eki_store_act *act, bool *ret_leave)
{
    struct eki_store_account account;
    *ret_leave = false;
    if (!act->account) return EKI_OK;
    enum eki_error error = eki_store_get(work, &account, act->account);
    if (error) return error == EKI_ERROR_MISSING ? EKI_OK : error;
    *ret_leave =
        !account.disabled && (!strcmp(account.role, "coordinator") || !strcmp(account.role, "administrator"));
    return EKI_OK;
}

/* May bytes of this class be kept as they are? */
static enum eki_error check_class(struct eki_store_work *work, const struct eki_store_act *act,
                                  const struct eki_evidence_adding *adding, struct eki_fault *fault)
{
    bool leave;
    const struct eki_handling_rule *rule = eki_evidence_rule(adding->handling_class);
    if (!adding->input) return EKI_OK; /* nothing is kept */
    enum eki_error error = has_leave(work, act, &leave);
    if (error) return error;
    if (!rule->keep || (rule->leave && !leave) || (rule->sealed && !adding->sealed))
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "%s", rule->says);
    return EKI_OK;
}

/* The file of an input becomes the evidence's; the input bears its class from then on. It only ever gets
 * stricter: entering the file once more is no way to have it handed out. */
static enum eki_error take_input(struct eki_store_work *work, const struct eki_evidence_adding *adding,
                                 struct eki_store_evidence *row, struct eki_fault *fault)
{
    struct eki_store_input input;
    if (!adding->input) return EKI_OK;
    enum eki_error error = eki_store_get(work, &input, adding->input);
    if (error) return error;
    if (!input.kept) return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "the file of the input is gone");
    if (adding->handling_class > input.handling_class)
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0,
                             "the file is under class %d: it cannot be entered under a weaker one",
                             (int)input.handling_class);
    if (adding->sha256 && *adding->sha256 && strcasecmp(adding->sha256, input.sha256) != 0)
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "the file is not any more what was handed in");
    row->path = input.path;
    row->size = input.size;
    row->sha256 = input.sha256;
    if (input.handling_class == adding->handling_class) return EKI_OK;
    input.handling_class = adding->handling_class;
    return eki_store_change(work, &input);
}

static enum eki_error add_step(struct eki_store_work *work, const struct eki_store_act *act,
                               const struct eki_store_evidence *evidence,
                               const struct eki_evidence_step *step)
{
    struct eki_store_custody row = {.evidence = evidence->id,
                                    .at = act->at,
                                    .giver = step->giver,
                                    .taker = step->taker,
                                    .why = step->why,
                                    .sha256 = step->sha256,
                                    .seen = eki_evidence_seen_name(step->seen),
                                    .account = act->account};
    return eki_store_add(work, &row);
}

static enum eki_error tell(struct eki_store_work *work, const struct eki_store_act *act,
                           const struct eki_store_evidence *evidence, enum eki_saying saying,
                           const char *const two[2])
{
    char number[24], tag[40];
    snprintf(number, sizeof number, "%lld", (long long)evidence->id);
    snprintf(tag, sizeof tag, "evidence-%s", number);
    const struct eki_case_saying entry = {.of_case = evidence->of_case,
                                          .kind = "evidence",
                                          .tags = tag,
                                          .saying = saying,
                                          .values = {number, evidence->name, two[0], two[1]}};
    return eki_case_say(work, act, &entry);
}

/* Adds the row, its first step and its line, and makes the case as strict. */
static enum eki_error enter(struct eki_store_work *work, const struct eki_store_act *act,
                            const struct eki_evidence_adding *adding, struct eki_store_case *of,
                            struct eki_store_evidence *row)
{
    char number[8];
    bool looked = adding->looked && adding->input && adding->sha256 && *adding->sha256;
    const struct eki_evidence_step first = {.giver = adding->giver,
                                            .taker = act->who,
                                            .why = adding->why,
                                            .seen = looked ? EKI_EVIDENCE_SAME : EKI_EVIDENCE_UNSEEN,
                                            .sha256 = looked ? adding->sha256 : ""};
    enum eki_error error = eki_store_add(work, row);
    if (!error) error = add_step(work, act, row, &first);
    if (!error && row->handling_class < of->handling_class) {
        of->handling_class = row->handling_class;
        error = eki_store_change(work, of);
    }
    if (error) return error;
    snprintf(number, sizeof number, "%d", (int)row->handling_class);
    return tell(work, act, row,
                row->path && *row->path ? EKI_SAYING_EVIDENCE_KEPT : EKI_SAYING_EVIDENCE_RECORDED,
                (const char *const[]){number, row->sha256 ? row->sha256 : ""});
}

enum eki_error eki_evidence_add(struct eki_store_work *work, const struct eki_store_act *act,
                                const struct eki_evidence_adding *adding, int64_t *ret_evidence,
                                struct eki_fault *ret_fault)
{
    struct eki_store_case of;
    struct eki_store_evidence row = {.of_case = adding->of_case,
                                     .name = adding->name,
                                     .input = adding->input,
                                     .size = adding->sha256 && *adding->sha256 ? adding->size : 0,
                                     .sha256 = adding->sha256,
                                     .handling_class = adding->handling_class,
                                     .taken = adding->taken ? adding->taken : act->at,
                                     .account = act->account,
                                     .created = act->at};
    enum eki_error error = check(adding, ret_fault);
    if (!error) error = eki_case_takes(work, adding->of_case, &of, ret_fault);
    if (!error) error = check_class(work, act, adding, ret_fault);
    if (!error) error = take_input(work, adding, &row, ret_fault);
    if (!error) error = enter(work, act, adding, &of, &row);
    if (!error) *ret_evidence = row.id;
    return error;
}

/* Who has it: the taker of the last step. */
static enum eki_error find_holder(struct eki_store_work *work, int64_t evidence, const char **ret_holder)
{
    struct eki_store_custody *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "evidence", .number = evidence}}, .descending = true, .limit = 1};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) *ret_holder = page.count ? rows[0].taker : "";
    return error;
}

static enum eki_error check_step(const struct eki_evidence_step *step, const char *holder,
                                 struct eki_fault *fault)
{
    if (is_empty(step->taker)) return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "who takes it?");
    if (strlen(step->taker) > LINE || (step->why && strlen(step->why) > LINE))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "longer than %d bytes", LINE);
    if (!is_empty(step->giver) && strcmp(step->giver, holder) != 0)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "%.100s does not have it: %.100s took it last",
                             step->giver, holder);
    if (!strcmp(step->taker, holder))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "%.100s has it already", holder);
    return EKI_OK;
}

enum eki_error eki_evidence_hand(struct eki_store_work *work, const struct eki_store_act *act,
                                 int64_t evidence, const struct eki_evidence_step *step,
                                 struct eki_fault *ret_fault)
{
    const char *holder;
    struct eki_store_evidence row;
    struct eki_evidence_step done = *step;
    enum eki_error error = eki_store_get(work, &row, evidence);
    if (!error) error = find_holder(work, evidence, &holder);
    if (!error) error = check_step(step, holder, ret_fault);
    if (error) return error;
    done.giver = holder;
    error = add_step(work, act, &row, &done);
    if (!error)
        error = tell(work, act, &row, EKI_SAYING_EVIDENCE_HANDED, (const char *const[]){holder, step->taker});
    if (error || (step->seen != EKI_EVIDENCE_CHANGED && step->seen != EKI_EVIDENCE_GONE)) return error;
    return tell(work, act, &row,
                step->seen == EKI_EVIDENCE_GONE ? EKI_SAYING_EVIDENCE_GONE : EKI_SAYING_EVIDENCE_CHANGED,
                (const char *const[]){step->sha256 ? step->sha256 : "", ""});
}

enum eki_error eki_evidence_verified(struct eki_store_work *work, const struct eki_store_act *act,
                                     int64_t evidence, enum eki_evidence_seen seen, const char *sha256)
{
    char detail[200];
    struct eki_store_evidence row;
    enum eki_error error = eki_store_get(work, &row, evidence);
    if (error) return error;
    snprintf(detail, sizeof detail, "{\"evidence\":%lld,\"seen\":\"%s\",\"sha256\":\"%.64s\"}",
             (long long)evidence, eki_evidence_seen_name(seen), sha256);
    error = eki_store_note(work, "evidence verified", detail);
    if (error || seen < EKI_EVIDENCE_CHANGED) return error;
    return tell(work, act, &row,
                seen == EKI_EVIDENCE_GONE    ? EKI_SAYING_EVIDENCE_GONE
                : seen == EKI_EVIDENCE_OTHER ? EKI_SAYING_EVIDENCE_OTHER
                                             : EKI_SAYING_EVIDENCE_CHANGED,
                (const char *const[]){sha256, ""});
}

enum eki_error eki_evidence_holds(struct eki_store_work *work, int64_t input, bool *ret_holds)
{
    uint64_t count;
    const struct eki_store_query query = {.where = {{.column = "input", .number = input}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_EVIDENCE, &query, &count);
    if (!error) *ret_holds = count > 0;
    return error;
}
