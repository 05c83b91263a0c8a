/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_FLOOD_H
#define EKI_SCAN_FLOOD_H
/*
 * Targets that many new sources turn on, and hosts that answer questions nobody asked: floods with spoofed
 * sources and their backscatter. One row per (host, protocol, kind); fed only by sources never seen before,
 * so a sweep costs it nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/index.h"
#include "ekigaku/contact.h"
#include "ekigaku/scanner.h"

/* 16,384 rows of 64 bytes, 1 MiB: a target that matters is met by every other source, so it stays; rare ones
 * make room. */
enum { EKI_FLOOD_ROWS = 1 << 14 };

struct eki_flood_row;

struct eki_flood {
    struct eki_flood_row *rows;
    struct eki_index index;
    uint32_t used, hand;
    uint64_t seed, replaced;
};

/* An empty table of flooded targets whose hashing is keyed by `seed`; pair with the _done below, which takes
 * a zeroed one as well. EKI_ERROR_MEMORY leaves *ret_flood untouched. */
EKI_MUST_USE enum eki_error eki_flood_init(struct eki_flood *ret_flood, uint64_t seed);
void eki_flood_done(struct eki_flood *flood);

/* One contact of a source never seen before, or one that is EKI_CONTACT_UNASKED. O(1). */
void eki_flood_feed(struct eki_flood *flood, const struct eki_contact *contact);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_flood_archive(struct eki_flood *flood, struct eki_archive *archive);

/* How many targets count as drowned or answering unasked. */
size_t eki_flood_count(const struct eki_flood *flood);

/* Appends a scanner record (verdict flood or backscatter) for each row that is one, up to `capacity`; returns
 * how many. */
size_t eki_flood_findings(const struct eki_flood *flood, struct eki_scanner *ret_scanners, size_t capacity);

#endif
