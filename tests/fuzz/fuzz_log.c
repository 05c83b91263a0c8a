/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a log: told from the content, or forced upon the form that the first byte chooses. What comes
 * out is valid. */
#include <stdlib.h>

#include "ekigaku/log.h"

static void read_all(struct eki_log *log)
{
    struct eki_log_batch batch;
    enum eki_error error;
    do {
        error = eki_log_read(log, &batch);
        for (size_t i = 0; i < batch.count; i++) {
            const struct eki_log_entry *e = &batch.entries[i];
            if (e->contact.attempts && eki_contact_validate(&e->contact)) abort();
            if (e->flow.packet_first && eki_flow_validate(&e->flow)) abort();
            if (e->sign && eki_sign_validate(e->sign)) abort();
        }
    } while (batch.count && !error);
    if (eki_log_read(log, &batch) != error || batch.count) abort();
    eki_log_close(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eki_log *log;
    if (!eki_log_open_memory(data, size, NULL, &log, NULL)) read_all(log);
    size_t kinds = 0;
    while (eki_log_kind_at(kinds)) kinds++;
    if (size < 2) return 0;
    struct eki_log_options options = {.format = eki_log_kind_at(data[0] % kinds)->name};
    if (!eki_log_open_memory(data + 1, size - 1, &options, &log, NULL)) read_all(log);
    return 0;
}
