/* SPDX-License-Identifier: Apache-2.0 */
/* What was learnt from exporters, for the time after a restart: a socket's datagrams do not come again, and
 * templates only every few minutes. */
#include "base/memory.h"
#include "contact/export.h"

enum { TEMPLATE_BYTES = 28, FIELD_BYTES = 8, EXPORTER_BYTES = 44, SAMPLER_BYTES = 28, WAITING_BYTES = 48 };

/* A time that was computed from what a stranger told: any, or none. One out of all bounds is forgotten. */
static void archive_moment(struct eki_archive *a, eki_time *time)
{
    eki_archive_i64(a, time);
    if (!a->writing && (*time < -EKI_TIME_LATEST || *time > EKI_TIME_LATEST)) *time = EKI_TIME_NONE;
}

static void archive_version(struct eki_archive *a, uint16_t *version)
{
    eki_archive_u16(a, version);
    if (*version != EKI_EXPORT_V5 && *version != EKI_EXPORT_V9 && *version != EKI_EXPORT_IPFIX)
        eki_archive_refuse(a);
}

static void archive_fields(struct eki_archive *a, struct eki_template *t)
{
    size_t count = t->count;
    eki_archive_size(a, &count, EKI_TEMPLATE_FIELDS, FIELD_BYTES);
    t->count = (uint16_t)count;
    for (size_t i = 0; i < count && !a->error; i++) {
        struct eki_template_field *f = &t->fields[i];
        eki_archive_u16(a, &f->id);
        eki_archive_u16(a, &f->length);
        eki_archive_u32(a, &f->enterprise);
        if (!a->writing) t->least += f->length == EKI_FIELD_VARIABLE ? 1 : f->length;
    }
    if (!t->least) eki_archive_refuse(a);
}

static void archive_template(struct eki_archive *a, struct eki_exports *x, struct eki_template *t)
{
    eki_archive_address(a, &t->exporter);
    eki_archive_u32(a, &t->domain);
    archive_version(a, &t->version);
    eki_archive_u16(a, &t->id);
    eki_archive_bool(a, &t->options);
    archive_fields(a, t);
    if (a->writing || a->error) return;
    struct eki_export_header header = {.exporter = t->exporter, .domain = t->domain, .version = t->version};
    if (!eki_template_keep(x, &header, t)) a->error = EKI_ERROR_MEMORY;
}

static void archive_templates(struct eki_archive *a, struct eki_exports *x)
{
    size_t count = 0;
    for (size_t i = 0; i < x->template_count; i++) count += x->templates[i].fields != NULL;
    eki_archive_size(a, &count, EKI_TEMPLATES_MOST, TEMPLATE_BYTES);
    for (size_t i = 0; a->writing && i < x->template_count; i++)
        if (x->templates[i].fields) archive_template(a, x, &x->templates[i]);
    for (size_t i = 0; !a->writing && i < count && !a->error; i++) {
        struct eki_template_field fields[EKI_TEMPLATE_FIELDS];
        archive_template(a, x, &(struct eki_template){.fields = fields});
    }
}

static void archive_exporters(struct eki_archive *a, struct eki_exports *x)
{
    eki_archive_size(a, &x->exporter_count, EKI_EXPORTERS_MOST, EXPORTER_BYTES);
    if (x->exporter_count && !x->exporters)
        x->exporters = eki_allocate(EKI_EXPORTERS_MOST, sizeof *x->exporters);
    if (x->exporter_count && !x->exporters) a->error = EKI_ERROR_MEMORY;
    for (size_t i = 0; i < x->exporter_count && !a->error; i++) {
        struct eki_exporter *e = &x->exporters[i];
        eki_archive_address(a, &e->address);
        eki_archive_u32(a, &e->domain);
        eki_archive_u16(a, &e->version);
        archive_moment(a, &e->boot);
        eki_archive_u32(a, &e->skew);
        eki_archive_bool(a, &e->told);
        eki_archive_bool(a, &e->numbered);
        for (int n = 0; n < 2; n++) eki_archive_u32(a, &e->next[n]);
    }
    if (a->error) x->exporter_count = 0;
}

static void archive_samplers(struct eki_archive *a, struct eki_exports *x)
{
    eki_archive_size(a, &x->sampler_count, EKI_SAMPLERS_MOST, SAMPLER_BYTES);
    if (x->sampler_count && !x->samplers) x->samplers = eki_allocate(EKI_SAMPLERS_MOST, sizeof *x->samplers);
    if (x->sampler_count && !x->samplers) a->error = EKI_ERROR_MEMORY;
    for (size_t i = 0; i < x->sampler_count && !a->error; i++) {
        struct eki_sampler *s = &x->samplers[i];
        eki_archive_address(a, &s->exporter);
        eki_archive_u32(a, &s->domain);
        eki_archive_u32(a, &s->id);
        eki_archive_u32(a, &s->interval);
        if (!s->interval) eki_archive_refuse(a);
    }
    if (a->error) x->sampler_count = 0;
}

static void archive_waiting(struct eki_archive *a, struct eki_exports *x, struct eki_export_waiting *w)
{
    eki_archive_address(a, &w->header.exporter);
    archive_moment(a, &w->header.exported);
    archive_moment(a, &w->header.booted);
    eki_archive_u32(a, &w->header.uptime);
    eki_archive_u32(a, &w->header.domain);
    archive_version(a, &w->header.version);
    eki_archive_u16(a, &w->id);
    eki_archive_count(a, &w->length, EKI_EXPORT_DATAGRAM, 1);
    if (!a->writing) {
        if (x->waiting_bytes + w->length > EKI_SETS_BYTES || !w->length) eki_archive_refuse(a);
        w->bytes = a->error ? NULL : eki_allocate(w->length, 1);
        if (!w->bytes && !a->error) a->error = EKI_ERROR_MEMORY;
    }
    if (!w->bytes) return;
    eki_archive_bytes(a, w->bytes, w->length);
    if (!a->writing) x->waiting_bytes += w->length;
}

static void archive_sets(struct eki_archive *a, struct eki_exports *x)
{
    size_t count = x->waiting_count;
    eki_archive_size(a, &count, EKI_SETS_WAITING, WAITING_BYTES);
    for (size_t i = 0; i < count && !a->error; i++) {
        archive_waiting(a, x, &x->waiting[i]);
        if (!a->writing && x->waiting[i].bytes) x->waiting_count = i + 1;
    }
}

void eki_export_archive(struct eki_log_reading *r, struct eki_archive *a)
{
    struct eki_exports *x = r->state;
    eki_archive_bool(a, &x->sampled);
    eki_archive_bool(a, &x->shifted);
    archive_templates(a, x);
    archive_exporters(a, x);
    archive_samplers(a, x);
    archive_sets(a, x);
    if (!a->error) eki_halves_archive(&x->halves, r, a);
}
