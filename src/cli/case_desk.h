/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_CASE_DESK_H
#define EKI_CLI_CASE_DESK_H
/* What `ekigaku case` works with, and its steps. Each step returns an exit status after a message of its
 * own. */
#include "cli/case_request.h"
#include "cli/store_place.h"
#include "ekigaku/case.h"
#include "ekigaku/case_task.h"

struct eki_case_desk {
    const struct eki_case_request *request;
    struct eki_store *store;
    struct eki_directory *directory; /* NULL: owners are not asked for */
    struct eki_catalogue *catalogue;
    struct eki_store_act act;
    bool coordinates; /* who acts may do what is for coordinators; the program itself may */
};

/* Opens the store (a new one only to open a case) and the directory; pair with eki_case_desk_close, also
 * after a failure. */
int eki_case_desk_open(const struct eki_case_request *request, struct eki_case_desk *ret_desk);
void eki_case_desk_close(struct eki_case_desk *desk);

/* A work that writes; NULL after a message. */
struct eki_store_work *eki_case_begin(const struct eki_case_desk *desk);

/* Commits it when there was no error, ends it, says what went wrong. */
int eki_case_end(const struct eki_case_desk *desk, struct eki_store_work *work, enum eki_error error,
                 const struct eki_fault *fault);

/* Tells an error of the library on standard error; the status that belongs to it. */
int eki_case_complain(const struct eki_case_desk *desk, enum eki_error error, const char *what);

/* Says a sentence to people on standard output. */
void eki_case_tell_line(const struct eki_case_desk *desk, const char *english, const char *const *values);
void eki_case_tell(const struct eki_case_desk *desk, const char *english, const char *const *values);
/* The word for a name of the store, in the language of the call (ekigaku/case_words.h). */
const char *eki_case_called(const struct eki_case_desk *desk, const char *group, const char *name);

/* Opens a case for each outbreak of the inputs or for the one that is named, or brings a case up to date. */
int eki_case_take_in(const struct eki_case_desk *desk);

/* Lists, sets or changes tasks. */
int eki_case_tasks(const struct eki_case_desk *desk);
/* Writes the printable report. */
int eki_case_write_report(const struct eki_case_desk *desk);
/* True when the label of a case lets it be shown here; false after a message. */
bool eki_case_may_show(const struct eki_case_desk *desk, const struct eki_store_case *row);
/* Prints each change of a case. */
int eki_case_print_history(const struct eki_case_desk *desk);
/* Chooses what becomes of cases by itself, and says it. */
int eki_case_rule_say(const struct eki_case_desk *desk);
/* Prints the tasks of a case, by department. */
EKI_MUST_USE enum eki_error eki_case_show_tasks(const struct eki_case_desk *desk, struct eki_store_work *work,
                                                int64_t of_case);

/* Closes a case; EKI_EXIT_BELOW when something is open and no reason was given. */
int eki_case_close_one(const struct eki_case_desk *desk);

/* All cases; one with its hosts and timeline. */
int eki_case_list_all(const struct eki_case_desk *desk);
int eki_case_show_one(const struct eki_case_desk *desk, int64_t of_case);

#endif
