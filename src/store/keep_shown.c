/* SPDX-License-Identifier: Apache-2.0 */
#include "store/keep_shown.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/sign.h"
#include "store/work.h"

/* Names that differ at each host say little: of many the first ones are enough to see the rule. */
enum { SHOWN = 32 };

struct keeping {
    const struct eki_outbreak *outbreak;
    struct eki_address *hosts; /* infected ones, in order */
    struct eki_sign_shown shown[SHOWN];
    eki_time first[SHOWN], last[SHOWN];
    size_t count;
};

static int by_address(const void *left, const void *right)
{
    const struct eki_address *a = left, *b = right;
    return eki_address_compare(*a, *b);
}

static enum eki_error take_hosts(struct keeping *k)
{
    size_t count = k->outbreak->infection_count;
    k->hosts = eki_allocate(count + 1, sizeof *k->hosts);
    if (!k->hosts) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) k->hosts[i] = k->outbreak->infections[i].host;
    qsort(k->hosts, count, sizeof *k->hosts, by_address);
    return EKI_OK;
}

/* A sign of the family of the outbreak, or the way by which one of its hosts fell. */
static bool belongs(const struct keeping *k, const struct eki_sign *sign)
{
    const struct eki_outbreak *outbreak = k->outbreak;
    if (sign->family[0]) return outbreak->family.name && !strcmp(sign->family, outbreak->family.name);
    return sign->service == outbreak->service && sign->protocol == outbreak->protocol &&
           bsearch(&sign->target, k->hosts, outbreak->infection_count, sizeof *k->hosts, by_address);
}

static void take(struct keeping *k, const struct eki_sign *sign, const struct eki_sign_shown *shown)
{
    size_t i = 0;
    while (i < k->count &&
           (strcmp(k->shown[i].kind, shown->kind) != 0 || strcmp(k->shown[i].value, shown->value) != 0))
        i++;
    if (i == SHOWN) return;
    if (i == k->count) {
        k->shown[i] = *shown;
        k->first[i] = sign->first;
        k->last[i] = sign->last;
        k->count++;
    }
    if (sign->first < k->first[i]) k->first[i] = sign->first;
    if (sign->last > k->last[i]) k->last[i] = sign->last;
}

static enum eki_error write_rows(struct eki_store_work *work, const struct keeping *k, int64_t id)
{
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(&sql, "DELETE FROM outbreak_indicator WHERE outbreak = ?");
    eki_sql_integer(&sql, id);
    enum eki_error error = eki_work_run(work, &sql, NULL, NULL, NULL);
    for (size_t i = 0; !error && i < k->count; i++) {
        struct eki_store_outbreak_indicator row = {.outbreak = id,
                                                   .kind = k->shown[i].kind,
                                                   .value = k->shown[i].value,
                                                   .comment = k->shown[i].comment,
                                                   .first = k->first[i] / 1000,
                                                   .last = k->last[i] / 1000};
        error = eki_row_insert(work, &eki_table_outbreak_indicator, &row);
    }
    return error;
}

enum eki_error eki_keep_shown(struct eki_store_work *work, const struct eki_outbreak *outbreak,
                              const struct eki_result *result, int64_t id)
{
    struct keeping k = {.outbreak = outbreak};
    struct eki_sign_shown shown;
    enum eki_error error = take_hosts(&k);
    for (size_t i = 0; !error && i < result->sign_count; i++)
        if (eki_sign_shows(&result->signs[i], &shown) && belongs(&k, &result->signs[i]))
            take(&k, &result->signs[i], &shown);
    if (!error) error = write_rows(work, &k, id);
    eki_free(k.hosts);
    return error;
}
