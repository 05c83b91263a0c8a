/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_DESK_CALL_H
#define EKI_CLI_DESK_CALL_H
/*
 * What the subcommands share that work on the files of a case (enquiry, evidence, indicator, deadline): their
 * options, the store, who acts and whether they may. Calls that return an int return an exit status after a
 * message of their own.
 */
#include <jansson.h>

#include "cli/command.h"
#include "cli/store_place.h"

/* An option of one command, beside those that all have. */
struct eki_desk_option {
    const char *name;
    const char **value; /* NULL for one without a value */
    bool *given;        /* may be NULL */
};

enum { EKI_DESK_OPTIONS = 12 };

struct eki_desk_call {
    const struct eki_command *command;
    const char *url, *as;
    bool json, help;
    enum eki_language language;
    eki_time now;
    char **words; /* what stands beside the options */
    int count;
    struct eki_store *store;
    struct eki_store_act act;
    enum eki_desk_rank rank; /* of the account that acts; set by eki_desk_open */
};

/* Reads options and words; `own` ends with a row without a name and holds at most EKI_DESK_OPTIONS. */
int eki_desk_parse(struct eki_desk_call *call, int count, char **arguments,
                   const struct eki_desk_option *own);

/* What a command can do: its first word. A list of them ends with a row without a name. */
struct eki_desk_verb {
    const char *name;
    enum eki_desk_rank least; /* that may do it */
    bool numbered;            /* a number above 0 is its second word */
};

/* What was chosen. */
struct eki_desk_chosen {
    size_t verb; /* its place in the list */
    int64_t number;
};

/* Takes verb and number off the words of the call and opens the store for it, as eki_desk_open does. An exit
 * status, after a message. */
int eki_desk_choose(struct eki_desk_call *call, const struct eki_desk_verb *verbs,
                    struct eki_desk_chosen *ret_chosen);

/* Opens the store, which must exist, and finds the account of --as: it must have at least this rank. Pair
 * with eki_desk_close, also after a failure. */
int eki_desk_open(struct eki_desk_call *call, enum eki_desk_rank least);
void eki_desk_close(struct eki_desk_call *call);

/* A work that writes; NULL after a message. */
struct eki_store_work *eki_desk_begin(const struct eki_desk_call *call);

/* A work that reads only, beside which others write; NULL after a message. */
struct eki_store_work *eki_desk_begin_reading(const struct eki_desk_call *call);

/* The same for what belongs to a case: finds it and asks for its label. NULL after a message, *ret_status is
 * what to exit with then. ret_case may be NULL; its texts are the work's. */
struct eki_store_work *eki_desk_begin_case(const struct eki_desk_call *call, int64_t of_case,
                                           struct eki_store_case *ret_case, int *ret_status);

/* Commits when there was no error, ends the work, tells what went wrong: the fault's words before the
 * store's. */
int eki_desk_end(const struct eki_desk_call *call, struct eki_store_work *work, enum eki_error error,
                 const struct eki_fault *fault);

/* Tells that the words are not understood. */
int eki_desk_misused(const struct eki_desk_call *call, const char *what, const char *which);

/* The number above 0 that a word is; 0 when it is none. */
int64_t eki_desk_number(const char *word);

/* The text of a word, or of standard input when it is "-": at most `most` bytes, to be freed. NULL after a
 * message. */
char *eki_desk_text(const struct eki_desk_call *call, const char *word, size_t most);

/* The text of a file, as eki_desk_text of standard input. */
char *eki_desk_file_text(const struct eki_desk_call *call, const char *path, size_t most);

/* May the content of this case (0: of none) be shown here? False after a message. */
bool eki_desk_may_show(const struct eki_desk_call *call, struct eki_store_work *work, int64_t of_case);

/* "2026-11-28T08:00:00Z", or "-" for never. */
void eki_desk_put_time(int64_t microseconds);
/* The same as JSON; null for never. */
json_t *eki_desk_time(int64_t microseconds);
/* Prints one object a line and takes the reference. */
void eki_desk_put_json(json_t *object);
/* Prints a text that a stranger may have written, on one line. */
void eki_desk_put_line(const char *text);
/* Says a sentence to people on standard output, or on standard error as eki_warn does. */
void eki_desk_say(const struct eki_desk_call *call, const char *english, const char *const *values);
void eki_desk_say_line(const struct eki_desk_call *call, const char *english, const char *const *values);
void eki_desk_warn(const struct eki_desk_call *call, const char *english, const char *const *values);

#endif
