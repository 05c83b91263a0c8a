/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pcapng file (draft-ietf-opsawg-pcapng): sections of blocks; a block starts and ends with its length.
 * Packets name an interface, which tells link type and time unit. What a block says inside may be wrong
 * without losing the way to the next one: such a block is skipped and counted. A wrong block length loses the
 * way: CORRUPT.
 */
#include <inttypes.h>

#include "base/hash.h"
#include "base/memory.h"
#include "capture/reader.h"

#define BLOCK_SECTION UINT32_C(0x0a0d0d0a) /* the same in both byte orders */
#define ORDER_MAGIC   UINT32_C(0x1a2b3c4d)

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET_OLD = 2,
    BLOCK_PACKET_SIMPLE = 3,
    BLOCK_PACKET = 6,
    BLOCK_FRAME = 12,                          /* type, length before the body and length behind it */
    BLOCK_LIMIT = EKI_FRAME_LIMIT + 32 * 1024, /* of a block that is read: a frame, its header and options */
    INTERFACE_LIMIT =
        65536, /* a capture on every interface of a large router stays below; costs 3 MiB at most */
    OPTION_END = 0,
    OPTION_RESOLUTION = 9,
    OPTION_OFFSET = 14
};
_Static_assert((int)BLOCK_LIMIT <= (int)EKI_SOURCE_RECORD, "a block that is read must fit the window");

struct block {
    uint32_t type, length;
    struct eki_cursor body;
};

static inline uint16_t load16(const uint8_t *p, size_t at, bool swapped)
{
    return swapped ? eki_load_be16(p, at) : eki_load_le16(p, at);
}

static inline uint32_t load32(const uint8_t *p, size_t at, bool swapped)
{
    return swapped ? eki_load_be32(p, at) : eki_load_le32(p, at);
}

bool eki_pcapng_detect(uint32_t magic)
{
    return magic == BLOCK_SECTION;
}

static enum eki_error corrupt(struct eki_capture *capture, const char *what, uint32_t value)
{
    return eki_fault_set(&capture->input.fault, EKI_ERROR_CORRUPT, capture->source.offset, "%s (%" PRIu32 ")",
                         what, value);
}

static bool is_read(uint32_t type)
{
    return type == BLOCK_SECTION || type == BLOCK_INTERFACE || type == BLOCK_PACKET_OLD ||
           type == BLOCK_PACKET_SIMPLE || type == BLOCK_PACKET;
}

/* A section header tells the byte order of its own length. */
static enum eki_error read_order(struct eki_capture *capture, const uint8_t *p)
{
    uint32_t order = eki_load_le32(p, 8);
    if (order != ORDER_MAGIC && order != __builtin_bswap32(ORDER_MAGIC))
        return corrupt(capture, "byte order mark of a section", order);
    capture->pcapng.swapped = order != ORDER_MAGIC;
    return EKI_OK;
}

/*
 * Looks at the block at the start of the window. *ret_need is 0 when it is whole and its length is the same
 * at both ends; otherwise the number of bytes the window must hold. Of a block that is not read only the
 * start is looked at: it may be longer than the window.
 */
static enum eki_error look(struct eki_capture *capture, struct block *ret_block, size_t *ret_need)
{
    struct eki_source *source = &capture->source;
    struct eki_cursor c = eki_cursor_over(source->at, source->skip ? 0 : source->left);
    const uint8_t *p = eki_cursor_take(&c, BLOCK_FRAME);
    *ret_need = BLOCK_FRAME;
    if (!p) return EKI_OK;
    if (eki_load_le32(p, 0) == BLOCK_SECTION) {
        enum eki_error error = read_order(capture, p);
        if (error) return error;
    }
    bool swapped = capture->pcapng.swapped;
    uint32_t type = load32(p, 0, swapped), length = load32(p, 4, swapped);
    if (length < BLOCK_FRAME || length % 4 != 0) return corrupt(capture, "block length", length);
    if (is_read(type) && length > BLOCK_LIMIT) return corrupt(capture, "block length", length);
    if (!is_read(type)) {
        *ret_need = 0;
        *ret_block = (struct block){.type = type, .length = length};
        return EKI_OK;
    }
    *ret_need = length;
    eki_cursor_skip(&c, length - BLOCK_FRAME); /* 12 bytes have been taken: now behind the whole block */
    if (c.failed) return EKI_OK;
    if (load32(p, length - 4, swapped) != length)
        return corrupt(capture, "length at the end of a block", load32(p, length - 4, swapped));
    *ret_need = 0;
    *ret_block = (struct block){type, length, eki_cursor_over(p + 8, length - BLOCK_FRAME)};
    return EKI_OK;
}

