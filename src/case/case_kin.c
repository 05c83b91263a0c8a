/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_kin.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/case_move.h"

enum {
    STEPS = 1000,  /* merges in a row: a chain that is longer is a circle, which no call makes */
    FAMILY = 10000 /* cases that hang together */
};

enum eki_error eki_case_follow(struct eki_store_work *work, int64_t of_case, struct eki_store_case *ret_case)
{
    struct eki_store_case row;
    enum eki_error error = eki_store_get(work, &row, of_case);
    for (int i = 0; !error && i < STEPS && !strcmp(row.state, "merged") && row.merged_into; i++)
        error = eki_store_get(work, &row, row.merged_into);
    if (!error) *ret_case = row;
    return error;
}

enum eki_error eki_case_takes(struct eki_store_work *work, int64_t of_case, struct eki_store_case *ret_case,
                              struct eki_fault *ret_fault)
{
    struct eki_store_case row, goes_on;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (!error && !strcmp(row.state, "merged")) {
        error = eki_case_follow(work, of_case, &goes_on);
        if (!error)
            return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "case %lld was merged into case %lld",
                                 (long long)of_case, (long long)goes_on.id);
    }
    if (!error && ret_case) *ret_case = row;
    return error;
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static enum eki_error add_hosts(struct eki_store_work *work, int64_t of_case, struct eki_kin_hosts *kin)
{
    struct eki_store_case_host *rows;
    size_t count = 0;
    enum eki_error error = eki_case_rows(work, of_case, &rows, &count);
    for (size_t i = 0; !error && i < count; i++) {
        const char **more = eki_array_reserve(kin->hosts, kin->count, &kin->room, sizeof *more);
        if (!more) return EKI_ERROR_MEMORY;
        kin->hosts = more;
        kin->hosts[kin->count++] = rows[i].host;
    }
    return error;
}

/* Cases that hang together, each once; those before `done` were looked at. */
struct family {
    struct eki_store_work *work;
    int64_t *cases;
    size_t count, done, room;
};

static enum eki_error join(struct family *f, int64_t of_case)
{
    if (!of_case) return EKI_OK;
    for (size_t i = 0; i < f->count; i++)
        if (f->cases[i] == of_case) return EKI_OK;
    if (f->count == FAMILY) return EKI_ERROR_LIMIT;
    int64_t *more = eki_array_reserve(f->cases, f->count, &f->room, sizeof *more);
    if (!more) return EKI_ERROR_MEMORY;
    f->cases = more;
    f->cases[f->count++] = of_case;
    return EKI_OK;
}

/* The cases that name this one in a column. */
static enum eki_error join_by(struct family *f, const char *column, int64_t of_case)
{
    const struct eki_store_query query = {.where = {{.column = column, .number = of_case}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_case *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(f->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = join(f, rows[i].id);
    return error;
}

/* What a case came out of, and what came out of it. */
static enum eki_error join_kin(struct family *f, int64_t of_case)
{
    struct eki_store_case row;
    enum eki_error error = eki_store_get(f->work, &row, of_case);
    if (error) return error;
    error = join(f, row.split_from);
    if (!error) error = join(f, row.merged_into);
    if (!error) error = join_by(f, "split_from", of_case);
    return error ? error : join_by(f, "merged_into", of_case);
}

enum eki_error eki_case_kin_hosts(struct eki_store_work *work, int64_t of_case, struct eki_kin_hosts *kin)
{
    struct family f = {.work = work};
    enum eki_error error = join(&f, of_case);
    for (; !error && f.done < f.count; f.done++) {
        int64_t next = f.cases[f.done];
        error = join_kin(&f, next);
        if (!error) error = add_hosts(work, next, kin);
    }
    eki_free(f.cases);
    if (!error && kin->count) qsort(kin->hosts, kin->count, sizeof *kin->hosts, compare_texts);
    return error;
}

bool eki_kin_has(const struct eki_kin_hosts *kin, const char *host)
{
    return kin->count && bsearch(&host, kin->hosts, kin->count, sizeof *kin->hosts, compare_texts);
}

void eki_kin_done(struct eki_kin_hosts *kin)
{
    eki_free(kin->hosts);
    *kin = (struct eki_kin_hosts){0};
}
