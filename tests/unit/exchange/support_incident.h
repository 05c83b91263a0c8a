/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPPORT_INCIDENT_H
#define SUPPORT_INCIDENT_H
#include "ekigaku/exchange.h"

/* What a text holds, its form told by itself; the test fails when it cannot be read. */
struct eki_incident *incident_of(const char *text);
/* Likewise of one form and a length. */
struct eki_incident *incident_as(const char *form, const char *bytes, size_t length);
/* The error of reading a text as a form (NULL: told by itself); *ret_fault says where. */
enum eki_error error_of(const char *form, const char *bytes, size_t length, struct eki_fault *ret_fault);

/* Two infected hosts, an edge, two indicators, a technique, odd letters; completed, labelled. */
struct eki_incident *sample_incident(enum eki_tlp label);

/* Written under a decision that allows all; the caller frees it. NULL when writing failed. */
char *written_as(const struct eki_exchange_format *format, const struct eki_incident *incident,
                 const struct eki_tlp_decision *decision, size_t *ret_length);

#endif