/* if_tsresol: the top bit chooses powers of two, the rest is the negative exponent. */
static void set_resolution(uint8_t resolution, struct eki_interface *interface)
{
    unsigned exponent = resolution & 0x7f;
    interface->multiply = interface->divide = 1;
    interface->shift = 0;
    if (resolution & 0x80) {
        interface->shift = (uint8_t)exponent;
        interface->multiply = (uint64_t)EKI_SECOND;
        return;
    }
    for (unsigned e = exponent; e < 9; e++) interface->multiply *= 10;
    /* 10^19 is the last power in 64 bits; such a tick is far below a nanosecond. */
    for (unsigned e = 9; e < exponent && e < 28; e++) interface->divide *= 10;
}

static eki_time time_from_ticks(const struct eki_interface *interface, uint64_t ticks)
{
    eki_wide scaled = (eki_wide)ticks * interface->multiply;
    scaled = interface->divide == 1 ? scaled >> interface->shift : scaled / interface->divide;
    int64_t nanos = scaled > (eki_wide)INT64_MAX ? INT64_MAX : (int64_t)scaled, shifted;
    if (interface->offset == 0) return eki_time_clamp(nanos);
    /* A lie about the clock is kept as early or as late as can be told. */
    if (__builtin_mul_overflow(interface->offset, EKI_SECOND, &shifted) ||
        __builtin_add_overflow(nanos, shifted, &nanos))
        return interface->offset < 0 ? 0 : EKI_TIME_LATEST;
    return eki_time_clamp(nanos);
}

static void read_options(struct eki_cursor *c, bool swapped, struct eki_interface *interface)
{
    for (;;) {
        const uint8_t *p = eki_cursor_take(c, 4);
        if (!p) return;
        uint16_t code = load16(p, 0, swapped), length = load16(p, 2, swapped);
        const uint8_t *value = eki_cursor_take(c, (length + 3u) & ~3u);
        if (!value || code == OPTION_END) return;
        if (code == OPTION_RESOLUTION && length == 1) set_resolution(value[0], interface);
        if (code == OPTION_OFFSET && length == 8)
            interface->offset = (int64_t)(swapped ? eki_load_be64(value, 0) : eki_load_le64(value, 0));
    }
}

static enum eki_error add_interface(struct eki_capture *capture, struct eki_cursor body)
{
    struct eki_pcapng *pcapng = &capture->pcapng;
    const uint8_t *p = eki_cursor_take(&body, 8);
    if (!p) return corrupt(capture, "interface block too short", (uint32_t)body.left);
    if (pcapng->count == INTERFACE_LIMIT)
        return eki_fault_set(&capture->input.fault, EKI_ERROR_LIMIT, capture->source.offset,
                             "more than %d interfaces", INTERFACE_LIMIT);
    size_t size = sizeof *pcapng->interfaces;
    void *grown = eki_array_reserve(pcapng->interfaces, pcapng->count, &pcapng->capacity, size);
    if (!grown)
        return eki_fault_set(&capture->input.fault, EKI_ERROR_MEMORY, capture->source.offset, "interfaces");
    pcapng->interfaces = grown;
    struct eki_interface *interface = &pcapng->interfaces[pcapng->count];
    *interface = (struct eki_interface){.link = load16(p, 0, pcapng->swapped),
                                        .snap_length = load32(p, 4, pcapng->swapped)};
    set_resolution(6, interface); /* microseconds unless an option says otherwise */
    read_options(&body, pcapng->swapped, interface);
    pcapng->count++;
    return EKI_OK;
}

static enum eki_error begin_section(struct eki_capture *capture, struct eki_cursor body)
{
    struct eki_pcapng *pcapng = &capture->pcapng;
    const uint8_t *p = eki_cursor_take(&body, 16);
    if (!p) return corrupt(capture, "section block too short", (uint32_t)body.left);
    uint16_t major = load16(p, 4, pcapng->swapped);
    if (major != 1)
        return eki_fault_set(&capture->input.fault, EKI_ERROR_UNSUPPORTED, capture->source.offset,
                             "pcapng version %u", (unsigned)major);
    pcapng->count = 0; /* interfaces are numbered anew in each section */
    return EKI_OK;
}

/* Sets time and link; false when the section has no such interface. */
static bool at_interface(const struct eki_pcapng *pcapng, uint32_t number, uint64_t ticks,
                         struct eki_frame *frame)
{
    if (number >= pcapng->count) return false;
    frame->link = pcapng->interfaces[number].link;
    frame->time = time_from_ticks(&pcapng->interfaces[number], ticks);
    return true;
}

