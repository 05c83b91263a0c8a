/* SPDX-License-Identifier: Apache-2.0 */
#include "support_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contact/pending.h"
#include "flow/table.h"

const uint8_t rpc_svcctl[16] = {0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35,
                                0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03};
const uint8_t rpc_wmi[16] = {0x99, 0xdc, 0x56, 0x95, 0x8c, 0x82, 0xcf, 0x11,
                             0xa3, 0x7e, 0x00, 0xaa, 0x00, 0x32, 0x40, 0xc7};

static void put16(uint8_t *at, uint16_t value)
{
    memcpy(at, &value, sizeof value);
}

static void put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static void put64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
}

static void collect(void *user, const struct eki_sign *sign)
{
    struct trace *t = user;
    t->emitted++;
    assert_int_equal(eki_sign_validate(sign), EKI_OK);
    for (size_t i = 0; i < t->count; i++) {
        if (t->signs[i].id != sign->id) continue;
        t->signs[i] = *sign;
        return;
    }
    assert_true(t->count < SIGNS);
    t->signs[t->count++] = *sign;
}

void trace_begin(struct trace *t)
{
    *t = (struct trace){.now = 1000 * EKI_SECOND, .origin = EKI_TIME_NONE};
    assert_int_equal(eki_sign_engine_new(collect, t, &t->engine), EKI_OK);
}

void trace_end(struct trace *t)
{
    assert_int_equal(eki_sign_engine_finish(t->engine), EKI_OK);
    eki_sign_engine_free(t->engine);
    t->engine = NULL;
}

static void on_flow(void *user, const struct eki_flow *flow, uint64_t conversation)
{
    struct trace *t = user;
    (void)flow;
    if (conversation) assert_int_equal(eki_sign_engine_flow_end(t->engine, conversation), EKI_OK);
}

static void on_contacts(void *user, const struct eki_contact *contacts, size_t count)
{
    struct trace *t = user;
    for (size_t i = 0; i < count; i++) trace_contact(t, &contacts[i]);
}

static void look_inside(struct trace *t, const struct eki_step *step)
{
    const struct eki_packet *p = step->packet;
    uint16_t service = eki_step_service(step);
    if (!p->payload_captured || !step->conversation ||
        !eki_sign_engine_wants(t->engine, p->protocol, service))
        return;
    struct eki_segment segment = {.packet = p,
                                  .client = eki_step_client(step),
                                  .server = eki_step_server(step),
                                  .conversation = step->conversation,
                                  .client_port = eki_step_client_port(step),
                                  .service = service,
                                  .from_client = step->from_client,
                                  .inferred = step->inferred};
    assert_int_equal(eki_sign_engine_segment(t->engine, &segment), EKI_OK);
}

void trace_capture(struct trace *t, const char *name)
{
    const char *folder = getenv("EKIGAKU_CAPTURES");
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/captures", name);
    struct eki_capture *capture;
    if (eki_capture_open(path, NULL, &capture, NULL)) {
        trace_end(t);
        skip();
    }
    struct eki_flow_table *flows;
    struct eki_pending *pending;
    assert_int_equal(eki_flow_table_new(0, on_flow, t, &flows), EKI_OK);
    assert_int_equal(eki_pending_new(0, on_contacts, t, &pending), EKI_OK);
    struct eki_packet batch[EKI_PACKET_BATCH];
    struct eki_step steps[EKI_PACKET_BATCH];
    size_t count;
    while (eki_capture_read(capture, batch, EKI_PACKET_BATCH, &count, NULL) == EKI_OK && count) {
        if (t->origin == EKI_TIME_NONE) t->origin = batch[0].time;
        eki_flow_table_batch(flows, batch, count, steps);
        for (size_t i = 0; i < count; i++) look_inside(t, &steps[i]);
        eki_pending_batch(pending, steps, count);
    }
    eki_flow_table_finish(flows);
    eki_pending_finish(pending);
    assert_int_equal(eki_sign_engine_finish(t->engine), EKI_OK);
    eki_flow_table_free(flows);
    eki_pending_free(pending);
    eki_capture_close(capture);
}

