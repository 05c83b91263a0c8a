/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_OUTBREAK_VECTOR_H
#define EKI_OUTBREAK_VECTOR_H
/* Services that belong together as one way in: Mirai asks on 23 and 2323, SMB listens on 139 and 445. */
#include <stdint.h>

/* The service that stands for all of its vector. */
static inline uint16_t eki_vector_of(uint8_t protocol, uint16_t service)
{
    if (protocol != 6) return service;
    switch (service) {
    case 139: return 445;
    case 2323: return 23;
    default: return service;
    }
}

#endif
