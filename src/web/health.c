/* SPDX-License-Identifier: Apache-2.0 */
/* For those who keep the service running: is it alive, can it serve, how much does it do; and its events. */
#include "web/handlers.h"
#include "web/web.h"

void eki_health_get(struct eki_request *request)
{
    eki_reply_fixed(request, "text/plain; charset=utf-8", "ok\n", 3);
}

void eki_ready_get(struct eki_request *request)
{
    uint64_t count;
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return;
    enum eki_error error = eki_store_count(work, EKI_STORE_ACCOUNT, NULL, &count);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    eki_store_end(work);
    eki_reply_fixed(request, "text/plain; charset=utf-8", "ready\n", 6);
}

void eki_metrics_get(struct eki_request *request)
{
    struct eki_buffer out = {0};
    struct eki_web *web = request->web;
    eki_metrics_write(&web->metrics, &out);
    eki_buffer_print(&out,
                     "# HELP ekigaku_http_connections Connections that are open.\n"
                     "# TYPE ekigaku_http_connections gauge\nekigaku_http_connections %u\n",
                     eki_gate_count(&web->gate));
    eki_reply_buffer(request, "text/plain; version=0.0.4; charset=utf-8", &out);
}

void eki_events_get(struct eki_request *request)
{
    eki_reply_fixed(request, "text/event-stream", "", 0);
    request->reply.stream = true;
    request->reply.cache = "no-store";
}

void eki_description_get(struct eki_request *request)
{
    struct eki_buffer text = {0};
    eki_buffer_json(&text, request->web->description);
    eki_reply_buffer(request, "application/json", &text);
}
