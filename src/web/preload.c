/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the program itself hands in: the sample of the demonstration. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/store.h"
#include "web/secret.h"
#include "web/web.h"

enum { BLOCK = 1 << 16, PATH = 4096, HANDLING_CLASS = 4 };

struct copy {
    char name[EKI_TOKEN_TEXT], path[PATH], digest[EKI_HASH_TEXT];
    int64_t size;
};

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length) {
        ssize_t n = write(file, bytes, length);
        if (n <= 0) return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* EKI_ERROR_READ, _WRITE, _MEMORY. */
static enum eki_error copy_bytes(int from, int to, struct copy *copy)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    char *block = eki_allocate(BLOCK, 1);
    ssize_t n = -1;
    enum eki_error error = block ? EKI_OK : EKI_ERROR_MEMORY;
    crypto_hash_sha256_init(&state);
    while (!error && (n = read(from, block, BLOCK)) > 0) {
        crypto_hash_sha256_update(&state, (const unsigned char *)block, (unsigned long long)n);
        copy->size += n;
        if (!write_all(to, block, (size_t)n)) error = EKI_ERROR_WRITE;
    }
    if (!error && n < 0) error = EKI_ERROR_READ;
    if (!error && fsync(to)) error = EKI_ERROR_WRITE;
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(copy->digest, sizeof copy->digest, hash, sizeof hash);
    eki_free(block);
    return error;
}

static enum eki_error copy_file(const struct eki_web *web, const char *path, struct copy *copy)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0) return EKI_ERROR_OPEN;
    eki_secret_token(copy->name);
    bool fits = eki_web_path(web, "inputs", copy->name, copy->path);
    int to = fits ? open(copy->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    enum eki_error error = to < 0 ? EKI_ERROR_WRITE : copy_bytes(from, to, copy);
    if (to >= 0 && close(to) && !error) error = EKI_ERROR_WRITE;
    if (error && to >= 0) unlink(copy->path);
    close(from);
    return error;
}

static enum eki_error add_rows(struct eki_store_work *work, const struct eki_web *web, const char *title,
                               const struct copy *copy)
{
    char parameters[80];
    int64_t now = eki_web_now(web);
    struct eki_store_input input = {.name = title,
                                    .size = copy->size,
                                    .sha256 = copy->digest,
                                    .form = "",
                                    .handling_class = HANDLING_CLASS,
                                    .kept = true,
                                    .path = copy->name,
                                    .created = now};
    enum eki_error error = eki_store_add(work, &input);
    if (error) return error;
    snprintf(parameters, sizeof parameters, "{\"kind\":\"analyze\",\"inputs\":[%" PRId64 "]}", input.id);
    struct eki_store_job job = {.kind = "analyze",
                                .title = title,
                                .parameters = parameters,
                                .state = "queued",
                                .message = "",
                                .size_bytes = copy->size,
                                .created = now};
    error = eki_store_add(work, &job);
    return error ? error : eki_store_commit(work);
}

/* True when nothing was ever handed in. */
static bool is_empty(struct eki_store_work *work)
{
    uint64_t count = 1;
    return !eki_store_count(work, EKI_STORE_INPUT, NULL, &count) && !count;
}

enum eki_error eki_web_preload(struct eki_web *web, const char *path, const char *title,
                               struct eki_fault *ret_fault)
{
    struct eki_store_work *work;
    struct copy copy = {.size = 0};
    struct eki_store_act act = {.at = eki_web_now(web), .who = "preload"};
    enum eki_error error = eki_store_begin(web->options.store, &act, &work, ret_fault);
    if (error) return error;
    if (is_empty(work)) {
        error = copy_file(web, path, &copy);
        if (error) eki_fault_set(ret_fault, error, 0, "%.120s", strerror(errno));
        if (!error) {
            error = add_rows(work, web, title, &copy);
            if (error) eki_fault_set(ret_fault, error, 0, "%.120s", eki_store_why(work)->what);
            if (error) unlink(copy.path);
        }
    }
    eki_store_end(work);
    if (!error) eki_worker_wake(web);
    return error;
}
