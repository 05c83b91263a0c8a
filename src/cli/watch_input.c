/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/watch_input.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/watch_tell.h"
#include "ekigaku/log.h"

enum { WAIT_MS = 100, SMALL_HEAD = 65536, NUMBERS = 5 };

static const char *kind_name(enum eki_watch_kind kind)
{
    static const char *const names[] = {"nothing", "interface", "follow", "directory", "listen"};
    return names[kind];
}

static void complain(struct eki_watch_input *input, enum eki_error error, const struct eki_fault *fault)
{
    eki_watch_say_fault(input->request, input->open_path, error, fault);
    input->unreadable++;
}

/* The numbers behind a word, and what follows them; NULL when the line is another one. */
static const char *numbers_of(const char *line, const char *word, unsigned long long ret_numbers[NUMBERS])
{
    char *at = (char *)line + strlen(word);
    if (strncmp(line, word, strlen(word))) return NULL;
    for (int i = 0; i < NUMBERS; i++) {
        char *from = at;
        ret_numbers[i] = strtoull(from, &at, 10);
        if (at == from || *at++ != ' ') return NULL;
    }
    return at;
}

/* One line of the note: "watch KIND PATH", "open DEVICE INODE RECORDS HEAD HASH PATH", "read INODE BYTES
 * RECORDS HEAD HASH NAME". */
static bool take_line(struct eki_watch_input *input, char *line)
{
    unsigned long long numbers[NUMBERS];
    const char *name;
    if ((name = numbers_of(line, "open ", numbers))) {
        input->device = (dev_t)numbers[0];
        input->number = (ino_t)numbers[1];
        input->skip = numbers[2];
        input->head = (struct eki_watch_head){(uint32_t)numbers[3], numbers[4]};
        input->resumes = true;
        return snprintf(input->open_path, sizeof input->open_path, "%s", name) < (int)sizeof input->open_path;
    }
    if ((name = numbers_of(line, "read ", numbers))) {
        struct eki_watch_file file = {.name = (char *)name,
                                      .number = numbers[0],
                                      .bytes = numbers[1],
                                      .records = numbers[2],
                                      .head = {(uint32_t)numbers[3], numbers[4]}};
        return eki_watch_folder_remember(&input->folder, &file);
    }
    char wanted[PATH_MAX + 32];
    snprintf(wanted, sizeof wanted, "watch %s %s", kind_name(input->request->kind), input->request->path);
    return !strcmp(line, wanted);
}

bool eki_watch_input_init(struct eki_watch_input *input, const struct eki_watch_request *request,
                          const struct eki_note *note)
{
    *input = (struct eki_watch_input){.request = request, .folder.notices = -1};
    char *text = note->length ? strndup(note->bytes, note->length) : NULL, *rest = text;
    bool fine = true;
    for (char *line; fine && (line = strsep(&rest, "\n"));)
        if (*line) fine = take_line(input, line);
    free(text);
    if (!fine) eki_watch_say(request, "%s is the state of another input", request->state);
    return fine;
}

static int start_folder(struct eki_watch_input *input)
{
    const char *path = input->request->path;
    if (eki_watch_folder_start(&input->folder, path)) return 0;
    eki_watch_say(input->request, "%s: cannot be watched: %s", path, strerror(errno));
    return EKI_EXIT_UNREADABLE;
}

int eki_watch_input_start(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    const struct eki_watch_request *request = input->request;
    if (request->kind == EKI_WATCH_FOLDER) return start_folder(input);
    bool listens = request->kind == EKI_WATCH_SOCKET;
    if (request->kind != EKI_WATCH_INTERFACE && !listens) return 0;
    struct eki_fault fault = {0};
    struct eki_open open = {.path = request->path,
                            .interface = !listens,
                            .listens = listens,
                            .allowed = request->allowed,
                            .allowed_count = request->allowed_count,
                            .resumes = input->resumes};
    enum eki_error error = eki_analysis_open(analysis, &open, &fault);
    input->open = !error;
    input->resumes = false;
    if (!error) return 0;
    eki_watch_say_fault(request, request->path, error, &fault);
    return error == EKI_ERROR_ARGUMENT ? EKI_EXIT_USAGE : EKI_EXIT_UNREADABLE;
}

/* The file that was being read when the state was saved, under whatever name it bears now; *ret_grows: it is
 * still the one that is written. */
