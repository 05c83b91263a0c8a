/* SPDX-License-Identifier: Apache-2.0 */
/* NetFlow v5, v9 and IPFIX: what records become, late and changed templates, lengths that lie, clocks. */
#include "support_bytes.h"
#include "support_log.h"

enum { EXPORTED = 1500000000, SYN = 2, RST_ACK = 20, ALL = 27, CLIENT = 0x0a000001, SERVER = 0x0a000002 };

static struct log_read read_all(const struct bytes *b)
{
    return read_log_bytes(b->data, b->length, NULL);
}

static void v5_header(struct bytes *b, unsigned count, uint32_t uptime, unsigned sampling)
{
    put(b, 2, 5), put(b, 2, count), put(b, 4, uptime), put(b, 4, EXPORTED), put(b, 4, 0);
    put(b, 4, 1), put(b, 2, 0), put(b, 2, sampling);
}

/* From 10.0.0.1:40000 to 10.0.0.2:445, or back. */
static void v5_record(struct bytes *b, bool back, unsigned flags, uint32_t first, uint32_t last)
{
    put(b, 4, back ? SERVER : CLIENT), put(b, 4, back ? CLIENT : SERVER), put(b, 8, 0);
    put(b, 4, flags == ALL ? 10 : 1), put(b, 4, flags == ALL ? 4000 : 40);
    put(b, 4, first), put(b, 4, last);
    put(b, 2, back ? 445 : 40000), put(b, 2, back ? 40000 : 445);
    put(b, 1, 0), put(b, 1, flags), put(b, 1, 6), put(b, 1, 0), put(b, 8, 0);
}

/* A lone SYN of a conversation of its own, since the client's port differs. */
static void v5_attempt(struct bytes *b, unsigned port, uint32_t first, uint32_t last)
{
    v5_record(b, false, SYN, first, last);
    b->data[b->length - 48 + 33] = (uint8_t)port;
}

static void v5_outcomes(void **state)
{
    (void)state;
    static const struct {
        unsigned asked, answered; /* flags; 0: no record */
        unsigned outcome, flags;
    } cases[] = {{SYN, 0, EKI_OUTCOME_NONE, 0},
                 {SYN, RST_ACK, EKI_OUTCOME_REFUSED, 0},
                 {SYN, 18, EKI_OUTCOME_ANSWERED, 0},
                 {6, 18, EKI_OUTCOME_ANSWERED, 0},
                 {ALL, ALL, EKI_OUTCOME_DATA, EKI_CONTACT_UPLOAD | EKI_CONTACT_DOWNLOAD},
                 {0, 18, EKI_OUTCOME_ANSWERED, EKI_CONTACT_UNASKED},
                 {0, RST_ACK, EKI_OUTCOME_REFUSED, EKI_CONTACT_UNASKED},
                 {41, 0, EKI_OUTCOME_NONE, EKI_CONTACT_ODD}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes b = {.length = 0};
        v5_header(&b, (cases[i].asked != 0) + (cases[i].answered != 0), 100000, 0);
        /* The answer is told first: order in the file says nothing. */
        if (cases[i].answered) v5_record(&b, true, cases[i].answered, 90010, 91000);
        if (cases[i].asked) v5_record(&b, false, cases[i].asked, 90000, 90900);
        struct log_read read = read_all(&b);
        assert_int_equal(read.error, EKI_OK);
        assert_int_equal(read.count, 1);
        const struct eki_contact *c = &read.entries[0].contact;
        assert_int_equal(c->outcome, cases[i].outcome);
        assert_int_equal(c->flags, cases[i].flags);
        assert_true(eki_address_equal(c->client, eki_address_v4(CLIENT)));
        assert_int_equal(c->service, 445);
        assert_int_equal(c->client_port, 40000);
        eki_time before = (cases[i].asked ? 10000 : 9990) * (EKI_SECOND / 1000);
        assert_true(c->time == EXPORTED * EKI_SECOND - before);
        assert_int_equal(read.entries[0].flow.packet_first > 0, cases[i].asked == ALL);
        assert_int_equal(read.input.malformed, 0);
        log_read_done(&read);
    }
}

