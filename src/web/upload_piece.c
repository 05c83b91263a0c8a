/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads that come in pieces, after draft-ietf-httpbis-resumable-upload ("careful creation": an upload is
 * made first, then its bytes are sent, so that its address is known whenever the line breaks). The bytes so
 * far are the file itself: how many there are survives whatever happens to the program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/handlers.h"
#include "web/list.h"
#include "web/show.h"
#include "web/upload_file.h"
#include "web/web.h"

#define PROBLEMS "https://iana.org/assignments/http-problem-types#"
static const struct eki_fault none;
static const char folder[] = "inputs", piece_type[] = "application/partial-upload";
enum { BLOCK = 1 << 18, DIGITS = 15 /* of a structured field's integer (RFC 9651, 3.3.1) */ };

/* A header that holds a whole number from 0 on: -1 when it is absent, -2 after answering. */
static int64_t header_integer(struct eki_request *request, const char *name)
{
    const char *text = eki_request_header(request, name);
    if (!text) return -1;
    size_t length = strlen(text);
    if (length && length <= DIGITS && strspn(text, "0123456789") == length) return strtoll(text, NULL, 10);
    eki_problem(request, 400, "%s: must be a whole number", name);
    return -2;
}

/* Upload-Complete: 1 or 0; -1 when it is absent, -2 after answering. */
static int is_last(struct eki_request *request)
{
    const char *text = eki_request_header(request, "Upload-Complete");
    if (!text) return -1;
    if (!strcmp(text, "?1") || !strcmp(text, "?0")) return text[1] - '0';
    eki_problem(request, 400, "Upload-Complete: must be ?0 or ?1");
    return -2;
}

bool eki_piece_wanted(struct eki_request *request)
{
    return !is_last(request);
}

/* Ends the request that writes this upload now, between two of its writes. Unless `always`, not one that is
 * finishing: false then. */
static bool end_writer(struct eki_uploads *uploads, int64_t id, bool always)
{
    struct eki_upload **at = &uploads->first;
    while (*at && (*at)->piece != id) at = &(*at)->next;
    struct eki_upload *writer = *at;
    if (!writer) return true;
    pthread_mutex_lock(&writer->lock);
    bool ends = always || !writer->finishing;
    if (ends) writer->ended = true;
    pthread_mutex_unlock(&writer->lock);
    if (ends) *at = writer->next;
    return ends;
}

/* Its row is gone: a request that finishes it finds that out. */
static void stop_writer(struct eki_web *web, int64_t id)
{
    pthread_mutex_lock(&web->uploads.lock);
    (void)end_writer(&web->uploads, id, true);
    pthread_mutex_unlock(&web->uploads.lock);
}

/* From now on this request writes it, and nobody else. False after answering that another one finishes it. */
static bool become_writer(struct eki_request *request, struct eki_upload *upload)
{
    struct eki_uploads *uploads = &request->web->uploads;
    pthread_mutex_lock(&uploads->lock);
    bool mine = end_writer(uploads, upload->piece, false);
    if (mine) {
        upload->next = uploads->first;
        uploads->first = upload;
    }
    pthread_mutex_unlock(&uploads->lock);
    if (!mine) eki_problem(request, 409, "The upload is being finished: ask again what became of it.");
    return mine;
}

void eki_piece_leave(struct eki_web *web, struct eki_upload *upload)
{
    pthread_mutex_lock(&web->uploads.lock);
    struct eki_upload **at = &web->uploads.first;
    while (*at && *at != upload) at = &(*at)->next;
    if (*at) *at = upload->next;
    pthread_mutex_unlock(&web->uploads.lock);
}

/* How many bytes of it there are; an input's when it became one. */
static int64_t offset_of(const struct eki_web *web, const struct eki_store_upload *row)
{
    char path[EKI_UPLOAD_PATH];
    struct stat about;
    if (row->input) return row->length;
    if (!eki_web_path(web, folder, row->path, path) || stat(path, &about)) return 0;
    return (int64_t)about.st_size;
}

static json_t *show(void *user, const void *item)
{
    const struct eki_store_upload *row = item;
    return json_pack("{s:I, s:s, s:o, s:I, s:b, s:I, s:o, s:o, s:o}", "id", (json_int_t)row->id, "name",
                     row->name, "length", row->length ? json_integer(row->length) : json_null(), "offset",
                     (json_int_t)offset_of(user, row), "complete", row->input != 0, "handling_class",
                     (json_int_t)row->handling_class, "input", eki_show_id(row->input), "created",
                     eki_show_time(row->created), "expires", eki_show_time(row->expires));
}

