/* SPDX-License-Identifier: Apache-2.0 */
/* Templates by exporter, observation domain, version and number (RFC 7011, 8); samplers; exporters' clocks.
 */
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "contact/export.h"

#define DAY (24 * 3600 * EKI_SECOND)

enum { TEMPLATES_LOG2 = 13, ALL_TEMPLATES = 2, ALL_OPTIONS = 3 };

static uint64_t hash_of(const struct eki_exports *x, const struct eki_export_header *h, uint16_t id)
{
    uint64_t more = (uint64_t)h->domain << 32 | (uint64_t)h->version << 16 | id;
    return eki_hash_address(h->exporter, more, x->seed);
}

static bool is_of(const struct eki_template *t, const struct eki_export_header *h)
{
    return t->fields && eki_address_equal(t->exporter, h->exporter) && t->domain == h->domain &&
           t->version == h->version;
}

static struct eki_template *find(const struct eki_exports *x, const struct eki_export_header *h, uint16_t id)
{
    if (!x->templates) return NULL;
    for (struct eki_index_probe p = eki_index_find(&x->index, hash_of(x, h, id));
         eki_index_next(&x->index, &p);)
        if (is_of(&x->templates[p.position], h) && x->templates[p.position].id == id)
            return &x->templates[p.position];
    return NULL;
}

const struct eki_template *eki_template_find(const struct eki_exports *x, const struct eki_export_header *h,
                                             uint16_t id)
{
    return find(x, h, id);
}

static void forget(struct eki_exports *x, struct eki_template *t)
{
    if (!t->fields) return;
    eki_index_remove(&x->index, t->hash, (uint32_t)(t - x->templates));
    eki_free(t->fields);
    *t = (struct eki_template){.fields = NULL};
}

static struct eki_template *place_for(struct eki_exports *x)
{
    if (!x->templates) {
        if (eki_index_init(&x->index, TEMPLATES_LOG2)) return NULL;
        x->templates = eki_allocate(EKI_TEMPLATES_MOST, sizeof *x->templates);
        if (!x->templates) {
            eki_index_done(&x->index);
            return NULL;
        }
    }
    if (x->template_count < EKI_TEMPLATES_MOST) return &x->templates[x->template_count++];
    struct eki_template *t = &x->templates[x->next_template++ % EKI_TEMPLATES_MOST];
    forget(x, t);
    return t;
}

bool eki_template_keep(struct eki_exports *x, const struct eki_export_header *h,
                       const struct eki_template *read)
{
    struct eki_template_field *fields = eki_allocate(read->count, sizeof *fields);
    struct eki_template *t = fields ? find(x, h, read->id) : NULL;
    if (t)
        forget(x, t);
    else if (fields)
        t = place_for(x);
    if (!t) {
        eki_free(fields);
        return false;
    }
    memcpy(fields, read->fields, read->count * sizeof *fields);
    *t = *read;
    t->exporter = h->exporter;
    t->domain = h->domain;
    t->version = h->version;
    t->hash = hash_of(x, h, read->id);
    t->fields = fields;
    eki_index_add(&x->index, t->hash, (uint32_t)(t - x->templates));
    return true;
}

void eki_template_withdraw(struct eki_exports *x, const struct eki_export_header *h, uint16_t id)
{
    if (id != ALL_TEMPLATES && id != ALL_OPTIONS) {
        struct eki_template *t = find(x, h, id);
        if (t) forget(x, t);
        return;
    }
    for (size_t i = 0; i < x->template_count; i++)
        if (is_of(&x->templates[i], h) && x->templates[i].options == (id == ALL_OPTIONS))
            forget(x, &x->templates[i]);
}

void eki_template_done(struct eki_exports *x)
{
    for (size_t i = 0; i < x->template_count; i++) eki_free(x->templates[i].fields);
    eki_free(x->templates);
    x->templates = NULL;
    x->template_count = 0;
    eki_index_done(&x->index);
}

static struct eki_sampler *sampler_of(const struct eki_exports *x, const struct eki_export_header *h,
                                      uint32_t id)
{
    for (size_t i = 0; i < x->sampler_count; i++) {
        struct eki_sampler *s = &x->samplers[i];
        if (s->id == id && s->domain == h->domain && eki_address_equal(s->exporter, h->exporter)) return s;
    }
    return NULL;
}

void eki_export_set_sampler(struct eki_exports *x, const struct eki_export_header *h, uint32_t id,
                            uint32_t interval)
{
    if (!x->samplers) x->samplers = eki_allocate(EKI_SAMPLERS_MOST, sizeof *x->samplers);
    if (!x->samplers) return; /* counts stay as exported */
    struct eki_sampler *s = sampler_of(x, h, id);
    if (!s && x->sampler_count < EKI_SAMPLERS_MOST)
        s = &x->samplers[x->sampler_count++];
    else if (!s)
        s = &x->samplers[x->next_sampler++ % EKI_SAMPLERS_MOST];
    *s = (struct eki_sampler){
        .exporter = h->exporter, .domain = h->domain, .id = id, .interval = interval ? interval : 1};
}

