/* SPDX-License-Identifier: Apache-2.0 */
#include "web/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "ekigaku/store.h"
#include "web/request.h"

static struct eki_reply *begin(struct eki_request *request, unsigned status, const char *type)
{
    struct eki_reply *reply = &request->reply;
    eki_reply_done(reply);
    reply->status = status;
    reply->type = type;
    return reply;
}

void eki_reply_json(struct eki_request *request, unsigned status, json_t *json)
{
    struct eki_reply *reply = begin(request, status, "application/json");
    eki_buffer_json(&reply->body, json);
    json_decref(json);
    if (reply->body.failed) eki_problem(request, 503, "There is not enough memory for the answer.");
}

void eki_reply_buffer(struct eki_request *request, const char *type, struct eki_buffer *buffer)
{
    struct eki_reply *reply = begin(request, 200, type);
    reply->body = *buffer;
    *buffer = (struct eki_buffer){0};
    if (reply->body.failed) eki_problem(request, 503, "There is not enough memory for the answer.");
}

void eki_reply_fixed(struct eki_request *request, const char *type, const void *bytes, size_t length)
{
    struct eki_reply *reply = begin(request, 200, type);
    reply->fixed = bytes;
    reply->fixed_length = length;
}

void eki_reply_file(struct eki_request *request, const char *type, int file, uint64_t length)
{
    struct eki_reply *reply = begin(request, 200, type);
    reply->file = file;
    reply->file_length = length;
}

void eki_reply_nothing(struct eki_request *request)
{
    begin(request, 204, NULL);
}

const char *eki_status_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } known[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {423, "Locked"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].status == status) return known[i].text;
    return "Error";
}

static void refuse(struct eki_request *request, const char *type, unsigned status, const char *detail)
{
    struct eki_reply *reply = begin(request, status, "application/problem+json");
    json_t *json = json_pack("{s:s, s:s, s:i, s:s+, s:s}", "type", type, "title", eki_status_text(status),
                             "status", (int)status, "detail", detail, "", "instance", request->instance);
    if (!json) /* the detail was cut within a character, or repeats what is no UTF-8 */
        json = json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", eki_status_text(status), "status",
                         (int)status, "instance", request->instance);
    eki_buffer_json(&reply->body, json);
    json_decref(json);
    if (status == 503) reply->retry_after = 2;
}

void eki_problem(struct eki_request *request, unsigned status, const char *format, ...)
{
    char detail[500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    refuse(request, "about:blank", status, detail);
}

void eki_problem_typed(struct eki_request *request, const char *type, unsigned status, const char *format,
                       ...)
{
    char detail[500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    refuse(request, type, status, detail);
}

void eki_problem_store(struct eki_request *request, enum eki_error error, struct eki_store_work *work,
                       const struct eki_fault *fault)
{
    char what[sizeof fault->what + 1];
    if (work) fault = eki_store_why(work);
    snprintf(what, sizeof what, "%.*s", (int)sizeof fault->what, fault ? fault->what : "");
    switch (error) {
    case EKI_ERROR_MISSING: eki_problem(request, 404, "There is no such row."); break;
    case EKI_ERROR_CONFLICT: eki_problem(request, 409, "%s", what); break;
    case EKI_ERROR_ARGUMENT:
    case EKI_ERROR_LIMIT: eki_problem(request, 422, "%s", what); break;
    case EKI_ERROR_WRITE: eki_problem(request, 507, "The store could not be written: %s", what); break;
    case EKI_ERROR_MEMORY: eki_problem(request, 503, "There is not enough memory."); break;
    default: eki_problem(request, 503, "The store cannot be reached: %s", what); break;
    }
    eki_store_end(work);
}

void eki_reply_done(struct eki_reply *reply)
{
    eki_buffer_done(&reply->body);
    if (reply->status && reply->file >= 0) close(reply->file);
    *reply = (struct eki_reply){.file = -1, .upload_offset = -1};
}
