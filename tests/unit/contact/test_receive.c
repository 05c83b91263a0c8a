/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams that are given one by one, as a socket gets them: written out between any two and gone on with,
 * they bring the entries of one reading. */
#include "support_bytes.h"
#include "support_log.h"

#include "base/archive.h"
#include "contact/log_format.h"
#include "contact/receive.h"

enum { EXPORTED = 1500000000, SYN = 2, CLIENT = 0x0a000001, SERVER = 0x0a000002, DATAGRAMS = 9, MOST = 64 };

static void header(struct bytes *b, uint32_t domain)
{
    put(b, 2, 9), put(b, 2, 1), put(b, 4, 100000), put(b, 4, EXPORTED), put(b, 4, 7), put(b, 4, domain);
}

static void template(struct bytes *b, unsigned id)
{
    static const int fields[] = {8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 2, 4, 1, 4, 22, 4, 21, 4, -1};
    put(b, 2, 0), put(b, 2, 4 + 4 + 10 * 4), put(b, 2, id), put(b, 2, 10);
    put_list(b, fields);
}

static void data(struct bytes *b, unsigned id, bool back, unsigned flags)
{
    put(b, 2, id), put(b, 2, 4 + 30 + 2);
    put(b, 4, back ? SERVER : CLIENT), put(b, 4, back ? CLIENT : SERVER);
    put(b, 2, back ? 445 : 40000), put(b, 2, back ? 40000 : 445), put(b, 1, 6), put(b, 1, flags);
    put(b, 4, 1), put(b, 4, 40), put(b, 4, 90000 + back), put(b, 4, 90000), put(b, 2, 0);
}

/* A set that waits for its template, the template, sampling told by options, both halves of a conversation,
 * IPFIX with a clock of its own, and what is no export. */
static void make(struct bytes parts[DATAGRAMS])
{
    static const int sampling[] = {1, 24, 270, 4, 8, 1, 4, 48, 1, 50, 4, 0, -1};
    static const int clock[] = {3, 18, 300, 2, 1, 143, 4, 160, 8, -1};
    static const int fields[] = {2, 28, 301, 5, 8, 4, 12, 4, 4, 1, 22, 4, 21, 4, -1};
    for (int i = 0; i < DATAGRAMS; i++) parts[i].length = 0;
    header(&parts[0], 1), data(&parts[0], 260, false, SYN);
    header(&parts[1], 2), put_list(&parts[1], sampling);
    put(&parts[1], 2, 270), put(&parts[1], 2, 13), put(&parts[1], 4, 9), put(&parts[1], 1, 0);
    put(&parts[1], 4, 512);
    header(&parts[2], 2), template(&parts[2], 261);
    header(&parts[3], 1), template(&parts[3], 260);
    header(&parts[4], 1), data(&parts[4], 260, true, SYN | 16);
    header(&parts[5], 2), data(&parts[5], 261, false, 27);
    put(&parts[6], 2, 10), put(&parts[6], 2, 0), put(&parts[6], 4, EXPORTED), put(&parts[6], 4, 1);
    put(&parts[6], 4, 5);
    put_list(&parts[6], clock);
    put(&parts[6], 2, 300), put(&parts[6], 2, 16), put(&parts[6], 4, 1);
    put(&parts[6], 8, EXPORTED * UINT64_C(1000) - 5000);
    put_list(&parts[6], fields), put_length(&parts[6], 2, 0);
    put(&parts[7], 2, 10), put(&parts[7], 2, 0), put(&parts[7], 4, EXPORTED), put(&parts[7], 4, 1);
    put(&parts[7], 4, 5), put(&parts[7], 2, 301), put(&parts[7], 2, 21), put(&parts[7], 4, CLIENT);
    put(&parts[7], 4, SERVER + 5), put(&parts[7], 1, 17), put(&parts[7], 4, 4000), put(&parts[7], 4, 3000);
    put_length(&parts[7], 2, 0);
    put(&parts[8], 4, 0x68656c6c);
}

