/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The findings with all that waits. What waits cannot be judged and taken back: the bank and the tracer would
 * have to undo each contact. So a copy is made, by the same writing and reading as a state's, and judges it.
 */
#include "analysis/running.h"
#include "ekigaku/watch.h"

enum eki_error eki_analysis_look_ahead(struct eki_analysis *a, size_t most, struct eki_analysis **ret_copy,
                                       const struct eki_result **ret_result, uint64_t *ret_contacts)
{
    void *bytes;
    size_t length;
    struct eki_note note;
    struct eki_analysis *copy;
    /* It opens nothing and starts no thread: a watch may have given that up. */
    const struct eki_analysis_options options = {.memory = a->options.memory, .threads = 1};
    enum eki_error error = eki_analysis_pack_most(a, NULL, most, &bytes, &length);
    if (error) return error;
    error = eki_analysis_unpack(&options, &(struct eki_note){bytes, length}, &copy, &note, NULL);
    eki_analysis_release(bytes);
    if (error) return error;
    error = eki_analysis_close(copy);
    if (copy->feed) eki_log_feed_release(copy->feed, 0);
    eki_pending_finish(copy->pending);
    if (!error) error = eki_analysis_look(copy, ret_result);
    if (error) {
        eki_analysis_free(copy);
        return error;
    }
    (void)eki_analysis_changes(copy, ret_contacts);
    *ret_copy = copy;
    return EKI_OK;
}
