/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPPORT_TRACE_H
#define SUPPORT_TRACE_H
/* A sign engine whose signs are collected, fed from real captures or from conversations said message by
 * message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ekigaku/sign.h"

enum { SIGNS = 256, SERVER = 0, CLIENT = 1 };

struct trace {
    struct eki_sign_engine *engine;
    struct eki_sign signs[SIGNS];
    size_t count, emitted;
    eki_time now;    /* time of the next packet */
    eki_time origin; /* of the first packet of a capture */
    uint64_t packets, conversations;
};

void trace_begin(struct trace *t);
void trace_end(struct trace *t);

/* Reads a capture below EKIGAKU_CAPTURES through the flow and contact stages; the test is skipped when it is
 * absent. */
void trace_capture(struct trace *t, const char *name);

/* The sign of that name, or NULL; the first when there are several. With from/to: between these two ("" for
 * any). */
const struct eki_sign *trace_find(const struct trace *t, const char *name);
const struct eki_sign *trace_between(const struct trace *t, const char *name, const char *source,
                                     const char *target);
/* The highest grade of any sign that counts as a way in; EKI_GRADE_NOTE when there is none. */
int trace_highest(const struct trace *t);
/* Seconds from the origin to a time. */
double trace_at(const struct trace *t, eki_time time);

/* One conversation. */
struct talk {
    struct trace *trace;
    struct eki_address client, server;
    uint64_t conversation;
    uint32_t next[2]; /* sequence numbers of server, client */
    uint16_t client_port, service;
    uint8_t protocol;
    bool inferred;
};

struct talk talk_begin(struct trace *t, const char *client, const char *server, uint16_t service);
/* One segment of `wire` bytes, of which `captured` are there; 1 ms later than the one before. */
void talk_bytes(struct talk *talk, int side, const void *bytes, size_t captured, size_t wire);
void talk_text(struct talk *talk, int side, const char *text);
/* Something was lost on the way: the next sequence number is further on. */
void talk_lose(struct talk *talk, int side, uint32_t bytes);
void trace_wait(struct trace *t, double seconds);
void trace_contact(struct trace *t, const struct eki_contact *contact);

/* SMB1: ids and words of one message. */
struct smb1 {
    uint8_t command;
    uint32_t status;
    uint16_t pid, mid;
    uint8_t words[64]; /* as they stand on the wire */
    uint8_t word_count;
    size_t wire; /* at least this many bytes on the wire, the rest not captured */
};
void smb1_say(struct talk *talk, int side, const struct smb1 *message);
/* TRANSACTION, TRANSACTION2: totals, setup words. */
struct smb1 smb1_transaction(uint8_t command, uint16_t mid, uint16_t setup0, uint16_t setup1);

/* SMB2: one request and the answer to it. */
void smb2_say(struct talk *talk, int side, uint16_t command, uint64_t message, uint32_t tree, uint32_t status,
              const void *body, size_t length);
void smb2_share(struct talk *talk, uint64_t message, const char *path, uint32_t tree);
void smb2_open(struct talk *talk, uint64_t message, uint32_t tree, const char *name, uint64_t file);
void smb2_write(struct talk *talk, uint64_t message, uint32_t tree, uint64_t file, const void *data,
                size_t length);
void smb2_login(struct talk *talk, uint64_t message, uint32_t status);

/* RPC units: a bind of one interface, a request. Return their length. */
size_t rpc_bind(uint8_t bytes[128], const uint8_t uuid[16]);
size_t rpc_request(uint8_t bytes[128], uint16_t operation);

extern const uint8_t rpc_svcctl[16], rpc_wmi[16];

#endif
