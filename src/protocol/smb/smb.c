/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/smb/smb.h"

#include <string.h>

enum { FRAME = 4, SMB1_HEADER = 32, SMB2_HEADER = 64, LONGEST = 1 << 24 };

static bool is_smb1(const uint8_t *p)
{
    return p[0] == 0xff && p[1] == 'S' && p[2] == 'M' && p[3] == 'B';
}

static bool is_smb2(const uint8_t *p)
{
    return p[0] == 0xfe && p[1] == 'S' && p[2] == 'M' && p[3] == 'B';
}

static void orient(struct eki_smb_message *m)
{
    const struct eki_packet *p = m->segment->packet;
    m->client = m->reply ? p->target : p->source;
    m->server = m->reply ? p->source : p->target;
    m->service = m->reply ? p->source_port : p->target_port;
}

static void read_smb1(struct eki_smb_message *m, eki_smb_sink *sink, void *user)
{
    struct eki_cursor c = eki_cursor_over(m->header, m->captured);
    const uint8_t *h = eki_cursor_take(&c, SMB1_HEADER);
    if (!h) return;
    m->version = 1;
    m->command = h[4];
    m->status = eki_load_le32(h, 5);
    m->reply = h[9] & 0x80;
    m->tid = eki_load_le16(h, 24);
    m->pid = eki_load_le16(h, 26);
    m->uid = eki_load_le16(h, 28);
    m->mid = eki_load_le16(h, 30);
    m->tree_id = m->tid;
    m->body = c;
    orient(m);
    sink(user, m);
}

/* A compound is a chain of messages, each telling where the next begins. */
static void read_smb2(struct eki_smb_message *m, eki_smb_sink *sink, void *user)
{
    struct eki_cursor rest = eki_cursor_over(m->header, m->captured);
    for (uint32_t next = 1; next;) {
        struct eki_cursor c = rest;
        const uint8_t *h = eki_cursor_take(&c, SMB2_HEADER);
        if (!h || !is_smb2(h)) return;
        next = eki_load_le32(h, 20);
        if (next && next < SMB2_HEADER) return;
        m->header = h;
        m->captured = next && next < rest.left ? next : rest.left;
        m->version = 2;
        m->command = eki_load_le16(h, 12);
        m->status = eki_load_le32(h, 8);
        m->reply = eki_load_le32(h, 16) & 1;
        m->message_id = eki_load_le64(h, 24);
        m->tree_id = eki_load_le32(h, 36);
        m->session_id = eki_load_le64(h, 40);
        m->body = eki_cursor_over(h + SMB2_HEADER, m->captured - SMB2_HEADER);
        orient(m);
        sink(user, m);
        eki_cursor_skip(&rest, next);
        if (rest.failed) return;
    }
}

/* Also the encrypted and compressed forms of SMB 3, which are passed over. */
static bool is_smb(const uint8_t *p)
{
    return p[0] >= 0xfc && p[1] == 'S' && p[2] == 'M' && p[3] == 'B';
}

static void read_message(const struct eki_segment *segment, const struct eki_cursor *c, uint32_t length,
                         eki_smb_sink *sink, void *user)
{
    struct eki_smb_message m = {.segment = segment,
                                .header = c->at,
                                .captured = c->left < length ? c->left : length,
                                .length = length};
    if (m.captured < 4) return;
    if (is_smb1(m.header)) read_smb1(&m, sink, user);
    if (is_smb2(m.header)) read_smb2(&m, sink, user);
}

/* A segment that begins with a message: the place to pick up a stream whose start was missed. */
static bool begins_message(const struct eki_segment *s)
{
    const uint8_t *p = s->packet->payload;
    return s->packet->payload_captured >= FRAME + 4 && p[0] == 0 &&
           (is_smb1(p + FRAME) || is_smb2(p + FRAME));
}

