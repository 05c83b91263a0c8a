/* SPDX-License-Identifier: Apache-2.0 */
#include "case/notice_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/notice_row.h"

static int by_host(const void *a, const void *b)
{
    const struct eki_store_infection *const *x = a, *const *y = b;
    return strcmp((*x)->host, (*y)->host);
}

static enum eki_error read_infections(struct eki_notice_book *book)
{
    struct eki_store_infection *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "outbreak", .number = book->outbreak.id}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(book->work, &query, &rows, &page);
    if (error) return error;
    book->infections = eki_allocate(page.count + 1, sizeof *book->infections);
    if (!book->infections) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < page.count; i++) book->infections[i] = &rows[i];
    book->infection_count = page.count;
    qsort(book->infections, page.count, sizeof *book->infections, by_host);
    return EKI_OK;
}

static enum eki_error read_hosts(struct eki_notice_book *book)
{
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "of_case", .number = book->row.id}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(book->work, &query, &rows, &page);
    if (error) return error;
    book->hosts = rows;
    book->host_count = page.count;
    return EKI_OK;
}

enum eki_error eki_notice_open(struct eki_store_work *work, int64_t of_case,
                               const struct eki_notice_setup *setup, struct eki_notice_book **ret_book,
                               struct eki_fault *ret_fault)
{
    struct eki_notice_book *book = eki_allocate(1, sizeof *book);
    if (!book) return EKI_ERROR_MEMORY;
    book->work = work;
    book->setup = setup;
    enum eki_error error = eki_store_get(work, &book->row, of_case);
    if (!error && book->row.outbreak) error = eki_store_get(work, &book->outbreak, book->row.outbreak);
    if (!error) error = read_hosts(book);
    if (!error && book->outbreak.id) error = read_infections(book);
    if (error) {
        if (ret_fault) *ret_fault = *eki_store_why(work);
        eki_notice_close(book);
    } else {
        *ret_book = book;
    }
    return error;
}

static int by_id(const void *a, const void *b)
{
    const struct eki_store_case_host *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* The infection of one host, by the index; none is no error. */
static enum eki_error find_infection(struct eki_notice_book *book, const char *host)
{
    struct eki_store_infection *rows;
    struct eki_store_page page;
    struct eki_store_query query = {
        .where = {{.column = "outbreak", .number = book->outbreak.id}, {.column = "host", .text = host}},
        .limit = 1};
    enum eki_error error = eki_store_list(book->work, &query, &rows, &page);
    if (!error && page.count) book->infections[book->infection_count++] = rows;
    return error;
}

static enum eki_error read_own(struct eki_notice_book *book, int64_t notice)
{
    struct eki_store_notice_host *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "notice", .number = notice}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(book->work, &query, &rows, &page);
    if (error) return error;
    book->own = eki_allocate(page.count + 1, sizeof *book->own);
    book->infections = eki_allocate(page.count + 1, sizeof *book->infections);
    if (!book->own || !book->infections) return EKI_ERROR_MEMORY;
    for (size_t i = 0; !error && i < page.count; i++) {
        error = eki_store_get(book->work, &book->own[i], rows[i].case_host);
        if (!error && book->outbreak.id) error = find_infection(book, book->own[i].host);
    }
    qsort(book->own, page.count, sizeof *book->own, by_id);
    qsort(book->infections, book->infection_count, sizeof *book->infections, by_host);
    book->hosts = book->own;
    book->host_count = page.count;
    return error;
}

enum eki_error eki_notice_open_one(struct eki_store_work *work, const struct eki_store_notice *notice,
                                   const struct eki_notice_setup *setup, struct eki_notice_book **ret_book)
{
    struct eki_notice_book *book = eki_allocate(1, sizeof *book);
    if (!book) return EKI_ERROR_MEMORY;
    book->work = work;
    book->setup = setup;
    enum eki_error error = eki_store_get(work, &book->row, notice->of_case);
    if (!error && book->row.outbreak) error = eki_store_get(work, &book->outbreak, book->row.outbreak);
    if (!error) error = read_own(book, notice->id);
    if (error)
        eki_notice_close(book);
    else
        *ret_book = book;
    return error;
}

void eki_notice_close(struct eki_notice_book *book)
{
    if (!book) return;
    eki_free(book->infections);
    eki_free(book->own);
    eki_free(book);
}

const struct eki_store_infection *eki_notice_infection(const struct eki_notice_book *book, const char *host)
{
    struct eki_store_infection wanted = {.host = host};
    const struct eki_store_infection *key = &wanted;
    const struct eki_store_infection **found =
        book->infection_count
            ? bsearch(&key, book->infections, book->infection_count, sizeof *book->infections, by_host)
            : NULL;
    return found ? *found : NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool eki_notice_owns(const struct eki_notice_part *part, const char *host)
{
    return part->host_count && bsearch(&host, part->names, part->host_count, sizeof *part->names, by_name);
}

void eki_notice_service(const struct eki_notice_book *book, char ret_text[32])
{
    ret_text[0] = '\0';
    if (book->outbreak.id) snprintf(ret_text, 32, "%.10s/%d", book->outbreak.proto, (int)book->outbreak.port);
}
