/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and prefixes: text to number and back, shared bits, the blocks of the registries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "base/random.h"
#include "ekigaku/address.h"

enum { ROUNDS = 20000 };

static struct eki_address parsed(const char *text)
{
    struct eki_address address;
    if (eki_address_parse(text, &address)) fail_msg("%s was not read", text);
    return address;
}

static void known_texts(void **state)
{
    (void)state;
    static const struct {
        const char *given, *canonical;
        uint64_t hi, lo;
    } known[] = {{"192.0.2.1", "192.0.2.1", 0, 0xffffc0000201},
                 {"0.0.0.0", "0.0.0.0", 0, 0xffff00000000},
                 {"255.255.255.255", "255.255.255.255", 0, 0xffffffffffff},
                 {"::ffff:192.0.2.1", "192.0.2.1", 0, 0xffffc0000201},
                 {"::", "::", 0, 0},
                 {"::1", "::1", 0, 1},
                 /* RFC 5952, 4.2.2 and 4.2.3: one group of zeros is not shortened, the first of equals is */
                 {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", 0x20010db800000001, 0x0001000100010001},
                 {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", 0x20010db800000000, 0x0001000000000001},
                 {"2001:DB8::A", "2001:db8::a", 0x20010db800000000, 0xa},
                 {"ff02::1:ff00:1", "ff02::1:ff00:1", 0xff02000000000000, 0x1ff000001}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[EKI_ADDRESS_TEXT];
        struct eki_address address = parsed(known[i].given);
        assert_int_equal(address.hi, known[i].hi);
        assert_int_equal(address.lo, known[i].lo);
        assert_ptr_equal(eki_address_format(address, text), text);
        assert_string_equal(text, known[i].canonical);
    }
}

static void refused_texts(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "192.0.2",   "192.0.2.256", "192.0.2.1 ",   " 192.0.2.1",        "192.0.2.1/24",
        "192.0.2.01", "1.2.3.4.5", ":",           ":::",          "2001:db8",          "1::2::3",
        "12345::",    "g::",       "example.org", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "3232235777"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct eki_address address = {7, 9};
        if (eki_address_parse(wrong[i], &address) != EKI_ERROR_ARGUMENT) fail_msg("'%s' was read", wrong[i]);
        assert_int_equal(address.hi, 7); /* untouched */
        assert_int_equal(address.lo, 9);
    }
}

/* Texts are those of the system's own writer, for both families. */
static void round_trip(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(1);
    for (int i = 0; i < ROUNDS; i++) {
        char text[EKI_ADDRESS_TEXT], expected[INET6_ADDRSTRLEN];
        uint32_t v4 = (uint32_t)eki_random_next(&random);
        struct eki_address four = eki_address_v4(v4);
        uint32_t network_order = htonl(v4);
        inet_ntop(AF_INET, &network_order, expected, sizeof expected);
        assert_string_equal(eki_address_format(four, text), expected);
        assert_true(eki_address_is_v4(four));
        assert_true(eki_address_equal(parsed(text), four));
        /* masks put in runs of zeros, the part of the text that has rules */
        struct eki_address six = {eki_random_next(&random) & eki_random_next(&random),
                                  eki_random_next(&random) & (i & 1 ? UINT64_MAX : 0xffff)};
        six.hi |= 1;
        uint8_t bytes[16];
        for (int b = 0; b < 8; b++) {
            bytes[b] = (uint8_t)(six.hi >> (56 - 8 * b));
            bytes[8 + b] = (uint8_t)(six.lo >> (56 - 8 * b));
        }
        inet_ntop(AF_INET6, bytes, expected, sizeof expected);
        assert_string_equal(eki_address_format(six, text), expected);
        assert_false(eki_address_is_v4(six));
        assert_true(eki_address_equal(parsed(text), six));
    }
}

static void order(void **state)
{
    (void)state;
    struct eki_address a = parsed("10.0.0.9"), b = parsed("10.0.1.0"), c = parsed("2001:db8::1");
    assert_int_equal(eki_address_compare(a, b), -1);
    assert_int_equal(eki_address_compare(b, a), 1);
    assert_int_equal(eki_address_compare(a, a), 0);
    assert_int_equal(eki_address_compare(b, c), -1);
    assert_int_equal(eki_address_compare(c, b), 1);
    struct eki_address next = {a.hi, a.lo + 1};
    assert_true(eki_address_equal(next, parsed("10.0.0.10")));
}

/* Bit by bit, for comparison. */
static int naive_common_bits(struct eki_address a, struct eki_address b)
{
    for (int i = 0; i < 128; i++) {
        uint64_t x = i < 64 ? a.hi : a.lo, y = i < 64 ? b.hi : b.lo;
        if ((x >> (63 - i % 64) & 1) != (y >> (63 - i % 64) & 1)) return i;
    }
    return 128;
}

static void common_bits(void **state)
{
    (void)state;
    assert_int_equal(eki_address_common_bits(parsed("192.0.2.0"), parsed("192.0.2.255")), 120);
    assert_int_equal(eki_address_common_bits(parsed("192.0.2.1"), parsed("192.0.2.1")), 128);
    assert_int_equal(eki_address_common_bits(parsed("0.0.0.0"), parsed("128.0.0.0")), 96);
    assert_int_equal(eki_address_common_bits(parsed("::"), parsed("8000::")), 0);
    assert_int_equal(eki_address_common_bits(parsed("2001:db8::"), parsed("2001:db8:0:0:8000::")), 64);
    struct eki_random random = eki_random_from(2);
    for (int i = 0; i < ROUNDS; i++) {
        struct eki_address a = {eki_random_next(&random), eki_random_next(&random)}, b = a;
        unsigned bit = (unsigned)eki_random_below(&random, 128);
        if (bit < 64)
            b.hi ^= eki_random_next(&random) >> bit;
        else
            b.lo ^= eki_random_next(&random) >> (bit - 64);
        assert_int_equal(eki_address_common_bits(a, b), naive_common_bits(a, b));
        assert_int_equal(eki_address_common_bits(b, a), naive_common_bits(a, b));
    }
}

struct block {
    const char *address;
    bool special, group, private;
};

/* The first and last address of each block, and their neighbours outside. */
static const struct block blocks[] = {{"0.0.0.0", true, false, false},
                                      {"0.255.255.255", true, false, false},
                                      {"1.0.0.0", false, false, false},
                                      {"9.255.255.255", false, false, false},
                                      {"10.0.0.0", false, false, true},
                                      {"10.255.255.255", false, false, true},
                                      {"11.0.0.0", false, false, false},
                                      {"100.63.255.255", false, false, false},
                                      {"100.64.0.0", false, false, true},
                                      {"100.127.255.255", false, false, true},
                                      {"100.128.0.0", false, false, false},
                                      {"126.255.255.255", false, false, false},
                                      {"127.0.0.0", true, false, false},
                                      {"127.255.255.255", true, false, false},
                                      {"128.0.0.0", false, false, false},
                                      {"169.253.255.255", false, false, false},
                                      {"169.254.0.0", false, false, true},
                                      {"169.254.255.255", false, false, true},
                                      {"169.255.0.0", false, false, false},
                                      {"172.15.255.255", false, false, false},
                                      {"172.16.0.0", false, false, true},
                                      {"172.31.255.255", false, false, true},
                                      {"172.32.0.0", false, false, false},
                                      {"192.167.255.255", false, false, false},
                                      {"192.168.0.0", false, false, true},
                                      {"192.168.255.255", false, false, true},
                                      {"192.169.0.0", false, false, false},
                                      {"223.255.255.255", false, false, false},
                                      {"224.0.0.0", true, true, false},
                                      {"239.255.255.255", true, true, false},
                                      {"240.0.0.0", true, false, false},
                                      {"255.255.255.254", true, false, false},
                                      {"255.255.255.255", true, true, false},
                                      {"::", true, false, false},
                                      {"::1", true, false, false},
                                      {"::2", false, false, false},
                                      {"fbff:ffff::", false, false, false},
                                      {"fc00::", false, false, true},
                                      {"fdff:ffff::1", false, false, true},
                                      {"fe00::", false, false, false},
                                      {"fe7f:ffff::", false, false, false},
                                      {"fe80::", false, false, true},
                                      {"febf:ffff::1", false, false, true},
                                      {"fec0::", false, false, false},
                                      {"feff:ffff::", false, false, false},
                                      {"ff00::", true, true, false},
                                      {"ff02::1", true, true, false},
                                      {"2001:db8::1", false, false, false}};

static void registered_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        const struct block *b = &blocks[i];
        struct eki_address address = parsed(b->address);
        if (eki_address_is_special(address) != b->special || eki_address_is_group(address) != b->group ||
            eki_address_is_private(address) != b->private)
            fail_msg("%s is in the wrong block", b->address);
    }
}

