/* SPDX-License-Identifier: Apache-2.0 */
/* Which form real files are taken for: those of the folder of captures, by what they are and by nothing else.
 */
#define _GNU_SOURCE
#include "support_log.h"

#include <dirent.h>
#include <stdio.h>

enum { HEAD = 64 * 1024, PATH = 4096 };

static const char *folder(void)
{
    const char *named = getenv("EKIGAKU_CAPTURES");
    return named ? named : "../shared/captures";
}

static const char *kind_of(const char *path)
{
    static char head[HEAD];
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t length = fread(head, 1, sizeof head, file);
    fclose(file);
    const struct eki_log_kind *kind = eki_log_detect(head, length);
    return kind ? kind->name : "";
}

/* Calls for each file of a folder below that of the captures; how many there were. */
static size_t each_file(const char *below, void (*check)(const char *name, const char *kind))
{
    char path[PATH];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/%s", folder(), below);
    DIR *directory = opendir(path);
    if (!directory) return 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s/%s", folder(), below, entry->d_name);
        const char *kind = entry->d_type == DT_DIR ? NULL : kind_of(path);
        if (!kind) continue;
        check(entry->d_name, kind);
        count++;
    }
    closedir(directory);
    return count;
}

static void is_none(const char *name, const char *kind)
{
    if (*kind) fail_msg("%s was taken for %s", name, kind);
}

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), wanted = strlen(end);
    return length >= wanted && !strcmp(name + length - wanted, end);
}

/* By the names that their collectors gave them; packed ones and those of other readers are not looked at. */
static void is_named(const char *name, const char *kind)
{
    bool eve = strstr(name, "suricata") && ends_in(name, ".json");
    bool zeek = strstr(name, "conn.") && !ends_in(name, ".gz");
    if (ends_in(name, ".binetflow")) assert_string_equal(kind, "argus-csv");
    if (eve) assert_string_equal(kind, "suricata-eve");
    if (!eve && (zeek || ends_in(name, "zeek.log"))) assert_true(!strncmp(kind, "zeek", 4));
    if (ends_in(name, ".pcap")) assert_string_equal(kind, "");
}

static void captures(void **state)
{
    (void)state;
    if (!each_file("worm", is_none)) skip();
    assert_true(each_file("scan", is_none) && each_file("calm", is_none));
    assert_true(each_file("flow", is_named));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(captures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
