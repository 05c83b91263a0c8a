/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_MEMORY_H
#define EKI_BASE_MEMORY_H
/*
 * All allocation of the library goes through here, so that the fault tests can make the n-th one fail (build
 * option `fault`) and so that size products cannot overflow. Memory is zeroed.
 */
#include <stddef.h>

/* `count` zeroed objects of `size` bytes; NULL when there is no memory or the product overflows. Large blocks
 * ask the system for huge pages. Free with eki_free. */
void *eki_allocate(size_t count, size_t size);

/* Grows or shrinks; the new part is zeroed. NULL leaves the old block as it was. `old_count` is what it held
 * before. */
void *eki_reallocate(void *block, size_t old_count, size_t new_count, size_t size);

/* NULL is allowed. */
void eki_free(void *block);

/* Makes room for one more object in a growing array: capacity doubles from 16. Returns the (possibly moved)
 * array, or NULL with nothing changed. */
void *eki_array_reserve(void *array, size_t used, size_t *capacity, size_t size);

#ifdef EKI_FAULT_INJECTION
/* Only in the fault tests' build: the n-th allocation from now fails (and all later ones), 0 switches off. */
void eki_fault_inject(unsigned long nth);
/* How many allocations were asked for since the last eki_fault_inject. */
unsigned long eki_fault_count(void);
#endif

#endif
