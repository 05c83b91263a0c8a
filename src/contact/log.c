/* SPDX-License-Identifier: Apache-2.0 */
/* The public calls: tells the form from the first bytes, hands windows and lines to it (see log_format.h). */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/source.h"
#include "contact/log_format.h"

/* In the order in which they are asked. */
static const struct eki_log_format *const formats[] = {
    &eki_log_zeek,      &eki_log_zeek_json,  &eki_log_eve,       &eki_log_argus,        &eki_log_vpc_aws,
    &eki_log_vpc_azure, &eki_log_vpc_google, &eki_log_pfirewall, &eki_log_windows_json, &eki_log_windows_xml,
    &eki_log_nfdump,    &eki_log_nfcapd,     &eki_log_netflow,   &eki_log_sflow,        &eki_log_csv};
enum { FORMATS = sizeof formats / sizeof *formats, FORMAT_TEXT = 64 };

struct eki_log {
    struct eki_source source;
    struct eki_capture *capture; /* NULL for a source */
    struct eki_packet *packets;  /* EKI_PACKET_BATCH of them, of a capture */
    const struct eki_log_format *format;
    struct eki_log_reading reading;
    char format_text[FORMAT_TEXT];
    bool passes_over; /* the rest of a line that is too long */
    bool given;       /* datagrams come from the caller */
    bool handed;      /* the entries that are there were handed out */
    bool done;
};

const struct eki_log_kind *eki_log_kind_at(size_t index)
{
    return index < FORMATS ? &formats[index]->kind : NULL;
}

static const struct eki_log_format *format_of(const char *head, size_t length)
{
    if (length > EKI_LOG_WINDOW) length = EKI_LOG_WINDOW;
    for (size_t i = 0; i < FORMATS && length; i++)
        if (formats[i]->fits(head, length)) return formats[i];
    return NULL;
}

const struct eki_log_kind *eki_log_detect(const void *bytes, size_t length)
{
    const struct eki_log_format *format = format_of(bytes, length);
    return format ? &format->kind : NULL;
}

static const struct eki_log_format *format_named(const char *name)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (!strcmp(formats[i]->kind.name, name)) return formats[i];
    return NULL;
}

static const char *suffix_of(enum eki_packing packing)
{
    static const char *const texts[EKI_PACKING_COUNT] = {[EKI_PACKING_NONE] = "",
                                                         [EKI_PACKING_GZIP] = "+gzip",
                                                         [EKI_PACKING_ZSTD] = "+zstd",
                                                         [EKI_PACKING_XZ] = "+xz"};
    return texts[packing];
}

const struct eki_log_kind *eki_log_detect_datagram(const struct eki_log_datagram *datagram)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i]->fits_datagram && formats[i]->fits_datagram(datagram)) return &formats[i]->kind;
    return NULL;
}

bool eki_log_takes_datagrams(const char *name)
{
    const struct eki_log_format *format = format_named(name);
    return format && format->datagram;
}

bool eki_log_datagram_of(const struct eki_packet *p, struct eki_log_datagram *ret_datagram)
{
    if (p->kind != EKI_PACKET_UDP || !p->payload_captured) return false;
    *ret_datagram = (struct eki_log_datagram){.bytes = p->payload,
                                              .length = p->payload_captured,
                                              .source = p->source,
                                              .time = p->time,
                                              .port = p->target_port,
                                              .cut = p->payload_captured < p->payload_wire};
    return true;
}

/* Starts the form that was chosen. */
static enum eki_error start_format(struct eki_log *log, struct eki_fault *ret_fault)
{
    struct eki_log_reading *r = &log->reading;
    r->input.format = log->format_text;
    r->input.lacks = log->format->kind.lacks;
    if (log->format->state_size) r->state = eki_allocate(1, log->format->state_size);
    if (log->format->state_size && !r->state) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "log");
    enum eki_error error = log->format->start ? log->format->start(r) : EKI_OK;
    if (error && ret_fault) *ret_fault = r->fault;
    return error;
}

