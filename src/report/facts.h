/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_FACTS_H
#define EKI_REPORT_FACTS_H
/*
 * The parts of the facts object. facts.c opens the object and calls these in order; each writes one array
 * under its key. All write to the same struct eki_json, whose `failed` says at the end whether everything
 * went out.
 */
#include "base/json_write.h"
#include "ekigaku/report.h"

/* Writes seconds since the origin of the result under `key`; null when either time is unknown. */
void eki_report_write_since(struct eki_json *j, const char *key, eki_time time, eki_time origin);

/* Writes a key and a text, an address, a number, a count. A NULL text is null. */
void eki_report_write_text(struct eki_json *j, const char *key, const char *text);
void eki_report_write_host(struct eki_json *j, const char *key, struct eki_address host);
void eki_report_write_number(struct eki_json *j, const char *key, double value);
void eki_report_write_count(struct eki_json *j, const char *key, uint64_t value);
void eki_report_write_bool(struct eki_json *j, const char *key, bool value);

/* Writes "scanners": each with its strategies and the signs its host showed. EKI_ERROR_MEMORY for the index
 * of signs by host. */
EKI_MUST_USE enum eki_error eki_report_write_scanners(struct eki_json *j, const struct eki_result *result);

/* Writes "signs" with every field of each. */
void eki_report_write_signs(struct eki_json *j, const struct eki_result *result);

/* Writes one value: an infection, an attack without visible success, a sign, an input. */
void eki_report_write_infection(struct eki_json *j, const struct eki_infection *infection,
                                const struct eki_result *result);
void eki_report_write_attempt(struct eki_json *j, const struct eki_failed_attempt *failed, eki_time origin);
void eki_report_write_sign(struct eki_json *j, const struct eki_sign *sign, eki_time origin);
void eki_report_write_input(struct eki_json *j, const struct eki_input *input);

/* Writes keys of an outbreak: what it is and who was first; "growth". */
void eki_report_write_class(struct eki_json *j, const struct eki_outbreak *outbreak);
void eki_report_write_growth(struct eki_json *j, const struct eki_growth *growth);

/* Writes the curve of an outbreak: an array. */
void eki_report_write_curve(struct eki_json *j, const struct eki_outbreak *outbreak);

/* Writes keys of an outbreak: "wire", the steps of the infection with the best evidence; "wires", of the
 * first thousand with their hosts; "wires_omitted". */
void eki_report_write_wires(struct eki_json *j, const struct eki_outbreak *outbreak,
                            const struct eki_result *result);

/* Writes "limits": those that were reached. */
void eki_report_write_limits(struct eki_json *j, const struct eki_result *result);

/* Writes "outbreaks". */
void eki_report_write_outbreaks(struct eki_json *j, const struct eki_result *result);

#endif
