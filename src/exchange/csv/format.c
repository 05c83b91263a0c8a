/* SPDX-License-Identifier: Apache-2.0 */
/* A table for spreadsheets: a thing a line. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/format.h"
#include "exchange/json.h"
#include "exchange/table.h"

#define HEADING "kind,value,role,first,last,proto,port,from,confidence,evidence,comment,tlp"

/* A field in quotes. A spreadsheet takes what begins with one of = + - @ for a formula: those get an
 * apostrophe before them, as spreadsheets themselves write it. Line breaks become blanks. */
static void put(FILE *out, const char *text)
{
    fputc('"', out);
    if (text && strchr("=+-@'", *text) && *text) fputc('\'', out);
    for (; text && *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
    }
    fputc('"', out);
}

struct line {
    const char *kind, *value, *role, *from, *evidence, *comment;
    eki_time first, last;
    uint8_t protocol;
    uint16_t port;
    double confidence;
};

static void put_time(FILE *out, eki_time time)
{
    char text[EKI_TIME_TEXT];
    fputc(',', out);
    if (time != EKI_TIME_NONE) fputs(eki_time_format(time, text), out);
}

static void put_line(const struct eki_exchange_output *output, const struct line *l)
{
    FILE *out = output->out;
    fprintf(out, "%s,", l->kind);
    put(out, l->value);
    fprintf(out, ",%s", l->role ? l->role : "");
    put_time(out, l->first);
    put_time(out, l->last);
    const char *protocol = eki_exchange_protocol(l->protocol);
    fprintf(out, ",%s,", protocol ? protocol : "");
    if (l->port) fprintf(out, "%u", l->port);
    fputc(',', out);
    if (l->from) put(out, l->from);
    fputc(',', out);
    if (isfinite(l->confidence)) fprintf(out, "%.9g", l->confidence);
    fprintf(out, ",%s,", l->evidence ? l->evidence : "");
    if (l->comment) put(out, l->comment);
    fprintf(out, ",%s\n", eki_tlp_text(output->label));
}

static enum eki_error write(const struct eki_exchange_output *output)
{
    const struct eki_incident *incident = output->incident;
    fputs(HEADING "\n", output->out);
    put_line(output, &(struct line){.kind = "incident",
                                    .value = incident->title,
                                    .role = incident->family,
                                    .first = incident->first,
                                    .last = incident->last,
                                    .protocol = incident->protocol,
                                    .port = incident->port,
                                    .confidence = NAN,
                                    .comment = incident->summary});
    for (size_t i = 0; i < incident->host_count; i++) {
        const struct eki_incident_host *h = &incident->hosts[i];
        put_line(output, &(struct line){"host", h->name, eki_incident_role_name(h->role), NULL, h->evidence,
                                        h->detail, h->first, h->last, h->protocol, h->port, h->confidence});
    }
    for (size_t i = 0; i < incident->edge_count; i++) {
        const struct eki_incident_edge *e = &incident->edges[i];
        put_line(output, &(struct line){.kind = "edge",
                                        .value = incident->hosts[e->to].name,
                                        .from = incident->hosts[e->from].name,
                                        .first = e->at,
                                        .last = EKI_TIME_NONE,
                                        .confidence = e->confidence});
    }
    for (size_t i = 0; i < incident->indicator_count; i++) {
        const struct eki_indicator *n = &incident->indicators[i];
        put_line(output, &(struct line){.kind = "indicator",
                                        .value = n->value,
                                        .role = eki_indicator_kind_name(n->kind),
                                        .evidence = n->detect ? "detect" : NULL,
                                        .comment = n->comment,
                                        .first = n->first,
                                        .last = n->last,
                                        .confidence = NAN});
    }
    for (size_t i = 0; i < incident->technique_count; i++)
        put_line(output, &(struct line){.kind = "technique",
                                        .value = incident->techniques[i].id,
                                        .comment = incident->techniques[i].name,
                                        .first = EKI_TIME_NONE,
                                        .last = EKI_TIME_NONE,
                                        .confidence = NAN});
    return eki_exchange_end(output->out, false);
}

/* Without the apostrophe that put() may have set. */
static const char *value_of(const struct eki_table *t, const char *name)
{
    const char *text = eki_table_value(t, name);
    return text && *text == '\'' && strchr("=+-@'", text[1]) && text[1] ? text + 1 : text;
}

static unsigned number_of(const char *name, const char *(*names)(unsigned), unsigned count)
{
    for (unsigned i = 0; name && i < count; i++)
        if (!strcmp(names(i), name)) return i;
    return count;
}

