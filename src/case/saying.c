/* SPDX-License-Identifier: Apache-2.0 */
#include "case/saying.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "case/notice_row.h"
#include "ekigaku/case_words.h"

enum { BOTH = 1 << 16 /* its values may hold two languages */ };

/* A sentence and which of its values are words of the list below. */
struct sentence {
    const char *code, *english;
    unsigned words; /* bit 0: {1}; or BOTH */
};

static const struct sentence sentences[EKI_SAYINGS] = {
    [EKI_SAYING_OPENED] = {"case.opened", EKI_TEXT("The case was opened"), 0},
    [EKI_SAYING_MORE_HOSTS] = {"case.more-hosts", EKI_TEXT("More affected hosts: {1}"), 0},
    [EKI_SAYING_BY_RULE] =
        {"case.by-rule",
         EKI_TEXT("Opened by the rule: infected hosts: {1}, and from {2} on an outbreak becomes a case"), 0},
    [EKI_SAYING_DRAFTED] =
        {"case.drafted",
         EKI_TEXT("More notices drafted: {1}, for hosts that are new: {2}; they wait for release"), 0},
    [EKI_SAYING_NO_LESSON] = {"case.no-lesson", EKI_TEXT("Closed without a lesson"), 0},
    [EKI_SAYING_LEFT_OPEN] =
        {"case.left-open",
         EKI_TEXT(
             "Closed although something is open (tasks: {1}, notices: {2}, deadlines: {3}, enquiries: {4}). Reason: {5}"),
         0},
    [EKI_SAYING_REOPENED] = {"case.reopened", EKI_TEXT("Opened again"), 0},
    [EKI_SAYING_MARKED] = {"case.marked", EKI_TEXT("Labelled {1}; before: {2}"), 0},
    [EKI_SAYING_MARKED_WHY] = {"case.marked-why", EKI_TEXT("Labelled {1}; before: {2}. Reason: {3}"), 0},
    [EKI_SAYING_NOTICE_SAID] = {"notice.said", EKI_TEXT("Notice {1} to {2}: {3}, said by {4}. {5}"), 4},
    [EKI_SAYING_NOTICE_OPENED] = {"notice.opened", EKI_TEXT("Notice {1} to {2}: the link was opened."), 0},
    [EKI_SAYING_NOTICE_ANSWERED] = {"notice.answered", EKI_TEXT("Notice {1}, {2} answers: {3}. {4} {5}"), 4},
    [EKI_SAYING_NOTICE_BOUNCED] = {"notice.bounced", EKI_TEXT("Notice {1} to {2} came back. {3}"), 0},
    [EKI_SAYING_NOTICE_SILENT_RED] =
        {"notice.silent-red",
         EKI_TEXT(
             "Notice {1}: {2} does not answer, and RED names persons: nobody else may be told. Take the telephone."),
         0},
    [EKI_SAYING_NOTICE_SILENT] =
        {"notice.silent",
         EKI_TEXT(
             "Notice {1}: {2} does not answer, and the directory names nobody else. Take the telephone."),
         0},
    [EKI_SAYING_NOTICE_TO_SECOND] =
        {"notice.to-second", EKI_TEXT("Notice {1}: no answer from {3}, passed on to a second contact, {2}."),
         0},
    [EKI_SAYING_NOTICE_TO_UPSTREAM] =
        {"notice.to-upstream",
         EKI_TEXT("Notice {1}: no answer from {3}, passed on to the upstream network, {2}."), 0},
    [EKI_SAYING_NOTICE_TO_NATIONAL] =
        {"notice.to-national",
         EKI_TEXT("Notice {1}: no answer from {3}, passed on to the national team, {2}."), 0},
    [EKI_SAYING_NOTICE_OUTCOME] = {"notice.outcome", EKI_TEXT("Notice {1} to {2}: {3}. {4}"), 4},
    [EKI_SAYING_NOTICE_UNKNOWN] = {"notice.unknown",
                                   EKI_TEXT("Notice {1} to {2}: it is not known whether it was sent."), 0},
    [EKI_SAYING_NOTICE_RELEASED] = {"notice.released", EKI_TEXT("Notice {1} to {2}: released."), 0},
    [EKI_SAYING_NOTICE_RELEASED_TWO] = {"notice.released-two",
                                        EKI_TEXT("Notice {1} to {2}: released by two persons."), 0},
    [EKI_SAYING_NOTICE_MAIL] = {"notice.mail", EKI_TEXT("Notice {1}, mail from {3}: {4}"), 0},
    [EKI_SAYING_ENQUIRY_OPENED] = {"enquiry.opened", EKI_TEXT("Enquiry {1} of {2}: {3}"), 0},
    [EKI_SAYING_ENQUIRY_QUESTION] = {"enquiry.question", EKI_TEXT("Enquiry {1}, {2} asks further: {3}"), 0},
    [EKI_SAYING_ENQUIRY_REQUEST] = {"enquiry.request", EKI_TEXT("Enquiry {1}, {2} asked back: {3}"), 0},
    [EKI_SAYING_ENQUIRY_JUDGEMENT] = {"enquiry.judgement", EKI_TEXT("Enquiry {1}, judged by {2}: {3}"), 0},
    [EKI_SAYING_ENQUIRY_ANSWER] = {"enquiry.answer", EKI_TEXT("Enquiry {1}, answered by {2}: {3}"), 0},
    [EKI_SAYING_ENQUIRY_CLOSING] = {"enquiry.closing", EKI_TEXT("Enquiry {1}, closed by {2}. {3}"), 0},
    [EKI_SAYING_EVIDENCE_KEPT] = {"evidence.kept",
                                  EKI_TEXT("Evidence {1} is kept: {2}, handling class {3}. {4}"), 0},
    [EKI_SAYING_EVIDENCE_RECORDED] = {"evidence.recorded",
                                      EKI_TEXT("Evidence {1} is recorded: {2}, handling class {3}. {4}"), 0},
    [EKI_SAYING_EVIDENCE_HANDED] = {"evidence.handed",
                                    EKI_TEXT("Evidence {1}, {2}: handed over by {3} to {4}"), 0},
    [EKI_SAYING_EVIDENCE_CHANGED] =
        {"evidence.changed",
         EKI_TEXT("Evidence {1}, {2}, is not any more what was entered. SHA-256 now: {3}"), 0},
    [EKI_SAYING_EVIDENCE_OTHER] =
        {"evidence.other",
         EKI_TEXT("Evidence {1}, {2}: a file was compared with it that is another one. SHA-256 of that: {3}"),
         0},
    [EKI_SAYING_EVIDENCE_GONE] = {"evidence.gone", EKI_TEXT("Evidence {1}, {2}: its file is gone"), 0},
    [EKI_SAYING_INDICATOR_CHANGED] = {"indicator.changed", EKI_TEXT("Indicator changed, {1}: {2}. {3}"), 0},
    [EKI_SAYING_INDICATOR_REMOVED] = {"indicator.removed", EKI_TEXT("Indicator taken out, {1}: {2}"), 0},
    [EKI_SAYING_INDICATOR_CHANGED_STRICT] =
        {"indicator.changed-strict",
         EKI_TEXT("Indicator {1} changed; its label is stricter than that of the case"), 0},
    [EKI_SAYING_INDICATOR_REMOVED_STRICT] =
        {"indicator.removed-strict",
         EKI_TEXT("Indicator {1} taken out; its label is stricter than that of the case"), 0},
    [EKI_SAYING_ENQUIRY_HANDOVER] = {"enquiry.handover", EKI_TEXT("Enquiry {1}, handed over by {2} to {3}"),
                                     0},
    [EKI_SAYING_MERGED_INTO] = {"case.merged-into", EKI_TEXT("Merged into case {1}"), 0},
    [EKI_SAYING_MERGED_FROM] =
        {"case.merged-from",
         EKI_TEXT("Case {1}, {2}, was merged into this one; hosts that it did not have: {3}"), 0},
    [EKI_SAYING_SPLIT_INTO] = {"case.split-into",
                               EKI_TEXT("Hosts that went to a case of their own, case {2}: {1}"), 0},
    [EKI_SAYING_SPLIT_FROM] = {"case.split-from", EKI_TEXT("Hosts that were split off from case {2}: {1}"),
                               0},
    [EKI_SAYING_TASK_ADDED] = {"task.added", EKI_TEXT("Task set: {1}"), BOTH},
    [EKI_SAYING_TASK_DONE] = {"task.done", EKI_TEXT("Task done: {1}"), BOTH},
    [EKI_SAYING_TASK_DROPPED] = {"task.dropped", EKI_TEXT("Task dropped: {1}"), BOTH},
    [EKI_SAYING_TASK_AGAIN] = {"task.again", EKI_TEXT("Task taken up again: {1}"), BOTH},
    [EKI_SAYING_DEADLINE_KEPT] = {"deadline.kept", EKI_TEXT("The deadline \"{1}\" was kept."), BOTH},
    [EKI_SAYING_DEADLINE_LATE] = {"deadline.late",
                                  EKI_TEXT("What the deadline \"{1}\" asks for was done, but too late."),
                                  BOTH},
    [EKI_SAYING_RECEIVED] =
        {"case.received",
         EKI_TEXT(
             "Received from {1} ({2}, {3}): more affected hosts: {4}, more indicators: {5}, passed over: {6}"),
         0},
    [EKI_SAYING_RECEIVED_UNPROVEN] =
        {"case.received-unproven",
         EKI_TEXT(
             "Received, from {1} as far as is said ({2}, {3}): more affected hosts: {4}, more indicators: {5}, passed over: {6}"),
         0},
    [EKI_SAYING_TOLD_TOO] = {"case.told-too", EKI_TEXT("Case {1}, received from {2}, is told to be the same"),
                             0},
    [EKI_SAYING_TOLD_EVENT] = {"case.told-event", EKI_TEXT("{1} tells: {2}"), 0},
    [EKI_SAYING_RECEIVED_WORK] = {"case.received-work",
                                  EKI_TEXT(
                                      "Received from {1} besides: {2} more tasks, {3} events and impacts"),
                                  0},
};

