/* SPDX-License-Identifier: Apache-2.0 */
/* Which other open case has the same hosts. */
#include <string.h>

#include "ekigaku/case_merge.h"

enum {
    ASKED = 1000, /* hosts that are asked for: so many tell as much as all */
    CASES = 64    /* open cases that are kept account of, and rows of a host that are read, the newest */
};

struct counts {
    struct eki_case_shared at[CASES]; /* of cases that are not over */
    int64_t over[CASES];              /* cases that are, the last ones that were met: not asked for again */
    size_t count, over_count;
};

/* Cases that are over take no room: the same hosts may have been in many. */
static enum eki_error note(struct eki_store_work *work, struct counts *counts, int64_t of_case)
{
    for (size_t i = 0; i < counts->count; i++)
        if (counts->at[i].of_case == of_case) {
            counts->at[i].hosts++;
            return EKI_OK;
        }
    for (size_t i = 0; i < CASES && i < counts->over_count; i++)
        if (counts->over[i] == of_case) return EKI_OK;
    struct eki_store_case row;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (error) return error;
    if (strcmp(row.state, "open") != 0 && strcmp(row.state, "contained") != 0)
        counts->over[counts->over_count++ % CASES] = of_case;
    else if (counts->count < CASES)
        counts->at[counts->count++] = (struct eki_case_shared){of_case, 1};
    return EKI_OK;
}

static enum eki_error look_for(struct eki_store_work *work, int64_t of_case, const char *host,
                               struct counts *counts)
{
    const struct eki_store_query query = {
        .where = {{.column = "host", .text = host}}, .descending = true, .limit = CASES + 1};
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++)
        if (rows[i].of_case != of_case) error = note(work, counts, rows[i].of_case);
    return error;
}

/* The one with the most hosts; of those that have as many the oldest. */
static struct eki_case_shared choose(const struct counts *counts)
{
    struct eki_case_shared best = {0};
    for (size_t i = 0; i < counts->count; i++) {
        const struct eki_case_shared *one = &counts->at[i];
        if (one->hosts > best.hosts || (one->hosts == best.hosts && one->of_case < best.of_case)) best = *one;
    }
    return best;
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
    if (!error) *ret_shared = choose(&counts);
    return error;
}