/* Tells the form, or takes the one that was asked for, and starts it. */
static enum eki_error start(struct eki_log *log, const char *name, struct eki_fault *ret_fault)
{
    struct eki_source *source = &log->source;
    eki_source_fill(source, name ? 1 : EKI_LOG_WINDOW);
    if (!source->left && source->error) {
        if (ret_fault) *ret_fault = source->fault;
        return source->error;
    }
    if (!source->left) return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "nothing is packed inside");
    log->format = name ? format_named(name) : format_of((const char *)source->at, source->left);
    if (name && !log->format)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no format is named \"%.60s\"", name);
    if (!log->format) return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no log of a known form");
    snprintf(log->format_text, sizeof log->format_text, "%s%s", log->format->kind.name,
             suffix_of(source->packing));
    return start_format(log, ret_fault);
}

static enum eki_error start_capture(struct eki_log *log, const char *name, struct eki_fault *ret_fault)
{
    log->format = name ? format_named(name) : NULL;
    if (!log->format || !log->format->datagram)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no format of datagrams is named \"%.60s\"",
                             name ? name : "");
    log->packets = eki_allocate(EKI_PACKET_BATCH, sizeof *log->packets);
    if (!log->packets) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "log");
    snprintf(log->format_text, sizeof log->format_text, "%s in %s", log->format->kind.name,
             eki_capture_input(log->capture)->format);
    return start_format(log, ret_fault);
}

static struct eki_log *new_log(const char *path, const struct eki_log_options *options)
{
    struct eki_log *log = eki_allocate(1, sizeof *log);
    if (!log) return NULL;
    log->source.file = -1;
    log->reading.input =
        (struct eki_input){.path = path, .format = "unknown", .first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    log->reading.mapping = options ? options->mapping : NULL;
    return log;
}

enum eki_error eki_log_over_capture(struct eki_capture *capture, const char *path,
                                    const struct eki_log_options *options, struct eki_log **ret_log,
                                    struct eki_fault *ret_fault)
{
    struct eki_log *log = new_log(path, options);
    if (!log) {
        eki_capture_close(capture);
        return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "log");
    }
    log->capture = capture;
    enum eki_error error = start_capture(log, options ? options->format : NULL, ret_fault);
    if (error)
        eki_log_close(log);
    else
        *ret_log = log;
    return error;
}

enum eki_error eki_log_for_datagrams(const char *path, const struct eki_log_options *options,
                                     struct eki_log **ret_log, struct eki_fault *ret_fault)
{
    const char *name = options && options->format ? options->format : eki_log_netflow.kind.name;
    const struct eki_log_format *format = format_named(name);
    if (!format || !format->datagram)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no format of datagrams is named \"%.60s\"",
                             name);
    struct eki_log *log = new_log(path, options);
    if (!log) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "log");
    log->format = format;
    log->given = true;
    snprintf(log->format_text, sizeof log->format_text, "%s over UDP", name);
    enum eki_error error = start_format(log, ret_fault);
    if (error)
        eki_log_close(log);
    else
        *ret_log = log;
    return error;
}

/* Entries that were handed out make room for the next. */
static void begin_batch(struct eki_log *log)
{
    if (!log->handed) return;
    log->handed = false;
    log->reading.count = 0;
    eki_arena_done(&log->reading.signs);
}

void eki_log_take_datagram(struct eki_log *log, const struct eki_log_datagram *datagram)
{
    struct eki_log_reading *r = &log->reading;
    begin_batch(log);
    if (!r->error) log->format->datagram(r, datagram);
    r->offset += datagram->length;
    r->input.bytes = r->offset;
}

void eki_log_refuse_datagram(struct eki_log *log, const struct eki_log_datagram *datagram)
{
    char who[EKI_ADDRESS_TEXT], what[EKI_ADDRESS_TEXT + 32];
    snprintf(what, sizeof what, "sent by %s, which is not allowed",
             eki_address_format(datagram->source, who));
    log->reading.record++;
    eki_log_reject(&log->reading, 0, what);
}

void eki_log_archive(struct eki_log *log, const struct eki_input *counted, struct eki_archive *a)
{
    struct eki_log_reading *r = &log->reading;
    eki_archive_u64(a, &r->offset);
    eki_archive_u64(a, &r->record);
    if (log->format->archive && !a->error) log->format->archive(r, a);
    if (a->writing || a->error) return;
    const char *path = r->input.path, *format = r->input.format, *lacks = r->input.lacks;
    r->input = *counted;
    r->input.path = path;
    r->input.format = format;
    r->input.lacks = lacks;
}

