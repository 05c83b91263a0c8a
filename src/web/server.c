/* SPDX-License-Identifier: Apache-2.0 */
#include "web/server.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/guard.h"
#include "web/log.h"
#include "web/router.h"
#include "web/send.h"
#include "web/upload.h"

/* Memory of one connection: the head of a request (16 KiB of it) and the buffers of both ways. What is left
 * of a refused body is read and thrown away up to DRAIN, so that the answer is seen; beyond it the connection
 * ends at once. */
enum {
    CONNECTION_BYTES = 64 << 10,
    DRAIN = 8 << 20,
    DRAIN_S = 60,
    MOST_CONNECTIONS = EKI_GATE_CONNECTIONS + 100
};

/* Called with the target as it came, before anything else. */
static void *on_target(void *user, const char *uri, struct MHD_Connection *connection)
{
    struct eki_web *web = user;
    struct eki_request *request = eki_allocate(1, sizeof *request);
    if (!request) return NULL;
    request->web = web;
    request->connection = connection;
    request->started = eki_web_ticks(web);
    request->reply.file = -1;
    request->reply.upload_offset = -1;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    request->visitor = info ? info->socket_context : NULL;
    eki_log_instance(request, uri);
    const char *why = "";
    enum eki_error error = eki_target_parse(uri, strlen(uri), &request->target, &why);
    if (error) eki_problem(request, error == EKI_ERROR_LIMIT ? 414 : 400, "%s", why);
    return request;
}

static uint64_t declared_length(const struct eki_request *request)
{
    const char *length = eki_request_header(request, "Content-Length"),
               *coding = eki_request_header(request, "Transfer-Encoding");
    return coding ? UINT64_MAX : length ? strtoull(length, NULL, 10) : 0;
}

/* The head is there. */
static enum MHD_Result begin(struct eki_request *request, const char *method, const char *version)
{
    struct eki_web *web = request->web;
    request->stage = EKI_STAGE_BODY;
    request->method = eki_method_parse(method);
    request->head = !strcmp(method, "HEAD");
    request->old = !strcmp(version, "HTTP/1.0");
    bool admitted = !request->reply.status && eki_guard_admit(request);
    bool upload = admitted && request->route->flags & EKI_ROUTE_UPLOAD;
    unsigned seconds = admitted && request->route->flags & EKI_ROUTE_BYTES ? DRAIN_S : EKI_GATE_BODY_S;
    eki_gate_expect(&web->gate, request->visitor, eki_web_ticks(web), upload ? 0 : seconds);
    if (upload) eki_upload_begin(request);
    if (request->reply.status && (request->reply.at_once || declared_length(request) > DRAIN)) {
        request->reply.close = true;
        return eki_send(request);
    }
    return MHD_YES;
}

static void take(struct eki_request *request, const char *bytes, size_t length)
{
    request->body_length += length;
    if (request->reply.status) return; /* refused already: the rest is read for politeness */
    if (request->upload) {
        eki_upload_add(request, bytes, length);
        /* Who sends a file hears the answer only once it was sent: the rest may come, for a while. */
        if (request->reply.status)
            eki_gate_expect(&request->web->gate, request->visitor, eki_web_ticks(request->web), DRAIN_S);
    } else if (request->body_length > eki_guard_most(request)) {
        eki_buffer_done(&request->body);
        eki_problem(request, 413, "The body is larger than %u bytes.", eki_guard_most(request));
    } else if (request->route->fields || request->route->flags & (EKI_ROUTE_FORM | EKI_ROUTE_BYTES)) {
        eki_buffer_add(&request->body, bytes, length);
    }
}

static void check_json(struct eki_request *request)
{
    struct eki_body_fault fault;
    if (request->reply.status || request->upload || !request->route->fields) return;
    if (request->body.failed) {
        eki_problem(request, 503, "There is not enough memory.");
        return;
    }
    request->json = eki_body_read(request->body.bytes, request->body.length, request->route->fields, &fault);
    if (!request->json) eki_problem(request, fault.status, "%s", fault.detail);
}

