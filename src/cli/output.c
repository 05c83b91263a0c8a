/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* asprintf */
#include "cli/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "ekigaku: %s: %s: %s\n", path, what, strerror(errno));
    return false;
}

static void forget(struct eki_output *output)
{
    free(output->path);
    free(output->temporary);
    *output = (struct eki_output){0};
}

/* What exists and is no regular file (a device, a pipe) is written to as it is: renaming over it would
 * replace it. */
static bool open_in_place(struct eki_output *output)
{
    struct stat status;
    if (stat(output->path, &status) || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) return false;
    output->file = fopen(output->path, "w");
    return true;
}

/* A file beside the target, with the rights a new file would have. */
static void open_beside(struct eki_output *output)
{
    mode_t mask = umask(0);
    umask(mask);
    if (asprintf(&output->temporary, "%s.XXXXXX", output->path) < 0) output->temporary = NULL;
    int descriptor = output->temporary ? mkstemp(output->temporary) : -1;
    if (descriptor >= 0 && !fchmod(descriptor, 0666 & ~mask)) output->file = fdopen(descriptor, "w");
    if (descriptor < 0 || output->file) return;
    close(descriptor);
    unlink(output->temporary);
}

bool eki_output_open(const char *path, struct eki_output *ret_output)
{
    /* The target of a link is replaced, not the link. */
    char *target = realpath(path, NULL);
    struct eki_output output = {.path = target ? target : strdup(path)};
    if (output.path && !open_in_place(&output)) open_beside(&output);
    if (!output.file) {
        complain(path, "cannot be written");
        forget(&output);
        return false;
    }
    *ret_output = output;
    return true;
}

bool eki_output_close(struct eki_output *output, bool whole)
{
    bool failed = ferror(output->file);
    bool written = !fclose(output->file) && !failed;
    bool kept = whole && written && (!output->temporary || !rename(output->temporary, output->path));
    if (whole && !kept) complain(output->path, "cannot be written");
    if (!kept && output->temporary) unlink(output->temporary);
    forget(output);
    return kept;
}

static bool wants_colour(bool no_colour)
{
    const char *terminal = getenv("TERM"), *asked_not = getenv("NO_COLOR");
    return !no_colour && isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") &&
           (!asked_not || !*asked_not);
}

struct eki_text_options eki_output_terminal(enum eki_language language, bool no_colour)
{
    /* What goes into a file or a pipe is not cut to a screen, only kept readable. */
    struct eki_text_options options = {.language = language, .width = 80, .height = 60};
    struct winsize size;
    if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col && size.ws_row) {
        options.width = size.ws_col;
        options.height = size.ws_row;
    }
    options.colour = wants_colour(no_colour);
    options.unicode = language == EKI_JAPANESE || !strcmp(nl_langinfo(CODESET), "UTF-8");
    return options;
}

enum eki_language eki_output_language(void)
{
    static const char *const variables[] = {"EKIGAKU_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (int i = 0; i < 4; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value) return !strncmp(value, "ja", 2) ? EKI_JAPANESE : EKI_ENGLISH;
    }
    return EKI_ENGLISH;
}

void eki_output_plain(FILE *out, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool control = *at < 0x20 || *at == 0x7f, wide = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0;
        fputc(control || wide ? '?' : *at, out);
        if (wide) at++;
    }
}
