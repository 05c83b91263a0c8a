/* SPDX-License-Identifier: Apache-2.0 */
/* NetFlow v9 (RFC 3954) and IPFIX (RFC 7011): sets of templates and of records that follow them. */
#include <string.h>

#include "base/memory.h"
#include "contact/export.h"

enum {
    V9_HEADER = 20,
    SET_HEADER = 4,
    V9_TEMPLATES = 0,
    V9_OPTIONS = 1,
    IPFIX_TEMPLATES = 2,
    IPFIX_OPTIONS = 3,
    DATA_SETS = 256, /* smaller numbers are reserved */
    ENTERPRISE_BIT = 0x8000,
    LONG_VARIABLE = 255,
    TCP_FLAGS = 6
};

/* The set that is being read. */
struct set {
    struct eki_exports *x;
    struct eki_log_reading *r;
    struct eki_export_header *header;
};

/* The bytes of one field; of variable length, the length stands before them (RFC 7011, 7). */
static struct eki_cursor field_part(struct eki_cursor *c, const struct eki_template_field *field)
{
    if (field->length != EKI_FIELD_VARIABLE) return eki_cursor_part(c, field->length);
    size_t length = eki_cursor_u8(c);
    if (length == LONG_VARIABLE) length = eki_cursor_be16(c);
    return eki_cursor_part(c, length);
}

static struct eki_export_record read_fields(struct eki_cursor *c, const struct eki_template *t)
{
    struct eki_export_record e = {
        .start = EKI_TIME_NONE, .end = EKI_TIME_NONE, .booted = EKI_TIME_NONE, .seen = EKI_TIME_NONE};
    for (unsigned i = 0; i < t->count && !c->failed; i++)
        eki_element_take(&e, &t->fields[i], field_part(c, &t->fields[i]));
    return e;
}

static uint32_t interval_of(const struct eki_export_record *e)
{
    uint64_t interval = e->interval;
    if (e->space && interval)
        interval = (interval + e->space) / interval; /* RFC 5476: n taken, space left out */
    return interval < UINT32_MAX ? (uint32_t)interval : UINT32_MAX;
}

static void take_flow(const struct set *s, struct eki_export_record *e)
{
    bool undated = s->header->version == EKI_EXPORT_IPFIX && e->booted == EKI_TIME_NONE &&
                   s->header->booted == EKI_TIME_NONE;
    if (undated && e->has_up_last) e->booted = eki_export_guess_boot(s->x, s->header, e->up_last);
    if (s->header->version == EKI_EXPORT_V9 && (e->has_up_last || e->has_up_first))
        eki_export_align(s->x, s->header, e->has_up_last ? e->up_last : e->up_first);
    if (!eki_element_settle(e, s->header)) return;
    uint32_t interval = interval_of(e);
    if (!interval) interval = eki_export_sampler(s->x, s->header, e->sampler);
    eki_export_scale(s->x, &e->half, interval);
    e->half.record = s->r->record;
    eki_halves_take(&s->x->halves, s->r, &e->half, 1);
}

/* Of all that options tell, sampling and the start of the exporter's clock matter. */
static void take_options(const struct set *s, const struct eki_export_record *e)
{
    if (e->interval) eki_export_set_sampler(s->x, s->header, e->sampler, interval_of(e));
    if (e->booted == EKI_TIME_NONE || s->header->version != EKI_EXPORT_IPFIX) return;
    eki_export_set_boot(s->x, s->header, e->booted);
    s->header->booted = e->booted;
}

static void take_data(const struct set *s, const struct eki_template *t, struct eki_cursor c)
{
    /* What is left at the end and shorter than a record is padding. */
    while (c.left >= t->least && c.left && !s->r->error) {
        struct eki_export_record e = read_fields(&c, t);
        if (c.failed) {
            eki_export_reject(s->x, s->r, "a field of variable length is longer than its set");
            return;
        }
        s->r->record++;
        if (t->options)
            take_options(s, &e);
        else
            take_flow(s, &e);
    }
}

static void drop_waiting(struct eki_exports *x, size_t position)
{
    x->waiting_bytes -= x->waiting[position].length;
    eki_free(x->waiting[position].bytes);
    x->waiting_count--;
    memmove(&x->waiting[position], &x->waiting[position + 1],
            (x->waiting_count - position) * sizeof *x->waiting);
}

static void wait_for(const struct set *s, uint16_t id, struct eki_cursor c)
{
    struct eki_exports *x = s->x;
    if (!c.left) return;
    while (x->waiting_count &&
           (x->waiting_count == EKI_SETS_WAITING || x->waiting_bytes + c.left > EKI_SETS_BYTES)) {
        eki_export_reject(x, s->r, "a data set waited too long for its template");
        drop_waiting(x, 0);
    }
    uint8_t *bytes = eki_allocate(c.left, 1);
    if (!bytes) {
        eki_log_fail(s->r, EKI_ERROR_MEMORY, x->at, "data sets");
        return;
    }
    x->waiting_bytes += c.left;
    x->waiting[x->waiting_count++] = (struct eki_export_waiting){
        .header = *s->header, .id = id, .length = (uint32_t)c.left, .bytes = bytes};
    memcpy(bytes, c.at, c.left);
}

/* Records that came before the template that is there now. */
static void take_waiting(const struct set *s, uint16_t id)
{
    struct eki_exports *x = s->x;
    const struct eki_template *t = eki_template_find(x, s->header, id);
    for (size_t i = 0; t && i < x->waiting_count;) {
        struct eki_export_waiting *w = &x->waiting[i];
        bool fits = w->id == id && w->header.version == s->header->version &&
                    w->header.domain == s->header->domain &&
                    eki_address_equal(w->header.exporter, s->header->exporter);
        if (!fits) {
            i++;
            continue;
        }
        struct set earlier = {s->x, s->r, &w->header};
        take_data(&earlier, t, eki_cursor_over(w->bytes, w->length));
        drop_waiting(x, i);
    }
}

