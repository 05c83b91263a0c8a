/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of pcap and pcapng file, whole, cut short and damaged. */
#include "support_bytes.h"

#include <string.h>

static void pcap_magics(void **state)
{
    (void)state;
    static const struct {
        uint32_t magic;
        bool big;
        eki_time fraction; /* of 123456 units */
    } kinds[] = {
        {0xa1b2c3d4, false, 123456000},
        {0xa1b2c3d4, true, 123456000},
        {0xa1b23c4d, false, 123456},
        {0xa1b23c4d, true, 123456},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct bytes b = {.big = kinds[i].big};
        put_pcap(&b, kinds[i].magic, 1);
        put_record(&b, 1500000000, 123456, syn_frame);
        put_record(&b, 1500000001, 0, syn_frame);
        struct outcome o = read_bytes(b.at, b.length, NULL);
        assert_int_equal(o.error, EKI_OK);
        assert_int_equal(o.count, 2);
        assert_int_equal(o.packets[0].time, 1500000000 * EKI_SECOND + kinds[i].fraction);
        assert_int_equal(o.packets[1].number, 2);
        assert_int_equal(o.packets[1].kind, EKI_PACKET_TCP);
        assert_int_equal(o.packets[1].wire_bytes, 60);
        assert_string_equal(o.input.format, "pcap");
        assert_int_equal(o.input.packets, 2);
        assert_int_equal(o.input.bytes, b.length);
        assert_int_equal(o.input.first, o.packets[0].time);
        assert_int_equal(o.input.last, o.packets[1].time);
    }
}

static void pcap_modified(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2cd34, 1);
    for (uint32_t i = 0; i < 2; i++) {
        put64(&b, i);
        put32(&b, 60);
        put32(&b, 60);
        put64(&b, 0x0008000100000003); /* interface, protocol, direction */
        put_hex(&b, syn_frame);
    }
    struct outcome o = read_bytes(b.at, b.length, NULL);
    assert_int_equal(o.error, EKI_OK);
    assert_int_equal(o.count, 2);
    assert_int_equal(o.packets[1].target_port, 445);
}

static void pcap_damage(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, 1);
    put_record(&b, 1, 0, syn_frame);
    size_t second = b.length;
    put64(&b, 2);
    put32(&b, 0x7fffffff);
    put32(&b, 0x7fffffff);
    put_hex(&b, syn_frame);
    struct outcome o = read_bytes(b.at, b.length, NULL);
    assert_int_equal(o.error, EKI_ERROR_CORRUPT);
    assert_int_equal(o.fault.offset, second);
    assert_int_equal(o.count, 1);
    assert_false(o.input.truncated);
    /* Another major version, and something else altogether. */
    b.at[4] = 3;
    assert_int_equal(read_bytes(b.at, b.length, NULL).error, EKI_ERROR_UNSUPPORTED);
    b.at[0] = 'x';
    assert_int_equal(read_bytes(b.at, b.length, NULL).error, EKI_ERROR_FORMAT);
    assert_int_equal(read_bytes(b.at, 0, NULL).error, EKI_ERROR_EMPTY);
}

/* A frame that was cut by the snap length: CUT, and the announced payload is kept apart from the captured
 * one. */
static void snap_length(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, 1);
    for (uint32_t captured = 0; captured <= 64; captured += 2) {
        struct bytes file = b;
        put64(&file, 0);
        put32(&file, captured);
        put32(&file, 154);
        struct bytes frame = {.length = 0};
        put_hex(&frame, "020000000002 020000000001 0800 4500008c00010000 40060000 0a000001 0a000002"
                        "c35001bd 00000011 00000022 5018faf0 00000000 01020304050607080910");
        memcpy(file.at + file.length, frame.at, captured);
        struct outcome o = read_bytes(file.at, file.length + captured, NULL);
        assert_int_equal(o.count, 1);
        assert_int_equal(o.packets[0].flags, EKI_PACKET_CUT);
        assert_int_equal(o.input.cut, 1);
        assert_int_equal(o.packets[0].kind, captured >= 54 ? EKI_PACKET_TCP : EKI_PACKET_OTHER);
        assert_int_equal(o.packets[0].payload_captured, captured > 54 ? captured - 54 : 0);
        if (captured >= 54) assert_int_equal(o.packets[0].payload_wire, 100);
        if (captured >= 34) assert_int_equal(o.packets[0].target.lo & 0xffffffff, 0x0a000002);
    }
}

static void unordered(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, 1);
    static const uint32_t seconds[] = {5, 6, 3, 4};
    for (int i = 0; i < 4; i++) put_record(&b, seconds[i], 0, syn_frame);
    struct outcome o = read_bytes(b.at, b.length, NULL);
    for (int i = 0; i < 4; i++) assert_int_equal(o.packets[i].flags, i == 2 ? EKI_PACKET_UNORDERED : 0);
    assert_int_equal(o.input.first, 3 * EKI_SECOND);
    assert_int_equal(o.input.last, 6 * EKI_SECOND);
    assert_int_equal(o.input.malformed, 0);
}

