/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The peer of the simulator in `make bench`: every single probe of an outbreak of 75,000 hosts is drawn, at
 * 4,000 probes a second and host, against a filter of live /24 networks and then a table of hosts. Prints
 * probes a second; plays part of an outbreak, because a whole one would take minutes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"

enum { HOSTS = 75000, FILTER_BITS = 24, SECONDS = 2 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    static uint32_t hosts[HOSTS];
    static uint8_t filter[1 << (FILTER_BITS - 3)];
    struct eki_random random = eki_random_from(1);
    for (uint32_t i = 0; i < HOSTS; i++) {
        hosts[i] = (uint32_t)eki_random_next(&random);
        filter[hosts[i] >> 11] |= (uint8_t)(1u << (hosts[i] >> 8 & 7));
    }
    qsort(hosts, HOSTS, sizeof *hosts, by_number);
    uint64_t probes = 0, hits = 0;
    double start = now(), seconds = 0;
    while ((seconds = now() - start) < SECONDS) {
        for (int i = 0; i < 1 << 20; i++) {
            uint64_t two = eki_random_next(&random);
            for (int half = 0; half < 2; half++, two >>= 32) {
                uint32_t target = (uint32_t)two;
                if (!(filter[target >> 11] >> (target >> 8 & 7) & 1)) continue;
                hits += bsearch(&target, hosts, HOSTS, sizeof *hosts, by_number) != NULL;
            }
            probes += 2;
        }
    }
    printf("%.0f %" PRIu64 "\n", (double)probes / seconds, hits);
    return 0;
}
