/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_LOG_H
#define EKIGAKU_LOG_H
/*
 * The log: what somebody else already made of the packets (Zeek, Suricata, NetFlow, a firewall...), turned
 * into the records that packets would have become. It stands where capture/, flow/ and contact/ stand for
 * packets.
 *
 * Journey: the format is told from the first bytes, unpacked, never from the name. Each line or record that
 * speaks of a conversation becomes one entry: a contact with its outcome, and, when data moved, the flow; one
 * that speaks of something seen inside (an alert, a notice, a logon) carries a sign. Entries come in the
 * order of the file, which is seldom the order of time: the analysis puts them in order.
 *
 *     struct eki_log *log;
 *     struct eki_log_batch batch;
 *     eki_log_open("conn.log.gz", NULL, &log, &fault);
 *     do {
 *         error = eki_log_read(log, &batch);
 *         for (size_t i = 0; i < batch.count; i++) use(&batch.entries[i]);
 *     } while (batch.count && !error);
 *     eki_log_close(log);
 *
 * A record that cannot be used is counted, the first three are named with their places, and the rest is read.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/contact.h"
#include "ekigaku/error.h"
#include "ekigaku/flow.h"
#include "ekigaku/packet.h"
#include "ekigaku/sign.h"

#pragma GCC visibility push(default)

/* One conversation, or one thing seen inside one. */
struct eki_log_entry {
    struct eki_contact contact; /* attempts 0: no contact, only a sign */
    struct eki_flow flow;       /* packet_first 0: no data moved, or the format does not tell; nothing else of
                                   it is set then */
    const struct eki_sign *sign; /* NULL for most; lives as long as the batch */
};

struct eki_log_batch {
    const struct eki_log_entry *entries; /* of the log; valid until the next read */
    size_t count;
};

/* What a form of log is, for `ekigaku formats` and --format. All texts are static English. */
struct eki_log_kind {
    const char *name;  /* "zeek-conn" */
    const char *what;  /* one phrase */
    const char *lacks; /* what it cannot tell and so what is less certain; "" for nothing */
};

struct eki_log_options {
    const char *format;  /* a name of eki_log_kinds, NULL to tell it from the content */
    const char *mapping; /* path of the mapping file: columns of "csv" (NULL: the usual names), addresses of
                            hosts for Windows events; other forms do not look at it */
    const volatile int *stop; /* as in struct eki_capture_options */
    bool grows;               /* likewise: count 0 and EKI_OK is then the end only for now */
};

struct eki_log;

/* The forms in a fixed order; NULL behind the last. Any thread. */
const struct eki_log_kind *eki_log_kind_at(size_t index);

/* The kind a file holds, told from its first unpacked bytes, NULL when it is no log. Any thread. */
const struct eki_log_kind *eki_log_detect(const void *bytes, size_t length);

/*
 * Opens a log: a path, or "-" for standard input. options may be NULL. On failure *ret_log is untouched and
 * *ret_fault (may be NULL) says where and why: EKI_ERROR_OPEN, _READ, _EMPTY, _FORMAT, _MEMORY, _ARGUMENT for
 * a format name that is none or a mapping that is wrong. The path is kept by reference.
 */
EKI_MUST_USE enum eki_error eki_log_open(const char *path, const struct eki_log_options *options,
                                         struct eki_log **ret_log, struct eki_fault *ret_fault);

/* As eki_log_open, from bytes in memory that stay the caller's and outlive the log. */
EKI_MUST_USE enum eki_error eki_log_open_memory(const void *bytes, size_t length,
                                                const struct eki_log_options *options,
                                                struct eki_log **ret_log, struct eki_fault *ret_fault);

/* The next entries; *ret_batch with count 0 and EKI_OK is the end. On an error (TRUNCATED, CORRUPT, READ,
 * MEMORY, STOPPED) what was read before it is in the batch, and later calls give none and the same error. A
 * batch is what stands in about 64 KiB of input. */
EKI_MUST_USE enum eki_error eki_log_read(struct eki_log *log, struct eki_log_batch *ret_batch);

/* Counts so far; `flows` counts conversations, `packets` those the log speaks of. Valid until eki_log_close.
 */
const struct eki_input *eki_log_input(const struct eki_log *log);

/* How much of a regular file has been read, as eki_capture_progress. */
void eki_log_progress(const struct eki_log *log, uint64_t *ret_done, uint64_t *ret_size);

/* Frees everything. NULL is allowed. */
void eki_log_close(struct eki_log *log);

#pragma GCC visibility pop

#endif