/* Opens a block; close_block fills in its length and adds it at the end. */
static size_t open_block(struct bytes *b, uint32_t type)
{
    put32(b, type);
    put32(b, 0);
    return b->length - 8;
}

static void close_block(struct bytes *b, size_t start)
{
    while (b->length % 4) put_hex(b, "00");
    struct bytes length = {.big = b->big};
    put32(&length, (uint32_t)(b->length + 4 - start));
    memcpy(b->at + start + 4, length.at, 4);
    memcpy(b->at + b->length, length.at, 4);
    b->length += 4;
}

static void put_section(struct bytes *b)
{
    size_t start = open_block(b, 0x0a0d0d0a);
    put32(b, 0x1a2b3c4d);
    put16(b, 1);
    put16(b, 0);
    put64(b, UINT64_MAX);
    close_block(b, start);
}

/* resolution 0: no option; offset_seconds 0: no option. */
static void put_interface(struct bytes *b, uint16_t link, uint8_t resolution, uint64_t offset_seconds)
{
    size_t start = open_block(b, 1);
    put16(b, link);
    put16(b, 0);
    put32(b, 0);
    if (resolution) {
        put16(b, 9);
        put16(b, 1);
        b->at[b->length] = resolution;
        b->length += 4;
    }
    if (offset_seconds) {
        put16(b, 14);
        put16(b, 8);
        put64(b, offset_seconds);
    }
    put32(b, 0);
    close_block(b, start);
}

static void put_packet(struct bytes *b, uint32_t interface, uint64_t ticks, const char *frame)
{
    struct bytes f = {.length = 0};
    put_hex(&f, frame);
    size_t start = open_block(b, 6);
    put32(b, interface);
    put32(b, (uint32_t)(ticks >> 32));
    put32(b, (uint32_t)ticks);
    put32(b, (uint32_t)f.length);
    put32(b, (uint32_t)f.length);
    put_hex(b, frame);
    close_block(b, start);
}

static void pcapng_times(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        uint64_t offset, ticks;
        eki_time time;
    } cases[] = {
        {0, 0, 1500000000123456, 1500000000123456000},
        {6, 0, 1500000000123456, 1500000000123456000},
        {9, 0, 1500000000123456789, 1500000000123456789},
        {3, 0, 1500000000123, 1500000000123000000},
        {12, 0, 1500000000123456789, 1500000000123456},
        {0x80 | 10, 0, 1500000000u * UINT64_C(1024) + 512, 1500000000500000000},
        {0x80 | 32, 0, UINT64_C(7) << 32 | 0x40000000, 7250000000},
        {6, 1500000000, 123456, 1500000000123456000},
        {6, (uint64_t)-10, 11000000, 1000000000},
        {127, 0, 1500000000, 0},
        {1, 0, UINT64_MAX, EKI_TIME_LATEST},
        {6, (uint64_t)INT64_MIN, 1, 0},
    };
    for (int big = 0; big < 2; big++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct bytes b = {.big = big};
            put_section(&b);
            put_interface(&b, 1, cases[i].resolution, cases[i].offset);
            put_packet(&b, 0, cases[i].ticks, syn_frame);
            struct outcome o = read_bytes(b.at, b.length, NULL);
            assert_int_equal(o.error, EKI_OK);
            assert_int_equal(o.count, 1);
            assert_int_equal(o.packets[0].time, cases[i].time);
            assert_int_equal(o.packets[0].kind, EKI_PACKET_TCP);
            assert_string_equal(o.input.format, "pcapng");
        }
    }
}

/* Sections of both byte orders, two link types, old, simple and unknown blocks, a packet of an interface that
 * is not there. */
static void put_mixture(struct bytes *b)
{
    put_section(b);
    put_interface(b, 1, 6, 0);
    put_interface(b, 228, 9, 0);
    put_packet(b, 0, 2000000, syn_frame);
    put_packet(b, 1, 3000000000, IP4_TCP);
    size_t start = open_block(b, 3);
    put32(b, 60);
    put_hex(b, syn_frame);
    close_block(b, start);
    start = open_block(b, 0x0bad1234);
    put_hex(b, "010203040506");
    close_block(b, start);
    put_packet(b, 7, 0, syn_frame);
    b->big = true;
    put_section(b);
    put_interface(b, 113, 0, 0);
    start = open_block(b, 2);
    put16(b, 0);
    put16(b, 1);
    put32(b, 0);
    put32(b, 4000000);
    put32(b, 56);
    put32(b, 56);
    put_hex(b, "0000 0001 0006 0200000000010000 0800" IP4_TCP);
    close_block(b, start);
}

