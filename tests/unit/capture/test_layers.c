/* SPDX-License-Identifier: Apache-2.0 */
/* One frame in, one decoded packet out: link, network and transport layers. */
#include "support_bytes.h"

#define ETHERNET "020000000002 020000000001 "
#define SNAP     "aaaa03 000000 "

static struct eki_packet decode(uint32_t link, const char *frame)
{
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, link);
    put_record(&b, 1, 2, frame);
    struct outcome outcome = read_bytes(b.at, b.length, NULL);
    assert_int_equal(outcome.error, EKI_OK);
    assert_int_equal(outcome.count, 1);
    assert_int_equal(outcome.input.malformed, (outcome.packets[0].flags & EKI_PACKET_MALFORMED) != 0);
    return outcome.packets[0];
}

static void assert_syn(struct eki_packet p)
{
    assert_int_equal(p.kind, EKI_PACKET_TCP);
    assert_int_equal(p.protocol, EKI_PROTOCOL_TCP);
    assert_int_equal(p.source_port, 50000);
    assert_int_equal(p.target_port, 445);
    assert_int_equal(p.sequence, 0x11);
    assert_int_equal(p.acknowledgement, 0x22);
    assert_int_equal(p.tcp_flags, EKI_TCP_SYN);
    assert_int_equal(p.window, 64240);
    assert_int_equal(p.ttl, 64);
    assert_int_equal(p.flags, 0);
    assert_int_equal(p.payload_wire, 0);
    assert_null(p.payload);
}

static void assert_syn_v4(struct eki_packet p)
{
    assert_syn(p);
    assert_true(eki_address_equal(p.source, eki_address_v4(0x0a000001)));
    assert_true(eki_address_equal(p.target, eki_address_v4(0x0a000002)));
}

static void assert_syn_v6(struct eki_packet p)
{
    assert_syn(p);
    assert_true(p.source.hi == UINT64_C(0x20010db800000000) && p.source.lo == 1);
    assert_true(p.target.hi == UINT64_C(0x20010db800000000) && p.target.lo == 2);
}

static void link_layers(void **state)
{
    (void)state;
    static const struct {
        uint32_t link;
        const char *frame;
    } v4[] = {
        {1, ETHERNET "0800" IP4_TCP},
        {1, ETHERNET "8100 0064 0800" IP4_TCP},
        {1, ETHERNET "88a8 0064 8100 0065 0800" IP4_TCP},
        {1, ETHERNET "9100 0064 8100 0065 0800" IP4_TCP},
        {1, ETHERNET "8864 1100 0001 002a 0021" IP4_TCP},
        {1, ETHERNET "8847 00010040 00020140" IP4_TCP},
        {1, ETHERNET "0030" SNAP "0800" IP4_TCP "ffff"},
        {0, "02000000" IP4_TCP},
        {0, "00000002" IP4_TCP},
        {108, "00000002" IP4_TCP},
        {9, "ff03 0021" IP4_TCP},
        {104, "0f00 0800" IP4_TCP},
        {12, IP4_TCP},
        {14, IP4_TCP},
        {101, IP4_TCP},
        {228, IP4_TCP},
        {113, "0000 0001 0006 0200000000010000 0800" IP4_TCP},
        {276, "0800 0000 00000002 0001 00 06 0200000000010000" IP4_TCP},
        {105, "0801 0000 020000000001 020000000002 020000000003 0000" SNAP "0800" IP4_TCP},
        {105, "8801 0000 020000000001 020000000002 020000000003 0000 0000" SNAP "0800" IP4_TCP},
        {105, "0803 0000 020000000001 020000000002 020000000003 0000 020000000004" SNAP "0800" IP4_TCP},
        {127,
         "0000 0a00 00000000 0000 0801 0000 020000000001 020000000002 020000000003 0000" SNAP "0800" IP4_TCP},
        {1, ETHERNET "0800 45000040 00000000 402f0000 c0000201 c0000202 00000800" IP4_TCP}, /* GRE */
        {1, ETHERNET "0800 4500003c 00000000 40040000 c0000201 c0000202" IP4_TCP},          /* IP in IP */
        {0x30000001 & 0xffff, ETHERNET "0800" IP4_TCP "0000 00000000"},                     /* padding */
    };
    for (size_t i = 0; i < sizeof v4 / sizeof *v4; i++) assert_syn_v4(decode(v4[i].link, v4[i].frame));
    assert_syn_v4(
        decode(0x34000001, ETHERNET "0800" IP4_TCP "01020304")); /* link type with frame check length */
    assert_syn_v6(decode(1, ETHERNET "86dd" IP6_TCP));
    assert_syn_v6(decode(0, "1e000000" IP6_TCP));
    assert_syn_v6(decode(229, IP6_TCP));
    assert_syn_v6(decode(12, IP6_TCP));
    assert_syn_v6(decode(1, ETHERNET "0800 45000050 00000000 40290000 c0000201 c0000202" IP6_TCP)); /* 6in4 */
}