static void known_prefixes(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        unsigned bits;
        const char *text;
    } known[] = {{"192.0.2.77", 96 + 24, "192.0.2.0/24"},
                 {"192.0.2.77", 96 + 32, "192.0.2.77/32"},
                 {"192.0.2.77", 96, "0.0.0.0/0"},
                 {"192.0.2.77", 96 + 9, "192.0.0.0/9"},
                 {"192.0.2.77", 999, "192.0.2.77/32"},
                 {"2001:db8:7::9", 32, "2001:db8::/32"},
                 {"2001:db8:7::9", 64, "2001:db8:7::/64"},
                 {"2001:db8:7::9", 128, "2001:db8:7::9/128"},
                 {"2001:db8:7::9", 0, "::/0"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[EKI_ADDRESS_TEXT];
        struct eki_prefix prefix = eki_prefix_around(parsed(known[i].address), known[i].bits);
        assert_ptr_equal(eki_prefix_format(prefix, text), text);
        assert_string_equal(text, known[i].text);
        assert_true(eki_prefix_contains(prefix, parsed(known[i].address)));
        struct eki_prefix read = {{7, 7}, 7};
        assert_int_equal(eki_prefix_parse(text, &read), EKI_OK);
        assert_true(eki_address_equal(read.base, prefix.base) && read.bits == prefix.bits);
    }
    static const char *const wrong[] = {
        "",           "/",           "10.0.0.0/", "10.0.0.0/33", "::/129",
        "10.0.0/8",   "10.0.0.0/8x", "/8",        "10.0.0.0/-1", "10.0.0.0/99999999999",
        "10.0.0.0//8"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct eki_prefix read;
        assert_int_equal(eki_prefix_parse(wrong[i], &read), EKI_ERROR_ARGUMENT);
    }
    struct eki_prefix all = {{0, 0}, 0};
    assert_true(eki_prefix_contains(all, parsed("192.0.2.1")));
    assert_true(eki_prefix_contains(all, parsed("ff02::1")));
}