enum eki_error eki_log_over(struct eki_source *source, const char *path,
                            const struct eki_log_options *options, struct eki_log **ret_log,
                            struct eki_fault *ret_fault)
{
    struct eki_log *log = new_log(path, options);
    if (!log) {
        eki_source_done(source);
        return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "log");
    }
    log->source = *source;
    log->source.grows = options && options->grows && source->packing == EKI_PACKING_NONE;
    if (log->source.grows) log->source.ended = false;
    enum eki_error error = start(log, options ? options->format : NULL, ret_fault);
    if (error)
        eki_log_close(log);
    else
        *ret_log = log;
    return error;
}

enum eki_error eki_log_open(const char *path, const struct eki_log_options *options, struct eki_log **ret_log,
                            struct eki_fault *ret_fault)
{
    struct eki_source source;
    enum eki_error error = eki_source_open(path, options ? options->stop : NULL, &source, ret_fault);
    if (!error) return eki_log_over(&source, path, options, ret_log, ret_fault);
    eki_source_done(&source);
    return error;
}

enum eki_error eki_log_open_memory(const void *bytes, size_t length, const struct eki_log_options *options,
                                   struct eki_log **ret_log, struct eki_fault *ret_fault)
{
    struct eki_source source;
    enum eki_error error = eki_source_open_memory(bytes, length, &source, ret_fault);
    if (!error) return eki_log_over(&source, "(memory)", options, ret_log, ret_fault);
    eki_source_done(&source);
    return error;
}

static void hand_line(struct eki_log *log, const char *line, size_t length)
{
    struct eki_log_reading *r = &log->reading;
    r->record++;
    while (length && (line[length - 1] == '\r' || line[length - 1] == '\n')) length--;
    if (length) log->format->line(r, line, length);
    r->offset = log->source.offset;
}

/* Whole lines of one window. Returns false when more bytes are needed first. */
static bool take_lines(struct eki_log *log)
{
    struct eki_source *source = &log->source;
    size_t window = source->left < EKI_LOG_WINDOW ? source->left : EKI_LOG_WINDOW;
    const uint8_t *last = memrchr(source->at, '\n', window);
    if (!last) last = memchr(source->at, '\n', source->left);
    if (!last && source->left <= EKI_LOG_RECORD && !source->ended) return false;
    const uint8_t *end = last ? last + 1 : source->at + source->left;
    log->reading.offset = source->offset;
    bool too_long = (size_t)(end - source->at) > EKI_LOG_RECORD && !memchr(source->at, '\n', EKI_LOG_RECORD);
    if (log->passes_over || too_long) {
        if (!log->passes_over) eki_log_reject(&log->reading, 0, "a line of more than 1 MiB");
        log->reading.record += !log->passes_over;
        log->passes_over = !last;
        eki_source_pass(source,
                        (size_t)((last ? (const uint8_t *)memchr(source->at, '\n', source->left) + 1 : end) -
                                 source->at));
        return true;
    }
    while (source->at < end && !log->reading.error) {
        const char *line = (const char *)source->at;
        const char *stop = memchr(line, '\n', (size_t)(end - source->at));
        size_t length = stop ? (size_t)(stop - line) + 1 : (size_t)(end - source->at);
        log->reading.offset = source->offset;
        hand_line(log, line, length);
        eki_source_pass(source, length);
    }
    return true;
}

/* Whole records of one window. Returns false when more bytes are needed first. */
static bool take_records(struct eki_log *log)
{
    struct eki_source *source = &log->source;
    struct eki_log_reading *r = &log->reading;
    r->offset = source->offset;
    size_t used = log->format->take(r, source->at, source->left, source->ended);
    eki_source_pass(source, used < source->left ? used : source->left);
    if (used) return true;
    if (source->ended || source->left >= EKI_LOG_RECORD) {
        r->input.truncated = source->ended;
        eki_log_fail(r, source->ended ? EKI_ERROR_TRUNCATED : EKI_ERROR_CORRUPT, 0,
                     source->ended ? "ends inside a record" : "a record of more than 1 MiB");
    }
    return r->error;
}

