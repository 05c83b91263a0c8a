/* SPDX-License-Identifier: Apache-2.0 */
/* A running analysis: looks change nothing, a saved state gives the same findings, a damaged one is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "analysis/state.h"
#include "ekigaku/report.h"
#include "ekigaku/watch.h"

enum { HOSTS = 6, PROBES = 30 };

static void write_contact(FILE *out, int minute, int second, int client, int server, const char *outcome)
{
    int packet = minute * 60 + second + 1;
    fprintf(out,
            "{\"type\":\"contact\",\"t\":\"2017-05-12T07:%02d:%02dZ\",\"client\":\"10.0.0.%d\","
            "\"server\":\"10.0.%d.%d\",\"proto\":\"tcp\",\"port\":445,\"client_port\":%d,\"outcome\":\"%s\","
            "\"packet\":%d}\n",
            minute, second, client, server / 256, server % 256, 1024 + packet % 50000, outcome, packet);
}

/* Each host reaches the next one and both search: lines `first` to `last` of the minutes. */
static void write_lines(char path[64], int first, int last)
{
    snprintf(path, 64, "/tmp/ekigaku-watch-XXXXXX");
    FILE *out = fdopen(mkstemp(path), "w");
    for (int host = first; host < last; host++) {
        if (host) write_contact(out, 5 * host, 0, 10 + host - 1, 10 + host, "data");
        for (int i = 0; i < PROBES; i++)
            write_contact(out, 5 * host + 1, i, 10 + host, 300 + (host * 37 + i * 11) % 700, "none");
    }
    fclose(out);
}

static char *report(struct eki_analysis *analysis)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    assert_int_equal(eki_report_json(eki_analysis_result(analysis), out), EKI_OK);
    fclose(out);
    /* Paths of temporary files differ from run to run. */
    char *inputs = strstr(text, "\"counts\"");
    assert_non_null(inputs);
    char *rest = strdup(inputs);
    free(text);
    return rest;
}

static void read_path(struct eki_analysis *analysis, const char *path)
{
    struct eki_open open = {.path = path};
    size_t count;
    assert_int_equal(eki_analysis_open(analysis, &open, NULL), EKI_OK);
    assert_int_equal(eki_analysis_next(analysis, &count, NULL), EKI_OK);
    assert_int_equal(eki_analysis_close(analysis), EKI_OK);
}

static void read_part(struct eki_analysis *analysis, int first, int last)
{
    char path[64];
    write_lines(path, first, last);
    read_path(analysis, path);
    unlink(path);
}

static struct eki_analysis *begin(unsigned threads)
{
    struct eki_analysis *analysis;
    struct eki_analysis_options options = {.threads = threads};
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_OK);
    return analysis;
}

/* What an analysis finds that nobody disturbs; to be freed. */
static char *undisturbed(void)
{
    struct eki_analysis *analysis = begin(1);
    read_part(analysis, 0, HOSTS / 2);
    read_part(analysis, HOSTS / 2, HOSTS);
    char *text = report(analysis);
    eki_analysis_free(analysis);
    return text;
}

static void looks_change_nothing(void **state)
{
    (void)state;
    char *wanted = undisturbed();
    for (unsigned threads = 1; threads <= 2; threads++) {
        const struct eki_result *seen;
        struct eki_analysis *analysis = begin(threads);
        assert_int_equal(eki_analysis_look(analysis, &seen), EKI_OK);
        assert_int_equal(seen->scanner_count, 0);
        read_part(analysis, 0, HOSTS / 2);
        uint64_t changes = eki_analysis_changes(analysis, NULL);
        assert_true(changes >= HOSTS / 2);
        for (int i = 0; i < 3; i++) assert_int_equal(eki_analysis_look(analysis, &seen), EKI_OK);
        assert_int_equal(seen->outbreak_count, 1);
        assert_int_equal(seen->outbreaks[0].infection_count, HOSTS / 2);
        assert_int_equal(eki_analysis_changes(analysis, NULL), changes);
        read_part(analysis, HOSTS / 2, HOSTS);
        assert_int_equal(eki_analysis_look(analysis, &seen), EKI_OK);
        assert_int_equal(seen->outbreaks[0].infection_count, HOSTS);
        char *text = report(analysis);
        assert_string_equal(text, wanted);
        free(text);
        eki_analysis_free(analysis);
    }
    free(wanted);
}

