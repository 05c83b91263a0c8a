/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_PROGRESS_H
#define EKI_CLI_PROGRESS_H
/* A progress bar on standard error, with rate and estimated time left: on a terminal only, and only after two
 * seconds. */
#include <stdbool.h>
#include <stdint.h>

struct eki_progress_bar {
    double started, drawn;                              /* seconds of the monotonic clock */
    uint64_t bytes_before, packets_before, bytes_total; /* of the inputs that are done; of all */
    uint64_t bytes_now, packets_now;
    bool enabled, visible;
};

/* `bytes_total` 0: unknown (a pipe), then no share and no time left are shown. */
struct eki_progress_bar eki_progress_start(bool quiet, uint64_t bytes_total);
/* Shaped as eki_progress of ekigaku/analysis.h; `bar` is a struct eki_progress_bar. */
void eki_progress_show(void *bar, uint64_t bytes_done, uint64_t bytes_size, uint64_t packets);
/* One input is done. */
void eki_progress_next(struct eki_progress_bar *bar);
/* Removes the bar. */
void eki_progress_end(struct eki_progress_bar *bar);

#endif
