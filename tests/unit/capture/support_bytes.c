/* SPDX-License-Identifier: Apache-2.0 */
#include "support_bytes.h"

const char *const syn_frame = "020000000002 020000000001 0800" IP4_TCP "000000000000";

static void put8(struct bytes *b, uint8_t value)
{
    assert_true(b->length < sizeof b->at);
    b->at[b->length++] = value;
}

static void put_many(struct bytes *b, uint64_t value, int width)
{
    for (int i = 0; i < width; i++) put8(b, (uint8_t)(value >> 8 * (b->big ? width - 1 - i : i)));
}

void put16(struct bytes *b, uint16_t value)
{
    put_many(b, value, 2);
}

void put32(struct bytes *b, uint32_t value)
{
    put_many(b, value, 4);
}

void put64(struct bytes *b, uint64_t value)
{
    put_many(b, value, 8);
}

void put_hex(struct bytes *b, const char *digits)
{
    unsigned half = 0, value = 0;
    for (; *digits; digits++) {
        if (*digits == ' ') continue;
        unsigned digit = *digits <= '9' ? (unsigned)(*digits - '0') : (unsigned)(*digits - 'a') + 10;
        assert_true(digit < 16);
        value = value << 4 | digit;
        if (++half % 2 == 0) put8(b, (uint8_t)value);
    }
    assert_int_equal(half % 2, 0);
}

void put_pcap(struct bytes *b, uint32_t magic, uint32_t link)
{
    put32(b, magic);
    put16(b, 2);
    put16(b, 4);
    put64(b, 0);
    put32(b, 65535);
    put32(b, link);
}

void put_record(struct bytes *b, uint32_t seconds, uint32_t fraction, const char *frame_digits)
{
    struct bytes frame = {.length = 0};
    put_hex(&frame, frame_digits);
    put32(b, seconds);
    put32(b, fraction);
    put32(b, (uint32_t)frame.length);
    put32(b, (uint32_t)frame.length);
    put_hex(b, frame_digits);
}

struct outcome read_all(struct eki_capture *capture)
{
    struct outcome outcome = {.count = 0};
    struct eki_packet batch[EKI_PACKET_BATCH];
    size_t count;
    do {
        outcome.error = eki_capture_read(capture, batch, EKI_PACKET_BATCH, &count, &outcome.fault);
        for (size_t i = 0; i < count; i++, outcome.count++)
            if (outcome.count < 8) outcome.packets[outcome.count] = batch[i];
    } while (count > 0 && !outcome.error);
    if (outcome.error) { /* it stays so */
        assert_int_equal(eki_capture_read(capture, batch, EKI_PACKET_BATCH, &count, NULL), outcome.error);
        assert_int_equal(count, 0);
    }
    outcome.input = *eki_capture_input(capture);
    eki_capture_close(capture);
    return outcome;
}

struct outcome read_bytes(const void *bytes, size_t length, const char *filter)
{
    struct outcome outcome = {.count = 0};
    struct eki_capture_options options = {.filter = filter};
    struct eki_capture *capture;
    outcome.error = eki_capture_open_memory(bytes, length, &options, &capture, &outcome.fault);
    return outcome.error ? outcome : read_all(capture);
}