/* NULL when it is answered at once. */
static struct eki_lane *lane_of(struct eki_request *request)
{
    if (request->route->flags & EKI_ROUTE_SLOW) return &request->web->slow;
    return request->method == EKI_METHOD_GET ? NULL : &request->web->writing;
}

/* The whole request is there. */
static enum MHD_Result answer(struct eki_request *request)
{
    eki_gate_expect(&request->web->gate, request->visitor, 0, 0);
    check_json(request);
    struct eki_lane *lane = request->reply.status ? NULL : lane_of(request);
    if (lane) {
        if (eki_lane_push(lane, request)) return MHD_YES;
        eki_problem(request, 503, "Too many requests of this kind are waiting.");
    } else if (!request->reply.status) {
        request->route->handler(request);
    }
    return eki_send(request);
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes, size_t *length,
                                  void **context)
{
    struct eki_request *request = *context;
    (void)user, (void)connection, (void)url;
    if (!request) return MHD_NO;
    switch (request->stage) {
    case EKI_STAGE_NEW: return begin(request, method, version); /* an answer now would end the connection */
    case EKI_STAGE_BODY:
        if (!*length) return answer(request);
        take(request, bytes, *length);
        *length = 0;
        if (!request->reply.status || request->upload || request->body_length <= DRAIN) return MHD_YES;
        return MHD_NO;
    case EKI_STAGE_PASSED: return MHD_YES;
    case EKI_STAGE_ANSWERED: return eki_send(request);
    }
    return MHD_NO;
}

static void on_completed(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct eki_request *request = *context;
    struct eki_web *web = user;
    (void)connection;
    if (!request) return;
    uint64_t ticks = eki_web_ticks(web);
    eki_metrics_count(&web->metrics, eki_router_number(request->route), request->reply.status,
                      ticks - request->started);
    atomic_fetch_add(&web->metrics.bytes_in, request->body_length);
    atomic_fetch_add(&web->metrics.bytes_out, request->sent);
    eki_log_request(request, ticks, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    eki_gate_expect(&web->gate, request->visitor, ticks, EKI_GATE_IDLE_S);
    eki_request_done(request);
    eki_free(request);
    *context = NULL;
}

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct eki_web *web = user;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        eki_gate_leave(&web->gate, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *from = address ? address->client_addr : NULL;
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = eki_gate_enter(&web->gate, from, socket ? socket->connect_fd : -1, eki_web_ticks(web));
}

static void on_message(void *user, const char *format, va_list arguments)
{
    eki_log_server(user, format, arguments);
}

enum eki_error eki_server_start(struct eki_web *web, struct eki_fault *ret_fault)
{
    const struct eki_web_options *options = &web->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     (options->certificate ? MHD_USE_TLS : 0);
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    web->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, web, MHD_OPTION_EXTERNAL_LOGGER, on_message, web,
        MHD_OPTION_LISTEN_SOCKET, web->listener, MHD_OPTION_THREAD_POOL_SIZE, options->threads,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, 60U, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        web, MHD_OPTION_NOTIFY_COMPLETED, on_completed, web, MHD_OPTION_NOTIFY_CONNECTION, on_connection, web,
        MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_ARRAY, options->certificate ? secure : plain,
        MHD_OPTION_END);
    if (web->daemon) return EKI_OK;
    return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0,
                         options->certificate ? "the certificate or its key cannot be used"
                                              : "the server does not start");
}

void eki_server_quiet(struct eki_web *web)
{
    if (web->daemon) web->listener = MHD_quiesce_daemon(web->daemon);
}

void eki_server_stop(struct eki_web *web)
{
    if (web->daemon) MHD_stop_daemon(web->daemon);
    web->daemon = NULL;
    if (web->listener >= 0) close(web->listener);
    web->listener = -1;
}
