/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "generate.h"

enum { WORDS = 32, TCP = 6, UDP = 17 };

static uint16_t be16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}
static uint32_t be32(const uint8_t *at)
{
    return (uint32_t)be16(at) << 16 | be16(at + 2);
}

uint32_t trace_address(const char *text)
{
    unsigned a, b, c, d;
    assert_int_equal(sscanf(text, "%u.%u.%u.%u", &a, &b, &c, &d), 4);
    return a << 24 | b << 16 | c << 8 | d;
}

uint32_t trace_patient_zero(const struct trace *trace)
{
    return trace_address(json_string_value(json_object_get(trace->truth, "patient_zero")));
}

static struct trace_packet read_transport(const uint8_t *ip, struct trace_packet p)
{
    const uint8_t *at = ip + 20;
    p.source_port = be16(at);
    p.target_port = be16(at + 2);
    p.headers = 14 + 20 + 8;
    if (p.protocol == TCP) {
        p.sequence = be32(at + 4);
        p.flags = at[13];
        p.headers = 14 + 20 + (at[12] >> 4) * 4u;
    }
    size_t payload = p.captured > p.headers ? p.captured - p.headers : 0;
    memcpy(p.payload, ip - 14 + p.headers, payload < sizeof p.payload ? payload : sizeof p.payload);
    return p;
}

static struct trace_packet read_packet(const struct pcap_pkthdr *header, const uint8_t *bytes)
{
    struct trace_packet p = {.captured = header->caplen, .wire = header->len, .checksum_right = 1};
    assert_true(header->caplen >= 42 && header->caplen <= header->len);
    if (be16(bytes + 12) == 0x0806) {
        p.arp = be16(bytes + 20);
        p.source = be32(bytes + 28);
        p.target = be32(bytes + 38);
        return p;
    }
    const uint8_t *ip = bytes + 14;
    assert_int_equal(be16(bytes + 12), 0x0800);
    uint32_t sum = 0;
    for (int i = 0; i < 20; i += 2) sum += be16(ip + i);
    p.checksum_right = (sum & 0xffff) + (sum >> 16) == 0xffff;
    p.ip_length = be16(ip + 2);
    p.protocol = ip[9];
    p.source = be32(ip + 12);
    p.target = be32(ip + 16);
    return p.protocol == TCP || p.protocol == UDP ? read_transport(ip, p) : p;
}

static void read_capture(const char *path, struct trace *trace)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline(path, error);
    assert_non_null(pcap);
    assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
    struct pcap_pkthdr *header;
    const uint8_t *bytes;
    size_t room = 0;
    int64_t first = 0, before = 0;
    int status;
    while ((status = pcap_next_ex(pcap, &header, &bytes)) == 1) {
        if (trace->count == room) {
            room = room ? room * 2 : 4096;
            trace->packets = realloc(trace->packets, room * sizeof *trace->packets);
            assert_non_null(trace->packets);
        }
        int64_t time = (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec;
        if (!trace->count) first = time;
        struct trace_packet *packet = &trace->packets[trace->count++];
        *packet = read_packet(header, bytes);
        packet->time = (double)(time - first) * 1e-6;
        packet->ordered = time >= before;
        before = time;
    }
    assert_int_equal(status, PCAP_ERROR_BREAK);
    pcap_close(pcap);
}

struct trace trace_make(const char *command)
{
    char folder[] = "/tmp/eki-generate-XXXXXX", line[512], prefix[64], path[96];
    assert_non_null(mkdtemp(folder));
    snprintf(prefix, sizeof prefix, "%s/case", folder);
    snprintf(line, sizeof line, "eki-generate %s --out %s", command, prefix);
    char *words[WORDS], *rest = line;
    int count = 0;
    for (char *word; count < WORDS - 1 && (word = strsep(&rest, " "));) words[count++] = word;
    words[count] = NULL;
    assert_int_equal(generate_run(count, words), 0);
    struct trace trace = {0};
    snprintf(path, sizeof path, "%s.pcap", prefix);
    read_capture(path, &trace);
    unlink(path);
    snprintf(path, sizeof path, "%s.truth.json", prefix);
    trace.truth = json_load_file(path, 0, NULL);
    unlink(path);
    rmdir(folder);
    return trace;
}

void trace_free(struct trace *trace)
{
    free(trace->packets);
    json_decref(trace->truth);
    *trace = (struct trace){0};
}
