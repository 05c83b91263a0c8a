/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/json.h"

#include <math.h>
#include <stdlib.h>

#include "ekigaku/exchange.h"

/* Values are at least as many as commas, colons and openings; those in texts count too, which only makes the
 * limit stricter. */
static size_t count_values(const char *bytes, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++) count += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    return count;
}

enum eki_error eki_json_load(const char *bytes, size_t length, json_t **ret_root, struct eki_fault *ret_fault)
{
    json_error_t why;
    if (count_values(bytes, length) > EKI_EXCHANGE_VALUES)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than %zu values", EKI_EXCHANGE_VALUES);
    json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &why);
    if (root) {
        *ret_root = root;
        return EKI_OK;
    }
    if (json_error_code(&why) == json_error_out_of_memory) return EKI_ERROR_MEMORY;
    return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, (uint64_t)(why.position > 0 ? why.position : 0),
                         "line %d, column %d: %.100s", why.line, why.column, why.text);
}

const char *eki_json_member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

double eki_json_real(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_number(value)) return json_number_value(value);
    const char *text = json_string_value(value);
    char *end;
    if (!text || !*text) return NAN;
    double number = strtod(text, &end);
    return *end ? NAN : number;
}

uint16_t eki_json_port(const json_t *object, const char *key)
{
    double value = eki_json_real(object, key);
    return value >= 0 && value <= UINT16_MAX ? (uint16_t)value : 0;
}

eki_time eki_json_when(const json_t *object, const char *key)
{
    return eki_build_time(eki_json_member(object, key));
}

uint8_t eki_json_protocol(const json_t *object, const char *key)
{
    return eki_build_protocol(eki_json_member(object, key));
}

const char *eki_exchange_protocol(uint8_t protocol)
{
    return protocol == 6 ? "tcp" : protocol == 17 ? "udp" : protocol == 1 ? "icmp" : NULL;
}

void eki_json_put(struct eki_json *j, const char *key, const char *text)
{
    if (!text || !*text) return;
    eki_json_key(j, key);
    eki_json_text(j, text);
}

void eki_json_put_time(struct eki_json *j, const char *key, eki_time time)
{
    if (time == EKI_TIME_NONE) return;
    eki_json_key(j, key);
    eki_json_time(j, time);
}

void eki_json_put_share(struct eki_json *j, const char *key, double value)
{
    if (!isfinite(value)) return;
    eki_json_key(j, key);
    eki_json_number(j, value);
}

void eki_json_put_count(struct eki_json *j, const char *key, uint64_t value)
{
    if (!value) return;
    eki_json_key(j, key);
    eki_json_unsigned(j, value);
}

void eki_json_put_bool(struct eki_json *j, const char *key, bool value)
{
    eki_json_key(j, key);
    eki_json_bool(j, value);
}
