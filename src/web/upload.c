/* SPDX-License-Identifier: Apache-2.0 */
#include "web/upload.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/evidence.h"
#include "web/handlers.h"
#include "web/router.h"
#include "web/secret.h"
#include "web/show.h"
#include "web/upload_file.h"
#include "web/utf8.h"
#include "web/web.h"

enum { DISPLAY_LETTERS = 200, MOST_CLASS = 4 };
static const char inputs_folder[] = "inputs", unfinished[] = ".part";

enum eki_error eki_uploads_init(struct eki_uploads *uploads)
{
    uploads->ready = !pthread_mutex_init(&uploads->lock, NULL);
    return uploads->ready ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_uploads_done(struct eki_uploads *uploads)
{
    if (uploads->ready) pthread_mutex_destroy(&uploads->lock);
}

/* Unless a later request goes on where this one ended: what is there then is that one's. */
static void give_back(struct eki_upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    if (!upload->ended && ftruncate(upload->file, (off_t)upload->start))
        upload->start = upload->size; /* as it is, then */
    pthread_mutex_unlock(&upload->lock);
}

void eki_upload_refuse(struct eki_request *request, int error)
{
    struct eki_upload *upload = request->upload;
    bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    eki_problem(request, full ? 507 : 503,
                full ? "The disk is full: nothing of what this request brought was kept."
                     : "The upload cannot be written.");
    request->reply.close = true;
    if (upload->file < 0) return;
    if (upload->piece) {
        give_back(upload);
    } else {
        unlink(upload->part);
    }
    close(upload->file);
    upload->file = -1;
}

bool eki_upload_has_room(struct eki_request *request, uint64_t bytes)
{
    char path[EKI_UPLOAD_PATH];
    struct statvfs disk;
    if (!eki_web_path(request->web, inputs_folder, "", path) || statvfs(path, &disk)) return true;
    uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (bytes <= room) return true;
    eki_problem(request, 507, "The disk has room for %llu bytes, not for %llu.", (unsigned long long)room,
                (unsigned long long)bytes);
    return false;
}

/* What the client calls the file: shown, never opened. */
bool eki_upload_take_name(struct eki_request *request, struct eki_upload *upload)
{
    const char *name = eki_target_parameter(&request->target, "name");
    upload->handling_class = MOST_CLASS;
    if (!name || !name[0] || eki_utf8_count(name) > DISPLAY_LETTERS || strpbrk(name, "\n\r\t")) {
        eki_problem(request, 400, "name: 1 to %d letters on one line", DISPLAY_LETTERS);
        return false;
    }
    upload->display = name;
    if (!eki_request_integer(request, "handling_class", (struct eki_field){.least = 1, .most = MOST_CLASS},
                             &upload->handling_class))
        return false;
    const struct eki_handling_rule *rule = eki_evidence_rule(upload->handling_class);
    bool leave = !rule->leave || request->who.role >= EKI_ROLE_COORDINATOR;
    if (rule->keep && leave) return true;
    eki_problem(request, rule->keep ? 403 : 422, "%s", rule->says);
    return false;
}

struct eki_upload *eki_upload_new(struct eki_request *request)
{
    struct eki_upload *upload = eki_allocate(1, sizeof *upload);
    if (!upload || pthread_mutex_init(&upload->lock, NULL)) {
        eki_free(upload);
        eki_problem(request, 503, "There is not enough memory.");
        return NULL;
    }
    upload->file = -1;
    crypto_hash_sha256_init(&upload->hash);
    request->upload = upload;
    return upload;
}

bool eki_upload_place(struct eki_request *request, struct eki_upload *upload)
{
    char token[EKI_TOKEN_TEXT];
    eki_secret_token(token);
    snprintf(upload->name, sizeof upload->name, "%s", token);
    return eki_web_path(request->web, inputs_folder, upload->name, upload->path);
}

static void begin_whole(struct eki_request *request)
{
    struct eki_upload *upload = eki_upload_new(request);
    const char *declared = eki_request_header(request, "Content-Length");
    if (!upload || !eki_upload_take_name(request, upload)) return;
    if (declared && !eki_upload_has_room(request, strtoull(declared, NULL, 10))) return;
    bool fits = eki_upload_place(request, upload);
    int length = snprintf(upload->part, sizeof upload->part, "%s%s", upload->path, unfinished);
    if (fits && length < EKI_UPLOAD_PATH)
        upload->file = open(upload->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (upload->file < 0) eki_upload_refuse(request, errno);
}

void eki_upload_begin(struct eki_request *request)
{
    if (request->route->flags & EKI_ROUTE_PIECE)
        eki_piece_begin(request);
    else if (eki_piece_wanted(request))
        eki_piece_create(request);
    else if (!request->reply.status)
        begin_whole(request);
}

/* 0, or the number of the system's error. */
static int write_all(int file, const char *bytes, size_t length)
{
    while (length) {
        ssize_t n = write(file, bytes, length);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n ? errno : EIO;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

void eki_upload_add(struct eki_request *request, const char *bytes, size_t length)
{
    struct eki_upload *upload = request->upload;
    int error = 0;
    pthread_mutex_lock(&upload->lock);
    bool ended = upload->ended, over = upload->most && length > upload->most - upload->size;
    if (!ended && !over) {
        error = write_all(upload->file, bytes, length);
        upload->size += length;
    }
    pthread_mutex_unlock(&upload->lock);
    if (error) eki_upload_refuse(request, error);
    if (ended) eki_problem(request, 409, "Another request goes on with this upload.");
    if (over) eki_problem(request, 413, "There is more of it than Upload-Length said.");
    crypto_hash_sha256_update(&upload->hash, (const unsigned char *)bytes, length);
}

bool eki_upload_flush_folder(const struct eki_web *web)
{
    char path[EKI_UPLOAD_PATH];
    if (!eki_web_path(web, inputs_folder, "", path)) return false;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && !fsync(folder);
    if (folder >= 0) close(folder);
    return good;
}

/* The file is whole: to the disk with it, under its name. */
static bool settle(struct eki_request *request, struct eki_upload *upload)
{
    bool good =
        !fsync(upload->file) && !rename(upload->part, upload->path) && eki_upload_flush_folder(request->web);
    if (!good) eki_upload_refuse(request, errno);
    return good;
}

struct eki_store_work *eki_upload_name(struct eki_request *request,
                                       const unsigned char hash[crypto_hash_sha256_BYTES],
                                       struct eki_store_input *ret_input)
{
    const struct eki_upload *upload = request->upload;
    char *digest = eki_arena_take(&request->arena, EKI_HASH_TEXT, 1);
    if (!digest) {
        eki_problem(request, 503, "There is not enough memory.");
        return NULL;
    }
    sodium_bin2hex(digest, EKI_HASH_TEXT, hash, crypto_hash_sha256_BYTES);
    *ret_input = (struct eki_store_input){.name = upload->display,
                                          .size = (int64_t)upload->size,
                                          .sha256 = digest,
                                          .form = "",
                                          .handling_class = upload->handling_class,
                                          .kept = true,
                                          .path = upload->name,
                                          .account = request->who.account,
                                          .created = eki_request_now(request)};
    struct eki_store_work *work = eki_request_writes(request);
    enum eki_error error = work ? eki_store_add(work, ret_input) : EKI_OK;
    if (!error) return work;
    eki_problem_store(request, error, work, NULL);
    return NULL;
}

static void name_in_store(struct eki_request *request, struct eki_upload *upload)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct eki_store_input input;
    crypto_hash_sha256_final(&upload->hash, hash);
    struct eki_store_work *work = eki_upload_name(request, hash, &input);
    if (!work) return;
    enum eki_error error = eki_store_commit(work);
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
    if (upload->begins)
        eki_piece_created(request);
    else if (!upload->size)
        eki_problem(request, 422, "The body is empty: send the file as it is.");
    else if (settle(request, upload))
        name_in_store(request, upload);
}

void eki_upload_drop(struct eki_request *request)
{
    struct eki_upload *upload = request->upload;
    request->upload = NULL;
    if (!upload) return;
    if (upload->piece) eki_piece_leave(request->web, upload);
    if (upload->file >= 0) {
        close(upload->file);
        if (!upload->piece) unlink(upload->part);
        if (!upload->piece && !upload->kept) unlink(upload->path);
    }
    pthread_mutex_destroy(&upload->lock);
    eki_free(upload);
}

/* True when no row names this file. */
static bool is_orphan(struct eki_store_work *work, const char *name)
{
    struct eki_store_input input;
    struct eki_store_upload upload;
    size_t length = strlen(name), tail = sizeof unfinished - 1;
    if (length > tail && !strcmp(name + length - tail, unfinished)) return true;
    return eki_store_find(work, &input, "path", name) == EKI_ERROR_MISSING &&
           eki_store_find(work, &upload, "path", name) == EKI_ERROR_MISSING;
}

void eki_upload_sweep(const struct eki_web *web)
{
    char path[EKI_UPLOAD_PATH];
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
