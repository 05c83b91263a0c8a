/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_COURIER_H
#define EKI_WEB_COURIER_H
/*
 * The courier: a thread of its own that sends what is released, passes on what nobody answered, and files
 * what comes in. It sends nothing as long as no relay is named (relay.c), and sleeps between its rounds.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"

struct eki_web;

struct eki_courier {
    pthread_t thread;
    int wake; /* eventfd that ends it */
    bool running;
    char trouble[200]; /* what was last logged, so that it is logged once */
    int64_t fetched;   /* when the IMAP mailbox was last looked into, microseconds */
};

/* Starts it; pair with eki_courier_stop. EKI_ERROR_UNSUPPORTED when the libraries of mail cannot be used,
 * EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_courier_start(struct eki_web *web);

/* Ends it; a message that is on its way is waited for, at most two minutes. One that was never started is
 * allowed. */
void eki_courier_stop(struct eki_web *web);

/* Logs what goes wrong, once, until something else does. */
void eki_courier_complain(struct eki_web *web, const char *what, enum eki_error error, const char *why);

/* Tells those who listen of a notice that changed; 0 tells of none. */
void eki_courier_tell(struct eki_web *web, int64_t notice);

#endif
