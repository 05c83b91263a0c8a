/* SPDX-License-Identifier: Apache-2.0 */
/* The upper bound of `make bench`: the capture reader of this project, every header decoded, nothing kept. */
#include <inttypes.h>
#include <stdio.h>

#include "ekigaku/packet.h"

int main(int argument_count, char **arguments)
{
    struct eki_capture *capture;
    struct eki_packet batch[EKI_PACKET_BATCH];
    uint64_t packets = 0, sum = 0;
    size_t count = 1;
    if (argument_count != 2) return 2;
    enum eki_error error = eki_capture_open(arguments[1], NULL, &capture, NULL);
    if (error) {
        fprintf(stderr, "%s\n", eki_error_text(error));
        return 3;
    }
    while (count && !error) {
        error = eki_capture_read(capture, batch, EKI_PACKET_BATCH, &count, NULL);
        for (size_t i = 0; i < count; i++) sum += batch[i].source.lo ^ batch[i].target_port;
        packets += count;
    }
    eki_capture_close(capture);
    printf("%" PRIu64 " packets, %" PRIu64 "\n", packets, sum);
    return error ? 3 : 0;
}
