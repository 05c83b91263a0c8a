/* SPDX-License-Identifier: Apache-2.0 */
/* How enquiries went: through how many hands, and how long it took. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/enquiry.h"

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The lower of the two in the middle of an even number; `count` is not 0. */
static int64_t median(int64_t *numbers, size_t count)
{
    qsort(numbers, count, sizeof *numbers, by_number);
    return numbers[(count - 1) / 2];
}

static void count_state(const struct eki_store_enquiry *row, struct eki_enquiry_figures *figures)
{
    bool open = !strcmp(row->state, "open");
    figures->open += open;
    figures->waiting += !strcmp(row->state, "waiting");
    figures->answered += !strcmp(row->state, "answered");
    figures->closed += !strcmp(row->state, "closed");
    figures->untaken += open && !row->account && !row->department[0];
    if (open && (!figures->oldest || row->created < figures->oldest)) figures->oldest = row->created;
}

static enum eki_error measure(const struct eki_store_enquiry *rows, size_t count,
                              struct eki_enquiry_figures *figures)
{
    size_t reached = 0;
    int64_t *numbers = eki_allocate(count * 3 + 1, sizeof *numbers);
    if (!numbers) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        count_state(&rows[i], figures);
        if (!rows[i].answered) continue;
        numbers[reached] = rows[i].handovers;
        numbers[count + reached] = rows[i].reached - rows[i].created;
        numbers[2 * count + reached] = rows[i].answered - rows[i].created;
        figures->direct += !rows[i].handovers;
        reached++;
    }
    figures->all = count;
    figures->reached = reached;
    if (reached) {
        figures->handovers = median(numbers, reached);
        figures->reached_after = median(numbers + count, reached);
        figures->reached_most = numbers[count + reached - 1];
        figures->answered_after = median(numbers + 2 * count, reached);
    }
    eki_free(numbers);
    return EKI_OK;
}

enum eki_error eki_enquiry_stats(struct eki_store_work *work, int64_t since,
                                 struct eki_enquiry_figures *ret_figures)
{
    struct eki_enquiry_figures figures = {0};
    struct eki_store_enquiry *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "created", .is = '>', .number = since - 1}},
                                          .descending = true,
                                          .limit = EKI_STORE_MOST_ROWS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) error = measure(rows, page.count, &figures);
    if (!error) *ret_figures = figures;
    return error;
}
