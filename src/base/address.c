/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static uint64_t load_be64(const uint8_t *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) v = v << 8 | p[i];
    return v;
}

static void store_be64(uint8_t *p, uint64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8) p[i] = (uint8_t)v;
}

int eki_address_common_bits(struct eki_address a, struct eki_address b)
{
    if (a.hi != b.hi) return __builtin_clzll(a.hi ^ b.hi);
    if (a.lo != b.lo) return 64 + __builtin_clzll(a.lo ^ b.lo);
    return 128;
}

bool eki_address_is_special(struct eki_address a)
{
    if (eki_address_is_v4(a)) {
        unsigned first = (unsigned)(a.lo >> 24) & 0xff;
        return first == 0 || first == 127 || first >= 224;
    }
    return (a.hi == 0 && a.lo <= 1) || (a.hi >> 56) == 0xff;
}

bool eki_address_is_private(struct eki_address a)
{
    if (eki_address_is_v4(a)) {
        uint32_t v4 = (uint32_t)a.lo;
        return v4 >> 24 == 10 || v4 >> 20 == 0xac1 || v4 >> 16 == 0xc0a8 || v4 >> 16 == 0xa9fe ||
               v4 >> 22 == 0x191;
    }
    return (a.hi >> 57) == 0x7e || (a.hi >> 54) == 0x3fa;
}

const char *eki_address_format(struct eki_address a, char ret_text[EKI_ADDRESS_TEXT])
{
    if (eki_address_is_v4(a)) {
        snprintf(ret_text, EKI_ADDRESS_TEXT, "%u.%u.%u.%u", (unsigned)(a.lo >> 24) & 0xff,
                 (unsigned)(a.lo >> 16) & 0xff, (unsigned)(a.lo >> 8) & 0xff, (unsigned)a.lo & 0xff);
        return ret_text;
    }
    uint8_t bytes[16];
    store_be64(bytes, a.hi);
    store_be64(bytes + 8, a.lo);
    if (!inet_ntop(AF_INET6, bytes, ret_text, EKI_ADDRESS_TEXT)) ret_text[0] = '\0';
    return ret_text;
}

enum eki_error eki_address_parse(const char *text, struct eki_address *ret_address)
{
    uint8_t bytes[16];
    if (inet_pton(AF_INET, text, bytes) == 1) {
        uint32_t v4 =
            (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
        *ret_address = eki_address_v4(v4);
        return EKI_OK;
    }
    if (inet_pton(AF_INET6, text, bytes) == 1) {
        *ret_address = (struct eki_address){load_be64(bytes), load_be64(bytes + 8)};
        return EKI_OK;
    }
    return EKI_ERROR_ARGUMENT;
}

struct eki_prefix eki_prefix_around(struct eki_address a, unsigned bits)
{
    if (bits > 128) bits = 128;
    uint64_t hi_mask = bits == 0 ? 0 : bits >= 64 ? UINT64_MAX : UINT64_MAX << (64 - bits);
    uint64_t lo_mask = bits <= 64 ? 0 : bits >= 128 ? UINT64_MAX : UINT64_MAX << (128 - bits);
    return (struct eki_prefix){{a.hi & hi_mask, a.lo & lo_mask}, (uint8_t)bits};
}

enum eki_error eki_prefix_parse(const char *text, struct eki_prefix *ret_prefix)
{
    char address[EKI_ADDRESS_TEXT];
    struct eki_address base;
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    if (length >= sizeof address) return EKI_ERROR_ARGUMENT;
    memcpy(address, text, length);
    address[length] = '\0';
    if (eki_address_parse(address, &base)) return EKI_ERROR_ARGUMENT;
    unsigned most = eki_address_is_v4(base) ? 32 : 128, bits = slash ? 0 : most;
    if (slash && !slash[1]) return EKI_ERROR_ARGUMENT;
    for (const char *p = slash ? slash + 1 : ""; *p; p++) {
        if (*p < '0' || *p > '9') return EKI_ERROR_ARGUMENT;
        bits = bits * 10 + (unsigned)(*p - '0');
        if (bits > most) return EKI_ERROR_ARGUMENT;
    }
    *ret_prefix = eki_prefix_around(base, 128 - most + bits);
    return EKI_OK;
}

bool eki_prefix_contains(struct eki_prefix p, struct eki_address a)
{
    return eki_address_common_bits(p.base, a) >= p.bits;
}

const char *eki_prefix_format(struct eki_prefix p, char ret_text[EKI_ADDRESS_TEXT])
{
    eki_address_format(p.base, ret_text);
    unsigned bits = eki_address_is_v4(p.base) && p.bits >= 96 ? p.bits - 96u : p.bits;
    size_t used = strlen(ret_text);
    snprintf(ret_text + used, EKI_ADDRESS_TEXT - used, "/%u", bits);
    return ret_text;
}
