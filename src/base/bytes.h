/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_BYTES_H
#define EKI_BASE_BYTES_H
/*
 * Which of up to 64 bytes are of a kind: one bit for each, the first byte's the lowest. Readers of text go
 * from bit to bit instead of from byte to byte (Langdale, Lemire 2019, "Parsing Gigabytes of JSON per
 * Second"). By SSE2, which every x86-64 has; elsewhere eight bytes at a time (Warren, Hacker's Delight 2003,
 * 6-1).
 *
 *     for (uint64_t bits = eki_bytes_equal(at, length, ','); bits; bits &= bits - 1)
 *         use(at + __builtin_ctzll(bits));
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__) && !defined(EKI_BYTES_PORTABLE)
#include <emmintrin.h>
#endif

enum { EKI_BYTES = 64 };

#ifdef __x86_64__
/* A function, with all it calls, translated for processors of the last ten years (AVX2, BMI): going from bit
 * to bit takes fewer instructions there. Called only where eki_bytes_newer() says so; the result is that of
 * the plain translation. */
#define EKI_BYTES_NEWER __attribute__((target("avx2,bmi,bmi2"), flatten))
static inline int eki_bytes_newer(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
#endif

#if defined(__SSE2__) && !defined(EKI_BYTES_PORTABLE)
static inline uint64_t eki_bytes_equal_all(const char *at, char wanted)
{
    __m128i pattern = _mm_set1_epi8(wanted);
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i));
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(part, pattern)) << (16 * i);
    }
    return bits;
}

static inline uint64_t eki_bytes_stops_all(const char *at)
{
    __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), low = _mm_set1_epi8(0x1f);
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i));
        __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(part, low), part);
        __m128i found = _mm_or_si128(_mm_cmpeq_epi8(part, quote), _mm_cmpeq_epi8(part, slash));
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(found, control)) << (16 * i);
    }
    return bits;
}

/* How many of 16 bytes, from the first on, are digits, signs, points or exponents. */
static inline size_t eki_bytes_number_all(const char *at)
{
    __m128i part = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i from_zero = _mm_sub_epi8(part, _mm_set1_epi8('0'));
    __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(9)), from_zero);
    __m128i letter = _mm_cmpeq_epi8(_mm_or_si128(part, _mm_set1_epi8(0x20)), _mm_set1_epi8('e'));
    __m128i minus = _mm_cmpeq_epi8(part, _mm_set1_epi8('-')), plus = _mm_cmpeq_epi8(part, _mm_set1_epi8('+'));
    __m128i point = _mm_cmpeq_epi8(part, _mm_set1_epi8('.'));
    __m128i fits = _mm_or_si128(_mm_or_si128(digit, letter), _mm_or_si128(_mm_or_si128(minus, plus), point));
    return (size_t)__builtin_ctz((unsigned)~_mm_movemask_epi8(fits) | 1u << 16);
}
#else
/* The topmost bit of each byte, gathered. */
static inline uint64_t eki_bytes_gather(uint64_t tops)
{
    return (tops >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* A topmost bit in each byte that is 0; exact, unlike the shorter form, whose borrow marks bytes behind. */
static inline uint64_t eki_bytes_zero(uint64_t x)
{
    const uint64_t lows = UINT64_C(0x7f7f7f7f7f7f7f7f);
    return ~(((x & lows) + lows) | x | lows);
}

static inline uint64_t eki_bytes_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word : __builtin_bswap64(word);
}

static inline uint64_t eki_bytes_equal_all(const char *at, char wanted)
{
    uint64_t bits = 0, pattern = UINT64_C(0x0101010101010101) * (unsigned char)wanted;
    for (int i = 0; i < 8; i++)
        bits |= eki_bytes_gather(eki_bytes_zero(eki_bytes_word(at + 8 * i) ^ pattern)) << (8 * i);
    return bits;
}

static inline uint64_t eki_bytes_stops_all(const char *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t word = eki_bytes_word(at + 8 * i);
        uint64_t found = eki_bytes_zero(word ^ ones * '"') | eki_bytes_zero(word ^ ones * '\\') |
                         eki_bytes_zero(word & ones * 0xe0);
        bits |= eki_bytes_gather(found) << (8 * i);
    }
    return bits;
}
#endif

/* How many of the bytes, from the first on, can stand in a JSON number: digits, signs, points, exponents. */
static inline size_t eki_bytes_number(const char *at, size_t length)
{
    size_t n = 0;
#if defined(__SSE2__) && !defined(EKI_BYTES_PORTABLE)
    for (; length - n >= 16; n += 16) {
        size_t more = eki_bytes_number_all(at + n);
        if (more < 16) return n + more;
    }
#endif
    while (n < length && ((at[n] >= '0' && at[n] <= '9') || at[n] == '.' || at[n] == '-' || at[n] == '+' ||
                          at[n] == 'e' || at[n] == 'E'))
        n++;
    return n;
}

/* The bits of the first `length` bytes; a window of 64 that would reach beyond is copied. */
static inline uint64_t eki_bytes_first(uint64_t bits, size_t length)
{
    return length < EKI_BYTES ? bits & ((UINT64_C(1) << length) - 1) : bits;
}

/* Bytes that equal `wanted`; `length` of them may be looked at, of which the first 64 count. */
static inline uint64_t eki_bytes_equal(const char *at, size_t length, char wanted)
{
    char copy[EKI_BYTES];
    if (length >= EKI_BYTES) return eki_bytes_equal_all(at, wanted);
    memset(copy, 0, sizeof copy);
    memcpy(copy, at, length);
    return eki_bytes_first(eki_bytes_equal_all(copy, wanted), length);
}

/* Bytes at which a JSON text cannot just go on (RFC 8259, 7): quotes, backslashes, control characters. */
static inline uint64_t eki_bytes_stops(const char *at, size_t length)
{
    char copy[EKI_BYTES];
    if (length >= EKI_BYTES) return eki_bytes_stops_all(at);
    memset(copy, 0, sizeof copy);
    memcpy(copy, at, length);
    return eki_bytes_first(eki_bytes_stops_all(copy), length);
}

#endif
