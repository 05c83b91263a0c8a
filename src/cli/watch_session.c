/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/watch_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/watch_sandbox.h"
#include "cli/watch_tell.h"

/* Seconds between looks at least, and those that only bring figures up to date: nobody reads them on a
 * terminal, but on a page that shows how near a decision is. */
enum { LOOK_S = 1, FIGURES_S = 10, SHOWN_FIGURES_S = 2, LOOK_SHARE = 20 };

/* Without a record for so long, what waits for outcomes is shown: longer than a writer's or a card's pause
 * within a burst. */
enum { IDLE_S = 5 };

/* What is known is copied to look ahead when it takes no more than this: a tenth of a second. With --memory a
 * share of that, and when it is larger it is not tried again for a while. */
enum { COPIED_MOST = 64 << 20, COPIED_SHARE = 16, LARGE_PAUSE_S = 60 };

/* After so many seconds without a record, what waits there is handed on for good: as long as an entry may be
 * late. */
enum { HANDED_ON_S = 300 };

static double clock_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static struct eki_analysis_options options_of(const struct eki_watch_request *request)
{
    struct eki_analysis_options options = {.filter = request->filter,
                                           .mapping = request->mapping,
                                           .threads = request->threads,
                                           .memory = request->memory};
    /* Strangers' traffic fills the tables: they must not know where. */
    if (getrandom(&options.seed, sizeof options.seed, 0) != sizeof options.seed)
        options.seed = (uint64_t)time(NULL);
    return options;
}

/* A state that cannot be used is kept for whoever wants to know why, under a name of its own. */
static void put_aside(const struct eki_watch_request *request, enum eki_error error,
                      const struct eki_fault *fault)
{
    char *aside;
    const char *path = request->state;
    eki_watch_say_fault(request, path, error, fault);
    if (asprintf(&aside, "%s.refused-%lld", path, (long long)time(NULL)) < 0) return;
    if (rename(path, aside))
        eki_watch_say(request, "%s: cannot be renamed to %s", path, aside);
    else
        eki_watch_say(request, "the state is kept as %s; beginning anew", aside);
    free(aside);
}

/* The analysis of the saved state, or a new one. */
static int make_analysis(struct eki_watch_session *session, struct eki_note *ret_note)
{
    const struct eki_watch_request *request = session->request;
    struct eki_analysis_options options = options_of(request);
    struct eki_fault fault = {0};
    enum eki_error error = EKI_ERROR_OPEN;
    struct stat there;
    if (request->state && !stat(request->state, &there)) {
        if (!S_ISREG(there.st_mode)) {
            eki_watch_say(request, "%s: not a file: name one for the state", request->state);
            return EKI_EXIT_USAGE;
        }
        error = eki_analysis_load(&options, request->state, &session->analysis, ret_note, &fault);
        if (error == EKI_ERROR_OPEN || error == EKI_ERROR_READ || error == EKI_ERROR_MEMORY) {
            eki_watch_say_fault(request, request->state, error, &fault);
            return error == EKI_ERROR_MEMORY ? EKI_EXIT_FAILED : EKI_EXIT_UNREADABLE;
        }
        if (error) put_aside(request, error, &fault);
    }
    if (error) error = eki_analysis_new(&options, &session->analysis);
    if (!error) error = eki_news_new(&session->news);
    if (!error) return 0;
    eki_watch_say(request, "%s", eki_error_text(error));
    return EKI_EXIT_FAILED;
}

/* What a look is for. */
enum purpose {
    SILENT = 0, /* what it finds was told by the run before */
    NEWS,
    KEEP /* and what is told is kept with the state */
};

/* Shall what waits be shown as well? */
static bool is_ahead(const struct eki_watch_session *session, uint64_t contacts, double now)
{
    if (now < session->next_ahead) return false;
    if (contacts < session->ahead) return true;
    switch (eki_analysis_waiting(session->analysis)) {
    case EKI_WAITING_RECORDS: return true;
    case EKI_WAITING_OUTCOMES: return now - session->came >= IDLE_S || *session->stop;
    default: return false;
    }
}

