/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bundle_key.h"

#include "cli/command.h"
#include "ekigaku/bundle.h"

enum { KEY_BYTES = EKI_BUNDLE_KEY, KEY_TEXT = 2 * KEY_BYTES };

/* The value of a hexadecimal digit, -1 for what is none. */
static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A key file is a line: a word that says which key it is, and its bytes in hexadecimal. */
bool eki_bundle_key_read(const char *path, const char *word, uint8_t ret_key[EKI_BUNDLE_KEY])
{
    char line[128] = "", head[32];
    FILE *in = fopen(path, "r");
    if (!in) {
        fprintf(stderr, "ekigaku bundle: %s: %s\n", path, strerror(errno));
        return false;
    }
    size_t length = (size_t)snprintf(head, sizeof head, "ekigaku %s ", word);
    bool good = fgets(line, sizeof line, in) && !strncmp(line, head, length) &&
                strcspn(line + length, "\r\n") == KEY_TEXT;
    fclose(in);
    for (size_t i = 0; good && i < KEY_BYTES; i++) {
        int high = digit(line[length + 2 * i]), low = digit(line[length + 2 * i + 1]);
        good = high >= 0 && low >= 0;
        if (good) ret_key[i] = (uint8_t)(high << 4 | low);
    }
    if (!good) fprintf(stderr, "ekigaku bundle: %s: holds no %s key of ekigaku\n", path, word);
    return good;
}

/* Never over a file that is there: a lost secret key is lost for good. */
static bool write_key(const char *path, const char *word, const uint8_t key[KEY_BYTES], mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");
    bool good = out;
    if (out) {
        fprintf(out, "ekigaku %s ", word);
        for (size_t i = 0; i < KEY_BYTES; i++) fprintf(out, "%02x", key[i]);
        fputc('\n', out);
        good = !fflush(out) && !fsync(file);
        good = !fclose(out) && good;
    }
    if (!good) fprintf(stderr, "ekigaku bundle: %s: %s\n", path, strerror(errno));
    return good;
}

int eki_bundle_key_make(const char *path, struct eki_bundle_request *request)
{
    uint8_t seed[EKI_BUNDLE_SEED], key[EKI_BUNDLE_KEY];
    char other[4096];
    (void)request;
    if (snprintf(other, sizeof other, "%s.pub", path) >= (int)sizeof other)
        return eki_command_misused(&eki_command_bundle, "%s: too long", path);
    if (getrandom(seed, sizeof seed, 0) != sizeof seed) {
        fputs("ekigaku bundle: no randomness\n", stderr);
        return EKI_EXIT_FAILED;
    }
    eki_bundle_public(seed, key);
    bool secret = write_key(path, "secret", seed, 0600);
    bool good = secret && write_key(other, "public", key, 0644);
    if (secret && !good) unlink(path); /* half a pair helps nobody */
    explicit_bzero(seed, sizeof seed);
    return good ? EKI_EXIT_NOTHING : EKI_EXIT_FAILED;
}
