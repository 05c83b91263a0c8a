/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of a running analysis as a file:
 *
 *     offset 0   "EKISTATE"
 *            8   schema number, 4 bytes; the number of those below that differ between builds
 *           12   0, 4 bytes
 *           16   length of the body, 8 bytes
 *           24   keyed hash of the body, 8 bytes: against damage, not against forgers, who could read the key
 *           32   the body: seed, note, inputs, then each stage (see base/archive.h)
 *
 * Little endian. Raise SCHEMA with every change of what a stage writes.
 */
#include <string.h>

#include "analysis/running.h"
#include "base/archive.h"
#include "base/hash.h"
#include "base/memory.h"
#include "contact/log_format.h"
#include "ekigaku/watch.h"
#include "protocol/engine.h"

enum { HEADER = 32, SCHEMA = 10, NOTE_MOST = 1 << 28, INPUT_BYTES = 100, TEXT = 4096 };
static const char magic[8] = {'E', 'K', 'I', 'S', 'T', 'A', 'T', 'E'};

static uint64_t checksum(const uint8_t *bytes, size_t length)
{
    uint64_t hash = eki_hash_two(length, SCHEMA, 0x5851f42d4c957f2du), word;
    for (size_t at = 0; at < length; at += sizeof word) {
        word = 0;
        memcpy(&word, bytes + at, length - at < sizeof word ? length - at : sizeof word);
        hash = eki_hash_fold(hash ^ word, 0x9fb21c651e98df25u);
    }
    return hash;
}

/* A text of the arena; NULL stays NULL. */
static void archive_string(struct eki_archive *a, struct eki_arena *arena, const char **text)
{
    char read[TEXT];
    bool present = *text;
    eki_archive_bool(a, &present);
    if (!present) return;
    eki_archive_text(a, *text, read, sizeof read);
    if (a->writing || a->error) return;
    *text = eki_arena_copy(arena, read, strlen(read) + 1, 1);
    if (!*text) a->error = EKI_ERROR_MEMORY;
}

static void archive_fault(struct eki_archive *a, struct eki_fault *fault)
{
    eki_archive_u64(a, &fault->offset);
    eki_archive_text(a, fault->what, fault->what, sizeof fault->what);
}

static void archive_input(struct eki_archive *a, struct eki_arena *arena, struct eki_input *input)
{
    uint32_t error = input->error;
    archive_string(a, arena, &input->path);
    archive_string(a, arena, &input->format);
    archive_string(a, arena, &input->lacks);
    eki_archive_u64(a, &input->packets);
    eki_archive_u64(a, &input->flows);
    eki_archive_u64(a, &input->bytes);
    eki_archive_u64(a, &input->malformed);
    eki_archive_u64(a, &input->cut);
    eki_archive_u64(a, &input->missing);
    eki_archive_time(a, &input->first);
    eki_archive_time(a, &input->last);
    eki_archive_bool(a, &input->truncated);
    eki_archive_u32_up_to(a, &error, EKI_ERROR_COUNT - 1);
    input->error = (enum eki_error)error;
    archive_fault(a, &input->fault);
    eki_archive_u32_up_to(a, &input->place_count, EKI_INPUT_PLACES);
    for (unsigned i = 0; i < input->place_count; i++) archive_fault(a, &input->places[i]);
    if (!input->path || !input->format) eki_archive_refuse(a);
}

static void archive_inputs(struct eki_archive *a, struct eki_analysis *analysis)
{
    uint32_t count = (uint32_t)analysis->input_count;
    eki_archive_count(a, &count, UINT16_MAX + 1, INPUT_BYTES);
    for (uint32_t i = 0; i < count && !a->error; i++) {
        if (!a->writing && !eki_analysis_add_input(analysis, "")) {
            a->error = EKI_ERROR_MEMORY;
            return;
        }
        archive_input(a, &analysis->arena, &analysis->inputs[i]);
    }
}

