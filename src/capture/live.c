/* SPDX-License-Identifier: Apache-2.0 */
/* A network interface through libpcap, which takes whole blocks of packets from the kernel (TPACKET_V3)
 * unless it is asked for each at once. */
#include <inttypes.h>
#include <pcap/pcap.h>

#include "base/memory.h"
#include "capture/reader.h"

enum {
    RING_BYTES = 64 * 1024 * 1024, /* a third of a second at 200 MB/s: longer than any look at the result */
    SNAP_LENGTH = 262144,
    BLOCK_MS = 100, /* a block that is not full is handed over after so long */
    LINKTYPE_RAW = 101,
    COPY_BYTES = 1024 * 1024, /* of a batch; a block may go back to the kernel before the batch is used */
};

struct eki_live_capture {
    pcap_t *handle;
    uint32_t link;
    bool nanoseconds;
    size_t used;
    uint8_t *copies; /* of COPY_BYTES */
};

void eki_live_close(struct eki_live_capture *live)
{
    if (!live) return;
    if (live->handle) pcap_close(live->handle);
    eki_free(live->copies);
    eki_free(live);
}

static enum eki_error complain(pcap_t *handle, enum eki_error error, struct eki_fault *ret_fault)
{
    return eki_fault_set(ret_fault, error, 0, "%s", pcap_geterr(handle));
}

static enum eki_error set_filter(pcap_t *handle, const char *expression, struct eki_fault *ret_fault)
{
    struct bpf_program program;
    if (pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN))
        return complain(handle, EKI_ERROR_ARGUMENT, ret_fault);
    int failed = pcap_setfilter(handle, &program);
    pcap_freecode(&program);
    return failed ? complain(handle, EKI_ERROR_OPEN, ret_fault) : EKI_OK;
}

static enum eki_error activate(struct eki_live_capture *live, const struct eki_capture_options *options,
                               struct eki_fault *ret_fault)
{
    pcap_t *handle = live->handle;
    char text[PCAP_ERRBUF_SIZE];
    uint32_t ring = options && options->ring_bytes ? options->ring_bytes : RING_BYTES;
    pcap_set_snaplen(handle, SNAP_LENGTH);
    pcap_set_promisc(handle, 1);
    pcap_set_timeout(handle, BLOCK_MS);
    pcap_set_buffer_size(handle, ring < INT32_MAX ? (int)ring : INT32_MAX);
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO); /* a wish: asked for again below */
    if (pcap_activate(handle) < 0) return complain(handle, EKI_ERROR_OPEN, ret_fault);
    if (pcap_setnonblock(handle, 1, text)) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", text);
    live->nanoseconds = pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO;
    int link = pcap_datalink(handle);
    live->link = link == DLT_RAW ? LINKTYPE_RAW : (uint32_t)link; /* the others have the same numbers */
    return options && options->filter ? set_filter(handle, options->filter, ret_fault) : EKI_OK;
}

enum eki_error eki_capture_open_live(const char *interface, const struct eki_capture_options *options,
                                     struct eki_capture **ret_capture, struct eki_fault *ret_fault)
{
    char text[PCAP_ERRBUF_SIZE] = "";
    struct eki_capture *capture = eki_allocate(1, sizeof *capture);
    struct eki_live_capture *live = eki_allocate(1, sizeof *live);
    enum eki_error error = EKI_ERROR_MEMORY;
    if (capture && live) live->copies = eki_allocate(COPY_BYTES, 1);
    if (capture && live && live->copies) {
        live->handle = pcap_create(interface, text);
        error = live->handle ? activate(live, options, ret_fault)
                             : eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", text);
    }
    if (error) {
        eki_live_close(live);
        eki_free(capture);
        return error;
    }
    *capture = (struct eki_capture){
        .source.file = -1, .source.ended = true, .format = EKI_FORMAT_LIVE, .live = live};
    capture->input = (struct eki_input){
        .path = interface, .format = "interface", .first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    *ret_capture = capture;
    return EKI_OK;
}

/* The frame's bytes where they stay until the next batch; they fit, or the batch has ended before. */
static const uint8_t *keep(struct eki_live_capture *live, const uint8_t *bytes, uint32_t length)
{
    uint8_t *copy = live->copies + live->used;
    memcpy(copy, bytes, length);
    live->used += length;
    return copy;
}

static void deliver(struct eki_capture *capture, const struct pcap_pkthdr *header, const uint8_t *bytes,
                    struct eki_batch *batch)
{
    struct eki_live_capture *live = capture->live;
    int64_t fraction = (int64_t)header->ts.tv_usec * (live->nanoseconds ? 1 : 1000);
    struct eki_frame frame = {.time = (int64_t)header->ts.tv_sec * EKI_SECOND + fraction,
                              .captured = header->caplen,
                              .wire = header->len,
                              .link = live->link};
    frame.bytes = keep(live, bytes, header->caplen);
    capture->input.bytes += header->caplen;
    eki_capture_deliver(capture, &frame, batch);
}

enum eki_error eki_live_read(struct eki_capture *capture, struct eki_batch *batch)
{
    struct eki_live_capture *live = capture->live;
    live->used = 0;
    while (batch->count < batch->capacity && COPY_BYTES - live->used >= SNAP_LENGTH) {
        struct pcap_pkthdr *header;
        const u_char *bytes;
        int got = pcap_next_ex(live->handle, &header, &bytes);
        if (got == 0) break;
        if (got < 0) return complain(live->handle, EKI_ERROR_READ, &capture->input.fault);
        deliver(capture, header, bytes, batch);
    }
    return EKI_OK;
}

int eki_capture_descriptor(const struct eki_capture *capture)
{
    return capture->live ? pcap_get_selectable_fd(capture->live->handle) : -1;
}

struct eki_capture_loss eki_capture_losses(const struct eki_capture *capture)
{
    struct pcap_stat counts = {0};
    if (!capture->live || pcap_stats(capture->live->handle, &counts)) return (struct eki_capture_loss){0};
    return (struct eki_capture_loss){counts.ps_recv, (uint64_t)counts.ps_drop + counts.ps_ifdrop};
}
