/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/reach/sketch.h"

#include <math.h>

uint64_t eki_sketch_count(const uint8_t *registers, unsigned log2_registers)
{
    size_t count = (size_t)1 << log2_registers, empty = 0;
    double sum = 0, m = (double)count;
    for (size_t i = 0; i < count; i++) {
        sum += ldexp(1.0, -registers[i]);
        empty += registers[i] == 0;
    }
    double raw = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    if (raw <= 2.5 * m && empty) return (uint64_t)llround(m * log(m / (double)empty));
    return (uint64_t)llround(raw);
}
