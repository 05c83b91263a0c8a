/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_STATE_H
#define EKI_ANALYSIS_STATE_H
/*
 * The analysis joins all stages and keeps none of their secrets:
 *
 *     capture -> [packets] -> flow table -> steps -> pending -> contacts -> sign engine
 *                                     |                           |
 *                                     +--> flows                  +--> signs
 *                                     +--> payloads -> sign engine
 *
 *     contacts, flows, signs -> relay -> judge: evidence bank, tracer
 *
 * analysis.c owns the stages and builds the result, feed.c carries records between them, stream.c reads
 * one input (packets in a thread of their own when asked), merge.c several side by side, sorter.c puts
 * entries of logs in order, judge.c is the other side of the relay, lines.c reads the same records from JSON
 * lines; steps.c, look.c and checkpoint.c serve an analysis that runs on (see ekigaku/watch.h).
 */
#include "analysis/moved.h"
#include "analysis/relay.h"
#include "base/arena.h"
#include "contact/pending.h"
#include "ekigaku/analysis.h"
#include "flow/table.h"
#include "outbreak/tracer.h"
#include "scan/bank.h"

_Static_assert((int)EKI_PENDING_GROUP == (int)EKI_BANK_GROUP,
               "contacts go on in the groups in which they come");

/* What the stages before the contact did at their limits: these travel along with contact lines. */
enum eki_early_limit {
    EKI_LIMIT_CONVERSATIONS = 0,
    EKI_LIMIT_PENDING,
    EKI_LIMIT_SIGN_STATES,
    EKI_LIMIT_EARLY_COUNT
};

struct eki_sorter;
struct eki_twice;
struct eki_running;
struct eki_log_feed;

/* Conversations that ended within the batch that is being taken: at most three a packet, namely its own, one
 * that gave way to it, and one that was idle. */
enum { EKI_ENDED_MOST = 3 * EKI_PACKET_BATCH };
struct eki_ended {
    bool collects;
    size_t count;
    uint8_t at[EKI_ENDED_MOST]; /* the packets */
    struct eki_flow flows[EKI_ENDED_MOST];
    uint64_t conversations[EKI_ENDED_MOST];
};

struct eki_analysis {
    struct eki_analysis_options options;
    struct eki_ended ended;
    struct eki_flow_table *flows;
    struct eki_pending *pending;
    struct eki_sign_engine *engine;
    struct eki_relay *relay;
    struct eki_bank *bank; /* the relay's, with the tracer, until it is finished */
    struct eki_tracer *tracer;
    struct eki_arena arena;
    struct eki_moved moved;
    struct eki_input *inputs;
    struct eki_screen *screens;
    size_t screen_count, screen_capacity;
    size_t input_count, input_capacity;
    size_t line_base;  /* index of the first input named by the contact lines that are being read */
    size_t line_files; /* how many files of contact lines there were */
    uint64_t contacts;
    uint64_t read_limits[EKI_LIMIT_EARLY_COUNT]; /* as read from lines, or met by readers of logs */
    eki_time last_time;                          /* of the packet before, in this input */
    struct eki_log_feed *feed;      /* of logs that are read step by step; NULL before the first */
    struct eki_sorter *sorter;      /* of logs; NULL before the first */
    struct eki_twice *twice, *told; /* packets, conversations that sensors told; NULL with a single sensor */
    uint64_t mended_times;          /* packets dated far from their neighbours */
    bool reads_lines;               /* contact lines are being read: their signs come as lines too */
    bool stopped, finished;
    enum eki_error
        error; /* the first one that no input is to blame for: memory, or the line sink's refusal */
    struct eki_result result;
    struct eki_running *running; /* the open input of a running analysis, or NULL */
    struct eki_arena look;       /* of the last look */
    struct eki_result look_result;
    uint64_t changes;                      /* the relay's: see eki_analysis_changes */
    uint64_t judged;                       /* the relay's: contacts */
    uint64_t weighed_up_to, settled_up_to; /* the relay's: see pays() in judge.c */
};

/* feed.c: the sinks of the stages. `user` is the analysis. */
void eki_analysis_on_contacts(void *user, const struct eki_contact *contacts, size_t count);
void eki_analysis_on_pending(void *user, const struct eki_contact *contacts, size_t count);
void eki_analysis_on_flow(void *user, const struct eki_flow *flow, uint64_t conversation);
/* As on_flow, from the flow table: within a batch it waits for its turn. */
void eki_analysis_on_flow_end(void *user, const struct eki_flow *flow, uint64_t conversation);
void eki_analysis_on_sign(void *user, const struct eki_sign *sign);
/* judge.c: the judging side, for the relay. */
struct eki_judge eki_analysis_judge(struct eki_analysis *analysis);
/* One batch of packets of one input through all stages. */
void eki_analysis_packets(struct eki_analysis *analysis, const struct eki_packet *packets, size_t count);
/* Hands one line to the caller's sink, if there is one. */
void eki_analysis_emit(struct eki_analysis *analysis, const char *line, size_t length);
/* Keeps the first error. */
void eki_analysis_note(struct eki_analysis *analysis, enum eki_error error);

/* analysis.c: a new entry in inputs[], its path copied; NULL without memory. Pointers to earlier entries
 * become invalid. */
struct eki_input *eki_analysis_add_input(struct eki_analysis *analysis, const char *path);

/* record.c: the lines that are not contacts, flows or signs: what an input was, what a limit did. */
void eki_analysis_emit_input(struct eki_analysis *analysis, const struct eki_input *input);
void eki_analysis_emit_end(struct eki_analysis *analysis);
/* limits.c: how often each early limit was reached, read lines included. */
void eki_analysis_early_limits(const struct eki_analysis *analysis,
                               uint64_t ret_reached[EKI_LIMIT_EARLY_COUNT]);
/* limits.c: fills result.limits with those that were reached. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_analysis_list_limits(const struct eki_analysis *analysis,
                                                     struct eki_arena *arena, struct eki_result *result);
/* steps.c: frees the open input without counting it. */
void eki_analysis_drop_input(struct eki_analysis *analysis);
struct eki_note;
/* checkpoint.c: as eki_analysis_unpack, from what stands behind the header, which was checked. For fuzzing:
 * nobody guesses a checksum. */
EKI_MUST_USE enum eki_error eki_analysis_unpack_body(const struct eki_analysis_options *options,
                                                     const struct eki_note *packed,
                                                     struct eki_analysis **ret_analysis,
                                                     struct eki_note *ret_note, struct eki_fault *ret_fault);
/* checkpoint.c: as eki_analysis_pack, but EKI_ERROR_LIMIT as soon as it takes more than `most` bytes, which
 * costs no more than writing so many; 0: no such limit. */
EKI_MUST_USE enum eki_error eki_analysis_pack_most(struct eki_analysis *analysis, const struct eki_note *note,
                                                   size_t most, void **ret_bytes, size_t *ret_length);
/* analysis.c: fills what the inputs give of a result. */
void eki_analysis_sum_inputs(const struct eki_analysis *analysis, struct eki_result *result);
/* limits.c: the fixed name of an early limit. */
const char *eki_analysis_early_limit_name(enum eki_early_limit limit);

#endif
