/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/clock.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/state.h"
#include "analysis/twice.h"
#include "base/memory.h"
#include "ekigaku/log.h"

enum { PACKETS_LOOKED_AT = 1 << 21, BATCH = 256 };

/* The beginning of a conversation. */
struct sample {
    uint64_t identity;
    eki_time time;
};

struct sensor {
    const char *name;
    struct sample *samples; /* EKI_CLOCK_SAMPLES; after sorting: by identity, the first time of each */
    size_t count;
    eki_time offset;
    bool aligned;
};

struct alignment {
    struct eki_analysis *analysis;
    struct sensor *sensors;
    size_t sensor_count;
    int64_t *differences;
};

static struct eki_analysis_source *at(struct eki_analysis_source *sources, size_t stride, size_t i)
{
    return (struct eki_analysis_source *)(void *)((char *)sources + i * stride);
}

static void put(struct sensor *s, const struct eki_contact *c)
{
    if (!c->client_port || s->count == EKI_CLOCK_SAMPLES) return;
    s->samples[s->count++] = (struct sample){eki_twice_contact(c), c->time};
}

static void put_packet(struct sensor *s, const struct eki_packet *p)
{
    bool opens =
        p->protocol == EKI_PROTOCOL_TCP && (p->tcp_flags & (EKI_TCP_SYN | EKI_TCP_ACK)) == EKI_TCP_SYN;
    if (!opens && p->protocol != EKI_PROTOCOL_UDP) return;
    struct eki_contact c = {.client = p->source,
                            .server = p->target,
                            .client_port = p->source_port,
                            .service = p->target_port,
                            .protocol = p->protocol,
                            .time = p->time};
    put(s, &c);
}

static void sample_capture(struct sensor *s, struct eki_capture *capture)
{
    struct eki_packet batch[BATCH];
    size_t count = 1;
    for (size_t seen = 0; count && seen < PACKETS_LOOKED_AT && s->count < EKI_CLOCK_SAMPLES; seen += count) {
        if (eki_capture_read(capture, batch, BATCH, &count, NULL)) break;
        for (size_t i = 0; i < count; i++) put_packet(s, &batch[i]);
    }
}

static void sample_log(struct sensor *s, struct eki_log *log)
{
    struct eki_log_batch batch = {.count = 1};
    while (batch.count && s->count < EKI_CLOCK_SAMPLES && !eki_log_read(log, &batch))
        for (size_t i = 0; i < batch.count; i++)
            if (batch.entries[i].contact.attempts) put(s, &batch.entries[i].contact);
}

static void sample_source(struct sensor *s, const struct eki_analysis_source *source)
{
    struct eki_capture *capture;
    struct eki_log *log;
    struct eki_log_options options = {.format = source->format};
    if (!strcmp(source->path, "-")) return; /* it can be read only once */
    if (!source->format && !eki_capture_open(source->path, NULL, &capture, NULL)) {
        sample_capture(s, capture);
        eki_capture_close(capture);
    } else if (!eki_log_open(source->path, &options, &log, NULL)) {
        sample_log(s, log);
        eki_log_close(log);
    }
}

static int by_identity(const void *a, const void *b)
{
    const struct sample *x = a, *y = b;
    if (x->identity != y->identity) return x->identity < y->identity ? -1 : 1;
    return (x->time > y->time) - (x->time < y->time);
}