/* What may be copied: a copy and its writing take twice that, of the half that --memory leaves for them. */
static size_t copied_most(const struct eki_watch_request *request)
{
    uint64_t share = request->memory / COPIED_SHARE;
    return request->memory && share < COPIED_MOST ? (size_t)share : COPIED_MOST;
}

/* The findings, ahead if that is possible; *ret_copy, when there is one, is freed by the caller. Without a
 * result, and no error, this is not the time for a look. */
static enum eki_error find(struct eki_watch_session *session, double now, struct eki_analysis **ret_copy,
                           const struct eki_result **ret_result)
{
    uint64_t contacts, changes = eki_analysis_changes(session->analysis, &contacts);
    *ret_copy = NULL;
    *ret_result = NULL;
    if (is_ahead(session, contacts, now)) {
        enum eki_error error = eki_analysis_look_ahead(session->analysis, copied_most(session->request),
                                                       ret_copy, ret_result, &session->ahead);
        session->large = error == EKI_ERROR_LIMIT;
        if (session->large) session->next_ahead = now + LARGE_PAUSE_S;
        if (error && !session->large) return error;
    }
    if (!*ret_result && contacts < session->ahead) return EKI_OK;
    session->changes = changes;
    session->contacts = contacts;
    session->shown = session->taken;
    return *ret_result ? EKI_OK : eki_analysis_look(session->analysis, ret_result);
}

/* Computes the findings and tells what is new in them. */
static enum eki_error look(struct eki_watch_session *session, enum purpose purpose)
{
    const struct eki_watch_audience *audience = session->request->audience;
    const struct eki_result *result;
    struct eki_analysis *copy;
    double start = clock_s();
    enum eki_error error = find(session, start, &copy, &result);
    if (!error && result)
        error = eki_news_tell(session->news, result, purpose ? eki_watch_tell_item : NULL,
                              (void *)session->request);
    if (result && (!error || error == EKI_ERROR_LIMIT)) {
        session->packets = result->packets;
        if (audience) audience->look(audience->user, result, purpose == KEEP);
    }
    eki_analysis_free(copy);
    double figures_s = audience ? SHOWN_FIGURES_S : FIGURES_S;
    double end = clock_s(), cost = end - start;
    session->next_look = end + (cost * LOOK_SHARE > LOOK_S ? cost * LOOK_SHARE : LOOK_S);
    session->next_figures = end + (cost * LOOK_SHARE > figures_s ? cost * LOOK_SHARE : figures_s);
    return error == EKI_ERROR_LIMIT ? EKI_OK : error;
}

static void save(struct eki_watch_session *session)
{
    const struct eki_watch_request *request = session->request;
    if (!request->state) return;
    struct eki_fault fault = {0};
    char *text = eki_watch_input_note(&session->input, session->analysis);
    struct eki_note note = {text, text ? strlen(text) : 0};
    enum eki_error error =
        text ? eki_analysis_save(session->analysis, request->state, &note, &fault) : EKI_ERROR_MEMORY;
    free(text);
    session->next_save = clock_s() + request->checkpoint_s;
    if (error) eki_watch_say_fault(request, request->state, error, &fault);
    session->save_failed = error;
}

int eki_watch_session_start(struct eki_watch_session *session, const struct eki_watch_request *request)
{
    struct eki_note note = {NULL, 0};
    *session = (struct eki_watch_session){.request = request, .stop = eki_interrupt_watch()};
    session->input.folder.notices = -1;
    int status = make_analysis(session, &note);
    if (status) return status;
    if (!eki_watch_input_init(&session->input, request, &note)) return EKI_EXIT_USAGE;
    if (note.length && look(session, SILENT)) return EKI_EXIT_FAILED;
    status = eki_watch_input_start(&session->input, session->analysis);
    return status ? status : eki_watch_sandbox(request);
}