/* States, as sentences say them. */
static const struct {
    const char *name, *english;
} words[] = {{"draft", EKI_TEXT("draft")},
             {"released", EKI_TEXT("released")},
             {"queued", EKI_TEXT("queued for mail")},
             {"sending", EKI_TEXT("being sent")},
             {"sent", EKI_TEXT("sent")},
             {"delivered", EKI_TEXT("delivered")},
             {"bounced", EKI_TEXT("came back")},
             {"opened", EKI_TEXT("opened")},
             {"received", EKI_TEXT("received")},
             {"handling", EKI_TEXT("being handled")},
             {"done", EKI_TEXT("dealt with")},
             {"disputed", EKI_TEXT("not theirs")},
             {"unknown", EKI_TEXT("not known whether sent")},
             {"withdrawn", EKI_TEXT("withdrawn")}};

/* Separators of ASCII, which no text that people write holds. */
enum { BETWEEN = 0x1f /* values */, HALVES = 0x1e /* the English and the Japanese of one value */ };

static const char *word_of(const char *name, enum eki_language language)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].name, name)) return eki_report_text_in(language, words[i].english);
    return name;
}

struct room {
    char *bytes;
    size_t length;
};

static void put(struct room *room, const char *text, size_t length)
{
    size_t most = EKI_CASE_WORDS - 1 - room->length;
    if (length > most) length = most;
    memcpy(room->bytes + room->length, text, length);
    room->length += length;
    room->bytes[room->length] = '\0';
}