static void tell_place(struct eki_request *request, const struct eki_store_upload *row, int64_t offset)
{
    request->reply.upload_offset = offset;
    request->reply.upload_length = row->length;
    request->reply.upload_complete = row->input != 0;
    request->reply.cache = "no-store";
}

/* The row of the path, of the account that asks. False after answering, and ending the work. */
static bool find(struct eki_request *request, struct eki_store_work *work, int64_t id,
                 struct eki_store_upload *ret_row)
{
    enum eki_error error = eki_store_get(work, ret_row, id);
    if (!error && (ret_row->account != request->who.account || ret_row->expires <= eki_request_now(request)))
        error = EKI_ERROR_MISSING;
    if (error) eki_problem_store(request, error, work, NULL);
    return !error;
}

/* Not too many that are not whole, of this account and of all. */
static bool has_place(struct eki_request *request, struct eki_store_work *work)
{
    struct eki_store_query query = {
        .where = {{.column = "input"}, {.column = "account", .number = request->who.account}}};
    uint64_t mine = 0, all = 0;
    enum eki_error error = eki_store_count(work, EKI_STORE_UPLOAD, &query, &mine);
    query.where[1].column = NULL;
    if (!error) error = eki_store_count(work, EKI_STORE_UPLOAD, &query, &all);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return false;
    }
    if (mine < EKI_UPLOADS_OF_ACCOUNT && all < EKI_UPLOADS) return true;
    eki_problem(request, 429,
                mine >= EKI_UPLOADS_OF_ACCOUNT
                    ? "Too many of your uploads are unfinished: finish or delete one."
                    : "Too many uploads are unfinished.");
    eki_store_end(work);
    return false;
}

/* Waits for others that write: not on a thread that serves all. Nobody knows the number before the answer, so
 * nobody else writes the file. */
static bool keep_row(struct eki_request *request, struct eki_upload *upload)
{
    int64_t now = eki_request_now(request);
    struct eki_store_upload row = {.name = upload->display,
                                   .length = (int64_t)upload->most,
                                   .handling_class = upload->handling_class,
                                   .path = upload->name,
                                   .account = request->who.account,
                                   .created = now,
                                   .expires = now + EKI_UPLOAD_AGE_S * INT64_C(1000000)};
    struct eki_store_work *work = eki_request_writes(request);
    if (!work || !has_place(request, work)) return false;
    enum eki_error error = eki_store_add(work, &row);
    if (!eki_request_settled(request, work, error, &none)) return false;
    upload->piece = row.id;
    return true;
}

