/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_STORE_PLACE_H
#define EKI_CLI_STORE_PLACE_H
/* Where the desk keeps what it knows, and who acts there: the same for all subcommands. Calls that return an
 * int return an exit status after a message of their own. */
#include "cli/command.h"
#include "cli/say.h"
#include "ekigaku/store.h"
#include "ekigaku/time.h"

/* The folder of `ekigaku serve`: the store, inputs/, results/. */
#define EKI_DATA_FOLDER "ekigaku-data"

/* The store that is meant where no option names one: that of EKIGAKU_STORE, else ekigaku.db in the data
 * folder here, which is where `ekigaku serve` keeps it. */
const char *eki_store_place(void);
/* That of EKIGAKU_STORE; NULL when it names none. */
const char *eki_store_named(void);

/* Who opens it, for messages. */
struct eki_store_opening {
    const char *command; /* "case" */
    const char *url;
    bool makes;       /* a new one where there is none, in the data folder, which is made too */
    bool keep_schema; /* one of an earlier version is only read */
    eki_time now;
};

/* Opens it; what is wrong is told with what to do. */
int eki_store_place_open(const struct eki_store_opening *opening, struct eki_store **ret_store);

/* Tells what is wrong with the store; EKI_EXIT_FAILED when it could not be written or there is no memory,
 * else EKI_EXIT_UNREADABLE. */
int eki_store_place_fail(const char *command, enum eki_error error, const char *what);
/* Opens it and begins work in it; `act` NULL: only to read. The caller ends the work and closes the store. */
int eki_store_place_begin(const struct eki_store_opening *opening, const struct eki_store_act *act,
                          struct eki_store **ret_store, struct eki_store_work **ret_work);

/* The order of roles; the same as the service asks for. */
enum eki_desk_rank { EKI_RANK_VIEWER = 0, EKI_RANK_ANALYST, EKI_RANK_COORDINATOR, EKI_RANK_ADMINISTRATOR };

struct eki_desk_actor {
    int64_t account;
    enum eki_desk_rank rank;
};
/* The account of --as. NULL is whoever may read the file of the store: 0 and the highest rank. One that is
 * not there is told with those that are. */
int eki_store_place_actor(const struct eki_store_opening *opening, struct eki_store *store, const char *name,
                          struct eki_desk_actor *ret_actor);

/* Tells that the account may not do this, because of its rank. */
int eki_store_place_refuse(const struct eki_store_opening *opening, const char *name);

/* Tells an error of the library: "ekigaku case: not there: case 7". */
int eki_store_place_complain(const struct eki_store_opening *opening, enum eki_error error, const char *what);

#endif
