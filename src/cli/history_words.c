/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/history_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/say.h"
#include "ekigaku/case_task.h"
#include "ekigaku/case_words.h"

enum {
    ACCOUNTS = 10000, /* whose names are read; others stay numbers */
    VALUE = 400       /* bytes of a value; a longer one is cut */
};

/* What a row of a table is, and the column that names it to people. */
static const struct {
    const char *table, *name, *english, *states;
} tables[] = {
    {"case", "title", EKI_TEXT("the case \"{1}\""), "desk"},
    {"case_host", "host", EKI_TEXT("host {1}"), "host"},
    {"case_entry", "", EKI_TEXT("entry of the timeline"), ""},
    {"task", "title", EKI_TEXT("task \"{1}\""), "task"},
    {"evidence", "name", EKI_TEXT("evidence \"{1}\""), ""},
    {"custody", "taker", EKI_TEXT("hand-over to {1}"), ""},
    {"indicator", "value", EKI_TEXT("indicator {1}"), ""},
    {"notice", "team", EKI_TEXT("notice to {1}"), "notice"},
    {"notice_host", "", EKI_TEXT("host in a notice"), ""},
    {"enquiry", "subject", EKI_TEXT("enquiry \"{1}\""), "enquiry"},
    {"enquiry_entry", "author", EKI_TEXT("entry of an enquiry, by {1}"), ""},
};

enum kind { TEXT = 0, TIME, ACCOUNT, YES_NO };

/* The columns that say something to people; the others are for programs (--json). `words`: the list of
 * eki_case_word_in; "state" has one for each table. */
static const struct {
    const char *name, *english, *words;
    enum kind kind;
} columns[] = {
    {"state", EKI_TEXT("state"), "", TEXT},
    {"title", EKI_TEXT("title"), NULL, TEXT},
    {"of_case", EKI_TEXT("case"), NULL, TEXT},
    {"merged_into", EKI_TEXT("merged into case"), NULL, TEXT},
    {"class", EKI_TEXT("countermeasure class"), NULL, TEXT},
    {"handling_class", EKI_TEXT("handling class"), NULL, TEXT},
    {"known", EKI_TEXT("known before"), "known", TEXT},
    {"route", EKI_TEXT("route of infection"), "route", TEXT},
    {"tlp", EKI_TEXT("label"), NULL, TEXT},
    {"profiles", EKI_TEXT("profiles of deadlines"), NULL, TEXT},
    {"account", EKI_TEXT("person"), NULL, ACCOUNT},
    {"aware", EKI_TEXT("known since"), NULL, TIME},
    {"closed", EKI_TEXT("closed at"), NULL, TIME},
    {"at", EKI_TEXT("time"), NULL, TIME},
    {"parent", EKI_TEXT("infected by"), NULL, TEXT},
    {"evidence", EKI_TEXT("shown by"), "evidence", TEXT},
    {"team", EKI_TEXT("owner"), NULL, TEXT},
    {"department", EKI_TEXT("department"), "department", TEXT},
    {"due", EKI_TEXT("due"), NULL, TIME},
    {"ended", EKI_TEXT("ended"), NULL, TIME},
    {"name", EKI_TEXT("name"), NULL, TEXT},
    {"kind", EKI_TEXT("kind"), "indicator", TEXT},
    {"comment", EKI_TEXT("comment"), NULL, TEXT},
    {"sightings", EKI_TEXT("times seen"), NULL, TEXT},
    {"detect", EKI_TEXT("for detection"), NULL, YES_NO},
    {"address", EKI_TEXT("address"), NULL, TEXT},
    {"language", EKI_TEXT("language"), NULL, TEXT},
    {"format", EKI_TEXT("format"), "format", TEXT},
    {"subject", EKI_TEXT("subject"), NULL, TEXT},
    {"hosts", EKI_TEXT("hosts"), NULL, TEXT},
    {"step", EKI_TEXT("step of the ladder"), NULL, TEXT},
    {"releaser", EKI_TEXT("released by"), NULL, ACCOUNT},
    {"second_releaser", EKI_TEXT("and by"), NULL, ACCOUNT},
    {"released", EKI_TEXT("released at"), NULL, TIME},
    {"sent", EKI_TEXT("sent at"), NULL, TIME},
    {"answered", EKI_TEXT("answered at"), NULL, TIME},
    {"reached", EKI_TEXT("came to the right person at"), NULL, TIME},
    {"held", EKI_TEXT("held since"), NULL, TIME},
    {"handovers", EKI_TEXT("hand-overs"), NULL, TEXT},
    {"message", EKI_TEXT("what the relay said"), NULL, TEXT},
};

enum eki_error eki_history_init(struct eki_history_words *words, struct eki_store_work *work)
{
    char id[24];
    struct eki_store_account *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.limit = ACCOUNTS};
    words->names = json_object();
    words->accounts = json_object();
    if (!words->names || !words->accounts) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        snprintf(id, sizeof id, "%lld", (long long)rows[i].id);
        if (json_object_set_new(words->accounts, id, json_string(rows[i].name))) return EKI_ERROR_MEMORY;
    }
    return error;
}