/* A prefix holds exactly those that share its bits: turning round one bit before the end leaves it, one after
 * the end does not. */
static void prefix_edges(void **state)
{
    (void)state;
    struct eki_random random = eki_random_from(3);
    for (int i = 0; i < ROUNDS; i++) {
        struct eki_address a = {eki_random_next(&random), eki_random_next(&random)}, b = a;
        unsigned bits = (unsigned)eki_random_below(&random, 129),
                 turned = (unsigned)eki_random_below(&random, 128);
        struct eki_prefix prefix = eki_prefix_around(a, bits);
        assert_int_equal(prefix.bits, bits);
        assert_true(eki_prefix_contains(prefix, a));
        if (turned < 64)
            b.hi ^= UINT64_C(1) << (63 - turned);
        else
            b.lo ^= UINT64_C(1) << (127 - turned);
        assert_int_equal(eki_prefix_contains(prefix, b), turned >= bits);
        struct eki_prefix again = eki_prefix_around(prefix.base, bits);
        assert_true(eki_address_equal(again.base, prefix.base));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_texts),    cmocka_unit_test(refused_texts),
                                       cmocka_unit_test(round_trip),     cmocka_unit_test(order),
                                       cmocka_unit_test(common_bits),    cmocka_unit_test(registered_blocks),
                                       cmocka_unit_test(known_prefixes), cmocka_unit_test(prefix_edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
