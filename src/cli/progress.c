/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { CELLS = 24 };
static const double first_after_s = 2, redraw_after_s = .2;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct eki_progress_bar eki_progress_start(bool quiet, uint64_t bytes_total)
{
    return (struct eki_progress_bar){
        .started = now(), .bytes_total = bytes_total, .enabled = !quiet && isatty(STDERR_FILENO)};
}

static void draw(const struct eki_progress_bar *bar, double seconds)
{
    uint64_t bytes = bar->bytes_before + bar->bytes_now, packets = bar->packets_before + bar->packets_now;
    double rate = (double)packets / seconds * 1e-6;
    if (!bar->bytes_total || bytes > bar->bytes_total) {
        fprintf(stderr, "\r\033[K%.1f million packets, %.1f M/s", (double)packets * 1e-6, rate);
        return;
    }
    double share = (double)bytes / (double)bar->bytes_total;
    int left = bytes ? (int)(seconds / share * (1 - share) + .5) : 0;
    char cells[CELLS + 1];
    for (int i = 0; i < CELLS; i++) cells[i] = i < share * CELLS ? '#' : '.';
    cells[CELLS] = 0;
    fprintf(stderr, "\r\033[K[%s] %3.0f %%  %.1f M packets/s  %d:%02d left", cells, share * 100, rate,
            left / 60, left % 60);
}

void eki_progress_show(void *user, uint64_t bytes_done, uint64_t bytes_size, uint64_t packets)
{
    struct eki_progress_bar *bar = user;
    (void)bytes_size;
    bar->bytes_now = bytes_done;
    bar->packets_now = packets;
    if (!bar->enabled) return;
    double time = now(), seconds = time - bar->started;
    if (seconds < first_after_s || time - bar->drawn < redraw_after_s) return;
    bar->drawn = time;
    bar->visible = true;
    draw(bar, seconds);
}

void eki_progress_next(struct eki_progress_bar *bar)
{
    bar->bytes_before += bar->bytes_now;
    bar->packets_before += bar->packets_now;
    bar->bytes_now = bar->packets_now = 0;
}

void eki_progress_end(struct eki_progress_bar *bar)
{
    if (bar->visible) fputs("\r\033[K", stderr);
    bar->visible = false;
}
