/* SPDX-License-Identifier: Apache-2.0 */
/* Times what bench/notices prints: a case of 10,000 hosts of 2,000 organisations becomes notices, with its
 * rows in a store, and each notice a message with its attachment.
 *
 * usage: loop_notices URL DIRECTORY HOSTS
 * prints one JSON object: notices, hosts, seconds to draft, seconds to compose for each form, bytes of them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ekigaku/notice.h"
#include "outcome.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
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

/* Every infection is a host of the case. */
static int64_t make_case(struct eki_store *store, size_t hosts)
{
    struct outcome outcome;
    struct eki_store_analysis analysis;
    struct eki_store_outbreak outbreak;
    struct eki_store_infection *rows;
    struct eki_store_page page;
    outcome_make(&outcome, hosts);
    struct eki_store_work *work = begin(store, true);
    must(eki_store_keep_result(work, &(struct eki_store_keeping){.title = "bench"}, &outcome.result,
                               &analysis),
         "keep");
    must(eki_store_get(work, &outbreak, 1), "outbreak");
    struct eki_store_case row = {.title = "bench",
                                 .state = "open",
                                 .outbreak = outbreak.id,
                                 .handling_class = 1,
                                 .tlp = "AMBER",
                                 .known = "known",
                                 .route = "airborne"};
    must(eki_store_add(work, &row), "case");
    struct eki_store_query query = {.where = {{.column = "outbreak", .number = outbreak.id}},
                                    .limit = EKI_STORE_MOST_ROWS};
    must(eki_store_list(work, &query, &rows, &page), "infections");
    for (size_t i = 0; i < page.count; i++) {
        struct eki_store_case_host host = {.of_case = row.id,
                                           .host = rows[i].host,
                                           .at = rows[i].at,
                                           .parent = rows[i].parent,
                                           .evidence = rows[i].evidence,
                                           .state = "affected"};
        must(eki_store_add(work, &host), "host");
    }
    must(eki_store_commit(work), "commit");
    eki_store_end(work);
    outcome_done(&outcome);
    return row.id;
}

static double draft(struct eki_store *store, int64_t of_case, const struct eki_directory *directory,
                    struct eki_notice_summary *ret_summary)
{
    double start = now();
    struct eki_store_work *work = begin(store, true);
    must(eki_notice_draft(work, of_case, directory, NULL, ret_summary), "draft");
    must(eki_store_commit(work), "commit");
    eki_store_end(work);
    return now() - start;
}

static double compose(struct eki_store *store, int64_t of_case, const struct eki_notice_setup *setup,
                      const char *format, size_t *ret_bytes)
{
    struct eki_store_notice *notices;
    struct eki_store_page page;
    struct eki_notice_book *book;
    struct eki_fault fault;
    double start = now();
    *ret_bytes = 0;
    struct eki_store_work *work = begin(store, false);
    struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                    .limit = EKI_STORE_MOST_ROWS};
    must(eki_store_list(work, &query, &notices, &page), "notices");
    must(eki_notice_open(work, of_case, setup, &book, &fault), "open");
    for (size_t i = 0; i < page.count; i++) {
        struct eki_notice_message *message;
        notices[i].format = format;
        must(eki_notice_compose(book, &notices[i], &message, &fault), fault.what);
        *ret_bytes += strlen(message->text) + message->attachment_length;
        eki_notice_message_free(message);
    }
    eki_notice_close(book);
    eki_store_end(work);
    return now() - start;
}

int main(int count, char **arguments)
{
    static const char *const formats[] = {"text", "csv", "xarf", "stix", "csaf", "iodef"};
    static const uint8_t secret[EKI_ANSWER_SECRET] = {1};
    struct eki_store *store;
    struct eki_directory *directory;
    struct eki_notice_templates *templates;
    struct eki_notice_summary summary;
    struct eki_fault fault = {0};
    if (count != 4) return 2;
    must(eki_store_open(arguments[1], NULL, &store, &fault), fault.what);
    must(eki_directory_new(&directory), "directory");
    must(eki_directory_read(directory, arguments[2], &fault), fault.what);
    must(eki_directory_settle(directory, 0, &fault), fault.what);
    must(eki_notice_templates_load(NULL, &templates, &fault), fault.what);
    struct eki_notice_setup setup = {.directory = directory,
                                     .templates = templates,
                                     .secret = secret,
                                     .sender = {"Bench", "csirt@desk.example", NULL, "https://desk.example"}};
    int64_t of_case = make_case(store, (size_t)atoi(arguments[3]));
    double seconds = draft(store, of_case, directory, &summary);
    printf("{\"notices\": %u, \"hosts\": %u, \"draft_s\": %.4f", summary.notices, summary.hosts, seconds);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t bytes;
        seconds = compose(store, of_case, &setup, formats[i], &bytes);
        printf(", \"%s_s\": %.4f, \"%s_bytes\": %zu", formats[i], seconds, formats[i], bytes);
    }
    puts("}");
    eki_notice_templates_free(templates);
    eki_directory_free(directory);
    eki_store_close(store);
    return 0;
}