void eki_smb_segment(struct eki_smb_direction *d, const struct eki_segment *s, eki_smb_sink *sink, void *user)
{
    const struct eki_packet *p = s->packet;
    uint32_t end = p->sequence + p->payload_wire;
    bool ahead = d->known && (int32_t)(d->next - p->sequence) < 0; /* something was lost */
    if (!d->known || ahead) {
        if (ahead || s->inferred || d->next) d->gaps = true;
        d->known = begins_message(s);
        d->next = p->sequence;
    }
    while (d->known && (int32_t)(end - d->next) > 0) {
        size_t at = d->next - p->sequence;
        struct eki_cursor c = eki_cursor_over(p->payload, p->payload_captured);
        eki_cursor_skip(&c, at);
        const uint8_t *frame = eki_cursor_take(&c, FRAME);
        uint32_t length = frame ? (uint32_t)frame[1] << 16 | (uint32_t)frame[2] << 8 | frame[3] : 0;
        /* Cut off here, or no frame at all: wait for a segment that begins a message. */
        bool plain = frame && (frame[0] == 0 || (frame[0] >= 0x81 && frame[0] <= 0x85)) && length < LONGEST;
        if (!plain || (frame[0] == 0 && c.left >= 4 && !is_smb(c.at))) {
            d->known = false;
            d->gaps = true;
            return;
        }
        d->next += FRAME + length;
        if (frame[0] == 0) read_message(s, &c, length, sink, user);
    }
}

void eki_smb_text(struct eki_cursor text, size_t bytes, bool wide, char *ret_text, size_t capacity)
{
    size_t n = 0, step = wide ? 2 : 1;
    eki_cursor_limit(&text, bytes);
    while (text.left >= step && n + 1 < capacity) {
        const uint8_t *p = eki_cursor_take(&text, step);
        if (p[0] == 0 && (!wide || p[1] == 0)) break;
        bool plain = p[0] >= 0x20 && p[0] < 0x7f && (!wide || p[1] == 0);
        ret_text[n++] = plain ? (char)p[0] : '?';
    }
    ret_text[n] = 0;
}

/* SMB1 strings are wide when flags2 says so, and then stand on an even offset from the header. */
static bool smb1_text(const struct eki_smb_message *m, struct eki_cursor c, char *ret_text, size_t capacity)
{
    bool wide = m->captured >= 12 && (eki_load_le16(m->header, 10) & 0x8000);
    if (wide && (size_t)(c.at - m->header) % 2) eki_cursor_skip(&c, 1);
    if (c.failed || !c.left) return false;
    eki_smb_text(c, c.left, wide, ret_text, capacity);
    return ret_text[0] != 0;
}

/* Passes over the parameter words; gives their count. */
static uint8_t pass_words(struct eki_cursor *c)
{
    uint8_t words = eki_cursor_u8(c);
    eki_cursor_skip(c, (size_t)words * 2 + 2);
    return words;
}

/* An SMB2 text that the body addresses by offset from the header and length. */
static bool smb2_text(const struct eki_smb_message *m, uint16_t offset, uint16_t length, char *ret_text,
                      size_t capacity)
{
    struct eki_cursor c = eki_cursor_over(m->header, m->captured);
    eki_cursor_skip(&c, offset);
    if (c.failed || !c.left || !length) return false;
    eki_smb_text(c, length, true, ret_text, capacity);
    return ret_text[0] != 0;
}

bool eki_smb_tree_path(const struct eki_smb_message *m, char *ret_path, size_t capacity)
{
    struct eki_cursor c = m->body;
    if (m->reply) return false;
    if (m->version == 2) {
        if (m->command != EKI_SMB2_TREE_CONNECT) return false;
        eki_cursor_skip(&c, 4);
        uint16_t offset = eki_cursor_le16(&c), length = eki_cursor_le16(&c);
        return !c.failed && smb2_text(m, offset, length, ret_path, capacity);
    }
    if (m->command != EKI_SMB1_TREE_CONNECT) return false;
    struct eki_cursor words = m->body;
    eki_cursor_skip(&words, 7);
    uint16_t password = eki_cursor_le16(&words);
    if (words.failed || pass_words(&c) != 4) return false;
    eki_cursor_skip(&c, password);
    return smb1_text(m, c, ret_path, capacity);
}

