/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/twice.h"

#include "base/hash.h"
#include "base/memory.h"

enum { PLACES = 1 << 18, BUCKET = 4 };

struct place {
    uint64_t identity;
    eki_time time;
    const char *sensor;
};

struct eki_twice {
    struct place *places;
    uint64_t seed;
    eki_time window;
};

enum eki_error eki_twice_new(uint64_t seed, eki_time window, struct eki_twice **ret_twice)
{
    struct eki_twice *twice = eki_allocate(1, sizeof *twice);
    if (!twice) return EKI_ERROR_MEMORY;
    twice->seed = seed;
    twice->window = window;
    twice->places = eki_allocate(PLACES, sizeof *twice->places);
    if (!twice->places) {
        eki_free(twice);
        return EKI_ERROR_MEMORY;
    }
    *ret_twice = twice;
    return EKI_OK;
}

uint64_t eki_twice_hash(struct eki_address a, struct eki_address b, uint64_t more, uint64_t still_more)
{
    return eki_hash_pair(a, b, more, eki_hash_pair(b, a, still_more, 0)) | 1;
}

uint64_t eki_twice_contact(const struct eki_contact *c)
{
    uint64_t ports = (uint64_t)c->client_port << 32 | (uint64_t)c->service << 16 | c->protocol;
    return eki_twice_hash(c->client, c->server, ports, 0);
}

/* Where it is remembered, or the oldest place of its bucket. */
static struct place *find(struct eki_twice *twice, uint64_t identity)
{
    struct place *bucket = &twice->places[(identity ^ twice->seed) / BUCKET % (PLACES / BUCKET) * BUCKET];
    struct place *oldest = bucket;
    for (int i = 0; i < BUCKET; i++) {
        if (bucket[i].identity == identity) return &bucket[i];
        if (bucket[i].time < oldest->time) oldest = &bucket[i];
    }
    return oldest;
}

/* Between three sensors, the second and third tell what the first told: each other sensor's telling is
 * dropped as long as the first's is fresh. */
bool eki_twice_seen(struct eki_twice *twice, uint64_t identity, eki_time time, const char *sensor)
{
    struct place *p = find(twice, identity);
    bool fresh =
        p->identity == identity && time - p->time <= twice->window && p->time - time <= twice->window;
    if (fresh && p->sensor != sensor) return true;
    *p = (struct place){identity, time, sensor};
    return false;
}

void eki_twice_free(struct eki_twice *twice)
{
    if (!twice) return;
    eki_free(twice->places);
    eki_free(twice);
}
