/* SPDX-License-Identifier: Apache-2.0 */
/* One input, from its opening to its entry in inputs[] (see stream.h). */
#include "analysis/stream.h"

#include <string.h>

#include "analysis/sorter.h"
#include "analysis/twice.h"
#include "base/cursor.h"
#include "capture/over.h"
#include "contact/log_format.h"

/* Signs of different files may bear the same number, and those of captures count from 1. */
enum { SIGN_FILE_SHIFT = 48 };

/* Contact lines of this program: they name their type first. */
static bool is_contact_lines(const char *head, size_t length)
{
    static const char *const starts[] = {"{\"type\":\"input\"", "{\"type\":\"contact\"", "{\"type\":\"flow\"",
                                         "{\"type\":\"sign\""};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (length >= strlen(starts[i]) && !memcmp(head, starts[i], strlen(starts[i]))) return true;
    return false;
}

/* Enough to tell: a port that mirrors a collector's traffic carries little else. */
enum { LOOKED_AT = 256 };

static bool is_packets(struct eki_source *source)
{
    struct eki_cursor c = eki_cursor_over(source->at, source->left);
    uint32_t magic = eki_cursor_le32(&c);
    return !c.failed && eki_capture_fits(magic);
}

/* The kind of the datagrams that exporters of flows sent, when more than half of the first packets are such;
 * else NULL. A capture of hosts in which some exports stand stays a capture. */
static const struct eki_log_kind *exports_in(const void *head, size_t length)
{
    struct eki_capture *capture;
    struct eki_packet batch[EKI_PACKET_BATCH];
    size_t count = 1, packets = 0, exports = 0;
    const struct eki_log_kind *kind = NULL;
    if (eki_capture_open_memory(head, length, NULL, &capture, NULL)) return NULL;
    enum eki_error error = EKI_OK;
    while (count && !error && packets < LOOKED_AT) {
        error = eki_capture_read(capture, batch, EKI_PACKET_BATCH, &count, NULL);
        for (size_t i = 0; i < count; i++) {
            struct eki_log_datagram datagram;
            bool carries = eki_log_datagram_of(&batch[i], &datagram);
            const struct eki_log_kind *found = carries ? eki_log_detect_datagram(&datagram) : NULL;
            packets++;
            exports += found != NULL;
            if (!kind) kind = found;
        }
    }
    eki_capture_close(capture);
    return exports * 2 > packets ? kind : NULL;
}

/* A file is looked into further than a pipe, which may be slow: there --format says it. */
static const char *exports_format(struct eki_source *source)
{
    if (source->raw_size) eki_source_fill(source, EKI_LOG_WINDOW);
    const struct eki_log_kind *kind = exports_in(source->at, source->left);
    return kind ? kind->name : NULL;
}

/* A slow pipe is asked for no more than tells a capture; a text tells itself by its first line. */
enum eki_kind eki_analysis_kind_of(struct eki_source *source)
{
    eki_source_fill(source, 4);
    if (source->left < 4) return EKI_KIND_CAPTURE; /* which says what is wrong */
    if (is_packets(source)) return EKI_KIND_CAPTURE;
    for (;;) {
        const char *head = (const char *)source->at;
        bool line = memchr(head, '\n', source->left);
        if (line && is_contact_lines(head, source->left)) return EKI_KIND_CONTACTS;
        if (line && eki_log_detect(head, source->left)) return EKI_KIND_LOG;
        if (source->left >= EKI_LOG_WINDOW || source->ended) break;
        /* A first line of "[" tells nothing yet. Doubled, so that a slow pipe is not looked at for each byte.
         */
        eki_source_fill(source, line ? source->left * 2 : source->left + 1);
    }
    if (is_contact_lines((const char *)source->at, source->left)) return EKI_KIND_CONTACTS;
    return eki_log_detect(source->at, source->left) ? EKI_KIND_LOG : EKI_KIND_CAPTURE;
}

static void fail(struct eki_stream *s, enum eki_error error)
{
    if (!s->error) s->error = error;
    s->ended = true;
    s->head = INT64_MAX;
}

