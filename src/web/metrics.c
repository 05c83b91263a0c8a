/* SPDX-License-Identifier: Apache-2.0 */
#include "web/metrics.h"

#include <inttypes.h>
#include <string.h>

#include "web/router.h"

/* Seconds; the last bucket has no bound. */
static const double bounds[EKI_METRICS_BUCKETS - 1] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                       0.05,   0.1,   0.25,   1,     5};

void eki_metrics_count(struct eki_metrics *metrics, size_t route, unsigned status, uint64_t duration_ns)
{
    size_t bucket = 0;
    unsigned class = status / 100;
    if (route >= EKI_METRICS_ROUTES) route = EKI_METRICS_ROUTES - 1;
    if (class < 1 || class > EKI_METRICS_CLASSES) class = EKI_METRICS_CLASSES;
    atomic_fetch_add_explicit(&metrics->requests[route][class - 1], 1, memory_order_relaxed);
    while (bucket < EKI_METRICS_BUCKETS - 1 && (double)duration_ns * 1e-9 > bounds[bucket]) bucket++;
    atomic_fetch_add_explicit(&metrics->durations[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->duration_ns, duration_ns, memory_order_relaxed);
}

static uint64_t load(const atomic_uint_fast64_t *count)
{
    return atomic_load_explicit(count, memory_order_relaxed);
}

static void write_requests(struct eki_metrics *metrics, struct eki_buffer *out)
{
    eki_buffer_text(out, "# HELP ekigaku_http_requests_total Requests by route and class of status.\n"
                         "# TYPE ekigaku_http_requests_total counter\n");
    size_t known = eki_router_number(NULL);
    for (size_t route = 0; route < EKI_METRICS_ROUTES; route++)
        for (unsigned class = 0; class < EKI_METRICS_CLASSES; class ++) {
            uint64_t count = load(&metrics->requests[route][class]);
            if (!count) continue;
            eki_buffer_print(out,
                             "ekigaku_http_requests_total{method=\"%s\",route=\"%s\",status=\"%uxx\"} "
                             "%" PRIu64 "\n",
                             route < known ? eki_method_name(eki_routes[route].method) : "",
                             route < known ? eki_routes[route].pattern : "none", class + 1, count);
        }
}

static void write_durations(struct eki_metrics *metrics, struct eki_buffer *out)
{
    uint64_t sum = 0;
    eki_buffer_text(out, "# HELP ekigaku_http_request_seconds From the first byte of a request to the end of "
                         "its answer.\n# TYPE ekigaku_http_request_seconds histogram\n");
    for (int i = 0; i < EKI_METRICS_BUCKETS; i++) {
        sum += load(&metrics->durations[i]);
        if (i < EKI_METRICS_BUCKETS - 1)
            eki_buffer_print(out, "ekigaku_http_request_seconds_bucket{le=\"%g\"} %" PRIu64 "\n", bounds[i],
                             sum);
    }
    eki_buffer_print(out,
                     "ekigaku_http_request_seconds_bucket{le=\"+Inf\"} %" PRIu64
                     "\nekigaku_http_request_seconds_sum %.6f\nekigaku_http_request_seconds_count %" PRIu64
                     "\n",
                     sum, (double)load(&metrics->duration_ns) * 1e-9, sum);
}

void eki_metrics_write(struct eki_metrics *metrics, struct eki_buffer *out)
{
    const struct {
        const char *name, *help;
        const atomic_uint_fast64_t *count;
    } plain[] = {
        {"ekigaku_http_received_bytes_total", "Bytes of bodies that came in.", &metrics->bytes_in},
        {"ekigaku_http_sent_bytes_total", "Bytes of bodies that went out.", &metrics->bytes_out},
        {"ekigaku_http_expired_total", "Connections shut because nothing came.", &metrics->expired},
        {"ekigaku_jobs_done_total", "Jobs that ended well.", &metrics->jobs_done},
        {"ekigaku_jobs_failed_total", "Jobs that failed.", &metrics->jobs_failed},
    };
    write_requests(metrics, out);
    write_durations(metrics, out);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        eki_buffer_print(out, "# HELP %s %s\n# TYPE %s counter\n%s %" PRIu64 "\n", plain[i].name,
                         plain[i].help, plain[i].name, plain[i].name, load(plain[i].count));
}
