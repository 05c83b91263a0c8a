/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_BENCH_H
#define GENERATE_BENCH_H
/*
 * Large captures to measure with, written straight in order of time without a schedule. No truth is written.
 */
#include <stdbool.h>

#include "traffic/options.h"

/* 80 % SYN packets of 200 sources to random addresses on one service, 20 % data of other hosts. False when it
 * cannot be written. */
bool bench_sweep(const struct options *options);
/* 2,000 clients and 50 servers: handshakes, data both ways, ends. */
bool bench_calm(const struct options *options);
/* Many sources (--sources), each of which probes a few targets. */
bool bench_many_sources(const struct options *options);

#endif