/* A socket's log, which cannot be read again: what it has learnt. The socket itself is opened later. */
static void archive_receiver(struct eki_archive *a, struct eki_analysis *analysis)
{
    struct eki_running *r = analysis->running;
    const struct eki_input *input = &analysis->inputs[r->index];
    const struct eki_log_options options = {.stop = analysis->options.stop};
    if (!a->writing) a->error = eki_log_for_datagrams(input->path, &options, &r->log, NULL);
    if (!a->error) eki_log_archive(r->log, input, a);
}

static void archive_feed(struct eki_archive *a, struct eki_analysis *analysis)
{
    bool present = analysis->feed;
    eki_archive_bool(a, &present);
    if (present && !a->writing && !a->error) a->error = eki_log_feed_new(analysis, &analysis->feed);
    if (present && !a->error) eki_log_feed_archive(analysis->feed, a);
}

static void archive_running(struct eki_archive *a, struct eki_analysis *analysis)
{
    bool open = analysis->running && !analysis->running->live;
    eki_archive_bool(a, &open);
    if (!open || a->error) return;
    if (!a->writing) analysis->running = eki_allocate(1, sizeof *analysis->running);
    struct eki_running *r = analysis->running;
    if (!r) {
        a->error = EKI_ERROR_MEMORY;
        return;
    }
    uint32_t index = (uint32_t)r->index;
    bool receives = r->receives;
    eki_archive_u32_up_to(a, &index, analysis->input_count ? (uint32_t)analysis->input_count - 1 : 0);
    r->index = index;
    if (!analysis->input_count) eki_archive_refuse(a);
    eki_archive_u64(a, &r->flows_before);
    eki_archive_u64(a, &r->taken);
    eki_archive_bool(a, &receives);
    if (receives && !analysis->feed) eki_archive_refuse(a);
    r->receives = receives;
    if (receives && !a->error) archive_receiver(a, analysis);
}

static void archive_counts(struct eki_archive *a, struct eki_analysis *analysis)
{
    uint64_t line_files = analysis->line_files;
    eki_archive_sparse(a, &analysis->moved, sizeof analysis->moved);
    eki_archive_u64(a, &line_files);
    analysis->line_files = line_files;
    eki_archive_u64(a, &analysis->contacts);
    for (int i = 0; i < EKI_LIMIT_EARLY_COUNT; i++) eki_archive_u64(a, &analysis->read_limits[i]);
    eki_archive_time(a, &analysis->last_time);
    eki_archive_u64(a, &analysis->mended_times);
    eki_archive_u64(a, &analysis->changes);
    eki_archive_u64(a, &analysis->judged);
}

/* Everything behind the seed and the note. */
static void archive_analysis(struct eki_archive *a, struct eki_analysis *analysis)
{
    archive_inputs(a, analysis);
    archive_counts(a, analysis);
    if (!a->error) eki_flow_table_archive(analysis->flows, a);
    if (!a->error) eki_pending_archive(analysis->pending, a);
    if (!a->error) eki_sign_engine_archive(analysis->engine, a);
    if (!a->error) eki_bank_archive(analysis->bank, a);
    if (!a->error) eki_tracer_archive(analysis->tracer, a);
    if (!a->error) archive_feed(a, analysis);
    if (!a->error) archive_running(a, analysis);
}

enum eki_error eki_analysis_pack_most(struct eki_analysis *analysis, const struct eki_note *note, size_t most,
                                      void **ret_bytes, size_t *ret_length)
{
    struct eki_archive a = {.writing = true, .most = most};
    uint32_t length = note ? (uint32_t)note->length : 0;
    enum eki_error error = eki_relay_settle(analysis->relay);
    if (error) return error;
    if (note && note->length > NOTE_MOST) return EKI_ERROR_LIMIT;
    uint8_t *header = eki_archive_room(&a, HEADER);
    if (header) memset(header, 0, HEADER);
    eki_archive_u64(&a, &analysis->options.seed);
    eki_archive_u32(&a, &length);
    uint8_t *to = eki_archive_room(&a, length);
    if (to && length) memcpy(to, note->bytes, length);
    archive_analysis(&a, analysis);
    if (a.error) {
        error = a.error;
        eki_archive_done(&a);
        return error;
    }
    uint32_t schema = SCHEMA;
    uint64_t body = a.length - HEADER, hash = checksum(a.bytes + HEADER, body);
    memcpy(a.bytes, magic, sizeof magic);
    memcpy(a.bytes + 8, &schema, sizeof schema);
    memcpy(a.bytes + 16, &body, sizeof body);
    memcpy(a.bytes + 24, &hash, sizeof hash);
    *ret_bytes = a.bytes;
    *ret_length = a.length;
    return EKI_OK;
}

