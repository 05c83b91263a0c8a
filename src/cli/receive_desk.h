/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_RECEIVE_DESK_H
#define EKI_CLI_RECEIVE_DESK_H
/* What `import --store`, `import --taxii` and `bundle receive` share: what others sent goes into the store.
 * Each step returns an exit status after a message of its own. */
#include <stdbool.h>

#include "ekigaku/case_receive.h"
#include "ekigaku/exchange.h"
#include "ekigaku/federation.h"

/* What is asked for. Texts are NULL when they were not given. */
struct eki_receive_request {
    const char *command;                      /* for messages: "import" */
    const char *store;                        /* its URL */
    const char *directory;                    /* a file of owners and keys instead of the store's rows */
    const char *from;                         /* id of the team that is said to be the sender */
    const char *as;                           /* account that acts */
    const struct eki_exchange_format *format; /* NULL: told from the content */
    bool json;
    eki_time now;
};

struct eki_receive_desk {
    const struct eki_receive_request *request;
    struct eki_store *store;
    struct eki_directory *directory;
    struct eki_catalogue *catalogue;
    struct eki_store_act act;
    char sender[220];
    bool store_failed; /* something could not be put into the store: it is to be handed in again */
};

/* Opens the store (a new one when there is none), finds account and directory. Pair with
 * eki_receive_desk_close, also after a failure. */
int eki_receive_desk_open(const struct eki_receive_request *request, struct eki_receive_desk *ret_desk);
void eki_receive_desk_close(struct eki_receive_desk *desk);

/* Takes in a file ("-": standard input): a bundle by its signature, anything else as who hands it in says. */
int eki_receive_desk_file(struct eki_receive_desk *desk, const char *path);

/* Takes in an incident that came from somewhere; `shown` names it in what is printed. */
int eki_receive_desk_incident(struct eki_receive_desk *desk, const char *shown,
                              const struct eki_incident *incident, const struct eki_receive_origin *origin);

#endif
