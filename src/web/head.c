/* SPDX-License-Identifier: Apache-2.0 */
#include "web/head.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "web/web.h"

struct tally {
    unsigned lengths, codings, hosts;
    bool odd, unknown_coding;
};

/* A token of RFC 9110, 5.6.2. */
static bool is_token(const char *name)
{
    static const char letters[] =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return name[0] && !name[strspn(name, letters)];
}

/* No control character but the tab. */
static bool is_plain(const char *value)
{
    for (; *value; value++) {
        unsigned char letter = (unsigned char)*value;
        if ((letter < 0x20 && letter != '\t') || letter == 0x7f) return false;
    }
    return true;
}

static enum MHD_Result count(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct tally *tally = user;
    (void)kind;
    if (!is_token(name) || (value && !is_plain(value))) tally->odd = true;
    if (!strcasecmp(name, "Content-Length")) tally->lengths++;
    if (!strcasecmp(name, "Host")) tally->hosts++;
    if (!strcasecmp(name, "Transfer-Encoding")) {
        tally->codings++;
        if (!value || strcasecmp(value, "chunked") != 0) tally->unknown_coding = true;
    }
    return MHD_YES;
}

static bool refuse(struct eki_request *request, unsigned status, const char *what)
{
    eki_problem(request, status, "%s", what);
    request->reply.close = request->reply.at_once = true;
    return false;
}

bool eki_head_check(struct eki_request *request)
{
    struct tally tally = {0};
    if (!request->connection) return true;
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count, &tally);
    if (size && size->header_size > EKI_HEAD_BYTES)
        return refuse(request, 431, "The head of the request is larger than 16 KiB.");
    if (tally.odd) return refuse(request, 400, "A header is none: its name or value holds what neither may.");
    if (tally.hosts > 1 || (!tally.hosts && !request->old))
        return refuse(request, 400, "The header Host must come once.");
    if (tally.lengths + tally.codings > 1)
        return refuse(request, 400, "The length of the body is told more than once.");
    if (tally.unknown_coding)
        return refuse(request, 501, "The body may come whole or by chunks, not otherwise.");
    return true;
}