void eki_piece_create(struct eki_request *request)
{
    struct eki_upload *upload = eki_upload_new(request);
    if (!upload || !eki_upload_take_name(request, upload)) return;
    int64_t length = header_integer(request, "Upload-Length");
    if (length < -1 || (length > 0 && !eki_upload_has_room(request, (uint64_t)length))) return;
    upload->most = length > 0 ? (uint64_t)length : 0;
    bool fits = eki_upload_place(request, upload);
    memcpy(upload->part, upload->path, sizeof upload->part); /* goes when the row cannot be kept */
    if (fits) upload->file = open(upload->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (upload->file < 0) {
        eki_upload_refuse(request, errno);
        return;
    }
    upload->begins = true;
}

static bool check_head(struct eki_request *request, int64_t *ret_offset)
{
    const char *type = eki_request_header(request, "Content-Type");
    if (!type || strcasecmp(type, piece_type) != 0) {
        eki_problem(request, 415, "The body must be %s.", piece_type);
        return false;
    }
    *ret_offset = header_integer(request, "Upload-Offset");
    int last = *ret_offset < -1 ? 0 : is_last(request);
    if (*ret_offset == -1 || last == -1)
        eki_problem(request, 400, "A piece comes with the headers Upload-Offset and Upload-Complete.");
    return !request->reply.status;
}

static bool is_open(struct eki_request *request, const struct eki_store_upload *row)
{
    if (!row->input) return true;
    eki_problem_typed(request, PROBLEMS "completed-upload", 400, "The upload is complete: it is input %lld.",
                      (long long)row->input);
    tell_place(request, row, row->length);
    return false;
}

/* Opens the file and looks whether the piece begins where it ends. */
static void open_piece(struct eki_request *request, const struct eki_store_upload *row, int64_t offset)
{
    struct eki_upload *upload = request->upload;
    struct stat about = {0};
    if (eki_web_path(request->web, folder, row->path, upload->path))
        upload->file = open(upload->path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (upload->file < 0 || fstat(upload->file, &about)) {
        eki_problem(request, 503, "The file of the upload cannot be opened.");
        return;
    }
    upload->start = upload->size = (uint64_t)about.st_size;
    if (offset == (int64_t)about.st_size) return;
    eki_problem_typed(request, PROBLEMS "mismatching-upload-offset", 409,
                      "The piece begins at %lld, the upload goes on at %lld.", (long long)offset,
                      (long long)about.st_size);
    tell_place(request, row, (int64_t)about.st_size);
}

/* What is declared to come must fit. */
static void check_rest(struct eki_request *request)
{
    const struct eki_upload *upload = request->upload;
    const char *declared = eki_request_header(request, "Content-Length");
    uint64_t rest = declared ? strtoull(declared, NULL, 10) : 0;
    if (upload->most && rest > upload->most - upload->size)
        eki_problem(request, 413, "There is more of it than Upload-Length said.");
    else
        (void)eki_upload_has_room(request, rest);
}

/* Whose upload it is and whether it is open yet: only the account it belongs to may end another writer. */
static bool may_write(struct eki_request *request, int64_t id)
{
    struct eki_store_upload row;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work || !find(request, work, id, &row)) return false;
    bool open = is_open(request, &row);
    eki_store_end(work);
    return open;
}

void eki_piece_begin(struct eki_request *request)
{
    int64_t id = eki_request_id(request, 0), offset;
    struct eki_store_upload row;
    if (!id || !check_head(request, &offset) || !may_write(request, id)) return;
    struct eki_upload *upload = eki_upload_new(request);
    if (!upload) return;
    upload->piece = id;
    if (!become_writer(request, upload)) return;
    /* Read again: the writer before may have finished it in between, and none can from now on. */
    struct eki_store_work *work = eki_request_reads(request);
    if (!work || !find(request, work, id, &row)) return;
    if (is_open(request, &row)) {
        upload->most = (uint64_t)row.length;
        upload->handling_class = row.handling_class;
        upload->display = eki_arena_copy(&request->arena, row.name, strlen(row.name) + 1, 1);
        snprintf(upload->name, sizeof upload->name, "%s", row.path);
        open_piece(request, &row, offset);
    }
    if (!request->reply.status) check_rest(request);
    eki_store_end(work);
}

/* It has the length it was said to have. */
static bool is_whole(struct eki_request *request)
{
    const struct eki_upload *upload = request->upload;
    if (!upload->size)
        eki_problem(request, 422, "The upload is empty.");
    else if (upload->most && upload->most != upload->size)
        eki_problem_typed(request, PROBLEMS "inconsistent-upload-length", 400,
                          "%llu bytes are there, Upload-Length said %llu.", (unsigned long long)upload->size,
                          (unsigned long long)upload->most);
    else
        return true;
    request->reply.upload_offset = (int64_t)upload->size;
    request->reply.upload_length = (int64_t)upload->most;
    return false;
}

/* What came by earlier requests is read again: a hash does not outlive the program. */
static bool hash_whole(struct eki_upload *upload, unsigned char *ret_hash)
{
    ssize_t n = 0;
    if (!upload->start) {
        crypto_hash_sha256_final(&upload->hash, ret_hash);
        return true;
    }
    unsigned char *block = eki_allocate(1, BLOCK);
    int file = block ? open(upload->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    crypto_hash_sha256_init(&upload->hash);
    while (file >= 0 && (n = read(file, block, BLOCK)) > 0)
        crypto_hash_sha256_update(&upload->hash, block, (unsigned long long)n);
    crypto_hash_sha256_final(&upload->hash, ret_hash);
    bool good = file >= 0 && !n;
    if (file >= 0) close(file);
    eki_free(block);
    return good;
}

/* It becomes an input, and its row says which: who did not hear the answer may ask. */
static void finish(struct eki_request *request)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct eki_upload *upload = request->upload;
    struct eki_store_upload row;
    struct eki_store_input input;
    if (!is_whole(request)) return;
    if (!hash_whole(upload, hash)) {
        eki_problem(request, 503, "The file of the upload cannot be read.");
        return;
    }
    struct eki_store_work *work = eki_upload_name(request, hash, &input);
    if (!work || !find(request, work, upload->piece, &row)) return;
    if (!is_open(request, &row)) {
        eki_store_end(work);
        return;
    }
    row.input = input.id;
    row.length = input.size;
    enum eki_error error = eki_store_change(work, &row);
    if (!error) error = eki_store_commit(work);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_reply_json(request, 201, eki_show_input(&input));
    snprintf(request->reply.location, sizeof request->reply.location, "/api/v1/inputs/%" PRId64, input.id);
    tell_place(request, &row, input.size);
    eki_store_end(work);
}

void eki_piece_created(struct eki_request *request)
{
    struct eki_upload *upload = request->upload;
    struct eki_store_upload row;
    if (fdatasync(upload->file) || !eki_upload_flush_folder(request->web)) {
        eki_upload_refuse(request, errno);
        return;
    }
    if (!keep_row(request, upload)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work || !find(request, work, upload->piece, &row)) return;
    eki_reply_json(request, 201, show(request->web, &row));
    snprintf(request->reply.location, sizeof request->reply.location, "/api/v1/uploads/%" PRId64, row.id);
    tell_place(request, &row, (int64_t)upload->size);
    eki_store_end(work);
}

/* Nothing more comes by this request. False when a later one goes on with the upload; when this was the last
 * piece, none may until it is let go. */
static bool hold(struct eki_upload *upload, bool last)
{
    pthread_mutex_lock(&upload->lock);
    bool ended = upload->ended;
    upload->finishing = last && !ended;
    pthread_mutex_unlock(&upload->lock);
    return !ended;
}

static void let_go(struct eki_upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    upload->finishing = false;
    pthread_mutex_unlock(&upload->lock);
}

void eki_upload_patch(struct eki_request *request)
{
    struct eki_upload *upload = request->upload;
    bool last = is_last(request) == 1;
    if (!hold(upload, last)) {
        eki_problem(request, 409, "Another request goes on with this upload.");
        return;
    }
    if (fdatasync(upload->file)) {
        eki_upload_refuse(request, errno);
    } else if (last) {
        finish(request);
    } else {
        eki_reply_nothing(request);
        request->reply.upload_offset = (int64_t)upload->size;
        request->reply.upload_length = (int64_t)upload->most;
    }
    let_go(upload); /* its row says by now what it became */
}

/* What is told to be there is on the disk. */
static void flush(const struct eki_web *web, const struct eki_store_upload *row)
{
    char path[EKI_UPLOAD_PATH];
    if (row->input || !eki_web_path(web, folder, row->path, path)) return;
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return;
    (void)fdatasync(file); /* when it fails, so does the next piece, and says so */
    close(file);
}

void eki_upload_get(struct eki_request *request)
{
    struct eki_store_upload row;
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_reads(request) : NULL;
    if (!work || !find(request, work, id, &row)) return;
    int64_t offset = offset_of(request->web, &row);
    flush(request->web, &row);
    json_t *shown = show(request->web, &row);
    json_object_set_new(shown, "offset", json_integer(offset));
    eki_reply_json(request, 200, shown);
    tell_place(request, &row, offset);
    eki_store_end(work);
}

void eki_uploads_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "name", "created", NULL};
    const struct eki_list list = {EKI_STORE_UPLOAD, sizeof(struct eki_store_upload), show, request->web,
                                  NULL};
    struct eki_store_query query = {.where = {{.column = "account", .number = request->who.account}}};
    if (!eki_list_query(request, sorts, &query)) return;
    struct eki_store_work *work = eki_request_reads(request);
    if (work) eki_list_reply(request, work, &query, &list);
}

