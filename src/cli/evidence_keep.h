/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_EVIDENCE_KEEP_H
#define EKI_CLI_EVIDENCE_KEEP_H
/* A file that is to be kept goes below the inputs/ of a data folder, as the service keeps what is handed in.
 */
#include "cli/desk_call.h"

enum { EKI_KEPT_PATH = 4096 };

struct eki_evidence_keep {
    char name[33];            /* below inputs/ */
    char path[EKI_KEPT_PATH]; /* of the copy */
};

/* The path of a name below DATA/inputs. False when it is too long. */
bool eki_evidence_path(const char *data, const char *name, char ret_path[EKI_KEPT_PATH]);

/* Copies a file there under a name that nobody guesses. Returns an exit status after a message. */
int eki_evidence_copy(const char *data, const char *file, struct eki_evidence_keep *ret_keep);

#endif