/* The exporter's clock of 32 bits wrapped between the flow and its export; a restarted one says nonsense. */
static void v5_clocks(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    v5_header(&b, 1, 1000, 0);
    v5_record(&b, false, SYN, UINT32_MAX - 999, UINT32_MAX);
    struct log_read read = read_all(&b);
    assert_int_equal(read.count, 1);
    assert_true(read.entries[0].contact.time == (EXPORTED - 2) * EKI_SECOND);
    log_read_done(&read);
    b.length = 0;
    v5_header(&b, 1, 1000, 0);
    v5_attempt(&b, 1, 0, 0); /* tells no time, and fits */
    v5_header(&b, 1, 2000000000, 0);
    v5_attempt(&b, 2, 0, 0); /* tells no time */
    read = read_all(&b);
    assert_int_equal(read.count, 2);
    assert_true(read.entries[0].contact.time == (EXPORTED - 1) * EKI_SECOND);
    assert_true(read.entries[1].contact.time == EXPORTED * EKI_SECOND);
    assert_null(strstr(read.input.lacks, "dates"));
    log_read_done(&read);
}

/* An old capture played through an exporter: the records keep their order and distance, and it is told; one
 * odd record of an exporter that is right moves no other. */
static void clock_of_its_own(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    /* Ends at 3,000, 1,000 (it lasted 500) and 700,000 ms of the other clock, over two datagrams; then one
     * whose times fit, and one of the other clock again. */
    v5_header(&b, 2, 1900000000, 0);
    v5_attempt(&b, 3, 3000, 3000);
    v5_attempt(&b, 4, 500, 1000);
    v5_header(&b, 1, 1900600000, 0);
    v5_attempt(&b, 5, 700000, 700000);
    v5_header(&b, 2, 1900600000, 0);
    v5_attempt(&b, 6, 1900590000, 1900590000);
    v5_attempt(&b, 7, 4000000, 4000000);
    struct log_read read = read_all(&b);
    static const int64_t expected[] = {0, -2500, 97000, -10000, 0};
    assert_int_equal(read.count, 5);
    for (size_t i = 0, found; i < 5; i++) {
        eki_time wanted = EXPORTED * EKI_SECOND + expected[i] * (EKI_SECOND / 1000);
        for (found = 0; found < 5 && read.entries[found].contact.time != wanted; found++) continue;
        assert_true(found < 5);
    }
    assert_non_null(strstr(read.input.lacks, "dates"));
    log_read_done(&read);
}

static void sampling_multiplies(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    v5_header(&b, 2, 100000, 0x4000 | 100);
    v5_record(&b, false, ALL, 90000, 91000);
    v5_record(&b, true, ALL, 90010, 91000);
    struct log_read read = read_all(&b);
    assert_int_equal(read.input.packets, 2000);
    assert_int_equal(read.entries[0].flow.client_packets, 1000);
    assert_non_null(strstr(read.input.lacks, "multiplied"));
    log_read_done(&read);
}

/* Records that go on after the active timeout are one conversation; hours later it is another. */
static void merged(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    v5_header(&b, 4, 100000000, 0);
    v5_record(&b, false, ALL, 10000000, 10060000);
    v5_record(&b, true, ALL, 10000005, 10060000);
    v5_record(&b, false, ALL, 10060010, 10100000);
    v5_record(&b, false, SYN, 20000000, 20000000);
    struct log_read read = read_all(&b);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.entries[0].flow.client_packets, 20);
    assert_true(read.entries[0].flow.last - read.entries[0].flow.first == 100 * EKI_SECOND);
    assert_int_equal(read.entries[1].contact.outcome, EKI_OUTCOME_NONE);
    log_read_done(&read);
}

static void v9_header(struct bytes *b, uint32_t domain)
{
    put(b, 2, 9), put(b, 2, 1), put(b, 4, 100000), put(b, 4, EXPORTED), put(b, 4, 7), put(b, 4, domain);
}

/* id, length, then: addresses, ports, protocol, flags, packets, bytes, switched. */
static void v9_template(struct bytes *b, unsigned id)
{
    static const int fields[] = {8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 2, 4, 1, 4, 22, 4, 21, 4, -1};
    put(b, 2, 0), put(b, 2, 4 + 4 + 10 * 4), put(b, 2, id), put(b, 2, 10);
    put_list(b, fields);
}

static void v9_data(struct bytes *b, unsigned id, unsigned flags)
{
    put(b, 2, id), put(b, 2, 4 + 30 + 2);
    put(b, 4, CLIENT), put(b, 4, SERVER), put(b, 2, 40000), put(b, 2, 445), put(b, 1, 6), put(b, 1, flags);
    put(b, 4, 1), put(b, 4, 40), put(b, 4, 90000), put(b, 4, 90000), put(b, 2, 0); /* padding */
}

