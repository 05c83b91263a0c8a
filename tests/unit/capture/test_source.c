/* SPDX-License-Identifier: Apache-2.0 */
/* Where bytes come from: files, pipes, gzip and zstd, things that are not files; records across the ends of
 * reads; filters. */
#define _GNU_SOURCE
#include "support_bytes.h"

#include <fcntl.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { PACKETS = 20000, RECORD = 76, FILE_BYTES = 24 + PACKETS * RECORD };

/* A pcap of many SYNs, longer than several reads; the sequence number of the i-th is i. */
static uint8_t *many(void)
{
    struct bytes head = {.length = 0};
    put_pcap(&head, 0xa1b2c3d4, 1);
    put_record(&head, 1, 0, syn_frame);
    uint8_t *file = malloc(FILE_BYTES);
    assert_non_null(file);
    memcpy(file, head.at, 24);
    for (uint32_t i = 0; i < PACKETS; i++) {
        uint8_t *record = file + 24 + (size_t)i * RECORD;
        memcpy(record, head.at + 24, RECORD);
        for (int byte = 0; byte < 4; byte++) record[16 + 38 + byte] = (uint8_t)(i >> (24 - 8 * byte));
    }
    return file;
}

/* Every packet is there once, in order, and its payload pointer (padding is no payload) is unset. */
static void assert_many(struct eki_capture *capture)
{
    struct eki_packet batch[100];
    size_t count;
    uint32_t seen = 0;
    do {
        assert_int_equal(eki_capture_read(capture, batch, 100, &count, NULL), EKI_OK);
        for (size_t i = 0; i < count; i++, seen++) {
            assert_int_equal(batch[i].sequence, seen);
            assert_int_equal(batch[i].number, seen + 1);
        }
    } while (count > 0);
    assert_int_equal(seen, PACKETS);
    assert_int_equal(eki_capture_input(capture)->bytes, FILE_BYTES);
}

static char *write_temporary(const void *bytes, size_t length)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/capture_test_XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, length), (ssize_t)length);
    close(file);
    return path;
}

static void from_file(void **state)
{
    (void)state;
    uint8_t *file = many();
    char *path = write_temporary(file, FILE_BYTES);
    struct eki_capture *capture;
    assert_int_equal(eki_capture_open(path, NULL, &capture, NULL), EKI_OK);
    uint64_t done, size;
    eki_capture_progress(capture, &done, &size);
    assert_true(done > 0 && done < FILE_BYTES);
    assert_int_equal(size, FILE_BYTES);
    assert_many(capture);
    eki_capture_progress(capture, &done, &size);
    assert_int_equal(done, FILE_BYTES);
    assert_string_equal(eki_capture_input(capture)->path, path);
    eki_capture_close(capture);
    unlink(path);
    free(file);
}

/* A writer that hands over odd small pieces. */
static void feed_pipe(int to, const uint8_t *bytes, size_t length)
{
    size_t piece = 1;
    for (size_t at = 0; at < length; at += piece) {
        piece = at < 300 ? 1 : 7919;
        if (piece > length - at) piece = length - at;
        if (write(to, bytes + at, piece) != (ssize_t)piece) _exit(1);
    }
    _exit(0);
}

static void from_pipe(void **state)
{
    (void)state;
    uint8_t *file = many();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t writer = fork();
    if (writer == 0) feed_pipe(ends[1], file, FILE_BYTES);
    close(ends[1]);
    int kept = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    struct eki_capture *capture;
    assert_int_equal(eki_capture_open("-", NULL, &capture, NULL), EKI_OK);
    assert_many(capture);
    uint64_t done, size;
    eki_capture_progress(capture, &done, &size);
    assert_int_equal(size, 0);
    eki_capture_close(capture);
    dup2(kept, STDIN_FILENO);
    close(kept);
    close(ends[0]);
    waitpid(writer, NULL, 0);
    free(file);
}

/* Both halves packed apart and put behind each other: two members or frames. Returns the length. */
static size_t pack_gzip(const uint8_t *bytes, size_t length, uint8_t *packed, size_t room)
{
    size_t total = 0, half = length / 2;
    for (int part = 0; part < 2; part++) {
        z_stream z = {.next_in = (Bytef *)(uintptr_t)(part ? bytes + half : bytes),
                      .avail_in = (uInt)(part ? length - half : half)};
        z.next_out = packed + total;
        z.avail_out = (uInt)(room - total);
        assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        total += z.total_out;
        deflateEnd(&z);
    }
    return total;
}

