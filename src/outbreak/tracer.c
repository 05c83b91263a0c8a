/* SPDX-License-Identifier: Apache-2.0 */
#include "outbreak/tracer.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "outbreak/trace.h"
#include "outbreak/vector.h"

enum { LOW_GRADES_SHARE = 2 }; /* signs below an attempt fill at most half of the table */

const char *eki_evidence_name(enum eki_evidence evidence)
{
    static const char *const names[] = {"scan", "contact", "session", "exploit", "implant"};
    return (unsigned)evidence < sizeof names / sizeof *names ? names[evidence] : "?";
}

enum eki_error eki_tracer_new(uint64_t seed, struct eki_tracer **ret_tracer)
{
    struct eki_tracer *tracer = eki_allocate(1, sizeof *tracer);
    if (!tracer) return EKI_ERROR_MEMORY;
    tracer->seed = seed;
    if (eki_inbound_init(&tracer->inbound, seed) || eki_index_init(&tracer->sign_index, 8)) {
        eki_tracer_free(tracer);
        return EKI_ERROR_MEMORY;
    }
    *ret_tracer = tracer;
    return EKI_OK;
}

void eki_tracer_free(struct eki_tracer *tracer)
{
    if (!tracer) return;
    eki_inbound_done(&tracer->inbound);
    eki_index_done(&tracer->sign_index);
    eki_free(tracer->signs);
    eki_free(tracer);
}

enum eki_error eki_tracer_contact(struct eki_tracer *tracer, const struct eki_contact *contact)
{
    return eki_inbound_contact(&tracer->inbound, contact);
}

void eki_tracer_fetch(const struct eki_tracer *tracer, const struct eki_contact *contacts, size_t count)
{
    eki_inbound_fetch(&tracer->inbound, contacts, count);
}

enum eki_error eki_tracer_flow(struct eki_tracer *tracer, const struct eki_flow *flow)
{
    return eki_inbound_flow(&tracer->inbound, flow);
}

void eki_tracer_decided(struct eki_tracer *tracer, const struct eki_contact *contact)
{
    eki_inbound_freeze(&tracer->inbound, contact->client, contact->protocol, contact->service);
}

static bool tells_infection(const struct eki_sign *sign)
{
    return sign->grade >= EKI_GRADE_ACCESS;
}

/* In a full table a sign that tells of an infection takes the place of one that does not. UINT32_MAX when
 * there is none near. */
static uint32_t displace(struct eki_tracer *tracer)
{
    enum { TRIES = 256 };
    for (int i = 0; i < TRIES; i++) {
        tracer->sign_hand = (tracer->sign_hand + 1) % EKI_TRACER_SIGNS;
        struct eki_sign *sign = &tracer->signs[tracer->sign_hand];
        if (tells_infection(sign)) continue;
        eki_index_remove(&tracer->sign_index, eki_hash_two(sign->id, 0, tracer->seed), tracer->sign_hand);
        return tracer->sign_hand;
    }
    return UINT32_MAX;
}

/* Where a new sign goes: *ret_position is UINT32_MAX when it is not kept, because there are too many. */
static enum eki_error room_for_sign(struct eki_tracer *tracer, const struct eki_sign *sign,
                                    uint32_t *ret_position)
{
    bool low = sign->grade < EKI_GRADE_ATTEMPT;
    if (tracer->sign_count >= (low ? EKI_TRACER_SIGNS / LOW_GRADES_SHARE : EKI_TRACER_SIGNS)) {
        tracer->signs_lost++;
        *ret_position = tells_infection(sign) ? displace(tracer) : UINT32_MAX;
        return EKI_OK;
    }
    struct eki_sign *signs =
        eki_array_reserve(tracer->signs, tracer->sign_count, &tracer->sign_capacity, sizeof *signs);
    if (!signs) return EKI_ERROR_MEMORY;
    tracer->signs = signs;
    if (eki_index_full(&tracer->sign_index) && eki_index_grow(&tracer->sign_index)) return EKI_ERROR_MEMORY;
    *ret_position = tracer->sign_count++;
    return EKI_OK;
}

