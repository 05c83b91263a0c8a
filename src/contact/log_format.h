/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_LOG_FORMAT_H
#define EKI_CONTACT_LOG_FORMAT_H
/*
 * What a form of log gives: one const struct eki_log_format in a file of its own, named in the table of
 * log.c.
 *
 * Journey: log.c opens the source and asks each format whether the first bytes fit; the first that says yes
 * is started. Then log.c hands over windows of bytes: `line` gets whole lines without their ends, `take` raw
 * bytes of which it uses up whole records. The format fills a struct eki_log_conversation for each
 * conversation and gives it to eki_log_conversation(), or a sign to eki_log_sign(); a record that cannot be
 * used goes to eki_log_reject(). At the end `end` hands out what was held back, and `stop` frees the state in
 * any case.
 *
 * Nothing in a log is trusted: binary formats read through base/cursor.h, texts through base/fields.h.
 */
#include "base/arena.h"
#include "base/archive.h"
#include "base/fields.h"
#include "ekigaku/log.h"

enum {
    EKI_LOG_WINDOW = 64 * 1024,  /* bytes handed over at once, when a record is not longer */
    EKI_LOG_RECORD = 1024 * 1024 /* the longest line or record; longer ones are passed over */
};

/* What is handed to a format in its calls. Only log.c looks into what stands behind `state`. */
struct eki_log_reading {
    void *state;          /* the format's own */
    const char *mapping;  /* eki_log_options.mapping */
    uint64_t offset;      /* of the line or window in the unpacked input */
    uint64_t record;      /* number of the line that is read, from 1; a binary format counts records itself */
    enum eki_error error; /* set by eki_log_fail: ends the reading */
    struct eki_fault fault;
    struct eki_input input;
    struct eki_log_entry *entries;
    size_t count, capacity;
    struct eki_arena signs; /* of this batch */
};

/* The payload of a UDP packet, when the records come in datagrams of a capture. */
struct eki_log_datagram {
    const uint8_t *bytes;
    size_t length;
    struct eki_address source; /* who sent it */
    eki_time time;             /* when it was captured */
    uint16_t port;             /* where it was sent to */
    bool meant;                /* sent to this program: it can be nothing but a record */
    bool cut;                  /* by a snap length, or the rest is in fragments */
};

struct eki_log_format {
    struct eki_log_kind kind;
    /* Do the first unpacked bytes (up to EKI_LOG_WINDOW, at least one) look like it? Must not be fooled by
     * the other formats: it is asked in the order of the table. */
    bool (*fits)(const char *head, size_t length);
    size_t state_size; /* bytes of zeroed state, 0 for none */
    /* May be NULL. Called once before anything else. */
    enum eki_error (*start)(struct eki_log_reading *r);
    /* One of both. A line has no '\n' and no '\r' at its end, and is not empty. */
    void (*line)(struct eki_log_reading *r, const char *line, size_t length);
    /* Returns how many bytes were used up; 0 asks for more, which at the end counts as truncated. */
    size_t (*take)(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended);
    /* Both NULL, but for what is sent in datagrams. Is the payload one of this kind? And takes one. */
    bool (*fits_datagram)(const struct eki_log_datagram *datagram);
    void (*datagram)(struct eki_log_reading *r, const struct eki_log_datagram *datagram);
    /* May be NULL: what is held back written out, or read into a state that was just started (see
     * base/archive.h). For those that come in datagrams, which cannot be read again. */
    void (*archive)(struct eki_log_reading *r, struct eki_archive *archive);
    void (*end)(struct eki_log_reading *r);  /* may be NULL */
    void (*stop)(struct eki_log_reading *r); /* may be NULL; the state itself is freed by log.c */
};

/* One conversation as a log tells it, oriented: the client asked. What is not told stays zero. */
struct eki_log_conversation {
    struct eki_address client, server;
    eki_time time;                       /* of the first packet; EKI_TIME_NONE is refused */
    eki_time end;                        /* of the last; EKI_TIME_NONE: not told */
    uint64_t client_bytes, server_bytes; /* transport payload, or the nearest that is told */
    uint64_t client_packets, server_packets;
    uint64_t asked; /* how often the client was seen to ask when nobody answered; 0: client_packets. Less
                       where counts were multiplied: a sampled packet is one attempt, not a flood. */
    uint16_t client_port, service;
    uint8_t protocol;
    uint8_t outcome; /* enum eki_outcome */
    uint8_t flags; /* enum eki_contact_flag of what the log shows; UPLOAD and DOWNLOAD come from the bytes */
    bool refused;  /* ended by RST */
};

/* Checks and appends one entry: the contact, and the flow when bytes moved. A conversation that cannot be one
 * (no time, client is server, multicast...) is not an error of the record: it is passed over silently. */