static void templates_late_and_changed(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    v9_header(&b, 1), v9_data(&b, 260, SYN);
    v9_header(&b, 2), v9_template(&b, 260); /* another domain: not its template */
    v9_header(&b, 1), v9_template(&b, 260);
    struct log_read read = read_all(&b);
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.entries[0].contact.service, 445);
    assert_true(read.entries[0].contact.time == (EXPORTED - 10) * EKI_SECOND);
    log_read_done(&read);
    /* Defined anew with ports in the other order: what follows is read by it. */
    static const int other[] = {8, 4, 12, 4, 11, 2, 7, 2, 4, 1, 6, 1, 2, 4, 1, 4, 22, 4, 21, 4, -1};
    v9_header(&b, 1), put(&b, 2, 0), put(&b, 2, 48), put(&b, 2, 260), put(&b, 2, 10), put_list(&b, other);
    v9_data(&b, 260, SYN);
    read = read_all(&b);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.entries[1].contact.service, 40000);
    log_read_done(&read);
    /* One that never comes is said. */
    b.length = 0;
    v9_header(&b, 1), v9_template(&b, 300), v9_data(&b, 300, SYN), v9_data(&b, 260, SYN);
    read = read_all(&b);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.input.malformed, 1);
    assert_non_null(strstr(read.input.places[0].what, "template never came"));
    log_read_done(&read);
}

/* Sampling told by options: scope system, sampler id 48, interval 50; the flow names its sampler. */
static void sampler_options(void **state)
{
    (void)state;
    static const int options[] = {1, 24, 270, 4, 8, 1, 4, 48, 1, 50, 4, 0, -1};
    static const int flow[] = {0, 32, 271, 6, 8, 4, 12, 4, 4, 1, 48, 1, 2, 4, 1, 4, -1};
    struct bytes b = {.length = 0};
    v9_header(&b, 1);
    put_list(&b, options);
    put(&b, 2, 270), put(&b, 2, 13), put(&b, 4, 9), put(&b, 1, 3), put(&b, 4, 512);
    put_list(&b, flow);
    put(&b, 2, 271), put(&b, 2, 22);
    put(&b, 4, CLIENT), put(&b, 4, SERVER), put(&b, 1, 17), put(&b, 1, 3), put(&b, 4, 2), put(&b, 4, 200);
    struct log_read read = read_all(&b);
    assert_int_equal(read.input.malformed, 0);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.input.packets, 1024);
    log_read_done(&read);
}

static size_t ipfix_header(struct bytes *b)
{
    size_t start = b->length;
    put(b, 2, 10), put(b, 2, 0), put(b, 4, EXPORTED), put(b, 4, 1), put(b, 4, 5);
    return start;
}

/* Field of variable length, foreign field, times in milliseconds, counts of both directions (RFC 5103). */
static void ipfix_record(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    size_t start = ipfix_header(&b);
    static const int fields[] = {2, 0, 256, 12,    8,   4, 12,  4, 7, 2, 11, 2, 4, 1,
                                 6, 1, 82,  65535, 152, 8, 153, 8, 2, 4, 1,  4, -1};
    put_list(&b, fields);
    put(&b, 2, 0x8000 | 2), put(&b, 2, 2), put(&b, 4, 29305); /* reversed packets, two bytes */
    put_length(&b, start + 18, start + 16);
    size_t set = b.length;
    put(&b, 2, 256), put(&b, 2, 0);
    for (int i = 0; i < 2; i++) {
        put(&b, 4, CLIENT + (unsigned)i), put(&b, 4, SERVER + 8), put(&b, 2, 40000), put(&b, 2, 445);
        put(&b, 1, 6), put(&b, 1, ALL);
        put(&b, 1, i ? 255 : 3);
        if (i) put(&b, 2, 3);
        put(&b, 3, 0x657468);
        put(&b, 8, UINT64_C(1500000000123)), put(&b, 8, UINT64_C(1500000001123));
        put(&b, 4, 5), put(&b, 4, 900), put(&b, 2, 4);
    }
    put_length(&b, set + 2, set);
    put_length(&b, start + 2, start);
    struct log_read read = read_all(&b);
    assert_int_equal(read.error, EKI_OK);
    assert_int_equal(read.input.malformed, 0);
    assert_int_equal(read.count, 2);
    for (int i = 0; i < 2; i++) {
        assert_true(read.entries[i].contact.time == INT64_C(1500000000123000000));
        assert_true(read.entries[i].flow.last == INT64_C(1500000001123000000));
        assert_int_equal(read.entries[i].flow.server_packets, 4);
    }
    log_read_done(&read);
}

