/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_WRITER_H
#define EKI_TRAFFIC_WRITER_H
/*
 * The capture writer: frames come in order of time, go through what a sensor loses (chance, headers only) and
 * into a pcap file (classic format, microseconds, Ethernet) through one large buffer. The dice of the loss
 * are a stream of their own, so that the same outbreak can be written with and without loss.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/random.h"
#include "ekigaku/time.h"

struct writer {
    FILE *file;
    uint8_t *buffer;
    size_t used;
    struct eki_random random;
    double loss;
    eki_time first; /* of the first packet written, EKI_TIME_NONE before */
    uint64_t written, lost;
    bool failed;
};

/* What goes into a record: the bytes captured and the length on the wire. */
struct capture_bytes {
    const uint8_t *bytes;
    uint32_t captured, wire;
};

/* Opens `path` and writes the file header. False when that fails; nothing to close
 * then. */
bool eki_writer_open(struct writer *ret_writer, const char *path, double loss, uint64_t seed);

/* Writes one frame, or loses it. True when it is in the file. Errors of the file are kept for
 * eki_writer_close.
 */
bool eki_writer_put(struct writer *writer, eki_time time, struct capture_bytes frame);

/* Flushes and closes; false when anything could not be written. */
bool eki_writer_close(struct writer *writer);

#endif
