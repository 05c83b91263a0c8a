/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_INPUTS_H
#define EKI_CLI_INPUTS_H
/*
 * What the commands that read captures and logs share: the list of inputs that the arguments name.
 *
 *     struct eki_inputs inputs = {0};
 *     eki_inputs_add(&inputs, "office=monday.pcap", true);     --sensor, or
 *     eki_inputs_add(&inputs, "conn.log", false);              FILE or folder
 *     eki_inputs_settle(&inputs);
 *     error = eki_analysis_inputs(analysis, inputs.sources, inputs.count, &fault);
 *     status = eki_inputs_complain(&inputs, result);
 *     eki_inputs_done(&inputs);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/analysis.h"
#include "ekigaku/log.h"

struct eki_inputs {
    struct eki_analysis_source *sources;
    size_t count, capacity;
    char **texts; /* of names that are kept here */
    size_t text_count, text_capacity;
    const char *format; /* of all, or NULL */
};

/* Adds a file, or all files of a folder and of those in it; with `sensor`, "NAME=FILE". False after a message
 * when it cannot be added. */
bool eki_inputs_add(struct eki_inputs *inputs, const char *argument, bool sensor);

/* "NAME=SECONDS" for all inputs of a sensor. False after a message. */
bool eki_inputs_offset(struct eki_inputs *inputs, const char *argument);

/* Drops files named again (also by another path), with a note on standard error. */
void eki_inputs_settle(struct eki_inputs *inputs);

/* Sum of the sizes of all files; 0 when one is no regular file. */
uint64_t eki_inputs_bytes(const struct eki_inputs *inputs);

/* Prints "ekigaku: PATH: offset N: what is wrong: detail" for each input that was not read to its end; files
 * of folders that are of no known form are counted in one line. Returns 0 or EKI_EXIT_UNREADABLE. */
int eki_inputs_complain(const struct eki_inputs *inputs, const struct eki_result *result);

/* One such line, for an error that no input is to blame for or that ends all. */
void eki_inputs_complain_of(const char *path, enum eki_error error, const struct eki_fault *fault);

/* Frees the list. */
void eki_inputs_done(struct eki_inputs *inputs);

#endif
