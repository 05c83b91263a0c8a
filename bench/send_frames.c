/* SPDX-License-Identifier: Apache-2.0 */
/* Sends the frames of a pcap file (little endian, Ethernet) on an interface, at so many a second, for the
 * measurement of `ekigaku watch` on a veth of its own name space. Not part of the program, which sends
 * nothing.
 *
 * usage: send_frames INTERFACE FILE FRAMES_PER_SECOND SENDERS
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <pthread.h>
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

enum { HEADER = 24, RECORD = 16, BATCH = 64, SENDERS = 16 };

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

/* What all senders share. Each takes the next batch of the file, so that the order is that of the file but
 * for some batches. */
struct sending {
    const char *interface;
    const uint8_t *bytes;
    size_t length, at;
    double rate, start;
    uint64_t taken, sent, failed; /* frames */
    pthread_mutex_t lock;
};

/* Fills a batch; how many. */
static unsigned fill(struct sending *s, struct mmsghdr *messages, struct iovec *parts)
{
    unsigned count = 0;
    while (count < BATCH && s->at + RECORD <= s->length) {
        uint32_t captured;
        memcpy(&captured, s->bytes + s->at + 8, sizeof captured);
        if (s->at + RECORD + captured > s->length) break;
        parts[count] = (struct iovec){(void *)(uintptr_t)(s->bytes + s->at + RECORD), captured};
        messages[count] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[count], .msg_iovlen = 1}};
        s->at += RECORD + captured;
        count++;
    }
    return count;
}

static void *send_all(void *user)
{
    struct sending *s = user;
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    int wire = open_wire(s->interface);
    uint64_t sent = 0, failed = 0;
    while (wire >= 0) {
        pthread_mutex_lock(&s->lock);
        unsigned got = fill(s, messages, parts);
        double due = s->start + (double)s->taken / s->rate;
        s->taken += got;
        pthread_mutex_unlock(&s->lock);
        if (!got) break;
        while (now() < due) continue;
        for (unsigned done = 0; done < got;) {
            int n = sendmmsg(wire, messages + done, got - done, 0);
            failed += n <= 0;
            sent += n > 0 ? (unsigned)n : 0;
            done += n > 0 ? (unsigned)n : 1;
        }
    }
    pthread_mutex_lock(&s->lock);
    s->sent += sent;
    s->failed += wire < 0 ? 1 : failed;
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

int main(int count, char **arguments)
{
    struct stat status;
    pthread_t threads[SENDERS];
    if (count != 5) return 2;
    int file = open(arguments[2], O_RDONLY), senders = atoi(arguments[4]);
    if (file < 0 || fstat(file, &status) || senders < 1 || senders > SENDERS) return 1;
    struct sending s = {.interface = arguments[1],
                        .length = (size_t)status.st_size,
                        .at = HEADER,
                        .rate = strtod(arguments[3], NULL),
                        .lock = PTHREAD_MUTEX_INITIALIZER};
    s.bytes = mmap(NULL, s.length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (s.bytes == MAP_FAILED) return 1;
    s.start = now();
    for (int i = 0; i < senders; i++)
        if (pthread_create(&threads[i], NULL, send_all, &s)) return 1;
    for (int i = 0; i < senders; i++) pthread_join(threads[i], NULL);
    printf("%llu frames, %.0f a second, %llu failed\n", (unsigned long long)s.sent,
           (double)s.sent / (now() - s.start), (unsigned long long)s.failed);
    return 0;
}
