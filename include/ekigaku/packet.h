/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_PACKET_H
#define EKIGAKU_PACKET_H
/*
 * The packet: what crosses the border capture/ -> flow/.
 *
 * Journey: a byte source (file, pipe, gzip or zstd stream) is cut into link-layer frames by the pcap or
 * pcapng reader, each frame is decoded down to its transport header, and the result is one struct eki_packet.
 * Packets are handed over in batches, in the order of the input. `payload` points into the reader's buffer
 * and is valid until the next batch is asked for; everything else is by value. Nobody frees a packet.
 *
 *     struct eki_capture *capture;
 *     eki_capture_open(path, &options, &capture, &fault);
 *     struct eki_packet batch[EKI_PACKET_BATCH];
 *     size_t n;
 *     while ((error = eki_capture_read(capture, batch, EKI_PACKET_BATCH, &n, &fault)) == EKI_OK && n > 0)
 *         for (size_t i = 0; i < n; i++) use(&batch[i]);
 *     eki_capture_close(capture);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"
#include "ekigaku/time.h"

#pragma GCC visibility push(default)

enum { EKI_PACKET_BATCH = 64 };

/* What a packet can say about a conversation. EKI_PACKET_REFUSAL stands for "source (the wished server)
 * refuses target (the client)"; ports and protocol are those of the packet quoted inside, turned round. */
enum eki_packet_kind {
    EKI_PACKET_OTHER = 0, /* not IP, not ARP, or cut before the transport header */
    EKI_PACKET_TCP,
    EKI_PACKET_UDP,
    EKI_PACKET_PING,       /* ICMP(v6) echo request: source asks target */
    EKI_PACKET_PONG,       /* ICMP(v6) echo reply: source answers target */
    EKI_PACKET_REFUSAL,    /* ICMP(v6) unreachable; see above */
    EKI_PACKET_ARP_ASK,    /* who-has target, tell source (also IPv6 neighbour solicitation) */
    EKI_PACKET_ARP_ANSWER, /* source is-at ...; target is the asker (also neighbour advertisement) */
    EKI_PACKET_FRAGMENT    /* a later fragment: addresses only */
};

enum eki_tcp_flag {
    EKI_TCP_FIN = 1,
    EKI_TCP_SYN = 2,
    EKI_TCP_RST = 4,
    EKI_TCP_PSH = 8,
    EKI_TCP_ACK = 16,
    EKI_TCP_URG = 32
};

enum eki_packet_flag {
    EKI_PACKET_CUT = 1,       /* fewer bytes captured than were on the wire (snap length) */
    EKI_PACKET_MALFORMED = 2, /* a header contradicts itself; what was read before it is kept */
    EKI_PACKET_UNORDERED = 4, /* earlier than the packet before it */
};

/* Protocol numbers are IANA's (6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6); ARP and neighbour discovery use the number
 * IANA reserves. */
enum {
    EKI_PROTOCOL_ICMP = 1,
    EKI_PROTOCOL_TCP = 6,
    EKI_PROTOCOL_UDP = 17,
    EKI_PROTOCOL_ICMP6 = 58,
    EKI_PROTOCOL_ARP = 255
};

struct eki_packet {
    eki_time time;
    uint64_t number; /* 1-based position in its input, as Wireshark numbers it */
    struct eki_address source, target;
    const uint8_t *payload;    /* transport payload as captured; NULL when payload_captured is 0 */
    uint32_t payload_captured; /* bytes at `payload` */
    uint32_t payload_wire;     /* bytes the length fields of the headers announce */
    uint32_t wire_bytes;       /* length of the frame on the wire */
    uint32_t sequence, acknowledgement;
    uint16_t source_port, target_port; /* 0 where the protocol has none */
    uint16_t window;
    uint16_t input; /* index of the input it came from; set by the caller of the reader */
    uint8_t kind;   /* enum eki_packet_kind */
    uint8_t protocol;
    uint8_t tcp_flags; /* enum eki_tcp_flag, or'ed */
    uint8_t flags;     /* enum eki_packet_flag, or'ed */
    uint8_t ttl;
};

/* How many places of records that could not be used are kept. */
enum { EKI_INPUT_PLACES = 3 };