static void tell_counts(struct eki_watch_session *session, double now)
{
    struct eki_watch_counts counts = {.files = session->input.files,
                                      .records = eki_analysis_taken(session->analysis),
                                      .bytes = eki_analysis_bytes(session->analysis),
                                      .contacts = session->contacts,
                                      .missing = eki_analysis_missing(session->analysis),
                                      .loss = eki_analysis_losses(session->analysis)};
    session->next_losses = now + LOOK_S;
    if (counts.loss.lost > session->lost) eki_watch_tell_loss(session->request, &counts.loss);
    session->lost = counts.loss.lost;
    session->memory_told = eki_watch_tell_memory(session->request, session->memory_told);
    if (!session->request->status_s || now < session->next_status) return;
    session->next_status = now + session->request->status_s;
    eki_watch_tell_status(session->request, &counts);
}

/* What the clock asks for between two batches. */
static enum eki_error attend(struct eki_watch_session *session)
{
    enum eki_error error = EKI_OK;
    double now = clock_s();
    if (now >= session->next_look) {
        uint64_t contacts, changes = eki_analysis_changes(session->analysis, &contacts);
        bool stale = contacts != session->contacts && now >= session->next_figures;
        bool waits = session->taken != session->shown && is_ahead(session, contacts, now);
        session->next_look = now + LOOK_S;
        if (changes != session->changes || stale || waits) error = look(session, NEWS);
    }
    if (!error && now >= session->next_losses) tell_counts(session, now);
    if (!error && session->request->state && now >= session->next_save) {
        error = look(session, KEEP); /* what is kept counts as told by the run that reads it */
        save(session);
    }
    return error;
}

/* When the last record came; what waits is handed on after a while where it is too much to be copied. */
static void note_time(struct eki_watch_session *session, size_t count)
{
    double now = clock_s();
    if (count) session->came = now;
    session->taken += count;
    double idle = now - session->came;
    if (session->large && idle >= HANDED_ON_S)
        eki_analysis_idle(session->analysis, (eki_time)(idle * (double)EKI_SECOND));
}

int eki_watch_session_run(struct eki_watch_session *session)
{
    enum eki_error error = EKI_OK;
    session->came = clock_s();
    session->next_save = session->came + session->request->checkpoint_s;
    while (!*session->stop && !error && !session->input.failed) {
        size_t count = eki_watch_input_step(&session->input, session->analysis);
        note_time(session, count);
        error = attend(session);
        if (!count && !error) eki_watch_input_wait(&session->input, session->analysis);
    }
    if (error) eki_watch_say(session->request, "%s", eki_error_text(error));
    return error ? EKI_EXIT_FAILED : 0;
}

static int write_facts(const struct eki_watch_session *session)
{
    struct eki_output output;
    if (!session->request->facts) return 0;
    if (!eki_output_open(session->request->facts, &output)) return EKI_EXIT_FAILED;
    enum eki_error error = eki_report_json(eki_analysis_result(session->analysis), output.file);
    return eki_output_close(&output, !error) ? 0 : EKI_EXIT_FAILED;
}

int eki_watch_session_finish(struct eki_watch_session *session)
{
    enum eki_error error = look(session, KEEP);
    tell_counts(session, clock_s());
    save(session);
    if (!error) error = eki_analysis_finish(session->analysis);
    if (error) eki_watch_say(session->request, "the result is incomplete: %s", eki_error_text(error));
    int status = write_facts(session);
    if (status || error || session->save_failed) return EKI_EXIT_FAILED;
    if (session->input.unreadable) return EKI_EXIT_UNREADABLE;
    return eki_report_exit_status(eki_analysis_result(session->analysis));
}

void eki_watch_session_done(struct eki_watch_session *session)
{
    eki_watch_input_done(&session->input);
    eki_news_free(session->news);
    eki_analysis_free(session->analysis);
}