/* Flows dated by uptime: the options tell when that began (element 160); its 32 bits have wrapped once. */
static void ipfix_uptime(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    static const int options[] = {3, 18, 300, 2, 1, 143, 4, 160, 8, -1};
    static const int fields[] = {2, 28, 301, 5, 8, 4, 12, 4, 4, 1, 22, 4, 21, 4, -1};
    uint64_t booted = EXPORTED * UINT64_C(1000) - (UINT64_C(1) << 32) - 5000;
    size_t start = ipfix_header(&b);
    put_list(&b, options);
    put(&b, 2, 300), put(&b, 2, 16), put(&b, 4, 1), put(&b, 8, booted);
    put_list(&b, fields);
    put(&b, 2, 301), put(&b, 2, 21);
    put(&b, 4, CLIENT), put(&b, 4, SERVER), put(&b, 1, 17), put(&b, 4, UINT32_MAX), put(&b, 4, 3999);
    put_length(&b, start + 2, start);
    struct log_read read = read_all(&b);
    assert_int_equal(read.count, 1);
    assert_true(read.entries[0].contact.time == EXPORTED * EKI_SECOND - 5001 * (EKI_SECOND / 1000));
    assert_true(read.input.last == EXPORTED * EKI_SECOND - 1001 * (EKI_SECOND / 1000));
    log_read_done(&read);
}

static void ipfix_withdrawn(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    static const int fields[] = {2, 20, 256, 3, 8, 4, 12, 4, 4, 1, -1};
    for (int i = 0; i < 2; i++) {
        size_t start = ipfix_header(&b);
        if (!i) put_list(&b, fields);
        if (i) put(&b, 2, 2), put(&b, 2, 8), put(&b, 2, 256), put(&b, 2, 0); /* no fields: withdrawn */
        put(&b, 2, 256), put(&b, 2, 13), put(&b, 4, CLIENT), put(&b, 4, SERVER), put(&b, 1, 17);
        put_length(&b, start + 2, start);
    }
    struct log_read read = read_all(&b);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.input.malformed, 1);
    log_read_done(&read);
}

/* Sets of length 0 to 3, longer than the datagram, templates that are cut, too long or empty. */
static void lengths_that_lie(void **state)
{
    (void)state;
    struct bytes good = {.length = 0};
    v5_header(&good, 1, 100000, 0);
    v5_record(&good, false, SYN, 90000, 90000);
    struct eki_log_options options = {.format = "netflow"};
    for (int kind = 0; kind < 9; kind++) {
        struct bytes b = {.length = 0};
        size_t start = ipfix_header(&b);
        if (kind < 4) put(&b, 2, 256), put(&b, 2, (unsigned)kind), put(&b, 4, 0);
        if (kind == 4) put(&b, 2, 256), put(&b, 2, 60000);
        if (kind == 5) put(&b, 2, 2), put(&b, 2, 8), put(&b, 2, 256), put(&b, 2, 40000);
        if (kind == 6)
            put(&b, 2, 2), put(&b, 2, 12), put(&b, 2, 256), put(&b, 2, 1), put(&b, 2, 8), put(&b, 2, 0);
        if (kind == 7)
            put(&b, 2, 2), put(&b, 2, 12), put(&b, 2, 255), put(&b, 2, 1), put(&b, 2, 8), put(&b, 2, 4);
        if (kind == 8) { /* a variable field that is longer than the set */
            put(&b, 2, 2), put(&b, 2, 12), put(&b, 2, 256), put(&b, 2, 1), put(&b, 2, 82), put(&b, 2, 65535);
            put(&b, 2, 256), put(&b, 2, 8), put(&b, 1, 255), put(&b, 3, 0xffffff);
        }
        put_length(&b, start + 2, start);
        put_bytes(&b, good.data, good.length);
        struct log_read read = read_log_bytes(b.data, b.length, &options);
        assert_int_equal(read.count, 1); /* the datagram behind it is read */
        assert_true(read.input.malformed >= 1);
        log_read_done(&read);
    }
}

