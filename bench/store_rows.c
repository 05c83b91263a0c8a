/* SPDX-License-Identifier: Apache-2.0 */
/* Times what bench/store prints: a result of 100,000 infections kept, pages of it and of 1,000 outbreaks
 * read. usage: store_rows URL   prints one JSON object; seconds of one, except where the name says otherwise.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ekigaku/store.h"
#include "outcome.h"

enum { INFECTIONS = 100000, OUTBREAKS = 1000, PAGES = 400, ROUNDS = 5, ROWS = 100 };

static double seconds_of(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

static void must(enum eki_error error, const char *what)
{
    if (!error) return;
    fprintf(stderr, "%s: %s\n", what, eki_error_text(error));
    exit(1);
}

static struct eki_store_work *begin(struct eki_store *store, bool write)
{
    struct eki_store_act act = {.at = 1, .who = "bench"};
    struct eki_store_work *work;
    must(eki_store_begin(store, write ? &act : NULL, &work, NULL), "begin");
    return work;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double keep(struct eki_store *store, size_t infected, int64_t *ret_analysis)
{
    struct outcome outcome;
    struct eki_store_analysis analysis;
    outcome_make(&outcome, infected);
    double start = now();
    struct eki_store_work *work = begin(store, true);
    must(eki_store_keep_result(work, &(struct eki_store_keeping){.title = "bench"}, &outcome.result,
                               &analysis),
         "keep");
    must(eki_store_commit(work), "commit");
    eki_store_end(work);
    double seconds = now() - start;
    outcome_done(&outcome);
    *ret_analysis = analysis.id;
    return seconds;
}

/* Pages of 100 one after another, from the first; prints median and 99th percentile. */
static void time_pages(struct eki_store *store, const char *name, enum eki_store_table table,
                       struct eki_store_query query)
{
    double seconds[PAGES];
    char cursor[200] = "";
    query.limit = ROWS;
    query.cursor = cursor;
    for (int i = 0; i < PAGES; i++) {
        void *rows;
        struct eki_store_page page;
        double start = now();
        struct eki_store_work *work = begin(store, false);
        must(eki_store_list_rows(work, table, &query, &rows, &page), name);
        snprintf(cursor, sizeof cursor, "%s", page.next ? page.next : "");
        eki_store_end(work);
        seconds[i] = now() - start;
    }
    qsort(seconds, PAGES, sizeof *seconds, by_size);
    printf(", \"%s_median\": %.6f, \"%s_p99\": %.6f", name, seconds[PAGES / 2], name,
           seconds[PAGES * 99 / 100]);
}

static double read_all(struct eki_store *store, int64_t outbreak)
{
    double start = now();
    struct eki_store_work *work = begin(store, false);
    struct eki_store_query query = {.where = {{"outbreak", .number = outbreak}}, .limit = INFECTIONS};
    struct eki_store_infection *rows;
    struct eki_store_page page;
    must(eki_store_list(work, &query, &rows, &page), "all");
    if (page.count != INFECTIONS) must(EKI_ERROR_CORRUPT, "all");
    eki_store_end(work);
    return now() - start;
}

static double search(struct eki_store *store, const char *text)
{
    double start = now();
    struct eki_store_work *work = begin(store, false);
    const struct eki_store_hit *hits;
    size_t count;
    must(eki_store_search(work, text, 20, &hits, &count), "search");
    eki_store_end(work);
    return now() - start;
}

int main(int count, char **arguments)
{
    struct eki_store *store;
    struct eki_fault fault = {0};
    double kept[ROUNDS], cpu;
    int64_t analysis;
    if (count != 2) return 2;
    if (eki_store_open(arguments[1], NULL, &store, &fault)) {
        fprintf(stderr, "%s\n", fault.what);
        return 1;
    }
    for (int i = 0; i < OUTBREAKS; i++) keep(store, 50, &analysis);
    cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < ROUNDS; i++) kept[i] = keep(store, INFECTIONS, &analysis);
    cpu = (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu) / ROUNDS;
    qsort(kept, ROUNDS, sizeof *kept, by_size);
    printf("{\"keep\": %.4f, \"keep_cpu\": %.4f", kept[ROUNDS / 2], cpu);
    int64_t outbreak = OUTBREAKS + ROUNDS;
    struct eki_store_query of = {.where = {{"outbreak", .number = outbreak}}};
    time_pages(store, "infections", EKI_STORE_INFECTION, of);
    time_pages(store, "outbreaks_newest", EKI_STORE_OUTBREAK,
               (struct eki_store_query){.sort = "started", .descending = true});
    time_pages(store, "outbreaks_largest", EKI_STORE_OUTBREAK,
               (struct eki_store_query){.sort = "infected", .descending = true});
    time_pages(store, "outbreaks_by_text", EKI_STORE_OUTBREAK, (struct eki_store_query){.text = "wanna"});
    double all = read_all(store, outbreak), address = search(store, "10.0.7."), word = search(store, "wanna");
    printf(", \"all\": %.4f, \"search_address\": %.6f, \"search_word\": %.6f}\n", all, address, word);
    eki_store_close(store);
    return 0;
}
