/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_VERTICAL_H
#define EKI_SCAN_VERTICAL_H
/*
 * One source on the ports of one target: a port scan. For each source that has used several services, the
 * last few targets with the ports tried on each.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/contact.h"
#include "ekigaku/scanner.h"

/* The first contacts that are remembered for the picture: those after EKI_VERTICAL_FIRST_PORTS, so that
 * ordinary clients take no room for it; when there are more than EKI_VERTICAL_KEPT (16 KiB), every second one
 * goes and fewer are taken from then on. */
enum { EKI_VERTICAL_TARGETS = 4, EKI_VERTICAL_FIRST_PORTS = 12, EKI_VERTICAL_KEPT = 1024 };

struct eki_vertical_probe {
    eki_time time;
    uint16_t port;
    bool answered;
};

struct eki_vertical_target {
    struct eki_address target;
    eki_time first, last, decided_at, since;
    uint64_t packet;
    uint64_t *ports; /* bitmap of 65,536 ports, once there are more than fit below */
    struct eki_vertical_probe *kept;
    uint32_t kept_count, skip; /* skip + 1, a power of two: one in so many is taken */
    size_t kept_capacity;
    uint16_t few[EKI_VERTICAL_FIRST_PORTS];
    uint32_t port_count, answered, refused, decided_after;
    float run; /* cumulative sum of outcome evidence */
    uint16_t input;
    uint8_t protocol;
};

struct eki_vertical {
    struct eki_vertical_target slots[EKI_VERTICAL_TARGETS];
    uint8_t used;
};

/* Notes one contact of the source. `step`: what its outcome says (scan/outcome). False when there was no
 * memory. */
bool eki_vertical_feed(struct eki_vertical *vertical, const struct eki_contact *contact, double step);

/* Bytes that it takes, itself included. O(1). */
size_t eki_vertical_bytes(const struct eki_vertical *vertical);

/* Would eki_vertical_findings append any? */
bool eki_vertical_has_finding(const struct eki_vertical *vertical);

struct eki_arena;
/* Copies what is remembered of the contacts that a finding is made of into the arena, for its raster: each
 * with its port. EKI_ERROR_MEMORY. O(EKI_VERTICAL_KEPT). */
EKI_MUST_USE enum eki_error eki_vertical_probes(const struct eki_vertical *vertical, struct eki_arena *arena,
                                                struct eki_scanner *scanner);

/* Appends a scanner record for each decided target; returns how many (at most EKI_VERTICAL_TARGETS). */
size_t eki_vertical_findings(const struct eki_vertical *vertical, struct eki_address source,
                             struct eki_scanner *ret_scanners);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_vertical_archive(struct eki_vertical *vertical, struct eki_archive *archive);

/* Frees what it holds. A zeroed one is allowed. */
void eki_vertical_done(struct eki_vertical *vertical);

#endif