/* The value at a position of the joined ones; its length, 0 where there is none. */
static size_t value_at(const char *joined, unsigned which, const char **ret_value)
{
    for (; which; which--) {
        joined += strcspn(joined, "\x1f");
        if (*joined) joined++;
    }
    *ret_value = joined;
    return strcspn(joined, "\x1f");
}

static void put_value(struct room *room, const struct sentence *s, const char *joined, unsigned which,
                      enum eki_language language)
{
    char name[32];
    const char *value;
    size_t length = value_at(joined, which, &value);
    if (s->words != BOTH && (s->words >> which & 1) && length < sizeof name) {
        memcpy(name, value, length);
        name[length] = '\0';
        value = word_of(name, language);
        length = strlen(value);
    }
    const char *half = memchr(value, HALVES, length);
    if (half && language == EKI_JAPANESE) {
        length -= (size_t)(half + 1 - value);
        value = half + 1;
    } else if (half) {
        length = (size_t)(half - value);
    }
    put(room, value, length);
}

/* The sentence with its values, without blanks at its end, where a value was empty. */
static void fill(const struct sentence *s, const char *joined, enum eki_language language,
                 char ret_text[EKI_CASE_WORDS])
{
    struct room room = {ret_text, 0};
    ret_text[0] = '\0';
    for (const char *at = eki_report_text_in(language, s->english); *at;) {
        size_t plain = strcspn(at, "{");
        put(&room, at, plain);
        at += plain;
        if (at[0] == '{' && at[1] >= '1' && at[1] <= '9' && at[2] == '}') {
            put_value(&room, s, joined, (unsigned)(at[1] - '1'), language);
            at += 3;
        } else if (*at) {
            put(&room, at++, 1);
        }
    }
    while (room.length && ret_text[room.length - 1] == ' ') ret_text[--room.length] = '\0';
    eki_notice_whole(ret_text);
}

