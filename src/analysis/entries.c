/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/entries.h"

#include "analysis/read_ahead.h"
#include "base/memory.h"

/* A piece is about 64 KiB of text, 100 KiB of entries: few, so that those that wait stay in the cache. */
enum { SLOTS = 8, GROUP = 2 };

struct eki_entries {
    struct eki_log *log;
    struct eki_ahead *ahead; /* NULL: the caller reads */
    struct eki_entries_piece pieces[SLOTS];
    struct eki_entries_piece *last;
};

static enum eki_ahead_read read_piece(void *user, unsigned slot)
{
    struct eki_entries *entries = user;
    struct eki_entries_piece *piece = &entries->pieces[slot];
    eki_log_swap_room(entries->log, &piece->room);
    piece->error = eki_log_read(entries->log, &piece->batch);
    eki_log_swap_room(entries->log, &piece->room);
    const struct eki_input *input = eki_log_input(entries->log);
    piece->fault = input->fault;
    piece->last = input->last;
    piece->flows = input->flows;
    eki_log_progress(entries->log, &piece->done, &piece->size);
    return piece->error || !piece->batch.count ? EKI_AHEAD_LAST : EKI_AHEAD_MORE;
}

enum eki_error eki_entries_new(struct eki_log *log, bool ahead, struct eki_relay *helper,
                               struct eki_entries **ret_entries)
{
    struct eki_entries *entries = eki_allocate(1, sizeof *entries);
    if (!entries) return EKI_ERROR_MEMORY;
    entries->log = log;
    struct eki_ahead_work work = {read_piece, entries, SLOTS, GROUP};
    if (ahead) entries->ahead = eki_ahead_new(&work, helper);
    *ret_entries = entries;
    return EKI_OK;
}

const struct eki_entries_piece *eki_entries_next(struct eki_entries *entries)
{
    unsigned slot = entries->ahead ? eki_ahead_next(entries->ahead) : 0;
    if (!entries->ahead) (void)read_piece(entries, slot);
    entries->last = &entries->pieces[slot];
    return entries->last;
}

const struct eki_entries_piece *eki_entries_last(const struct eki_entries *entries)
{
    return entries->last;
}

void eki_entries_free(struct eki_entries *entries)
{
    if (!entries) return;
    eki_ahead_free(entries->ahead);
    for (int i = 0; i < SLOTS; i++) {
        eki_free(entries->pieces[i].room.entries);
        eki_arena_done(&entries->pieces[i].room.signs);
    }
    eki_free(entries);
}
