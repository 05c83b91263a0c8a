/* SPDX-License-Identifier: Apache-2.0 */
/* nfcapd files of both layouts, packed in every way, and what nfdump prints. */
#include <bzlib.h>
#include <zstd.h>

#include "support_bytes.h"
#include "support_log.h"

enum { CLIENT = 0x0a000001, SERVER = 0x0a000002, BLOCKS_OFFSET_2 = 40 };

/* A SYN of one packet, then its RST-ACK. */
static void record_2(struct bytes *b, bool back)
{
    put_le(b, 2, 11), put_le(b, 2, 12 + 52 + 12 + 8), put_le(b, 2, 3), put_le(b, 6, 0);
    put_le(b, 2, 10), put_le(b, 2, 8), put_le(b, 4, 0); /* an element that is passed over */
    put_le(b, 2, 1), put_le(b, 2, 52);
    put_le(b, 8, UINT64_C(1500000000123) + back), put_le(b, 8, UINT64_C(1500000000223)), put_le(b, 8, 0);
    put_le(b, 8, 1), put_le(b, 8, 40), put_le(b, 2, back ? 445 : 40000), put_le(b, 2, back ? 40000 : 445);
    put_le(b, 1, 6), put_le(b, 1, back ? 20 : 2), put_le(b, 2, 0);
    put_le(b, 2, 2), put_le(b, 2, 12), put_le(b, 4, back ? SERVER : CLIENT),
        put_le(b, 4, back ? CLIENT : SERVER);
}

static void record_1(struct bytes *b, bool back)
{
    put_le(b, 2, 10), put_le(b, 2, 32 + 8 + 16 + 8), put_le(b, 2, 6), put_le(b, 2, 3);
    put_le(b, 2, 123u + back), put_le(b, 2, 223), put_le(b, 4, 1500000000), put_le(b, 4, 1500000000);
    put_le(b, 1, 0), put_le(b, 1, back ? 20 : 2), put_le(b, 1, 6), put_le(b, 1, 0);
    put_le(b, 2, back ? 445 : 40000), put_le(b, 2, back ? 40000 : 445), put_le(b, 4, 0);
    put_le(b, 4, back ? SERVER : CLIENT), put_le(b, 4, back ? CLIENT : SERVER);
    put_le(b, 8, 1), put_le(b, 8, 40), put_le(b, 4, 0), put_le(b, 4, 0);
}

static struct bytes records(int layout)
{
    struct bytes b = {.length = 0};
    if (layout == 1) { /* a map: interfaces (4 bytes), packets the other way (4 bytes) */
        put_le(&b, 2, 2), put_le(&b, 2, 16), put_le(&b, 2, 3), put_le(&b, 2, 8);
        put_le(&b, 2, 4), put_le(&b, 2, 14), put_le(&b, 4, 0);
    } else {
        put_le(&b, 2, 7), put_le(&b, 2, 8), put_le(&b, 4, 0);
    }
    for (int back = 0; back < 2; back++) {
        if (layout == 1) record_1(&b, back);
        if (layout == 2) record_2(&b, back);
    }
    return b;
}

/* A file of one block; `packing` of layout 2's numbers. */
static struct bytes file_of(int layout, unsigned packing, const struct bytes *block)
{
    struct bytes b = {.length = 0};
    put_le(&b, 2, 0xa50c), put_le(&b, 2, (unsigned)layout);
    if (layout == 1) {
        put_le(&b, 4, packing), put_le(&b, 4, 1);
        for (int i = 0; i < 66; i++) put_le(&b, 4, 0);
    } else {
        put_le(&b, 8, 0), put_le(&b, 4, 0), put_le(&b, 1, packing), put_le(&b, 7, 0);
        put_le(&b, 8, BLOCKS_OFFSET_2 + 12 + block->length), put_le(&b, 4, 0), put_le(&b, 4, 1);
    }
    put_le(&b, 4, 3), put_le(&b, 4, block->length), put_le(&b, 2, layout == 1 ? 2 : 3), put_le(&b, 2, 0);
    put_bytes(&b, block->data, block->length);
    if (layout == 2) put_le(&b, 8, 0x1234); /* the appendix is passed over */
    return b;
}

