/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Affected hosts that another team tells, and who infected whom, as rows of a case. Edges are taken in order
 * of time into a forest (union and find, Tarjan 1975): one that would close a circle is left out, whatever
 * the case had before.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/case_host.h"
#include "case/case_kin.h"
#include "case/receive_rows.h"

#define NONE UINT32_MAX

/* A host of the case: one that it has, or one that is new. */
struct node {
    const char *name;
    struct eki_store_case_host *row; /* NULL: new */
    uint32_t told;                   /* position in the incident; NONE: not told */
    uint32_t set;                    /* the node that stands for its set; itself for a root */
    uint32_t edge;                   /* of the incident: who infected it; NONE */
    const char *parent;              /* newly known; NULL */
};

struct merging {
    const struct eki_receive_into *into;
    const struct eki_gathered *gathered;
    struct eki_store_case_host *rows; /* sorted by host */
    size_t row_count;
    struct eki_kin_hosts kin; /* what a case of these has is told by that one */
    struct node *nodes;       /* the rows, then the new ones */
    size_t node_count;
    uint32_t *at; /* of each gathered host: its node; NONE: another case of the kin has it */
};

static int compare_rows(const void *left, const void *right)
{
    const struct eki_store_case_host *a = left, *b = right;
    return strcmp(a->host, b->host);
}

static enum eki_error list_rows(struct merging *m)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = m->into->of_case}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_page page;
    enum eki_error error = eki_store_list(m->into->work, &query, &m->rows, &page);
    if (!error && page.next) error = EKI_ERROR_LIMIT;
    if (error) return error;
    m->row_count = page.count;
    if (page.count) qsort(m->rows, page.count, sizeof *m->rows, compare_rows);
    return eki_case_kin_hosts(m->into->work, m->into->of_case, &m->kin);
}

/* The node of a host that the case has; NONE. */
static uint32_t find_row(const struct merging *m, const char *name)
{
    const struct eki_store_case_host wanted = {.host = name};
    const struct eki_store_case_host *found =
        m->row_count ? bsearch(&wanted, m->rows, m->row_count, sizeof wanted, compare_rows) : NULL;
    return found ? (uint32_t)(found - m->rows) : NONE;
}

static uint32_t root_of(struct merging *m, uint32_t node)
{
    while (m->nodes[node].set != node) {
        m->nodes[node].set = m->nodes[m->nodes[node].set].set; /* halves the path */
        node = m->nodes[node].set;
    }
    return node;
}

/* False when both are of one set already. */
static bool unite(struct merging *m, uint32_t a, uint32_t b)
{
    a = root_of(m, a);
    b = root_of(m, b);
    if (a == b) return false;
    m->nodes[a].set = b;
    return true;
}

static enum eki_error make_nodes(struct merging *m)
{
    size_t hosts = m->gathered->host_count;
    m->nodes = eki_allocate(m->row_count + hosts + 1, sizeof *m->nodes);
    m->at = eki_allocate(hosts + 1, sizeof *m->at);
    if (!m->nodes || !m->at) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < m->row_count; i++)
        m->nodes[i] = (struct node){.name = m->rows[i].host, .row = &m->rows[i], .told = NONE, .edge = NONE};
    m->node_count = m->row_count;
    for (size_t i = 0; i < hosts; i++) {
        const struct eki_gathered_host *host = &m->gathered->hosts[i];
        m->at[i] = find_row(m, host->name);
        if (m->at[i] == NONE && eki_kin_has(&m->kin, host->name)) continue;
        if (m->at[i] == NONE) {
            m->at[i] = (uint32_t)m->node_count++;
            m->nodes[m->at[i]] = (struct node){.name = host->name, .edge = NONE};
        }
        m->nodes[m->at[i]].told = host->position;
    }
    for (size_t i = 0; i < m->node_count; i++) m->nodes[i].set = (uint32_t)i;
    for (size_t i = 0; i < m->row_count; i++) {
        uint32_t parent = m->rows[i].parent[0] ? find_row(m, m->rows[i].parent) : NONE;
        if (parent != NONE) (void)unite(m, (uint32_t)i, parent);
    }
    return EKI_OK;
}

/* The node of a host of the incident; NONE for one that is not affected, or that another case has. */
static uint32_t node_of(const struct merging *m, uint32_t host)
{
    uint32_t place = m->gathered->places[host];
    return place == UINT32_MAX ? NONE : m->at[place];
}

