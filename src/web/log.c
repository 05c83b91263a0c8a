/* SPDX-License-Identifier: Apache-2.0 */
#include "web/log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "web/router.h"
#include "web/show.h"

void eki_log_instance(struct eki_request *request, const char *uri)
{
    static const char secret[] = "/invitation/";
    size_t length = strcspn(uri, "?"), at = 0;
    const char *hidden = strstr(uri, secret);
    if (hidden && (size_t)(hidden - uri) < length) length = (size_t)(hidden - uri) + sizeof secret - 1;
    for (; at < length && at + 1 < sizeof request->instance; at++)
        request->instance[at] = uri[at] > 0x20 && uri[at] < 0x7f ? uri[at] : '?';
    request->instance[at] = 0;
}

static json_t *address_of(const struct eki_visitor *visitor)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (!visitor) return json_null();
    if (IN6_IS_ADDR_V4MAPPED(&visitor->address))
        inet_ntop(AF_INET, visitor->address.s6_addr + 12, text, sizeof text);
    else
        inet_ntop(AF_INET6, &visitor->address, text, sizeof text);
    return json_string(text);
}

void eki_log_request(const struct eki_request *request, uint64_t ticks, bool whole)
{
    double ms = (double)(ticks - request->started) * 1e-6;
    json_t *line = json_pack(
        "{s:s, s:o, s:o, s:s, s:s, s:s, s:i, s:I, s:I, s:f, s:b}", "type", "access", "at",
        eki_show_time(eki_web_now(request->web)), "address", address_of(request->visitor), "account",
        request->who.name, "method", request->head ? "HEAD" : eki_method_name(request->method), "path",
        request->instance, "status", (int)request->reply.status, "in", (json_int_t)request->body_length,
        "out", (json_int_t)request->sent, "ms", (double)(int64_t)(ms * 1000) / 1000, "whole", (int)whole);
    eki_web_say(request->web, line);
}

void eki_log_server(void *user, const char *format, va_list arguments)
{
    char text[300];
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\r\n")] = 0;
    eki_web_note(user, "warning", "http: %s", text);
}