enum { EXPORT_TIME_AT = 8 };

/* A sweep of more conversations than are held, `pace` datagrams a second (0: all at once), behind one record
 * with a wild date when `wild`. Returns how many were pushed out. */
static size_t sweep(unsigned pace, bool wild)
{
    enum { HELD = 1 << 17, BEYOND = 40, RECORDS = 30 };
    size_t datagrams = (HELD + BEYOND + RECORDS - 1) / RECORDS, length = 0, forced = 0;
    uint8_t *all = malloc(datagrams * (24 + RECORDS * 48));
    assert_non_null(all);
    for (size_t i = 0; i < datagrams; i++) {
        struct bytes b = {.length = 0}, time = {.length = 0};
        v5_header(&b, RECORDS, 100000, 0);
        put(&time, 4, wild && !i ? UINT32_MAX : EXPORTED + (pace ? i / pace : 0));
        memcpy(b.data + EXPORT_TIME_AT, time.data, 4);
        for (unsigned k = 0; k < RECORDS; k++) {
            size_t at = b.length;
            v5_record(&b, false, SYN, 90000, 90000);
            uint32_t target = 0x0b000000 + (uint32_t)(i * RECORDS + k);
            for (unsigned n = 0; n < 4; n++) b.data[at + 4 + n] = (uint8_t)(target >> (24 - 8 * n));
        }
        memcpy(all + length, b.data, b.length);
        length += b.length;
    }
    struct eki_log *log;
    struct eki_log_batch batch;
    uint64_t count = 0;
    assert_int_equal(eki_log_open_memory(all, length, NULL, &log, NULL), EKI_OK);
    do {
        assert_int_equal(eki_log_read(log, &batch), EKI_OK);
        for (size_t i = 0; i < batch.count; i++)
            forced += (batch.entries[i].contact.flags & EKI_CONTACT_FORCED) != 0;
        count += batch.count;
    } while (batch.count);
    eki_log_close(log);
    free(all);
    assert_int_equal(count, datagrams * RECORDS);
    assert_true(!forced || forced == datagrams * RECORDS - HELD);
    return forced;
}

/* More conversations at once than are held: the oldest go out as they are, marked. Over several minutes they
 * go out in time, also behind a record of another century. */
static void table_full(void **state)
{
    (void)state;
    assert_true(sweep(0, false) > 0);
    assert_int_equal(sweep(10, false), 0);
    assert_int_equal(sweep(10, true), 0);
}

/* Sets that wait for a template: the oldest of too many is given up, and said. */
static void waiting_full(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    for (unsigned i = 0; i < 300; i++) v9_header(&b, 1), v9_data(&b, 260 + i, SYN);
    v9_header(&b, 1), v9_template(&b, 559), v9_header(&b, 1), v9_template(&b, 260);
    struct log_read read = read_all(&b);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.input.malformed, 299);
    log_read_done(&read);
}

static void cut_anywhere(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    struct eki_log_options options = {.format = "netflow"};
    v9_header(&b, 1), v9_template(&b, 260), v9_data(&b, 260, SYN);
    v5_header(&b, 2, 100000, 0), v5_record(&b, false, ALL, 1, 2), v5_record(&b, true, ALL, 1, 2);
    for (size_t n = 1; n < b.length; n++) {
        struct log_read read = read_log_bytes(b.data, n, &options);
        assert_true(read.count <= 2);
        log_read_done(&read);
    }
    struct log_read read = read_log_bytes(b.data, b.length - 1, &options);
    assert_int_equal(read.error, EKI_ERROR_TRUNCATED);
    assert_true(read.input.truncated);
    assert_int_equal(read.count, 1); /* 10.0.0.1:40000 asked for 445 in both datagrams, half an hour apart */
    log_read_done(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v5_outcomes),      cmocka_unit_test(v5_clocks),
        cmocka_unit_test(clock_of_its_own), cmocka_unit_test(sampling_multiplies),
        cmocka_unit_test(merged),           cmocka_unit_test(templates_late_and_changed),
        cmocka_unit_test(sampler_options),  cmocka_unit_test(ipfix_record),
        cmocka_unit_test(ipfix_withdrawn),  cmocka_unit_test(ipfix_uptime),
        cmocka_unit_test(lengths_that_lie), cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(table_full),       cmocka_unit_test(waiting_full)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
