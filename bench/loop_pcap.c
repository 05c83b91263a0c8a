/* SPDX-License-Identifier: Apache-2.0 */
/* The peer of `make bench`: a libpcap loop that counts packets and bytes and does nothing else. */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

struct sum {
    uint64_t packets, bytes;
};

static void count(unsigned char *user, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
    struct sum *sum = (struct sum *)user;
    (void)bytes;
    sum->packets++;
    sum->bytes += header->len;
}

int main(int argument_count, char **arguments)
{
    char why[PCAP_ERRBUF_SIZE];
    struct sum sum = {0};
    if (argument_count != 2) return 2;
    pcap_t *capture = pcap_open_offline(arguments[1], why);
    if (!capture) {
        fprintf(stderr, "%s\n", why);
        return 3;
    }
    int status = pcap_loop(capture, -1, count, (unsigned char *)&sum);
    pcap_close(capture);
    printf("%" PRIu64 " packets, %" PRIu64 " bytes\n", sum.packets, sum.bytes);
    return status ? 3 : 0;
}
