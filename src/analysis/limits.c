/* SPDX-License-Identifier: Apache-2.0 */
/* What was lost to the hard limits, told to the reader of the result. */
#include "analysis/running.h"
#include "analysis/sorter.h"
#include "base/text.h"

static const struct eki_limit early[EKI_LIMIT_EARLY_COUNT] = {
    [EKI_LIMIT_CONVERSATIONS] =
        {EKI_TEXT("conversations"), 0,
         EKI_TEXT("ended early because too many were open; their later packets count as new ones")},
    [EKI_LIMIT_PENDING] = {EKI_TEXT("pending contacts"), 0,
                           EKI_TEXT(
                               "judged before their answers were all in, because too many came at once")},
    [EKI_LIMIT_SIGN_STATES] = {EKI_TEXT("sign states"), 0,
                               EKI_TEXT(
                                   "conversations no longer followed for signs, because too many were open")},
};

enum { LATE_LIMITS = 11 };

const char *eki_analysis_early_limit_name(enum eki_early_limit limit)
{
    return early[limit].name;
}

void eki_analysis_early_limits(const struct eki_analysis *a, uint64_t ret_reached[EKI_LIMIT_EARLY_COUNT])
{
    ret_reached[EKI_LIMIT_CONVERSATIONS] = eki_flow_table_pushed_out(a->flows);
    ret_reached[EKI_LIMIT_PENDING] = eki_pending_forced(a->pending);
    ret_reached[EKI_LIMIT_SIGN_STATES] = eki_sign_engine_dropped(a->engine);
    for (int i = 0; i < EKI_LIMIT_EARLY_COUNT; i++) ret_reached[i] += a->read_limits[i];
}

enum eki_error eki_analysis_list_limits(const struct eki_analysis *a, struct eki_arena *arena,
                                        struct eki_result *result)
{
    uint64_t reached[EKI_LIMIT_EARLY_COUNT];
    eki_analysis_early_limits(a, reached);
    struct eki_bank_losses bank = eki_bank_losses(a->bank);
    struct eki_tracer_losses tracer = eki_tracer_losses(a->tracer);
    const struct eki_limit late[LATE_LIMITS] = {
        {EKI_TEXT("watched sources"), bank.pushed_out,
         EKI_TEXT("forgotten to make room: sources that had tried few targets")},
        {EKI_TEXT("kept probes"), bank.thinned,
         EKI_TEXT("sources known to search of whose probes only a few are kept for the picture")},
        {EKI_TEXT("unwatched contacts"), bank.unwatched,
         EKI_TEXT("not weighed one by one: their source uses too many services, or the table was full")},
        {EKI_TEXT("flood table"), bank.flood_rows,
         EKI_TEXT("targets of many sources replaced by busier ones")},
        {EKI_TEXT("touches"), tracer.touches,
         EKI_TEXT("earlier visits to a server forgotten: a parent among them cannot be named")},
        {EKI_TEXT("touched servers"), tracer.servers,
         EKI_TEXT("forgotten to make room: servers that one host reached once")},
        {EKI_TEXT("signs"), tracer.signs, EKI_TEXT("not kept, because there were too many")},
        {EKI_TEXT("times"), a->mended_times,
         EKI_TEXT("packets dated days from both their neighbours: taken as of the packet before them")},
        {EKI_TEXT("late packets"), eki_pending_late(a->pending),
         EKI_TEXT(
             "dated seconds before others that came earlier: who reached whom first is not certain there")},
        {EKI_TEXT("late records"), eki_sorter_late(a) + eki_log_feed_late(a->feed),
         EKI_TEXT("of logs, written so late that they were judged out of order")},
        {EKI_TEXT("stopped"), a->stopped,
         EKI_TEXT("reading was ended early: what was read until then is reported")},
    };
    struct eki_limit *limits = eki_arena_take(arena, EKI_LIMIT_EARLY_COUNT + LATE_LIMITS, sizeof *limits);
    if (!limits) return EKI_ERROR_MEMORY;
    size_t count = 0;
    for (int i = 0; i < EKI_LIMIT_EARLY_COUNT; i++)
        if (reached[i]) limits[count++] = (struct eki_limit){early[i].name, reached[i], early[i].effect};
    for (int i = 0; i < LATE_LIMITS; i++)
        if (late[i].reached) limits[count++] = late[i];
    result->limits = limits;
    result->limit_count = count;
    return EKI_OK;
}
