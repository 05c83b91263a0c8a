/* SPDX-License-Identifier: Apache-2.0 */
/* What of an incident concerns a case, in one way of writing, each thing once. */
#include <stdlib.h>
#include <string.h>

#include "case/receive_rows.h"
#include "case/receive_text.h"
#include "ekigaku/indicator_list.h"

enum { VALUE_MOST = 2000 /* bytes that the column of an indicator holds */ };

struct gathering {
    struct eki_arena *arena;
    const struct eki_incident *incident;
    struct eki_gathered *to;
    bool failed; /* no memory */
};

static const char *keep(struct gathering *g, const char *text)
{
    const char *copy = eki_arena_copy(g->arena, text, strlen(text) + 1, 1);
    if (!copy) g->failed = true;
    return copy;
}

/* Notices go to owners of what is infected or searches; the others are only named. */
static bool is_affected(const struct eki_incident_host *host)
{
    return host->role == EKI_ROLE_INFECTED || host->role == EKI_ROLE_SCANNER;
}

static void gather_host(struct gathering *g, uint32_t position)
{
    char text[EKI_ADDRESS_TEXT];
    struct eki_address address;
    if (eki_address_parse(g->incident->hosts[position].name, &address) || eki_address_is_special(address)) {
        g->to->passed++;
        return;
    }
    const char *name = keep(g, eki_address_format(address, text));
    if (!name) return;
    g->to->hosts[g->to->host_count++] = (struct eki_gathered_host){name, position};
}

/* Kinds that have a form of their own are only taken in that form. */
static bool has_form(enum eki_indicator_kind kind)
{
    return kind != EKI_INDICATOR_FILE && kind != EKI_INDICATOR_MUTEX && kind != EKI_INDICATOR_REGISTRY &&
           kind != EKI_INDICATOR_PATTERN;
}

static void gather_sign(struct gathering *g, enum eki_indicator_kind kind, const char *value,
                        const struct eki_indicator *told)
{
    char text[EKI_INDICATOR_VALUE];
    enum eki_indicator_kind form;
    bool plain = eki_receive_is_plain(value, VALUE_MOST);
    if (plain && has_form(kind)) {
        plain = !eki_indicator_read(value, strlen(value), &form, text) && form == kind;
        value = text;
    }
    if (!plain) {
        g->to->passed++;
        return;
    }
    value = keep(g, value);
    if (!value) return;
    size_t at = g->to->sign_count++;
    g->to->signs[at] = (struct eki_gathered_sign){eki_indicator_kind_name(kind), value, told, (uint32_t)at};
}

/* Where the attacker gives orders from is what others look for. */
static void gather_server(struct gathering *g, const struct eki_incident_host *host)
{
    struct eki_address address;
    gather_sign(g, eki_address_parse(host->name, &address) ? EKI_INDICATOR_DOMAIN : EKI_INDICATOR_ADDRESS,
                host->name, NULL);
}

static int compare_hosts(const void *left, const void *right)
{
    const struct eki_gathered_host *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static int compare_signs(const void *left, const void *right)
{
    const struct eki_gathered_sign *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    return order ? order : strcmp(a->value, b->value);
}

/* As above; of the same ones the first that was told comes first. */
static int order_signs(const void *left, const void *right)
{
    const struct eki_gathered_sign *a = left, *b = right;
    int order = compare_signs(a, b);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

/* Of hosts that are the same when written in one way, the first stays; all of them have its place. */
static void unify_hosts(struct eki_gathered *to)
{
    size_t kept = 0;
    if (to->host_count) qsort(to->hosts, to->host_count, sizeof *to->hosts, compare_hosts);
    for (size_t i = 0; i < to->host_count; i++) {
        if (!kept || strcmp(to->hosts[kept - 1].name, to->hosts[i].name) != 0)
            to->hosts[kept++] = to->hosts[i];
        to->places[to->hosts[i].position] = (uint32_t)(kept - 1);
    }
    to->host_count = kept;
}

static void unify_signs(struct eki_gathered *to)
{
    size_t kept = 0;
    if (to->sign_count) qsort(to->signs, to->sign_count, sizeof *to->signs, order_signs);
    for (size_t i = 0; i < to->sign_count; i++)
        if (!kept || compare_signs(&to->signs[kept - 1], &to->signs[i]) != 0)
            to->signs[kept++] = to->signs[i];
    to->sign_count = kept;
}

enum eki_error eki_receive_gather(struct eki_arena *arena, const struct eki_incident *incident,
                                  struct eki_gathered *ret_gathered)
{
    struct eki_gathered to = {0};
    struct gathering g = {.arena = arena, .incident = incident, .to = &to};
    size_t hosts = incident->host_count, signs = incident->indicator_count;
    to.hosts = eki_arena_take(arena, hosts + 1, sizeof *to.hosts);
    to.signs = eki_arena_take(arena, hosts + signs + 1, sizeof *to.signs);
    to.places = eki_arena_take(arena, hosts + 1, sizeof *to.places);
    if (!to.hosts || !to.signs || !to.places) return EKI_ERROR_MEMORY;
    memset(to.places, 0xff, (hosts + 1) * sizeof *to.places);
    for (size_t i = 0; i < hosts && !g.failed; i++) {
        const struct eki_incident_host *host = &incident->hosts[i];
        if (is_affected(host))
            gather_host(&g, (uint32_t)i);
        else if (host->role == EKI_ROLE_SERVER)
            gather_server(&g, host);
        else
            to.passed++;
    }
    for (size_t i = 0; i < signs && !g.failed; i++)
        gather_sign(&g, incident->indicators[i].kind, incident->indicators[i].value,
                    &incident->indicators[i]);
    if (g.failed) return EKI_ERROR_MEMORY;
    unify_hosts(&to);
    unify_signs(&to);
    *ret_gathered = to;
    return EKI_OK;
}
