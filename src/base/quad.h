/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_QUAD_H
#define EKI_BASE_QUAD_H
/*
 * Four 32-bit slots, newest first, as a set-associative table keeps them: pushed and searched as one vector,
 * because a sweep does both once for each probe. Written with the compiler's vectors, which any machine has
 * or gets as plain code.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t eki_quad __attribute__((vector_size(16)));
typedef int64_t eki_quad_halves __attribute__((vector_size(16)));

/* Puts `slot` in front; the last one falls out and is returned. */
static inline uint32_t eki_quad_push(uint32_t slots[4], uint32_t slot)
{
    eki_quad old, fresh = {slot};
    uint32_t last = slots[3];
    memcpy(&old, slots, sizeof old);
    old = __builtin_shufflevector(old, fresh, 4, 0, 1, 2);
    memcpy(slots, &old, sizeof old);
    return last;
}

/* Does any slot have just these bits under the mask? */
static inline bool eki_quad_has(const uint32_t slots[4], uint32_t bits, uint32_t mask)
{
    eki_quad all;
    memcpy(&all, slots, sizeof all);
    eki_quad_halves equal = (eki_quad_halves)((all & mask) == bits);
    return (equal[0] | equal[1]) != 0;
}

#endif
