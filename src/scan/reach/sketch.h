/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SCAN_SKETCH_H
#define EKI_SCAN_SKETCH_H
/* HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007) over caller-owned registers, with linear counting
 * (Whang 1990) for few. Mergeable by taking the larger of each pair of registers. */
#include <stddef.h>
#include <stdint.h>

/* The register that a hash belongs to. */
static inline size_t eki_sketch_slot(unsigned log2_registers, uint64_t hash)
{
    return hash >> (64 - log2_registers);
}

/* Notes one hashed item in 2^log2_registers registers. */
static inline void eki_sketch_add(uint8_t *registers, unsigned log2_registers, uint64_t hash)
{
    size_t slot = eki_sketch_slot(log2_registers, hash);
    uint64_t rest = hash << log2_registers | UINT64_C(1) << (log2_registers - 1);
    uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    if (registers[slot] < rank) registers[slot] = rank;
}

/* The estimated number of distinct items; standard error 1.04 / sqrt(registers). */
uint64_t eki_sketch_count(const uint8_t *registers, unsigned log2_registers);

#endif
