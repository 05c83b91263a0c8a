/* SPDX-License-Identifier: Apache-2.0 */
/* Sends the frames of a pcap file (little endian, Ethernet) on an interface, at so many a second, for the
 * measurement of `ekigaku watch` on a veth of its own name space. Not part of the program, which sends
 * nothing.
 *
 * usage: send_frames INTERFACE FILE FRAMES_PER_SECOND
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

enum { HEADER = 24, RECORD = 16, BATCH = 64 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int open_wire(const char *interface)
{
    int one = 1, wire = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface)};
    if (wire < 0 || bind(wire, (struct sockaddr *)&address, sizeof address)) return -1;
    setsockopt(wire, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
    return wire;
}

/* Fills a batch from `*at` on; how many. */
static unsigned fill(const uint8_t *bytes, size_t length, size_t *at, struct mmsghdr *messages,
                     struct iovec *parts)
{
    unsigned count = 0;
    while (count < BATCH && *at + RECORD <= length) {
        uint32_t captured;
        memcpy(&captured, bytes + *at + 8, sizeof captured);
        if (*at + RECORD + captured > length) break;
        parts[count] = (struct iovec){(void *)(uintptr_t)(bytes + *at + RECORD), captured};
        messages[count] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[count], .msg_iovlen = 1}};
        *at += RECORD + captured;
        count++;
    }
    return count;
}

int main(int count, char **arguments)
{
    struct stat status;
    if (count != 4) return 2;
    int wire = open_wire(arguments[1]), file = open(arguments[2], O_RDONLY);
    if (wire < 0 || file < 0 || fstat(file, &status)) return 1;
    size_t length = (size_t)status.st_size, at = HEADER;
    const uint8_t *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED) return 1;
    double rate = strtod(arguments[3], NULL), start = now();
    uint64_t sent = 0, failed = 0;
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    for (unsigned got; (got = fill(bytes, length, &at, messages, parts));) {
        while (now() - start < (double)sent / rate) continue;
        for (unsigned done = 0; done < got;) {
            int n = sendmmsg(wire, messages + done, got - done, 0);
            failed += n <= 0;
            done += n > 0 ? (unsigned)n : 1;
        }
        sent += got;
    }
    printf("%llu frames, %.0f a second, %llu failed\n", (unsigned long long)sent,
           (double)sent / (now() - start), (unsigned long long)failed);
    return 0;
}
