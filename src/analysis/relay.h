/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_RELAY_H
#define EKI_ANALYSIS_RELAY_H
/*
 * Carries contacts, flows and signs, in one order, from the side that reads traffic to the side that judges
 * it (evidence bank and tracer): by plain calls, or through blocks of memory to threads of its own. The
 * judging side gets the same calls in the same order either way, or the same in steps (see block.h), so the
 * result is the same.
 *
 *     struct eki_relay *relay;
 *     eki_relay_new(&judge, threads, &relay);
 *     eki_relay_contacts(relay, contacts, count);  eki_relay_flow(...);  eki_relay_sign(...);
 *     eki_relay_finish(relay);                     all has been judged; what the judge changed may be read
 *     eki_relay_free(relay);
 *
 * The three calls above belong to one thread. Between them and eki_relay_finish the judge's data belongs to
 * the relay. While its threads are behind, the thread that has to wait for them does a part of their work.
 */
#include "analysis/block.h"
#include "ekigaku/contact.h"
#include "ekigaku/sign.h"

struct eki_relay;

/* With 0 threads, or when none can be started, the judge is called at once. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_relay_new(const struct eki_judge *judge, unsigned threads,
                                          struct eki_relay **ret_relay);

/* No more are of use: one for each shard, and for the step before and the one after. */
enum { EKI_RELAY_THREADS = EKI_SHARDS + 2 };

/* Copies what it is given. The first error of the judge comes back here, sooner or later. */
EKI_MUST_USE enum eki_error eki_relay_contacts(struct eki_relay *relay, const struct eki_contact *contacts,
                                               size_t count);
EKI_MUST_USE enum eki_error eki_relay_flow(struct eki_relay *relay, const struct eki_flow *flow);
EKI_MUST_USE enum eki_error eki_relay_sign(struct eki_relay *relay, const struct eki_sign *sign);

/* Waits until all that was given is judged: until the next of the calls above, what the judge changed may be
 * read. Returns the judge's first error. */
EKI_MUST_USE enum eki_error eki_relay_settle(struct eki_relay *relay);

/* Waits until all is judged; the threads have ended then, and later calls judge at once. */
EKI_MUST_USE enum eki_error eki_relay_finish(struct eki_relay *relay);

/* Work of another kind that a thread of the relay does while there is little to judge, so that two cores are
 * kept busy by two threads. `run` does one piece of it on that thread and says whether there was any to do.
 */
struct eki_chore {
    bool (*run)(void *user);
    void *user;
};

/* Gives the thread a chore, or takes it back with NULL, after waiting for the piece that is being done. There
 * is one at a time: false when there is another already, or no thread to do it. */
bool eki_relay_lend(struct eki_relay *relay, const struct eki_chore *chore);

/* There may be something to do for the chore again. Any thread. */
void eki_relay_wake(struct eki_relay *relay);

/* Ends the thread without judging what is left. NULL is allowed. */
void eki_relay_free(struct eki_relay *relay);

#endif
