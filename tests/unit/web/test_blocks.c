/* SPDX-License-Identifier: Apache-2.0 */
/* Files of lines: any line is found, and damage is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/blocks.h"

static char folder[] = "/tmp/ekigaku-blocks-XXXXXX";
static char path[64];

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/lines", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void write_lines(unsigned count)
{
    struct eki_blocks_writer *writer;
    unlink(path);
    assert_int_equal(eki_blocks_create(path, &writer), EKI_OK);
    for (unsigned i = 0; i < count; i++) fprintf(eki_blocks_out(writer), "line %u of %u\n", i, count);
    assert_int_equal(eki_blocks_close(writer), EKI_OK);
}

static void expect(struct eki_blocks *blocks, unsigned first, unsigned count, unsigned most)
{
    struct eki_buffer out = {0}, wanted = {0};
    for (unsigned i = first; i < first + count && i < most; i++)
        eki_buffer_print(&wanted, "line %u of %u\n", i, most);
    assert_int_equal(eki_blocks_read(blocks, first, count, &out), EKI_OK);
    assert_int_equal(out.length, wanted.length);
    if (out.length) assert_memory_equal(out.bytes, wanted.bytes, out.length);
    eki_buffer_done(&out);
    eki_buffer_done(&wanted);
}

static void any_line_is_found(void **state)
{
    static const unsigned counts[] = {0,   1, EKI_BLOCKS_LINES - 1, EKI_BLOCKS_LINES, EKI_BLOCKS_LINES + 1,
                                      5000};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct eki_blocks blocks;
        write_lines(counts[i]);
        assert_int_equal(eki_blocks_open(path, &blocks), EKI_OK);
        assert_int_equal(blocks.lines, counts[i]);
        expect(&blocks, 0, 1, counts[i]);
        expect(&blocks, EKI_BLOCKS_LINES - 1, 2, counts[i]);
        expect(&blocks, 100, 1000, counts[i]);
        expect(&blocks, 4999, 10, counts[i]);
        expect(&blocks, 0, 6000, counts[i]);
        eki_blocks_done(&blocks);
    }
}

/* Forwards, backwards, twice, from frame to frame and back. */
static void one_by_one(void **state)
{
    enum { LINES = 600 };
    struct eki_blocks blocks;
    (void)state;
    write_lines(LINES);
    assert_int_equal(eki_blocks_open(path, &blocks), EKI_OK);
    for (unsigned i = 0; i < LINES; i += 3) expect(&blocks, i, 1, LINES);
    for (unsigned i = LINES; i-- > 0;) expect(&blocks, i, 1, LINES);
    for (unsigned i = 0; i < LINES; i++) expect(&blocks, i * 259 % LINES, i % 5, LINES);
    expect(&blocks, 7, 1, LINES);
    expect(&blocks, 7, 1, LINES);
    expect(&blocks, LINES, 1, LINES);
    expect(&blocks, 8, 2, LINES);
    eki_blocks_done(&blocks);
}

static void a_file_that_is_there_is_not_written_over(void **state)
{
    struct eki_blocks_writer *writer;
    (void)state;
    write_lines(1);
    assert_int_equal(eki_blocks_create(path, &writer), EKI_ERROR_WRITE);
}

/* Every byte changed, and every length cut: an error or the same lines, never anything else. */
static void damage_is_told(void **state)
{
    struct stat about;
    (void)state;
    write_lines(600);
    assert_int_equal(stat(path, &about), 0);
    for (off_t at = about.st_size - 1; at >= 0; at -= at > about.st_size - 64 ? 1 : 7) {
        struct eki_blocks blocks = {.file = -1};
        struct eki_buffer out = {0};
        uint8_t byte;
        int file = open(path, O_RDWR);
        assert_int_equal(pread(file, &byte, 1, at), 1);
        uint8_t other = byte ^ 0x55;
        assert_int_equal(pwrite(file, &other, 1, at), 1);
        if (!eki_blocks_open(path, &blocks)) {
            (void)!eki_blocks_read(&blocks, 0, 700, &out);
            eki_blocks_done(&blocks);
        }
        eki_buffer_done(&out);
        assert_int_equal(pwrite(file, &byte, 1, at), 1);
        close(file);
    }
    for (off_t length = about.st_size - 1; length > 0; length -= 13) {
        struct eki_blocks blocks = {.file = -1};
        assert_int_equal(truncate(path, length), 0);
        if (!eki_blocks_open(path, &blocks)) {
            struct eki_buffer out = {0};
            (void)!eki_blocks_read(&blocks, 0, 700, &out);
            eki_buffer_done(&out);
            eki_blocks_done(&blocks);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_line_is_found),
        cmocka_unit_test(one_by_one),
        cmocka_unit_test(a_file_that_is_there_is_not_written_over),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
