/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_METRICS_H
#define EKI_WEB_METRICS_H
/* What /metrics tells (Prometheus text format 0.0.4): requests by route and status, their durations, bytes.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "web/buffer.h"

enum { EKI_METRICS_ROUTES = 128, EKI_METRICS_BUCKETS = 12, EKI_METRICS_CLASSES = 5 };

struct eki_metrics {
    atomic_uint_fast64_t requests[EKI_METRICS_ROUTES][EKI_METRICS_CLASSES]; /* 1xx to 5xx */
    atomic_uint_fast64_t
        durations[EKI_METRICS_BUCKETS]; /* of answers within the bucket's bound, not summed */
    atomic_uint_fast64_t duration_ns, bytes_in, bytes_out, jobs_done, jobs_failed, expired;
};

/* Counts one request that ended. Any thread. O(1). */
void eki_metrics_count(struct eki_metrics *metrics, size_t route, unsigned status, uint64_t duration_ns);

/* Writes all counts. */
void eki_metrics_write(struct eki_metrics *metrics, struct eki_buffer *out);

#endif
