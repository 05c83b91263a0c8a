/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The classic pcap file: a 24-byte header, then records of a 16-byte header and a frame
 * (draft-ietf-opsawg-pcap). The variants that are found in the wild: both byte orders, microseconds or
 * nanoseconds, and Kuznetzov's "modified" records with 24-byte headers.
 */
#include <inttypes.h>

#include "capture/reader.h"

enum { HEADER = 24, RECORD = 16, RECORD_MODIFIED = 24 };

#define MAGIC_MICRO    UINT32_C(0xa1b2c3d4)
#define MAGIC_NANO     UINT32_C(0xa1b23c4d)
#define MAGIC_MODIFIED UINT32_C(0xa1b2cd34)

static bool is_magic(uint32_t magic)
{
    return magic == MAGIC_MICRO || magic == MAGIC_NANO || magic == MAGIC_MODIFIED;
}

static inline uint32_t load(const uint8_t *p, size_t at, bool swapped)
{
    return swapped ? eki_load_be32(p, at) : eki_load_le32(p, at);
}

bool eki_pcap_detect(uint32_t magic)
{
    return is_magic(magic) || is_magic(__builtin_bswap32(magic));
}

enum eki_error eki_pcap_start(struct eki_capture *capture, uint32_t *ret_link, struct eki_fault *ret_fault)
{
    struct eki_source *source = &capture->source;
    eki_source_fill(source, HEADER);
    struct eki_cursor c = eki_cursor_over(source->at, source->left);
    const uint8_t *p = eki_cursor_take(&c, HEADER);
    if (!p) {
        enum eki_error error = source->error ? source->error : EKI_ERROR_TRUNCATED;
        return eki_fault_set(ret_fault, error, source->offset + source->left, "inside the file header");
    }
    struct eki_pcap *pcap = &capture->pcap;
    uint32_t magic = eki_load_le32(p, 0);
    pcap->swapped = !is_magic(magic);
    if (pcap->swapped) magic = __builtin_bswap32(magic);
    uint32_t version = load(p, 4, pcap->swapped); /* two 16-bit halves, major first in file order */
    uint32_t major = pcap->swapped ? version >> 16 : version & 0xffff,
             minor = pcap->swapped ? version & 0xffff : version >> 16;
    if (major != 2) return eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 4, "pcap version %" PRIu32, major);
    pcap->old_order = minor <= 3;
    pcap->unit = magic == MAGIC_NANO ? 1 : 1000;
    pcap->record_header = magic == MAGIC_MODIFIED ? RECORD_MODIFIED : RECORD;
    /* Above the link type are the frame check sequence's length and flags. */
    pcap->link = load(p, 20, pcap->swapped) & 0xffff;
    eki_source_pass(source, HEADER);
    *ret_link = pcap->link;
    return EKI_OK;
}

/* The record header at `p`, except the bytes. */
static inline struct eki_frame read_header(const struct eki_pcap *pcap, const uint8_t *p)
{
    bool swapped = pcap->swapped;
    struct eki_frame frame = {
        .captured = load(p, 8, swapped), .wire = load(p, 12, swapped), .link = pcap->link};
    frame.time = (int64_t)load(p, 0, swapped) * EKI_SECOND + (int64_t)load(p, 4, swapped) * pcap->unit;
    if (__builtin_expect(frame.captured > frame.wire, 0) && pcap->old_order) {
        uint32_t captured = frame.wire;
        frame.wire = frame.captured;
        frame.captured = captured;
    }
    return frame;
}

/* A length that no frame has: the way to the next record is lost. `offset` is the record's. */
static enum eki_error report_length(struct eki_capture *capture, uint64_t offset, uint32_t captured)
{
    return eki_fault_set(&capture->input.fault, EKI_ERROR_CORRUPT, offset,
                         "packet %" PRIu64 " announces %" PRIu32 " bytes", capture->number + 1, captured);
}

/* What the records of one run add to the input; in registers, and written back once at its end. */
struct run {
    eki_time previous, first, last;
    uint64_t count, cut;
};

