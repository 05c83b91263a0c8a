/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real captures, from the folder that EKIGAKU_CAPTURES names: the reader must find the packets that a libpcap
 * loop finds, and the express lane must say what the full decoder says.
 */
#define _GNU_SOURCE
#include "support_bytes.h"

#include <glob.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/express.h"

struct census {
    uint64_t packets, bytes, tcp, udp, syn;
    uint64_t nanoseconds; /* sum of all times, wrapping */
};

static void find_captures(glob_t *ret_files)
{
    const char *folder = getenv("EKIGAKU_CAPTURES");
    char pattern[1024];
    snprintf(pattern, sizeof pattern, "%s/*/*.{pcap,pcapng,cap}", folder ? folder : "../shared/captures");
    if (glob(pattern, GLOB_BRACE, NULL, ret_files)) {
        print_message("0 captures found under %s: skipped\n", folder ? folder : "../shared/captures");
        skip();
    }
}

/* A plain expression, and the same behind a VLAN tag (the word shifts all offsets that follow it). */
#define ALSO_TAGGED(expression) "(" expression ") or (vlan and (" expression "))"

static void compile_all(pcap_t *handle, struct bpf_program programs[3])
{
    static const char *const expressions[3] = {
        ALSO_TAGGED("ip proto 6 and ip[6:2] & 0x1fff = 0 or ip6 proto 6"),
        ALSO_TAGGED("ip proto 17 and ip[6:2] & 0x1fff = 0 or ip6 proto 17"),
        ALSO_TAGGED("tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn"),
    };
    for (int i = 0; i < 3; i++)
        assert_int_equal(pcap_compile(handle, &programs[i], expressions[i], 1, PCAP_NETMASK_UNKNOWN), 0);
}

static struct census census_by_libpcap(const char *path)
{
    struct census census = {0};
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *handle = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, error);
    assert_non_null(handle);
    struct bpf_program programs[3];
    compile_all(handle, programs);
    struct pcap_pkthdr *header;
    const u_char *bytes;
    while (pcap_next_ex(handle, &header, &bytes) == 1) {
        census.packets++;
        census.bytes += header->len;
        census.nanoseconds += (uint64_t)header->ts.tv_sec * 1000000000 + (uint64_t)header->ts.tv_usec;
        census.tcp += pcap_offline_filter(&programs[0], header, bytes) != 0;
        census.udp += pcap_offline_filter(&programs[1], header, bytes) != 0;
        census.syn += pcap_offline_filter(&programs[2], header, bytes) != 0;
    }
    for (int i = 0; i < 3; i++) pcap_freecode(&programs[i]);
    pcap_close(handle);
    return census;
}

static void count_packet(const struct eki_packet *packet, struct census *census)
{
    census->packets++;
    census->bytes += packet->wire_bytes;
    census->nanoseconds += (uint64_t)packet->time;
    census->tcp += packet->kind == EKI_PACKET_TCP;
    census->udp += packet->kind == EKI_PACKET_UDP;
    bool syn =
        packet->kind == EKI_PACKET_TCP && (packet->tcp_flags & (EKI_TCP_SYN | EKI_TCP_ACK)) == EKI_TCP_SYN;
    census->syn += syn && eki_address_is_v4(packet->source);
}

static struct census census_by_reader(const char *path)
{
    struct census census = {0};
    struct eki_capture *capture;
    assert_int_equal(eki_capture_open(path, NULL, &capture, NULL), EKI_OK);
    struct eki_packet batch[EKI_PACKET_BATCH];
    size_t count;
    while (eki_capture_read(capture, batch, EKI_PACKET_BATCH, &count, NULL) == EKI_OK && count > 0)
        for (size_t i = 0; i < count; i++) count_packet(&batch[i], &census);
    eki_capture_close(capture);
    return census;
}

static void same_as_libpcap(void **state)
{
    (void)state;
    glob_t files;
    find_captures(&files);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct census theirs = census_by_libpcap(files.gl_pathv[i]),
                      ours = census_by_reader(files.gl_pathv[i]);
        if (memcmp(&theirs, &ours, sizeof ours) == 0) continue;
        fail_msg("%s: packets %lu/%lu tcp %lu/%lu udp %lu/%lu syn %lu/%lu", files.gl_pathv[i], ours.packets,
                 theirs.packets, ours.tcp, theirs.tcp, ours.udp, theirs.udp, ours.syn, theirs.syn);
    }
    print_message("%zu captures compared\n", files.gl_pathc);
    globfree(&files);
}

static void assert_same_packet(const struct eki_packet *a, const struct eki_packet *b)
{
    assert_true(eki_address_equal(a->source, b->source) && eki_address_equal(a->target, b->target));
    assert_ptr_equal(a->payload, b->payload);
    assert_true(a->time == b->time && a->wire_bytes == b->wire_bytes && a->input == b->input);
    assert_true(a->payload_captured == b->payload_captured && a->payload_wire == b->payload_wire);
    assert_true(a->sequence == b->sequence && a->acknowledgement == b->acknowledgement &&
                a->window == b->window);
    assert_true(a->source_port == b->source_port && a->target_port == b->target_port);
    assert_true(a->kind == b->kind && a->protocol == b->protocol && a->tcp_flags == b->tcp_flags);
    assert_true(a->flags == b->flags && a->ttl == b->ttl);
}

/* The frame cut to every length that meets a header, as if by a snap length; 1 when the whole frame took the
 * express lane. */
static size_t compare_lanes(const struct pcap_pkthdr *header, const u_char *bytes)
{
    size_t taken = 0;
    for (uint32_t cut = 50; cut < 70; cut++) {
        uint32_t captured = cut == 69 || cut > header->caplen ? header->caplen : cut;
        struct eki_frame frame = {
            .time = 5, .bytes = bytes, .captured = captured, .wire = header->len, .link = 1};
        struct eki_packet express, full;
        memset(&express, 0x55, sizeof express);
        if (!eki_express_decode(&frame, &express)) continue;
        eki_frame_decode(&frame, &full);
        assert_same_packet(&express, &full);
        taken += cut == 69;
    }
    return taken;
}

static void express_lane(void **state)
{
    (void)state;
    glob_t files;
    find_captures(&files);
    size_t taken = 0, all = 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char error[PCAP_ERRBUF_SIZE];
        pcap_t *handle = pcap_open_offline(files.gl_pathv[i], error);
        assert_non_null(handle);
        struct pcap_pkthdr *header;
        const u_char *bytes;
        for (; pcap_next_ex(handle, &header, &bytes) == 1; all++) taken += compare_lanes(header, bytes);
        pcap_close(handle);
    }
    print_message("%zu of %zu packets took the express lane\n", taken, all);
    assert_true(taken > all / 2);
    globfree(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_libpcap), cmocka_unit_test(express_lane)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
