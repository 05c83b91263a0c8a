/* SPDX-License-Identifier: Apache-2.0 */
/* A case as an incident: what is affected, who infected whom, what to look for. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/case_told.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_indicator.h"

struct reading {
    struct eki_store_work *work;
    struct eki_store_case row;
    struct eki_store_outbreak outbreak; /* id 0: none */
    struct eki_store_received received; /* that opened it; id 0: none */
    struct eki_store_case_host *hosts;  /* the work's, sorted by name */
    struct eki_store_indicator *indicators;
    size_t host_count, indicator_count;
    int64_t worked;            /* when its tasks or its stage last changed */
    struct eki_incident whole; /* its texts are the work's */
};

const char *eki_case_number(const struct eki_store_case *row, char ret_number[EKI_CASE_NUMBER])
{
    snprintf(ret_number, EKI_CASE_NUMBER, "case-%" PRId64 "-%" PRId64, row->id, row->created);
    return ret_number;
}

bool eki_case_number_read(const char *number, int64_t *ret_id)
{
    static const char head[] = "case-";
    char *end;
    if (strncmp(number, head, sizeof head - 1) != 0) return false;
    number += sizeof head - 1;
    if (*number < '1' || *number > '9') return false;
    errno = 0;
    long long id = strtoll(number, &end, 10);
    if (errno || *end != '-') return false;
    *ret_id = id;
    return true;
}

enum eki_tlp eki_case_label(const struct eki_store_case *row)
{
    enum eki_tlp label = EKI_TLP_RED;
    if (!row->tlp[0]) return EKI_TLP_UNMARKED;
    return eki_tlp_parse(row->tlp, &label) ? EKI_TLP_RED : label;
}

enum eki_tlp eki_notice_label(const struct eki_store_notice *row)
{
    const struct eki_store_case own = {.tlp = row->tlp};
    return eki_case_label(&own);
}

static struct eki_store_query rows_of(int64_t of_case)
{
    return (struct eki_store_query){.where = {{.column = "of_case", .number = of_case}},
                                    .limit = EKI_STORE_MOST_ROWS};
}