/* One batch of packets. False at the end. */
static bool take_packets(struct eki_log *log)
{
    struct eki_log_reading *r = &log->reading;
    size_t count;
    struct eki_fault fault = {0};
    enum eki_error error = eki_capture_read(log->capture, log->packets, EKI_PACKET_BATCH, &count, &fault);
    for (size_t i = 0; i < count && !r->error; i++) {
        struct eki_log_datagram datagram;
        if (eki_log_datagram_of(&log->packets[i], &datagram)) log->format->datagram(r, &datagram);
    }
    const struct eki_input *input = eki_capture_input(log->capture);
    r->offset = r->input.bytes = input->bytes;
    r->input.truncated = input->truncated;
    if (error && !r->error) {
        r->error = error;
        r->fault = fault;
    }
    return count && !r->error;
}

static void at_end(struct eki_log *log)
{
    struct eki_log_reading *r = &log->reading;
    log->done = true;
    if (log->format->end) log->format->end(r);
    if (log->source.error && !r->error) {
        r->error = log->source.error;
        r->fault = log->source.fault;
        r->input.truncated = r->error == EKI_ERROR_TRUNCATED;
    }
    bool nothing = !r->input.flows && r->input.first == EKI_TIME_NONE;
    /* To a socket anybody may send. */
    if (!r->error && nothing && r->input.malformed && !log->given) {
        r->error = EKI_ERROR_CORRUPT;
        r->fault = r->input.places[0];
    }
}

void eki_log_end_datagrams(struct eki_log *log)
{
    begin_batch(log);
    at_end(log);
}

void eki_log_swap_room(struct eki_log *log, struct eki_log_room *room)
{
    struct eki_log_reading *r = &log->reading;
    struct eki_log_room own = {r->entries, r->capacity, r->signs};
    r->entries = room->entries;
    r->capacity = room->capacity;
    r->signs = room->signs;
    *room = own;
}

/* What the datagrams brought that were given since the batch before. */
static enum eki_error hand_given(struct eki_log *log, struct eki_log_batch *ret_batch)
{
    struct eki_log_reading *r = &log->reading;
    begin_batch(log);
    log->handed = true;
    r->input.error = r->error;
    r->input.fault = r->fault;
    *ret_batch = (struct eki_log_batch){r->entries, r->count};
    return r->error;
}

/* Will more come, later? */
static bool waits(const struct eki_source *source)
{
    return source->grows && !source->ended;
}

enum eki_error eki_log_read(struct eki_log *log, struct eki_log_batch *ret_batch)
{
    struct eki_log_reading *r = &log->reading;
    struct eki_source *source = &log->source;
    if (log->given) return hand_given(log, ret_batch);
    r->count = 0;
    eki_arena_done(&r->signs);
    while (log->capture && !r->count && !log->done)
        if (!take_packets(log)) at_end(log);
    while (!r->count && !log->done) {
        if (!source->left) eki_source_fill(source, 1);
        if (!source->left && !r->error && waits(source)) break;
        if (!source->left || r->error) {
            at_end(log);
            break;
        }
        bool taken = log->format->line ? take_lines(log) : take_records(log);
        size_t before = source->left;
        if (!taken) eki_source_fill(source, before + 1);
        if (!taken && source->left == before && waits(source)) break;
    }
    if (!log->capture) r->input.bytes = source->offset;
    r->input.error = r->error;
    r->input.fault = r->fault;
    *ret_batch = (struct eki_log_batch){r->entries, r->count};
    /* What was read before an error is handed out first. */
    return log->done || !r->count ? r->error : EKI_OK;
}

const struct eki_input *eki_log_input(const struct eki_log *log)
{
    return &log->reading.input;
}

void eki_log_progress(const struct eki_log *log, uint64_t *ret_done, uint64_t *ret_size)
{
    const struct eki_source *source = &log->source;
    if (log->capture) {
        eki_capture_progress(log->capture, ret_done, ret_size);
        return;
    }
    bool whole = source->file < 0 && !source->buffer;
    *ret_done = whole ? source->offset : source->raw_done;
    *ret_size = source->raw_size;
}

void eki_log_close(struct eki_log *log)
{
    if (!log) return;
    if (log->format && log->format->stop) log->format->stop(&log->reading);
    eki_free(log->reading.state);
    eki_free(log->reading.entries);
    eki_arena_done(&log->reading.signs);
    eki_source_done(&log->source);
    eki_capture_close(log->capture);
    eki_free(log->packets);
    eki_free(log);
}
