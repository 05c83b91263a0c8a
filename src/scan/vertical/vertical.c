/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/vertical/vertical.h"

#include <string.h>

#include "base/archive.h"
#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "scan/outcome/outcome.h"

/* A port scan needs less than a sweep: ordinary clients hardly ever meet half a dozen closed ports of one
 * host. */
static const double port_threshold = 10;

enum { PORT_WORDS = 65536 / 64, TRACEROUTE_FIRST = 33434, TRACEROUTE_LAST = 33534 };

/* The slot of a target: its own, a free one, or the one unused for longest unless that has been decided. */
static struct eki_vertical_target *slot_for(struct eki_vertical *v, const struct eki_contact *c)
{
    struct eki_vertical_target *oldest = NULL;
    for (unsigned i = 0; i < v->used; i++) {
        struct eki_vertical_target *slot = &v->slots[i];
        if (slot->protocol == c->protocol && eki_address_equal(slot->target, c->server)) return slot;
        if (slot->decided_after == 0 && (!oldest || slot->last < oldest->last)) oldest = slot;
    }
    struct eki_vertical_target *slot = v->used < EKI_VERTICAL_TARGETS ? &v->slots[v->used++] : oldest;
    if (!slot) return NULL;
    eki_free(slot->ports);
    eki_free(slot->kept);
    *slot = (struct eki_vertical_target){.target = c->server,
                                         .first = c->time,
                                         .since = c->time,
                                         .packet = c->packet,
                                         .input = c->input,
                                         .protocol = c->protocol};
    return slot;
}

/* Notes a port; true when it is new. */
static bool add_port(struct eki_vertical_target *slot, uint16_t port, bool *ret_failed)
{
    if (!slot->ports) {
        for (uint32_t i = 0; i < slot->port_count; i++)
            if (slot->few[i] == port) return false;
        if (slot->port_count < EKI_VERTICAL_FIRST_PORTS) {
            slot->few[slot->port_count++] = port;
            return true;
        }
        slot->ports = eki_allocate(PORT_WORDS, sizeof *slot->ports);
        if (!slot->ports) {
            *ret_failed = true;
            return false;
        }
        for (uint32_t i = 0; i < slot->port_count; i++)
            slot->ports[slot->few[i] / 64] |= UINT64_C(1) << slot->few[i] % 64;
    }
    uint64_t bit = UINT64_C(1) << port % 64;
    if (slot->ports[port / 64] & bit) return false;
    slot->ports[port / 64] |= bit;
    slot->port_count++;
    return true;
}

/* Remembers a contact for the picture, when its turn comes; without memory the picture is thinner. */
static void keep_probe(struct eki_vertical_target *slot, const struct eki_contact *c)
{
    uint32_t turn = slot->port_count - EKI_VERTICAL_FIRST_PORTS - 1;
    if (!slot->ports || turn & slot->skip) return;
    if (slot->kept_count == EKI_VERTICAL_KEPT) {
        for (uint32_t i = 0; i < EKI_VERTICAL_KEPT / 2; i++) slot->kept[i] = slot->kept[2 * i];
        slot->kept_count = EKI_VERTICAL_KEPT / 2;
        slot->skip = slot->skip * 2 + 1;
        if (turn & slot->skip) return;
    }
    struct eki_vertical_probe *kept =
        eki_array_reserve(slot->kept, slot->kept_count, &slot->kept_capacity, sizeof *kept);
    if (!kept) return;
    slot->kept = kept;
    kept[slot->kept_count++] =
        (struct eki_vertical_probe){c->time, c->service, c->outcome >= EKI_OUTCOME_ANSWERED};
}

bool eki_vertical_feed(struct eki_vertical *vertical, const struct eki_contact *c, double step)
{
    if (c->service == 0) return true;
    if (c->protocol == EKI_PROTOCOL_UDP && c->service >= TRACEROUTE_FIRST && c->service <= TRACEROUTE_LAST)
        return true;
    struct eki_vertical_target *slot = slot_for(vertical, c);
    bool failed = false;
    if (!slot || !add_port(slot, c->service, &failed)) return !failed;
    keep_probe(slot, c);
    slot->last = c->time;
    slot->answered += c->outcome >= EKI_OUTCOME_ANSWERED;
    slot->refused += c->outcome == EKI_OUTCOME_REFUSED;
    if (slot->run <= 0) {
        slot->since = c->time;
        slot->packet = c->packet;
    }
    slot->run += (float)step;
    if (slot->run < 0) slot->run = 0;
    if ((double)slot->run >= port_threshold && !slot->decided_after) {
        slot->decided_after = slot->port_count;
        slot->decided_at = c->time;
    }
    return true;
}

size_t eki_vertical_bytes(const struct eki_vertical *v)
{
    size_t bytes = sizeof *v;
    for (int i = 0; i < EKI_VERTICAL_TARGETS; i++) {
        if (v->slots[i].ports) bytes += PORT_WORDS * sizeof *v->slots[i].ports;
        bytes += v->slots[i].kept_capacity * sizeof *v->slots[i].kept;
    }
    return bytes;
}

bool eki_vertical_has_finding(const struct eki_vertical *vertical)
{
    for (unsigned i = 0; i < vertical->used; i++)
        if (vertical->slots[i].decided_after) return true;
    return false;
}