static enum eki_error read_rows(struct reading *r)
{
    struct eki_store_query query = rows_of(r->row.id);
    struct eki_store_page page;
    enum eki_error error = eki_store_list(r->work, &query, &r->hosts, &page);
    if (error) return error;
    r->host_count = page.count;
    if (page.next) return EKI_ERROR_LIMIT;
    error = eki_store_list(r->work, &query, &r->indicators, &page);
    if (error) return error;
    r->indicator_count = page.count;
    return page.next ? EKI_ERROR_LIMIT : eki_case_work_changed(r->work, &r->row, &r->worked);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t last_change(const struct reading *r)
{
    int64_t changed = later(r->row.created, r->worked);
    for (size_t i = 0; i < r->host_count; i++) changed = later(changed, r->hosts[i].changed);
    for (size_t i = 0; i < r->indicator_count; i++) changed = later(changed, r->indicators[i].created);
    return changed;
}

enum eki_error eki_case_changed(struct eki_store_work *work, const struct eki_store_case *row,
                                int64_t *ret_changed)
{
    struct reading r = {.work = work, .row = *row};
    enum eki_error error = read_rows(&r);
    if (!error) *ret_changed = last_change(&r);
    return error;
}

static int by_name(const void *a, const void *b)
{
    const struct eki_store_case_host *x = a, *y = b;
    return strcmp(x->host, y->host);
}

static uint8_t protocol_of(const char *name)
{
    return !strcmp(name, "tcp") ? IPPROTO_TCP : !strcmp(name, "udp") ? IPPROTO_UDP : 0;
}

static void fill_host(const struct reading *r, const struct eki_store_case_host *row,
                      struct eki_incident_host *host)
{
    *host = (struct eki_incident_host){.name = row->host,
                                       .role = EKI_ROLE_INFECTED,
                                       .first = row->at * 1000,
                                       .last = row->at * 1000,
                                       .port = r->whole.port,
                                       .protocol = r->whole.protocol,
                                       .confidence = NAN,
                                       .evidence = row->evidence[0] ? row->evidence : NULL};
    if (eki_address_parse(row->host, &host->address)) host->address = (struct eki_address){0, 0};
}

/* A parent that is no host of the case is not told. */
static void fill_edge(struct reading *r, size_t to)
{
    struct eki_store_case_host wanted = {.host = r->hosts[to].parent};
    const struct eki_store_case_host *from =
        bsearch(&wanted, r->hosts, r->host_count, sizeof wanted, by_name);
    if (!from || (size_t)(from - r->hosts) == to) return;
    r->whole.edges[r->whole.edge_count++] = (struct eki_incident_edge){.from = (uint32_t)(from - r->hosts),
                                                                       .to = (uint32_t)to,
                                                                       .at = r->hosts[to].at * 1000,
                                                                       .confidence = NAN};
}

static bool kind_of(const char *name, enum eki_indicator_kind *ret_kind)
{
    for (int i = 0; i < EKI_INDICATOR_KIND_COUNT; i++)
        if (!strcmp(name, eki_indicator_kind_name((enum eki_indicator_kind)i))) {
            *ret_kind = (enum eki_indicator_kind)i;
            return true;
        }
    return false;
}

static eki_time time_of(int64_t microseconds)
{
    return microseconds ? microseconds * 1000 : EKI_TIME_NONE;
}

static void fill_indicator(struct reading *r, const struct eki_store_indicator *row)
{
    struct eki_indicator *n = &r->whole.indicators[r->whole.indicator_count];
    enum eki_indicator_kind kind;
    enum eki_tlp label = eki_case_label(&r->row);
    if (!kind_of(row->kind, &kind)) return;
    if (eki_indicator_label(row, label) != label) return; /* what is told to fewer stays here */
    *n = (struct eki_indicator){.kind = kind,
                                .value = row->value,
                                .comment = row->comment[0] ? row->comment : NULL,
                                .first = time_of(row->first),
                                .last = time_of(row->last),
                                .detect = row->detect};
    r->whole.indicator_count++;
}

/* What spreads, and by which service: as the outbreak says, or else whoever sent it. */
static void fill_service(struct reading *r)
{
    const char *family = "", *proto = "";
    int64_t port = 0;
    if (r->outbreak.id) {
        family = r->outbreak.family;
        proto = r->outbreak.proto;
        port = r->outbreak.port;
    } else if (r->received.id) {
        family = r->received.family;
        proto = r->received.proto;
        port = r->received.port;
    }
    r->whole.family = family[0] ? family : NULL;
    r->whole.protocol = protocol_of(proto);
    r->whole.port = (uint16_t)port;
}

static enum eki_error fill(struct reading *r)
{
    struct eki_incident *whole = &r->whole;
    whole->title = r->row.title;
    fill_service(r);
    whole->route = r->row.route[0] ? r->row.route : NULL;
    whole->created = last_change(r) * 1000;
    whole->modified = whole->first = whole->last = EKI_TIME_NONE;
    whole->hosts = eki_allocate(r->host_count + 1, sizeof *whole->hosts);
    whole->edges = eki_allocate(r->host_count + 1, sizeof *whole->edges);
    whole->indicators = eki_allocate(r->indicator_count + 1, sizeof *whole->indicators);
    if (!whole->hosts || !whole->edges || !whole->indicators) return EKI_ERROR_MEMORY;
    qsort(r->hosts, r->host_count, sizeof *r->hosts, by_name);
    for (size_t i = 0; i < r->host_count; i++) {
        fill_host(r, &r->hosts[i], &whole->hosts[i]);
        fill_edge(r, i);
    }
    whole->host_count = r->host_count;
    for (size_t i = 0; i < r->indicator_count; i++) fill_indicator(r, &r->indicators[i]);
    return EKI_OK;
}

static bool keep_all(void *user, const struct eki_incident_host *host)
{
    (void)user;
    (void)host;
    return true;
}

/* Its number, and what it comes from: what it is known by when it comes back. */
static enum eki_error refer(const struct reading *r, struct eki_incident *made)
{
    const struct eki_store_received *from = &r->received;
    if (!from->id) return EKI_OK;
    enum eki_error error = eki_incident_refer(made, EKI_CASE_SOURCE, from->incident);
    return error ? error : eki_incident_refer(made, EKI_CASE_SOURCE, from->origin);
}

/* A copy that owns its texts, under the label and the number of the case. The id is made before it is said
 * who tells it: it must not change with the name of the desk. */
static enum eki_error copy(const struct reading *r, const char *reporter, struct eki_incident **ret_incident)
{
    struct eki_incident *made = NULL;
    char number[EKI_CASE_NUMBER];
    enum eki_error error = eki_incident_slice(&r->whole, keep_all, NULL, &made);
    if (error) return error;
    eki_incident_mark(made, eki_case_label(&r->row));
    error = eki_incident_report_by(made, EKI_CASE_SOURCE, NULL, NULL);
    if (!error) error = eki_incident_number(made, eki_case_number(&r->row, number));
    if (!error) error = eki_incident_complete(made, r->row.created * 1000);
    if (!error) error = eki_incident_report_by(made, reporter ? reporter : "CSIRT", NULL, NULL);
    if (!error) error = refer(r, made);
    if (!error) error = eki_case_tell_work(r->work, &r->row, made);
    if (error)
        eki_incident_free(made);
    else
        *ret_incident = made;
    return error;
}

/* The row by which it was opened, when another team sent it. */
static enum eki_error read_received(struct reading *r)
{
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = r->row.id}, {.column = "answer", .text = "opened"}},
        .limit = 1};
    struct eki_store_received *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(r->work, &query, &rows, &page);
    if (!error && page.count) r->received = rows[0];
    return error;
}

enum eki_error eki_case_incident(struct eki_store_work *work, int64_t of_case, const char *reporter,
                                 struct eki_incident **ret_incident, struct eki_fault *ret_fault)
{
    struct reading r = {.work = work};
    enum eki_error error = eki_store_get(work, &r.row, of_case);
    if (!error && r.row.outbreak) error = eki_store_get(work, &r.outbreak, r.row.outbreak);
    if (!error) error = read_received(&r);
    if (!error) error = read_rows(&r);
    if (error && ret_fault) *ret_fault = *eki_store_why(work);
    if (!error) error = fill(&r);
    if (!error) error = copy(&r, reporter, ret_incident);
    eki_free(r.whole.hosts);
    eki_free(r.whole.edges);
    eki_free(r.whole.indicators);
    return error;
}
