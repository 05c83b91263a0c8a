/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_ARGUMENTS_H
#define GENERATE_ARGUMENTS_H
/*
 * The command line of the test generator, read into the record that the traffic is made by.
 *
 *     eki-generate MODE [options]      MODE: a worm, "sample", "scan", "sweep", "calm" or "manysources"
 */
#include <stdio.h>

#include "traffic/options.h"

/* Reads argv. False, with one line on standard error, when it cannot be understood. The strings stay argv's.
 */
bool options_read(int argc, char **argv, const char **ret_mode, struct options *ret_options);

/* Prints how to use the program. */
void options_help(FILE *out);

#endif
