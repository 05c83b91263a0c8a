/* SPDX-License-Identifier: Apache-2.0 */
/* Carries records from stage to stage. */
#include "analysis/state.h"
#include "analysis/twice.h"

void eki_analysis_note(struct eki_analysis *analysis, enum eki_error error)
{
    if (error && !analysis->error) analysis->error = error;
}

void eki_analysis_emit(struct eki_analysis *analysis, const char *line, size_t length)
{
    if (!analysis->options.lines || analysis->error) return;
    if (analysis->options.lines(analysis->options.lines_user, line, length))
        eki_analysis_note(analysis, EKI_ERROR_STOPPED);
}

static void write_contacts(struct eki_analysis *a, const struct eki_contact *contacts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char line[EKI_CONTACT_LINE];
        eki_analysis_emit(a, line, eki_contact_write(&contacts[i], line));
    }
}

void eki_analysis_on_contacts(void *user, const struct eki_contact *contacts, size_t count)
{
    struct eki_analysis *a = user;
    a->contacts += count;
    if (a->options.lines) write_contacts(a, contacts, count);
    if (a->options.contacts) a->options.contacts(a->options.contacts_user, contacts, count);
    if (!a->reads_lines) eki_analysis_note(a, eki_sign_engine_contacts(a->engine, contacts, count));
    if (!a->options.contacts_only) eki_analysis_note(a, eki_relay_contacts(a->relay, contacts, count));
}

void eki_analysis_on_pending(void *user, const struct eki_contact *contacts, size_t count)
{
    struct eki_analysis *a = user;
    /* Remembered, so that a log of another sensor does not tell them again. */
    for (size_t i = 0; i < count && a->told; i++)
        (void)eki_twice_seen(a->told, eki_twice_contact(&contacts[i]), contacts[i].time,
                             a->inputs[contacts[i].input].sensor);
    eki_analysis_on_contacts(a, contacts, count);
}

void eki_analysis_on_flow(void *user, const struct eki_flow *flow, uint64_t conversation)
{
    struct eki_analysis *a = user;
    if (a->options.lines) {
        char line[EKI_FLOW_LINE];
        eki_analysis_emit(a, line, eki_flow_write(flow, line));
    }
    if (conversation) eki_analysis_note(a, eki_sign_engine_flow_end(a->engine, conversation));
    if (!a->options.contacts_only) eki_analysis_note(a, eki_relay_flow(a->relay, flow));
}

void eki_analysis_on_sign(void *user, const struct eki_sign *sign)
{
    struct eki_analysis *a = user;
    eki_analysis_note(a, eki_relay_sign(a->relay, sign));
}

/* The port whose signs apply to a payload; 0 when no sign wants it. */
static uint16_t port_of_signs(struct eki_analysis *analysis, const struct eki_step *step, uint16_t service)
{
    const struct eki_packet *p = step->packet;
    if (eki_sign_engine_wants(analysis->engine, p->protocol, service)) return service;
    if (p->protocol != EKI_PROTOCOL_TCP) return 0;
    struct eki_address server = eki_step_server(step);
    if (!step->from_client && eki_moved_greets(p)) eki_moved_add(&analysis->moved, server, service);
    return eki_moved_has(&analysis->moved, server, service) ? EKI_MOVED_PORT : 0;
}

/* A payload within a conversation: does a sign want it? */
static void look_inside(struct eki_analysis *analysis, const struct eki_step *step)
{
    const struct eki_packet *p = step->packet;
    uint16_t service = eki_step_service(step);
    uint16_t like = port_of_signs(analysis, step, service);
    if (!like) return;
    struct eki_packet bare =
        *p; /* of a moved service only lengths are told: a reading thread did not keep its bytes */
    bare.payload = NULL;
    bare.payload_captured = 0;
    bool moved = like != service;
    struct eki_segment segment = {.packet = moved ? &bare : p,
                                  .client = eki_step_client(step),
                                  .server = eki_step_server(step),
                                  .conversation = step->conversation,
                                  .client_port = eki_step_client_port(step),
                                  .service = service,
                                  .like = moved ? like : 0,
                                  .from_client = step->from_client,
                                  .inferred = step->inferred};
    eki_analysis_note(analysis, eki_sign_engine_segment(analysis->engine, &segment));
}

void eki_analysis_on_flow_end(void *user, const struct eki_flow *flow, uint64_t conversation)
{
    struct eki_analysis *a = user;
    struct eki_ended *e = &a->ended;
    if (!e->collects || e->count == EKI_ENDED_MOST) {
        eki_analysis_on_flow(a, flow, conversation);
        return;
    }
    e->flows[e->count] = *flow;
    e->conversations[e->count] = conversation;
    e->at[e->count++] = (uint8_t)eki_flow_table_at(a->flows);
}

/* What a batch tells beside contacts: payloads by their index, ends of conversations. */
struct events {
    uint8_t payloads[EKI_PACKET_BATCH];
    size_t payload_count, payload, ended;
};

/* Those of the packets before `to`, packet by packet. */
static void tell_events(struct eki_analysis *a, const struct eki_step *steps, struct events *events,
                        size_t to)
{
    const struct eki_ended *e = &a->ended;
    for (;;) {
        size_t payload = events->payload < events->payload_count ? events->payloads[events->payload] : to;
        size_t end = events->ended < e->count ? e->at[events->ended] : to;
        if (payload >= to && end >= to) return;
        if (payload <= end) {
            look_inside(a, &steps[payload]);
            events->payload++;
        } else {
            eki_analysis_on_flow(a, &e->flows[events->ended], e->conversations[events->ended]);
            events->ended++;
        }
    }
}

/* From one tick of the contacts' clock to the next. */
static void take_by_ticks(struct eki_analysis *a, const struct eki_packet *packets, size_t count,
                          const struct eki_step *steps, struct events *events)
{
    for (size_t from = 0, to; from < count; from = to) {
        eki_pending_clock(a->pending, packets[from].time);
        to = from + 1;
        while (to < count && !eki_pending_ticks(a->pending, packets[to].time)) to++;
        tell_events(a, steps, events, to);
        eki_pending_batch(a->pending, steps + from, to - from);
    }
}

/* How many packets a batch has is chance where an input grows. So everything goes on in an order that does
 * not depend on it: with each packet first the contacts that are due, then its payload, then conversations
 * that it ended. */
void eki_analysis_packets(struct eki_analysis *analysis, const struct eki_packet *packets, size_t count)
{
    struct eki_step steps[EKI_PACKET_BATCH];
    struct events events = {.payload_count = 0};
    analysis->ended.count = 0;
    analysis->ended.collects = true;
    eki_flow_table_batch(analysis->flows, packets, count, steps);
    analysis->ended.collects = false;
    /* Listed without a branch for each: which of them carry payload follows no pattern. */
    for (size_t i = 0; i < count; i++) {
        events.payloads[events.payload_count] = (uint8_t)i;
        events.payload_count += (packets[i].payload_wire != 0) & (steps[i].conversation != 0);
    }
    if (events.payload_count || analysis->ended.count)
        take_by_ticks(analysis, packets, count, steps, &events);
    else
        eki_pending_batch(analysis->pending, steps, count);
}
