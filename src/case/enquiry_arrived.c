/* SPDX-License-Identifier: Apache-2.0 */
/* Mail that asks something becomes an enquiry, or a further question of one. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "case/enquiry_row.h"
#include "case/letter_tag.h"

enum { ASKER = 330 /* the longest address of RFC 5321 and more */ };

const char *eki_enquiry_arrived_name(enum eki_enquiry_arrived arrived)
{
    static const char *const names[] = {[EKI_ARRIVED_NOT] = "not",
                                        [EKI_ARRIVED_AGAIN] = "again",
                                        [EKI_ARRIVED_OPENED] = "opened",
                                        [EKI_ARRIVED_ADDED] = "added",
                                        [EKI_ARRIVED_FULL] = "full"};
    return (unsigned)arrived < sizeof names / sizeof *names ? names[arrived] : "?";
}

/* A question mark that ends something (not the one within an address of a page), or the Japanese ending of a
 * question. */
static bool asks(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool wide = i + 3 <= length && !memcmp(line + i, "？", 3);
        bool ends = i + 6 <= length && !memcmp(line + i, "か。", 6);
        if (wide || ends) return true;
        if (line[i] == '?' &&
            (i + 1 == length || !(isalnum((unsigned char)line[i + 1]) || line[i + 1] == '=')))
            return true;
    }
    return false;
}

/* Does a line ask that the writer did not quote? Below "-- " stands a signature, below "-----" what was
 * answered. */
static bool has_question(const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n"), blanks = strspn(text, " \t");
        if (!strncmp(text, "-----", 5) || (length <= 4 && !strncmp(text, "-- ", 3))) return false;
        if (blanks < length && text[blanks] != '>' && text[blanks] != '|' && asks(text, length)) return true;
        text += length + (text[length] == '\n');
    }
    return false;
}

/* The thread that has this mail; 0 none. */
static enum eki_error find_thread(struct eki_store_work *work, const char *tag, int64_t *ret_enquiry)
{
    struct eki_store_enquiry_entry *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "tag", .text = tag}}, .limit = 1};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) *ret_enquiry = page.count ? rows[0].enquiry : 0;
    return error;
}

/* By the newest mail that it names. */
static enum eki_error find_answered(struct eki_store_work *work, const struct eki_letter *letter,
                                    int64_t *ret_enquiry)
{
    char tag[EKI_LETTER_TAG];
    enum eki_error error = EKI_OK;
    *ret_enquiry = 0;
    for (size_t i = letter->reference_count; !error && !*ret_enquiry && i > 0; i--) {
        eki_letter_tag_of(letter->references[i - 1], tag);
        error = find_thread(work, tag, ret_enquiry);
    }
    if (error || *ret_enquiry || !letter->in_reply_to[0]) return error;
    eki_letter_tag_of(letter->in_reply_to, tag);
    return find_thread(work, tag, ret_enquiry);
}

/* One that this asker has open about the same notice. */
static enum eki_error find_of_notice(struct eki_store_work *work, const char *asker, int64_t notice,
                                     int64_t *ret_enquiry)
{
    struct eki_store_enquiry *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "notice", .number = notice},
                                                    {.column = "asker", .text = asker},
                                                    {.column = "state", .is = '!', .text = "closed"}},
                                          .descending = true,
                                          .limit = 1};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) *ret_enquiry = page.count ? rows[0].id : 0;
    return error;
}

static void read_asker(const struct eki_letter *letter, char ret_asker[ASKER])
{
    size_t length = eki_letter_cut(letter->from, ASKER - 1);
    for (size_t i = 0; i < length; i++)
        ret_asker[i] = letter->from[i] >= 'A' && letter->from[i] <= 'Z' ? (char)(letter->from[i] | 0x20)
                                                                        : letter->from[i];
    ret_asker[length] = 0;
}

