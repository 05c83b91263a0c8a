/* SPDX-License-Identifier: Apache-2.0 */
/* Any datagrams to a socket's log, which is written out and gone on with between them, and any bytes as what
 * was written out. What comes out is valid. */
#include <stdlib.h>

#include "base/archive.h"
#include "contact/log_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_batch(struct eki_log *log)
{
    struct eki_log_batch batch;
    enum eki_error error = eki_log_read(log, &batch);
    for (size_t i = 0; i < batch.count; i++) {
        const struct eki_log_entry *e = &batch.entries[i];
        if (e->contact.attempts && eki_contact_validate(&e->contact)) abort();
        if (e->flow.packet_first && eki_flow_validate(&e->flow)) abort();
    }
    (void)error;
}

static void end(struct eki_log *log)
{
    eki_log_end_datagrams(log);
    check_batch(log);
    eki_log_close(log);
}

/* What one wrote the other must be able to read. */
static struct eki_log *restart(struct eki_log *log)
{
    struct eki_log *next;
    struct eki_archive out = {.writing = true};
    struct eki_input counted = *eki_log_input(log);
    eki_log_archive(log, &counted, &out);
    struct eki_archive in = {.cursor = eki_cursor_over(out.bytes, out.length)};
    if (out.error || eki_log_for_datagrams("socket", NULL, &next, NULL)) abort();
    eki_log_archive(next, &counted, &in);
    if (in.error || in.cursor.left) abort();
    eki_archive_done(&out);
    eki_log_close(log);
    return next;
}

/* Two bytes of length, one that chooses the exporter and a restart, then the datagram. */
static void receive(const uint8_t *data, size_t size)
{
    struct eki_log *log;
    struct eki_cursor c = eki_cursor_over(data, size);
    if (eki_log_for_datagrams("socket", NULL, &log, NULL)) return;
    while (c.left > 3) {
        size_t length = eki_cursor_be16(&c) % 2048;
        unsigned choice = eki_cursor_u8(&c);
        if (length > c.left) length = c.left;
        struct eki_log_datagram datagram = {.bytes = eki_cursor_take(&c, length),
                                            .length = length,
                                            .source = eki_address_v4(0xc0000200 + choice % 4),
                                            .time = EKI_SECOND,
                                            .meant = true};
        if (datagram.bytes) eki_log_take_datagram(log, &datagram);
        check_batch(log);
        if (choice & 64) log = restart(log);
    }
    end(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eki_log *log;
    receive(data, size);
    if (eki_log_for_datagrams("socket", NULL, &log, NULL)) return 0;
    struct eki_input counted = {.first = EKI_TIME_NONE, .last = EKI_TIME_NONE};
    struct eki_archive in = {.cursor = eki_cursor_over(data, size)};
    eki_log_archive(log, &counted, &in);
    if (in.error)
        eki_log_close(log);
    else
        end(restart(log));
    return 0;
}
