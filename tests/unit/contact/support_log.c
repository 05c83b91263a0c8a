/* SPDX-License-Identifier: Apache-2.0 */
#include "support_log.h"

#include <stdio.h>

static void keep(struct log_read *read, const struct eki_log_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        read->entries = realloc(read->entries, (read->count + 1) * sizeof *read->entries);
        assert_non_null(read->entries);
        read->entries[read->count] = batch->entries[i];
        if (batch->entries[i].sign) {
            read->signs = realloc(read->signs, (read->sign_count + 1) * sizeof *read->signs);
            assert_non_null(read->signs);
            read->signs[read->sign_count++] = *batch->entries[i].sign;
        }
        read->count++;
    }
}

struct log_read read_log_bytes(const void *bytes, size_t length, const struct eki_log_options *options)
{
    struct log_read read = {.error = EKI_OK};
    struct eki_log *log;
    struct eki_log_batch batch;
    read.error = eki_log_open_memory(bytes, length, options, &log, &read.fault);
    if (read.error) return read;
    do {
        read.error = eki_log_read(log, &batch);
        keep(&read, &batch);
    } while (batch.count && !read.error);
    read.input = *eki_log_input(log);
    read.fault = read.input.fault;
    snprintf(read.format, sizeof read.format, "%s", read.input.format);
    eki_log_close(log);
    for (size_t i = 0, sign = 0; i < read.count; i++)
        if (read.entries[i].sign) read.entries[i].sign = &read.signs[sign++];
    return read;
}

struct log_read read_log_text(const char *text)
{
    return read_log_bytes(text, strlen(text), NULL);
}

void log_read_done(struct log_read *read)
{
    free(read->entries);
    free(read->signs);
    *read = (struct log_read){.error = EKI_OK};
}

void assert_same_entry(const struct eki_log_entry *a, const struct eki_log_entry *b)
{
    char one[EKI_CONTACT_LINE], other[EKI_CONTACT_LINE], flow[EKI_FLOW_LINE], other_flow[EKI_FLOW_LINE];
    assert_int_equal(a->contact.attempts > 0, b->contact.attempts > 0);
    if (a->contact.attempts) {
        eki_contact_write(&a->contact, one);
        eki_contact_write(&b->contact, other);
        assert_string_equal(one, other);
    }
    assert_int_equal(a->flow.packet_first > 0, b->flow.packet_first > 0);
    if (!a->flow.packet_first) return;
    eki_flow_write(&a->flow, flow);
    eki_flow_write(&b->flow, other_flow);
    assert_string_equal(flow, other_flow);
}
