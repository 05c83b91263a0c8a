/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_SAMPLE_H
#define GENERATE_SAMPLE_H
/*
 * The sample outbreak of `make demo`: the lecture's laboratory, where 192.168.20.161 infected six computers
 * in about five minutes.
 */
#include <stdbool.h>

#include "traffic/options.h"

/* Writes it: fixed seed and start whatever the options say; only --out and --truth count. */
bool sample_run(const struct options *options);

#endif
