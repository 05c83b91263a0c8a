/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/case_facts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/say.h"

enum { BEGINNING = 4096, BLOCK = 1 << 16 };

static bool is_standard_input(const char *path)
{
    return !strcmp(path, "-");
}

/* Takes all of standard input into a file without a name, which becomes standard input. False after a
 * message.
 */
static bool keep_standard_input(void)
{
    char block[BLOCK];
    struct stat status;
    if (!fstat(STDIN_FILENO, &status) && S_ISREG(status.st_mode)) return true;
    FILE *file = tmpfile();
    bool good = file != NULL;
    for (ssize_t got; good && (got = read(STDIN_FILENO, block, sizeof block));)
        good = got < 0 ? errno == EINTR : fwrite(block, 1, (size_t)got, file) == (size_t)got;
    good = good && !fflush(file) && lseek(fileno(file), 0, SEEK_SET) == 0 &&
           dup2(fileno(file), STDIN_FILENO) == STDIN_FILENO;
    if (!good) fprintf(stderr, "ekigaku case: standard input cannot be kept: %s\n", strerror(errno));
    if (file) fclose(file);
    return good;
}

static bool looks_like_facts(const char *path)
{
    char bytes[BEGINNING];
    if (is_standard_input(path)) {
        ssize_t got = pread(STDIN_FILENO, bytes, sizeof bytes, 0);
        return got > 0 && eki_facts_recognise(bytes, (size_t)got);
    }
    struct stat status;
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return false; /* a pipe would lose what is looked at */
    FILE *in = fopen(path, "rb");
    if (!in) return false; /* who reads it as a capture says why */
    size_t length = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    return eki_facts_recognise(bytes, length);
}

enum eki_case_input eki_case_input_kind(const struct eki_case_request *request)
{
    const struct eki_inputs *inputs = &request->inputs;
    size_t facts = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        if (is_standard_input(inputs->sources[i].path) && !keep_standard_input()) return EKI_CASE_INPUT_WRONG;
        facts += looks_like_facts(inputs->sources[i].path);
    }
    if (!facts) return EKI_CASE_INPUT_CAPTURES;
    if (facts == inputs->count) return EKI_CASE_INPUT_FACTS;
    eki_warn("case", EKI_TEXT("either facts or captures and logs, not both at once"), EKI_NO_VALUES);
    return EKI_CASE_INPUT_WRONG;
}

/* The whole file; NULL with errno. */
static char *read_all(FILE *in, size_t *ret_length)
{
    size_t room = BLOCK, length = 0;
    char *bytes = malloc(room);
    while (bytes) {
        length += fread(bytes + length, 1, room - length, in);
        if (length < room) break;
        char *more = length > EKI_FACTS_BYTES ? NULL : realloc(bytes, room *= 2);
        if (!more) {
            free(bytes);
            errno = EFBIG;
        }
        bytes = more;
    }
    if (bytes && ferror(in)) {
        free(bytes);
        bytes = NULL;
    }
    *ret_length = length;
    return bytes;
}

int eki_case_facts_read(const char *path, struct eki_facts **ret_facts)
{
    size_t length = 0;
    struct eki_fault fault = {0};
    FILE *in = is_standard_input(path) ? fdopen(dup(STDIN_FILENO), "rb") : fopen(path, "rb");
    char *bytes = in ? read_all(in, &length) : NULL;
    if (!bytes) fprintf(stderr, "ekigaku case: %s: %s\n", path, strerror(errno));
    enum eki_error error = bytes ? eki_facts_read(bytes, length, ret_facts, &fault) : EKI_ERROR_READ;
    if (bytes && error)
        eki_warn("case", "{1}: {2}: {3}",
                 EKI_VALUES(path, eki_say_error(error), eki_say_fault(fault.what).text));
    free(bytes);
    if (in) fclose(in);
    return error ? error == EKI_ERROR_MEMORY ? EKI_EXIT_FAILED : EKI_EXIT_UNREADABLE : EKI_EXIT_NOTHING;
}