static void pack_half(void **ret_bytes, size_t *ret_length)
{
    struct eki_analysis *analysis = begin(1);
    struct eki_note note = {"position 7", 10};
    read_part(analysis, 0, HOSTS / 2);
    assert_int_equal(eki_analysis_pack(analysis, &note, ret_bytes, ret_length), EKI_OK);
    eki_analysis_free(analysis);
}

static void a_state_goes_on(void **state)
{
    (void)state;
    char *wanted = undisturbed();
    void *bytes, *again;
    size_t length, again_length;
    struct eki_note note;
    struct eki_analysis *analysis;
    pack_half(&bytes, &length);
    assert_int_equal(eki_analysis_unpack(NULL, &(struct eki_note){bytes, length}, &analysis, &note, NULL),
                     EKI_OK);
    assert_int_equal(note.length, 10);
    assert_memory_equal(note.bytes, "position 7", 10);
    assert_int_equal(eki_analysis_pack(analysis, &note, &again, &again_length), EKI_OK);
    assert_int_equal(length, again_length);
    assert_memory_equal(bytes, again, length);
    read_part(analysis, HOSTS / 2, HOSTS);
    char *text = report(analysis);
    assert_string_equal(text, wanted);
    eki_analysis_free(analysis);
    eki_analysis_release(bytes);
    eki_analysis_release(again);
    free(text);
    free(wanted);
}

/* Whoever wrote the state, and whoever reads it: the same bytes, the same findings. */
static void threads_do_not_show_in_a_state(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 3, 8};
    char *wanted = undisturbed();
    void *first = NULL;
    size_t first_length = 0;
    struct eki_note note = {"", 0};
    char path[64]; /* stands in the state */
    write_lines(path, 0, HOSTS / 2);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        void *bytes;
        size_t length;
        struct eki_analysis *analysis = begin(threads[i]);
        read_path(analysis, path);
        assert_int_equal(eki_analysis_pack(analysis, &note, &bytes, &length), EKI_OK);
        eki_analysis_free(analysis);
        if (i) assert_int_equal(length, first_length);
        if (i) assert_memory_equal(bytes, first, length);
        for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
            struct eki_analysis_options options = {.threads = threads[k]};
            struct eki_note read;
            assert_int_equal(
                eki_analysis_unpack(&options, &(struct eki_note){bytes, length}, &analysis, &read, NULL),
                EKI_OK);
            read_part(analysis, HOSTS / 2, HOSTS);
            char *text = report(analysis);
            assert_string_equal(text, wanted);
            free(text);
            eki_analysis_free(analysis);
        }
        if (i) eki_analysis_release(bytes);
        if (!i) first = bytes, first_length = length;
    }
    unlink(path);
    eki_analysis_release(first);
    free(wanted);
}

static void a_cut_state_is_refused(void **state)
{
    (void)state;
    void *bytes;
    size_t length;
    struct eki_note note;
    struct eki_analysis *analysis = NULL;
    pack_half(&bytes, &length);
    for (size_t i = 0; i < length; i++) {
        enum eki_error error =
            eki_analysis_unpack(NULL, &(struct eki_note){bytes, i}, &analysis, &note, NULL);
        if (error != EKI_ERROR_TRUNCATED && error != EKI_ERROR_FORMAT) fail_msg("%zu bytes: %d", i, error);
    }
    /* Behind the header, where no length and no checksum protects it. */
    for (size_t i = 0; i < length - 32; i += 97)
        assert_int_equal(eki_analysis_unpack_body(NULL, &(struct eki_note){(uint8_t *)bytes + 32, i},
                                                  &analysis, &note, NULL),
                         EKI_ERROR_CORRUPT);
    eki_analysis_release(bytes);
}

static void a_changed_state_is_refused(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t length;
    struct eki_note note;
    struct eki_fault fault;
    struct eki_analysis *analysis = NULL;
    pack_half((void **)&bytes, &length);
    for (size_t i = 0; i < length; i += 1 + i / 64) {
        bytes[i] ^= 0x10;
        enum eki_error error =
            eki_analysis_unpack(NULL, &(struct eki_note){bytes, length}, &analysis, &note, &fault);
        bool unused = i >= 12 && i < 16; /* of the header */
        if (!error != unused) fail_msg("byte %zu: %d", i, error);
        if (!error) eki_analysis_free(analysis);
        bytes[i] ^= 0x10;
    }
    bytes[8] ^= 0xff;
    assert_int_equal(eki_analysis_unpack(NULL, &(struct eki_note){bytes, length}, &analysis, &note, &fault),
                     EKI_ERROR_UNSUPPORTED);
    assert_non_null(strstr(fault.what, "schema"));
    eki_analysis_release(bytes);
}

