/* SPDX-License-Identifier: Apache-2.0 */
/* The attachment: the recipient's own hosts as an incident, cut by the same guard as every other slice. */
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/notice_book.h"
#include "ekigaku/exchange.h"

struct whole {
    struct eki_incident incident;
    size_t own; /* the first of its hosts are the recipient's */
};

static uint8_t protocol_of(const char *name)
{
    return !strcmp(name, "tcp") ? IPPROTO_TCP : !strcmp(name, "udp") ? IPPROTO_UDP : 0;
}

static void fill_host(struct eki_incident_host *to, const char *name, const struct eki_incident *incident)
{
    *to = (struct eki_incident_host){.name = name,
                                     .role = EKI_ROLE_INFECTED,
                                     .first = EKI_TIME_NONE,
                                     .last = EKI_TIME_NONE,
                                     .port = incident->port,
                                     .protocol = incident->protocol,
                                     .confidence = NAN};
    if (eki_address_parse(name, &to->address)) to->address = (struct eki_address){0, 0};
}

static int by_name(const void *a, const void *b)
{
    const struct eki_incident_host *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static uint32_t find_own(const struct whole *w, const char *name)
{
    struct eki_incident_host wanted = {.name = name};
    const struct eki_incident_host *found =
        bsearch(&wanted, w->incident.hosts, w->own, sizeof wanted, by_name);
    return found ? (uint32_t)(found - w->incident.hosts) : UINT32_MAX;
}

/* Parents that are somebody else's are all one host, which the slice takes out: it tells how many edges led
 * there, and nothing else. */
static uint32_t stranger(struct whole *w)
{
    struct eki_incident *i = &w->incident;
    if (i->host_count == w->own) fill_host(&i->hosts[i->host_count++], "elsewhere", i);
    return (uint32_t)w->own;
}

static void fill_edges(struct whole *w, const struct eki_notice_part *part)
{
    struct eki_incident *i = &w->incident;
    for (size_t k = 0; k < part->host_count; k++) {
        const struct eki_store_case_host *host = part->hosts[k];
        if (!host->parent[0]) continue;
        const struct eki_store_infection *infection = eki_notice_infection(part->book, host->host);
        uint32_t from = find_own(w, host->parent);
        if (from == UINT32_MAX) from = stranger(w);
        i->edges[i->edge_count++] =
            (struct eki_incident_edge){.from = from,
                                       .to = find_own(w, host->host),
                                       .at = host->at * 1000,
                                       .confidence = infection ? infection->posterior : NAN};
    }
}

static enum eki_error fill(struct whole *w, const struct eki_notice_part *part)
{
    struct eki_incident *i = &w->incident;
    const struct eki_notice_book *book = part->book;
    i->hosts = eki_allocate(part->host_count + 1, sizeof *i->hosts);
    i->edges = eki_allocate(part->host_count, sizeof *i->edges);
    if (!i->hosts || !i->edges) return EKI_ERROR_MEMORY;
    i->created = book->setup->now;
    i->first = i->last = EKI_TIME_NONE;
    i->port = book->outbreak.id ? (uint16_t)book->outbreak.port : 0;
    i->protocol = book->outbreak.id ? protocol_of(book->outbreak.proto) : 0;
    i->family = book->outbreak.id && book->outbreak.family[0] ? book->outbreak.family : NULL;
    i->route = book->row.route[0] ? book->row.route : NULL;
    i->first = part->hosts[0]->at * 1000;
    i->last = part->hosts[part->host_count - 1]->at * 1000;
    for (size_t k = 0; k < part->host_count; k++) {
        struct eki_incident_host *host = &i->hosts[i->host_count++];
        fill_host(host, part->hosts[k]->host, i);
        host->first = part->hosts[k]->at * 1000;
        host->last = host->first;
        host->evidence = part->hosts[k]->evidence[0] ? part->hosts[k]->evidence : NULL;
    }
    w->own = i->host_count;
    qsort(i->hosts, w->own, sizeof *i->hosts, by_name);
    fill_edges(w, part);
    return EKI_OK;
}

static bool is_own(void *user, const struct eki_incident_host *host)
{
    const struct whole *w = user;
    return (size_t)(host - w->incident.hosts) < w->own;
}

/* The title names the service and the count, never the case's own title: a person may have put a host of
 * somebody else into that. */
static enum eki_error name_it(struct eki_incident *slice, const struct eki_notice_part *part,
                              const struct eki_tlp_decision *decision)
{
    char title[100], service[32];
    const struct eki_notice_sender *sender = &part->book->setup->sender;
    const char *at = sender->mail ? strrchr(sender->mail, '@') : NULL;
    eki_notice_service(part->book, service);
    snprintf(title, sizeof title, "Worm infection of %zu hosts%s%s", part->host_count,
             service[0] ? " by " : "", service);
    eki_incident_mark(slice, decision->label);
    enum eki_error error = eki_incident_entitle(slice, title);
    if (!error)
        error = eki_incident_report_by(slice, sender->name ? sender->name : "CSIRT", sender->mail,
                                       at ? at + 1 : NULL);
    return error ? error : eki_incident_complete(slice, part->book->setup->now);
}

static enum eki_error write_slice(const struct eki_incident *slice, const char *format,
                                  const struct eki_tlp_decision *decision, struct eki_buffer *ret_bytes)
{
    struct eki_buffer buffer = {0};
    const struct eki_exchange_format *form = eki_exchange_find(format);
    FILE *out = form ? eki_buffer_open(&buffer) : NULL;
    if (!form) return EKI_ERROR_ARGUMENT;
    if (!out) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_exchange_write(form, slice, decision, out);
    if ((fclose(out) || buffer.failed) && !error) error = EKI_ERROR_MEMORY;
    if (error)
        eki_free(buffer.bytes);
    else
        *ret_bytes = buffer;
    return error;
}

enum eki_error eki_notice_attach(const struct eki_notice_part *part, const char *format,
                                 const struct eki_tlp_decision *decision, struct eki_buffer *ret_bytes)
{
    struct whole w = {0};
    struct eki_incident *slice = NULL;
    enum eki_error error = fill(&w, part);
    if (!error) error = eki_incident_slice(&w.incident, is_own, &w, &slice);
    if (!error) error = name_it(slice, part, decision);
    if (!error) error = write_slice(slice, format, decision, ret_bytes);
    eki_incident_free(slice);
    eki_free(w.incident.hosts);
    eki_free(w.incident.edges);
    return error;
}
