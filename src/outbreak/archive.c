/* SPDX-License-Identifier: Apache-2.0 */
/* The tracer as bytes and back. */
#include "base/archive.h"

#include "base/memory.h"
#include "outbreak/trace.h"

enum { SIGN_BYTES = 80, TOUCH_BYTES = 80, SERVER_BYTES = 40 };

static void archive_sign(struct eki_archive *a, struct eki_sign *s)
{
    char name[64] = "", family[64] = "", technique[32] = "";
    eki_archive_u64(a, &s->id);
    eki_archive_text(a, s->name, name, sizeof name);
    eki_archive_text(a, s->family, family, sizeof family);
    eki_archive_text(a, s->technique, technique, sizeof technique);
    eki_archive_address(a, &s->source);
    eki_archive_address(a, &s->target);
    eki_archive_time(a, &s->first);
    eki_archive_time(a, &s->last);
    eki_archive_u64(a, &s->packet_first);
    eki_archive_u64(a, &s->packet_last);
    eki_archive_u32(a, &s->count);
    eki_archive_u16(a, &s->service);
    eki_archive_u16(a, &s->input);
    eki_archive_u8(a, &s->protocol);
    eki_archive_u8_up_to(a, &s->grade, EKI_GRADE_IMPLANT);
    eki_archive_bool(a, &s->vector);
    eki_archive_bool(a, &s->automated);
    eki_archive_text(a, s->detail, s->detail, sizeof s->detail);
    if (a->writing) return;
    if (!eki_sign_own_texts(s, name, family, technique) || eki_sign_validate(s)) eki_archive_refuse(a);
}

static void *array(struct eki_archive *a, uint32_t count, size_t size)
{
    void *objects = count && !a->error ? eki_allocate(count, size) : NULL;
    if (count && !objects && !a->error) a->error = EKI_ERROR_MEMORY;
    return objects;
}

static void archive_signs(struct eki_archive *a, struct eki_tracer *tracer)
{
    eki_archive_count(a, &tracer->sign_count, EKI_TRACER_SIGNS, SIGN_BYTES);
    if (!a->writing) {
        tracer->signs = array(a, tracer->sign_count, sizeof *tracer->signs);
        tracer->sign_capacity = tracer->signs ? tracer->sign_count : 0;
    }
    for (uint32_t i = 0; i < tracer->sign_count && !a->error; i++) archive_sign(a, &tracer->signs[i]);
    eki_archive_u32_up_to(a, &tracer->sign_hand, EKI_TRACER_SIGNS - 1);
    eki_archive_index(a, &tracer->sign_index, tracer->sign_count);
    eki_archive_u64(a, &tracer->signs_lost);
}

static void archive_touch(struct eki_archive *a, struct eki_touch *t)
{
    eki_archive_address(a, &t->client);
    eki_archive_time(a, &t->start);
    eki_archive_time(a, &t->answered);
    eki_archive_time(a, &t->end);
    eki_archive_u64(a, &t->packet_first);
    eki_archive_u64(a, &t->packet_last);
    eki_archive_u32(a, &t->client_bytes);
    eki_archive_u32(a, &t->server_bytes);
    eki_archive_u64(a, &t->hash);
    eki_archive_u32(a, &t->next);
    eki_archive_u32(a, &t->server);
    eki_archive_u16(a, &t->client_port);
    eki_archive_u16(a, &t->service);
    eki_archive_u16(a, &t->input);
    eki_archive_u8_up_to(a, &t->outcome, EKI_OUTCOME_DATA);
    eki_archive_bool(a, &t->inferred);
    if (t->start == EKI_TIME_NONE || t->end == EKI_TIME_NONE) eki_archive_refuse(a);
}

static void archive_server(struct eki_archive *a, struct eki_inbound_server *s)
{
    eki_archive_address(a, &s->server);
    eki_archive_u64(a, &s->hash);
    eki_archive_u32(a, &s->first);
    eki_archive_u32(a, &s->last);
    eki_archive_u32_up_to(a, &s->count, EKI_INBOUND_TOUCHES);
    eki_archive_u16(a, &s->vector);
    eki_archive_u8(a, &s->protocol);
    eki_archive_bool(a, &s->frozen);
}

/* Is the list of a server a list: as long as it says, all its own, and with an end? */
static bool is_list(const struct eki_inbound *in, uint32_t position)
{
    const struct eki_inbound_server *s = &in->servers[position];
    uint32_t at = s->first, last = EKI_INBOUND_END;
    for (uint32_t i = 0; i < s->count; i++) {
        if (at >= in->touch_count || in->touches[at].server != position) return false;
        last = at;
        at = in->touches[at].next;
    }
    return s->count ? at == EKI_INBOUND_END && last == s->last : s->first == EKI_INBOUND_END;
}

/* Every touch that names a server is in that server's list, and what is frozen adds up: then popping and
 * stepping over end. */
static bool is_consistent(const struct eki_inbound *in)
{
    uint64_t listed = 0, owned = 0, frozen = 0;
    for (uint32_t i = 0; i < in->server_count; i++) {
        listed += in->servers[i].count;
        frozen += in->servers[i].frozen ? in->servers[i].count : 0;
        if (listed > in->touch_count || !is_list(in, i)) return false;
    }
    for (uint32_t i = 0; i < in->touch_count; i++) {
        uint32_t server = in->touches[i].server;
        if (server != EKI_INBOUND_END && server >= in->server_count) return false;
        owned += server != EKI_INBOUND_END;
    }
    return listed == owned && frozen == in->frozen_touches;
}

static void archive_inbound(struct eki_archive *a, struct eki_inbound *in)
{
    eki_archive_count(a, &in->touch_count, EKI_INBOUND_TOUCHES, TOUCH_BYTES);
    if (!a->writing) {
        in->touches = array(a, in->touch_count, sizeof *in->touches);
        in->touch_capacity = in->touches ? in->touch_count : 0;
    }
    for (uint32_t i = 0; i < in->touch_count && !a->error; i++) archive_touch(a, &in->touches[i]);
    eki_archive_count(a, &in->server_count, EKI_INBOUND_SERVERS, SERVER_BYTES);
    if (!a->writing) {
        in->servers = array(a, in->server_count, sizeof *in->servers);
        in->server_capacity = in->servers ? in->server_count : 0;
    }
    for (uint32_t i = 0; i < in->server_count && !a->error; i++) archive_server(a, &in->servers[i]);
    eki_archive_u32_up_to(a, &in->touch_hand, EKI_INBOUND_TOUCHES - 1);
    eki_archive_u32_up_to(a, &in->hand, EKI_INBOUND_SERVERS - 1);
    eki_archive_u32(a, &in->frozen_touches);
    eki_archive_index(a, &in->index, in->server_count);
    eki_archive_index(a, &in->touch_index, in->touch_count);
    eki_archive_u64(a, &in->lost);
    eki_archive_u64(a, &in->forgotten);
    if (!a->writing && !a->error && !is_consistent(in)) eki_archive_refuse(a);
}

void eki_tracer_archive(struct eki_tracer *tracer, struct eki_archive *a)
{
    archive_inbound(a, &tracer->inbound);
    archive_signs(a, tracer);
}