bool eki_smb_create_name(const struct eki_smb_message *m, char *ret_name, size_t capacity)
{
    struct eki_cursor c = m->body;
    if (m->reply) return false;
    if (m->version == 2) {
        if (m->command != EKI_SMB2_CREATE) return false;
        eki_cursor_skip(&c, 44);
        uint16_t offset = eki_cursor_le16(&c), length = eki_cursor_le16(&c);
        return !c.failed && smb2_text(m, offset, length, ret_name, capacity);
    }
    if (m->command != EKI_SMB1_NT_CREATE || pass_words(&c) != 24) return false;
    return smb1_text(m, c, ret_name, capacity);
}

/* Bytes at an offset from the header. */
static struct eki_cursor data_at(const struct eki_smb_message *m, uint32_t offset, uint32_t length)
{
    struct eki_cursor c = eki_cursor_over(m->header, m->captured);
    eki_cursor_skip(&c, offset);
    if (c.failed) c = eki_cursor_over(NULL, 0);
    eki_cursor_limit(&c, length);
    return c;
}

/* [MS-CIFS] 2.2.4.43: 12 or 14 words. */
static bool smb1_write(const struct eki_smb_message *m, struct eki_smb_write *w)
{
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    const uint8_t *p = eki_cursor_take(&c, 24);
    if (!p || (words != 12 && words != 14)) return false;
    w->file = eki_load_le16(p, 4);
    w->offset = eki_load_le32(p, 6);
    w->length = (uint32_t)eki_load_le16(p, 18) << 16 | eki_load_le16(p, 20);
    w->data = data_at(m, eki_load_le16(p, 22), w->length);
    return true;
}

/* [MS-CIFS] 2.2.5.6: a transaction with the two setup words TransactNmPipe and handle. */
static bool smb1_pipe_call(const struct eki_smb_message *m, struct eki_smb_write *w)
{
    enum { TRANSACT_NAMED_PIPE = 0x26 };
    struct eki_cursor c = m->body;
    uint8_t words = eki_cursor_u8(&c);
    const uint8_t *p = eki_cursor_take(&c, 32);
    if (!p || words != 16 || eki_load_le16(p, 28) != TRANSACT_NAMED_PIPE) return false;
    w->file = eki_load_le16(p, 30);
    w->offset = 0;
    w->length = eki_load_le16(p, 22);
    w->data = data_at(m, eki_load_le16(p, 24), w->length);
    return true;
}

/* [MS-SMB2] 2.2.21. */
static bool smb2_write(const struct eki_smb_message *m, struct eki_smb_write *w)
{
    struct eki_cursor c = m->body;
    const uint8_t *p = eki_cursor_take(&c, 32);
    if (!p) return false;
    w->file = eki_load_le64(p, 16) * 31 + eki_load_le64(p, 24);
    w->offset = eki_load_le64(p, 8);
    w->length = eki_load_le32(p, 4);
    w->data = data_at(m, eki_load_le16(p, 2), w->length);
    return true;
}

/* [MS-SMB2] 2.2.31, with the control code that calls through a pipe. */
static bool smb2_pipe_call(const struct eki_smb_message *m, struct eki_smb_write *w)
{
    enum { PIPE_TRANSCEIVE = 0x0011c017 };
    struct eki_cursor c = m->body;
    const uint8_t *p = eki_cursor_take(&c, 32);
    if (!p || eki_load_le32(p, 4) != PIPE_TRANSCEIVE) return false;
    w->file = eki_load_le64(p, 8) * 31 + eki_load_le64(p, 16);
    w->offset = 0;
    w->length = eki_load_le32(p, 28);
    w->data = data_at(m, eki_load_le32(p, 24), w->length);
    return true;
}

bool eki_smb_write(const struct eki_smb_message *m, struct eki_smb_write *ret_write)
{
    if (m->reply) return false;
    if (m->version == 2) {
        if (m->command == EKI_SMB2_WRITE) return smb2_write(m, ret_write);
        return m->command == EKI_SMB2_IOCTL && smb2_pipe_call(m, ret_write);
    }
    if (m->command == EKI_SMB1_WRITE_ANDX) return smb1_write(m, ret_write);
    return m->command == EKI_SMB1_TRANSACTION && smb1_pipe_call(m, ret_write);
}