void eki_analysis_mend_times(struct eki_analysis *a, eki_time *last, struct eki_packet *packets, size_t count)
{
    static const eki_time far = 86400 * EKI_SECOND;
    eki_time before = *last;
    for (size_t i = 0; i < count; i++) {
        eki_time time = packets[i].time;
        bool jumps = before != EKI_TIME_NONE && (time > before + far || time < before - far);
        /* At the end of a batch nobody comes after: a jump there is believed only when the batch is a single
         * packet. */
        eki_time after = i + 1 < count ? packets[i + 1].time : count > 1 ? before : time;
        if (jumps && after < before + far && after > before - far) {
            packets[i].time = before;
            a->mended_times++;
        }
        before = packets[i].time;
    }
    *last = before;
}

static void next_packets(struct eki_stream *s)
{
    struct eki_analysis *a = s->analysis;
    s->batch = eki_pipeline_next(s->pipeline);
    s->at = 0;
    if (s->batch->error) {
        s->error = s->batch->error;
        s->fault = s->batch->fault;
    }
    if (!s->batch->count) {
        fail(s, s->error);
        return;
    }
    eki_analysis_mend_times(a, &s->last_time, s->batch->packets, s->batch->count);
    for (size_t i = 0; i < s->batch->count; i++) {
        struct eki_packet *p = &s->batch->packets[i];
        p->input = (uint16_t)s->index;
        if (s->offset) p->time = eki_time_clamp(p->time + s->offset);
    }
    s->head = s->batch->packets[0].time;
    if (a->options.stop && *a->options.stop) a->stopped = true;
}

static void next_entries(struct eki_stream *s)
{
    const struct eki_entries_piece *piece = eki_entries_next(s->entries);
    struct eki_analysis *a = s->analysis;
    for (size_t i = 0; i < piece->batch.count; i++) {
        const struct eki_log_entry *entry = &piece->batch.entries[i];
        if (entry->sign) {
            struct eki_sign sign = *entry->sign;
            sign.input = (uint16_t)s->index;
            sign.id += s->file_number << SIGN_FILE_SHIFT;
            sign.first = eki_time_clamp(sign.first + s->offset);
            sign.last = eki_time_clamp(sign.last + s->offset);
            eki_analysis_on_sign(a, &sign);
        }
        if (!entry->contact.attempts) continue;
        /* A reader that joins records pushed it out of its table. */
        a->read_limits[EKI_LIMIT_PENDING] += (entry->contact.flags & EKI_CONTACT_FORCED) != 0;
        eki_sorter_add(a, entry, (uint16_t)s->index, s->offset);
    }
    if (piece->last != EKI_TIME_NONE) s->head = eki_time_clamp(piece->last + s->offset);
    if (piece->error) s->fault = piece->fault;
    if (piece->error || !piece->batch.count) fail(s, piece->error);
    if (a->options.stop && *a->options.stop) a->stopped = true;
}

/* What one would see again from another sensor. Payload lengths tell datagrams of one conversation apart. */
static uint64_t identity_of(const struct eki_packet *p)
{
    uint64_t more = (uint64_t)p->source_port << 48 | (uint64_t)p->target_port << 32 |
                    (uint64_t)p->protocol << 24 | (uint64_t)p->tcp_flags << 16 | p->kind;
    uint64_t numbers = (uint64_t)p->sequence << 32 | p->acknowledgement;
    return eki_twice_hash(p->source, p->target, more,
                          numbers + p->payload_wire * UINT64_C(0x9e3779b97f4a7c15));
}

/* Drops from a run those packets that another sensor has seen. Returns how many are left, in place. */
static size_t drop_twice(struct eki_stream *s, struct eki_packet *run, size_t count)
{
    struct eki_twice *twice = s->analysis->twice;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (eki_twice_seen(twice, identity_of(&run[i]), run[i].time, s->sensor))
            s->duplicates++;
        else
            run[kept++] = run[i];
    }
    return kept;
}

static void take_packets(struct eki_stream *s, eki_time until)
{
    struct eki_analysis *a = s->analysis;
    struct eki_packet *run = s->batch->packets + s->at;
    size_t count = 1, left = s->batch->count - s->at;
    while (count < left && run[count].time <= until) count++;
    s->at += count;
    size_t kept = a->twice ? drop_twice(s, run, count) : count;
    uint64_t before = eki_flow_table_seen(a->flows);
    if (kept) eki_analysis_packets(a, run, kept);
    s->flows += eki_flow_table_seen(a->flows) - before;
    if (s->at < s->batch->count)
        s->head = s->batch->packets[s->at].time;
    else if (s->batch->error)
        fail(s, s->batch->error);
    else
        next_packets(s);
}