const struct eki_sign *trace_between(const struct trace *t, const char *name, const char *source,
                                     const char *target)
{
    for (size_t i = 0; i < t->count; i++) {
        char from[EKI_ADDRESS_TEXT], to[EKI_ADDRESS_TEXT];
        const struct eki_sign *s = &t->signs[i];
        eki_address_format(s->source, from);
        eki_address_format(s->target, to);
        bool fits = (!*source || !strcmp(source, from)) && (!*target || !strcmp(target, to));
        if (fits && !strcmp(s->name, name)) return s;
    }
    return NULL;
}

const struct eki_sign *trace_find(const struct trace *t, const char *name)
{
    return trace_between(t, name, "", "");
}

int trace_highest(const struct trace *t)
{
    int highest = EKI_GRADE_NOTE;
    for (size_t i = 0; i < t->count; i++)
        if (t->signs[i].vector && t->signs[i].grade > highest) highest = t->signs[i].grade;
    return highest;
}

double trace_at(const struct trace *t, eki_time time)
{
    return eki_time_since(time, t->origin);
}

void trace_contact(struct trace *t, const struct eki_contact *contact)
{
    assert_int_equal(eki_sign_engine_contact(t->engine, contact), EKI_OK);
}

void trace_wait(struct trace *t, double seconds)
{
    t->now += (eki_time)(seconds * 1e9);
}

struct talk talk_begin(struct trace *t, const char *client, const char *server, uint16_t service)
{
    struct talk talk = {.trace = t,
                        .conversation = ++t->conversations,
                        .next = {70000, 4000000000u}, /* the client's number wraps round soon */
                        .client_port = (uint16_t)(40000 + t->conversations),
                        .service = service,
                        .protocol = EKI_PROTOCOL_TCP};
    assert_int_equal(eki_address_parse(client, &talk.client), EKI_OK);
    assert_int_equal(eki_address_parse(server, &talk.server), EKI_OK);
    return talk;
}

void talk_bytes(struct talk *talk, int side, const void *bytes, size_t captured, size_t wire)
{
    struct trace *t = talk->trace;
    /* Exactly as many bytes as are there, so that the sanitizer sees a read beyond them. */
    uint8_t *copy = malloc(captured ? captured : 1);
    assert_non_null(copy);
    if (captured) memcpy(copy, bytes, captured);
    struct eki_packet p = {.time = t->now,
                           .number = ++t->packets,
                           .source = side ? talk->client : talk->server,
                           .target = side ? talk->server : talk->client,
                           .payload = captured ? copy : NULL,
                           .payload_captured = (uint32_t)captured,
                           .payload_wire = (uint32_t)wire,
                           .sequence = talk->next[side],
                           .source_port = side ? talk->client_port : talk->service,
                           .target_port = side ? talk->service : talk->client_port,
                           .kind = talk->protocol == EKI_PROTOCOL_UDP ? EKI_PACKET_UDP : EKI_PACKET_TCP,
                           .protocol = talk->protocol};
    struct eki_segment s = {.packet = &p,
                            .client = talk->client,
                            .server = talk->server,
                            .conversation = talk->conversation,
                            .client_port = talk->client_port,
                            .service = talk->service,
                            .from_client = side,
                            .inferred = talk->inferred};
    assert_int_equal(eki_sign_engine_segment(t->engine, &s), EKI_OK);
    talk->next[side] += (uint32_t)wire;
    t->now += EKI_SECOND / 1000;
    free(copy);
}

void talk_text(struct talk *talk, int side, const char *text)
{
    talk_bytes(talk, side, text, strlen(text), strlen(text));
}

void talk_lose(struct talk *talk, int side, uint32_t bytes)
{
    talk->next[side] += bytes;
}

void smb1_say(struct talk *talk, int side, const struct smb1 *m)
{
    uint8_t bytes[256] = {0}, *h = bytes + 4;
    size_t length = 4 + 32 + 1 + (size_t)m->word_count * 2 + 2;
    size_t wire = m->wire > length ? m->wire : length;
    bytes[2] = (uint8_t)((wire - 4) >> 8);
    bytes[3] = (uint8_t)(wire - 4);
    memcpy(h, "\xffSMB", 4);
    h[4] = m->command;
    put32(h + 5, m->status);
    h[9] = side == SERVER ? 0x98 : 0x18;
    put16(h + 24, 2048);
    put16(h + 26, m->pid);
    put16(h + 28, 2048);
    put16(h + 30, m->mid);
    h[32] = m->word_count;
    memcpy(h + 33, m->words, (size_t)m->word_count * 2);
    talk_bytes(talk, side, bytes, length, wire);
}