static void not_looked_into(void **state)
{
    (void)state;
    assert_int_equal(decode(147, IP4_TCP).kind, EKI_PACKET_OTHER);               /* an unknown link type */
    assert_int_equal(decode(1, ETHERNET "88cc" IP4_TCP).kind, EKI_PACKET_OTHER); /* LLDP */
    assert_int_equal(decode(1, ETHERNET "0026 424203" IP4_TCP).kind, EKI_PACKET_OTHER); /* spanning tree */
    assert_int_equal(decode(1, "0200").kind, EKI_PACKET_OTHER);
    assert_int_equal(
        decode(105, "0841 0000 020000000001 020000000002 020000000003 0000" SNAP "0800" IP4_TCP).kind,
        EKI_PACKET_OTHER); /* protected */
    /* Two levels of tunnel: the innermost is not searched for. */
    struct eki_packet p = decode(1, ETHERNET "0800 45000050 00000000 40040000 c0000201 c0000202"
                                             "4500003c 00000000 40040000 c0000203 c0000204" IP4_TCP);
    assert_int_equal(p.kind, EKI_PACKET_OTHER);
    assert_true(eki_address_equal(p.source, eki_address_v4(0xc0000203)));
}

static void ip_lengths(void **state)
{
    (void)state;
    /* Total length 0: the frame's length counts. Four bytes of payload. */
    struct eki_packet p = decode(228, "4500000000010000 40060000 0a000001 0a000002" TCP_SYN "01020304");
    assert_int_equal(p.payload_wire, 4);
    assert_int_equal(p.payload_captured, 4);
    assert_int_equal(p.flags, 0);
    /* Options: a header of 24 bytes. */
    p = decode(228, "4600002c00010000 40060000 0a000001 0a000002 01010100" TCP_SYN);
    assert_syn_v4(p);
    /* Header of 16 bytes; total length inside the header; total length past the frame; version 5. */
    assert_int_equal(decode(228, "4400002800010000 40060000 0a000001 0a000002" TCP_SYN).flags,
                     EKI_PACKET_MALFORMED);
    assert_int_equal(decode(228, "4500001300010000 40060000 0a000001 0a000002" TCP_SYN).flags,
                     EKI_PACKET_MALFORMED);
    assert_int_equal(decode(228, "5500002800010000 40060000 0a000001 0a000002" TCP_SYN).flags,
                     EKI_PACKET_MALFORMED);
    p = decode(1, ETHERNET "0800 4500002900010000 40060000 0a000001 0a000002" TCP_SYN);
    assert_int_equal(p.flags, EKI_PACKET_MALFORMED);
    assert_int_equal(p.kind, EKI_PACKET_TCP);
    assert_int_equal(p.target_port, 445);
}

static void transport_lengths(void **state)
{
    (void)state;
    /* TCP: header of 24 bytes with options; of 16; longer than the packet. */
    struct eki_packet p =
        decode(228, "4500002e00010000 40060000 0a000001 0a000002 c35001bd 00000011 00000022 6018faf0 00000000"
                    "020405b4 abcd");
    assert_int_equal(p.payload_wire, 2);
    assert_int_equal(p.payload_captured, 2);
    assert_int_equal(p.tcp_flags, EKI_TCP_PSH | EKI_TCP_ACK);
    p = decode(228,
               "4500002800010000 40060000 0a000001 0a000002 c35001bd 00000011 00000022 4002faf0 00000000");
    assert_int_equal(p.flags, EKI_PACKET_MALFORMED);
    p = decode(228,
               "4500002800010000 40060000 0a000001 0a000002 c35001bd 00000011 00000022 f002faf0 00000000");
    assert_int_equal(p.flags, EKI_PACKET_MALFORMED);
    assert_int_equal(p.target_port, 445);
    /* UDP: 3 bytes; padded to 5 by IP; length 7; length past the packet. */
    p = decode(1, ETHERNET "0800 4500001f00010000 40110000 0a000001 0a000002 c3500035 000b0000 010203 0000");
    assert_int_equal(p.kind, EKI_PACKET_UDP);
    assert_int_equal(p.payload_captured, 3);
    assert_int_equal(p.payload_wire, 3);
    p = decode(228, "4500002100010000 40110000 0a000001 0a000002 c3500035 000b0000 0102030000");
    assert_int_equal(p.payload_captured, 3);
    assert_int_equal(p.flags, 0);
    assert_int_equal(
        decode(228, "4500001f00010000 40110000 0a000001 0a000002 c3500035 00070000 010203").flags,
        EKI_PACKET_MALFORMED);
    assert_int_equal(
        decode(228, "4500001f00010000 40110000 0a000001 0a000002 c3500035 000c0000 010203").flags,
        EKI_PACKET_MALFORMED);
    /* IP says there are 4 bytes of TCP. */
    p = decode(228, "4500001800010000 40060000 0a000001 0a000002 c35001bd");
    assert_int_equal(p.flags, EKI_PACKET_MALFORMED);
    assert_int_equal(p.kind, EKI_PACKET_OTHER);
    assert_int_equal(p.protocol, EKI_PROTOCOL_TCP);
}

