/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out at the n-th allocation while a directory is read, imported, merged, asked and counted:
 * an error comes back, nothing leaks, and what was begun can be freed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "ekigaku/members.h"
#include "ekigaku/owner.h"
#include "ekigaku/roster.h"

#define NOW (INT64_C(1790000000) * EKI_SECOND)

static const char story[] =
    "{\"schema\":\"ekigaku.directory/1\"}\n{\"kind\":\"team\",\"id\":\"a\",\"name\":\"A\",\"joined\":\"2016-01\",\"handles\":[\"ti:a\"]}\n"
    "{\"kind\":\"team\",\"id\":\"ti:b\",\"name\":\"B\",\"source\":\"ti\"}\n{\"kind\":\"department\",\"id\":\"d\",\"team\":\"a\",\"name\":\"D\"}\n"
    "{\"kind\":\"contact\",\"id\":\"c\",\"team\":\"ti:b\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"x\",\"source\":\"ti\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/28\",\"team\":\"a\",\"department\":\"d\"}\n{\"kind\":\"network\",\"prefix\":\"2001:db8::/32\",\"team\":\"ti:b\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"2001:db8:1::/48\",\"team\":\"a\"}\n{\"kind\":\"network\",\"domain\":\"a.example\",\"team\":\"a\"}\n"
    "{\"kind\":\"network\",\"asn\":64500,\"team\":\"a\"}\n{\"kind\":\"check\",\"contact\":\"c\",\"sent\":\"2026-01-01\",\"outcome\":\"silent\"}\n";

static void ignore_finding(void *user, const struct eki_finding *finding)
{
    (void)user;
    (void)finding;
}

static enum eki_error use(struct eki_directory *d)
{
    struct eki_members *members = NULL;
    struct eki_due *due = NULL;
    struct eki_heartbeat heartbeat = {90, 7};
    size_t count;
    enum eki_error error = eki_directory_read_memory(d, story, sizeof story - 1, NULL);
    if (!error) error = eki_directory_settle(d, NOW, NULL);
    if (!error) error = eki_directory_verify(d, ignore_finding, NULL);
    if (!error) error = eki_members_count(d, &members);
    eki_members_free(members);
    if (!error) error = eki_heartbeat_due(d, &heartbeat, &due, &count);
    eki_heartbeat_free(due);
    return error;
}

struct job {
    enum eki_roster_format format; /* EKI_ROSTER_OWN: read and use */
    const char *path;
};

static enum eki_error work(const struct job *job)
{
    struct eki_directory *kept, *found = NULL;
    struct eki_roster_counts counts;
    struct eki_merge_counts merged;
    enum eki_error error = eki_directory_new(&kept);
    if (error) return error;
    error = use(kept);
    if (!error && job->format != EKI_ROSTER_OWN) {
        struct eki_roster_request request = {.paths = &job->path,
                                             .path_count = 1,
                                             .format = job->format,
                                             .source = "ti",
                                             .team = "a",
                                             .now = NOW};
        error = eki_directory_new(&found);
        if (!error) error = eki_roster_import(found, &request, &counts, NULL);
        struct eki_merge merge = {kept, found, "ti", NULL, NULL};
        if (!error) error = eki_directory_merge(&merge, &merged, NULL);
        if (!error) error = eki_directory_settle(kept, NOW, NULL);
    }
    eki_directory_free(found);
    eki_directory_free(kept);
    return error;
}

static void until_success(enum eki_roster_format format, const char *text)
{
    char path[] = "/tmp/ekigaku-fault-XXXXXX";
    struct job job = {format, path};
    unsigned long nth = 0;
    enum eki_error error;
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    do {
        eki_fault_inject(++nth);
        error = work(&job);
        if (error && error != EKI_ERROR_MEMORY) fail_msg("%s at %lu", eki_error_text(error), nth);
        assert_true(nth < 2000);
    } while (error || eki_fault_count() >= nth);
    eki_fault_inject(0);
    unlink(path);
    assert_true(nth > 20); /* the injection was at work */
}

static void all(void **state)
{
    (void)state;
    until_success(EKI_ROSTER_OWN, "");
    until_success(EKI_ROSTER_CSV, "id,name,email,networks\nti:x,X,x@x.example,192.0.2.64/26 AS64501\n");
    until_success(
        EKI_ROSTER_FIRST,
        "{\"data\":[{\"id\":\"x\",\"team\":\"X\",\"email\":\"x@x.example\",\"constituency\":[\"a\",\"b\"]}]}");
    until_success(
        EKI_ROSTER_TI,
        "[{\"short_name\":\"a\",\"emails\":[{\"address\":\"x\"}],\"constituency\":{\"asns\":[64502]}}]");
    until_success(
        EKI_ROSTER_RIPE,
        "organisation: ORG-X\norg-name: X\nabuse-c: X-RIPE\n\nrole: X\nnic-hdl: X-RIPE\nabuse-mailbox: x@x.example\n\n"
        "inetnum: 192.0.2.0 - 192.0.2.2\norg: ORG-X\n\naut-num: AS64503\norg: ORG-Y\n");
}

static void the_sample(void **state)
{
    (void)state;
    for (unsigned long nth = 1; nth < 400; nth += 7) {
        struct eki_directory *d;
        eki_fault_inject(0);
        assert_int_equal(eki_directory_new(&d), EKI_OK);
        eki_fault_inject(nth);
        enum eki_error error = eki_directory_sample(d);
        assert_true(error == EKI_OK || error == EKI_ERROR_MEMORY);
        eki_fault_inject(0);
        eki_directory_free(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all), cmocka_unit_test(the_sample)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
