/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_signs.h"

#include <string.h>

#include "base/memory.h"
#include "case/case_move.h"
#include "case/receive_rows.h"

struct taking {
    struct eki_store_work *work;
    struct eki_arena arena;
    struct eki_incident incident; /* nothing but its indicators */
    size_t room;
};

static enum eki_error add(struct taking *t, const struct eki_indicator *indicator)
{
    struct eki_indicator *more =
        eki_array_reserve(t->incident.indicators, t->incident.indicator_count, &t->room, sizeof *more);
    if (!more) return EKI_ERROR_MEMORY;
    t->incident.indicators = more;
    more[t->incident.indicator_count++] = *indicator;
    return EKI_OK;
}

/* An address says something to others only when it is not one of a private network. */
static enum eki_error add_address(struct taking *t, const char *host, enum eki_incident_role role,
                                  const int64_t times[2])
{
    struct eki_address address;
    if (eki_address_parse(host, &address) || eki_address_is_private(address)) return EKI_OK;
    return add(t, &(struct eki_indicator){.kind = EKI_INDICATOR_ADDRESS,
                                          .value = host,
                                          .comment = eki_incident_role_name(role),
                                          .first = times[0] * 1000,
                                          .last = times[1] * 1000,
                                          .detect = true});
}

/* What its signs show: the store keeps domains and names of files only. */
static enum eki_error add_shown(struct taking *t, int64_t outbreak)
{
    const struct eki_store_query query = {.where = {{.column = "outbreak", .number = outbreak}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_outbreak_indicator *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(t->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        error = add(t, &(struct eki_indicator){.kind = !strcmp(rows[i].kind, "file") ? EKI_INDICATOR_FILE
                                                                                     : EKI_INDICATOR_DOMAIN,
                                               .value = rows[i].value,
                                               .comment = rows[i].comment,
                                               .first = rows[i].first * 1000,
                                               .last = rows[i].last * 1000,
                                               .detect = true});
    return error;
}

static enum eki_error add_infected(struct taking *t, int64_t outbreak)
{
    const struct eki_store_query query = {.where = {{.column = "outbreak", .number = outbreak}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_infection *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(t->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        error = add_address(t, rows[i].host, EKI_ROLE_INFECTED, (const int64_t[]){rows[i].at, rows[i].at});
    return error;
}

/* Who searched for another service of the same traffic has nothing to do with it. */
static enum eki_error add_scanners(struct taking *t, const struct eki_store_outbreak *outbreak)
{
    const struct eki_store_query query = {.where = {{.column = "analysis", .number = outbreak->analysis},
                                                    {.column = "port", .number = outbreak->port},
                                                    {.column = "verdict", .text = "scanner"}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_scanner *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(t->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        const struct eki_store_scanner *s = &rows[i];
        if (strcmp(s->proto, outbreak->proto) != 0) continue;
        error = add_address(t, s->host, EKI_ROLE_SCANNER, (const int64_t[]){s->first, s->last});
    }
    return error;
}

enum eki_error eki_case_take_signs(struct eki_store_work *work, const struct eki_store_act *act,
                                   int64_t of_case, const struct eki_store_outbreak *outbreak)
{
    struct taking t = {.work = work};
    struct eki_gathered gathered;
    size_t added;
    enum eki_error error = add_shown(&t, outbreak->id);
    if (!error) error = add_infected(&t, outbreak->id);
    if (!error) error = add_scanners(&t, outbreak);
    if (!error) error = eki_receive_gather(&t.arena, &t.incident, &gathered);
    const struct eki_receive_into into = {.work = work,
                                          .act = act,
                                          .arena = &t.arena,
                                          .incident = &t.incident,
                                          .of_case = of_case,
                                          .spares = true};
    if (!error) error = eki_receive_signs(&into, &gathered, &added);
    eki_free(t.incident.indicators);
    eki_arena_done(&t.arena);
    return error;
}