static inline struct run begin_run(const struct eki_capture *capture)
{
    const struct eki_input *input = &capture->input;
    return (struct run){.previous = capture->number ? capture->previous : INT64_MIN,
                        .first = input->packets ? input->first : INT64_MAX,
                        .last = input->packets ? input->last : INT64_MIN};
}

static inline void end_run(struct eki_capture *capture, const struct run *run)
{
    struct eki_input *input = &capture->input;
    if (!run->count) return;
    capture->number += run->count;
    capture->previous = run->previous;
    input->packets += run->count;
    input->cut += run->cut;
    input->first = run->first;
    input->last = run->last;
}

/* Counts the packet that was just decoded into its run. */
static inline void count_in_run(struct run *run, struct eki_packet *packet, uint64_t before)
{
    packet->number = before + ++run->count;
    run->cut += packet->flags; /* the express lane knows one flag only */
    if (packet->time < run->previous) packet->flags |= EKI_PACKET_UNORDERED;
    run->previous = packet->time;
    if (packet->time < run->first) run->first = packet->time;
    if (packet->time > run->last) run->last = packet->time;
}

/* Records of plain files in this machine's byte order, as long as the express lane takes their frames: it
 * comes back at the first record that needs more care, which eki_pcap_read then looks at in full. */
static __attribute__((noinline)) void read_run(struct eki_capture *capture, struct eki_batch *batch,
                                               struct eki_cursor *window)
{
    struct run run = begin_run(capture);
    struct eki_cursor rest = *window;
    struct eki_packet *packet = batch->packets + batch->count, *end = batch->packets + batch->capacity;
    const struct eki_pcap pcap = {.unit = capture->pcap.unit, .link = 1};
    const uint64_t before = capture->number;
    while (packet < end) {
        struct eki_cursor c = rest;
        const uint8_t *p = eki_cursor_take(&c, RECORD);
        if (!p) break;
        struct eki_frame frame = read_header(&pcap, p);
        if (frame.captured > EKI_FRAME_LIMIT) break;
        frame.bytes = eki_cursor_take(&c, frame.captured);
        if (!frame.bytes || !eki_express_decode(&frame, packet)) break;
        count_in_run(&run, packet++, before);
        rest = c;
    }
    *window = rest;
    batch->count = (size_t)(packet - batch->packets);
    end_run(capture, &run);
}

/* Are the records those of nearly every file, wanted one and all? */
static bool is_plain(const struct eki_capture *capture)
{
    const struct eki_pcap *pcap = &capture->pcap;
    return pcap->link == 1 && !pcap->swapped && pcap->record_header == RECORD && !pcap->old_order &&
           !capture->filter;
}

/* One record of any kind; false when there is none, or not all of it: *ret_need says what it takes. */
static bool read_record(struct eki_capture *capture, struct eki_batch *batch, struct eki_cursor *window,
                        size_t *ret_need, enum eki_error *ret_error)
{
    const struct eki_source *source = &capture->source;
    struct eki_cursor c = *window;
    *ret_need = capture->pcap.record_header;
    const uint8_t *p = eki_cursor_take(&c, capture->pcap.record_header);
    if (!p) return false;
    struct eki_frame frame = read_header(&capture->pcap, p);
    if (frame.captured > EKI_FRAME_LIMIT) {
        *ret_error = report_length(capture, source->offset + (source->left - window->left), frame.captured);
        return false;
    }
    frame.bytes = eki_cursor_take(&c, frame.captured);
    *ret_need = (size_t)capture->pcap.record_header + frame.captured;
    if (!frame.bytes) return false;
    *window = c;
    eki_capture_deliver(capture, &frame, batch);
    return true;
}

enum eki_error eki_pcap_read(struct eki_capture *capture, struct eki_batch *batch, size_t *ret_need)
{
    struct eki_source *source = &capture->source;
    struct eki_cursor window = eki_cursor_over(source->at, source->left);
    enum eki_error error = EKI_OK;
    bool plain = is_plain(capture);
    *ret_need = capture->pcap.record_header;
    while (batch->count < batch->capacity) {
        if (plain) read_run(capture, batch, &window);
        if (batch->count == batch->capacity || !read_record(capture, batch, &window, ret_need, &error)) break;
    }
    eki_source_pass(source, source->left - window.left);
    return error;
}