/* The disk takes no more: the state that was kept before stays as it was. */
static void a_full_disk_leaves_the_old_state(void **state)
{
    (void)state;
    char path[] = "/tmp/ekigaku-state-XXXXXX", aside[64];
    close(mkstemp(path));
    struct rlimit before, small;
    struct eki_note note;
    struct eki_fault fault = {0};
    struct eki_analysis *analysis = begin(1), *loaded;
    read_part(analysis, 0, HOSTS / 2);
    assert_int_equal(eki_analysis_save(analysis, path, &(struct eki_note){"old", 3}, NULL), EKI_OK);
    read_part(analysis, HOSTS / 2, HOSTS);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){1000, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum eki_error error = eki_analysis_save(analysis, path, &(struct eki_note){"new", 3}, &fault);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(error, EKI_ERROR_WRITE);
    assert_true(fault.what[0]);
    snprintf(aside, sizeof aside, "%s.new", path);
    assert_int_equal(access(aside, F_OK), -1);
    assert_int_equal(eki_analysis_load(NULL, path, &loaded, &note, NULL), EKI_OK);
    assert_memory_equal(note.bytes, "old", 3);
    assert_int_equal(eki_analysis_save(analysis, path, &(struct eki_note){"new", 3}, NULL), EKI_OK);
    eki_analysis_free(loaded);
    eki_analysis_free(analysis);
    unlink(path);
}

static void a_file_is_kept_whole(void **state)
{
    (void)state;
    char path[] = "/tmp/ekigaku-state-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    struct eki_note note = {"", 0};
    struct eki_analysis *analysis = begin(2), *loaded = NULL;
    assert_int_equal(eki_analysis_load(NULL, path, &loaded, &note, NULL), EKI_ERROR_FORMAT);
    read_part(analysis, 0, HOSTS);
    assert_int_equal(eki_analysis_save(analysis, path, NULL, NULL), EKI_OK);
    assert_int_equal(eki_analysis_save(analysis, path, NULL, NULL), EKI_OK);
    assert_int_equal(eki_analysis_load(NULL, path, &loaded, &note, NULL), EKI_OK);
    assert_int_equal(note.length, 0);
    char *first = report(analysis), *second = report(loaded);
    assert_string_equal(first, second);
    free(first);
    free(second);
    eki_analysis_free(loaded);
    assert_int_equal(eki_analysis_save(analysis, "/nowhere/state", NULL, NULL), EKI_ERROR_WRITE);
    unlink(path);
    assert_int_equal(eki_analysis_load(NULL, path, &loaded, &note, NULL), EKI_ERROR_OPEN);
    eki_analysis_free(analysis);
}

/* A log of Zeek's in which a host searches: the lines of seconds `first` to `last`, a probe each. */
static void append_log(const char *path, int first, int last)
{
    FILE *out = fopen(path, "a");
    assert_non_null(out);
    if (!first)
        fputs("#separator \\x09\n#path\tconn\n"
              "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\n",
              out);
    for (int i = first; i < last; i++)
        fprintf(out, "%d.5\tC%d\t10.0.0.9\t%d\t10.1.%d.%d\t445\ttcp\tS0\n", 1494572641 + i, i,
                2000 + i % 60000, i / 250 % 250, i % 250 + 1);
    fclose(out);
}

static struct eki_analysis *follow(const char *path)
{
    struct eki_analysis *analysis = begin(2);
    struct eki_open open = {.path = path, .grows = true};
    assert_int_equal(eki_analysis_open(analysis, &open, NULL), EKI_OK);
    return analysis;
}

static void take_all(struct eki_analysis *analysis)
{
    size_t count = 1;
    while (count) assert_int_equal(eki_analysis_next(analysis, &count, NULL), EKI_OK);
}

