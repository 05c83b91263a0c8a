/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_BUILD_H
#define EKI_EXCHANGE_BUILD_H
/*
 * Puts an incident together out of what a file says. The first error sticks (`error`); after it all calls do
 * nothing, so that a reader checks once, at its end. Texts are copied into the incident, cut at
 * EKI_EXCHANGE_TEXT; a host or indicator that is told again is the same one.
 */
#include <jansson.h>

#include "base/arena.h"
#include "ekigaku/incident.h"

#define EKI_NO_HOST UINT32_MAX

struct eki_incident_memory {
    struct eki_arena arena;
    size_t host_capacity, edge_capacity, indicator_capacity, technique_capacity, vulnerability_capacity,
        team_capacity, reference_capacity, event_capacity, task_capacity, impact_capacity, note_capacity;
};

struct eki_builder {
    struct eki_incident *incident;
    json_t *hosts, *indicators, *techniques, *vulnerabilities; /* what is there already -> position */
    size_t passed;                                             /* things of no use here */
    enum eki_error error;
    struct eki_fault *fault;
};

/* An empty incident, label EKI_TLP_UNMARKED. EKI_ERROR_MEMORY. Pair with eki_build_done. */
enum eki_error eki_build_begin(struct eki_builder *ret_builder, struct eki_fault *fault);
/* Frees what the builder keeps; the incident stays. */
void eki_build_done(struct eki_builder *b);

/* Sets the sticking error, unless there is one. */
void eki_build_fail(struct eki_builder *b, enum eki_error error, uint64_t offset, const char *what);

/* A copy that lives as long as the incident; NULL for NULL and "". */
const char *eki_build_text(struct eki_builder *b, const char *text);
/* The same of `length` bytes, which need not end with NUL. */
const char *eki_build_bytes(struct eki_builder *b, const char *text, size_t length);

/* The host of this address or name: found or new. EKI_NO_HOST on error or for NULL or "". Positions stay,
 * pointers do not. */
uint32_t eki_build_host(struct eki_builder *b, const char *name, enum eki_incident_role role);
/* The host itself, to be filled; NULL for EKI_NO_HOST. Valid until the next host is built. */
struct eki_incident_host *eki_build_at(struct eki_builder *b, uint32_t host);
/* Widens first and last; EKI_TIME_NONE changes nothing. */
void eki_build_seen(struct eki_builder *b, uint32_t host, eki_time first, eki_time last);

/* Nothing happens when an end is EKI_NO_HOST or both are the same. */
void eki_build_edge(struct eki_builder *b, uint32_t from, uint32_t to, eki_time at, double confidence);

/* Found or new; NULL on error or for an empty value. Valid until the next one is built. */
struct eki_indicator *eki_build_indicator(struct eki_builder *b, enum eki_indicator_kind kind,
                                          const char *value);
struct eki_vulnerability *eki_build_vulnerability(struct eki_builder *b, const char *id);
struct eki_incident_team *eki_build_team(struct eki_builder *b, const char *name);
/* New; NULL on error. Valid until the next one is built. */
struct eki_incident_event *eki_build_event(struct eki_builder *b);
struct eki_incident_task *eki_build_task(struct eki_builder *b);
struct eki_incident_impact *eki_build_impact(struct eki_builder *b);
void eki_build_technique(struct eki_builder *b, const char *id, const char *name);
void eki_build_reference(struct eki_builder *b, const char *source, const char *id, const char *url);

/* Adds a note for people from a printf format. */
void eki_build_note(struct eki_builder *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Takes a label into account: the strictest that was told counts. */
void eki_build_mark(struct eki_builder *b, enum eki_tlp label);
/* The same from a text; one that is no label counts as RED and makes a note. */
void eki_build_mark_text(struct eki_builder *b, const char *label);

/* A date as RFC 3339 or a mere day, any zone; EKI_TIME_NONE for NULL and for what is none. */
eki_time eki_build_time(const char *text);

/* True for 36 letters of a UUID. */
bool eki_build_is_uuid(const char *text);

/* 6, 17, 1 for "tcp", "udp", "icmp"; 0 for others and NULL. */
uint8_t eki_build_protocol(const char *name);
/* 0 for what is no port. */
uint16_t eki_build_port(const char *text);
/* A number from 0 to 1; NaN for what is none. */
double eki_build_share(const char *text);

/* The kind of a hash by its length; EKI_INDICATOR_PATTERN when it is none. */
enum eki_indicator_kind eki_build_hash_kind(const char *hex);

/* The ATT&CK name of an id the program itself tells, or NULL. Static. */
const char *eki_attack_name(const char *id);

/* Notes that rows of a table or list are cut: how many, and the line of the first; nothing for none. */
void eki_build_cut(struct eki_builder *b, size_t count, size_t first_line);

#endif