size_t eki_vertical_findings(const struct eki_vertical *vertical, struct eki_address source,
                             struct eki_scanner *ret_scanners)
{
    size_t count = 0;
    for (unsigned i = 0; i < vertical->used; i++) {
        const struct eki_vertical_target *slot = &vertical->slots[i];
        if (!slot->decided_after) continue;
        double seconds = eki_time_since(slot->last, slot->first);
        ret_scanners[count++] =
            (struct eki_scanner){.host = source,
                                 .victim = slot->target,
                                 .protocol = slot->protocol,
                                 .shape = EKI_SHAPE_VERTICAL,
                                 .verdict = EKI_VERDICT_SCANNER,
                                 .reason = EKI_TEXT("ports of one host, most of them closed"),
                                 .first = slot->first,
                                 .last = slot->last,
                                 .since = slot->since,
                                 .packet = slot->packet,
                                 .input = slot->input,
                                 .targets = slot->port_count,
                                 .answered = slot->answered,
                                 .refused = slot->refused,
                                 .rate_per_s = seconds > 0 ? slot->port_count / seconds : 0,
                                 .evidence = (double)slot->run,
                                 .decided_after = slot->decided_after,
                                 .decided_at = slot->decided_at};
    }
    return count;
}

enum eki_error eki_vertical_probes(const struct eki_vertical *vertical, struct eki_arena *arena,
                                   struct eki_scanner *scanner)
{
    for (unsigned i = 0; i < vertical->used; i++) {
        const struct eki_vertical_target *slot = &vertical->slots[i];
        if (slot->protocol != scanner->protocol || !eki_address_equal(slot->target, scanner->victim))
            continue;
        struct eki_probe *probes = eki_arena_take(arena, slot->kept_count + 1, sizeof *probes);
        if (!probes) return EKI_ERROR_MEMORY;
        for (uint32_t k = 0; k < slot->kept_count; k++)
            probes[k] = (struct eki_probe){.time = slot->kept[k].time,
                                           .target = slot->target,
                                           .weight = slot->skip + 1,
                                           .port = slot->kept[k].port,
                                           .answered = slot->kept[k].answered};
        scanner->probes = probes;
        scanner->probe_count = slot->kept_count;
    }
    return EKI_OK;
}

static void archive_kept(struct eki_archive *a, struct eki_vertical_target *slot)
{
    eki_archive_u32(a, &slot->skip);
    eki_archive_u32_up_to(a, &slot->kept_count, EKI_VERTICAL_KEPT);
    if (a->error || !slot->kept_count) return;
    if (!a->writing) {
        slot->kept = eki_allocate(EKI_VERTICAL_KEPT, sizeof *slot->kept);
        slot->kept_capacity = EKI_VERTICAL_KEPT;
    }
    if (!slot->kept) {
        slot->kept_count = 0;
        slot->kept_capacity = 0;
        a->error = EKI_ERROR_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < slot->kept_count; i++) {
        eki_archive_time(a, &slot->kept[i].time);
        eki_archive_u16(a, &slot->kept[i].port);
        eki_archive_bool(a, &slot->kept[i].answered);
    }
}

static void archive_slot(struct eki_archive *a, struct eki_vertical_target *slot)
{
    bool many = slot->ports;
    eki_archive_address(a, &slot->target);
    eki_archive_time(a, &slot->first);
    eki_archive_time(a, &slot->last);
    eki_archive_time(a, &slot->decided_at);
    eki_archive_time(a, &slot->since);
    eki_archive_u64(a, &slot->packet);
    for (int i = 0; i < EKI_VERTICAL_FIRST_PORTS; i++) eki_archive_u16(a, &slot->few[i]);
    eki_archive_u32_up_to(a, &slot->port_count, 65536);
    eki_archive_u32(a, &slot->answered);
    eki_archive_u32(a, &slot->refused);
    eki_archive_u32(a, &slot->decided_after);
    eki_archive_float(a, &slot->run);
    eki_archive_u16(a, &slot->input);
    eki_archive_u8(a, &slot->protocol);
    eki_archive_bool(a, &many);
    if (!many && slot->port_count > EKI_VERTICAL_FIRST_PORTS) eki_archive_refuse(a);
    if (!many || a->error) return;
    if (!a->writing) slot->ports = eki_allocate(PORT_WORDS, sizeof *slot->ports);
    if (!slot->ports) {
        a->error = EKI_ERROR_MEMORY;
        return;
    }
    eki_archive_bytes(a, slot->ports, PORT_WORDS * sizeof *slot->ports);
    archive_kept(a, slot);
}

void eki_vertical_archive(struct eki_vertical *vertical, struct eki_archive *a)
{
    eki_archive_u8_up_to(a, &vertical->used, EKI_VERTICAL_TARGETS);
    for (unsigned i = 0; i < vertical->used; i++) archive_slot(a, &vertical->slots[i]);
}

void eki_vertical_done(struct eki_vertical *vertical)
{
    for (unsigned i = 0; i < vertical->used; i++) {
        eki_free(vertical->slots[i].ports);
        eki_free(vertical->slots[i].kept);
    }
}