/* Both kinds of full packet block have their fields at the same places, but for the width of the interface
 * number. */
static bool read_packet(const struct eki_pcapng *pcapng, const struct block *block,
                        struct eki_frame *ret_frame)
{
    struct eki_cursor c = block->body;
    const uint8_t *p = eki_cursor_take(&c, 20);
    if (!p) return false;
    bool swapped = pcapng->swapped;
    uint32_t number = block->type == BLOCK_PACKET ? load32(p, 0, swapped) : load16(p, 0, swapped);
    uint64_t ticks = (uint64_t)load32(p, 4, swapped) << 32 | load32(p, 8, swapped);
    ret_frame->captured = load32(p, 12, swapped);
    ret_frame->wire = load32(p, 16, swapped);
    ret_frame->bytes = eki_cursor_take(&c, ret_frame->captured);
    return ret_frame->bytes && at_interface(pcapng, number, ticks, ret_frame);
}

/* A simple packet has no time (the previous packet's is the nearest) and no captured length: it follows from
 * the others. */
static bool read_simple(const struct eki_capture *capture, struct eki_cursor body,
                        struct eki_frame *ret_frame)
{
    const struct eki_pcapng *pcapng = &capture->pcapng;
    const uint8_t *p = eki_cursor_take(&body, 4);
    if (!p || pcapng->count == 0) return false;
    const struct eki_interface *interface = &pcapng->interfaces[0];
    uint32_t captured = ret_frame->wire = load32(p, 0, pcapng->swapped);
    if (interface->snap_length > 0 && captured > interface->snap_length) captured = interface->snap_length;
    if (captured > body.left) captured = (uint32_t)body.left;
    ret_frame->captured = captured;
    ret_frame->bytes = eki_cursor_take(&body, captured);
    ret_frame->link = interface->link;
    ret_frame->time = capture->previous;
    return ret_frame->bytes != NULL;
}

/* A packet block: delivered, or counted as malformed when it contradicts itself. */
static void take_packet(struct eki_capture *capture, const struct block *block, struct eki_batch *batch)
{
    struct eki_frame frame;
    bool good = block->type == BLOCK_PACKET_SIMPLE ? read_simple(capture, block->body, &frame)
                                                   : read_packet(&capture->pcapng, block, &frame);
    eki_source_pass(&capture->source, block->length);
    if (good) {
        eki_capture_deliver(capture, &frame, batch);
        return;
    }
    capture->number++;
    capture->input.malformed++;
}

/* Any other block. */
static enum eki_error take_block(struct eki_capture *capture, const struct block *block)
{
    enum eki_error error = EKI_OK;
    if (block->type == BLOCK_SECTION) error = begin_section(capture, block->body);
    if (block->type == BLOCK_INTERFACE) error = add_interface(capture, block->body);
    if (!error) eki_source_drop(&capture->source, block->length);
    return error;
}

static inline bool is_packet(uint32_t type)
{
    return type == BLOCK_PACKET || type == BLOCK_PACKET_OLD || type == BLOCK_PACKET_SIMPLE;
}

enum eki_error eki_pcapng_read(struct eki_capture *capture, struct eki_batch *batch, size_t *ret_need)
{
    while (batch->count < batch->capacity) {
        struct block block = {0};
        enum eki_error error = look(capture, &block, ret_need);
        if (error || *ret_need) return error;
        if (is_packet(block.type)) {
            take_packet(capture, &block, batch);
            continue;
        }
        error = take_block(capture, &block);
        if (error) return error;
    }
    return EKI_OK;
}

enum eki_error eki_pcapng_start(struct eki_capture *capture, uint32_t *ret_link, struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    while (capture->pcapng.count == 0) {
        struct block block = {0};
        size_t need;
        error = look(capture, &block, &need);
        if (error) break;
        if (need > 0) {
            eki_source_fill(&capture->source, need);
            if (capture->source.left < need) break; /* the end is eki_capture_read's to tell */
            continue;
        }
        if (is_packet(block.type)) break;
        error = take_block(capture, &block);
        if (error) break;
    }
    if (error && ret_fault) *ret_fault = capture->input.fault;
    if (capture->pcapng.count > 0) *ret_link = capture->pcapng.interfaces[0].link;
    return error;
}

void eki_pcapng_done(struct eki_pcapng *pcapng)
{
    eki_free(pcapng->interfaces);
    *pcapng = (struct eki_pcapng){0};
}