/* Literals only, as each format writes bytes that do not repeat. */
static struct bytes packed(unsigned packing, const struct bytes *plain)
{
    struct bytes b = {.length = 0};
    unsigned made = sizeof b.data;
    unsigned n = (unsigned)plain->length;
    if (packing == 1) { /* LZO: a run of n literals, then the mark of the end */
        put(&b, 1, 0);
        unsigned left = n - 3 - 15;
        for (; left > 255; left -= 255) put(&b, 1, 0);
        put(&b, 1, left);
        put_bytes(&b, plain->data, n);
        put(&b, 1, 0x11), put(&b, 2, 0);
    } else if (packing == 2) {
        struct bytes from = *plain;
        assert_int_equal(BZ2_bzBuffToBuffCompress((char *)b.data, &made, (char *)from.data, n, 1, 0, 0),
                         BZ_OK);
        b.length = made;
    } else if (packing == 3) {
        put(&b, 1, 0xf0);
        unsigned left = n - 15;
        for (; left >= 255; left -= 255) put(&b, 1, 255);
        put(&b, 1, left);
        put_bytes(&b, plain->data, n);
    } else {
        b.length = ZSTD_compress(b.data, sizeof b.data, plain->data, n, 1);
    }
    return b;
}

static void assert_refused(const struct bytes *b)
{
    struct log_read read = read_log_bytes(b->data, b->length, NULL);
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.input.malformed, 0);
    assert_int_equal(read.count, 1);
    const struct eki_contact *c = &read.entries[0].contact;
    assert_int_equal(c->outcome, EKI_OUTCOME_REFUSED);
    assert_int_equal(c->service, 445);
    assert_true(eki_address_equal(c->client, eki_address_v4(CLIENT)));
    assert_true(c->time == INT64_C(1500000000123000000));
    assert_string_equal(read.format, "nfcapd");
    log_read_done(&read);
}

static void layouts(void **state)
{
    (void)state;
    for (int layout = 1; layout <= 2; layout++) {
        struct bytes plain = records(layout), b = file_of(layout, 0, &plain);
        assert_refused(&b);
    }
    static const unsigned flags_1[] = {0, 1, 8, 16};
    for (unsigned packing = 1; packing <= 4; packing++) {
        struct bytes plain = records(2), block = packed(packing, &plain), b = file_of(2, packing, &block);
        assert_refused(&b);
        if (packing == 4) continue; /* nfdump 1.6 does not write zstd */
        plain = records(1), block = packed(packing, &plain), b = file_of(1, flags_1[packing], &block);
        assert_refused(&b);
    }
}

static void broken(void **state)
{
    (void)state;
    struct bytes plain = records(2), b = file_of(2, 0, &plain);
    for (size_t n = 4; n < b.length - 8; n++) { /* cut anywhere before the appendix */
        struct log_read read = read_log_bytes(b.data, n, NULL);
        assert_int_equal(read.error, EKI_ERROR_TRUNCATED);
        log_read_done(&read);
    }
    b.data[BLOCKS_OFFSET_2 + 12 + 8 + 2] = 3; /* a record of three bytes */
    struct log_read read = read_log_bytes(b.data, b.length, NULL);
    assert_int_equal(read.input.malformed, 1);
    log_read_done(&read);
    for (unsigned packing = 1; packing <= 4; packing++) {
        struct bytes block = packed(packing, &plain);
        for (size_t i = 0; i < block.length; i++) { /* any damage ends well */
            b = file_of(2, packing, &block);
            b.data[BLOCKS_OFFSET_2 + 12 + i] ^= 0x5a;
            read = read_log_bytes(b.data, b.length, NULL);
            assert_true(read.count <= 2);
            log_read_done(&read);
        }
    }
    static const uint8_t big_endian[] = {0xa5, 0x0c, 0, 1, 0, 0, 0, 0};
    read = read_log_bytes(big_endian, sizeof big_endian, NULL);
    assert_int_equal(read.error, EKI_ERROR_UNSUPPORTED);
    log_read_done(&read);
}

