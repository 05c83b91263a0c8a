/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_WATCH_INPUT_H
#define EKI_CLI_WATCH_INPUT_H
/*
 * Where a watch gets its data: an interface, a file that grows (also when it is renamed and made anew), a
 * folder into which files are put, or a socket to which exporters of flows send.
 *
 *     eki_watch_input_init(&input, &request, note);       note: of the saved state, or empty
 *     eki_watch_input_start(&input, analysis);            what needs privileges
 *     while (...)
 *         if (!eki_watch_input_step(&input, analysis)) eki_watch_input_wait(&input, analysis);
 *     eki_watch_input_note(&input, analysis, &note);       for the next run
 */
#include <limits.h>
#include <sys/types.h>

#include "cli/watch_folder.h"
#include "cli/watch_request.h"
#include "ekigaku/watch.h"

struct eki_watch_input {
    const struct eki_watch_request *request;
    struct eki_watch_folder folder;
    char open_path[PATH_MAX]; /* of the file that is open, or that is to be gone on with */
    dev_t device;             /* of the same file */
    ino_t number;
    struct eki_watch_head head;
    off_t longest;  /* size of it when it was looked at last */
    uint64_t skip;  /* records of it taken in the run before */
    bool open;      /* something is open in the analysis */
    bool resumes;   /* the saved state has an open input: the next one opened goes on with it */
    bool refused;   /* the file of these numbers cannot be read (any more): wait for another one */
    bool failed;    /* an interface or socket is gone */
    bool told_gone; /* that the file does not exist */
    uint64_t files; /* read to their end, or as far as they could be */
    unsigned unreadable;
};

/* Sets up from the arguments and from what an earlier run noted. False with a message when the note is of
 * another input. */
bool eki_watch_input_init(struct eki_watch_input *input, const struct eki_watch_request *request,
                          const struct eki_note *note);

/* Opens the interface or socket or begins to watch the folder; 0, or the exit status after a message. */
int eki_watch_input_start(struct eki_watch_input *input, struct eki_analysis *analysis);

/* Takes what is there, a batch at most; returns how many records. */
size_t eki_watch_input_step(struct eki_watch_input *input, struct eki_analysis *analysis);

/* Waits until there may be more, a tenth of a second at most. */
void eki_watch_input_wait(const struct eki_watch_input *input, const struct eki_analysis *analysis);

/* The positions as text, to be freed by the caller; NULL without memory. */
char *eki_watch_input_note(struct eki_watch_input *input, const struct eki_analysis *analysis);

/* Frees and closes what is its own. */
void eki_watch_input_done(struct eki_watch_input *input);

#endif
