/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_EXCHANGE_H
#define EKIGAKU_EXCHANGE_H
/*
 * The forms in which teams exchange incidents.
 *
 * Journey: bytes of a file go to eki_exchange_read(), which tells the form from the content, reads it and
 * hands over a struct eki_incident; eki_exchange_write() turns an incident into one of the forms, after
 * eki_tlp_leave() has said that it may leave.
 *
 *     error = eki_exchange_read(bytes, length, NULL, &incident, &fault);
 *     error = eki_incident_complete(incident, now);
 *     format = eki_exchange_find("stix");
 *     decision = eki_tlp_leave(EKI_TLP_EXIT_EXPORT,
 *                              &(struct eki_tlp_request){.label = incident->tlp,
 *                                                        .carries = eki_exchange_labels(format)});
 *     if (decision.allowed) error = eki_exchange_write(format, incident, &decision, out);
 *
 * What comes from a stranger is bounded: see EKI_EXCHANGE_BYTES and the limits beside it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ekigaku/error.h"
#include "ekigaku/incident.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

/* Most bytes of one file: a STIX bundle of 100,000 objects has about 50 MB. Most values in it: a tree of 2^23
 * JSON values takes about 1 GB. Most hosts, edges, indicators, vulnerabilities: the EPSS file names 250,000.
 * Longest text kept: a description of 16 KiB is a document, not a description. */
#define EKI_EXCHANGE_BYTES  ((size_t)128 << 20)
#define EKI_EXCHANGE_VALUES ((size_t)1 << 23)
#define EKI_EXCHANGE_ITEMS  ((size_t)1 << 20)
#define EKI_EXCHANGE_TEXT   ((size_t)16 << 10)

struct eki_exchange_format; /* one form: a folder of src/exchange */

/* The forms in order of their names, NULL at the end. Static. */
const struct eki_exchange_format *const *eki_exchange_formats(void);

/* By its name, or another one it goes by ("x-arf", "csaf-2.1"); NULL when there is none. */
const struct eki_exchange_format *eki_exchange_find(const char *name);

/* What is fixed of a form; texts are static. */
const char *eki_exchange_name(const struct eki_exchange_format *format);
const char *eki_exchange_title(const struct eki_exchange_format *format); /* the standard and its version */
unsigned eki_exchange_labels(const struct eki_exchange_format *format);   /* EKI_TLP_BIT of each it carries */
/* True when it cannot be written without mail and domain of the reporter. */
bool eki_exchange_needs_contact(const struct eki_exchange_format *format);
bool eki_exchange_is_written(const struct eki_exchange_format *format);
bool eki_exchange_is_read(const struct eki_exchange_format *format);

/* The form that the content looks like, or NULL. */
const struct eki_exchange_format *eki_exchange_detect(const char *bytes, size_t length);

/* Reads one file; `format` NULL tells it from the content. The bytes stay the caller's and are not needed
 * afterwards. EKI_ERROR_EMPTY, _FORMAT (no form fits), _CORRUPT (with the place in *ret_fault), _LIMIT,
 * _MEMORY. */
EKI_MUST_USE enum eki_error eki_exchange_read(const char *bytes, size_t length,
                                              const struct eki_exchange_format *format,
                                              struct eki_incident **ret_incident,
                                              struct eki_fault *ret_fault);

/* Writes it under the label of the decision, which must have allowed it (EKI_ERROR_ARGUMENT otherwise, also
 * for a form that is not written, for an incident that was not
 * completed ("incident" takes any), and for a reporter without mail or
 * domain where eki_exchange_needs_contact). EKI_ERROR_WRITE, _MEMORY; the
 * caller removes what is half written. */
EKI_MUST_USE enum eki_error eki_exchange_write(const struct eki_exchange_format *format,
                                               const struct eki_incident *incident,
                                               const struct eki_tlp_decision *decision, FILE *out);

#pragma GCC visibility pop

#endif