static void entries_that_wait_show_in_a_look_ahead(void **state)
{
    (void)state;
    char path[] = "/tmp/ekigaku-log-XXXXXX";
    close(mkstemp(path));
    append_log(path, 0, 40);
    struct eki_analysis *analysis = follow(path), *copy = NULL, *undisturbed;
    const struct eki_result *seen;
    uint64_t contacts, mine;
    assert_int_equal(eki_analysis_waiting(analysis), EKI_WAITING_NOTHING);
    take_all(analysis);
    assert_int_equal(eki_analysis_waiting(analysis), EKI_WAITING_RECORDS);
    assert_int_equal(eki_analysis_look(analysis, &seen), EKI_OK);
    assert_int_equal(seen->scanner_count, 0);
    assert_int_equal(eki_analysis_look_ahead(analysis, 1000, &copy, &seen, NULL), EKI_ERROR_LIMIT);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(eki_analysis_look_ahead(analysis, 0, &copy, &seen, &contacts), EKI_OK);
        assert_int_equal(contacts, 40);
        assert_int_equal(seen->scanner_count, 1);
        assert_int_equal(seen->scanners[0].verdict, EKI_VERDICT_SCANNER);
        assert_int_equal(seen->scanners[0].targets, 40);
        eki_analysis_free(copy);
    }
    (void)eki_analysis_changes(analysis, &mine);
    assert_int_equal(mine, 0);
    append_log(path, 40, 60);
    take_all(analysis);
    undisturbed = follow(path);
    take_all(undisturbed);
    char *found = report(analysis), *wanted = report(undisturbed);
    assert_string_equal(found, wanted);
    free(found);
    free(wanted);
    eki_analysis_free(analysis);
    eki_analysis_free(undisturbed);
    unlink(path);
}

/* One entry that is dated 2106 neither lets go of all that waits nor keeps what comes after it. */
static void a_wild_date_is_not_the_time(void **state)
{
    (void)state;
    char path[] = "/tmp/ekigaku-log-XXXXXX";
    close(mkstemp(path));
    append_log(path, 0, 50);
    FILE *out = fopen(path, "a");
    assert_non_null(out);
    fputs("4294967295.5\tCx\t10.0.0.8\t2000\t10.1.9.9\t445\ttcp\tS0\n", out);
    fclose(out);
    struct eki_analysis *analysis = follow(path);
    uint64_t contacts;
    take_all(analysis);
    (void)eki_analysis_changes(analysis, &contacts);
    assert_int_equal(contacts, 0);
    append_log(path, 50, 600);
    take_all(analysis);
    (void)eki_analysis_changes(analysis, &contacts);
    assert_in_range(contacts, 250, 300);
    append_log(path, 600 + 86400, 700 + 86400); /* the log of the day after */
    take_all(analysis);
    (void)eki_analysis_changes(analysis, &contacts);
    assert_int_equal(contacts, 600);
    eki_analysis_free(analysis);
    unlink(path);
}

/* After as long as an entry may be late, nobody waits for one any more. */
static void a_long_pause_hands_on_what_waits(void **state)
{
    (void)state;
    char path[] = "/tmp/ekigaku-log-XXXXXX";
    close(mkstemp(path));
    append_log(path, 0, 40);
    struct eki_analysis *analysis = follow(path);
    uint64_t contacts;
    take_all(analysis);
    eki_analysis_idle(analysis, 280 * EKI_SECOND);
    (void)eki_analysis_changes(analysis, &contacts);
    assert_in_range(contacts, 18, 20); /* those that began 20 s before the newest */
    eki_analysis_idle(analysis, 301 * EKI_SECOND);
    (void)eki_analysis_changes(analysis, &contacts);
    assert_int_equal(contacts, 40);
    assert_int_equal(eki_analysis_waiting(analysis), EKI_WAITING_NOTHING);
    eki_analysis_free(analysis);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_change_nothing),
        cmocka_unit_test(a_state_goes_on),
        cmocka_unit_test(threads_do_not_show_in_a_state),
        cmocka_unit_test(a_cut_state_is_refused),
        cmocka_unit_test(a_changed_state_is_refused),
        cmocka_unit_test(a_file_is_kept_whole),
        cmocka_unit_test(a_full_disk_leaves_the_old_state),
        cmocka_unit_test(entries_that_wait_show_in_a_look_ahead),
        cmocka_unit_test(a_wild_date_is_not_the_time),
        cmocka_unit_test(a_long_pause_hands_on_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
