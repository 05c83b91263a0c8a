/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/reach/reach.h"

#include "base/archive.h"
#include "base/hash.h"
#include "base/memory.h"
#include "scan/reach/sketch.h"

enum { LOG2_REGISTERS = EKI_REACH_LOG2_REGISTERS, FIRST_SLOTS = 16 };

static bool set_has(const struct eki_reach *reach, uint32_t tag)
{
    if (!reach->slots) return false;
    for (uint32_t slot = tag & (reach->slots - 1); reach->set[slot]; slot = (slot + 1) & (reach->slots - 1))
        if (reach->set[slot] == tag) return true;
    return false;
}

static void set_add(uint32_t *set, uint32_t slots, uint32_t tag)
{
    uint32_t slot = tag & (slots - 1);
    while (set[slot]) slot = (slot + 1) & (slots - 1);
    set[slot] = tag;
}

/* May the set hold so many? Half full at most, the smallest three quarters: most sources have no other. */
static bool set_holds(uint32_t slots, uint32_t used)
{
    return slots <= FIRST_SLOTS ? 4 * used <= 3 * slots : 2 * used <= slots;
}

static bool set_grow(struct eki_reach *reach)
{
    uint32_t slots = reach->slots ? reach->slots * 2 : FIRST_SLOTS;
    uint32_t *set = eki_allocate(slots, sizeof *set);
    if (!set) return false;
    for (uint32_t i = 0; i < reach->slots; i++)
        if (reach->set[i]) set_add(set, slots, reach->set[i]);
    eki_free(reach->set);
    reach->set = set;
    reach->slots = slots;
    return true;
}

/* The set is full: all that is in it goes into the sketch, which counts from now on. */
static bool start_sketch(struct eki_reach *reach)
{
    reach->registers = eki_allocate((size_t)1 << LOG2_REGISTERS, 1);
    if (!reach->registers) return false;
    for (uint32_t i = 0; i < reach->slots; i++)
        if (reach->set[i]) eki_sketch_add(reach->registers, LOG2_REGISTERS, eki_reach_spread(reach->set[i]));
    eki_free(reach->set);
    reach->set = NULL;
    reach->slots = 0;
    return true;
}

bool eki_reach_add(struct eki_reach *reach, uint32_t tag, bool *ret_failed)
{
    if (reach->registers) {
        eki_sketch_add(reach->registers, LOG2_REGISTERS, eki_reach_spread(tag));
        return true;
    }
    if (set_has(reach, tag)) return false;
    bool room = reach->used < EKI_REACH_EXACT ? set_holds(reach->slots, reach->used + 1) || set_grow(reach)
                                              : start_sketch(reach);
    if (!room) {
        *ret_failed = true;
        return true;
    }
    if (reach->registers) return eki_reach_add(reach, tag, ret_failed);
    set_add(reach->set, reach->slots, tag);
    reach->used++;
    return true;
}

void eki_reach_prefetch(const struct eki_reach *reach, uint32_t tag)
{
    if (reach->registers)
        __builtin_prefetch(&reach->registers[eki_sketch_slot(LOG2_REGISTERS, eki_reach_spread(tag))], 1);
    else if (reach->slots)
        __builtin_prefetch(&reach->set[tag & (reach->slots - 1)], 1);
}

uint64_t eki_reach_count(const struct eki_reach *reach, bool *ret_estimated)
{
    *ret_estimated = reach->registers != NULL;
    return reach->registers ? eki_sketch_count(reach->registers, LOG2_REGISTERS) : reach->used;
}

static void thin(struct eki_reach_sample *sample)
{
    size_t kept = 0;
    for (size_t i = 0; i < sample->count; i += 2) sample->probes[kept++] = sample->probes[i];
    sample->count = kept;
    sample->skip = sample->skip * 2 + 1;
}

static size_t most_of(const struct eki_reach_sample *sample)
{
    return sample->most ? sample->most : EKI_REACH_SAMPLE;
}

/* Room for one more; most sources that are weighed at all are left soon, so the first steps are small. */
static bool make_room(struct eki_reach_sample *sample)
{
    enum { FIRST = 4, SMALL = 12 };
    if (sample->count < sample->capacity) return true;
    size_t wanted = !sample->capacity ? FIRST : sample->capacity < SMALL ? SMALL : sample->capacity * 2;
    void *probes = eki_reallocate(sample->probes, sample->capacity, wanted, sizeof *sample->probes);
    if (!probes) return false;
    sample->probes = probes;
    sample->capacity = wanted;
    return true;
}

bool eki_reach_keep(struct eki_reach *reach, unsigned scope, struct eki_address target,
                    const struct eki_reach_probe *probe)
{
    struct eki_reach_sample *sample = &reach->samples[scope];
    uint64_t before = eki_reach_seen(reach), number = sample->seen++;
    if (before == 0) reach->upper = target.hi;
    if (number & sample->skip || target.hi != reach->upper || before >> 30) return true;
    if (sample->count >= most_of(sample)) {
        thin(sample);
        if (number & sample->skip) return true;
    }
    if (!make_room(sample)) return false;
    struct eki_reach_probe *probes = sample->probes;
    probes[sample->count] = *probe;
    probes[sample->count].number = target.lo;
    probes[sample->count++].before = (uint32_t)before & ((UINT32_C(1) << 29) - 1);
    return true;
}

