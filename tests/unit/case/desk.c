/* SPDX-License-Identifier: Apache-2.0 */
#include "desk.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int desk_make(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct eki_fault fault = {0};
    char path[80];
    if (!desk) return -1;
    snprintf(desk->folder, sizeof desk->folder, "/tmp/ekigaku-desk-XXXXXX");
    if (!mkdtemp(desk->folder)) return -1;
    snprintf(path, sizeof path, "%s/a.db", desk->folder);
    if (eki_store_open(path, NULL, &desk->store, &fault)) return -1;
    *state = desk;
    return 0;
}

int desk_remove(void **state)
{
    struct desk *desk = *state;
    eki_store_close(desk->store);
    DIR *folder = opendir(desk->folder);
    if (!folder) return -1;
    for (struct dirent *entry; (entry = readdir(folder));) unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(desk->folder);
    free(desk);
    return 0;
}

static struct eki_store_work *begin(struct desk *desk, const struct eki_store_act *act)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    if (eki_store_begin(desk->store, act, &work, &fault)) fail_msg("%s", fault.what);
    return work;
}

struct eki_store_work *desk_write(struct desk *desk)
{
    return begin(desk, &(struct eki_store_act){.at = DESK_NOW / 1000, .who = "test"});
}

struct eki_store_work *desk_read(struct desk *desk)
{
    return begin(desk, NULL);
}

void desk_commit(struct eki_store_work *work)
{
    assert_int_equal(eki_store_commit(work), EKI_OK);
    eki_store_end(work);
}

struct eki_directory *desk_directory(const char *lines)
{
    struct eki_directory *d;
    struct eki_fault fault = {0};
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    enum eki_error error = eki_directory_read_memory(d, lines, strlen(lines), &fault);
    if (!error) error = eki_directory_settle(d, DESK_NOW, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    return d;
}

static unsigned below(struct eki_random *random, unsigned n)
{
    return (unsigned)eki_random_below(random, n);
}

enum { TEAMS = 8, CONTACTS = 20, NETWORKS = 40 };

static void draw_people(FILE *out, struct eki_random *random)
{
    static const char *const languages[] = {"\"ja\"", "\"en\"", "\"ja\",\"en\"", "\"de\"", ""};
    for (unsigned i = 0; i < TEAMS; i++)
        fprintf(out, "{\"kind\":\"team\",\"id\":\"t%u\",\"name\":\"Team %u\",\"languages\":[%s]}\n", i, i,
                languages[below(random, 5)]);
    for (unsigned i = 0; i < TEAMS; i++)
        fprintf(out, "{\"kind\":\"department\",\"id\":\"d%u\",\"team\":\"t%u\",\"name\":\"D%u\"}\n", i,
                i % (TEAMS / 2), i);
    for (unsigned i = 0; i < CONTACTS; i++) {
        unsigned team = below(random, TEAMS - 1); /* the last team has nobody */
        bool mail = below(random, 4);
        fprintf(out,
                "{\"kind\":\"contact\",\"id\":\"c%u\",\"team\":\"t%u\",\"role\":\"%s\",\"medium\":\"%s\","
                "\"address\":\"%s%u%s\"%s}\n",
                i, team, below(random, 2) ? "poc" : "abuse", mail ? "email" : "phone",
                mail ? "c" : "+81 3 0000 ", i, mail ? "@example.jp" : "",
                below(random, 3) ? "" : ",\"disabled\":true");
    }
}

static void draw_network(FILE *out, struct eki_random *random)
{
    static const unsigned lengths[] = {8, 16, 20, 24, 26, 28, 32};
    unsigned team = below(random, TEAMS);
    char text[EKI_ADDRESS_TEXT];
    struct eki_address base =
        eki_address_v4(10U << 24 | below(random, 2) << 16 | below(random, 2) << 8 | below(random, 64));
    struct eki_prefix prefix = eki_prefix_around(base, 96 + lengths[below(random, 7)]);
    fprintf(out, "{\"kind\":\"network\",\"prefix\":\"%s\",\"origin\":%u,\"team\":\"t%u\"",
            eki_prefix_format(prefix, text), 64500 + below(random, 2), team);
    if (team < TEAMS / 2 && below(random, 2))
        fprintf(out, ",\"department\":\"d%u\"", team + (below(random, 2) ? TEAMS / 2 : 0));
    fprintf(out, "%s}\n", below(random, 2) ? ",\"source\":\"ripe\"" : "");
}

struct eki_directory *desk_random_directory(struct eki_random *random)
{
    char *lines = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&lines, &length);
    assert_non_null(out);
    fputs("{\"schema\":\"ekigaku.directory/1\"}\n", out);
    draw_people(out, random);
    for (unsigned i = 0; i < NETWORKS; i++) draw_network(out, random);
    fputs("{\"kind\":\"network\",\"asn\":64500,\"team\":\"t1\"}\n", out);
    if (below(random, 2))
        fputs("{\"kind\":\"annotation\",\"team\":\"t3\",\"text\":\"no\",\"inhibit\":true}\n", out);
    fclose(out);
    struct eki_directory *d = desk_directory(lines);
    free(lines);
    return d;
}

void desk_host(struct eki_store_work *work, int64_t of_case, const char *host)
{
    struct eki_store_case_host row = {
        .of_case = of_case, .host = host, .at = DESK_NOW / 1000, .evidence = "exploit", .state = "affected"};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
}

int64_t desk_add_case(struct eki_store_work *work, int64_t created, int64_t aware)
{
    struct eki_store_case row = {.title = "Worm on tcp/445",
                                 .state = "open",
                                 .class = "I",
                                 .handling_class = 3,
                                 .known = "known",
                                 .route = "airborne",
                                 .tlp = "AMBER",
                                 .created = created,
                                 .aware = aware};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
    return row.id;
}

int64_t desk_add_account(struct eki_store_work *work, const char *name, const char *role)
{
    struct eki_store_account account = {.name = name, .display = name, .role = role, .created = 1};
    assert_int_equal(eki_store_add(work, &account), EKI_OK);
    return account.id;
}

int64_t desk_case(struct desk *desk, const char *const *hosts, size_t count)
{
    struct eki_store_work *work = desk_write(desk);
    int64_t of_case = desk_add_case(work, DESK_NOW / 1000, DESK_NOW / 1000);
    for (size_t i = 0; i < count; i++) desk_host(work, of_case, hosts[i]);
    desk_commit(work);
    return of_case;
}

struct eki_store_case desk_row(struct eki_store_work *work, int64_t of_case)
{
    struct eki_store_case row;
    assert_int_equal(eki_store_get(work, &row, of_case), EKI_OK);
    return row;
}

uint64_t desk_count(struct eki_store_work *work, enum eki_store_table table, int64_t of_case)
{
    uint64_t count = 0;
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}}};
    assert_int_equal(eki_store_count(work, table, &query, &count), EKI_OK);
    return count;
}

uint64_t desk_count_all(struct eki_store_work *work, enum eki_store_table table)
{
    uint64_t count = 0;
    assert_int_equal(eki_store_count(work, table, NULL, &count), EKI_OK);
    return count;
}

int64_t desk_account(struct desk *desk, const char *name)
{
    struct eki_store_work *work = desk_write(desk);
    int64_t account = desk_add_account(work, name, "coordinator");
    desk_commit(work);
    return account;
}
