/* SPDX-License-Identifier: Apache-2.0 */
/* What was packed comes out as it was: in one frame that says how long it is, in one that does not, in
 * several; what is damaged, cut or longer than is wanted does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>
#include <zstd.h>

#include "web/pack.h"

enum { LENGTH = 300000, ROOM = 2 * LENGTH + 4096 };

static char text[2 * LENGTH], packed[ROOM];

static void make_text(void)
{
    uint32_t word = 1;
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('a' + (word = word * 1664525 + 1013904223) % 7);
}

/* A frame that does not say its length, as a writer makes that does not know it beforehand. */
static size_t stream(const char *from, size_t length, char *to, size_t room)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_outBuffer out = {to, room, 0};
    ZSTD_inBuffer in = {from, length, 0}, none = {from, 0, 0};
    assert_false(ZSTD_isError(ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush)));
    assert_int_equal(ZSTD_compressStream2(context, &out, &none, ZSTD_e_end), 0);
    ZSTD_freeCCtx(context);
    return out.pos;
}

static void expect(size_t length, size_t most, size_t wanted)
{
    struct eki_buffer out = {0};
    eki_buffer_text(&out, "before");
    bool good = eki_unpack_zstd(packed, length, most, &out);
    assert_int_equal(good, wanted > 0);
    if (good) {
        assert_int_equal(out.length, 6 + wanted);
        assert_memory_equal(out.bytes, "before", 6);
        assert_memory_equal(out.bytes + 6, text, wanted);
    }
    eki_buffer_done(&out);
}

static void in_all_forms(void **state)
{
    struct eki_buffer first = {0}, second = {0};
    (void)state;
    make_text();
    assert_true(eki_pack_zstd(text, LENGTH, &first) && eki_pack_zstd(text + LENGTH, LENGTH, &second));
    memcpy(packed, first.bytes, first.length);
    expect(first.length, ROOM, LENGTH);
    expect(first.length, LENGTH + 6, LENGTH);
    expect(first.length, LENGTH / 2, 0);
    expect(first.length - 1, ROOM, 0);
    expect(first.length / 2, ROOM, 0);
    memcpy(packed + first.length, second.bytes, second.length);
    expect(first.length + second.length, ROOM, 2 * LENGTH);
    expect(first.length + second.length, LENGTH, 0);
    packed[first.length / 2] ^= 0x55;
    struct eki_buffer out = {0};
    bool same = eki_unpack_zstd(packed, first.length, ROOM, &out) && !memcmp(out.bytes, text, LENGTH);
    assert_false(same);
    eki_buffer_done(&out);
    size_t length = stream(text, LENGTH, packed, ROOM);
    assert_true(ZSTD_getFrameContentSize(packed, length) == ZSTD_CONTENTSIZE_UNKNOWN);
    expect(length, ROOM, LENGTH);
    expect(length - 1, ROOM, 0);
    eki_buffer_done(&first);
    eki_buffer_done(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_all_forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
