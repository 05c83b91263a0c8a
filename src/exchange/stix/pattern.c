/* SPDX-License-Identifier: Apache-2.0 */
/* STIX patterns that are one comparison (STIX 2.1, 9): all that an indicator of ours needs. */
#include <stdio.h>
#include <string.h>

#include "exchange/stix/bundle.h"

static const struct {
    enum eki_indicator_kind kind;
    const char *path;
} paths[] = {
    {EKI_INDICATOR_ADDRESS, "ipv4-addr:value"},
    {EKI_INDICATOR_ADDRESS, "ipv6-addr:value"},
    {EKI_INDICATOR_NETWORK, "ipv4-addr:value"},
    {EKI_INDICATOR_NETWORK, "ipv6-addr:value"},
    {EKI_INDICATOR_DOMAIN, "domain-name:value"},
    {EKI_INDICATOR_URL, "url:value"},
    {EKI_INDICATOR_MAIL, "email-addr:value"},
    {EKI_INDICATOR_MD5, "file:hashes.MD5"},
    {EKI_INDICATOR_SHA1, "file:hashes.'SHA-1'"},
    {EKI_INDICATOR_SHA256, "file:hashes.'SHA-256'"},
    {EKI_INDICATOR_FILE, "file:name"},
    {EKI_INDICATOR_MUTEX, "mutex:name"},
    {EKI_INDICATOR_REGISTRY, "windows-registry-key:key"},
};

const char *eki_stix_path(enum eki_indicator_kind kind, const char *value)
{
    bool six = strchr(value, ':') != NULL;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (paths[i].kind != kind) continue;
        if ((kind == EKI_INDICATOR_ADDRESS || kind == EKI_INDICATOR_NETWORK) && six) i++;
        return paths[i].path;
    }
    return NULL;
}

bool eki_stix_pattern(const struct eki_indicator *indicator, char *ret_pattern, size_t capacity)
{
    const char *path = eki_stix_path(indicator->kind, indicator->value);
    if (!path) return false;
    int head = snprintf(ret_pattern, capacity, "[%s = '", path);
    size_t at = head > 0 ? (size_t)head : 0;
    for (const char *p = indicator->value; *p; p++) {
        if (at + 6 > capacity) return false;
        if (*p == '\'' || *p == '\\') ret_pattern[at++] = '\\';
        ret_pattern[at++] = *p;
    }
    if (at + 3 > capacity) return false;
    memcpy(ret_pattern + at, "']", 3);
    return true;
}

/* The quoted text that begins at `at`, up to its closing quote; NULL when it does not close or fit. */
static const char *unquote(const char *at, char *ret_value, size_t capacity)
{
    size_t length = 0;
    if (*at++ != '\'') return NULL;
    while (*at && *at != '\'') {
        if (*at == '\\' && at[1]) at++;
        if (length + 1 >= capacity) return NULL;
        ret_value[length++] = *at++;
    }
    ret_value[length] = '\0';
    return *at == '\'' ? at + 1 : NULL;
}

static const char *skip(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\n') at++;
    return at;
}

bool eki_stix_comparison(const char *pattern, enum eki_indicator_kind *ret_kind, char *ret_value,
                         size_t capacity)
{
    const char *at = skip(pattern);
    if (*at++ != '[') return false;
    at = skip(at);
    size_t i = 0, count = sizeof paths / sizeof *paths;
    while (i < count && strncmp(at, paths[i].path, strlen(paths[i].path)) != 0) i++;
    if (i == count) return false;
    at = skip(at + strlen(paths[i].path));
    if (*at++ != '=') return false;
    at = unquote(skip(at), ret_value, capacity);
    if (!at) return false;
    at = skip(at);
    if (*at != ']' || *skip(at + 1)) return false;
    bool network = paths[i].kind == EKI_INDICATOR_ADDRESS && strchr(ret_value, '/');
    *ret_kind = network ? EKI_INDICATOR_NETWORK : paths[i].kind;
    return true;
}
