/* SPDX-License-Identifier: Apache-2.0 */
/* The pages that the program carries: found by name, sorted, compressed where it pays. */
#include "web/assets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static const struct eki_web_asset *find(const char *path)
{
    for (size_t i = 0; i < eki_web_asset_count; i++)
        if (strcmp(eki_web_assets[i].path, path) == 0) return &eki_web_assets[i];
    return NULL;
}

static void test_index_is_a_document(void **state)
{
    (void)state;
    const struct eki_web_asset *index = find("/index.html");
    assert_non_null(index);
    assert_string_equal(index->type, "text/html; charset=utf-8");
    assert_true(index->size > 100);
    assert_memory_equal(index->data, "<!doctype html>", 15);
    assert_false(index->is_unchanging);
}

static void test_table_is_sorted_and_ends(void **state)
{
    (void)state;
    for (size_t i = 1; i < eki_web_asset_count; i++)
        assert_true(strcmp(eki_web_assets[i - 1].path, eki_web_assets[i].path) < 0);
    assert_null(eki_web_assets[eki_web_asset_count].path);
}

static void test_names_and_tags(void **state)
{
    (void)state;
    for (size_t i = 0; i < eki_web_asset_count; i++) {
        const struct eki_web_asset *asset = &eki_web_assets[i];
        assert_int_equal(asset->path[0], '/');
        assert_int_equal(asset->etag[0], '"');
        assert_int_equal(asset->etag[strlen(asset->etag) - 1], '"');
        assert_int_equal(asset->is_unchanging, strncmp(asset->path, "/assets/", 8) == 0);
    }
}

static void unpack(const struct eki_web_asset *asset)
{
    static unsigned char out[4 << 20];
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)asset->gzip,
                       .avail_in = (uInt)asset->gzip_size};
    assert_true(asset->size <= sizeof out);
    stream.next_out = out;
    stream.avail_out = sizeof out;
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, asset->size);
    assert_memory_equal(out, asset->data, asset->size);
    inflateEnd(&stream);
}

static void test_compressed_form_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < eki_web_asset_count; i++) {
        if (eki_web_assets[i].gzip) {
            assert_true(eki_web_assets[i].gzip_size < eki_web_assets[i].size);
            unpack(&eki_web_assets[i]);
        } else {
            assert_int_equal(eki_web_assets[i].gzip_size, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_is_a_document),
        cmocka_unit_test(test_table_is_sorted_and_ends),
        cmocka_unit_test(test_names_and_tags),
        cmocka_unit_test(test_compressed_form_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
