/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_ADDRESS_H
#define EKIGAKU_ADDRESS_H
/*
 * Addresses and prefixes, one representation for IPv4 and IPv6.
 *
 * An address is a 128-bit number in two host-order halves. IPv4 is kept in the IPv4-mapped block
 * ::ffff:0:0/96 (RFC 4291, 2.5.5.2), so that equality, order and hashing need no case for the family, and
 * "the next address" is lo + 1.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/error.h"

#pragma GCC visibility push(default)

struct eki_address {
    uint64_t hi, lo;
};

/* `bits` counts from the left of the 128-bit number: an IPv4 /24 has bits 96 + 24. */
struct eki_prefix {
    struct eki_address base;
    uint8_t bits;
};

enum { EKI_ADDRESS_TEXT = 48 }; /* room for any address or prefix as text, with its NUL */

#define EKI_V4_MAPPED UINT64_C(0x0000ffff00000000)

static inline struct eki_address eki_address_v4(uint32_t host_order)
{
    return (struct eki_address){0, EKI_V4_MAPPED | host_order};
}

static inline bool eki_address_is_v4(struct eki_address a)
{
    return a.hi == 0 && (a.lo >> 32) == 0xffff;
}

static inline bool eki_address_equal(struct eki_address a, struct eki_address b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

/* -1, 0 or 1 in numeric order; every IPv4 address sorts before every global IPv6 address. */
static inline int eki_address_compare(struct eki_address a, struct eki_address b)
{
    if (a.hi != b.hi) return a.hi < b.hi ? -1 : 1;
    if (a.lo != b.lo) return a.lo < b.lo ? -1 : 1;
    return 0;
}

/* How many leading bits two addresses share, 0 to 128; two IPv4 addresses of one /24 share at least 120.
 * O(1). */
int eki_address_common_bits(struct eki_address a, struct eki_address b);

/* True for 0/8, 127/8, 224/3 (multicast, reserved, broadcast), ::, ::1 and ff00::/8: no single host can
 * answer there. */
bool eki_address_is_special(struct eki_address a);

/* True for multicast (224/4, ff00::/8) and 255.255.255.255: one packet for many, so never a probe of one
 * host. */
static inline bool eki_address_is_group(struct eki_address a)
{
    if (!eki_address_is_v4(a)) return (a.hi >> 56) == 0xff;
    uint32_t v4 = (uint32_t)a.lo;
    return (v4 >> 28) == 0xe || v4 == UINT32_MAX;
}

/* True for RFC 1918, RFC 3927, RFC 6598, fc00::/7 and fe80::/10. */
bool eki_address_is_private(struct eki_address a);

/* Writes the canonical text (dotted quad; RFC 5952 for IPv6) to `ret_text`; returns it. Any thread. */
const char *eki_address_format(struct eki_address a, char ret_text[EKI_ADDRESS_TEXT]);

/* Reads an address; EKI_ERROR_ARGUMENT for anything else than one complete address, *ret_address untouched
 * then. */
EKI_MUST_USE enum eki_error eki_address_parse(const char *text, struct eki_address *ret_address);

/* The prefix of `bits` (of 128) leading bits around an address; bits above 128 count as 128. */
struct eki_prefix eki_prefix_around(struct eki_address a, unsigned bits);

/* True when the leading bits of `a` are those of the prefix; every address is in a prefix of 0 bits. */
bool eki_prefix_contains(struct eki_prefix p, struct eki_address a);

/* Reads "192.0.2.0/24", "2001:db8::/32" or one address; bits behind the prefix may be set. EKI_ERROR_ARGUMENT
 * for anything else, *ret_prefix untouched then. */
EKI_MUST_USE enum eki_error eki_prefix_parse(const char *text, struct eki_prefix *ret_prefix);

/* Writes "192.0.2.0/24" or "2001:db8::/32"; returns ret_text. */
const char *eki_prefix_format(struct eki_prefix p, char ret_text[EKI_ADDRESS_TEXT]);

#pragma GCC visibility pop

#endif