/* What an input was, for `inputs` of the facts. */
struct eki_input {
    const char *path;   /* as given; owned by the caller of eki_capture_open */
    const char *format; /* "pcap", "pcapng", "contacts"; with "+gzip" / "+zstd" appended; static text */
    uint64_t packets, flows, bytes; /* bytes: uncompressed bytes read */
    uint64_t malformed;             /* packets with a header that contradicts itself, or blocks skipped */
    uint64_t cut;                   /* packets cut by a snap length */
    uint64_t
        missing; /* of exports: records (v5) or datagrams (v9, sFlow) that were numbered and did not come */
    eki_time first, last; /* of all packets; EKI_TIME_NONE when there was none */
    bool truncated;       /* the input ended inside a record */
    enum eki_error error; /* why reading stopped, EKI_OK at a clean end */
    struct eki_fault fault;
    struct eki_fault places[EKI_INPUT_PLACES]; /* of a log: the first records that could not be used */
    unsigned place_count;
    const char *sensor;    /* who saw it, as given; NULL when nobody said */
    eki_time clock_offset; /* added to its times */
    bool clock_told;       /* the offset was given, or estimated from what another sensor saw too */
    uint64_t duplicates;   /* packets or conversations dropped because another sensor had told them */
    /* What its form cannot tell, so what is less certain; static. NULL: packets or contacts. */
    const char *lacks;
};

struct eki_capture;

struct eki_capture_options {
    const char *filter; /* a libpcap expression, compiled once per link type; NULL for none */
    const volatile int
        *stop;  /* may be NULL; when it becomes non-zero, waiting for a pipe ends (EKI_ERROR_STOPPED) */
    bool grows; /* a plain file that is still being written: a read that gives no packet is not the end, and
                   a record that is not whole yet is waited for */
    uint32_t ring_bytes; /* of an interface: the kernel's buffer; 0: 64 MiB */
};

/* What an interface gave and what was lost because nobody fetched it in time. */
struct eki_capture_loss {
    uint64_t received, lost;
};

/*
 * Opens a capture: a path, or "-" for standard input. The format is told from content, never from the name.
 * options may be NULL. On failure *ret_capture is untouched and *ret_fault (may be NULL) says where and why:
 * EKI_ERROR_OPEN, _READ, _EMPTY, _FORMAT, _MEMORY, _ARGUMENT for a filter that does not compile, or, from a
 * file header that is cut short, damaged or of another version, _TRUNCATED, _CORRUPT, _UNSUPPORTED. The path
 * is kept by reference. Not thread-safe per capture; different captures are independent.
 */
EKI_MUST_USE enum eki_error eki_capture_open(const char *path, const struct eki_capture_options *options,
                                             struct eki_capture **ret_capture, struct eki_fault *ret_fault);

/*
 * Opens a network interface for looking on ("any": all of them). Packets come in large blocks a few times a
 * second at least; a read that gives none means that there is none just now. EKI_ERROR_OPEN (no such
 * interface, not permitted), _UNSUPPORTED (a link type that is not read), _ARGUMENT (the filter), _MEMORY.
 */
EKI_MUST_USE enum eki_error eki_capture_open_live(const char *interface,
                                                  const struct eki_capture_options *options,
                                                  struct eki_capture **ret_capture,
                                                  struct eki_fault *ret_fault);

/* A descriptor that becomes readable when an interface has packets; -1 for a file. Owned by the capture. */
int eki_capture_descriptor(const struct eki_capture *capture);

/* What was lost so far; zeros for a file. */
struct eki_capture_loss eki_capture_losses(const struct eki_capture *capture);

/* As eki_capture_open, from bytes in memory that stay the caller's and outlive the capture. For tests and
 * fuzzing. */
EKI_MUST_USE enum eki_error eki_capture_open_memory(const void *bytes, size_t length,
                                                    const struct eki_capture_options *options,
                                                    struct eki_capture **ret_capture,
                                                    struct eki_fault *ret_fault);

/*
 * Reads up to `capacity` packets in order into `ret_batch`. *ret_count 0 with EKI_OK is the end. On an error
 * (TRUNCATED, CORRUPT, UNSUPPORTED, LIMIT, READ, MEMORY) the packets before it have been delivered by this or
 * earlier calls: *ret_count may be above 0 together with an error, and every later call returns 0 packets and
 * the same error. Payload pointers of earlier batches become invalid.
 */
EKI_MUST_USE enum eki_error eki_capture_read(struct eki_capture *capture, struct eki_packet *ret_batch,
                                             size_t capacity, size_t *ret_count, struct eki_fault *ret_fault);

/* Counts so far; valid until eki_capture_close. `flows` is not the reader's to know and stays 0. */
const struct eki_input *eki_capture_input(const struct eki_capture *capture);

/* How much of a regular file has been consumed (compressed bytes) and its size, for a progress bar; size 0
 * for a pipe. */
void eki_capture_progress(const struct eki_capture *capture, uint64_t *ret_done, uint64_t *ret_size);

/* Frees everything. NULL is allowed. */
void eki_capture_close(struct eki_capture *capture);

#pragma GCC visibility pop

#endif
