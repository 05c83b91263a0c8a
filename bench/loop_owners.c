/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner look-up by itself: how long a directory file takes to read and settle, how many addresses a
 * second are looked up in bulk (owner and contact), and how many with every claim and its reason.
 *
 * usage: loop_owners DIRECTORY ADDRESSES [SHARE-OF-IPV6]
 * prints: seconds to read and settle, networks, million bulk look-ups/s of IPv4, of IPv6, million
 * explained/s, sum
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "ekigaku/owner.h"

enum { BATCH = 4096 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Half of the addresses fall into known prefixes, half anywhere in 1.0.0.0/8 .. 223.0.0.0/8 or 2000::/8. */
static void draw(const struct eki_directory *d, struct eki_random *random, bool v6,
                 struct eki_address *addresses)
{
    size_t count;
    const struct eki_network *n = eki_directory_networks(d, &count);
    for (size_t i = 0; i < BATCH; i++) {
        uint64_t bits = eki_random_next(random);
        addresses[i] = v6 ? (struct eki_address){0x2000000000000000u | bits >> 8, eki_random_next(random)}
                          : eki_address_v4(0x01000000u + (uint32_t)eki_random_below(random, 0xdf000000u));
        if (bits & 1) continue;
        const struct eki_network *near = &n[eki_random_below(random, count)];
        if (!near->has_prefix || (near->prefix.bits >= 96) == v6) continue;
        addresses[i] = near->prefix.base;
        if (near->prefix.bits < 128)
            addresses[i].lo |=
                bits >> 8 & (UINT64_MAX >> (near->prefix.bits > 64 ? near->prefix.bits - 64 : 0));
    }
}

/* Million look-ups a second; the addresses are drawn outside the time taken. The contacts are touched, as
 * whoever writes a notice would. */
static double bulk(const struct eki_directory *d, size_t total, bool v6, uint64_t *sum)
{
    static struct eki_address addresses[256][BATCH];
    static struct eki_owner owners[BATCH];
    struct eki_random random = eki_random_from(5);
    size_t contacts;
    const struct eki_contact_point *c = eki_directory_contacts(d, &contacts);
    for (size_t i = 0; i < 256; i++) draw(d, &random, v6, addresses[i]);
    double start = seconds();
    for (size_t done = 0; done < total; done += BATCH) {
        eki_directory_find(d, addresses[done / BATCH % 256], BATCH, owners);
        for (size_t i = 0; i < BATCH; i++)
            if (owners[i].contact != EKI_NOWHERE) __builtin_prefetch(&c[owners[i].contact].team_at);
        for (size_t i = 0; i < BATCH; i++)
            if (owners[i].contact != EKI_NOWHERE) *sum += c[owners[i].contact].team_at;
    }
    return (double)total / (seconds() - start) / 1e6;
}

static double explained(const struct eki_directory *d, size_t total, uint64_t *sum)
{
    static struct eki_address addresses[BATCH];
    struct eki_random random = eki_random_from(6);
    struct eki_answer answer;
    draw(d, &random, false, addresses);
    double start = seconds();
    for (size_t i = 0; i < total; i++) {
        struct eki_question q = {.address = &addresses[i % BATCH]};
        if (eki_directory_ask(d, &q, &answer)) exit(1);
        *sum += answer.claim_count;
    }
    return (double)total / (seconds() - start) / 1e6;
}

int main(int count, char **arguments)
{
    struct eki_directory *d;
    struct eki_fault fault = {0};
    uint64_t sum = 0;
    size_t networks;
    if (count < 3 || eki_directory_new(&d)) return 2;
    size_t total = strtoull(arguments[2], NULL, 10);
    double start = seconds();
    if (eki_directory_read(d, arguments[1], &fault) ||
        eki_directory_settle(d, 1790000000 * EKI_SECOND, &fault)) {
        fprintf(stderr, "%s\n", fault.what);
        return 1;
    }
    double ready = seconds() - start;
    (void)eki_directory_networks(d, &networks);
    double v4 = bulk(d, total, false, &sum), v6 = bulk(d, total, true, &sum),
           why = explained(d, total / 50, &sum);
    printf("%.3f %zu %.2f %.2f %.3f %llu\n", ready, networks, v4, v6, why, (unsigned long long)sum);
    eki_directory_free(d);
    return 0;
}