uint32_t eki_export_sampler(const struct eki_exports *x, const struct eki_export_header *h, uint32_t id)
{
    const struct eki_sampler *s = sampler_of(x, h, id);
    return s ? s->interval : 1;
}

static struct eki_exporter *exporter_of(struct eki_exports *x, const struct eki_export_header *h)
{
    if (!x->exporters) x->exporters = eki_allocate(EKI_EXPORTERS_MOST, sizeof *x->exporters);
    if (!x->exporters) return NULL;
    for (size_t i = 0; i < x->exporter_count; i++) {
        struct eki_exporter *e = &x->exporters[i];
        if (e->domain == h->domain && e->version == h->version && eki_address_equal(e->address, h->exporter))
            return e;
    }
    struct eki_exporter *e = x->exporter_count < EKI_EXPORTERS_MOST
                                 ? &x->exporters[x->exporter_count++]
                                 : &x->exporters[x->next_exporter++ % EKI_EXPORTERS_MOST];
    *e = (struct eki_exporter){
        .address = h->exporter, .domain = h->domain, .version = h->version, .boot = EKI_TIME_NONE};
    return e;
}

void eki_export_sequence(struct eki_exports *x, struct eki_log_reading *r, const struct eki_export_header *h,
                         uint32_t sequence, const uint32_t steps[2])
{
    enum { LATE = 1024, RESTARTED = 1 << 20 }; /* further away than so much is another count */
    struct eki_exporter *e = h->exporter.hi | h->exporter.lo ? exporter_of(x, h) : NULL;
    if (!e) return;
    uint32_t gap = sequence - e->next[0], late = -gap;
    bool expected = e->numbered && (!gap || sequence == e->next[1]);
    if (e->numbered && !expected && late <= LATE) {
        r->input.missing -= r->input.missing < steps[0] ? r->input.missing : steps[0];
        return;
    }
    if (e->numbered && !expected && gap < RESTARTED) r->input.missing += gap;
    e->numbered = true;
    for (int i = 0; i < 2; i++) e->next[i] = sequence + steps[i];
}

void eki_export_steady(struct eki_exports *x, struct eki_export_header *h)
{
    struct eki_exporter *e = exporter_of(x, h);
    if (!e) return;
    eki_time uptime = (eki_time)h->uptime * (EKI_SECOND / 1000), boot = h->exported - uptime;
    /* Further away than the cut-off fraction: restarted, wrapped, or the clock was set. */
    if (e->boot == EKI_TIME_NONE || boot - e->boot >= EKI_SECOND || e->boot - boot >= EKI_SECOND)
        e->boot = boot;
    h->exported = e->boot + uptime;
}

/* Whether a flow that ended at `last` lies within a week of its export; `skew` in ms. */
static bool aligned(const struct eki_export_header *h, uint32_t last, uint32_t skew)
{
    enum { WEEK_MS = 7 * 24 * 3600 * 1000 };
    int32_t age = (int32_t)(h->uptime - skew - last);
    return age <= WEEK_MS && age >= -WEEK_MS;
}

void eki_export_align(struct eki_exports *x, struct eki_export_header *h, uint32_t last)
{
    h->skew = 0;
    if (!x->shifted && aligned(h, last, 0)) return; /* as nearly always: nobody's clock was off yet */
    struct eki_exporter *e = exporter_of(x, h);
    if (!e) return;
    if (e->skew && !aligned(h, last, e->skew)) e->skew = 0;
    if (!e->skew && !aligned(h, last, 0)) {
        h->skew = h->uptime - last;
        if (!last) return;
        e->skew = h->skew;
        x->shifted = true;
    }
    h->skew = e->skew;
}

void eki_export_set_boot(struct eki_exports *x, const struct eki_export_header *h, eki_time boot)
{
    struct eki_exporter *e = exporter_of(x, h);
    if (!e) return;
    e->boot = boot;
    e->told = true;
}

eki_time eki_export_boot(struct eki_exports *x, const struct eki_export_header *h)
{
    struct eki_exporter *e = exporter_of(x, h);
    return e && e->told ? e->boot : EKI_TIME_NONE;
}

eki_time eki_export_guess_boot(struct eki_exports *x, const struct eki_export_header *h, uint32_t uptime)
{
    struct eki_exporter *e = exporter_of(x, h);
    eki_time boot = h->exported - (eki_time)uptime * (EKI_SECOND / 1000);
    if (!e || e->told) return e ? e->boot : boot;
    /* Active timeouts are minutes: what is off by more than a day was measured from another start. */
    bool anew = e->boot == EKI_TIME_NONE || boot - e->boot > DAY || e->boot - boot > DAY;
    if (anew || boot < e->boot) e->boot = boot;
    return e->boot;
}