/* Field specifiers, appended to those that are there. False when they are cut or too many. */
static bool read_specifiers(struct eki_cursor *c, struct eki_template *t, unsigned count, bool ipfix)
{
    if (t->count + count > EKI_TEMPLATE_FIELDS) return false;
    for (unsigned i = 0; i < count; i++) {
        struct eki_template_field *f = &t->fields[t->count++];
        f->id = eki_cursor_be16(c);
        f->length = eki_cursor_be16(c);
        f->enterprise = 0;
        if (ipfix && f->id & ENTERPRISE_BIT) {
            f->id &= ENTERPRISE_BIT - 1;
            f->enterprise = eki_cursor_be32(c);
        }
        t->least += f->length == EKI_FIELD_VARIABLE ? 1 : f->length;
    }
    return !c->failed;
}

/* Scopes of v9 options have numbers of their own (RFC 3954, 6.1): they are made foreign. */
static void hide_scopes(struct eki_template *t, unsigned scopes)
{
    for (unsigned i = 0; i < scopes && i < t->count; i++) t->fields[i].enterprise = UINT32_MAX;
}

/* One template; counts of v9 options are in bytes. Returns what is wrong, NULL when all is well. */
static const char *read_template(const struct set *s, struct eki_cursor *c, struct eki_template *t)
{
    bool ipfix = s->header->version == EKI_EXPORT_IPFIX;
    t->id = eki_cursor_be16(c);
    unsigned count = eki_cursor_be16(c), scopes = 0;
    if (t->options && ipfix && count) scopes = eki_cursor_be16(c);
    if (t->options && !ipfix) {
        scopes = count / 4;
        count = scopes + eki_cursor_be16(c) / 4u;
    }
    if (c->failed) return "a template is cut";
    if (ipfix && !count) {
        eki_template_withdraw(s->x, s->header, t->id);
        return NULL;
    }
    if (t->id < DATA_SETS) return "a template with a reserved number";
    if (!read_specifiers(c, t, count, ipfix))
        return "a template is longer than its set, or has too many fields";
    if (!t->least) return "a template whose records have no length";
    if (t->options && !ipfix) hide_scopes(t, scopes);
    return eki_template_keep(s->x, s->header, t) ? NULL : "no memory for a template";
}

static void take_templates(const struct set *s, struct eki_cursor c, bool options)
{
    struct eki_template_field fields[EKI_TEMPLATE_FIELDS];
    while (c.left >= SET_HEADER && !s->r->error) {
        struct eki_cursor rest = c;
        /* A zero number is padding: templates have 256 and more (RFC 3954, 5.2). */
        if (!eki_cursor_be16(&rest)) return;
        struct eki_template t = {.fields = fields, .options = options};
        const char *wrong = read_template(s, &c, &t);
        if (wrong) {
            eki_export_reject(s->x, s->r, wrong);
            return;
        }
        take_waiting(s, t.id);
    }
}

static void take_set(const struct set *s, uint16_t id, struct eki_cursor c)
{
    bool ipfix = s->header->version == EKI_EXPORT_IPFIX;
    if (id == (ipfix ? IPFIX_TEMPLATES : V9_TEMPLATES) || id == (ipfix ? IPFIX_OPTIONS : V9_OPTIONS)) {
        take_templates(s, c, id == (ipfix ? IPFIX_OPTIONS : V9_OPTIONS));
        return;
    }
    if (id < DATA_SETS) {
        eki_export_reject(s->x, s->r, "a set with a reserved number");
        return;
    }
    const struct eki_template *t = eki_template_find(s->x, s->header, id);
    if (t)
        take_data(s, t, c);
    else
        wait_for(s, id, c);
}

static void read_header(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *h,
                        struct eki_cursor *c)
{
    uint32_t count = eki_cursor_be16(c); /* v9: of records; IPFIX: the length, which was walked already */
    if (h->version == EKI_EXPORT_V9) h->uptime = eki_cursor_be32(c);
    h->exported = (eki_time)eki_cursor_be32(c) * EKI_SECOND;
    uint32_t sequence = eki_cursor_be32(c);
    h->domain = eki_cursor_be32(c);
    /* IPFIX counts data records, which cannot be counted while a template is missing. */
    if (h->version == EKI_EXPORT_V9 && !c->failed)
        eki_export_sequence(x, r, h, sequence, (const uint32_t[2]){1, count});
}

void eki_export_sets(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                     struct eki_cursor *c)
{
    read_header(x, r, header, c);
    if (c->failed) {
        eki_export_reject(x, r, "a datagram is cut in its header");
        return;
    }
    header->booted = EKI_TIME_NONE;
    if (header->version == EKI_EXPORT_V9)
        eki_export_steady(x, header);
    else
        header->booted = eki_export_boot(x, header);
    struct set s = {x, r, header};
    while (c->left >= SET_HEADER && !r->error) {
        uint16_t id = eki_cursor_be16(c), length = eki_cursor_be16(c);
        if (!id && !length) return; /* filled up with zeros */
        if (length < SET_HEADER || (size_t)(length - SET_HEADER) > c->left) {
            eki_export_reject(x, r,
                              length < SET_HEADER ? "a set shorter than its own header"
                                                  : "a set longer than its datagram");
            return;
        }
        take_set(&s, id, eki_cursor_part(c, (size_t)(length - SET_HEADER)));
    }
}
