/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_RECEIVE_ROWS_H
#define EKI_CASE_RECEIVE_ROWS_H
/*
 * Hosts and indicators of an incident on their way into a case: gathered first, in one way of writing and
 * each once, then added where the case has none.
 */
#include <stddef.h>

#include "base/arena.h"
#include "ekigaku/directory.h"
#include "ekigaku/incident.h"
#include "ekigaku/store.h"

/* An affected host. */
struct eki_gathered_host {
    const char *name;  /* its address in one way of writing */
    uint32_t position; /* in the incident */
};

/* An indicator. */
struct eki_gathered_sign {
    const char *kind, *value;
    const struct eki_indicator *told; /* NULL: a server of the attacker */
    uint32_t position;                /* in the order in which they were told */
};

/* What an incident has for a case. */
struct eki_gathered {
    struct eki_gathered_host *hosts; /* sorted by name, each once */
    struct eki_gathered_sign *signs; /* sorted by kind and value, each once */
    size_t host_count, sign_count;
    size_t passed;    /* of no use for a case */
    uint32_t *places; /* of each host of the incident: its place in `hosts`, UINT32_MAX for none */
};

/* Gathers it; everything is in the arena. EKI_ERROR_MEMORY. O(n log n). */
EKI_MUST_USE enum eki_error eki_receive_gather(struct eki_arena *arena, const struct eki_incident *incident,
                                               struct eki_gathered *ret_gathered);

/* Into which case, and as whom. */
struct eki_receive_into {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    struct eki_arena *arena;
    const struct eki_incident *incident;
    const struct eki_directory *directory; /* NULL: none */
    int64_t of_case;
    bool spares; /* indicators that a person took out of the case stay out */
};

/* Adds the hosts that neither the case nor one of its kin (case/case_kin.h) has, and who infected whom where
 * that is not known yet. Errors are those of the work, _MEMORY, _LIMIT. O(n log n). */
EKI_MUST_USE enum eki_error eki_receive_hosts(const struct eki_receive_into *into,
                                              const struct eki_gathered *gathered, size_t *ret_added);

/* Adds the indicators that the case has not; one that it has was seen later when that is told. As above. */
EKI_MUST_USE enum eki_error eki_receive_signs(const struct eki_receive_into *into,
                                              const struct eki_gathered *gathered, size_t *ret_added);

/* Adds what `sender` tells of events, impacts and tasks, each once; *ret_passed grows by what is too much or
 * says nothing. As above. O(told times rows of the case). */
EKI_MUST_USE enum eki_error eki_receive_suite(const struct eki_receive_into *into, const char *sender,
                                              size_t *ret_passed);

#endif