enum eki_error eki_tracer_sign(struct eki_tracer *tracer, const struct eki_sign *sign)
{
    uint64_t hash = eki_hash_two(sign->id, 0, tracer->seed);
    struct eki_index_probe probe = eki_index_find(&tracer->sign_index, hash);
    while (eki_index_next(&tracer->sign_index, &probe)) {
        if (tracer->signs[probe.position].id != sign->id) continue;
        tracer->signs[probe.position] = *sign;
        return EKI_OK;
    }
    uint32_t position;
    enum eki_error error = room_for_sign(tracer, sign, &position);
    if (error || position == UINT32_MAX) return error;
    eki_index_add(&tracer->sign_index, hash, position);
    tracer->signs[position] = *sign;
    return EKI_OK;
}

const struct eki_sign *eki_tracer_signs(const struct eki_tracer *tracer, size_t *ret_count)
{
    *ret_count = tracer->sign_count;
    return tracer->signs;
}

struct eki_tracer_losses eki_tracer_losses(const struct eki_tracer *tracer)
{
    return (struct eki_tracer_losses){tracer->inbound.lost, tracer->inbound.forgotten, tracer->signs_lost};
}

static int by_time(const void *a, const void *b)
{
    const struct eki_sign *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

struct vector {
    uint16_t service;
    uint8_t protocol;
};

static int by_vector(const void *a, const void *b)
{
    const struct vector *x = a, *y = b;
    if (x->protocol != y->protocol) return x->protocol - y->protocol;
    return x->service - y->service;
}

/* The vectors on which anybody searches or was attacked, each once. */
static enum eki_error list_vectors(const struct eki_tracer *tracer, const struct eki_tracer_view *view,
                                   struct eki_arena *scratch, struct vector **ret_vectors, size_t *ret_count)
{
    size_t count = 0, kept = 0;
    struct vector *vectors =
        eki_arena_take(scratch, view->scanner_count + tracer->sign_count + 1, sizeof *vectors);
    if (!vectors) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < view->scanner_count; i++) {
        const struct eki_scanner *s = &view->scanners[i];
        bool data = s->protocol == EKI_PROTOCOL_TCP || s->protocol == EKI_PROTOCOL_UDP;
        if (s->verdict == EKI_VERDICT_SCANNER && s->shape == EKI_SHAPE_HORIZONTAL && data)
            vectors[count++] = (struct vector){eki_vector_of(s->protocol, s->service), s->protocol};
    }
    for (uint32_t i = 0; i < tracer->sign_count; i++) {
        const struct eki_sign *s = &tracer->signs[i];
        if (s->vector && s->grade >= (s->automated ? EKI_GRADE_ATTEMPT : EKI_GRADE_EXPLOIT))
            vectors[count++] = (struct vector){eki_vector_of(s->protocol, s->service), s->protocol};
    }
    qsort(vectors, count, sizeof *vectors, by_vector);
    for (size_t i = 0; i < count; i++)
        if (!kept || by_vector(&vectors[kept - 1], &vectors[i])) vectors[kept++] = vectors[i];
    *ret_vectors = vectors;
    *ret_count = kept;
    return EKI_OK;
}

/* Outbreaks as they are found; in the scratch arena, each twice as large as the one before. */
struct found {
    struct eki_outbreak *items;
    size_t count, room;
};

static struct eki_outbreak *room_for_one(struct found *found, struct eki_arena *scratch)
{
    if (found->count < found->room) return &found->items[found->count];
    size_t room = found->room ? 2 * found->room : 16;
    struct eki_outbreak *items = eki_arena_take(scratch, room, sizeof *items);
    if (!items) return NULL;
    if (found->count) memcpy(items, found->items, found->count * sizeof *items);
    found->items = items;
    found->room = room;
    return &items[found->count];
}

static enum eki_error record_all(struct eki_trace *trace, struct found *found)
{
    uint32_t included = 0, epochs = 0;
    enum eki_error error = eki_trace_include(trace, &included);
    if (error || !included) return error;
    error = eki_trace_epochs(trace, &epochs);
    for (uint32_t i = 1; i <= epochs && !error; i++) {
        bool is_outbreak;
        struct eki_outbreak *outbreak = room_for_one(found, trace->scratch);
        if (!outbreak) return EKI_ERROR_MEMORY;
        eki_time end = eki_trace_enter_epoch(trace, i, i == epochs);
        error = eki_trace_record(trace, end, outbreak, &is_outbreak);
        found->count += !error && is_outbreak;
    }
    return error;
}

