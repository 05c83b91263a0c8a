/* SPDX-License-Identifier: Apache-2.0 */
#include "web/request.h"

#include <errno.h>
#include <math.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "web/upload.h"
#include "web/web.h"

const char *eki_request_header(const struct eki_request *request, const char *name)
{
    if (!request->connection) return NULL;
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

bool eki_request_knows(const struct eki_request *request, const char *tag)
{
    const char *known = eki_request_header(request, "If-None-Match");
    if (!known || !tag[0]) return false;
    if (!strncmp(tag, "W/", 2)) tag += 2;
    return !strcmp(known, "*") || strstr(known, tag) != NULL;
}

int64_t eki_request_now(const struct eki_request *request)
{
    return eki_web_now(request->web);
}

/* A whole number without signs, blanks or anything behind it. */
static bool read_integer(const char *text, int64_t *ret_value)
{
    char *end;
    if (!text[0] || !strchr("-0123456789", text[0])) return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || *end || end == text) return false;
    *ret_value = value;
    return true;
}

int64_t eki_request_id(struct eki_request *request, unsigned n)
{
    int64_t id;
    if (request->values[n] && read_integer(request->values[n], &id) && id > 0) return id;
    eki_problem(request, 404, "There is nothing of this number.");
    return 0;
}

int64_t eki_request_position(struct eki_request *request, unsigned n)
{
    int64_t position;
    if (request->values[n] && read_integer(request->values[n], &position) && position >= 0) return position;
    eki_problem(request, 404, "There is nothing of this number.");
    return -1;
}

static struct eki_store_work *begin(struct eki_request *request, const struct eki_store_act *act)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(request->web->options.store, act, &work, &fault);
    if (!error) return work;
    eki_problem_store(request, error, NULL, &fault);
    return NULL;
}

struct eki_store_work *eki_request_reads(struct eki_request *request)
{
    return begin(request, NULL);
}

struct eki_store_act eki_request_act(const struct eki_request *request)
{
    return (struct eki_store_act){
        .at = eki_request_now(request), .account = request->who.account, .who = request->who.name};
}

struct eki_store_work *eki_request_writes(struct eki_request *request)
{
    struct eki_store_act act = eki_request_act(request);
    return begin(request, &act);
}

bool eki_request_settled(struct eki_request *request, struct eki_store_work *work, enum eki_error error,
                         const struct eki_fault *fault)
{
    char what[sizeof fault->what + 1];
    snprintf(what, sizeof what, "%.*s", (int)sizeof fault->what, fault->what);
    if (!error) error = eki_store_commit(work);
    if (!error) {
        eki_store_end(work);
        return true;
    }
    bool refused = error == EKI_ERROR_CORRUPT || error == EKI_ERROR_ARGUMENT || error == EKI_ERROR_FORMAT ||
                   error == EKI_ERROR_UNSUPPORTED || error == EKI_ERROR_EMPTY;
    if (*what && (refused || error == EKI_ERROR_CONFLICT)) {
        eki_problem(request, refused ? 422 : 409, "%s", what);
        eki_store_end(work);
    } else {
        eki_problem_store(request, error == EKI_ERROR_CORRUPT ? EKI_ERROR_ARGUMENT : error, work, NULL);
    }
    return false;
}

bool eki_request_integer(struct eki_request *request, const char *name, struct eki_field range,
                         int64_t *ret_value)
{
    const char *text = eki_target_parameter(&request->target, name);
    if (!text) return true;
    if (read_integer(text, ret_value) && *ret_value >= range.least && *ret_value <= range.most) return true;
    eki_problem(request, 400, "%s: must be a whole number from %lld to %lld", name, (long long)range.least,
                (long long)range.most);
    return false;
}

bool eki_request_number(struct eki_request *request, const char *name, double otherwise, double *ret_value)
{
    const char *text = eki_target_parameter(&request->target, name);
    char *end;
    *ret_value = otherwise;
    if (!text) return true;
    double value = strchr("-.0123456789", text[0]) && text[0] ? strtod(text, &end) : NAN;
    if (isfinite(value) && !*end) {
        *ret_value = value;
        return true;
    }
    eki_problem(request, 400, "%s: must be a number", name);
    return false;
}

bool eki_request_japanese(const struct eki_request *request)
{
    const char *wanted = eki_target_parameter(&request->target, "lang");
    if (!wanted && request->who.language[0]) wanted = request->who.language;
    if (!wanted) wanted = eki_request_header(request, "Accept-Language");
    return wanted && !strncasecmp(wanted, "ja", 2);
}

/* One element of the list is "gzip" or "gzip;q=0.5"; q=0 forbids. */
bool eki_accepts(const char *header, const char *coding)
{
    size_t length = strlen(coding);
    while (header && *header) {
        header += strspn(header, " \t,");
        size_t name = strcspn(header, " \t,;"), element = strcspn(header, ",");
        if (name == length && !strncasecmp(header, coding, length)) {
            const char *quality = memchr(header, '=', element);
            return !quality || strtod(quality + 1, NULL) > 0;
        }
        header += element;
    }
    return false;
}

void eki_request_done(struct eki_request *request)
{
    eki_upload_drop(request);
    json_decref(request->json);
    eki_buffer_done(&request->body);
    eki_reply_done(&request->reply);
    eki_arena_done(&request->arena);
}
