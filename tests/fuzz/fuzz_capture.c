/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a capture: reading ends, stays within bounds, and says of each packet only what its record can
 * hold. */
#include <stdlib.h>

#include "ekigaku/packet.h"

/* The first and the last byte of a payload must be readable; the sanitizer watches. */
static unsigned touch(const struct eki_packet *packet)
{
    if ((packet->payload == NULL) != (packet->payload_captured == 0)) abort();
    if (packet->payload_captured > packet->payload_wire || packet->payload_captured > packet->wire_bytes)
        abort();
    return packet->payload ? (unsigned)packet->payload[0] + packet->payload[packet->payload_captured - 1] : 0;
}

static void read_through(const uint8_t *bytes, size_t length, const char *filter)
{
    struct eki_capture_options options = {.filter = filter};
    struct eki_capture *capture;
    struct eki_fault fault;
    if (eki_capture_open_memory(bytes, length, &options, &capture, &fault)) return;
    static const size_t capacities[] = {1, 7, EKI_PACKET_BATCH};
    struct eki_packet batch[EKI_PACKET_BATCH];
    size_t count = 1;
    uint64_t packets = 0;
    volatile unsigned sum = 0; /* so that every field is really read */
    enum eki_error error = EKI_OK;
    for (unsigned turn = 0; count > 0 && !error; turn++) {
        error = eki_capture_read(capture, batch, capacities[turn % 3], &count, &fault);
        for (size_t i = 0; i < count; i++) sum += touch(&batch[i]);
        packets += count;
    }
    if (eki_capture_input(capture)->packets != packets || eki_capture_input(capture)->error != error) abort();
    (void)sum;
    eki_capture_close(capture);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    read_through(bytes, length, NULL);
    if (length % 16 == 0) read_through(bytes, length, "tcp or udp port 53");
    return 0;
}