/* A block that repeats: matches near and far, overlapping, of each length that LZ4 and LZO write. */
static void repeated(void **state)
{
    (void)state;
    struct bytes block = {.length = 0};
    /* LZ4: 4 literals, then 20 bytes from 4 before; no second sequence. */
    static const uint8_t four[] = {2, 0, 24, 0};
    put(&block, 1, 0x4f), put_bytes(&block, four, 4), put_le(&block, 2, 4), put(&block, 1, 1);
    put(&block, 1, 0x00); /* the last token: nothing */
    struct bytes b = file_of(2, 3, &block);
    struct log_read read = read_log_bytes(b.data, b.length, NULL);
    assert_int_equal(read.input.malformed, 0); /* one record of another kind, of 24 bytes */
    log_read_done(&read);
    /* LZO: the same by a run of 4, and a match of 33 - 13 bytes. */
    block.length = 0;
    put(&block, 1, 17 + 4), put_bytes(&block, four, 4);
    put(&block, 1, 32 + 18), put_le(&block, 2, 3 << 2), put(&block, 1, 0x11), put(&block, 2, 0);
    b = file_of(2, 1, &block);
    read = read_log_bytes(b.data, b.length, NULL);
    assert_int_equal(read.input.malformed, 0);
    log_read_done(&read);
}

static void printed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Date first seen Duration Proto Src IP Addr:Port Dst IP Addr:Port Flags Tos Packets Bytes Flows\n"
        "2017-07-14 02:40:00.123 00:00:00.100 TCP 10.0.0.1:40000 -> 10.0.0.2:445 ......S. 0 1 40 1\n"
        "2017-07-14 02:40:00.124     0.099 6   10.0.0.2:445 -> 10.0.0.1:40000 ...A.R.. 0 1 40 1\n"
        "Summary: total flows: 2\n7 more\n",
        "Date flow start\tDuration\tProto\tSrc IP Addr:Port\tDst IP Addr:Port\tFlags\tTos\tPackets\tBytes\tFlows\n"
        "2017-07-14\t02:40:00.123\t0.100\tTCP\t10.0.0.1:40000\t->\t10.0.0.2:445\t....S.\t0\t1\t40\t1\n"
        "2017-07-14\t02:40:00.124\t0.100\tTCP\t10.0.0.2:445\t->\t10.0.0.1:40000\t.A.R..\t0\t1\t40\t1\n",
        "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt\n"
        "2017-07-14 02:40:00.123,2017-07-14 02:40:00.223,0.1,10.0.0.1,10.0.0.2,40000,445,TCP,......S.,0,0,1,40,0,0\n"
        "2017-07-14 02:40:00.124,2017-07-14 02:40:00.223,0.1,10.0.0.2,10.0.0.1,445,40000,TCP,...A.R..,0,0,1,40,0,0\n"
        "Summary\nflows,bytes\n2,80\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct log_read read = read_log_text(texts[i]);
        assert_int_equal(read.input.malformed, 0);
        assert_int_equal(read.count, 1);
        assert_int_equal(read.entries[0].contact.outcome, EKI_OUTCOME_REFUSED);
        assert_true(read.entries[0].contact.time == INT64_C(1500000000123000000));
        assert_string_equal(read.format, "nfdump");
        log_read_done(&read);
    }
    struct log_read read =
        read_log_text("Date first seen Duration Proto Src IP Addr:Port Dst IP Addr:Port Packets Bytes Flows\n"
                      "2017-07-14 02:40:00.123 0.100 UDP 2001:db8::1.5000 -> 2001:db8::2.161 5 1.5 M 1\n"
                      "2017-07-14 02:40:00.123 0.100 ICMP 10.0.0.1:0 -> 10.0.0.2:8.0 5 320 1\n"
                      "2017-07-14 02:40:00.123 0.100 TCP 10.0.0.1:1 -> 10.0.0.2:70000 5 320 1\n"
                      "2017-07-14 02:40:00.123 0.100 TCP 10.0.0.1:1 <-> 10.0.0.2:7 5 320 1\n"
                      "2017-07-14 02:40:00.123\n");
    assert_int_equal(read.count, 2);
    assert_int_equal(read.input.malformed, 3);
    assert_int_equal(read.entries[0].contact.service, 161);
    assert_int_equal(read.entries[0].contact.payload, (1500000 - 5 * 48) / 5);
    assert_int_equal(read.entries[1].contact.protocol, EKI_PROTOCOL_ICMP);
    log_read_done(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(layouts), cmocka_unit_test(broken),
                                       cmocka_unit_test(repeated), cmocka_unit_test(printed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