/* The first of each conversation only. */
static void settle(struct sensor *s)
{
    size_t kept = 0;
    qsort(s->samples, s->count, sizeof *s->samples, by_identity);
    for (size_t i = 0; i < s->count; i++)
        if (!kept || s->samples[kept - 1].identity != s->samples[i].identity)
            s->samples[kept++] = s->samples[i];
    s->count = kept;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Aligns `s` to `known` when enough conversations agree. */
static void align(struct alignment *a, const struct sensor *known, struct sensor *s)
{
    size_t count = 0, near = 0;
    for (size_t i = 0, k = 0; i < known->count && k < s->count;) {
        uint64_t x = known->samples[i].identity, y = s->samples[k].identity;
        if (x == y) a->differences[count++] = known->samples[i].time + known->offset - s->samples[k].time;
        i += x <= y;
        k += y <= x;
    }
    if (count < EKI_CLOCK_MATCHES) return;
    qsort(a->differences, count, sizeof *a->differences, by_value);
    int64_t median = a->differences[count / 2];
    for (size_t i = 0; i < count; i++)
        near +=
            a->differences[i] - median <= EKI_CLOCK_AGREES && median - a->differences[i] <= EKI_CLOCK_AGREES;
    if (near * 2 < count) return;
    s->offset = median;
    s->aligned = true;
}

/* The sensor of a name, made when it is new; the name becomes the one that was seen first. */
static struct sensor *sensor_of(struct alignment *a, struct eki_analysis_source *source)
{
    for (size_t i = 0; i < a->sensor_count; i++) {
        if (strcmp(a->sensors[i].name, source->sensor)) continue;
        source->sensor = a->sensors[i].name;
        return &a->sensors[i];
    }
    a->sensors[a->sensor_count] = (struct sensor){.name = source->sensor};
    return &a->sensors[a->sensor_count++];
}

static enum eki_error sample_all(struct alignment *a, struct eki_analysis_source *sources, size_t count,
                                 size_t stride)
{
    a->differences = eki_allocate(EKI_CLOCK_SAMPLES, sizeof *a->differences);
    if (!a->differences) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct eki_analysis_source *source = at(sources, stride, i);
        if (!source->sensor) continue;
        struct sensor *s = sensor_of(a, source);
        if (!s->samples) s->samples = eki_allocate(EKI_CLOCK_SAMPLES, sizeof *s->samples);
        if (!s->samples) return EKI_ERROR_MEMORY;
        sample_source(s, source);
        if (source->offset_given) s->aligned = true, s->offset = source->offset;
    }
    for (size_t i = 0; i < a->sensor_count; i++) settle(&a->sensors[i]);
    return EKI_OK;
}

/* From the first sensor on, along who saw the same. */
static void align_all(struct alignment *a)
{
    a->sensors[0].aligned = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < a->sensor_count; i++)
            for (size_t k = 0; k < a->sensor_count && a->sensors[i].aligned; k++) {
                if (a->sensors[k].aligned) continue;
                align(a, &a->sensors[i], &a->sensors[k]);
                more |= a->sensors[k].aligned;
            }
    }
}

enum eki_error eki_clock_align(struct eki_analysis *analysis, struct eki_analysis_source *sources,
                               size_t count, size_t stride)
{
    struct alignment a = {.analysis = analysis, .sensors = eki_allocate(count + 1, sizeof *a.sensors)};
    if (!a.sensors) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (at(sources, stride, i)->sensor) sensor_of(&a, at(sources, stride, i));
    enum eki_error error = EKI_OK;
    if (a.sensor_count > 1) {
        error = sample_all(&a, sources, count, stride);
        if (!error && !analysis->twice)
            error = eki_twice_new(analysis->options.seed, EKI_TWICE_WINDOW, &analysis->twice);
        if (!error && !analysis->told)
            error = eki_twice_new(analysis->options.seed, EKI_TWICE_CONVERSATION, &analysis->told);
        if (!error) align_all(&a);
    }
    for (size_t i = 0; i < count && !error && a.sensor_count > 1; i++) {
        struct eki_analysis_source *source = at(sources, stride, i);
        if (!source->sensor || source->offset_given) continue;
        const struct sensor *s = sensor_of(&a, source);
        source->offset = s->offset;
        source->offset_given = s->aligned;
    }
    for (size_t i = 0; i < a.sensor_count; i++) eki_free(a.sensors[i].samples);
    eki_free(a.sensors);
    eki_free(a.differences);
    return error;
}