static void give(struct eki_log *log, const struct bytes *part)
{
    struct eki_log_datagram datagram = {.bytes = part->data,
                                        .length = part->length,
                                        .source = eki_address_v4(0xc0000201),
                                        .time = EXPORTED * EKI_SECOND,
                                        .meant = true};
    eki_log_take_datagram(log, &datagram);
}

struct given {
    struct eki_log_entry entries[MOST];
    struct eki_input input;
    size_t count;
};

static void collect(struct eki_log *log, struct given *given)
{
    struct eki_log_batch batch;
    assert_int_equal(eki_log_read(log, &batch), EKI_OK);
    assert_true(given->count + batch.count <= MOST);
    for (size_t i = 0; i < batch.count; i++) given->entries[given->count++] = batch.entries[i];
}

static struct eki_log *begin(void)
{
    struct eki_log *log;
    assert_int_equal(eki_log_for_datagrams("socket", NULL, &log, NULL), EKI_OK);
    return log;
}

/* Writes the log out and goes on with a new one. */
static struct eki_log *restart(struct eki_log *log)
{
    struct eki_archive out = {.writing = true};
    struct eki_input counted = *eki_log_input(log);
    eki_log_archive(log, &counted, &out);
    assert_int_equal(out.error, EKI_OK);
    struct eki_log *next = begin();
    struct eki_archive in = {.cursor = eki_cursor_over(out.bytes, out.length)};
    eki_log_archive(next, &counted, &in);
    assert_int_equal(in.error, EKI_OK);
    assert_int_equal(in.cursor.left, 0);
    /* Cut anywhere: refused, and everything is freed. */
    for (size_t n = 0; n < out.length; n++) {
        struct eki_log *damaged = begin();
        struct eki_archive cut = {.cursor = eki_cursor_over(out.bytes, n)};
        eki_log_archive(damaged, &counted, &cut);
        assert_int_not_equal(cut.error, EKI_OK);
        eki_log_close(damaged);
    }
    eki_log_close(log);
    eki_archive_done(&out);
    return next;
}

/* A restart before each datagram of the set `when`. */
static struct given play(const struct bytes parts[DATAGRAMS], unsigned when)
{
    struct given given = {.count = 0};
    struct eki_log *log = begin();
    for (unsigned i = 0; i < DATAGRAMS; i++) {
        if (when >> i & 1) log = restart(log);
        give(log, &parts[i]);
        if (i % 2) collect(log, &given);
        if (when >> (i + 1) & 1 && !(i % 2)) collect(log, &given); /* batches are not part of it */
    }
    eki_log_end_datagrams(log);
    collect(log, &given);
    given.input = *eki_log_input(log);
    eki_log_close(log);
    return given;
}

static void restarts(void **state)
{
    (void)state;
    struct bytes *parts = calloc(DATAGRAMS, sizeof *parts);
    assert_non_null(parts);
    make(parts);
    struct given whole = play(parts, 0);
    assert_int_equal(whole.count, 2);
    assert_int_equal(whole.input.malformed, 1);
    assert_int_equal(whole.input.packets, 2 + 512 + 1);
    for (unsigned when = 1; when < 1 << DATAGRAMS; when = when * 2 + (when > 100)) {
        struct given part = play(parts, when);
        assert_int_equal(part.count, whole.count);
        for (size_t i = 0; i < whole.count; i++) {
            assert_same_entry(&part.entries[i], &whole.entries[i]);
            assert_true(part.entries[i].contact.packet == whole.entries[i].contact.packet);
        }
        assert_true(part.input.packets == whole.input.packets && part.input.flows == whole.input.flows);
        assert_true(part.input.bytes == whole.input.bytes && part.input.malformed == whole.input.malformed);
        assert_string_equal(part.input.places[0].what, whole.input.places[0].what);
    }
    free(parts);
}

