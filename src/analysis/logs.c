/* SPDX-License-Identifier: Apache-2.0 */
/* Logs instead of packets: their entries are put in order and go on as contacts, flows and signs. */
#include <string.h>

#include "analysis/order.h"
#include "analysis/state.h"
#include "contact/log_format.h"

/* Signs of different files may bear the same number, and those of captures count from 1. */
enum { SIGN_FILE_SHIFT = 48, PROGRESS_FLOWS = 1 << 16 };

/* Contacts go on in groups, and the flows behind the group they belong to. */
struct grouping {
    struct eki_analysis *analysis;
    struct eki_contact contacts[EKI_PENDING_GROUP];
    struct eki_flow flows[EKI_PENDING_GROUP];
    size_t contact_count, flow_count;
};

static void hand_on(struct grouping *g)
{
    if (g->contact_count) eki_analysis_on_contacts(g->analysis, g->contacts, g->contact_count);
    for (size_t i = 0; i < g->flow_count; i++) eki_analysis_on_flow(g->analysis, &g->flows[i], 0);
    g->contact_count = g->flow_count = 0;
}

static void on_entry(void *user, const struct eki_log_entry *entry)
{
    struct grouping *g = user;
    g->contacts[g->contact_count++] = entry->contact;
    if (entry->flow.packet_first) g->flows[g->flow_count++] = entry->flow;
    if (g->contact_count == EKI_PENDING_GROUP) hand_on(g);
}

static enum eki_error take_batch(struct eki_analysis *a, struct eki_order *order,
                                 const struct eki_log_batch *batch, uint16_t input)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < batch->count && !error; i++) {
        struct eki_log_entry entry = batch->entries[i];
        if (entry.sign) {
            struct eki_sign sign = *entry.sign;
            sign.input = input;
            sign.id += (uint64_t)a->line_files << SIGN_FILE_SHIFT;
            eki_analysis_on_sign(a, &sign);
        }
        if (!entry.contact.attempts) continue;
        entry.contact.input = entry.flow.input = input;
        error = eki_order_add(order, &entry);
    }
    return error;
}

static bool is_stopped(struct eki_analysis *a)
{
    if (a->options.stop && *a->options.stop) a->stopped = true;
    return a->stopped || a->error;
}

static enum eki_error read_all(struct eki_analysis *a, struct eki_log *log, struct eki_order *order,
                               uint16_t input)
{
    enum eki_error error = EKI_OK;
    struct eki_log_batch batch = {.count = 1};
    uint64_t told = 0;
    while (batch.count && !error && !is_stopped(a)) {
        error = eki_log_read(log, &batch);
        enum eki_error taken = take_batch(a, order, &batch, input);
        if (taken) return taken;
        uint64_t flows = eki_log_input(log)->flows;
        if (!a->options.progress || flows / PROGRESS_FLOWS == told) continue;
        uint64_t done, size;
        told = flows / PROGRESS_FLOWS;
        eki_log_progress(log, &done, &size);
        a->options.progress(a->options.progress_user, done, size, flows);
    }
    return error;
}

/* Counts live as long as the analysis: so do their texts. */
static enum eki_error close_input(struct eki_analysis *a, size_t index, const struct eki_input *counted)
{
    struct eki_input *input = &a->inputs[index];
    const char *path = input->path;
    const char *format = eki_arena_copy(&a->arena, counted->format, strlen(counted->format) + 1, 1);
    *input = *counted;
    input->path = path;
    input->format = format ? format : "log";
    return format ? EKI_OK : EKI_ERROR_MEMORY;
}

static enum eki_error read_log(struct eki_analysis *a, struct eki_log *log, size_t index)
{
    struct eki_order *order;
    struct grouping *g = eki_arena_take(&a->arena, 1, sizeof *g);
    enum eki_error error = g ? eki_order_new(on_entry, g, &order) : EKI_ERROR_MEMORY;
    if (error) return error;
    g->analysis = a;
    a->line_files++;
    error = read_all(a, log, order, (uint16_t)index);
    eki_order_finish(order);
    hand_on(g);
    a->late_entries += eki_order_late(order);
    eki_order_free(order);
    enum eki_error closed = close_input(a, index, eki_log_input(log));
    return error ? error : closed ? closed : a->error;
}

static enum eki_error open_and_read(struct eki_analysis *a, const char *path, const char *format,
                                    struct eki_source *source, struct eki_fault *ret_fault)
{
    struct eki_fault fault = {0};
    struct eki_log *log;
    struct eki_log_options options = {
        .format = format, .mapping = a->options.mapping, .stop = a->options.stop};
    enum eki_error error = eki_analysis_begin_input(a, path, source, ret_fault);
    if (error) return error;
    size_t index = a->input_count - 1;
    error = source ? eki_log_over(source, path, &options, &log, &fault)
                   : eki_log_open(path, &options, &log, &fault);
    if (!error) {
        error = read_log(a, log, index);
        fault = eki_log_input(log)->fault;
        eki_log_close(log);
    }
    if (error == EKI_ERROR_STOPPED) a->stopped = true;
    if (!error && a->stopped) error = EKI_ERROR_STOPPED;
    a->inputs[index].error = error;
    a->inputs[index].fault = fault;
    eki_analysis_emit_input(a, &a->inputs[index]);
    if (error && ret_fault) *ret_fault = fault;
    return error;
}

enum eki_error eki_analysis_log_from(struct eki_analysis *a, const char *path, struct eki_source *source,
                                     struct eki_fault *ret_fault)
{
    return open_and_read(a, path, NULL, source, ret_fault);
}

enum eki_error eki_analysis_log(struct eki_analysis *a, const char *path, const char *format,
                                struct eki_fault *ret_fault)
{
    return open_and_read(a, path, format, NULL, ret_fault);
}