static enum eki_error trace_vector(struct eki_trace *trace, struct found *found)
{
    if (eki_index_init(&trace->by_host, 8)) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_trace_members(trace);
    if (!error) error = eki_trace_parents(trace);
    if (!error) error = record_all(trace, found);
    eki_index_done(&trace->by_host);
    return error;
}

static int by_first_infection(const void *a, const void *b)
{
    const struct eki_outbreak *x = a, *y = b;
    eki_time s = x->infections[0].time, t = y->infections[0].time;
    if (s != t) return s < t ? -1 : 1;
    if (x->protocol != y->protocol) return x->protocol - y->protocol;
    return x->service - y->service;
}

/* All outbreaks, in the arena of `common`, which holds what the traces share; their vector is filled in here.
 */
static enum eki_error trace_all(const struct eki_trace *common, struct eki_outbreak **ret_outbreaks,
                                size_t *ret_count)
{
    struct vector *vectors;
    size_t vector_count;
    struct found found = {0};
    enum eki_error error =
        list_vectors(common->tracer, common->view, common->scratch, &vectors, &vector_count);
    for (size_t i = 0; !error && i < vector_count; i++) {
        struct eki_trace trace = *common;
        trace.protocol = vectors[i].protocol;
        trace.vector = vectors[i].service;
        error = trace_vector(&trace, &found);
    }
    if (!error) error = eki_trace_drop_echoes(found.items, &found.count, common->scratch);
    if (error) return error;
    *ret_outbreaks = eki_arena_copy(common->arena, found.items, found.count, sizeof *found.items);
    *ret_count = found.count;
    return *ret_outbreaks || !found.count ? EKI_OK : EKI_ERROR_MEMORY;
}

/* From signs that stand in the order of time. */
static enum eki_error infer(struct eki_tracer *tracer, const struct eki_tracer_view *view,
                            struct eki_arena *arena, const struct eki_outbreak **ret_outbreaks,
                            size_t *ret_count)
{
    struct eki_outbreak *outbreaks;
    size_t count;
    struct eki_arena scratch = {0};
    struct eki_trace common = {.tracer = tracer, .view = view, .arena = arena, .scratch = &scratch};
    enum eki_error error = trace_all(&common, &outbreaks, &count);
    eki_arena_done(&scratch);
    if (error) return error;
    if (count) qsort(outbreaks, count, sizeof *outbreaks, by_first_infection);
    for (size_t i = 0; i < count; i++) outbreaks[i].id = (uint32_t)i + 1;
    *ret_outbreaks = outbreaks;
    *ret_count = count;
    return EKI_OK;
}

enum eki_error eki_tracer_findings(struct eki_tracer *tracer, const struct eki_tracer_view *view,
                                   struct eki_arena *arena, const struct eki_outbreak **ret_outbreaks,
                                   size_t *ret_count)
{
    if (tracer->sign_count) qsort(tracer->signs, tracer->sign_count, sizeof *tracer->signs, by_time);
    eki_index_clear(&tracer->sign_index); /* positions have changed; no sign comes after this */
    return infer(tracer, view, arena, ret_outbreaks, ret_count);
}

enum eki_error eki_tracer_look(const struct eki_tracer *tracer, const struct eki_tracer_view *view,
                               struct eki_arena *arena, struct eki_tracer_look *ret_look)
{
    struct eki_tracer sorted = *tracer; /* shares all but the signs, which are put in order */
    struct eki_tracer_look look = {.sign_count = tracer->sign_count};
    if (look.sign_count) {
        sorted.signs = eki_arena_copy(arena, tracer->signs, look.sign_count, sizeof *sorted.signs);
        if (!sorted.signs) return EKI_ERROR_MEMORY;
        qsort(sorted.signs, look.sign_count, sizeof *sorted.signs, by_time);
    }
    look.signs = sorted.signs;
    enum eki_error error = infer(&sorted, view, arena, &look.outbreaks, &look.outbreak_count);
    if (!error) *ret_look = look;
    return error;
}
