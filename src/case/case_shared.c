/* SPDX-License-Identifier: Apache-2.0 */
/* Which other open case has the same hosts. */
#include <string.h>

#include "ekigaku/case_merge.h"

enum {
    ASKED = 1000, /* hosts that are asked for: so many tell as much as all */
    CASES =
        64 /* cases that are kept account of: where more have the same hosts, one of them is found still */
};

struct counts {
    struct eki_case_shared at[CASES];
    size_t count;
};

static void note(struct counts *counts, int64_t of_case)
{
    size_t i = 0;
    while (i < counts->count && counts->at[i].of_case != of_case) i++;
    if (i == CASES) return;
    if (i == counts->count) counts->at[counts->count++] = (struct eki_case_shared){of_case, 0};
    counts->at[i].hosts++;
}

static enum eki_error look_for(struct eki_store_work *work, int64_t of_case, const char *host,
                               struct counts *counts)
{
    const struct eki_store_query query = {.where = {{.column = "host", .text = host}}, .limit = CASES + 1};
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        if (rows[i].of_case != of_case) note(counts, rows[i].of_case);
    return error;
}

/* The open one with the most hosts; of those that have as many the oldest. */
static enum eki_error choose(struct eki_store_work *work, const struct counts *counts,
                             struct eki_case_shared *ret_shared)
{
    struct eki_case_shared best = {0};
    for (size_t i = 0; i < counts->count; i++) {
        const struct eki_case_shared *one = &counts->at[i];
        struct eki_store_case row;
        if (one->hosts < best.hosts || (one->hosts == best.hosts && one->of_case > best.of_case)) continue;
        enum eki_error error = eki_store_get(work, &row, one->of_case);
        if (error) return error;
        if (!strcmp(row.state, "open") || !strcmp(row.state, "contained")) best = *one;
    }
    *ret_shared = best;
    return EKI_OK;
}

enum eki_error eki_case_shared(struct eki_store_work *work, int64_t of_case,
                               struct eki_case_shared *ret_shared)
{
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = ASKED};
    struct counts counts = {.count = 0};
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = look_for(work, of_case, rows[i].host, &counts);
    return error ? error : choose(work, &counts, ret_shared);
}