static bool find_again(struct eki_watch_input *input, bool *ret_grows)
{
    struct stat status;
    char folder[PATH_MAX];
    if (!stat(input->open_path, &status) && status.st_ino == input->number && status.st_dev == input->device)
        return *ret_grows = eki_watch_head_fits(input->open_path, &input->head);
    snprintf(folder, sizeof folder, "%s", input->open_path);
    char *slash = strrchr(folder, '/');
    snprintf(slash ? slash + 1 : folder, 2, "%s", slash ? "" : ".");
    DIR *list = opendir(slash ? folder : ".");
    bool found = false;
    for (const struct dirent *entry; list && !found && (entry = readdir(list));) {
        char path[PATH_MAX];
        if (entry->d_ino != input->number) continue;
        found = snprintf(path, sizeof path, "%s%s", slash ? folder : "", entry->d_name) < (int)sizeof path &&
                !stat(path, &status) && status.st_dev == input->device &&
                eki_watch_head_fits(path, &input->head);
        if (found) memcpy(input->open_path, path, sizeof path);
    }
    if (list) closedir(list);
    *ret_grows = false;
    return found;
}

static bool open_file(struct eki_watch_input *input, struct eki_analysis *analysis, bool grows)
{
    struct eki_fault fault = {0};
    struct eki_open open = {.path = input->open_path,
                            .format = input->request->format,
                            .grows = grows,
                            .resumes = input->resumes,
                            .skip = input->skip};
    enum eki_error error = eki_analysis_open(analysis, &open, &fault);
    input->open = !error;
    input->resumes = false;
    input->skip = 0;
    if (error) complain(input, error, &fault);
    return !error;
}

static void end_file(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    input->open = false;
    input->files++;
    if (eki_analysis_close(analysis)) eki_watch_say(input->request, "no memory");
}

static void forget_open(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    eki_watch_say(input->request, "%s: the file that was being read is gone: the rest of it is not seen",
                  input->open_path);
    input->resumes = false;
    input->skip = 0;
    input->number = 0;
    input->head = (struct eki_watch_head){0, 0};
    end_file(input, analysis);
}

/* The file of a restart. What is gone cannot be gone on with. */
static void resume_file(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    bool grows;
    if (find_again(input, &grows)) {
        input->refused = !open_file(input, analysis, grows && input->request->kind == EKI_WATCH_FILE);
        return;
    }
    forget_open(input, analysis);
}

/* The file to follow, as soon as its first bytes say what it is. */
static void begin_file(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    struct stat status;
    snprintf(input->open_path, sizeof input->open_path, "%s", input->request->path);
    if (stat(input->open_path, &status)) {
        if (!input->told_gone)
            eki_watch_say(input->request, "%s: %s; waiting", input->open_path, strerror(errno));
        input->told_gone = true;
        return;
    }
    bool same = status.st_ino == input->number && status.st_dev == input->device;
    if (!status.st_size || (same && input->refused)) return;
    struct eki_log *log;
    struct eki_capture *capture;
    /* Looked at aside first: an input that cannot be read yet leaves no trace in the result. */
    bool small = status.st_size < SMALL_HEAD;
    if (small && !input->request->format && eki_capture_open(input->open_path, NULL, &capture, NULL)) {
        if (eki_log_open(input->open_path, NULL, &log, NULL)) return;
        eki_log_close(log);
    } else if (small && !input->request->format) {
        eki_capture_close(capture);
    }
    input->number = status.st_ino;
    input->device = status.st_dev;
    input->longest = status.st_size;
    input->head = (struct eki_watch_head){0, 0};
    (void)eki_watch_head_take(input->open_path, status.st_ino, &input->head);
    input->refused = !open_file(input, analysis, true);
}

/* Has the name gone over to another file, and does who writes write there? A file that is renamed is written
 * on until its writer is told so. */
static bool is_rotated(const struct eki_watch_input *input)
{
    struct stat status;
    if (stat(input->request->path, &status)) return false; /* between the renaming and the new file */
    return (status.st_ino != input->number || status.st_dev != input->device) && status.st_size;
}

