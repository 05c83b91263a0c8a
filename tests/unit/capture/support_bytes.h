/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPPORT_BYTES_H
#define SUPPORT_BYTES_H
/* Captures written byte by byte for the tests of capture/, and the reading of them through the public calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ekigaku/packet.h"

struct bytes {
    uint8_t at[4096];
    size_t length;
    bool big; /* byte order of what put16, put32 and put64 write */
};

void put16(struct bytes *b, uint16_t value);
void put32(struct bytes *b, uint32_t value);
void put64(struct bytes *b, uint64_t value);

/* Hexadecimal digits; blanks are for the reader. */
void put_hex(struct bytes *b, const char *digits);

/* A pcap file header and one record around a frame. */
void put_pcap(struct bytes *b, uint32_t magic, uint32_t link);
void put_record(struct bytes *b, uint32_t seconds, uint32_t fraction, const char *frame_digits);

/* What reading an input to its end gave: the first packets, how many there were, how it ended. Payload
 * pointers are not kept. */
struct outcome {
    struct eki_packet packets[8];
    size_t count;
    enum eki_error error;
    struct eki_fault fault;
    struct eki_input input;
};

/* Reads an open capture to its end and closes it. */
struct outcome read_all(struct eki_capture *capture);

/* Opens memory and reads it; a failure to open is in `error` too. */
struct outcome read_bytes(const void *bytes, size_t length, const char *filter);

/* Ethernet, IPv4, TCP SYN 10.0.0.1:50000 -> 10.0.0.2:445, padded to 60 bytes. */
extern const char *const syn_frame;
/* The same from the IPv4 header on, without padding. */
#define IP4_TCP "4500002800010000 40060000 0a000001 0a000002 c35001bd 00000011 00000022 5002faf0 00000000"
/* IPv6 2001:db8::1 -> 2001:db8::2, TCP SYN, the same ports. */
#define IP6_TCP                                                                                              \
    "60000000 0014 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002" TCP_SYN
#define TCP_SYN "c35001bd 00000011 00000022 5002faf0 00000000"

#endif
