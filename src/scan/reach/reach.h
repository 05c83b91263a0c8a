/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_REACH_H
#define EKI_SCAN_REACH_H
/*
 * Which targets a source has tried: exact while they are few, a sketch beyond; and an evenly thinned sample
 * of its probes for the raster.
 *
 * First contacts are told from repeats exactly for the first EKI_REACH_EXACT targets. Beyond that every
 * contact counts as a first one, except a repeat of the target before; the number of distinct targets then
 * comes from the sketch (standard error 2.3 %).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "ekigaku/address.h"
#include "ekigaku/scanner.h"
#include "scan/reach/sketch.h"

/* 1,024 targets of 4 bytes at a load of one half: 8 KiB a source at most, and long after every decision has
 * fallen. */
enum { EKI_REACH_EXACT = 1024 };
/* 512 probes of 24 bytes for each of two scopes, 24 KiB a source: as many dots as a chart can show. Each
 * scope has its own share, because a source that searches in order here and at random there (WannaCry) tries
 * a hundred addresses elsewhere for each one here. */
enum { EKI_REACH_SAMPLE = 512, EKI_REACH_SCOPES = 2 };

struct eki_reach_probe {
    eki_time time;
    uint64_t number;      /* low half of the target */
    uint32_t before : 29; /* first contacts before it in both scopes, at most 2^29 */
    uint32_t answered : 1;
    uint32_t known_peer : 1;
    uint32_t busy : 1; /* it answered and was known to be alive */
};

/* An evenly thinned sample of the first contacts within one scope. */
struct eki_reach_sample {
    struct eki_reach_probe *probes;
    size_t count, capacity;
    uint32_t most;       /* as many are kept; 0: EKI_REACH_SAMPLE */
    uint64_t skip, seen; /* a first contact is kept when its number has none of these bits: 0, 1, 3, 7, ... */
};

struct eki_reach {
    uint32_t *set; /* tags of targets; 0 is empty */
    uint32_t slots, used;
    uint8_t *registers; /* 2^11, once the set is full */
    struct eki_reach_sample samples[EKI_REACH_SCOPES];
    uint64_t
        upper; /* upper half of the targets in the samples: that of the first (all of IPv4; IPv6: one /64) */
};

static inline uint64_t eki_reach_seen(const struct eki_reach *reach)
{
    return reach->samples[0].seen + reach->samples[1].seen;
}

/* 32 bits stand for a target: two of a thousand share them once in 8,000 sources. Never 0. */
static inline uint32_t eki_reach_tag(struct eki_address target)
{
    return (uint32_t)(eki_hash_address(target, 0, 0x2545f4914f6cdd1du) >> 32) | 1u << 31;
}

/* Notes a target, by its tag: true when it is new (as far as is remembered). *ret_failed is set when there
 * was no memory. */
bool eki_reach_add(struct eki_reach *reach, uint32_t tag, bool *ret_failed);

static inline bool eki_reach_is_sketched(const struct eki_reach *reach)
{
    return reach->registers != NULL;
}

enum { EKI_REACH_LOG2_REGISTERS = 11 };
static inline uint64_t eki_reach_spread(uint32_t tag)
{
    return eki_hash_fold(tag ^ 0x9e3779b97f4a7c15u, 0xe7037ed1a0b428dbu);
}

/* The same as eki_reach_prefetch, of the registers of one that is sketched. */
static inline void eki_reach_prefetch_sketch(const uint8_t *registers, uint32_t tag)
{
    __builtin_prefetch(&registers[eki_sketch_slot(EKI_REACH_LOG2_REGISTERS, eki_reach_spread(tag))], 1);
}

/* Fetches what the next eki_reach_add of this target will look at. */
void eki_reach_prefetch(const struct eki_reach *reach, uint32_t tag);

/* Notes a target of a source that has had its exact share (eki_reach_is_sketched), and whether its probe
 * belongs to the sample. */
static inline bool eki_reach_count_on(struct eki_reach *reach, unsigned scope, uint32_t tag)
{
    struct eki_reach_sample *sample = &reach->samples[scope];
    eki_sketch_add(reach->registers, EKI_REACH_LOG2_REGISTERS, eki_reach_spread(tag));
    bool sampled = !(sample->seen & sample->skip);
    sample->seen += !sampled; /* a sampled one is counted when it is kept */
    return sampled;
}

/* Keeps a probe for the raster, thinning evenly when there are too many; of *probe all but `before` and
 * `number` is given, `target` is the whole address. False without memory: the sample is then thinner. */
bool eki_reach_keep(struct eki_reach *reach, unsigned scope, struct eki_address target,
                    const struct eki_reach_probe *probe);

/* Distinct targets; *ret_estimated when they come from the sketch. */
uint64_t eki_reach_count(const struct eki_reach *reach, bool *ret_estimated);

/* Bytes that it holds; once sketched, the most it can hold. O(1). */
size_t eki_reach_bytes(const struct eki_reach *reach);

/* Thins the samples to `most` probes each and counts targets by the sketch from now on; false when that
 * would give nothing back, also without memory. */
bool eki_reach_thin(struct eki_reach *reach, size_t most);

struct eki_archive;
/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_reach_archive(struct eki_reach *reach, struct eki_archive *archive);

/* Frees what it holds; it is empty afterwards. A zeroed one is allowed. */
void eki_reach_done(struct eki_reach *reach);

#endif
