/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences that stages before this one make in English, found again by their fixed parts. */
#include <string.h>

#include "base/text.h"
#include "report/language.h"
#include "report/letter.h"

enum { VALUES = 5 };

/* What signs show (src/protocol), what is wrong with arguments, and what faults say of cases. Among those
 * that begin alike the longer comes first. */
static const char *const sentences[] = {
    EKI_TEXT("{1} files to administrative shares ({2}), then started by {3}"),
    EKI_TEXT("{1} calls to start something, last {2}"),
    EKI_TEXT("{1} files written to administrative shares, last {2}"),
    EKI_TEXT("{1} requests for /default.ida? and a run of {2}"),
    EKI_TEXT("{1} uploads to the implant acknowledged (MID 82)"),
    EKI_TEXT("the target carries the implant (MID 81), put there after this source's exploit"),
    EKI_TEXT("the target carries the implant (MID 81); who put it there is not seen here"),
    EKI_TEXT("the target carries the implant (MID 81)"),
    EKI_TEXT("{1} upload to the implant acknowledged (MID 82)"),
    EKI_TEXT("asked {1} time for the implant"),
    EKI_TEXT("asked {1} times for the implant"),
    EKI_TEXT("asked {1} time for {2}"),
    EKI_TEXT("written to an administrative share and started there"),
    EKI_TEXT("NT_TRANSACT continued by {1} TRANSACTION2_SECONDARY"),
    EKI_TEXT("NT_TRANSACT RENAME ({1}) continued by {2} NT_TRANSACT_SECONDARY"),
    EKI_TEXT("WRITE_ANDX inside an open TRANSACTION; TRANSACTION2 SESSION_SETUP then succeeded"),
    EKI_TEXT("WRITE_ANDX inside an open TRANSACTION"),
    EKI_TEXT("asked {1} times for {2}"),
    EKI_TEXT("{1} or more SYNs whose sequence number is the target's address"),
    EKI_TEXT("PeekNamedPipe answered 0xC0000205: MS17-010 is not patched"),
    EKI_TEXT("PeekNamedPipe on handle 0: asks for MS17-010"),
    EKI_TEXT("{1} or more datagrams of 376 bytes"),
    EKI_TEXT("{1} answers nobody asked for, last command {2}, MID {3}"),
    EKI_TEXT("{1} failed logins here, {2} on {3} hosts in all; then one was accepted"),
    EKI_TEXT("{1} failed logins here, {2} on {3} hosts in all"),
    EKI_TEXT("{1} conversations in a row too small for a session"),
    EKI_TEXT("{1} refused logins here, {2} hosts tried in all"),
    EKI_TEXT("{1} refused logins, then one accepted"),
    EKI_TEXT("after the busybox check a program was written or fetched and started"),
    EKI_TEXT("after the busybox check a program was fetched by the target from this host"),
    EKI_TEXT("logged in after {1} refusals; {2} shells answered the busybox check"),
    EKI_TEXT("unknown option {1}"),
    EKI_TEXT("{1} needs a value"),
    EKI_TEXT("unexpected argument \"{1}\""),
    EKI_TEXT("which case? ekigaku case list shows them"),
    EKI_TEXT("\"{1}\" is no number of a case"),
    EKI_TEXT("\"{1}\" is no number of a task"),
    EKI_TEXT("--language is en or ja, not \"{1}\""),
    EKI_TEXT("--now is no moment: \"{1}\""),
    EKI_TEXT("what? {1}"),
    EKI_TEXT("{1}: which? a number"),
    EKI_TEXT("there is no action \"{1}\""),
    EKI_TEXT("there is no command \"{1}\""),
    EKI_TEXT("no command given"),
    EKI_TEXT("close: what was learnt? A lesson, or --no-lesson when there is none"),
    EKI_TEXT("note: what?"),
    EKI_TEXT("merge: into which case?"),
    EKI_TEXT("split: which hosts?"),
    EKI_TEXT("no file given"),
    EKI_TEXT("add: a case and a file, or --thing and what it is"),
    EKI_TEXT("which enquiry? ekigaku enquiry list shows them"),
    EKI_TEXT("which facts, captures or logs, or which --outbreak that is kept?"),
    EKI_TEXT("case {1} or {2}"),
    EKI_TEXT("case {1} was merged into case {2}"),
    EKI_TEXT("case {1} was merged already"),
    EKI_TEXT("case {1} is open for this outbreak"),
    EKI_TEXT("case {1} is {2}"),
    EKI_TEXT("case {1}"),
    EKI_TEXT("task {1} of case {2}"),
    EKI_TEXT("task {1} is not of this case"),
    EKI_TEXT("evidence {1}"),
    EKI_TEXT("enquiry {1}"),
    EKI_TEXT("indicator {1}"),
    EKI_TEXT("outbreak {1}"),
    EKI_TEXT("account {1}"),
    EKI_TEXT("profile {1}"),
    EKI_TEXT("its case or notice"),
    EKI_TEXT("no such case"),
    EKI_TEXT("there is no such case"),
    EKI_TEXT("it was kept already"),
    EKI_TEXT(
        "asked for before it spreads; it stops where this name answers: let it resolve, do not block it"),
    EKI_TEXT("it is closed already"),
    EKI_TEXT("it is closed"),
    EKI_TEXT("the case is over"),
    EKI_TEXT("it is TLP:{1} already"),
    EKI_TEXT("it is open, not closed"),
    EKI_TEXT("it is contained, not closed"),
    EKI_TEXT("it is merged, not closed"),
    EKI_TEXT("the case has this {1} already"),
    EKI_TEXT("has it already"),
    EKI_TEXT("a handling class is 1 to 4"),
    EKI_TEXT("a case is not merged into itself"),
    EKI_TEXT("a task needs a title"),
    EKI_TEXT("the note is empty"),
    EKI_TEXT("no host was named"),
    EKI_TEXT("no host of the case would stay"),
    EKI_TEXT("{1} of these hosts are not of the case"),
    EKI_TEXT("{1} of its notices are still being sent"),
    EKI_TEXT("{1} of the notices of case {2} are being sent"),
    EKI_TEXT("{1} does not have it: {2} took it last"),
    EKI_TEXT("{1} has it already"),
    EKI_TEXT("\"{1}\" is no {2}, it reads as {3}"),
    EKI_TEXT("\"{1}\" is no {2}"),
    EKI_TEXT("{1} is wider than the label of its case"),
    EKI_TEXT("to widen a label is for coordinators"),
    EKI_TEXT("to change the rule is for coordinators"),
    EKI_TEXT("{1} comes along: switch it off instead"),
    EKI_TEXT("No such file or directory"),
    EKI_TEXT("Permission denied"),
    EKI_TEXT("Is a directory"),
    EKI_TEXT("Not a directory"),
    EKI_TEXT("File exists"),
    EKI_TEXT("No space left on device"),
    EKI_TEXT("another process keeps the store locked"),
    EKI_TEXT("somebody else is writing"),
};