static void fragments(void **state)
{
    (void)state;
    /* First of several: its UDP length speaks of them all. */
    struct eki_packet p =
        decode(228, "4500002400012000 40110000 0a000001 0a000002 c3500035 07d00000 0102030405060708");
    assert_int_equal(p.kind, EKI_PACKET_UDP);
    assert_int_equal(p.flags, 0);
    assert_int_equal(p.payload_captured, 8);
    p = decode(228, "450000280001200140060000 0a000001 0a000002" TCP_SYN);
    assert_int_equal(p.kind, EKI_PACKET_FRAGMENT);
    assert_int_equal(p.target_port, 0);
    assert_true(eki_address_equal(p.target, eki_address_v4(0x0a000002)));
}

#define V6(next, length)                                                                                     \
    "60000000 " length next "40 20010db8000000000000000000000001 20010db8000000000000000000000002"

static void extension_headers(void **state)
{
    (void)state;
    assert_syn_v6(decode(229, V6("00", "001c") "0600 000000000000" TCP_SYN));
    assert_syn_v6(decode(229, V6("00", "0034") "2b01 0000000000000000000000000000"
                                               "3c00 000000000000"
                                               "0600 000000000000" TCP_SYN));
    assert_syn_v6(
        decode(229, V6("33", "002c") "0604 0000 00000000 00000000 0000000000000000 00000000" TCP_SYN));
    assert_syn_v6(decode(229, V6("2c", "001c") "0600 0000 00000001" TCP_SYN)); /* an atomic fragment */
    assert_syn_v6(decode(229, V6("2c", "001c") "0600 0001 00000001" TCP_SYN)); /* the first */
    struct eki_packet p = decode(229, V6("2c", "001c") "0600 0009 00000001" TCP_SYN);
    assert_int_equal(p.kind, EKI_PACKET_FRAGMENT);
    /* Nine in a row are one too many; one longer than the packet contradicts it. */
    const char *const eight = "3c00 000000000000 3c00 000000000000 3c00 000000000000 3c00 000000000000"
                              "3c00 000000000000 3c00 000000000000 3c00 000000000000 3c00 000000000000";
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, 229);
    put64(&b, 0);
    put32(&b, 40 + 64 + 20);
    put32(&b, 40 + 64 + 20);
    put_hex(&b, V6("3c", "0054"));
    put_hex(&b, eight);
    put_hex(&b, TCP_SYN);
    struct outcome outcome = read_bytes(b.at, b.length, NULL);
    assert_int_equal(outcome.packets[0].flags, EKI_PACKET_MALFORMED);
    assert_int_equal(outcome.packets[0].kind, EKI_PACKET_OTHER);
    assert_int_equal(decode(229, V6("3c", "001c") "06ff 000000000000" TCP_SYN).flags, EKI_PACKET_MALFORMED);
}

static void echo(void **state)
{
    (void)state;
    struct eki_packet p = decode(228, "4500001e00010000 40010000 0a000001 0a000002 08000000 00010002 6162");
    assert_int_equal(p.kind, EKI_PACKET_PING);
    assert_int_equal(p.protocol, EKI_PROTOCOL_ICMP);
    assert_int_equal(p.payload_captured, 2);
    assert_int_equal(p.source_port, 0);
    assert_int_equal(decode(228, "4500001c00010000 40010000 0a000001 0a000002 00000000 00010002").kind,
                     EKI_PACKET_PONG);
    assert_int_equal(decode(228, "4500001c00010000 40010000 0a000001 0a000002 0b000000 00010002").kind,
                     EKI_PACKET_OTHER);
    assert_int_equal(decode(229, V6("3a", "0008") "80000000 00010002").kind, EKI_PACKET_PING);
    assert_int_equal(decode(229, V6("3a", "0008") "81000000 00010002").kind, EKI_PACKET_PONG);
}