void eki_upload_delete(struct eki_request *request)
{
    struct eki_store_upload row;
    char path[EKI_UPLOAD_PATH];
    int64_t id = eki_request_id(request, 0);
    struct eki_store_work *work = id ? eki_request_writes(request) : NULL;
    if (!work || !find(request, work, id, &row)) return;
    bool has_file = !row.input && eki_web_path(request->web, folder, row.path, path);
    enum eki_error error = eki_store_remove(work, &row);
    if (!eki_request_settled(request, work, error, &none)) return;
    stop_writer(request->web, id);
    if (has_file) unlink(path);
    eki_reply_nothing(request);
}

/* The file of one whose row is gone for good. */
static void give_up(struct eki_web *web, const struct eki_store_upload *row)
{
    char path[EKI_UPLOAD_PATH];
    stop_writer(web, row->id);
    if (!row->input && eki_web_path(web, folder, row->path, path)) unlink(path);
}

void eki_upload_expire(struct eki_web *web)
{
    struct eki_store_work *work;
    struct eki_store_upload *rows;
    struct eki_store_page page = {0};
    struct eki_store_act act = {.at = eki_web_now(web), .who = "service"};
    const struct eki_store_query query = {.where = {{.column = "expires", .is = '<', .number = act.at}},
                                          .limit = EKI_UPLOADS};
    if (eki_store_begin(web->options.store, &act, &work, NULL)) return;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; i < page.count && !error; i++) error = eki_store_remove(work, &rows[i]);
    if (!error && page.count) error = eki_store_commit(work);
    /* Only now: a row that stays, as the store could not be written, must not have lost its file. */
    for (size_t i = 0; i < page.count && !error; i++) give_up(web, &rows[i]);
    eki_store_end(work);
}