struct smb1 smb1_transaction(uint8_t command, uint16_t mid, uint16_t setup0, uint16_t setup1)
{
    struct smb1 m = {.command = command, .pid = 0xfeff, .mid = mid, .word_count = 16};
    m.words[26] = 2;
    put16(m.words + 28, setup0);
    put16(m.words + 30, setup1);
    return m;
}

void smb2_say(struct talk *talk, int side, uint16_t command, uint64_t message, uint32_t tree, uint32_t status,
              const void *body, size_t length)
{
    uint8_t bytes[512] = {0}, *h = bytes + 4;
    assert_true(length <= sizeof bytes - 68);
    put16(bytes + 2, (uint16_t)((64 + length) << 8 | (64 + length) >> 8));
    memcpy(h, "\xfeSMB", 4);
    put16(h + 4, 64);
    put32(h + 8, status);
    put16(h + 12, command);
    h[16] = side == SERVER;
    put64(h + 24, message);
    put32(h + 36, tree);
    put64(h + 40, 77);
    memcpy(h + 64, body, length);
    talk_bytes(talk, side, bytes, 68 + length, 68 + length);
}

static size_t put_wide(uint8_t *at, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) at[2 * i] = (uint8_t)text[i];
    return 2 * n;
}

void smb2_share(struct talk *talk, uint64_t message, const char *path, uint32_t tree)
{
    uint8_t body[256] = {9}, answer[16] = {16};
    size_t length = put_wide(body + 8, path);
    put16(body + 4, 64 + 8);
    put16(body + 6, (uint16_t)length);
    smb2_say(talk, CLIENT, 3, message, 0, 0, body, 8 + length);
    smb2_say(talk, SERVER, 3, message, tree, 0, answer, sizeof answer);
}

void smb2_open(struct talk *talk, uint64_t message, uint32_t tree, const char *name, uint64_t file)
{
    uint8_t body[256] = {57}, answer[88] = {89};
    size_t length = put_wide(body + 56, name);
    put16(body + 44, 64 + 56);
    put16(body + 46, (uint16_t)length);
    smb2_say(talk, CLIENT, 5, message, tree, 0, body, 56 + length);
    put64(answer + 64, file);
    put64(answer + 72, file + 1);
    smb2_say(talk, SERVER, 5, message, tree, 0, answer, sizeof answer);
}

void smb2_write(struct talk *talk, uint64_t message, uint32_t tree, uint64_t file, const void *data,
                size_t length)
{
    uint8_t body[256] = {49};
    put16(body + 2, 64 + 48);
    put32(body + 4, (uint32_t)length);
    put64(body + 16, file);
    put64(body + 24, file + 1);
    memcpy(body + 48, data, length);
    smb2_say(talk, CLIENT, 9, message, tree, 0, body, 48 + length);
}

void smb2_login(struct talk *talk, uint64_t message, uint32_t status)
{
    uint8_t body[25] = {25}, answer[9] = {9};
    smb2_say(talk, CLIENT, 1, message, 0, 0, body, sizeof body);
    smb2_say(talk, SERVER, 1, message, 0, status, answer, sizeof answer);
}

static void put_unit(uint8_t *bytes, uint8_t type, size_t length)
{
    memset(bytes, 0, 128);
    bytes[0] = 5;
    bytes[2] = type;
    bytes[3] = 3;
    bytes[4] = 0x10;
    put16(bytes + 8, (uint16_t)length);
}

size_t rpc_bind(uint8_t bytes[128], const uint8_t uuid[16])
{
    put_unit(bytes, 11, 72);
    bytes[24] = 1;
    bytes[28] = 7; /* context */
    bytes[30] = 1;
    memcpy(bytes + 32, uuid, 16);
    return 72;
}

size_t rpc_request(uint8_t bytes[128], uint16_t operation)
{
    put_unit(bytes, 0, 44);
    bytes[20] = 7;
    put16(bytes + 22, operation);
    return 44;
}