static void pcapng_blocks(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_mixture(&b);
    struct outcome o = read_bytes(b.at, b.length, NULL);
    assert_int_equal(o.error, EKI_OK);
    assert_int_equal(o.count, 4);
    assert_int_equal(o.input.malformed, 1); /* the packet of interface 7 */
    static const eki_time seconds[] = {2, 3, 3, 4};
    static const uint64_t numbers[] = {1, 2, 3, 5};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(o.packets[i].kind, EKI_PACKET_TCP);
        assert_int_equal(o.packets[i].target_port, 445);
        assert_int_equal(o.packets[i].time, seconds[i] * EKI_SECOND);
        assert_int_equal(o.packets[i].number, numbers[i]);
    }
    /* The expression is compiled for each link type. */
    assert_int_equal(read_bytes(b.at, b.length, "tcp dst port 445").count, 4);
    assert_int_equal(read_bytes(b.at, b.length, "tcp dst port 446").count, 0);
    /* Lengths that differ at the two ends of the interface block, then an absurd one. */
    struct bytes bad = b;
    bad.at[28 + 4]++;
    assert_int_equal(read_bytes(bad.at, bad.length, NULL).error, EKI_ERROR_CORRUPT);
    bad = b;
    bad.at[28 + 4] = 36;
    assert_int_equal(read_bytes(bad.at, bad.length, NULL).error, EKI_ERROR_CORRUPT);
    bad = b;
    bad.at[28 + 7] = 0x40;
    o = read_bytes(bad.at, bad.length, NULL);
    assert_int_equal(o.error, EKI_ERROR_CORRUPT);
    assert_int_equal(o.fault.offset, 28);
}

/* A file all of whose packets contradict themselves was not read. */
static void no_packet_good(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_section(&b);
    put_interface(&b, 1, 6, 0);
    assert_int_equal(read_bytes(b.at, b.length, NULL).error, EKI_OK); /* none is not wrong */
    put_packet(&b, 7, 0, syn_frame);
    struct outcome o = read_bytes(b.at, b.length, NULL);
    assert_int_equal(o.error, EKI_ERROR_CORRUPT);
    assert_string_equal(o.fault.what, "no packet of 1 could be read");
    put_packet(&b, 0, 0, syn_frame);
    assert_int_equal(read_bytes(b.at, b.length, NULL).error, EKI_OK);
}

/* Cut anywhere: no crash, the packets that are whole are delivered, and the end is told from a clean one. */
static void cut_anywhere(void **state)
{
    (void)state;
    struct bytes pcap = {.length = 0}, pcapng = {.length = 0};
    put_pcap(&pcap, 0xa1b2c3d4, 1);
    for (int i = 0; i < 3; i++) put_record(&pcap, 1, 0, syn_frame);
    for (size_t n = 1; n < pcap.length; n++) {
        struct outcome o = read_bytes(pcap.at, n, NULL);
        bool clean = n >= 24 && (n - 24) % 76 == 0;
        assert_int_equal(o.error, clean ? EKI_OK : n < 4 ? EKI_ERROR_FORMAT : EKI_ERROR_TRUNCATED);
        assert_int_equal(o.count, n < 24 ? 0 : (n - 24) / 76);
        if (n >= 24) assert_int_equal(o.input.truncated, !clean);
        if (!clean && n > 24) assert_int_equal(o.fault.offset, 24 + o.count * 76);
    }
    put_mixture(&pcapng);
    size_t before = 0, clean_ends = 0;
    for (size_t n = 4; n <= pcapng.length; n++) {
        struct outcome o = read_bytes(pcapng.at, n, NULL);
        assert_true(o.error == EKI_OK || o.error == EKI_ERROR_TRUNCATED);
        assert_true(o.count >= before && o.count <= before + 1);
        before = o.count;
        clean_ends += o.error == EKI_OK;
    }
    assert_int_equal(clean_ends, 11); /* the ends of its blocks */
    assert_int_equal(before, 4);
}

/* One byte changed anywhere: whatever it says, reading ends and stays within bounds (the sanitizers watch).
 */
static void changed_anywhere(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_mixture(&b);
    for (size_t i = 0; i < b.length; i++) {
        static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
        for (size_t v = 0; v < sizeof values; v++) {
            struct bytes changed = b;
            changed.at[i] = values[v];
            assert_true(read_bytes(changed.at, changed.length, "ip").count <= 8);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcap_magics),      cmocka_unit_test(pcap_modified),  cmocka_unit_test(pcap_damage),
        cmocka_unit_test(snap_length),      cmocka_unit_test(unordered),      cmocka_unit_test(pcapng_times),
        cmocka_unit_test(pcapng_blocks),    cmocka_unit_test(no_packet_good), cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(changed_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
