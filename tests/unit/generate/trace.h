/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_GENERATE_TRACE_H
#define TEST_GENERATE_TRACE_H
/*
 * A generated capture, read back through libpcap (not through our own reader), and its truth.
 */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct trace_packet {
    double time; /* seconds since the first packet */
    uint32_t source, target, sequence;
    uint32_t captured, wire, ip_length, headers;
    uint16_t source_port, target_port, arp; /* arp: operation, 0 when it is none */
    uint8_t protocol, flags;
    uint8_t payload[8]; /* zeros where there is less */
    int checksum_right, ordered;
};

struct trace {
    struct trace_packet *packets;
    size_t count;
    json_t *truth; /* NULL when there is none */
};

/* Runs the generator with a command line of words and reads what it wrote to /tmp. Fails the test when
 * anything goes wrong. */
struct trace trace_make(const char *command);

/* Frees both. */
void trace_free(struct trace *trace);

/* "10.0.0.1" to a number in host order. */
uint32_t trace_address(const char *text);

/* The address of the first host of the truth: patient zero. */
uint32_t trace_patient_zero(const struct trace *trace);

#endif