void eki_history_done(struct eki_history_words *words)
{
    json_decref(words->names);
    json_decref(words->accounts);
    *words = (struct eki_history_words){0};
}

/* A value as a person reads it; what is none is a dash. */
static void put_value(char ret_text[VALUE], const struct eki_history_words *words, const json_t *value,
                      enum kind kind, const char *group)
{
    char plain[24] = "";
    const char *text = json_string_value(value);
    long long number = (long long)json_integer_value(value);
    if (json_is_integer(value)) snprintf(plain, sizeof plain, "%lld", number);
    const char *name = kind == ACCOUNT ? json_string_value(json_object_get(words->accounts, plain)) : NULL;
    const struct eki_said time = eki_say_time(number);
    if (kind == TIME && number) text = time.text;
    if (kind == YES_NO) text = eki_report_text_in(words->language, number ? EKI_TEXT("yes") : EKI_TEXT("no"));
    if (name) text = name;
    if (!text) text = (kind == TIME || kind == ACCOUNT) && !number ? "" : plain;
    if (group && (*text || !strcmp(group, "department")))
        text = eki_case_word_in(words->language, group, text);
    eki_say_into(ret_text, VALUE, EKI_ENGLISH, "{1}", EKI_VALUES(*text ? text : "-"));
}

static void print_changes(const struct eki_history_words *words, size_t table, const json_t *before,
                          const json_t *after)
{
    char from[VALUE], to[VALUE];
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const json_t *old = json_object_get(before, columns[i].name),
                     *new = json_object_get(after, columns[i].name);
        if (!old || !new || json_equal(old, new)) continue;
        const char *group = columns[i].words && !*columns[i].words ? tables[table].states : columns[i].words;
        put_value(from, words, old, columns[i].kind, group);
        put_value(to, words, new, columns[i].kind, group);
        eki_say_line(stdout, words->language, "    {1}: {2} -> {3}",
                     EKI_VALUES(eki_report_text_in(words->language, columns[i].english), from, to));
    }
}

/* The name that the row bears, or bore when it was told of last; its number otherwise. */
static const char *name_of(struct eki_history_words *words, const struct eki_store_audit *entry, size_t table,
                           const json_t *before, const json_t *after)
{
    char key[60];
    snprintf(key, sizeof key, "%.30s %.24s", entry->table_name, entry->row);
    const json_t *told = json_object_get(after, tables[table].name);
    if (!told) told = json_object_get(before, tables[table].name);
    const char *playbook = json_string_value(json_object_get(after, "playbook")),
               *title = json_string_value(told);
    if (title && playbook)
        title = eki_case_task_title(&(struct eki_store_task){.title = title, .playbook = playbook},
                                    words->catalogue, words->language);
    /* Without memory for a name its number stands there the next time. */
    if (title) (void)json_object_set_new(words->names, key, json_string(title));
    const char *name = json_string_value(json_object_get(words->names, key));
    return name ? name : entry->row;
}

/* What was written into the timeline says it by itself. */
static bool print_entry(const struct eki_history_words *words, const json_t *after)
{
    char room[EKI_CASE_WORDS];
    const char *code = json_string_value(json_object_get(after, "code")),
               *said = json_string_value(json_object_get(after, "said")),
               *text = json_string_value(json_object_get(after, "text")),
               *kind = json_string_value(json_object_get(after, "kind"));
    if (!code || !said || !text || !kind) return false;
    const struct eki_store_case_entry entry = {.code = code, .said = said, .text = text, .kind = kind};
    eki_say_line(stdout, words->language, EKI_TEXT("timeline, {1}: {2}"),
                 EKI_VALUES(eki_case_word_in(words->language, "entry", kind),
                            eki_case_entry_words(&entry, words->language, room)));
    return true;
}

void eki_history_print(struct eki_history_words *words, const struct eki_store_audit *entry)
{
    size_t table = 0;
    char what[300];
    const size_t count = sizeof tables / sizeof *tables;
    while (table < count && strcmp(tables[table].table, entry->table_name) != 0) table++;
    if (table == count) return;
    json_t *before = *entry->before ? json_loads(entry->before, 0, NULL) : NULL;
    json_t *after = *entry->after ? json_loads(entry->after, 0, NULL) : NULL;
    bool adds = !strcmp(entry->what, "add"), changes = !strcmp(entry->what, "change");
    eki_say(stdout, words->language, "{1}  {2}  ", EKI_VALUES(eki_say_time(entry->at).text, entry->who));
    if (!adds || strcmp(entry->table_name, "case_entry") != 0 || !print_entry(words, after)) {
        eki_say_into(what, sizeof what, words->language, tables[table].english,
                     EKI_VALUES(name_of(words, entry, table, before, after)));
        eki_say_line(stdout, words->language,
                     adds      ? EKI_TEXT("{1} added")
                     : changes ? EKI_TEXT("{1} changed")
                               : EKI_TEXT("{1} removed"),
                     EKI_VALUES(what));
    }
    if (changes) print_changes(words, table, before, after);
    json_decref(before);
    json_decref(after);
}
