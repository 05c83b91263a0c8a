/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_WATCH_H
#define EKI_SCAN_WATCH_H
/* The state of one source on one service. See bank.h for the journey. */
#include "ekigaku/contact.h"
#include "scan/order/order.h"
#include "scan/reach/reach.h"

/* Below this many targets a source is only stored, in 24 bytes a contact: most sources never try more. Then
 * all are weighed, in order. */
enum { EKI_WATCH_EARLY = 8 };

/* Why a watch was decided. Each is one of these texts, by address. */
enum eki_reason {
    EKI_REASON_ORDER = 0,
    EKI_REASON_FAILURES,
    EKI_REASON_PINGS,
    EKI_REASON_RATE,
    EKI_REASON_SERVICES,
    EKI_REASON_COUNT
};
extern const char *const eki_watch_reasons[EKI_REASON_COUNT];

/* One first contact, with what is known about its target. */
struct eki_first {
    struct eki_address target;
    eki_time time;
    uint64_t packet;
    uint16_t input;
    float step; /* outcome evidence */
    bool answered;
    bool known_peer;
    bool busy; /* it answered, and was known to be alive: ordinary clients come here too */
};

/* The same, packed; only targets that share the upper half of the address with the client (all of IPv4; IPv6:
 * the same /64). */
struct eki_early {
    uint64_t number;     /* low half of the target */
    uint64_t ticks : 44; /* of 128 ns since the watch's first contact, at most 26 days */
    uint64_t step : 12;  /* 1/256 of a natural logarithm, plus 2048 */
    uint64_t answered : 1;
    uint64_t known_peer : 1;
    uint64_t busy : 1;
    uint32_t packet; /* after the watch's first packet */
    uint16_t input;
};

/* The state of a source that has tried more. */
struct eki_deep {
    struct eki_order *order[EKI_SCOPE_COUNT];
    struct eki_reach reach;
    eki_time since, decided_at;
    uint64_t since_packet;
    uint32_t run_probes, decided_after;
    float run;               /* cumulative sum of outcome evidence */
    float half;              /* the same against a search half of whose probes succeed; TCP only */
    float burst, fast, slow; /* first contacts, decaying over two seconds, a minute and a day */
    eki_time clock;          /* of the contact that they were brought up to */
    uint16_t since_input;
    /* The longest pause between first contacts since `since`, and the contact that ended it: see
     * begin_after_pause() in watch.c. */
    eki_time pause, resumed;
    uint64_t resumed_packet;
    uint32_t resumed_probes;
    uint16_t resumed_input;
    /* The first contact of the present pace (`burst` had all but died away), and how many since. */
    eki_time pace_since;
    uint64_t pace_packet;
    uint32_t pace_probes;
    uint16_t pace_input;
};

struct eki_watch {
    struct eki_address client;
    uint64_t hash;
    eki_time first, last;
    uint64_t first_packet;
    const char *reason;            /* one of eki_watch_reasons; NULL while undecided */
    uint32_t attempts, unfinished; /* saturating */
    uint32_t targets, answered, refused;
    uint32_t client_position;
    uint32_t last_tag; /* eki_reach_tag of the last target */
    uint16_t service, first_input;
    uint8_t protocol;
    bool used, recent, full;
    bool settled; /* see eki_watch_settle */
    union {
        struct eki_early early[EKI_WATCH_EARLY]; /* !full */
        struct {                                 /* full */
            struct eki_deep *deep;
            uint8_t *registers; /* those of deep->reach; when settled */
        };
    };
};

/* Notes one contact that is not unasked. EKI_ERROR_MEMORY loses its evidence only. `sweeps`: the source is
 * sweeping the network by ARP, so little more is needed here. O(1). */
EKI_MUST_USE enum eki_error eki_watch_feed(struct eki_watch *watch, const struct eki_contact *contact,
                                           const struct eki_first *first, bool sweeps);

/* A source that was decided and has tried this many targets since: what more it does is counted, not weighed.
 * It keeps the cost of a sweep at a few memory accesses a probe, and 1,024 probes leave no doubt about an
 * order. */
enum { EKI_WATCH_SETTLED = 1024 };

/* Notes whether that is so; to be called when one of these may have changed. It holds for as long as the
 * watch does. O(1). */
static inline void eki_watch_settle(struct eki_watch *watch)
{
    if (watch->targets < EKI_WATCH_SETTLED || !watch->reason || !watch->full) return;
    watch->registers = watch->deep->reach.registers;
    watch->settled = watch->registers != NULL;
}

/* Counts one contact of a settled source; `tag` is eki_reach_tag of its target. EKI_ERROR_MEMORY as above.
 * O(1). */
EKI_MUST_USE enum eki_error eki_watch_count(struct eki_watch *watch, const struct eki_contact *contact,
                                            uint32_t tag);

/* Fetches what the next contact will look at, in two steps: what lies behind the watch, and, when that is
 * there, what lies behind that; `tag` is eki_reach_tag of the target. */
void eki_watch_prefetch(const struct eki_watch *watch);
void eki_watch_prefetch_details(const struct eki_watch *watch, uint32_t tag);

/* The scope of a target as seen from a source: the same /24 or /64 is connected. */
enum eki_scope eki_watch_scope(struct eki_address source, struct eki_address target);

/* Decides from outside, for a reason that lies beyond the watch. EKI_ERROR_MEMORY changes nothing. */
EKI_MUST_USE enum eki_error eki_watch_decide(struct eki_watch *watch, const char *reason,
                                             uint32_t decided_after);

/* The evidence at which a watch is decided; `sweeps`: its source sweeps its network by ARP as well. */
double eki_watch_threshold(bool sweeps);

/* Evidence now: outcome plus the best order; of a source that is only stored, its outcomes. */
double eki_watch_evidence(const struct eki_watch *watch);

/* The i-th stored contact of a watch that is not full. */
struct eki_first eki_watch_early(const struct eki_watch *watch, uint32_t i);

/* At the end of the data: weighs what is stored. A watch that is decided by it is full then; any other is as
 * it was. EKI_ERROR_MEMORY leaves it as it was too. */
EKI_MUST_USE enum eki_error eki_watch_conclude(struct eki_watch *watch, bool sweeps);

/* Bytes that a watch takes besides itself, rounded up for those that are settled. O(1). */
size_t eki_watch_bytes(const struct eki_watch *watch);

/* Gives back most of the sample of a decided watch, for its raster only; false when there is little to give.
 */
bool eki_watch_thin(struct eki_watch *watch);

/* Forgets what the watch has seen: it goes on as that of a source that was not there before. */
void eki_watch_forget(struct eki_watch *watch);

/* Frees what the watch holds; it is empty afterwards and may be used anew. */
void eki_watch_done(struct eki_watch *watch);

#endif