const char *eki_case_entry_words(const struct eki_store_case_entry *entry, enum eki_language language,
                                 char room[EKI_CASE_WORDS])
{
    for (size_t i = 0; entry->code && *entry->code && i < EKI_SAYINGS; i++)
        if (!strcmp(sentences[i].code, entry->code)) {
            fill(&sentences[i], entry->said ? entry->said : "", language, room);
            return room;
        }
    return entry->text;
}

const char *eki_saying_both(const char *english, const char *japanese, char ret_text[EKI_SAYING_BOTH])
{
    snprintf(ret_text, EKI_SAYING_BOTH, "%.1000s%c%.1000s", english, HALVES, japanese);
    return ret_text;
}

/* The value as it may be told. */
static const char *told(const struct sentence *s, const struct eki_case_saying *saying, size_t i)
{
    const char *value = saying->values[i];
    bool open = saying->label == EKI_TLP_CLEAR || !i || !*value || (s->words != BOTH && s->words >> i & 1);
    return open ? value : eki_tlp_text(saying->label);
}

/* One text of the values; what would look like an end of one becomes a blank. */
static void join(const struct sentence *s, const struct eki_case_saying *saying,
                 char ret_text[EKI_CASE_WORDS])
{
    struct room room = {ret_text, 0};
    const char between = BETWEEN;
    ret_text[0] = '\0';
    for (size_t i = 0; i < EKI_SAYING_VALUES && saying->values[i]; i++) {
        size_t from = room.length + (i > 0);
        if (i) put(&room, &between, 1);
        const char *value = told(s, saying, i);
        put(&room, value, strlen(value));
        for (char *c = ret_text + from; c < ret_text + room.length; c++)
            if (*c == BETWEEN || (*c == HALVES && s->words != BOTH)) *c = ' ';
    }
    eki_notice_whole(ret_text);
}

enum eki_error eki_case_say(struct eki_store_work *work, const struct eki_store_act *act,
                            const struct eki_case_saying *saying)
{
    char said[EKI_CASE_WORDS], text[EKI_CASE_WORDS];
    const struct sentence *s = &sentences[saying->saying];
    join(s, saying, said);
    fill(s, said, EKI_ENGLISH, text);
    struct eki_store_case_entry entry = {.of_case = saying->of_case,
                                         .at = act->at,
                                         .kind = saying->kind,
                                         .host = saying->host,
                                         .tags = saying->tags,
                                         .text = text,
                                         .code = s->code,
                                         .said = said,
                                         .account = act->account,
                                         .created = act->at};
    return eki_store_add(work, &entry);
}

/* The values of an entry as they were told; they point into `room`. */
static void take_apart(const char *said, char room[EKI_CASE_WORDS], struct eki_case_saying *saying)
{
    snprintf(room, EKI_CASE_WORDS, "%s", said);
    for (size_t i = 0; room && i < EKI_SAYING_VALUES; i++) {
        saying->values[i] = room;
        room = strchr(room, BETWEEN);
        if (room) *room++ = '\0';
    }
}

enum eki_error eki_case_say_less(struct eki_store_work *work, struct eki_store_case_entry *entry,
                                 enum eki_tlp label)
{
    char room[EKI_CASE_WORDS], said[EKI_CASE_WORDS], text[EKI_CASE_WORDS];
    struct eki_case_saying saying = {.saying = EKI_SAYINGS, .label = label};
    for (size_t i = 0; entry->code && *entry->code && i < EKI_SAYINGS; i++)
        if (!strcmp(sentences[i].code, entry->code)) saying.saying = (enum eki_saying)i;
    if (saying.saying == EKI_SAYINGS) return EKI_OK;
    take_apart(entry->said ? entry->said : "", room, &saying);
    bool changed = saying.saying == EKI_SAYING_INDICATOR_CHANGED;
    if (changed || saying.saying == EKI_SAYING_INDICATOR_REMOVED) {
        saying.saying = changed ? EKI_SAYING_INDICATOR_CHANGED_STRICT : EKI_SAYING_INDICATOR_REMOVED_STRICT;
        const char *number = entry->tags ? strchr(entry->tags, '-') : NULL;
        saying.values[0] = number ? number + 1 : "-";
        saying.values[1] = NULL;
    }
    const struct sentence *s = &sentences[saying.saying];
    join(s, &saying, said);
    fill(s, said, EKI_ENGLISH, text);
    entry->code = s->code;
    entry->said = said;
    entry->text = text;
    enum eki_error error = eki_store_change(work, entry);
    entry->said = entry->text = ""; /* they were of this call */
    return error;
}