/* Is there room for one more of a stranger? */
static enum eki_error is_full(struct eki_store_work *work, const char *asker, bool *ret_full)
{
    uint64_t own, untaken;
    const struct eki_store_query of_asker = {
        .where = {{.column = "asker", .text = asker}, {.column = "state", .text = "open"}}};
    const struct eki_store_query of_nobody = {
        .where = {{.column = "state", .text = "open"}, {.column = "held", .number = 0}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_ENQUIRY, &of_asker, &own);
    if (!error) error = eki_store_count(work, EKI_STORE_ENQUIRY, &of_nobody, &untaken);
    *ret_full = !error && (own >= EKI_ENQUIRIES_OF_ASKER || untaken >= EKI_ENQUIRIES_UNTAKEN);
    return error;
}

/* The entry that a letter makes; the texts live in the rooms given. */
struct filing {
    char tag[EKI_LETTER_TAG], asker[ASKER], author[EKI_ENQUIRY_LINE], text[EKI_ENQUIRY_MAIL + 100],
        subject[EKI_ENQUIRY_LINE];
    struct eki_store_enquiry_entry entry;
};

static void prepare(const struct eki_letter *letter, struct filing *f)
{
    size_t length = eki_letter_cut(letter->text, EKI_ENQUIRY_MAIL);
    read_asker(letter, f->asker);
    eki_letter_tag(letter, f->tag);
    snprintf(f->author, sizeof f->author, "%.*s%s%s%s", (int)eki_letter_cut(letter->from_name, 60),
             letter->from_name, letter->from_name[0] ? " <" : "", f->asker, letter->from_name[0] ? ">" : "");
    snprintf(f->text, sizeof f->text, "%.*s%s", (int)length, letter->text,
             letter->text[length] || letter->left_out ? "\n[...]" : "");
    const char *subject =
        letter->subject[0] ? letter->subject : letter->text + strspn(letter->text, " \t\r\n");
    size_t line = strcspn(subject, "\r\n"), cut = eki_letter_cut(subject, 250);
    snprintf(f->subject, sizeof f->subject, "%.*s", (int)(line < cut ? line : cut), subject);
    f->entry = (struct eki_store_enquiry_entry){.author = f->author, .text = f->text, .tag = f->tag};
}

/* A further question; a closed enquiry opens again. */
static enum eki_error add(struct eki_store_work *work, const struct eki_store_act *act, struct filing *f,
                          int64_t enquiry, enum eki_enquiry_arrived *ret_arrived)
{
    uint64_t count;
    struct eki_store_enquiry row;
    const struct eki_store_query query = {
        .where = {{.column = "enquiry", .number = enquiry}, {.column = "tag", .is = '!', .text = ""}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_ENQUIRY_ENTRY, &query, &count);
    if (error) return error;
    *ret_arrived = count >= EKI_ENQUIRY_QUESTIONS ? EKI_ARRIVED_FULL : EKI_ARRIVED_ADDED;
    if (*ret_arrived == EKI_ARRIVED_FULL) return EKI_OK;
    error = eki_store_get(work, &row, enquiry);
    if (error) return error;
    row.state = "open";
    error = eki_store_change(work, &row);
    if (error) return error;
    f->entry.enquiry = enquiry;
    f->entry.kind = eki_enquiry_kind_name(EKI_ENQUIRY_QUESTION);
    error = eki_enquiry_note(work, act, f->entry);
    if (error) return error;
    return eki_enquiry_log(work, act, &row, EKI_SAYING_ENQUIRY_QUESTION,
                           (const char *const[]){f->author, f->text});
}

static enum eki_error begin(struct eki_store_work *work, const struct eki_store_act *act, struct filing *f,
                            int64_t notice, int64_t *ret_enquiry)
{
    struct eki_store_notice of_notice;
    struct eki_store_enquiry row = {.notice = notice, .subject = f->subject, .asker = f->asker};
    enum eki_error error = EKI_OK;
    if (notice) {
        error = eki_store_get(work, &of_notice, notice);
        if (!error) row.of_case = of_notice.of_case;
    }
    if (!error) error = eki_enquiry_begin(work, act, &row, &f->entry);
    if (!error) *ret_enquiry = row.id;
    return error;
}

static bool is_for_us(const struct eki_enquiry_letter *l)
{
    const struct eki_letter *letter = l->letter;
    bool of_person = letter->kind == EKI_MAIL_REPLY || letter->kind == EKI_MAIL_OTHER;
    bool own = l->own && !strcasecmp(letter->from, l->own);
    return of_person && !own && letter->from[0] && letter->text[strspn(letter->text, " \t\r\n")];
}

enum eki_error eki_enquiry_arrived(struct eki_store_work *work, const struct eki_store_act *act,
                                   const struct eki_enquiry_letter *letter, int64_t *ret_enquiry,
                                   enum eki_enquiry_arrived *ret_arrived)
{
    struct filing f;
    int64_t thread = 0, again = 0;
    enum eki_enquiry_arrived arrived = EKI_ARRIVED_NOT;
    bool full = false;
    *ret_enquiry = 0;
    *ret_arrived = EKI_ARRIVED_NOT;
    if (!is_for_us(letter)) return EKI_OK;
    prepare(letter->letter, &f);
    enum eki_error error = find_thread(work, f.tag, &again);
    if (!error && !again) error = find_answered(work, letter->letter, &thread);
    bool answers = letter->notice || letter->letter->kind == EKI_MAIL_REPLY;
    if (!error && !again && !thread && answers && !has_question(letter->letter->text)) return EKI_OK;
    if (!error && !again && !thread && letter->notice)
        error = find_of_notice(work, f.asker, letter->notice, &thread);
    if (error) return error;
    if (again) {
        thread = again;
        arrived = EKI_ARRIVED_AGAIN;
    } else if (thread) {
        error = add(work, act, &f, thread, &arrived);
    } else {
        error = is_full(work, f.asker, &full);
        arrived = full ? EKI_ARRIVED_FULL : EKI_ARRIVED_OPENED;
        if (!error && !full) error = begin(work, act, &f, letter->notice, &thread);
    }
    if (!error) *ret_enquiry = thread;
    if (!error) *ret_arrived = arrived;
    return error;
}
