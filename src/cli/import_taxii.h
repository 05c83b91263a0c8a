/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_IMPORT_TAXII_H
#define EKI_CLI_IMPORT_TAXII_H
/* `ekigaku import --taxii`: what the collections of a server got since the last time goes into the store. */
#include "cli/import_request.h"

/* Asks the server and takes in what it holds; how far each collection was read is kept once all of it was
 * taken in. Returns an exit status after a message. */
int eki_import_taxii(const struct eki_import_request *request);

#endif
