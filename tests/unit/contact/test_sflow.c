/* SPDX-License-Identifier: Apache-2.0 */
/* sFlow v5: sampled heads of packets, multiplied by the rate. */
#include "support_bytes.h"
#include "support_log.h"

enum { CLIENT = 0x0a000001, SERVER = 0x0a000002 };

static void header(struct bytes *b, unsigned samples)
{
    put(b, 4, 5), put(b, 4, 1), put(b, 4, 0x0a0000fe), put(b, 4, 0), put(b, 4, 1), put(b, 4, 5000);
    put(b, 4, samples);
}

/* A SYN over Ethernet with a VLAN tag, over IPv4 or IPv6. */
static void frame(struct bytes *b, bool six)
{
    put(b, 8, 0), put(b, 4, 0), put(b, 2, 0x8100), put(b, 2, 7), put(b, 2, six ? 0x86dd : 0x0800);
    if (six) {
        put(b, 4, 0x60000000), put(b, 2, 28), put(b, 1, 0), put(b, 1, 64);
        put(b, 8, 0x20010db800000000), put(b, 8, 1), put(b, 8, 0x20010db800000000), put(b, 8, 2);
        put(b, 1, 6), put(b, 1, 0), put(b, 2, 0), put(b, 4, 0); /* hop by hop */
    } else {
        put(b, 4, 0x45000028), put(b, 4, 0), put(b, 1, 64), put(b, 1, 6), put(b, 2, 0);
        put(b, 4, CLIENT), put(b, 4, SERVER);
    }
    put(b, 2, 40000), put(b, 2, 445), put(b, 8, 0), put(b, 1, 0x50), put(b, 1, 2), put(b, 2, 0), put(b, 4, 0);
}

static void sample(struct bytes *b, bool six, bool expanded)
{
    struct bytes f = {.length = 0};
    frame(&f, six);
    size_t padded = (f.length + 3) & ~(size_t)3;
    put(b, 4, expanded ? 3 : 1), put(b, 4, (expanded ? 44 : 32) + 24 + padded);
    put(b, 4, 1), put(b, expanded ? 8 : 4, 1), put(b, 4, 256), put(b, 4, 1), put(b, 4, 0);
    put(b, expanded ? 16 : 8, 0), put(b, 4, 1);
    put(b, 4, 1), put(b, 4, 16 + padded), put(b, 4, 1), put(b, 4, 64), put(b, 4, 4), put(b, 4, f.length);
    put_bytes(b, f.data, f.length);
    put(b, (unsigned)(padded - f.length), 0);
}

static void samples(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        struct bytes b = {.length = 0};
        header(&b, 2);
        put(&b, 4, 2), put(&b, 4, 4), put(&b, 4, 0); /* counters: passed over */
        sample(&b, kind & 1, kind & 2);
        struct log_read read = read_log_bytes(b.data, b.length, NULL);
        assert_int_equal(read.error, EKI_OK);
        assert_int_equal(read.count, 1);
        const struct eki_contact *c = &read.entries[0].contact;
        assert_int_equal(c->service, 445);
        assert_int_equal(c->outcome, EKI_OUTCOME_NONE);
        assert_int_equal(c->attempts, 1); /* one was seen, whatever it stands for */
        assert_int_equal(read.input.packets, 256);
        assert_true(c->time == 5 * EKI_SECOND);
        assert_true(eki_address_equal(c->client, kind & 1 ? (struct eki_address){0x20010db800000000, 1}
                                                          : eki_address_v4(CLIENT)));
        assert_string_equal(read.format, "sflow");
        log_read_done(&read);
        struct eki_log_options options = {.format = "sflow"};
        for (size_t n = 1; n < b.length; n++) {
            read = read_log_bytes(b.data, n, &options);
            assert_true(read.count <= 1);
            assert_true(read.error != EKI_OK || read.input.malformed);
            log_read_done(&read);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(samples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