static size_t pack_zstd(const uint8_t *bytes, size_t length, uint8_t *packed, size_t room)
{
    size_t half = length / 2, first = ZSTD_compress(packed, room, bytes, half, 3);
    return first + ZSTD_compress(packed + first, room - first, bytes + half, length - half, 3);
}

static size_t pack_xz(const uint8_t *bytes, size_t length, uint8_t *packed, size_t room)
{
    size_t half = length / 2, total = 0;
    for (int part = 0; part < 2; part++)
        assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, part ? bytes + half : bytes,
                                                 part ? length - half : half, packed, &total, room),
                         LZMA_OK);
    return total;
}

static const struct packing {
    size_t (*pack)(const uint8_t *bytes, size_t length, uint8_t *packed, size_t room);
    const char *format;
    size_t least; /* bytes that tell the packing */
    bool checked; /* damage is always seen: zstd has no checksum unless asked for */
} packings[] = {
    {pack_gzip, "pcap+gzip", 4, true}, {pack_zstd, "pcap+zstd", 4, false}, {pack_xz, "pcap+xz", 6, true}};
enum { PACKINGS = sizeof packings / sizeof *packings };

static void packed_whole(void **state)
{
    (void)state;
    uint8_t *file = many(), *packed = malloc(FILE_BYTES);
    for (int kind = 0; kind < PACKINGS; kind++) {
        size_t length = packings[kind].pack(file, FILE_BYTES, packed, FILE_BYTES);
        struct eki_capture *capture;
        assert_int_equal(eki_capture_open_memory(packed, length, NULL, &capture, NULL), EKI_OK);
        assert_string_equal(eki_capture_input(capture)->format, packings[kind].format);
        assert_many(capture);
        eki_capture_close(capture);
        char *path = write_temporary(packed, length);
        assert_int_equal(eki_capture_open(path, NULL, &capture, NULL), EKI_OK);
        assert_many(capture);
        uint64_t done, size;
        eki_capture_progress(capture, &done, &size);
        assert_int_equal(done, length);
        assert_int_equal(size, length);
        eki_capture_close(capture);
        unlink(path);
    }
    free(packed);
    free(file);
}

/* Cut anywhere in the packed bytes: what could be unpacked is delivered, then TRUNCATED; damage is CORRUPT.
 */
static void packed_cut(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, 1);
    for (int i = 0; i < 5; i++) put_record(&b, 1, 0, syn_frame);
    uint8_t packed[2048];
    for (int kind = 0; kind < PACKINGS; kind++) {
        size_t length = packings[kind].pack(b.at, b.length, packed, sizeof packed), delivered = 0;
        for (size_t n = packings[kind].least; n < length; n++) {
            struct outcome o = read_bytes(packed, n, NULL);
            /* Between the two parts the packed data end cleanly, inside a record. */
            assert_int_equal(o.error, EKI_ERROR_TRUNCATED);
            assert_true(o.count <= 5);
            if (o.count > delivered) delivered = o.count;
        }
        assert_true(delivered >= 2);
        assert_int_equal(read_bytes(packed, length, NULL).count, 5);
        uint8_t damaged[2048];
        memcpy(damaged, packed, length);
        memset(damaged + length / 4, 0xff, 8);
        struct outcome o = read_bytes(damaged, length, NULL);
        if (packings[kind].checked) assert_int_equal(o.error, EKI_ERROR_CORRUPT);
    }
    /* Padding behind a gzip member is not an error; nothing packed inside is an empty input. */
    size_t length = pack_gzip(b.at, b.length, packed, sizeof packed);
    memset(packed + length, 0, 100);
    assert_int_equal(read_bytes(packed, length + 100, NULL).error, EKI_OK);
    /* Anything else behind it is told, after what was read. */
    memcpy(packed + length + 50, "cut off", 7);
    struct outcome o = read_bytes(packed, length + 100, NULL);
    assert_int_equal(o.error, EKI_ERROR_CORRUPT);
    assert_int_equal(o.count, 5);
    length = pack_gzip(b.at, 0, packed, sizeof packed);
    assert_int_equal(read_bytes(packed, length, NULL).error, EKI_ERROR_EMPTY);
}

static void not_readable(void **state)
{
    (void)state;
    struct eki_capture *capture = NULL;
    struct eki_fault fault;
    assert_int_equal(eki_capture_open("/nonexistent/file", NULL, &capture, &fault), EKI_ERROR_OPEN);
    assert_string_equal(fault.what, "No such file or directory");
    assert_int_equal(eki_capture_open("/tmp", NULL, &capture, &fault), EKI_ERROR_OPEN);
    assert_string_equal(fault.what, "is a directory");
    assert_int_equal(eki_capture_open("/dev/null", NULL, &capture, &fault), EKI_ERROR_EMPTY);
    char *path = write_temporary("hello world, no capture", 23);
    assert_int_equal(eki_capture_open(path, NULL, &capture, NULL), EKI_ERROR_FORMAT);
    unlink(path);
    assert_null(capture);
    eki_capture_close(NULL);
}

