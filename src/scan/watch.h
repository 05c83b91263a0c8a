/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_WATCH_H
#define EKI_SCAN_WATCH_H
/* The state of one source on one service. See bank.h for the journey. */
#include "ekigaku/contact.h"
#include "scan/order/order.h"
#include "scan/reach/reach.h"

enum { EKI_WATCH_EARLY = 3 };

/* One first contact, with what is known about its target. */
struct eki_first {
    struct eki_address target;
    eki_time time;
    uint64_t packet;
    uint16_t input;
    float step;       /* outcome evidence */
    bool answered;
    bool known_peer;
};

struct eki_watch {
    struct eki_address client;
    uint64_t hash;
    eki_time first, last, since, decided_at;
    uint64_t since_packet, decided_packet;
    uint64_t attempts, unfinished;
    uint32_t targets, answered, refused;
    uint32_t run_probes, decided_after;
    uint32_t client_position;
    float run;          /* cumulative sum of outcome evidence */
    float fast, slow;   /* first contacts, decaying over a minute and over a day */
    uint16_t service, since_input;
    uint8_t protocol;
    bool used, recent, full;
    const char *reason; /* why it was decided; static; NULL while undecided */
    struct eki_address last_target;
    union {
        struct eki_first early[EKI_WATCH_EARLY]; /* !full */
        struct {
            struct eki_order *order[EKI_SCOPE_COUNT];
            struct eki_reach *reach;
        } deep; /* full */
    };
};

/* Notes one contact that is not unasked. EKI_ERROR_MEMORY loses its evidence only. `sweeps`: the source is sweeping the
 * network by ARP, so little more is needed here. O(1). */
EKI_MUST_USE enum eki_error eki_watch_feed(struct eki_watch *watch, const struct eki_contact *contact, const struct eki_first *first,
                                           bool sweeps);

/* A source that was decided and has tried this many targets since: what more it does is counted, not weighed. It keeps the cost of a
 * sweep at a few memory accesses a probe, and 1,024 probes leave no doubt about an order. */
enum { EKI_WATCH_SETTLED = 1024 };

static inline bool eki_watch_is_settled(const struct eki_watch *watch)
{
    return watch->targets >= EKI_WATCH_SETTLED && watch->reason && watch->full && eki_reach_is_sketched(watch->deep.reach);
}

/* Counts one contact of a settled source; `tag` is eki_reach_tag of its target. EKI_ERROR_MEMORY as above. O(1). */
EKI_MUST_USE enum eki_error eki_watch_count(struct eki_watch *watch, const struct eki_contact *contact, uint32_t tag);

/* Fetches what the next contact with this target will look at. */
void eki_watch_prefetch(const struct eki_watch *watch, uint32_t tag);

/* The scope of a target as seen from a source: the same /24 or /64 is connected. */
enum eki_scope eki_watch_scope(struct eki_address source, struct eki_address target);

/* Evidence now: outcome plus the best order. */
double eki_watch_evidence(const struct eki_watch *watch);

void eki_watch_done(struct eki_watch *watch);

#endif
