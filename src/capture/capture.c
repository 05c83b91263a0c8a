/* SPDX-License-Identifier: Apache-2.0 */
/* The public calls: tells the format from the first bytes, drives the source and the format's reader (see
 * reader.h). */
#include <inttypes.h>

#include "base/memory.h"
#include "capture/over.h"
#include "capture/reader.h"

static const char *format_text(enum eki_format format, enum eki_packing packing)
{
    static const char *const texts[EKI_FORMAT_COUNT][EKI_PACKING_COUNT] = {
        [EKI_FORMAT_PCAP] = {"pcap", "pcap+gzip", "pcap+zstd", "pcap+xz"},
        [EKI_FORMAT_PCAPNG] = {"pcapng", "pcapng+gzip", "pcapng+zstd", "pcapng+xz"},
    };
    return texts[format][packing];
}

bool eki_capture_fits(uint32_t magic)
{
    return eki_pcap_detect(magic) || eki_pcapng_detect(magic);
}

/* The source is open: what does it hold? */
static enum eki_error start(struct eki_capture *capture, uint32_t *ret_link, struct eki_fault *ret_fault)
{
    struct eki_source *source = &capture->source;
    eki_source_fill(source, 4);
    if (source->left == 0 && !source->error)
        return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "nothing is packed inside");
    struct eki_cursor c = eki_cursor_over(source->at, source->left);
    uint32_t magic = eki_cursor_le32(&c);
    if (c.failed && source->error) {
        if (ret_fault) *ret_fault = source->fault;
        return source->error;
    }
    bool pcap = !c.failed && eki_pcap_detect(magic), pcapng = !c.failed && eki_pcapng_detect(magic);
    if (!pcap && !pcapng)
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0,
                             "neither pcap nor pcapng, and no known form of log (see \"ekigaku formats\")");
    capture->format = pcap ? EKI_FORMAT_PCAP : EKI_FORMAT_PCAPNG;
    capture->input.format = format_text(capture->format, source->packing);
    return pcap ? eki_pcap_start(capture, ret_link, ret_fault)
                : eki_pcapng_start(capture, ret_link, ret_fault);
}

enum eki_error eki_capture_over(struct eki_source *source, const char *path,
                                const struct eki_capture_options *options, struct eki_capture **ret_capture,
                                struct eki_fault *ret_fault)
{
    struct eki_capture *capture = eki_allocate(1, sizeof *capture);
    if (!capture) {
        eki_source_done(source);
        return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "capture");
    }
    capture->source = *source;
    capture->source.grows = options && options->grows && source->packing == EKI_PACKING_NONE;
    if (capture->source.grows) capture->source.ended = false;
    capture->input = (struct eki_input){.path = path, .first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    uint32_t link = 1;
    enum eki_error error = start(capture, &link, ret_fault);
    if (!error && options && options->filter)
        error = eki_filter_open(options->filter, link, &capture->filter, ret_fault);
    if (error) {
        eki_capture_close(capture);
        return error;
    }
    *ret_capture = capture;
    return EKI_OK;
}

enum eki_error eki_capture_open(const char *path, const struct eki_capture_options *options,
                                struct eki_capture **ret_capture, struct eki_fault *ret_fault)
{
    struct eki_source source;
    enum eki_error error = eki_source_open(path, options ? options->stop : NULL, &source, ret_fault);
    if (error) {
        eki_source_done(&source);
        return error;
    }
    return eki_capture_over(&source, path, options, ret_capture, ret_fault);
}

enum eki_error eki_capture_open_memory(const void *bytes, size_t length,
                                       const struct eki_capture_options *options,
                                       struct eki_capture **ret_capture, struct eki_fault *ret_fault)
{
    struct eki_source source;
    enum eki_error error = eki_source_open_memory(bytes, length, &source, ret_fault);
    if (error) {
        eki_source_done(&source);
        return error;
    }
    return eki_capture_over(&source, "(memory)", options, ret_capture, ret_fault);
}

/* The source has ended: cleanly, or inside a record? */
static enum eki_error at_end(struct eki_capture *capture)
{
    const struct eki_source *source = &capture->source;
    if (source->error) {
        capture->input.fault = source->fault;
        capture->input.truncated = source->error == EKI_ERROR_TRUNCATED;
        return source->error;
    }
    if (source->left == 0 && source->skip == 0) {
        const struct eki_input *input = &capture->input;
        if (input->packets > 0 || input->malformed == 0) return EKI_OK;
        return eki_fault_set(&capture->input.fault, EKI_ERROR_CORRUPT, source->offset,
                             "no packet of %" PRIu64 " could be read", input->malformed);
    }
    capture->input.truncated = true;
    return eki_fault_set(&capture->input.fault, EKI_ERROR_TRUNCATED, source->offset,
                         "%zu bytes are left of the last record", source->left);
}

static enum eki_error fill_batch(struct eki_capture *capture, struct eki_batch *batch)
{
    for (;;) {
        size_t need;
        enum eki_error error = capture->format == EKI_FORMAT_PCAP ? eki_pcap_read(capture, batch, &need)
                                                                  : eki_pcapng_read(capture, batch, &need);
        if (error || batch->count > 0) return error;
        eki_source_fill(&capture->source, need);
        if (capture->source.left < need)
            return capture->source.grows && !capture->source.ended ? EKI_OK : at_end(capture);
    }
}

static enum eki_error read_live(struct eki_capture *capture, struct eki_batch *batch, size_t *ret_count,
                                struct eki_fault *ret_fault)
{
    struct eki_input *input = &capture->input;
    if (!input->error) input->error = eki_live_read(capture, batch);
    *ret_count = batch->count;
    if (input->error && ret_fault) *ret_fault = input->fault;
    return input->error;
}

enum eki_error eki_capture_read(struct eki_capture *capture, struct eki_packet *ret_batch, size_t capacity,
                                size_t *ret_count, struct eki_fault *ret_fault)
{
    struct eki_batch batch = {.packets = ret_batch, .capacity = capacity};
    if (capture->live) return read_live(capture, &batch, ret_count, ret_fault);
    struct eki_input *input = &capture->input;
    if (!input->error && capacity > 0) input->error = fill_batch(capture, &batch);
    input->bytes = capture->source.offset;
    *ret_count = batch.count;
    if (input->error && ret_fault) *ret_fault = input->fault;
    return input->error;
}

const struct eki_input *eki_capture_input(const struct eki_capture *capture)
{
    return &capture->input;
}

void eki_capture_progress(const struct eki_capture *capture, uint64_t *ret_done, uint64_t *ret_size)
{
    const struct eki_source *source = &capture->source;
    bool whole = source->file < 0 && !source->buffer; /* plain bytes in memory count when passed over */
    *ret_done = whole ? source->offset : source->raw_done;
    *ret_size = source->raw_size;
}

void eki_capture_close(struct eki_capture *capture)
{
    if (!capture) return;
    eki_live_close(capture->live);
    eki_filter_close(capture->filter);
    eki_pcapng_done(&capture->pcapng);
    eki_source_done(&capture->source);
    eki_free(capture);
}
