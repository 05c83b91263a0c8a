/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GENERATE_GENERATE_H
#define GENERATE_GENERATE_H
/*
 * The generator as one call, so that its tests need no second process.
 */

/* What the program does with its arguments; returns the exit status: 0 written, 1 a file could not be
 * written, 2 unusable arguments. Not for several threads at once (getopt). */
int generate_run(int argc, char **argv);

#endif