void eki_log_conversation(struct eki_log_reading *r, const struct eki_log_conversation *conversation);

/* Appends a sign; it is copied. Its packet numbers are set here to the record, but for a packet_first that is
 * there already; its `id` must be unique in this log, or that of a sign that has grown: use r->record. */
void eki_log_sign(struct eki_log_reading *r, const struct eki_sign *sign);

/* Counts the record as malformed; the first three are kept with their places. `at` is relative to r->offset.
 */
void eki_log_reject(struct eki_log_reading *r, size_t at, const char *what);

/* Ends the reading with an error; the first one counts. */
void eki_log_fail(struct eki_log_reading *r, enum eki_error error, size_t at, const char *what);

/* The outcome that bytes and packets both ways show, when the log names none. */
enum eki_outcome eki_log_outcome(const struct eki_log_conversation *conversation);

/* "tcp", "UDP", "6", "ipv6-icmp"... as a protocol number; 0 for what is none of TCP, UDP, ICMP and ICMPv6. */
uint8_t eki_log_protocol(struct eki_field field);

/* True when the head, up to its last whole line, has a line that starts with `text`. For `fits`. */
bool eki_log_has_line(const char *head, size_t length, const char *text);

/* True when `text` stands anywhere in the first whole line that is no comment ('#'). For `fits`. */
bool eki_log_first_line_has(const char *head, size_t length, const char *text);

/* True when `text` stands anywhere in those bytes. For `fits`. */
bool eki_log_has(const char *head, size_t length, const char *text);

struct eki_source;
/* As eki_log_open, from a source that was opened; it is taken over in every case. For analysis/. */
EKI_MUST_USE enum eki_error eki_log_over(struct eki_source *source, const char *path,
                                         const struct eki_log_options *options, struct eki_log **ret_log,
                                         struct eki_fault *ret_fault);

/* Where the entries of a batch stand, with the signs they carry. Zeroed is empty; who has it frees both. */
struct eki_log_room {
    struct eki_log_entry *entries;
    size_t capacity;
    struct eki_arena signs;
};

/* Exchanges the log's room for the caller's: a batch then outlives the next read, which fills the other room.
 * For analysis/. */
void eki_log_swap_room(struct eki_log *log, struct eki_log_room *room);

struct eki_capture;
/* As eki_log_over, from a capture whose UDP payloads are the records; it is taken over in every case. The
 * format must be named and take datagrams: EKI_ERROR_ARGUMENT. For analysis/. */
EKI_MUST_USE enum eki_error eki_log_over_capture(struct eki_capture *capture, const char *path,
                                                 const struct eki_log_options *options,
                                                 struct eki_log **ret_log, struct eki_fault *ret_fault);

/* A log whose records come in datagrams that the caller has, one by one. EKI_ERROR_MEMORY, or _ARGUMENT for a
 * format (NULL: "netflow", which takes sFlow as well) that takes none. For analysis/. */
EKI_MUST_USE enum eki_error eki_log_for_datagrams(const char *path, const struct eki_log_options *options,
                                                  struct eki_log **ret_log, struct eki_fault *ret_fault);

/* Takes one datagram, whose entries stand in the next batch; or counts it as one from a sender who has no
 * business here. The bytes may go away afterwards. */
void eki_log_take_datagram(struct eki_log *log, const struct eki_log_datagram *datagram);
void eki_log_refuse_datagram(struct eki_log *log, const struct eki_log_datagram *datagram);

/* No more datagrams come: the next batch has all that was held back. */
void eki_log_end_datagrams(struct eki_log *log);

/* What such a log knows: written out, or read into one that is new. `counted`: its entry in inputs[], whose
 * counts go on. */
void eki_log_archive(struct eki_log *log, const struct eki_input *counted, struct eki_archive *archive);

/* The kind that a datagram is of, NULL when of none. For analysis/. */
const struct eki_log_kind *eki_log_detect_datagram(const struct eki_log_datagram *datagram);

/* Does the format of this name come in datagrams? For analysis/. */
bool eki_log_takes_datagrams(const char *name);

/* A UDP packet's payload as a datagram; false for any other packet. For analysis/. */
bool eki_log_datagram_of(const struct eki_packet *packet, struct eki_log_datagram *ret_datagram);

extern const struct eki_log_format eki_log_zeek, eki_log_zeek_json, eki_log_eve, eki_log_argus,
    eki_log_vpc_aws, eki_log_vpc_azure, eki_log_vpc_google, eki_log_pfirewall, eki_log_windows_json,
    eki_log_windows_xml, eki_log_csv, eki_log_netflow, eki_log_sflow, eki_log_nfcapd, eki_log_nfdump;

#endif
