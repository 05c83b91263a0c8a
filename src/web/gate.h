/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_GATE_H
#define EKI_WEB_GATE_H
/*
 * Who may come in, how many, how often, and for how long without saying anything. A visitor is one
 * connection; visitors of one address share a bucket (Turner 1986's leaky bucket as a meter).
 *
 * Limits and why: 1,000 connections are what one process serves with 10 ms an answer and 100 people; 64 of
 * one address are ten browser windows; 400 requests a second of one address are 20 people behind one
 * translator who load a page at once; 10 sign-ins and then one in 6 s are a person who mistypes, not a
 * program that guesses. A request's head has 20 s to come and a JSON body 30 s, which is a minute of a slow
 * line for 1 MiB; an upload must move within 60 s.
 */
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"

enum {
    EKI_GATE_CONNECTIONS = 1000,
    EKI_GATE_OF_ADDRESS = 64,
    EKI_GATE_REQUESTS = 400,
    EKI_GATE_GUESSES = 10,
    EKI_GATE_GUESS_S = 6,
    EKI_GATE_HEAD_S = 20,
    EKI_GATE_BODY_S = 30,
    EKI_GATE_IDLE_S = 75,
    EKI_GATE_SETS = 512, /* 4,096 addresses are remembered */
    EKI_GATE_WAYS = 8
};

struct eki_bucket {
    struct in6_addr address;
    uint64_t filled; /* ticks at which `requests` and `guesses` were counted last; 0: free */
    double requests, guesses;
    unsigned connections;
};

struct eki_visitor {
    struct eki_visitor *next, *previous;
    struct eki_bucket *bucket; /* NULL: there was no room to remember the address */
    struct in6_addr address;
    int socket;
    uint64_t deadline; /* ticks until which something must have come; 0: none */
    unsigned crowd;    /* 429: its address had too many connections, 503: all had; 0 */
};

struct eki_gate {
    pthread_mutex_t lock;
    struct eki_visitor *visitors;
    unsigned count, refused; /* now; since the start */
    unsigned requests_per_s;
    struct eki_bucket buckets[EKI_GATE_SETS][EKI_GATE_WAYS];
};

/* Empty; requests_per_s 0 means EKI_GATE_REQUESTS. */
EKI_MUST_USE enum eki_error eki_gate_init(struct eki_gate *gate, unsigned requests_per_s);
/* Frees the visitors that are left. */
void eki_gate_done(struct eki_gate *gate);

/* A connection begins; NULL without memory. The visitor lives until it leaves. */
struct eki_visitor *eki_gate_enter(struct eki_gate *gate, const struct sockaddr *address, int socket,
                                   uint64_t ticks);
/* It ended; NULL is allowed. Call before the socket is closed. */
void eki_gate_leave(struct eki_gate *gate, struct eki_visitor *visitor);

/* May this visitor make one more request now? 0, or 429 or 503. NULL may. */
unsigned eki_gate_ask(struct eki_gate *gate, struct eki_visitor *visitor, uint64_t ticks);
/* May it try one more password now? 0 or 429. */
unsigned eki_gate_guess(struct eki_gate *gate, struct eki_visitor *visitor, uint64_t ticks);

/* Within how many seconds the next thing must have come; 0: whenever. */
void eki_gate_expect(struct eki_gate *gate, struct eki_visitor *visitor, uint64_t ticks, unsigned seconds);
/* Shuts the connections whose time is over; how many those were. O(connections). */
unsigned eki_gate_expire(struct eki_gate *gate, uint64_t ticks);

/* How many connections there are. */
unsigned eki_gate_count(struct eki_gate *gate);

#endif
