/* SPDX-License-Identifier: Apache-2.0 */
#include "web/send.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/pack.h"
#include "web/router.h"
#include "web/web.h"

/* Nothing but what this service itself serves, and no script or style within a page. */
#define POLICY_OF_PAGES                                                                                      \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src "      \
    "'self'; "                                                                                               \
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "         \
    "frame-ancestors 'none'"
#define POLICY_OF_DATA "default-src 'none'; frame-ancestors 'none'; sandbox"

/* Below this packing does not pay. */
enum { PACK_FROM = 1024, TAG_BYTES = 16 };

static bool is_tagged(const struct eki_request *request)
{
    const struct eki_reply *reply = &request->reply;
    bool kept = request->route && !(request->route->flags & EKI_ROUTE_LIVE);
    return kept && request->method == EKI_METHOD_GET && reply->status == 200 && !reply->stream &&
           reply->file < 0;
}

/* A tag of what the answer says, whatever it is packed by: that is what a weak one is (RFC 9110, 8.8.1). */
static void make_tag(struct eki_reply *reply)
{
    unsigned char hash[TAG_BYTES];
    char text[TAG_BYTES * 2 + 1];
    const void *bytes = reply->fixed ? reply->fixed : reply->body.bytes;
    size_t length = reply->fixed ? reply->fixed_length : reply->body.length;
    crypto_generichash(hash, sizeof hash, bytes, length, NULL, 0);
    sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    snprintf(reply->etag, sizeof reply->etag, "W/\"%s\"", text);
}

static void pack(struct eki_request *request)
{
    struct eki_reply *reply = &request->reply;
    const char *accepts = eki_request_header(request, "Accept-Encoding");
    bool text = reply->type &&
                (!strncmp(reply->type, "application/json", 16) || !strncmp(reply->type, "text/", 5) ||
                 strstr(reply->type, "xml") != NULL || !strcmp(reply->type, "application/octet-stream"));
    if (reply->encoding || reply->fixed || reply->file >= 0 || !text || reply->body.length < PACK_FROM)
        return;
    struct eki_buffer packed = {0};
    const char *coding = eki_accepts(accepts, "zstd") ? "zstd" : eki_accepts(accepts, "gzip") ? "gzip" : NULL;
    if (!coding) return;
    bool good = coding[0] == 'z' ? eki_pack_zstd(reply->body.bytes, reply->body.length, &packed)
                                 : eki_pack_gzip(reply->body.bytes, reply->body.length, &packed);
    if (good && packed.length < reply->body.length) {
        eki_buffer_done(&reply->body);
        reply->body = packed;
        reply->encoding = coding;
    } else {
        eki_buffer_done(&packed);
    }
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    if (value && value[0]) (void)MHD_add_response_header(response, name, value);
}

/* How far an upload is (draft-ietf-httpbis-resumable-upload, section 4). */
static void add_upload(const struct eki_reply *reply, struct MHD_Response *response)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, reply->upload_offset);
    add(response, "Upload-Offset", text);
    add(response, "Upload-Complete", reply->upload_complete ? "?1" : "?0");
    if (!reply->upload_length) return;
    snprintf(text, sizeof text, "%" PRId64, reply->upload_length);
    add(response, "Upload-Length", text);
}

static void add_headers(const struct eki_request *request, struct MHD_Response *response)
{
    const struct eki_reply *reply = &request->reply;
    char retry[16] = "";
    if (reply->retry_after) snprintf(retry, sizeof retry, "%u", reply->retry_after);
    add(response, "Content-Type", reply->type);
    add(response, "Content-Encoding", reply->encoding);
    add(response, "Vary", "Accept-Encoding, Accept-Language, Cookie, Authorization");
    add(response, "ETag", reply->etag);
    add(response, "Cache-Control", reply->cache ? reply->cache : "private, no-cache");
    add(response, "Set-Cookie", reply->cookie);
    add(response, "Location", reply->location);
    add(response, "Content-Disposition", reply->disposition);
    add(response, "Allow", reply->allow);
    add(response, "Retry-After", retry);
    if (reply->status < 300) add(response, "X-TLP", request->label);
    if (reply->upload_offset >= 0) add_upload(reply, response);
    add(response, "X-TAXII-Date-Added-First", reply->added_first);
    add(response, "X-TAXII-Date-Added-Last", reply->added_last);
    if (reply->status == 401) add(response, "WWW-Authenticate", "Bearer realm=\"ekigaku\"");
    add(response, "Content-Security-Policy",
        reply->policy ? reply->policy
        : reply->page ? POLICY_OF_PAGES
                      : POLICY_OF_DATA);
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "no-referrer");
    add(response, "Cross-Origin-Opener-Policy", "same-origin");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    if (request->web->options.certificate) add(response, "Strict-Transport-Security", "max-age=31536000");
    if (reply->close) add(response, "Connection", "close");
}

static struct MHD_Response *make(struct eki_request *request)
{
    struct eki_reply *reply = &request->reply;
    if (reply->stream) {
        const char *last = eki_request_header(request, "Last-Event-ID");
        return eki_events_response(&request->web->events, request->connection,
                                   last ? strtoull(last, NULL, 10) : 0);
    }
    if (reply->file >= 0) {
        int file = reply->file;
        reply->file = -1;
        request->sent = reply->file_length;
        struct MHD_Response *response = MHD_create_response_from_fd64(reply->file_length, file);
        if (!response) close(file);
        return response;
    }
    if (reply->fixed) {
        request->sent = reply->fixed_length;
        return MHD_create_response_from_buffer(reply->fixed_length, (void *)reply->fixed,
                                               MHD_RESPMEM_PERSISTENT);
    }
    request->sent = reply->body.length;
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(reply->body.length, reply->body.bytes, eki_free);
    if (response) reply->body = (struct eki_buffer){0}; /* its bytes are the response's now */
    return response;
}

/* The client says nothing more: to wait for its next request would hold the connection until it idled out,
 * since the end was seen before the answer and epoll tells it once. */
static bool is_last(const struct eki_request *request)
{
    char byte;
    return request->visitor && request->visitor->socket >= 0 &&
           recv(request->visitor->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

enum MHD_Result eki_send(struct eki_request *request)
{
    struct eki_reply *reply = &request->reply;
    if (!reply->status) eki_problem(request, 500, "The request was not answered.");
    if (!reply->stream && is_last(request)) reply->close = true;
    if (is_tagged(request) && !reply->etag[0]) make_tag(reply);
    if (reply->status == 200 && eki_request_knows(request, reply->etag)) {
        eki_buffer_done(&reply->body);
        reply->fixed = NULL;
        if (reply->file >= 0) close(reply->file);
        reply->file = -1;
        reply->status = 304;
        reply->type = reply->encoding = NULL;
    }
    pack(request);
    struct MHD_Response *response = make(request);
    if (!response && reply->stream) {
        eki_problem(request, 503, "Too many listen to events already.");
        response = make(request);
    }
    if (!response) return MHD_NO;
    add_headers(request, response);
    enum MHD_Result result = MHD_queue_response(request->connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}