enum eki_error eki_analysis_pack(struct eki_analysis *analysis, const struct eki_note *note, void **ret_bytes,
                                 size_t *ret_length)
{
    return eki_analysis_pack_most(analysis, note, 0, ret_bytes, ret_length);
}

void eki_analysis_release(void *bytes)
{
    eki_free(bytes);
}

static enum eki_error check_header(struct eki_cursor *c, struct eki_fault *ret_fault)
{
    const uint8_t *p = eki_cursor_take(c, HEADER);
    if (!p || memcmp(p, magic, sizeof magic))
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "no state of ekigaku");
    if (eki_load_le32(p, 8) != SCHEMA)
        return eki_fault_set(ret_fault, EKI_ERROR_UNSUPPORTED, 8,
                             "the state of another version (schema %u, not %d)", eki_load_le32(p, 8), SCHEMA);
    if (eki_load_le64(p, 16) != c->left)
        return eki_fault_set(ret_fault, EKI_ERROR_TRUNCATED, HEADER + c->left,
                             "announces another length than it has");
    if (eki_load_le64(p, 24) != checksum(c->at, c->left))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, HEADER, "the checksum does not fit");
    return EKI_OK;
}

static enum eki_error read_body(const struct eki_analysis_options *options, struct eki_archive *a,
                                struct eki_analysis **ret_analysis, struct eki_note *ret_note)
{
    struct eki_analysis_options own = options ? *options : (struct eki_analysis_options){0};
    struct eki_analysis *analysis;
    uint32_t length = 0;
    eki_archive_u64(a, &own.seed);
    eki_archive_count(a, &length, NOTE_MOST, 1);
    const uint8_t *note = eki_cursor_take(&a->cursor, length);
    enum eki_error error = a->error ? a->error : eki_analysis_new(&own, &analysis);
    if (error) return error;
    const void *kept = length ? eki_arena_copy(&analysis->arena, note, length, 1) : "";
    if (!kept) a->error = EKI_ERROR_MEMORY;
    if (!a->error) archive_analysis(a, analysis);
    if (!a->error && a->cursor.left) eki_archive_refuse(a);
    if (a->error) {
        eki_analysis_free(analysis);
        return a->error;
    }
    *ret_note = (struct eki_note){kept, length};
    *ret_analysis = analysis;
    return EKI_OK;
}

enum eki_error eki_analysis_unpack_body(const struct eki_analysis_options *options,
                                        const struct eki_note *packed, struct eki_analysis **ret_analysis,
                                        struct eki_note *ret_note, struct eki_fault *ret_fault)
{
    struct eki_archive a = {.cursor = eki_cursor_over(packed->bytes, packed->length)};
    enum eki_error error = read_body(options, &a, ret_analysis, ret_note);
    if (!error) return EKI_OK;
    return eki_fault_set(ret_fault, error, HEADER + packed->length - a.cursor.left,
                         "what stands there cannot be");
}

enum eki_error eki_analysis_unpack(const struct eki_analysis_options *options, const struct eki_note *packed,
                                   struct eki_analysis **ret_analysis, struct eki_note *ret_note,
                                   struct eki_fault *ret_fault)
{
    struct eki_cursor c = eki_cursor_over(packed->bytes, packed->length);
    enum eki_error error = check_header(&c, ret_fault);
    struct eki_note body = {c.at, c.left};
    return error ? error : eki_analysis_unpack_body(options, &body, ret_analysis, ret_note, ret_fault);
}