/* Frames near the limit, each larger than one read, and one above it. */
static void large_frames(void **state)
{
    (void)state;
    enum { LARGE = 1000000, ALL = 24 + 3 * (16 + LARGE) };
    uint8_t *file = calloc(ALL, 1);
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, 1);
    memcpy(file, b.at, 24);
    for (size_t i = 0; i < 3; i++) {
        b.length = 0;
        put64(&b, i);
        put32(&b, LARGE);
        put32(&b, LARGE);
        memcpy(file + 24 + i * (16 + LARGE), b.at, 16);
    }
    char *path = write_temporary(file, ALL);
    struct eki_capture *capture;
    assert_int_equal(eki_capture_open(path, NULL, &capture, NULL), EKI_OK);
    struct outcome o = read_all(capture);
    assert_int_equal(o.error, EKI_OK);
    assert_int_equal(o.count, 3);
    assert_int_equal(o.packets[2].wire_bytes, LARGE);
    unlink(path);
    free(file);
}

/* An unknown pcapng block longer than the window is passed over, in memory and through reads; cut inside, it
 * is TRUNCATED. */
static void large_block(void **state)
{
    (void)state;
    enum { LONG = 5000000 };
    static uint8_t file[LONG + 200];
    struct bytes head = {.length = 0}, block = {.length = 0}, tail = {.length = 0};
    put_hex(&head, "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1c000000 01000000 14000000 01000000 "
                   "00000000 14000000");
    put32(&block, 0x0bad);
    put32(&block, LONG);
    put_hex(&tail, "06000000 5c000000 00000000 00000000 40420f00 3c000000 3c000000");
    put_hex(&tail, syn_frame);
    put_hex(&tail, "5c000000");
    memcpy(file, head.at, head.length);
    memcpy(file + head.length, block.at, block.length);
    memcpy(file + head.length + LONG - 4, block.at + 4, 4);
    memcpy(file + head.length + LONG, tail.at, tail.length);
    size_t length = head.length + LONG + tail.length;
    assert_int_equal(read_bytes(file, length, NULL).count, 1);
    assert_int_equal(read_bytes(file, length / 2, NULL).error, EKI_ERROR_TRUNCATED);
    for (int cut = 0; cut < 2; cut++) {
        char *path = write_temporary(file, cut ? length / 2 : length);
        struct eki_capture *capture;
        assert_int_equal(eki_capture_open(path, NULL, &capture, NULL), EKI_OK);
        struct outcome o = read_all(capture);
        assert_int_equal(o.error, cut ? EKI_ERROR_TRUNCATED : EKI_OK);
        assert_int_equal(o.count, cut ? 0 : 1);
        unlink(path);
    }
}

/* Refused packets count in the numbering only. */
static void filtered(void **state)
{
    (void)state;
    struct bytes b = {.length = 0};
    put_pcap(&b, 0xa1b2c3d4, 1);
    put_record(&b, 1, 0, "020000000002 020000000001 88cc 0000");
    put_record(&b, 9, 0, syn_frame);
    put_record(&b, 5, 0, syn_frame);
    struct outcome o = read_bytes(b.at, b.length, "tcp port 445 and src host 10.0.0.1");
    assert_int_equal(o.count, 2);
    assert_int_equal(o.packets[0].number, 2);
    assert_int_equal(o.packets[1].number, 3);
    assert_int_equal(o.packets[1].flags, EKI_PACKET_UNORDERED);
    assert_int_equal(o.input.packets, 2);
    assert_int_equal(o.input.first, 5 * EKI_SECOND);
    assert_int_equal(read_bytes(b.at, b.length, "udp").count, 0);
    assert_int_equal(read_bytes(b.at, b.length, NULL).count, 3);
    o = read_bytes(b.at, b.length, "tcp prt 445");
    assert_int_equal(o.error, EKI_ERROR_ARGUMENT);
    assert_memory_equal(o.fault.what, "filter: ", 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_file),   cmocka_unit_test(from_pipe),    cmocka_unit_test(packed_whole),
        cmocka_unit_test(packed_cut),  cmocka_unit_test(not_readable), cmocka_unit_test(large_frames),
        cmocka_unit_test(large_block), cmocka_unit_test(filtered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