void eki_stream_take(struct eki_stream *s, eki_time until)
{
    if (s->ended) return;
    if (s->from_lines) {
        enum eki_error error = eki_analysis_contacts(s->analysis, s->path, &s->fault);
        fail(s, error);
    } else if (s->log) {
        next_entries(s);
    } else {
        take_packets(s, until);
    }
}

/* With two threads the one that judges reads as well: neither of the two alone would keep a core busy. */
static enum eki_pipeline_reader reader_of(const struct eki_analysis *a, const struct eki_capture *capture)
{
    uint64_t done, size;
    eki_capture_progress(capture, &done, &size);
    if (a->options.threads > 2) return EKI_PIPELINE_THREAD;
    return a->options.threads == 2 && size ? EKI_PIPELINE_HELPER : EKI_PIPELINE_CALLER;
}

static enum eki_error start_capture(struct eki_stream *s, struct eki_source *source)
{
    struct eki_analysis *a = s->analysis;
    struct eki_capture_options options = {.filter = a->options.filter, .stop = a->options.stop};
    enum eki_error error = source ? eki_capture_over(source, s->path, &options, &s->capture, &s->fault)
                                  : eki_capture_open(s->path, &options, &s->capture, &s->fault);
    if (!error)
        error = eki_pipeline_new(s->capture, a->engine, reader_of(a, s->capture), a->relay, &s->pipeline);
    if (!error) next_packets(s);
    return error;
}

/* The records stand in the packets of the capture that the source holds. */
static enum eki_error open_exports(struct eki_stream *s, const struct eki_log_options *options,
                                   struct eki_source *source)
{
    struct eki_analysis *a = s->analysis;
    struct eki_capture_options packets = {.filter = a->options.filter, .stop = a->options.stop};
    struct eki_capture *capture;
    enum eki_error error = eki_capture_over(source, s->path, &packets, &capture, &s->fault);
    return error ? error : eki_log_over_capture(capture, s->path, options, &s->log, &s->fault);
}

/* As of a capture: a pipe is read by the caller. */
static enum eki_error start_entries(struct eki_stream *s)
{
    const struct eki_analysis *a = s->analysis;
    uint64_t done, size;
    eki_log_progress(s->log, &done, &size);
    bool ahead = a->options.threads > 1 && size;
    return eki_entries_new(s->log, ahead, a->options.threads == 2 ? a->relay : NULL, &s->entries);
}

static enum eki_error start_log(struct eki_stream *s, const char *format, struct eki_source *source)
{
    struct eki_analysis *a = s->analysis;
    struct eki_log_options options = {
        .format = format, .mapping = a->options.mapping, .stop = a->options.stop};
    bool exports = source && format && eki_log_takes_datagrams(format) && is_packets(source);
    enum eki_error error = exports  ? open_exports(s, &options, source)
                           : source ? eki_log_over(source, s->path, &options, &s->log, &s->fault)
                                    : eki_log_open(s->path, &options, &s->log, &s->fault);
    s->file_number = ++a->line_files;
    if (!error) error = eki_sorter_start(a);
    if (!error) error = start_entries(s);
    if (!error) next_entries(s);
    return error;
}

static enum eki_error add_input(struct eki_stream *s)
{
    struct eki_analysis *a = s->analysis;
    if (a->finished) return eki_fault_set(&s->fault, EKI_ERROR_ARGUMENT, 0, "the analysis is finished");
    if (a->input_count > UINT16_MAX)
        return eki_fault_set(&s->fault, EKI_ERROR_LIMIT, 0, "more than 65,536 inputs");
    s->index = a->input_count;
    struct eki_input *input = eki_analysis_add_input(a, s->path);
    if (!input) return EKI_ERROR_MEMORY;
    input->sensor = s->sensor;
    s->added = true;
    return EKI_OK;
}

/* A form that was named. A capture can be told to be read as the exports in it. */
static enum eki_error start_named(struct eki_stream *s, const char *format)
{
    struct eki_source source;
    if (!eki_log_takes_datagrams(format)) return start_log(s, format, NULL);
    enum eki_error error = eki_source_open(s->path, s->analysis->options.stop, &source, &s->fault);
    if (error) {
        eki_source_done(&source);
        return error;
    }
    eki_source_fill(&source, 4);
    return start_log(s, format, &source);
}

