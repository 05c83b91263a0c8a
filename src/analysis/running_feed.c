/* SPDX-License-Identifier: Apache-2.0 */
/* What an analysis that runs on does with each piece of its open input (see running.h): packets through all
 * stages, entries of a log through an order of their own, which can be written out. */
#include <string.h>

#include "analysis/order.h"
#include "analysis/running.h"
#include "analysis/stream.h"
#include "base/archive.h"
#include "base/memory.h"
#include "base/source.h"
#include "contact/log_format.h"

/* Signs of different files may bear the same number, and those of captures count from 1. */
enum { SIGN_FILE_SHIFT = 48 };

/* No entry of a log is so far from the others unless its clock is wrong, or so many in a row are. */
#define FAR (6 * 3600 * EKI_SECOND)
enum { IN_A_ROW = 64 };

/* Contacts go on in groups, and the flows behind the group they belong to. */
struct eki_log_feed {
    struct eki_analysis *analysis;
    struct eki_order *order;
    eki_time newest;    /* beginning of an entry */
    uint32_t elsewhere; /* entries in a row that lie FAR from it */
    eki_time looked;    /* `newest` at the last release: sorting for each batch would be dear */
    struct eki_contact contacts[EKI_PENDING_GROUP];
    struct eki_flow flows[EKI_PENDING_GROUP];
    size_t contact_count, flow_count;
};

static void hand_on(struct eki_log_feed *g)
{
    if (g->contact_count) eki_analysis_on_contacts(g->analysis, g->contacts, g->contact_count);
    for (size_t i = 0; i < g->flow_count; i++) eki_analysis_on_flow(g->analysis, &g->flows[i], 0);
    g->contact_count = g->flow_count = 0;
}

static void on_entry(void *user, const struct eki_contact *contact, const struct eki_flow *flow)
{
    struct eki_log_feed *g = user;
    g->contacts[g->contact_count++] = *contact;
    if (flow) g->flows[g->flow_count++] = *flow;
    if (g->contact_count == EKI_PENDING_GROUP) hand_on(g);
}

enum eki_error eki_log_feed_new(struct eki_analysis *a, struct eki_log_feed **ret_feed)
{
    struct eki_log_feed *feed = eki_allocate(1, sizeof *feed);
    if (!feed) return EKI_ERROR_MEMORY;
    feed->analysis = a;
    feed->newest = feed->looked = EKI_TIME_NONE;
    enum eki_error error = eki_order_new(on_entry, feed, &feed->order);
    if (error)
        eki_free(feed);
    else
        *ret_feed = feed;
    return error;
}

uint64_t eki_log_feed_late(const struct eki_log_feed *feed)
{
    return feed ? eki_order_late(feed->order) : 0;
}

void eki_log_feed_free(struct eki_log_feed *feed)
{
    if (!feed) return;
    eki_order_free(feed->order);
    eki_free(feed);
}

void eki_log_feed_archive(struct eki_log_feed *feed, struct eki_archive *a)
{
    eki_order_archive(feed->order, a);
    eki_archive_time(a, &feed->newest);
    eki_archive_time(a, &feed->looked);
    eki_archive_u32(a, &feed->elsewhere);
}

void eki_log_feed_release(struct eki_log_feed *feed, eki_time hold)
{
    if (!hold)
        eki_order_release(feed->order, EKI_TIME_LATEST);
    else if (feed->newest != EKI_TIME_NONE && feed->newest >= feed->looked + hold / 8) {
        eki_order_release(feed->order, feed->newest - hold - 1);
        feed->looked = feed->newest;
    }
    hand_on(feed);
}

void eki_log_feed_idle(struct eki_log_feed *feed, eki_time idle, eki_time hold)
{
    if (feed->newest == EKI_TIME_NONE) return;
    eki_order_release(feed->order, eki_time_clamp(feed->newest + idle - hold - 1));
    hand_on(feed);
}

size_t eki_log_feed_held(const struct eki_log_feed *feed)
{
    return eki_order_held(feed->order);
}

/* One wild date must neither let go of all that waits nor keep it for ever. */
static void tell_time(struct eki_log_feed *feed, eki_time time)
{
    bool far = feed->newest != EKI_TIME_NONE && (time > feed->newest + FAR || time < feed->newest - FAR);
    feed->elsewhere = far ? feed->elsewhere + 1 : 0;
    if (far && feed->elsewhere < IN_A_ROW) return;
    if (time < feed->newest && !far) return;
    feed->newest = time;
    if (time < feed->looked) feed->looked = time;
    feed->elsewhere = 0;
}

enum eki_error eki_log_feed_take(struct eki_log_feed *feed, const struct eki_log_batch *batch, size_t skip,
                                 uint16_t input, eki_time hold)
{
    struct eki_analysis *a = feed->analysis;
    enum eki_error error = EKI_OK;
    for (size_t i = skip; i < batch->count && !error; i++) {
        const struct eki_log_entry *entry = &batch->entries[i];
        if (entry->sign) {
            struct eki_sign sign = *entry->sign;
            sign.input = input;
            sign.id += (uint64_t)a->line_files << SIGN_FILE_SHIFT;
            eki_analysis_on_sign(a, &sign);
        }
        if (!entry->contact.attempts) continue;
        a->read_limits[EKI_LIMIT_PENDING] += (entry->contact.flags & EKI_CONTACT_FORCED) != 0;
        tell_time(feed, entry->contact.time);
        error = eki_order_add(feed->order, entry, input, 0);
        /* Not once a batch: what comes late must not depend on how much was there at once. */
        if (!error) eki_log_feed_release(feed, hold);
    }
    return error;
}

/* Counts live as long as the analysis: so do their texts. */
enum eki_error eki_analysis_count_log(struct eki_analysis *a, size_t index, const struct eki_input *counted)
{
    struct eki_input *input = &a->inputs[index];
    const char *path = input->path;
    if (!strcmp(input->format, counted->format)) {
        const char *known = input->format;
        *input = *counted;
        input->path = path;
        input->format = known;
        return EKI_OK;
    }
    const char *format = eki_arena_copy(&a->arena, counted->format, strlen(counted->format) + 1, 1);
    *input = *counted;
    input->path = path;
    input->format = format ? format : "log";
    return format ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_analysis_take(struct eki_analysis *a, struct eki_packet *packets, size_t count, uint16_t input)
{
    eki_analysis_mend_times(a, &a->last_time, packets, count);
    for (size_t i = 0; i < count; i++) packets[i].input = input;
    eki_analysis_packets(a, packets, count);
}

/* Keeps what the reader counted, under the name that lives as long as the analysis. */
void eki_analysis_count_capture(struct eki_analysis *a, size_t index, const struct eki_input *counted,
                                uint64_t flows)
{
    struct eki_input *input = &a->inputs[index];
    const char *path = input->path;
    *input = *counted;
    input->path = path;
    input->flows = flows;
}

/* There is room for one more input, and the analysis goes on; a source that is not taken is closed. */
enum eki_error eki_analysis_begin_input(struct eki_analysis *a, const char *path, struct eki_source *source,
                                        struct eki_fault *ret_fault)
{
    enum eki_error error = EKI_OK;
    if (a->finished)
        error = eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "the analysis is finished");
    else if (a->input_count > UINT16_MAX)
        error = eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than 65,536 inputs");
    else if (!eki_analysis_add_input(a, path))
        error = EKI_ERROR_MEMORY;
    if (error && source) eki_source_done(source);
    return error;
}