/* Was it cut, or written anew in place? */
static bool is_cut(struct eki_watch_input *input)
{
    struct stat status;
    const char *path = input->request->path;
    if (stat(path, &status) || status.st_ino != input->number || status.st_dev != input->device) return false;
    bool shorter = status.st_size < input->longest;
    input->longest = status.st_size;
    return shorter || !eki_watch_head_fits(path, &input->head);
}

static size_t read_some(struct eki_watch_input *input, struct eki_analysis *analysis, bool *ret_failed)
{
    size_t count;
    struct eki_fault fault = {0};
    enum eki_error error = eki_analysis_next(analysis, &count, &fault);
    *ret_failed = error;
    if (error && error != EKI_ERROR_STOPPED) complain(input, error, &fault);
    return count;
}

static size_t step_file(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    bool failed;
    if (!input->open && input->resumes)
        resume_file(input, analysis);
    else if (!input->open)
        begin_file(input, analysis);
    if (!input->open) return 0;
    bool rotated = is_rotated(input); /* before the reading, so that nothing is written behind what is read */
    size_t count = read_some(input, analysis, &failed);
    input->refused = failed;
    if (failed || (!count && rotated)) end_file(input, analysis);
    if (!input->open || count || !is_cut(input)) return count;
    eki_watch_say(input->request, "%s: was cut: what was written there and not read yet is not seen",
                  input->open_path);
    end_file(input, analysis);
    return count;
}

static size_t step_folder(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    bool failed = false;
    if (!input->open) {
        if (input->resumes && !eki_watch_folder_prefer(&input->folder, input->number, &input->head))
            forget_open(input, analysis);
        const struct eki_watch_file *file = eki_watch_folder_next(&input->folder);
        if (!file) return 0;
        if (!input->resumes) input->skip = file->records;
        input->number = (ino_t)file->number;
        input->head = file->head;
        snprintf(input->open_path, sizeof input->open_path, "%s/%s", input->request->path, file->name);
        if (!open_file(input, analysis, false)) {
            eki_watch_folder_taken(&input->folder, 0);
            input->files++;
            return 1;
        }
    }
    size_t count = read_some(input, analysis, &failed);
    if (count && !failed) return count;
    eki_watch_folder_taken(&input->folder, eki_analysis_taken(analysis));
    end_file(input, analysis);
    return count + 1; /* there may be another one */
}

size_t eki_watch_input_step(struct eki_watch_input *input, struct eki_analysis *analysis)
{
    if (input->request->kind == EKI_WATCH_FILE) return step_file(input, analysis);
    if (input->request->kind == EKI_WATCH_FOLDER) return step_folder(input, analysis);
    bool failed;
    snprintf(input->open_path, sizeof input->open_path, "%s", input->request->path);
    size_t count = read_some(input, analysis, &failed);
    input->failed = failed;
    return count;
}

void eki_watch_input_wait(const struct eki_watch_input *input, const struct eki_analysis *analysis)
{
    struct pollfd wait = {.fd = eki_analysis_descriptor(analysis), .events = POLLIN};
    if (input->request->kind == EKI_WATCH_FOLDER) wait.fd = input->folder.notices;
    poll(&wait, wait.fd >= 0, WAIT_MS);
}

/* The file that is open. It may have been shorter than its head when it was opened. */
static void note_open(struct eki_watch_input *input, uint64_t records, FILE *out)
{
    if (input->head.length < EKI_WATCH_HEAD)
        (void)eki_watch_head_take(input->open_path, input->number, &input->head);
    fprintf(out, "open %llu %llu %" PRIu64 " %" PRIu32 " %" PRIu64 " %s\n", (unsigned long long)input->device,
            (unsigned long long)input->number, records, input->head.length, input->head.hash,
            input->open_path);
}

char *eki_watch_input_note(struct eki_watch_input *input, const struct eki_analysis *analysis)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out) return NULL;
    fprintf(out, "watch %s %s\n", kind_name(input->request->kind), input->request->path);
    bool pending = input->resumes && !input->open;
    if ((input->open && input->request->kind != EKI_WATCH_INTERFACE) || pending)
        note_open(input, pending ? input->skip : eki_analysis_taken(analysis), out);
    if (input->request->kind == EKI_WATCH_FOLDER) eki_watch_folder_note(&input->folder, out);
    if (!fclose(out)) return text;
    free(text);
    return NULL;
}

void eki_watch_input_done(struct eki_watch_input *input)
{
    eki_watch_folder_done(&input->folder);
}