/* Told from the first bytes. */
static enum eki_error start_any(struct eki_stream *s)
{
    struct eki_source source;
    enum eki_error error = eki_source_open(s->path, s->analysis->options.stop, &source, &s->fault);
    enum eki_kind kind = error ? EKI_KIND_CAPTURE : eki_analysis_kind_of(&source);
    if (!error && kind != EKI_KIND_CONTACTS) {
        error = add_input(s);
        if (error) eki_source_done(&source);
        const char *exports = kind == EKI_KIND_CAPTURE && !error ? exports_format(&source) : NULL;
        if (!error)
            error =
                kind == EKI_KIND_LOG || exports ? start_log(s, exports, &source) : start_capture(s, &source);
        return error;
    }
    bool regular = source.raw_size > 0;
    eki_source_done(&source);
    if (error) {
        enum eki_error added = add_input(s);
        return added ? added : error;
    }
    if (!regular)
        return eki_fault_set(&s->fault, EKI_ERROR_FORMAT, 0,
                             "contact lines from a pipe need --format contacts");
    s->from_lines = true;
    return EKI_OK;
}

void eki_stream_open(struct eki_stream *s, struct eki_analysis *a, const struct eki_analysis_source *source)
{
    const char *format = source->format;
    *s = (struct eki_stream){.analysis = a,
                             .path = source->path,
                             .offset = source->offset,
                             .sensor = source->sensor,
                             .clock_told = source->offset_given,
                             .head = EKI_TIME_NONE,
                             .last_time = EKI_TIME_NONE};
    enum eki_error error = EKI_OK;
    s->from_lines = format && !strcmp(format, "contacts");
    if (!format) {
        error = start_any(s);
    } else if (!s->from_lines) {
        error = add_input(s);
        if (!error) error = strcmp(format, "capture") ? start_named(s, format) : start_capture(s, NULL);
    }
    if (error) fail(s, error);
}

void eki_stream_progress(const struct eki_stream *s, uint64_t *ret_done, uint64_t *ret_size,
                         uint64_t *ret_items)
{
    *ret_done = *ret_size = *ret_items = 0;
    if (s->batch) {
        *ret_done = s->batch->done;
        *ret_size = s->batch->size;
        *ret_items = s->batch->count ? s->batch->packets[s->batch->count - 1].number : 0;
    } else if (s->entries && eki_entries_last(s->entries)) {
        const struct eki_entries_piece *piece = eki_entries_last(s->entries);
        *ret_done = piece->done;
        *ret_size = piece->size;
        *ret_items = piece->flows;
    }
}

/* Counts live as long as the analysis: so do their texts. */
static void close_input(struct eki_stream *s)
{
    struct eki_analysis *a = s->analysis;
    struct eki_input *input = &a->inputs[s->index];
    const struct eki_input *counted = s->capture ? eki_capture_input(s->capture)
                                      : s->log   ? eki_log_input(s->log)
                                                 : NULL;
    const char *path = input->path;
    uint64_t duplicates = input->duplicates; /* of a log: counted as they were put in order */
    if (counted) {
        const char *format = eki_arena_copy(&a->arena, counted->format, strlen(counted->format) + 1, 1);
        *input = *counted;
        input->format = format ? format : "unknown";
        if (s->capture) input->flows = s->flows;
    }
    input->path = path;
    input->duplicates = duplicates + s->duplicates;
    input->clock_offset = s->offset;
    input->clock_told = s->clock_told;
    input->sensor = s->sensor;
    if (input->first != EKI_TIME_NONE) {
        input->first = eki_time_clamp(input->first + s->offset);
        input->last = eki_time_clamp(input->last + s->offset);
    }
    input->error = s->error;
    input->fault = s->fault;
}

enum eki_error eki_stream_close(struct eki_stream *s, struct eki_fault *ret_fault)
{
    struct eki_analysis *a = s->analysis;
    eki_pipeline_free(s->pipeline);
    eki_entries_free(s->entries);
    if (a->stopped && !s->error) {
        s->error = EKI_ERROR_STOPPED;
        s->fault = (struct eki_fault){0};
    }
    if (s->error == EKI_ERROR_STOPPED) a->stopped = true;
    if (s->added) close_input(s);
    eki_capture_close(s->capture);
    eki_log_close(s->log);
    if (s->error && ret_fault) *ret_fault = s->fault;
    return s->error ? s->error : a->error;
}
