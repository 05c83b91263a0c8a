/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_ANALYSIS_RELAY_H
#define EKI_ANALYSIS_RELAY_H
/*
 * Carries contacts, flows and signs, in one order, from the side that reads traffic to the side that judges
 * it (evidence bank and tracer): by plain calls, or through blocks of memory to a thread of its own. The
 * judging side gets the same calls in the same order either way, so the result is the same.
 *
 *     struct eki_relay *relay;
 *     eki_relay_new(&judge, threaded, &relay);
 *     eki_relay_contacts(relay, contacts, count);  eki_relay_flow(...);  eki_relay_sign(...);
 *     eki_relay_finish(relay);                     all has been judged; what the judge changed may be read
 *     eki_relay_free(relay);
 *
 * The three calls above belong to one thread. Between them and eki_relay_finish the judge's data belongs to
 * the relay.
 */
#include "ekigaku/contact.h"
#include "ekigaku/sign.h"

/* What is called on the judging side; `user` comes first. An error ends the judging. */
struct eki_judge {
    enum eki_error (*contacts)(void *user, const struct eki_contact *contacts, size_t count);
    enum eki_error (*flow)(void *user, const struct eki_flow *flow);
    enum eki_error (*sign)(void *user, const struct eki_sign *sign);
    void *user;
};

struct eki_relay;

/* Without `threaded`, or when no thread can be started, the judge is called at once. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_relay_new(const struct eki_judge *judge, bool threaded,
                                          struct eki_relay **ret_relay);

/* Copies what it is given. The first error of the judge comes back here, sooner or later. */
EKI_MUST_USE enum eki_error eki_relay_contacts(struct eki_relay *relay, const struct eki_contact *contacts,
                                               size_t count);
EKI_MUST_USE enum eki_error eki_relay_flow(struct eki_relay *relay, const struct eki_flow *flow);
EKI_MUST_USE enum eki_error eki_relay_sign(struct eki_relay *relay, const struct eki_sign *sign);

/* Waits until all that was given is judged: until the next of the calls above, what the judge changed may be
 * read. Returns the judge's first error. */
EKI_MUST_USE enum eki_error eki_relay_settle(struct eki_relay *relay);

/* Waits until all is judged; the thread has ended then, and later calls judge at once. */
EKI_MUST_USE enum eki_error eki_relay_finish(struct eki_relay *relay);

/* Work of another kind that the relay's thread does while it has little to judge, so that two cores are kept
 * busy by two threads. `run` does one piece of it on that thread and says whether there was any to do. */
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
