/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/writer.h"

#include <string.h>

#include "base/memory.h"

enum { BUFFER = 1 << 20, RECORD_HEADER = 16, LINK_ETHERNET = 1, SNAP = 65535 };

bool eki_writer_open(struct writer *ret_writer, const char *path, double loss, uint64_t seed)
{
    struct writer writer = {
        .random = eki_random_from(seed ^ 0x6c6f7373), .loss = loss, .first = EKI_TIME_NONE};
    writer.file = fopen(path, "wb");
    writer.buffer = eki_allocate(BUFFER, 1);
    if (!writer.file || !writer.buffer) {
        if (writer.file) fclose(writer.file);
        eki_free(writer.buffer);
        return false;
    }
    uint32_t header[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, SNAP, LINK_ETHERNET};
    memcpy(writer.buffer, header, sizeof header);
    writer.used = sizeof header;
    *ret_writer = writer;
    return true;
}

static void flush(struct writer *writer)
{
    if (fwrite(writer->buffer, 1, writer->used, writer->file) != writer->used) writer->failed = true;
    writer->used = 0;
}

bool eki_writer_put(struct writer *writer, eki_time time, struct capture_bytes frame)
{
    if (writer->loss > 0 && eki_random_unit(&writer->random) < writer->loss) {
        writer->lost++;
        return false;
    }
    if (writer->used + RECORD_HEADER + frame.captured > BUFFER) flush(writer);
    uint32_t header[4] = {(uint32_t)(time / EKI_SECOND), (uint32_t)(time % EKI_SECOND / 1000), frame.captured,
                          frame.wire};
    memcpy(writer->buffer + writer->used, header, sizeof header);
    memcpy(writer->buffer + writer->used + sizeof header, frame.bytes, frame.captured);
    writer->used += sizeof header + frame.captured;
    if (!writer->written++) writer->first = time / 1000 * 1000;
    return true;
}

bool eki_writer_close(struct writer *writer)
{
    flush(writer);
    eki_free(writer->buffer);
    if (fclose(writer->file)) writer->failed = true;
    writer->file = NULL;
    writer->buffer = NULL;
    return !writer->failed;
}