#define UNREACHABLE(code) "4500003800010000 40010000 c0000201 0a000001 03" code "0000 00000000 " QUOTED
#define QUOTED            "4500002800010000 40060000 0a000001 0a000002 c35001bd 00000011"

static void refusals(void **state)
{
    (void)state;
    static const char *const frames[] = {UNREACHABLE("01"), UNREACHABLE("03"), UNREACHABLE("0d")};
    for (size_t i = 0; i < 3; i++) {
        struct eki_packet p = decode(228, frames[i]);
        assert_int_equal(p.kind, EKI_PACKET_REFUSAL);
        assert_int_equal(p.protocol, EKI_PROTOCOL_TCP);
        assert_true(eki_address_equal(p.source, eki_address_v4(0x0a000002)));
        assert_true(eki_address_equal(p.target, eki_address_v4(0x0a000001)));
        assert_int_equal(p.source_port, 445);
        assert_int_equal(p.target_port, 50000);
    }
    assert_int_equal(decode(228, UNREACHABLE("04")).kind, EKI_PACKET_OTHER); /* "too big" refuses nobody */
    struct eki_packet p = decode(229, V6("3a", "0044") "01040000 00000000" IP6_TCP);
    assert_int_equal(p.kind, EKI_PACKET_REFUSAL);
    assert_int_equal(p.source.lo, 2);
    assert_int_equal(p.target.lo, 1);
    assert_int_equal(p.source_port, 445);
}

#define ARP(operation, sender, wanted)                                                                       \
    ETHERNET "0806 0001 0800 06 04 " operation "020000000001" sender "000000000000" wanted

static void neighbours(void **state)
{
    (void)state;
    struct eki_packet p = decode(1, ARP("0001", "0a000001", "0a000002"));
    assert_int_equal(p.kind, EKI_PACKET_ARP_ASK);
    assert_int_equal(p.protocol, EKI_PROTOCOL_ARP);
    assert_true(eki_address_equal(p.source, eki_address_v4(0x0a000001)));
    assert_true(eki_address_equal(p.target, eki_address_v4(0x0a000002)));
    assert_int_equal(decode(1, ARP("0002", "0a000002", "0a000001")).kind, EKI_PACKET_ARP_ANSWER);
    assert_int_equal(decode(1, ARP("0001", "0a000001", "0a000001")).kind, EKI_PACKET_OTHER);
    assert_int_equal(decode(1, ARP("0001", "00000000", "0a000001")).kind, EKI_PACKET_OTHER);
    p = decode(229, V6("3a", "0018") "87000000 00000000 20010db8000000000000000000000009");
    assert_int_equal(p.kind, EKI_PACKET_ARP_ASK);
    assert_int_equal(p.protocol, EKI_PROTOCOL_ARP);
    assert_int_equal(p.target.lo, 9);
    p = decode(229, V6("3a", "0018") "88000000 60000000 20010db8000000000000000000000009");
    assert_int_equal(p.kind, EKI_PACKET_ARP_ANSWER);
    assert_int_equal(p.source.lo, 9);
    assert_int_equal(p.target.lo, 2);
}

/* A frame of nothing but tags or LLC headers comes to an end, on every link type and at every length. */
static void endless_headers(void **state)
{
    (void)state;
    static uint8_t frame[60000];
    for (uint32_t link = 0; link < 300; link++) {
        for (size_t i = 0; i < sizeof frame; i++) frame[i] = i % 4 < 2 ? (i % 2 ? 0x00 : 0x81) : 0xaa;
        static uint8_t file[sizeof frame + 40];
        struct bytes b = {.length = 0};
        put_pcap(&b, 0xa1b2c3d4, link);
        put64(&b, 0);
        put32(&b, sizeof frame);
        put32(&b, sizeof frame);
        for (size_t i = 0; i < sizeof file; i++) file[i] = i < 40 ? b.at[i] : frame[i - 40];
        assert_int_equal(read_bytes(file, sizeof file, NULL).count, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_layers), cmocka_unit_test(not_looked_into),
        cmocka_unit_test(ip_lengths),  cmocka_unit_test(transport_lengths),
        cmocka_unit_test(fragments),   cmocka_unit_test(extension_headers),
        cmocka_unit_test(echo),        cmocka_unit_test(refusals),
        cmocka_unit_test(neighbours),  cmocka_unit_test(endless_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
