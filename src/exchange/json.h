/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_JSON_H
#define EKI_EXCHANGE_JSON_H
/* Reading JSON trees of strangers: parsing under limits, and values that are of another type count as not
 * there. */
#include <jansson.h>
#include <stdbool.h>

#include "base/json_write.h"
#include "exchange/build.h"

/* Parses `length` bytes as one value. EKI_ERROR_LIMIT for more values than EKI_EXCHANGE_VALUES, _CORRUPT with
 * line and column, _MEMORY. The caller gives *ret_root back with json_decref. */
enum eki_error eki_json_load(const char *bytes, size_t length, json_t **ret_root,
                             struct eki_fault *ret_fault);

/* The text under a key, or NULL. Of NULL and of what is no object too. */
const char *eki_json_member(const json_t *object, const char *key);
/* A number under a key, also one that is written as a text; NaN when there is none. */
double eki_json_real(const json_t *object, const char *key);
/* A port under a key, 0 when there is none. */
uint16_t eki_json_port(const json_t *object, const char *key);
/* A time under a key: RFC 3339 or a day, else EKI_TIME_NONE. */
eki_time eki_json_when(const json_t *object, const char *key);
/* 6, 17, 1 for tcp, udp, icmp under a key; 0. */
uint8_t eki_json_protocol(const json_t *object, const char *key);

/* "tcp", "udp", "icmp"; NULL for others. Static. */
const char *eki_exchange_protocol(uint8_t protocol);

/* Writers of one member; nothing is written for NULL, "", NaN, EKI_TIME_NONE or 0. */
void eki_json_put(struct eki_json *j, const char *key, const char *text);
void eki_json_put_time(struct eki_json *j, const char *key, eki_time time);
void eki_json_put_share(struct eki_json *j, const char *key, double value);
void eki_json_put_count(struct eki_json *j, const char *key, uint64_t value);
void eki_json_put_bool(struct eki_json *j, const char *key, bool value); /* always written */

#endif
