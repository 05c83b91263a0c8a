/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CAPTURE_READER_H
#define EKI_CAPTURE_READER_H
/*
 * The state of one open capture, and what the two file formats offer to capture.c.
 *
 * Journey: eki_capture_read asks the format's reader to fill a batch from the source's window. The reader
 * cuts records, hands each frame to eki_capture_deliver, and stops when the batch is full or the next record
 * is not whole in the window; it never fills the source itself, because packets already in the batch point
 * into the window.
 */
#include "capture/express.h"
#include "capture/filter.h"
#include "capture/frame.h"
#include "base/source.h"

enum eki_format {
    EKI_FORMAT_PCAP = 0,
    EKI_FORMAT_PCAPNG,
    EKI_FORMAT_COUNT,
    EKI_FORMAT_LIVE = EKI_FORMAT_COUNT
};

struct eki_live_capture;

struct eki_pcap {
    bool swapped;           /* written on a machine of the other byte order */
    bool old_order;         /* version 2.3 and before: the two lengths may stand the other way round */
    uint32_t record_header; /* 16, or 24 for the "modified" format */
    uint32_t unit;          /* nanoseconds of the fraction: 1000 or 1 */
    uint32_t link;
};

struct eki_interface {
    uint32_t link, snap_length;
    uint64_t multiply, divide; /* ticks to nanoseconds */
    uint8_t shift;             /* the same for powers of two: ticks are 2^-shift seconds; 0 when not used */
    int64_t offset;            /* seconds to add */
};

struct eki_pcapng {
    bool swapped;
    struct eki_interface *interfaces;
    size_t count, capacity;
};

struct eki_capture {
    struct eki_source source;
    struct eki_input input;
    struct eki_filter *filter; /* NULL for none */
    enum eki_format format;
    eki_time previous; /* of the packet before, delivered or not */
    uint64_t number;
    struct eki_pcap pcap;
    struct eki_pcapng pcapng;
    struct eki_live_capture *live; /* of an interface, which needs no source; NULL otherwise */
};

struct eki_batch {
    struct eki_packet *packets;
    size_t capacity, count;
};

/* The four bytes at the start of the source: is it this format? The file header itself is read by _start. */
bool eki_pcap_detect(uint32_t magic);
bool eki_pcapng_detect(uint32_t magic);

/* Reads what stands before the first packet, as far as a filter needs it: *ret_link is the first link type
 * (Ethernet when the input names none). EKI_ERROR_TRUNCATED, _CORRUPT, _UNSUPPORTED, _READ, _MEMORY, _LIMIT.
 */
EKI_MUST_USE enum eki_error eki_pcap_start(struct eki_capture *capture, uint32_t *ret_link,
                                           struct eki_fault *ret_fault);
EKI_MUST_USE enum eki_error eki_pcapng_start(struct eki_capture *capture, uint32_t *ret_link,
                                             struct eki_fault *ret_fault);

/* Fills the batch from the window. *ret_need: how many bytes the window must hold to go on. An error
 * (CORRUPT, UNSUPPORTED, MEMORY, LIMIT) comes after the packets before it are in the batch; its place is in
 * capture->input.fault. */
EKI_MUST_USE enum eki_error eki_pcap_read(struct eki_capture *capture, struct eki_batch *batch,
                                          size_t *ret_need);
EKI_MUST_USE enum eki_error eki_pcapng_read(struct eki_capture *capture, struct eki_batch *batch,
                                            size_t *ret_need);

/* Fills the batch with what an interface has; nothing when it has nothing just now. EKI_ERROR_READ when it is
 * gone. */
EKI_MUST_USE enum eki_error eki_live_read(struct eki_capture *capture, struct eki_batch *batch);

/* Closes the interface. NULL is allowed. */
void eki_live_close(struct eki_live_capture *live);

/* Frees what the pcapng reader holds. */
void eki_pcapng_done(struct eki_pcapng *pcapng);

/* Counts and decodes one frame into the batch, unless the filter refuses it. There must be room. */
static inline void eki_capture_deliver(struct eki_capture *capture, const struct eki_frame *frame,
                                       struct eki_batch *batch)
{
    bool unordered = capture->number > 0 && frame->time < capture->previous;
    capture->number++;
    capture->previous = frame->time;
    if (capture->filter && !eki_filter_pass(capture->filter, frame)) return;
    struct eki_packet *packet = &batch->packets[batch->count++];
    if (__builtin_expect(!eki_express_decode(frame, packet), 0)) eki_frame_decode(frame, packet);
    packet->number = capture->number;
    struct eki_input *input = &capture->input;
    if (__builtin_expect(packet->flags != 0, 0)) {
        input->malformed += (packet->flags & EKI_PACKET_MALFORMED) != 0;
        input->cut += (packet->flags & EKI_PACKET_CUT) != 0;
    }
    if (unordered) packet->flags |= EKI_PACKET_UNORDERED;
    if (input->packets == 0 || frame->time < input->first) input->first = frame->time;
    if (input->packets == 0 || frame->time > input->last) input->last = frame->time;
    input->packets++;
}

#endif
