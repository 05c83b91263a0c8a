/* SPDX-License-Identifier: Apache-2.0 */
#include "web/upload.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/handlers.h"
#include "web/show.h"
#include "web/secret.h"
#include "web/utf8.h"
#include "web/web.h"

enum { PATH = 4096, NAME = 64, DISPLAY_LETTERS = 200, MOST_CLASS = 4 };
static const char inputs_folder[] = "inputs", unfinished[] = ".part";

struct eki_upload {
    int file;
    bool kept;
    uint64_t size;
    int64_t handling_class;
    const char *display; /* of the request's target */
    char name[NAME], path[PATH], part[PATH];
    crypto_hash_sha256_state hash;
};

/* Refuses, and gives the room on the disk back at once. */
static void refuse_write(struct eki_request *request, int error)
{
    struct eki_upload *upload = request->upload;
    bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    eki_problem(request, full ? 507 : 503,
                full ? "The disk is full: nothing of the upload was kept." : "The upload cannot be written.");
    request->reply.close = true;
    if (upload->file < 0) return;
    close(upload->file);
    unlink(upload->part);
    upload->file = -1;
}

/* What the client calls the file: shown, never opened. */
static bool take_name(struct eki_request *request, struct eki_upload *upload)
{
    const char *name = eki_target_parameter(&request->target, "name");
    upload->handling_class = MOST_CLASS;
    if (!name || !name[0] || eki_utf8_count(name) > DISPLAY_LETTERS || strpbrk(name, "\n\r\t")) {
        eki_problem(request, 400, "name: 1 to %d letters on one line", DISPLAY_LETTERS);
        return false;
    }
    upload->display = name;
    return eki_request_integer(request, "handling_class", (struct eki_field){.least = 1, .most = MOST_CLASS},
                               &upload->handling_class);
}

void eki_upload_begin(struct eki_request *request)
{
    struct eki_upload *upload = eki_allocate(1, sizeof *upload);
    char token[EKI_TOKEN_TEXT];
    if (!upload) {
        eki_problem(request, 503, "There is not enough memory.");
        return;
    }
    upload->file = -1;
    request->upload = upload;
    if (!take_name(request, upload)) return;
    eki_secret_token(token);
    snprintf(upload->name, sizeof upload->name, "%s", token);
    bool fits = eki_web_path(request->web, inputs_folder, upload->name, upload->path);
    int length = snprintf(upload->part, sizeof upload->part, "%s%s", upload->path, unfinished);
    if (fits && length < PATH)
        upload->file = open(upload->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (upload->file < 0) refuse_write(request, errno);
    crypto_hash_sha256_init(&upload->hash);
}

void eki_upload_add(struct eki_request *request, const char *bytes, size_t length)
{
    struct eki_upload *upload = request->upload;
    size_t done = 0;
    while (done < length) {
        ssize_t n = write(upload->file, bytes + done, length - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            refuse_write(request, errno);
            return;
        }
        done += (size_t)n;
    }
    crypto_hash_sha256_update(&upload->hash, (const unsigned char *)bytes, length);
    upload->size += length;
}

static bool flush_folder(const struct eki_web *web)
{
    char path[PATH];
    if (!eki_web_path(web, inputs_folder, "", path)) return false;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && !fsync(folder);
    if (folder >= 0) close(folder);
    return good;
}

/* The file is whole: to the disk with it, under its name. */
static bool settle(struct eki_request *request, struct eki_upload *upload)
{
    bool good = !fsync(upload->file) && !rename(upload->part, upload->path) && flush_folder(request->web);
    if (!good) refuse_write(request, errno);
    return good;
}

static void name_in_store(struct eki_request *request, struct eki_upload *upload)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char digest[EKI_HASH_TEXT];
    crypto_hash_sha256_final(&upload->hash, hash);
    sodium_bin2hex(digest, sizeof digest, hash, sizeof hash);
    struct eki_store_input input = {.name = upload->display,
                                    .size = (int64_t)upload->size,
                                    .sha256 = digest,
                                    .form = "",
                                    .handling_class = upload->handling_class,
                                    .kept = true,
                                    .path = upload->name,
                                    .account = request->who.account,
                                    .created = eki_request_now(request)};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work) return;
    enum eki_error error = eki_store_add(work, &input);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    upload->kept = true;
    eki_reply_json(request, 201, eki_show_input(&input));
    snprintf(request->reply.location, sizeof request->reply.location, "/api/v1/inputs/%lld",
             (long long)input.id);
    eki_store_end(work);
}

void eki_inputs_post(struct eki_request *request)
{
    struct eki_upload *upload = request->upload;
    if (!upload->size)
        eki_problem(request, 422, "The body is empty: send the file as it is.");
    else if (settle(request, upload))
        name_in_store(request, upload);
}

void eki_upload_drop(struct eki_upload *upload)
{
    if (!upload) return;
    if (upload->file >= 0) {
        close(upload->file);
        unlink(upload->part);
        if (!upload->kept) unlink(upload->path);
    }
    eki_free(upload);
}

/* True when no row names this file. */
static bool is_orphan(struct eki_store_work *work, const char *name)
{
    struct eki_store_input input;
    size_t length = strlen(name), tail = sizeof unfinished - 1;
    if (length > tail && !strcmp(name + length - tail, unfinished)) return true;
    return eki_store_find(work, &input, "path", name) == EKI_ERROR_MISSING;
}

void eki_upload_sweep(const struct eki_web *web)
{
    char path[PATH];
    struct eki_store_work *work;
    DIR *folder = eki_web_path(web, inputs_folder, "", path) ? opendir(path) : NULL;
    if (!folder) return;
    if (!eki_store_begin(web->options.store, NULL, &work, NULL)) {
        for (struct dirent *entry; (entry = readdir(folder));)
            if (entry->d_name[0] != '.' && is_orphan(work, entry->d_name) &&
                eki_web_path(web, inputs_folder, entry->d_name, path))
                unlink(path);
        eki_store_end(work);
    }
    closedir(folder);
}