static double sureness(const struct eki_incident_edge *edge)
{
    return isnan(edge->confidence) ? -1 : edge->confidence;
}

/* Of those that may have infected a host the likeliest is taken, where none is known yet. */
static void choose_edges(struct merging *m)
{
    const struct eki_incident *incident = m->into->incident;
    for (size_t i = 0; i < incident->edge_count; i++) {
        const struct eki_incident_edge *edge = &incident->edges[i];
        uint32_t from = node_of(m, edge->from), to = node_of(m, edge->to);
        if (from == NONE || to == NONE || from == to) continue;
        struct node *node = &m->nodes[to];
        if (node->row && node->row->parent[0]) continue;
        if (node->edge == NONE || sureness(edge) > sureness(&incident->edges[node->edge]))
            node->edge = (uint32_t)i;
    }
}

struct chosen {
    eki_time at;
    uint32_t edge;
};

static int compare_chosen(const void *left, const void *right)
{
    const struct chosen *a = left, *b = right;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return (a->edge > b->edge) - (a->edge < b->edge);
}

static enum eki_error grow_forest(struct merging *m)
{
    const struct eki_incident *incident = m->into->incident;
    size_t count = 0;
    struct chosen *chosen = eki_allocate(m->node_count + 1, sizeof *chosen);
    if (!chosen) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < m->node_count; i++)
        if (m->nodes[i].edge != NONE)
            chosen[count++] = (struct chosen){incident->edges[m->nodes[i].edge].at, m->nodes[i].edge};
    if (count) qsort(chosen, count, sizeof *chosen, compare_chosen);
    for (size_t i = 0; i < count; i++) {
        const struct eki_incident_edge *edge = &incident->edges[chosen[i].edge];
        uint32_t from = node_of(m, edge->from), to = node_of(m, edge->to);
        if (unite(m, to, from)) m->nodes[to].parent = m->nodes[from].name;
    }
    eki_free(chosen);
    return EKI_OK;
}

static const char *evidence_of(const struct eki_incident_host *host)
{
    static const char *const words[] = {"implant", "exploit", "session", "contact", "scan"};
    for (size_t i = 0; host->evidence && i < sizeof words / sizeof *words; i++)
        if (!strcmp(host->evidence, words[i])) return words[i];
    return host->role == EKI_ROLE_SCANNER ? "scan" : "";
}

static int64_t time_of(const struct merging *m, const struct eki_incident_host *host)
{
    eki_time first = host->first != EKI_TIME_NONE ? host->first : m->into->incident->first;
    return first != EKI_TIME_NONE && first > 0 ? first / 1000 : m->into->act->at;
}

static enum eki_error add_row(struct merging *m, const struct node *node)
{
    const struct eki_incident_host *host = &m->into->incident->hosts[node->told];
    struct eki_store_case_host row = {.of_case = m->into->of_case,
                                      .host = node->name,
                                      .at = time_of(m, host),
                                      .parent = node->parent,
                                      .evidence = evidence_of(host),
                                      .state = "affected",
                                      .changed = m->into->act->at};
    eki_case_host_owner(m->into->directory, &row);
    return eki_store_add(m->into->work, &row);
}

static enum eki_error write_rows(struct merging *m, size_t *ret_added)
{
    enum eki_error error = EKI_OK;
    size_t added = 0;
    for (size_t i = 0; i < m->node_count && !error; i++) {
        struct node *node = &m->nodes[i];
        if (!node->row) {
            error = add_row(m, node);
            added += !error;
        } else if (node->parent) {
            node->row->parent = node->parent;
            node->row->changed = m->into->act->at;
            error = eki_store_change(m->into->work, node->row);
        }
    }
    if (!error) *ret_added = added;
    return error;
}

enum eki_error eki_receive_hosts(const struct eki_receive_into *into, const struct eki_gathered *gathered,
                                 size_t *ret_added)
{
    struct merging m = {.into = into, .gathered = gathered};
    enum eki_error error = list_rows(&m);
    if (!error) error = make_nodes(&m);
    if (!error) {
        choose_edges(&m);
        error = grow_forest(&m);
    }
    if (!error) error = write_rows(&m, ret_added);
    eki_kin_done(&m.kin);
    eki_free(m.nodes);
    eki_free(m.at);
    return error;
}