/* Where the fixed part that begins a template ends: at a place or at its end. */
static size_t fixed(const char *template)
{
    return strcspn(template, "{");
}

/* The values of the places, one after another in `room`; false when the text is not of this form. */
static bool match(const char *template, const char *text, char *room, size_t size,
                  const char *ret_values[VALUES + 1])
{
    size_t count = 0, used = 0;
    for (;;) {
        size_t length = fixed(template);
        if (strncmp(text, template, length) != 0) return false;
        template += length;
        text += length;
        if (!*template) return !*text;
        template += 3; /* "{1}": they come in order */
        length = fixed(template);
        size_t value = 0, most = strlen(text);
        /* The last place takes all but what is fixed behind it, another one as little as it can. */
        if (!template[length]) {
            if (most < length) return false;
            value = most - length;
        } else {
            while (value < most && strncmp(text + value, template, length) != 0) value++;
        }
        if (!value || count == VALUES || used + value + 1 > size) return false;
        memcpy(room + used, text, value);
        room[used + value] = '\0';
        ret_values[count++] = room + used;
        ret_values[count] = NULL;
        used += value + 1;
        text += value;
    }
}

void eki_report_heard(enum eki_language language, const char *text, char *ret_text, size_t size)
{
    char room[EKI_SENTENCE];
    struct eki_sentence said = {{0}};
    const char *values[VALUES + 1] = {NULL};
    eki_report_join(said.text, sizeof said.text, text);
    for (size_t i = 0; language != EKI_ENGLISH && i < sizeof sentences / sizeof *sentences; i++)
        if (match(sentences[i], text, room, sizeof room, values)) {
            eki_report_fill(&said, language, sentences[i], values);
            break;
        }
    ret_text[0] = '\0';
    eki_report_join(ret_text, size, said.text);
    eki_report_trim(ret_text);
}