static const char *role_name(unsigned role)
{
    return eki_incident_role_name((enum eki_incident_role)role);
}

static const char *kind_name(unsigned kind)
{
    return eki_indicator_kind_name((enum eki_indicator_kind)kind);
}

static void read_host(struct eki_builder *b, const struct eki_table *t, eki_time first, eki_time last)
{
    unsigned role = number_of(eki_table_value(t, "role"), role_name, EKI_ROLE_COUNT);
    uint32_t at = eki_build_host(b, value_of(t, "value"),
                                 role < EKI_ROLE_COUNT ? (enum eki_incident_role)role : EKI_ROLE_OTHER);
    struct eki_incident_host *h = eki_build_at(b, at);
    if (!h) {
        b->passed++;
        return;
    }
    eki_build_seen(b, at, first, last);
    h->protocol = eki_build_protocol(eki_table_value(t, "proto"));
    h->port = eki_build_port(eki_table_value(t, "port"));
    h->confidence = eki_build_share(eki_table_value(t, "confidence"));
    h->evidence = eki_build_text(b, eki_table_value(t, "evidence"));
    h->detail = eki_build_text(b, value_of(t, "comment"));
}

static void read_indicator(struct eki_builder *b, const struct eki_table *t, eki_time first, eki_time last)
{
    unsigned kind = number_of(eki_table_value(t, "role"), kind_name, EKI_INDICATOR_KIND_COUNT);
    struct eki_indicator *n =
        kind < EKI_INDICATOR_KIND_COUNT
            ? eki_build_indicator(b, (enum eki_indicator_kind)kind, value_of(t, "value"))
            : NULL;
    if (!n) {
        b->passed++;
        return;
    }
    n->comment = eki_build_text(b, value_of(t, "comment"));
    n->first = first;
    n->last = last != EKI_TIME_NONE && last < first ? first : last;
    n->detect = eki_table_value(t, "evidence") != NULL;
}

static void read_head(struct eki_builder *b, const struct eki_table *t, eki_time first, eki_time last)
{
    struct eki_incident *incident = b->incident;
    incident->title = eki_build_text(b, value_of(t, "value"));
    incident->family = eki_build_text(b, eki_table_value(t, "role"));
    incident->summary = eki_build_text(b, value_of(t, "comment"));
    incident->first = first;
    incident->last = last != EKI_TIME_NONE && last < first ? first : last;
    incident->protocol = eki_build_protocol(eki_table_value(t, "proto"));
    incident->port = eki_build_port(eki_table_value(t, "port"));
}

static void read_line(struct eki_builder *b, const struct eki_table *t)
{
    const char *kind = eki_table_value(t, "kind");
    eki_time first = eki_build_time(eki_table_value(t, "first")),
             last = eki_build_time(eki_table_value(t, "last"));
    eki_build_mark_text(b, eki_table_value(t, "tlp"));
    if (!kind) {
        b->passed++;
    } else if (!strcmp(kind, "incident")) {
        read_head(b, t, first, last);
    } else if (!strcmp(kind, "host")) {
        read_host(b, t, first, last);
    } else if (!strcmp(kind, "edge")) {
        uint32_t from = eki_build_host(b, value_of(t, "from"), EKI_ROLE_OTHER);
        eki_build_edge(b, from, eki_build_host(b, value_of(t, "value"), EKI_ROLE_OTHER), first,
                       eki_build_share(eki_table_value(t, "confidence")));
    } else if (!strcmp(kind, "indicator")) {
        read_indicator(b, t, first, last);
    } else if (!strcmp(kind, "technique")) {
        eki_build_technique(b, eki_table_value(t, "value"), value_of(t, "comment"));
    } else {
        b->passed++;
    }
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    struct eki_table table;
    enum eki_error error = eki_table_open(input->bytes, input->length, &table);
    if (error) return eki_fault_set(ret_fault, error, 0, "the heading");
    while (eki_table_next(&table) && !b->error) read_line(b, &table);
    b->passed += table.broken;
    eki_build_cut(b, table.cut, table.first_cut);
    eki_table_done(&table);
    return EKI_OK;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    return eki_first_line_has(input->bytes, input->length, HEADING) ? 100 : 0;
}

const struct eki_exchange_format eki_exchange_format_csv = {
    .name = "csv",
    .title = "comma-separated values (RFC 4180) with the columns of this program",
    .labels = EKI_TLP_ALL,
    .detect = detect,
    .read = read,
    .write = write,
};
