/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_WATCH_H
#define EKIGAKU_WATCH_H
/*
 * The analysis while it runs: inputs that have no end (an interface, a file that is still being written), a
 * look at the findings in between, and a state that outlives the program.
 *
 *     struct eki_open open = {.path = "eth0", .interface = true};
 *     eki_analysis_open(analysis, &open, &fault);
 *     for (;;) {
 *         eki_analysis_next(analysis, &count, &fault);     a batch; 0: nothing just now, or the end
 *         if (time for it) eki_analysis_look(analysis, &result);
 *         if (time for it) eki_analysis_save(analysis, "state", &note, &fault);
 *     }
 *     eki_analysis_close(analysis);
 *     eki_analysis_finish(analysis);                       and the result is that of eki_analysis_input
 *
 * One input is open at a time. Nothing here waits, looks at a clock or starts anything by itself.
 */
#include "ekigaku/analysis.h"

#pragma GCC visibility push(default)

struct eki_open {
    const char *path;   /* a file, or the name of an interface; copied */
    const char *format; /* as for eki_analysis_input; NULL tells it from the content */
    bool interface;     /* `path` is a network interface, looked at from now on */
    bool listens; /* `path` is where exporters of flows send to: "PORT", "ADDRESS:PORT", "[ADDRESS]:PORT" of
                     UDP; `format` NULL: NetFlow, IPFIX and sFlow together */
    const struct eki_prefix *allowed; /* of exporters; copied. Datagrams of others are counted as malformed */
    size_t allowed_count;             /* 0: everybody */
    bool grows;                       /* the file is still being written: its end is only that for now */
    bool resumes;  /* goes on with the input that was open when the state was saved; a socket: with what was
                      learnt from its exporters */
    uint64_t skip; /* records (packets, entries of a log) to pass over: taken before */
    uint32_t ring_bytes; /* of an interface or socket: the kernel's buffer; 0: the usual */
};

/* Opens an input. Errors as eki_analysis_input; the same errors are kept in inputs[]. Contact lines are read
 * to their end at once. EKI_ERROR_ARGUMENT when one is open, or when the input to be resumed is none. */
EKI_MUST_USE enum eki_error eki_analysis_open(struct eki_analysis *analysis, const struct eki_open *open,
                                              struct eki_fault *ret_fault);

/* Takes what the open input has, a batch at most; *ret_count tells how many records (of a socket: datagrams)
 * that were. 0: the end,
 * or for what grows: nothing just now. On an error the input is to be closed. */
EKI_MUST_USE enum eki_error eki_analysis_next(struct eki_analysis *analysis, size_t *ret_count,
                                              struct eki_fault *ret_fault);

/* Records taken from the open input so far, for eki_open.skip. */
uint64_t eki_analysis_taken(const struct eki_analysis *analysis);

/* Bytes of the open input that were taken so far, unpacked, in all runs; of an interface: of its packets. 0
 * when none is open. */
uint64_t eki_analysis_bytes(const struct eki_analysis *analysis);

/* Of the open input, what exporters numbered and what did not come (see struct eki_input); else 0. */
uint64_t eki_analysis_missing(const struct eki_analysis *analysis);

/* A descriptor that becomes readable when an interface or socket has more; -1 when there is none to wait for.
 */
int eki_analysis_descriptor(const struct eki_analysis *analysis);

/* What the open interface or socket gave and lost; zeros for files. */
struct eki_capture_loss eki_analysis_losses(const struct eki_analysis *analysis);

/* Ends the open input, if any: its counts stay in inputs[]. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_analysis_close(struct eki_analysis *analysis);

/* A number that grows with everything that may change who searches or who infected whom: decisions, attacks
 * seen. *ret_contacts (may be NULL): contacts judged so far, which change figures only. */
uint64_t eki_analysis_changes(struct eki_analysis *analysis, uint64_t *ret_contacts);

/* The findings as if the data ended here, without contacts whose outcome is still being gathered: nothing of
 * the analysis changes by it. Valid until the next look or eki_analysis_free. O(sources + what the outbreaks
 * cost). EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_analysis_look(struct eki_analysis *analysis,
                                              const struct eki_result **ret_result);

/* What was taken and does not show in a look yet. */
enum eki_waiting {
    EKI_WAITING_NOTHING = 0,
    EKI_WAITING_OUTCOMES, /* contacts, for what becomes of them: up to EKI_CONTACT_HOLD of the data's time */
    EKI_WAITING_RECORDS   /* entries of a log or socket, for others that began earlier: up to minutes of it */
};

/* O(1). */
enum eki_waiting eki_analysis_waiting(const struct eki_analysis *analysis);

/*
 * The findings as if the data ended here, with all that waits: what `analyze` would say of it. They are those
 * of a copy of the analysis, of which nothing changes; the result is valid until
 * eki_analysis_free(*ret_copy). The copy takes as much memory again as what is known, so it is refused with
 * EKI_ERROR_LIMIT when a state of it would be larger than `most` bytes (0: no limit). `ret_contacts` (may be
 * NULL): contacts judged by it, those of the analysis itself show the same when they are as many. O(what is
 * known). EKI_ERROR_MEMORY.
 */
EKI_MUST_USE enum eki_error eki_analysis_look_ahead(struct eki_analysis *analysis, size_t most,
                                                    struct eki_analysis **ret_copy,
                                                    const struct eki_result **ret_result,
                                                    uint64_t *ret_contacts);

/* For so long nothing came, by the clock of whoever calls: entries of a log that would have been handed on
 * had others begun that much later are handed on. What comes later and began earlier counts as late. For
 * where looking ahead takes too much. */
void eki_analysis_idle(struct eki_analysis *analysis, eki_time idle);

/* What the program wants kept beside the state (positions in its inputs); any bytes. */
struct eki_note {
    const void *bytes;
    size_t length;
};

/* Writes all that is known to a file: beside its place, flushed to the disk, then renamed over it, so that
 * either the old or the new state is there whole. Packets of an open interface that
 * were not taken are not part of it. EKI_ERROR_WRITE, _MEMORY. */
EKI_MUST_USE enum eki_error eki_analysis_save(struct eki_analysis *analysis, const char *path,
                                              const struct eki_note *note, struct eki_fault *ret_fault);

/* As eki_analysis_save, to memory that the caller frees by eki_analysis_release. */
EKI_MUST_USE enum eki_error eki_analysis_pack(struct eki_analysis *analysis, const struct eki_note *note,
                                              void **ret_bytes, size_t *ret_length);
void eki_analysis_release(void *bytes);

/*
 * A new analysis that goes on from a saved state. *ret_note lives as long as it. On any error nothing is
 * made: EKI_ERROR_OPEN (no such file), _READ, _FORMAT (not a state file), _UNSUPPORTED (of another build's
 * schema), _TRUNCATED, _CORRUPT (damaged), _MEMORY. The hashing seed of the options is replaced by the
 * state's.
 */
EKI_MUST_USE enum eki_error eki_analysis_load(const struct eki_analysis_options *options, const char *path,
                                              struct eki_analysis **ret_analysis, struct eki_note *ret_note,
                                              struct eki_fault *ret_fault);

/* As eki_analysis_load, from bytes that may go away afterwards. */
EKI_MUST_USE enum eki_error eki_analysis_unpack(const struct eki_analysis_options *options,
                                                const struct eki_note *packed,
                                                struct eki_analysis **ret_analysis, struct eki_note *ret_note,
                                                struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