/* Numbers of an exporter's datagrams: `gaps` are the steps between them. */
static uint64_t missing_of(const int *steps, size_t count, uint32_t first, bool known)
{
    struct eki_log *log = begin();
    uint32_t sequence = first;
    for (size_t i = 0; i <= count; i++) {
        struct bytes part = {.length = 0};
        put(&part, 2, 9), put(&part, 2, 1), put(&part, 4, 100000), put(&part, 4, EXPORTED),
            put(&part, 4, sequence);
        put(&part, 4, 1), template(&part, 260);
        struct eki_log_datagram datagram = {.bytes = part.data,
                                            .length = part.length,
                                            .source = eki_address_v4(known ? 0xc0000201 : 0),
                                            .time = EXPORTED * EKI_SECOND,
                                            .meant = true};
        if (!known) datagram.source = (struct eki_address){0, 0};
        eki_log_take_datagram(log, &datagram);
        if (i < count) sequence += (uint32_t)steps[i];
    }
    uint64_t missing = eki_log_input(log)->missing;
    eki_log_close(log);
    return missing;
}

static void numbers(void **state)
{
    (void)state;
    static const int even[] = {1, 1, 1}, gap[] = {1, 6, 1}, late[] = {1, 3, -1, 2},
                     restart[] = {1, 1 << 25, 1};
    assert_int_equal(missing_of(even, 3, 7, true), 0);
    assert_int_equal(missing_of(even, 3, UINT32_MAX - 1, true), 0); /* wraps */
    assert_int_equal(missing_of(gap, 3, 7, true), 5);
    assert_int_equal(missing_of(gap, 3, UINT32_MAX - 3, true), 5);
    assert_int_equal(missing_of(late, 4, 7, true), 1); /* of two missing one came after all */
    assert_int_equal(missing_of(restart, 3, 7, true), 0);
    assert_int_equal(missing_of(gap, 3, 7, false), 0); /* a file of datagrams of whoever */
}

static void refused(void **state)
{
    (void)state;
    struct bytes part = {.length = 0};
    struct eki_log *log = begin();
    header(&part, 1), template(&part, 260), data(&part, 260, false, SYN);
    struct eki_log_datagram datagram = {.bytes = part.data, .length = part.length, .source = {0, 1}};
    eki_log_refuse_datagram(log, &datagram);
    eki_log_end_datagrams(log);
    struct given given = {.count = 0};
    collect(log, &given);
    assert_int_equal(given.count, 0);
    assert_int_equal(eki_log_input(log)->malformed, 1);
    assert_non_null(strstr(eki_log_input(log)->places[0].what, "::1, which is not allowed"));
    eki_log_close(log);
}

static void places(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",      ":",        ":2055",         "x",     "127.0.0.1", "1.2.3:7",
                                        "65536", "::1:2055", "[127.0.0.1]:1", "[::1]", "[::1]:",    "1 ",
                                        "-1",    "[]:1",     "127.0.0.1:-1"};
    static const char *const right[] = {"0", "127.0.0.1:0", "[::1]:0"};
    struct eki_receiver *receiver = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct eki_fault fault = {0};
        if (eki_receiver_open(wrong[i], 0, &receiver, &fault) != EKI_ERROR_ARGUMENT)
            fail_msg("\"%s\" was taken", wrong[i]);
        assert_null(receiver);
    }
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct eki_fault fault = {0};
        enum eki_error error = eki_receiver_open(right[i], 4096, &receiver, &fault);
        if (error == EKI_ERROR_OPEN && i == 2) continue; /* a machine without IPv6 */
        assert_int_equal(error, EKI_OK);
        bool got = true;
        struct eki_log_datagram datagram;
        assert_int_equal(eki_receiver_next(receiver, &datagram, &got, &fault), EKI_OK);
        assert_false(got);
        assert_int_equal(eki_receiver_losses(receiver).lost, 0);
        eki_receiver_close(receiver);
    }
    eki_receiver_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(restarts), cmocka_unit_test(refused),
                                       cmocka_unit_test(numbers), cmocka_unit_test(places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
