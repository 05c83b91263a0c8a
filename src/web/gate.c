/* SPDX-License-Identifier: Apache-2.0 */
#include "web/gate.h"

#include <string.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "base/memory.h"

static const double SECOND = 1e9; /* ticks */

static struct in6_addr address_of(const struct sockaddr *address)
{
    struct in6_addr six = {0};
    if (address && address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        six = in6.sin6_addr;
        /* One person has a /64 of addresses. */
        if (!IN6_IS_ADDR_V4MAPPED(&six) && !IN6_IS_ADDR_LOOPBACK(&six)) memset(six.s6_addr + 8, 0, 8);
    } else if (address && address->sa_family == AF_INET) {
        struct sockaddr_in in4;
        memcpy(&in4, address, sizeof in4);
        six.s6_addr[10] = six.s6_addr[11] = 0xff;
        memcpy(six.s6_addr + 12, &in4.sin_addr, 4);
    }
    return six;
}

static struct eki_bucket *set_of(struct eki_gate *gate, const struct in6_addr *address)
{
    uint64_t halves[2];
    memcpy(halves, address, sizeof halves);
    return gate->buckets[eki_hash_two(halves[0], halves[1], 0) % EKI_GATE_SETS];
}

/* The bucket of an address: its own, a free one, or the idlest that no connection uses. */
static struct eki_bucket *bucket_of(struct eki_gate *gate, const struct in6_addr *address, uint64_t ticks)
{
    struct eki_bucket *set = set_of(gate, address), *idlest = NULL;
    for (int i = 0; i < EKI_GATE_WAYS; i++) {
        if (set[i].filled && !memcmp(&set[i].address, address, sizeof *address)) return &set[i];
        if (!set[i].connections && (!idlest || set[i].filled < idlest->filled)) idlest = &set[i];
    }
    if (idlest)
        *idlest = (struct eki_bucket){.address = *address,
                                      .filled = ticks ? ticks : 1,
                                      .requests = gate->requests_per_s * 3.0,
                                      .guesses = EKI_GATE_GUESSES};
    return idlest;
}

static void refill(const struct eki_gate *gate, struct eki_bucket *bucket, uint64_t ticks)
{
    double seconds = ticks > bucket->filled ? (double)(ticks - bucket->filled) / SECOND : 0;
    double most = gate->requests_per_s * 3.0;
    bucket->requests += seconds * gate->requests_per_s;
    bucket->guesses += seconds / EKI_GATE_GUESS_S;
    if (bucket->requests > most) bucket->requests = most;
    if (bucket->guesses > EKI_GATE_GUESSES) bucket->guesses = EKI_GATE_GUESSES;
    if (ticks > bucket->filled) bucket->filled = ticks;
}

enum eki_error eki_gate_init(struct eki_gate *gate, unsigned requests_per_s)
{
    *gate = (struct eki_gate){.requests_per_s = requests_per_s ? requests_per_s : EKI_GATE_REQUESTS};
    return pthread_mutex_init(&gate->lock, NULL) ? EKI_ERROR_MEMORY : EKI_OK;
}

void eki_gate_done(struct eki_gate *gate)
{
    while (gate->visitors) {
        struct eki_visitor *next = gate->visitors->next;
        eki_free(gate->visitors);
        gate->visitors = next;
    }
    pthread_mutex_destroy(&gate->lock);
}

struct eki_visitor *eki_gate_enter(struct eki_gate *gate, const struct sockaddr *address, int socket,
                                   uint64_t ticks)
{
    struct eki_visitor *visitor = eki_allocate(1, sizeof *visitor);
    if (!visitor) return NULL;
    visitor->address = address_of(address);
    visitor->socket = socket;
    visitor->deadline = ticks + (uint64_t)(EKI_GATE_HEAD_S * SECOND);
    pthread_mutex_lock(&gate->lock);
    visitor->bucket = bucket_of(gate, &visitor->address, ticks);
    if (gate->count >= EKI_GATE_CONNECTIONS || !visitor->bucket)
        visitor->crowd = 503;
    else if (visitor->bucket->connections >= EKI_GATE_OF_ADDRESS)
        visitor->crowd = 429;
    if (visitor->bucket) visitor->bucket->connections++;
    gate->count++;
    visitor->next = gate->visitors;
    if (gate->visitors) gate->visitors->previous = visitor;
    gate->visitors = visitor;
    pthread_mutex_unlock(&gate->lock);
    return visitor;
}

void eki_gate_leave(struct eki_gate *gate, struct eki_visitor *visitor)
{
    if (!visitor) return;
    pthread_mutex_lock(&gate->lock);
    if (visitor->bucket) visitor->bucket->connections--;
    gate->count--;
    if (visitor->previous)
        visitor->previous->next = visitor->next;
    else
        gate->visitors = visitor->next;
    if (visitor->next) visitor->next->previous = visitor->previous;
    pthread_mutex_unlock(&gate->lock);
    eki_free(visitor);
}

unsigned eki_gate_ask(struct eki_gate *gate, struct eki_visitor *visitor, uint64_t ticks)
{
    unsigned status = 0;
    if (!visitor) return 0;
    pthread_mutex_lock(&gate->lock);
    if (visitor->crowd) {
        status = visitor->crowd;
    } else {
        refill(gate, visitor->bucket, ticks);
        if (visitor->bucket->requests < 1)
            status = 429;
        else
            visitor->bucket->requests -= 1;
    }
    gate->refused += status != 0;
    pthread_mutex_unlock(&gate->lock);
    return status;
}

unsigned eki_gate_guess(struct eki_gate *gate, struct eki_visitor *visitor, uint64_t ticks)
{
    unsigned status = 0;
    if (!visitor || !visitor->bucket) return 0;
    pthread_mutex_lock(&gate->lock);
    refill(gate, visitor->bucket, ticks);
    if (visitor->bucket->guesses < 1)
        status = 429;
    else
        visitor->bucket->guesses -= 1;
    pthread_mutex_unlock(&gate->lock);
    return status;
}

void eki_gate_expect(struct eki_gate *gate, struct eki_visitor *visitor, uint64_t ticks, unsigned seconds)
{
    if (!visitor) return;
    pthread_mutex_lock(&gate->lock);
    visitor->deadline = seconds ? ticks + (uint64_t)(seconds * SECOND) : 0;
    pthread_mutex_unlock(&gate->lock);
}

unsigned eki_gate_expire(struct eki_gate *gate, uint64_t ticks)
{
    unsigned count = 0;
    pthread_mutex_lock(&gate->lock);
    for (struct eki_visitor *v = gate->visitors; v; v = v->next) {
        if (!v->deadline || v->deadline > ticks) continue;
        shutdown(v->socket, SHUT_RDWR);
        v->deadline = 0;
        count++;
    }
    pthread_mutex_unlock(&gate->lock);
    return count;
}

unsigned eki_gate_count(struct eki_gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    unsigned count = gate->count;
    pthread_mutex_unlock(&gate->lock);
    return count;
}
