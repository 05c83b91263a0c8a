/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much of an input is there at once is chance where it grows, and the seed of the hashing is drawn anew
 * by each watch: the facts depend on neither, nor on looks in between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis/running.h"
#include "ekigaku/report.h"
#include "ekigaku/watch.h"
#include "generate.h"

enum { DRAWS = 8, LOOK_EACH = 97 };

struct way {
    size_t most; /* packets at once; EKI_PACKET_BATCH: always as many, and no looks */
    uint64_t seed;
};

static uint64_t draw(uint64_t *state)
{
    return (*state = *state * 6364136223846793005u + 1442695040888963407u) >> 33;
}

static char *report(struct eki_analysis *analysis)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(eki_analysis_finish(analysis), EKI_OK);
    assert_int_equal(eki_report_json(eki_analysis_result(analysis), out), EKI_OK);
    fclose(out);
    return text;
}

/* The facts of a capture that is taken in such a way; to be freed. */
static char *facts_of(const char *path, struct way way)
{
    struct eki_analysis *analysis;
    struct eki_capture *capture;
    struct eki_packet packets[EKI_PACKET_BATCH];
    const struct eki_analysis_options options = {.threads = 1, .seed = way.seed * 0x9e3779b97f4a7c15u};
    const struct eki_result *seen;
    uint64_t chance = way.seed;
    assert_int_equal(eki_analysis_new(&options, &analysis), EKI_OK);
    assert_int_equal(eki_capture_open(path, NULL, &capture, NULL), EKI_OK);
    assert_non_null(eki_analysis_add_input(analysis, "capture"));
    for (size_t count = 1; count;) {
        bool whole = way.most == EKI_PACKET_BATCH;
        size_t wanted = whole ? way.most : 1 + draw(&chance) % way.most;
        assert_int_equal(eki_capture_read(capture, packets, wanted, &count, NULL), EKI_OK);
        eki_analysis_take(analysis, packets, count, 0);
        if (!whole && draw(&chance) % LOOK_EACH == 0)
            assert_int_equal(eki_analysis_look(analysis, &seen), EKI_OK);
    }
    eki_analysis_count_capture(analysis, 0, eki_capture_input(capture), 0);
    char *text = report(analysis);
    eki_analysis_free(analysis);
    eki_capture_close(capture);
    return text;
}

/* Worms that sign in and call remotely: their contacts, conversations and signs lie closely interleaved. */
static void facts_do_not_depend_on_batches(void **state)
{
    (void)state;
    static const char *const worms[] = {"notpetya", "badrabbit", "wannacry"};
    static const size_t most[] = {3, 20, EKI_PACKET_BATCH - 1};
    for (size_t w = 0; w < sizeof worms / sizeof *worms; w++) {
        char folder[] = "/tmp/eki-batches-XXXXXX", prefix[64], path[96], line[256], *words[16], *rest = line;
        assert_non_null(mkdtemp(folder));
        snprintf(prefix, sizeof prefix, "%s/case", folder);
        snprintf(line, sizeof line, "eki-generate %s --hosts 8 --seed 5 --size 24 --packets 30000 --out %s",
                 worms[w], prefix);
        int count = 0;
        for (char *word; (word = strsep(&rest, " "));) words[count++] = word;
        words[count] = NULL;
        assert_int_equal(generate_run(count, words), 0);
        snprintf(path, sizeof path, "%s.pcap", prefix);
        char *wanted = facts_of(path, (struct way){EKI_PACKET_BATCH, 0});
        for (unsigned i = 0; i < DRAWS; i++) {
            char *found = facts_of(path, (struct way){most[i % 3], i + 1});
            if (strcmp(found, wanted)) fail_msg("%s, draw %u: other facts", worms[w], i);
            free(found);
        }
        free(wanted);
        unlink(path);
        snprintf(path, sizeof path, "%s.truth.json", prefix);
        unlink(path);
        rmdir(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(facts_do_not_depend_on_batches)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