size_t eki_reach_bytes(const struct eki_reach *reach)
{
    size_t bytes = reach->slots * sizeof *reach->set;
    if (reach->registers) bytes += (size_t)1 << LOG2_REGISTERS;
    for (int i = 0; i < EKI_REACH_SCOPES; i++) {
        const struct eki_reach_sample *sample = &reach->samples[i];
        bytes += (reach->registers ? most_of(sample) : sample->capacity) * sizeof *sample->probes;
    }
    return bytes;
}

bool eki_reach_thin(struct eki_reach *reach, size_t most)
{
    size_t after = ((size_t)1 << LOG2_REGISTERS) + EKI_REACH_SCOPES * most * sizeof(struct eki_reach_probe);
    if (eki_reach_bytes(reach) <= after) return false;
    if (!reach->registers && !start_sketch(reach)) return false;
    for (int i = 0; i < EKI_REACH_SCOPES; i++) {
        struct eki_reach_sample *sample = &reach->samples[i];
        sample->most = (uint32_t)most;
        while (sample->count > most) thin(sample);
        if (sample->capacity <= most) continue;
        struct eki_reach_probe *probes =
            eki_reallocate(sample->probes, sample->capacity, most, sizeof *probes);
        if (!probes) continue;
        sample->probes = probes;
        sample->capacity = most;
    }
    return true;
}

static void archive_sample(struct eki_archive *a, struct eki_reach_sample *sample)
{
    enum { PROBE_BYTES = 21 };
    size_t count = sample->count;
    eki_archive_size(a, &count, EKI_REACH_SAMPLE, PROBE_BYTES);
    eki_archive_u32_up_to(a, &sample->most, EKI_REACH_SAMPLE);
    eki_archive_u64(a, &sample->skip);
    eki_archive_u64(a, &sample->seen);
    if (!a->writing && count && !a->error) {
        sample->probes = eki_allocate(count, sizeof *sample->probes);
        if (!sample->probes) a->error = EKI_ERROR_MEMORY;
        sample->capacity = sample->count = sample->probes ? count : 0;
    }
    for (size_t i = 0; i < count && !a->error; i++) {
        struct eki_reach_probe *p = &sample->probes[i];
        uint32_t packed =
            p->before | (uint32_t)p->busy << 29 | (uint32_t)p->answered << 30 | (uint32_t)p->known_peer << 31;
        eki_archive_time(a, &p->time);
        eki_archive_u64(a, &p->number);
        eki_archive_u32(a, &packed);
        p->before = packed & ((UINT32_C(1) << 29) - 1);
        p->busy = packed >> 29 & 1;
        p->answered = packed >> 30 & 1;
        p->known_peer = packed >> 31 & 1;
    }
}

/* The set has room: a full one would be looked through without end. */
static bool set_is_sound(const struct eki_reach *reach)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < reach->slots; i++) used += reach->set[i] != 0;
    return used == reach->used && set_holds(reach->slots, used);
}

static void archive_set(struct eki_archive *a, struct eki_reach *reach)
{
    eki_archive_count(a, &reach->slots, 4 * EKI_REACH_EXACT, sizeof *reach->set);
    eki_archive_u32_up_to(a, &reach->used, EKI_REACH_EXACT);
    if (reach->slots & (reach->slots - 1)) eki_archive_refuse(a);
    if (!a->writing && reach->slots && !a->error) {
        reach->set = eki_allocate(reach->slots, sizeof *reach->set);
        if (!reach->set) a->error = EKI_ERROR_MEMORY;
    }
    if (reach->slots && !a->error) eki_archive_bytes(a, reach->set, reach->slots * sizeof *reach->set);
    if (reach->slots && !a->error && !set_is_sound(reach)) eki_archive_refuse(a);
}

void eki_reach_archive(struct eki_reach *reach, struct eki_archive *a)
{
    enum { REGISTERS = 1 << LOG2_REGISTERS };
    bool sketched = reach->registers;
    eki_archive_bool(a, &sketched);
    archive_set(a, reach);
    if (sketched && !a->writing && !a->error) {
        reach->registers = eki_allocate(REGISTERS, 1);
        if (!reach->registers) a->error = EKI_ERROR_MEMORY;
    }
    if (sketched && !a->error) eki_archive_bytes(a, reach->registers, REGISTERS);
    for (int i = 0; sketched && !a->error && i < REGISTERS; i++)
        if (reach->registers[i] > 64) eki_archive_refuse(a);
    for (int i = 0; i < EKI_REACH_SCOPES; i++) archive_sample(a, &reach->samples[i]);
    eki_archive_u64(a, &reach->upper);
}

void eki_reach_done(struct eki_reach *reach)
{
    eki_free(reach->set);
    eki_free(reach->registers);
    for (int i = 0; i < EKI_REACH_SCOPES; i++) eki_free(reach->samples[i].probes);
    *reach = (struct eki_reach){0};
}
